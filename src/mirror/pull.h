// SPDX-License-Identifier: Apache-2.0
// Fetches one log from one source, a file at a time, without touching a socket: it says which file
// of C2SP tlog-tiles it wants next, and verifies what it is given the moment it arrives. The source
// may lie in every byte: the worst it gets is a fault with its reason.
//
//     TRY(pull, Pull::begin(mirror, note));             // towards a head that the log signed
//     do {
//         while (auto chunk = pull.chunk()) {           // verified once more by the mirror,
//             TRY(step, mirror.advance(*std::move(chunk)));   // stored by the caller, adopted
//         }
//         if (auto path = pull.want()) get(*path, bytes) ? pull.take(bytes) : pull.missing();
//     } while (pull.want() || pull.has_chunk());
//
// A few new entries cost their bundles and nothing else: with what is held they must have the
// signed root. Otherwise the right edge of the source's tree comes first (one tile a level), which
// has that root or is rubbish; then the tiles on the way to the newest head that was known, which
// show that the new one extends it or that the log forked; then entry bundles from left to right,
// each verified against its place in the tree. Memory: a chunk, and two tiles a level.
//
// Whatever happens, what was adopted stays, and the next pull goes on there: nothing else is kept.
// A value of its own: the mirror may move meanwhile, and a chunk that comes too late is stale.
#pragma once

#include <set>
#include <string>

#include "mirror/mirror.h"
#include "mirror/subtrees.h"
#include "tlog/tile.h"

namespace entente::mirror {

class Pull {
  public:
    /// From what the mirror holds to the head in this note. Reasons: those of open_head, fork, and
    /// rolled_back for a head older than the newest one known. Nothing is wanted if all is held.
    static Checked<Pull> begin(const Mirror& mirror, BytesView note);

    const tlog::SignedCheckpoint& head() const { return head_; }
    /// The entries that have been verified; chunks cover them.
    TreeSize verified() const { return next_; }

    /// The file to be fetched next, below the log's prefix: `tile/entries/000.p/17`. Nothing when
    /// all is there, and after a fault.
    std::optional<std::string> want() const;
    /// More than this many bytes of the wanted file need not be read.
    std::size_t want_bytes_max() const;
    /// Files that will be wanted, in this order, want() first; at least that one. Over a link with
    /// much latency they may be fetched side by side, and are then taken one after the other.
    std::vector<std::string> ahead(std::size_t most) const;

    /// The bytes of the wanted file. After a fault the pull is over.
    Checked<void> take(BytesView bytes);
    /// The source does not have the wanted file. A partial one may be gone because the full one is
    /// there by now (C2SP tlog-tiles): then that is wanted in its place.
    Checked<void> missing();

    /// What has been verified and can be given to the mirror, in order. The first may hold no
    /// entries: then the head is proven, and may be witnessed before all of it is here.
    std::optional<Chunk> chunk();
    /// Makes a chunk of what has been verified and is still gathered. A fault does so by itself;
    /// who gives up for another reason (a link that broke) calls it, and loses nothing.
    void flush();
    bool has_chunk() const { return !ready_.empty(); }

  private:
    enum class Phase : std::uint8_t { quick, edge, boundary, stream, over };
    struct Position {
        unsigned level;
        std::uint64_t index;
        auto operator<=>(const Position&) const = default;
    };

    Pull() = default;
    Checked<void> take_file(BytesView bytes);
    Checked<void> take_quick(BytesView bytes);
    Checked<void> take_edge(BytesView bytes);
    Checked<void> take_inner(BytesView bytes);
    Checked<void> take_bundle(BytesView bytes);
    Checked<void> finish_quick();
    Checked<Chunk> prove_growth();
    Checked<std::vector<Hash>> read_hashes(BytesView bytes) const;
    Checked<std::vector<BytesView>> read_bundle(BytesView bytes) const;
    Checked<void> keep(std::span<const BytesView> entries);

    std::uint64_t size() const { return head_.checkpoint.size.v; }
    std::uint64_t old_size() const { return known_ ? known_->checkpoint.size.v : 0; }
    void want_file(const tlog::Tile& tile);
    void want_bundle();
    bool want_edge();
    std::optional<tlog::Tile> tile_on_the_way(std::uint64_t position, unsigned lowest) const;
    Checked<void> go_on();
    void begin_stream();
    void put_tile(const tlog::Tile& tile, std::span<const Hash> hashes);
    void emit();
    void end();

    tlog::VerifierKey log_;
    tlog::SignedCheckpoint head_;                  // towards which this goes
    std::optional<tlog::SignedCheckpoint> known_;  // the mirror's newest, at the beginning
    std::vector<std::pair<Range, Hash>> own_;      // the peaks of what the mirror holds

    Phase phase_ = Phase::over;
    tlog::Tile wanted_;
    bool whole_ = false;        // the full tile stands in for the wanted partial one
    Subtrees nodes_;            // of the tree of head_: verified, but in the phases quick and edge
    std::set<Position> tiles_;  // whose hashes are in nodes_
    TreeSize next_;             // the entry that comes next
    std::vector<Bytes> kept_;   // entries before it that no chunk holds yet
    std::size_t kept_bytes_ = 0;
    std::vector<Chunk> ready_;
};

}  // namespace entente::mirror

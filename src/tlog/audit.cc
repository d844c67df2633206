// SPDX-License-Identifier: Apache-2.0
#include "tlog/audit.h"

#include <sodium.h>

#include <algorithm>
#include <bit>
#include <span>

#include "tlog/tile.h"

namespace entente::tlog {
namespace {

// Merkle rules anew, written as RFC 6962 section 2.1 defines them, and with libsodium's SHA-256.
Hash hash_of(unsigned char kind, BytesView a, BytesView b) {
    const auto raw = [](BytesView v) { return reinterpret_cast<const unsigned char*>(v.data()); };
    Hash out;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, &kind, 1);
    crypto_hash_sha256_update(&state, raw(a), a.size());
    crypto_hash_sha256_update(&state, raw(b), b.size());
    crypto_hash_sha256_final(&state, out.bytes.data());
    return out;
}

// MTH of RFC 6962 2.1.
Hash tree_hash(std::span<const Hash> d) {
    if (d.empty()) {
        Hash out;
        crypto_hash_sha256(out.bytes.data(), nullptr, 0);
        return out;
    }
    if (d.size() == 1) return d[0];
    const std::size_t k = std::bit_floor(d.size() - 1);
    return hash_of(1, tree_hash(d.first(k)).view(), tree_hash(d.subspan(k)).view());
}

std::string text(std::uint64_t n) { return std::to_string(n); }

// Where leaf i stands: its file and its place there, `tile/0/003[33]`.
Tile level0(std::uint64_t index, std::uint64_t size) {
    const std::uint64_t tile = index / tile_width;
    return {.kind = Tile::Kind::hashes,
            .level = 0,
            .index = tile,
            .width = std::min(tile_width, size - tile * tile_width)};
}
Tile bundle(std::uint64_t index, std::uint64_t size) {
    Tile tile = level0(index, size);
    tile.kind = Tile::Kind::entries;
    return tile;
}
std::string place(const Tile& tile, std::uint64_t slot) {
    return tile.path() + "[" + text(slot) + "]";
}

class Auditor {
  public:
    Auditor(const Get& get, const AuditWants& wants) : get_(get), wants_(wants) {}

    Result<SignedCheckpoint> run() {
        TRY(bytes, file("checkpoint"));
        auto head = open_checkpoint(bytes, wants_.origin, wants_.key);
        if (!head) return at("checkpoint", head.error());
        size_ = head->checkpoint.size.v;
        count_files();
        report();
        TRYV(read_bundles());
        if (tree_hash(leaves_) != head->checkpoint.root) return blame(head->checkpoint);
        for (unsigned level = 0; level < 8 && size_ >> (8 * level) > 0; ++level) {
            TRYV(check_level(level));
        }
        return head;
    }

  private:
    void count_files() {
        const auto tiles = [](std::uint64_t hashes) {
            return hashes / tile_width + (hashes % tile_width != 0);
        };
        files_ = 1 + tiles(size_);
        for (unsigned level = 0; level < 8; ++level) files_ += tiles(size_ >> (8 * level));
    }

    Result<Bytes> file(const std::string& path) {
        Result<Bytes> bytes = get_(path);
        if (!bytes) return at(path, bytes.error());
        ++read_;
        report();
        return bytes;
    }

    // Not before the checkpoint has said how many files there are.
    void report() {
        if (wants_.progress && files_ > 0) wants_.progress(read_, files_);
    }

    // Nothing is reserved for the size that the checkpoint states: it grows with what is there.
    Result<void> read_bundles() {
        for (std::uint64_t first = 0; first < size_; first += tile_width) {
            const Tile tile = bundle(first, size_);
            TRY(bytes, file(tile.path()));
            auto entries = parse_bundle(bytes, tile.width);
            if (!entries) {
                return at(tile.path() + " (entries " + text(first) + " to " +
                              text(first + tile.width - 1) + ")",
                          entries.error());
            }
            for (BytesView entry : *entries) leaves_.push_back(hash_of(0, entry, {}));
        }
        return {};
    }

    Result<std::vector<Hash>> read_hashes(const Tile& tile) {
        TRY(bytes, file(tile.path()));
        if (bytes.size() != tile.width * 32) {
            return fail(Errc::malformed, tile.path() + ": has " + text(bytes.size()) + " bytes; " +
                                             text(tile.width) + " hashes are " +
                                             text(tile.width * 32));
        }
        std::vector<Hash> out;
        for (std::uint64_t i = 0; i < tile.width; ++i) {
            out.push_back(Hash::from(BytesView(bytes).substr(i * 32, 32)));
        }
        return out;
    }

    // The entries do not lead to the signed root: finds the first that its tile disowns.
    tl::unexpected<Error> blame(const Checkpoint& head) {
        for (std::uint64_t first = 0; first < size_; first += tile_width) {
            const Tile tile = level0(first, size_);
            auto hashes = read_hashes(tile);
            if (!hashes) return tl::unexpected(hashes.error());
            for (std::uint64_t i = 0; i < tile.width; ++i) {
                if ((*hashes)[i] == leaves_[first + i]) continue;
                return fail(Errc::bad_proof,
                            bundle(first, size_).path() + ": entry " + text(first + i) +
                                " does not hash to " + place(tile, i) +
                                ", and the entries do not lead to the signed root");
            }
        }
        return fail(Errc::bad_proof, "checkpoint: its root is not that of the " +
                                         text(head.size.v) +
                                         " entries, which agree with their tiles");
    }

    // The entries are the signed ones: whatever differs from them is the tile's fault.
    Result<void> check_level(unsigned level) {
        const std::uint64_t below = std::uint64_t{1} << (8 * level);  // leaves under one hash
        const std::uint64_t hashes = size_ / below;
        for (std::uint64_t first = 0; first < hashes; first += tile_width) {
            const Tile tile{.kind = Tile::Kind::hashes,
                            .level = level,
                            .index = first / tile_width,
                            .width = std::min(tile_width, hashes - first)};
            TRY(got, read_hashes(tile));
            for (std::uint64_t i = 0; i < tile.width; ++i) {
                const std::span<const Hash> covered(&leaves_[(first + i) * below], below);
                if (got[i] == tree_hash(covered)) continue;
                const std::string what =
                    level == 0 ? "entry " + text(first + i) + " does not hash to it"
                               : "is not the root of entries " + text((first + i) * below) +
                                     " to " + text((first + i + 1) * below - 1);
                return fail(Errc::bad_proof, place(tile, i) + ": " + what +
                                                 "; the entries are the signed ones, so "
                                                 "this tile is wrong");
            }
        }
        return {};
    }

    const Get& get_;
    const AuditWants& wants_;
    std::uint64_t size_ = 0;
    std::uint64_t files_ = 0;
    std::uint64_t read_ = 0;
    std::vector<Hash> leaves_;
};

}  // namespace

Result<SignedCheckpoint> audit(const Get& get, const AuditWants& wants) {
    return Auditor(get, wants).run();
}

}  // namespace entente::tlog

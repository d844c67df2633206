// SPDX-License-Identifier: Apache-2.0
// One log of a damaged store, checked row by row against what was signed, and its entries put back
// from another copy of the log where there is one. Works on a store that does not open.
//
// A tree that does not lead to its signed root says that something is wrong, not what: sealed
// entries are told by their bodies, whose tags cover the entry's hash; any entry is told by a copy
// of the log that does lead to the root. Nothing is written that does not.
#pragma once

#include <map>

#include "node/lost.h"
#include "seal/vault.h"
#include "statement/entry.h"
#include "store/sqlite_raw.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

namespace entente::cli {

struct Finding {
    std::string row;
    std::string what;
    std::string repaired;  // from where; empty: it is still damaged
};

/// What scrubbing finds, in order.
class Findings {
  public:
    void add(std::string row, std::string what, std::string repaired = "") {
        all_.push_back({std::move(row), std::move(what), std::move(repaired)});
    }
    /// Everything that was found of this row is mended.
    void mend(const std::string& row, const std::string& from);
    /// Something to be told that is no damage here.
    void remark(std::string text) { remarks_.push_back(std::move(text)); }
    const std::vector<std::string>& remarks() const { return remarks_; }
    const std::vector<Finding>& all() const { return all_; }
    std::size_t left() const;

  private:
    std::vector<Finding> all_;
    std::vector<std::string> remarks_;
};

/// Entries [begin, end) of a log as an entry bundle (C2SP tlog-tiles). Precondition: end - begin is
/// at most 256, and both lie in one bundle.
using Bundles = std::function<Result<Bytes>(EntryIndex begin, EntryIndex end)>;

/// Entries [begin, end) of a bundle's file, whose tile this is.
Result<Bytes> part_of_bundle(BytesView file, const tlog::Tile& tile, EntryIndex begin,
                             EntryIndex end);

/// Another copy of a log: an exported directory, a mirror, a peer.
struct Source {
    std::string name;  // for people
    tlog::SignedCheckpoint head;
    Bundles bundles;
};

/// An export's directory (entente log export, or any static tlog-tiles); its checkpoint must be
/// signed by one of these keys.
Result<Source> open_export(const std::string& dir, const std::vector<tlog::VerifierKey>& keys);

/// What is known of a log beside its rows of entries.
struct LogFacts {
    Origin origin;
    bool own = false;
    std::optional<tlog::VerifierKey> key;
    std::optional<store::RawHead> head;
    std::optional<node::SignedHead> signed_last;   // own: by the signer's memory
    std::function<std::vector<Source>()> sources;  // asked for once, if something is to be mended
    bool extend = false;  // own: entries that the sources hold beyond the stored head are fetched
    node::LostBodies lost{};                          // own: known to have no bodies here
    std::string lost_bodies_row{}, lost_lists_row{};  // own: where that is noted
};

struct LogRead {
    std::uint64_t entries = 0;
    std::uint64_t bodies = 0;
    std::vector<Hash> leaves;  // after repairs; a missing entry's is zero
};

/// Reads and checks everything of one log. `vault` may be absent: then bodies are not opened.
LogRead scrub_log(store::RawRows& rows, const LogFacts& facts, const seal::Vault* vault,
                  Findings& findings);

}  // namespace entente::cli

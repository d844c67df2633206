// SPDX-License-Identifier: Apache-2.0
// What of one log goes into an evidence file: which entries, which earlier heads, with proofs under
// the newest head. Internal to gather.cc.
#pragma once

#include <map>
#include <set>

#include "evidence/file.h"
#include "node/exchange.h"
#include "statement/beat.h"

namespace entente::node {

class GatherLog {
  public:
    /// The own log where `peer` is null.
    GatherLog(const Node& node, const Peer* peer) : node_(node), peer_(peer) {}

    const Origin& origin() const { return peer_ == nullptr ? node_.origin() : peer_->origin; }
    const tlog::Tree& tree() const {
        return peer_ == nullptr ? node_.log().tree() : peer_->mirror.tree();
    }
    /// Null before the first head.
    const tlog::SignedCheckpoint* head() const;
    /// Entries that are here and under the head.
    TreeSize size() const;

    /// The entry goes into the file; `dated`: with the cosignatures that bound its time.
    void want(EntryIndex index, bool dated);
    /// What is shown of it beside its bytes. Precondition: wanted.
    evidence::ShownEntry& shown(EntryIndex index) { return entries_.at(index); }
    bool wants(EntryIndex index) const { return entries_.contains(index); }
    /// A head of this size that another log quotes. Precondition: 0 < size <= size().
    void want_head(TreeSize size) { heads_.insert(size); }

    /// A key that may cosign this log, and whose it is: a party's, or an outside witness's.
    struct Cosigner {
        tlog::CosignerKey key;
        std::string owner;
    };
    /// Errors of the store name the log.
    Result<evidence::ShownLog> finish(Store& store, std::span<const Cosigner> cosigners) &&;

    /// The newest beat below `end` for which `fits` holds, of the last 65,536 entries.
    using Fits = std::function<bool(const statement::Beat&)>;
    using Found = std::pair<EntryIndex, statement::Beat>;
    Result<std::optional<Found>> beat_before(Store& store, EntryIndex end, const Fits& fits) const;
    const std::set<EntryIndex>& dated() const { return dated_; }
    bool empty() const { return entries_.empty() && heads_.empty(); }

  private:
    Result<void> date(Store& store, std::span<const Cosigner> cosigners);

    const Node& node_;
    const Peer* peer_;
    std::map<EntryIndex, evidence::ShownEntry> entries_;
    std::set<EntryIndex> dated_;
    std::set<TreeSize> heads_;
    std::map<TreeSize, std::map<std::string, Bytes>> lines_;  // cosignatures by cosigner
};

/// Who may cosign this log by the charter: everybody but its own party.
Result<std::vector<GatherLog::Cosigner>> cosigners_of(const statement::Charter& charter,
                                                      const Origin& origin);

}  // namespace entente::node

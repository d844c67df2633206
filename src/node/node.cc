// SPDX-License-Identifier: Apache-2.0
#include "node/node.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/sha256.h"
#include "check/activity.h"
#include "node/genesis.h"
#include "node/index_of.h"
#include "statement/adoption.h"

namespace entente::node {
namespace {

StoredHead stored(const tlog::SignedCheckpoint& head, std::uint64_t epoch) {
    return {head.checkpoint.origin, head.checkpoint.size, head.checkpoint.root, head.bytes(),
            epoch};
}

/// propose, sign, check that the signature is the key's.
Result<tlog::SignedCheckpoint> sign(Signer& signer, const tlog::VerifierKey& key,
                                    const tlog::Checkpoint& checkpoint) {
    const std::string text = tlog::format_checkpoint(checkpoint);
    TRY(signature, signer.propose({checkpoint.size, checkpoint.root}, text));
    return tlog::sign_checkpoint(checkpoint, key, signature);
}

Result<statement::OpenEntry> open_entry(BytesView bytes) {
    TRY(entry, statement::decode_entry(bytes));
    auto* open = std::get_if<statement::OpenEntry>(&entry);
    if (open == nullptr) return fail(Errc::malformed, "a sealed entry where an open one was meant");
    return std::move(*open);
}

/// Commits, and where the store fails, finds out which of the two heads it holds: then `settled`
/// or dropped. Only if it cannot be asked is the signer left between the two, as after a crash.
Result<void> commit_and_settle(Store& store, Signer& signer, const Commit& commit) {
    auto committed = store.commit(commit);
    if (committed) return signer.settle();
    const auto head = store.head(commit.next.origin);
    if (!head) return committed;
    if (*head && (*head)->size == commit.next.size && (*head)->root == commit.next.root) {
        return signer.settle();
    }
    TRYV(signer.drop());
    return committed;
}

/// Of a record or a dealing; 0 where it is not there.
std::uint32_t newest_version(const registry::Snapshot& snapshot, const RecordId& id) {
    if (const auto slot = snapshot.find(id)) return snapshot.at(*slot).newest().number;
    const auto slot = snapshot.dealings().find(id);
    return slot ? snapshot.dealings().at(*slot).versions.back().number : 0;
}

}  // namespace

Node::Node(Opening o, tlog::Log log)
    : store_(o.store_), signer_(o.signer_), charter_hashes_(std::move(o.charter_hashes_)),
      adopted_(o.adopted_), key_(o.key_), log_(std::move(log)), head_(std::move(o.head_)),
      epoch_(o.epoch_), halted_(std::move(o.halted_)), waits_for_peers_(o.waits_for_peers_),
      registry_(std::move(o.registry_)), newest_(o.newest_), lost_(std::move(o.lost_)),
      lost_tags_(std::move(o.lost_tags_)) {
    (void)registry_.take_changed_dealings();  // what was there at the start is no change
}

Result<void> Node::create(Store& store, Signer& signer, std::string_view charter_file,
                          std::span<const Bytes> entries, Additions additions) {
    TRY(charter, read_charter(charter_file, [&](const Hash& one) { return store.document(one); }));
    TRY(hash, statement::charter_hash(charter_file));
    TRY(vkey, signer.vkey());
    TRY(key, tlog::VerifierKey::parse(vkey));
    TRYV(store.put_document(hash, charter_file));
    tlog::Log log(Origin{key.name});
    const std::vector<BytesView> views(entries.begin(), entries.end());
    TRY(pending, log.prepare(views));
    TRY(head, sign(signer, key, pending.checkpoint));
    Commit commit{std::nullopt, stored(head, 1), {}, {}, std::move(additions)};
    for (const Bytes& entry : entries) {
        commit.entries.push_back({{commit.entries.size()}, entry, {}, {}});
    }
    return commit_and_settle(store, signer, commit);
}

Result<void> Node::check_batch(const std::vector<Composed>& batch, Instant now) const {
    if (!halted_.empty()) return fail(Errc::refused, halted_);
    if (snapshot().log(0).left) {
        return fail(Errc::refused,
                    "this log has ended with a leave: it stays readable, and nothing more is said "
                    "in it");
    }
    if (now < newest_) {
        return fail(Errc::refused, "the clock says " + format_rfc3339(now) +
                                       ", but a statement of " + format_rfc3339(newest_) +
                                       " is in the log; set the clock right");
    }
    std::vector<RecordId> ids;
    for (const Composed& composed : batch) {
        const statement::Head& head = *composed.understood.head;
        ids.push_back(composed.id);
        if (head.time < newest_ && !composed.held) {
            return fail(Errc::stale, "it was composed at " + format_rfc3339(head.time) +
                                         ", before the newest statement; compose it again");
        }
        if (lost_tags_.contains(composed.understood.tag)) {
            return fail(Errc::refused, "version " + std::to_string(head.keys.version) + " of " +
                                           composed.id.text() +
                                           " was said before this log was fetched back, and its "
                                           "body is lost: the same number twice would be an "
                                           "offence. State the place as a new record");
        }
        const std::uint32_t newest = newest_version(snapshot(), composed.id);
        if (head.keys.version != newest + 1 && !broken(Break::reuse_tag)) {
            return fail(Errc::stale, "record " + composed.id.text() + " is at version " +
                                         std::to_string(newest) + " by now; look at it again");
        }
    }
    std::sort(ids.begin(), ids.end());
    if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) {
        return fail(Errc::stale, "one batch holds two versions of one record");
    }
    return {};
}

Result<Receipt> Node::log(Batch batch, Instant now) {
    std::vector<Composed>& statements = batch.statements;
    TRYV(check_batch(statements, now));
    if (statements.empty() && batch.open.empty()) return fail(Errc::refused, "nothing to log");
    std::vector<statement::OpenEntry> open;
    for (const Bytes& entry : batch.open) {
        TRY(decoded, open_entry(entry));
        open.push_back(std::move(decoded));
    }
    std::vector<BytesView> views;
    views.reserve(statements.size() + batch.open.size());
    for (const Composed& composed : statements) views.push_back(composed.entry);
    for (const Bytes& entry : batch.open) views.push_back(entry);
    TRY(pending, log_.prepare(views));
    auto signed_head = node::sign(*signer_, key_, pending.checkpoint);
    if (!signed_head) {
        // It may have been written all the same, and would stand in the way of every later head.
        // The store has not heard of it. If it cannot be dropped now, the next submit tries again.
        (void)signer_->drop();
        return tl::unexpected(std::move(signed_head).error());
    }
    tlog::SignedCheckpoint head = *std::move(signed_head);

    const EntryIndex first{log_.size().v};
    Commit commit{stored(head_, epoch_), stored(head, epoch_), {}, {}, std::move(batch.additions)};
    for (std::size_t i = 0; i < statements.size(); ++i) {
        Composed& composed = statements[i];
        composed.understood.position.index.v = first.v + i;
        commit.entries.push_back({composed.understood.position.index, std::move(composed.entry),
                                  std::move(composed.sealed.wrapped_keys),
                                  std::move(composed.sealed.ciphertexts)});
    }
    for (Bytes& entry : batch.open) {
        commit.entries.push_back({{first.v + commit.entries.size()}, std::move(entry), {}, {}});
    }
    if (auto settled = commit_and_settle(*store_, *signer_, commit); !settled) {
        // Which head the store holds is known again at the next start; until then nothing is signed
        // on top of a guess.
        const auto now_stored = store_->head(origin());
        if (!now_stored || !*now_stored || (*now_stored)->size != log_.size()) {
            halted_ = "signing is halted: the store failed (" + settled.error().detail +
                      "); start again when it works";
        }
        Error error = settled.error();
        if (!halted_.empty()) {
            error.detail +=
                "; it may be stored all the same: look after the next start before "
                "saying it again";
        }
        return tl::unexpected(std::move(error));
    }
    auto adopted = log_.adopt(pending);
    ASSERT(adopted);
    head_ = std::move(head);

    for (const Composed& composed : statements) {
        newest_ = std::max(newest_, composed.understood.head->time);
        registry_.apply(composed.understood);
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
        const EntryIndex index{first.v + statements.size() + i};
        registry_.apply({index, log_.tree().leaf(index)}, open[i]);
        if (const auto adoption = statement::decode_adoption(open[i])) {
            adopted_ = std::max(adopted_, adoption->version);
        }
    }
    settle();
    return Receipt{first, head_};
}

/// Brings the register and the index up to what was applied.
std::vector<registry::Slot> Node::settle() {
    std::vector<registry::Slot> changed = registry_.settle();
    settle_dealings();
    if (!index_) return changed;
    std::vector<index::IndexChange> changes;
    for (const registry::Slot slot : changed) {
        changes.push_back({slot, check::index_items(slot, {snapshot(), slot})});
    }
    index_ = index_->with(changes);
    return changed;
}

void Node::settle_dealings() {
    const auto changed = registry_.take_changed_dealings();
    changed_dealings_.insert(changed_dealings_.end(), changed.begin(), changed.end());
    if (!activities_) return;
    std::vector<index::IndexChange> activities, incidents;
    for (const registry::DealingSlot slot : changed) {
        activities.push_back({slot, check::activity_items(slot, {snapshot(), slot})});
        incidents.push_back({slot, incident_items(slot, {snapshot(), slot})});
    }
    activities_ = activities_->with(activities);
    incidents_ = incidents_->with(incidents);
    if (activities_->merge_due()) activities_ = activities_->merged();
    if (incidents_->merge_due()) incidents_ = incidents_->merged();
}

std::vector<registry::Slot> Node::fold(std::vector<Arrived> arrived) {
    for (Arrived& one : arrived) {
        if (const auto* open = std::get_if<statement::OpenEntry>(&one.entry)) {
            registry_.apply(one.log, one.position, *open);
        } else if (const auto* sealed = std::get_if<statement::SealedEntry>(&one.entry)) {
            registry_.note_sealed(one.log, one.position, *sealed);
        } else if (const auto* understood = std::get_if<registry::Understood>(&one.entry)) {
            registry_.apply(one.log, *understood);
        } else {
            registry_.note_malformed(one.log, one.position);
        }
    }
    return settle();
}

void Node::resume() {
    ASSERT(waits_for_peers_);
    waits_for_peers_ = false;
    halted_.clear();
}

std::vector<registry::Slot> Node::fork(registry::LogNumber log, TreeSize common) {
    registry_.part_at(log, common);
    return settle();
}

State Node::state() {
    if (!index_) index_ = index_of(snapshot());
    if (!activities_) activities_ = activities_of(snapshot());
    if (!incidents_) incidents_ = incidents_of(snapshot());
    check::AsOf as_of;
    as_of.party = snapshot().party();
    as_of.origin = origin();
    as_of.size = head_.checkpoint.size;
    as_of.root = head_.checkpoint.root;
    as_of.charter = charter_hashes_.back();
    return {snapshot(), *index_, *activities_, *incidents_, as_of};
}

}  // namespace entente::node

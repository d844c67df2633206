// SPDX-License-Identifier: Apache-2.0
#include "registry/registry.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"
#include "registry/kinds.h"
#include "statement/succession.h"

namespace entente::registry {

Registry::Registry(statement::Charter charter, PartyId self) {
    ASSERT(charter.party(self) != nullptr);
    const Origin origin = charter.origin(self);
    snapshot_.charter_ = std::make_shared<const statement::Charter>(std::move(charter));
    snapshot_.party_ = std::move(self);
    add_log(origin, snapshot_.party_);
}

void Registry::name_log(const PartyId& party, std::string vkey) {
    auto charter = std::make_shared<statement::Charter>(*snapshot_.charter_);
    for (statement::CharterParty& one : charter->parties) {
        if (one.id == party) one.log = std::move(vkey);
    }
    snapshot_.charter_ = std::move(charter);
}

std::optional<LogNumber> Registry::find_log(const Origin& origin) const {
    for (const auto& log : snapshot_.logs_) {
        if (log->origin == origin) return log->number;
    }
    return std::nullopt;
}

LogNumber Registry::add_log(const Origin& origin, const PartyId& party) {
    if (const auto known = find_log(origin)) return *known;
    const statement::Charter& charter = *snapshot_.charter_;
    const statement::CharterParty* member = charter.party(party);
    auto log = std::make_shared<LogState>();
    log->number = static_cast<LogNumber>(snapshot_.logs_.size());
    log->origin = origin;
    log->party = party;
    log->succession = std::max(1u, statement::log_number(charter, party, origin));
    log->own = party == snapshot_.party_;
    log->in_charter = member != nullptr;
    // Alone there is nobody whose cosignature could be waited for (PROTOCOL 16: m = 0, k = 0).
    log->relaxing = {charter.terms.reduce_delay, charter.parties.size() > 1};
    Authority authority;
    if (member != nullptr) {
        auto root = PublicKey::from(member->root);
        // A weak root was refused at enrolment and approves nothing.
        authority = Authority(root ? *root : PublicKey{}, member->officers);
    }
    folds_.emplace_back(Fold::Log{log->number, log->own, log->relaxing, snapshot_.charter_},
                        std::move(authority));
    snapshot_.logs_.push_back(std::move(log));
    return static_cast<LogNumber>(snapshot_.logs_.size() - 1);
}

/// The log's own copy of its state: snapshots that were given out stay as they were.
LogState& Registry::state(LogNumber log) {
    auto copy = std::make_shared<LogState>(*snapshot_.logs_[log]);
    LogState& out = *copy;
    snapshot_.logs_[log] = std::move(copy);
    return out;
}

void Registry::count_unplaced(LogNumber log) {
    const std::size_t unplaced = folds_[log].unplaced();
    if (snapshot_.logs_[log]->unplaced != unplaced) state(log).unplaced = unplaced;
}

Change Registry::apply(LogNumber log, const Understood& entry) {
    const std::size_t had = changed_.size();
    Fold& fold = folds_[log];
    if (entry.head && entry.head->was && entry.head->keys.version == 1) {
        restated_.note(*entry.head->was, entry.head->keys.record);
    }
    if (entry.void_body) fold.wrong(entry.position.index, Wrong::void_body);
    if (!entry.head) {
        fold.saw(entry.position, entry.tag);
        // Withheld by another party it is no gap of ours; void, or unreadable in one's own log, it
        // may protect anything.
        if (snapshot_.logs_[log]->own || !entry.faults.empty()) {
            fold.unplaced(snapshot_.records_, entry.position);
        }
    } else if (broken(Break::drop_objection) && kind_of(entry.head->kind) == nullptr) {
        return {};
    } else if (deals(entry)) {
        const auto slot = snapshot_.dealings_.add(log, snapshot_.logs_[log]->own, entry);
        if (slot) {
            changed_dealings_.push_back(*slot);
            fold.expect(snapshot_.dealings_.at(*slot), entry.head->keys.version, *slot);
        }
        // What a party knows is no record of the register, and none by being taken back: only where
        // it had shown a place there is one.
        if (entry.closed != 0 && snapshot_.records_.find(entry.head->keys.record))
            fold.close(entry);
        else if (shows_places(entry))
            fold.add(snapshot_.records_, entry, changed_);  // whatever its head says
        else
            fold.saw(entry.position, entry.tag);
    } else if (stands_beside(entry)) {
        fold.saw(entry.position, entry.tag);
    } else if (entry.closed != 0) {
        fold.close(entry);
    } else {
        fold.add(snapshot_.records_, entry, changed_);
    }
    count_unplaced(log);
    return changed_.size() > had ? Change{changed_.back()} : Change{};
}

void Registry::reopen(LogNumber log, const Hash& leaf, std::uint8_t slots) {
    folds_[log].reopen(leaf, slots);
    snapshot_.dealings_.reopen(leaf, slots);
}

Change Registry::apply(LogNumber log, const Position& position, const statement::OpenEntry& entry) {
    if (entry.kind == "leave" && !snapshot_.logs_[log]->left) state(log).left = true;
    if (entry.kind != "key") return {};
    Fold& fold = folds_[log];
    const auto key = read_key_entry(entry, snapshot_.logs_[log]->origin, fold.authority().root());
    if (!key || key->role != statement::key_role::officer) return {};
    // No right over what stands before it: else a key given today would approve the past. What is
    // taken away may be taken from earlier on: that only protects more.
    const std::uint64_t from = key->revokes ? key->from : std::max(key->from, position.index.v + 1);
    fold.grant(key->key, {from}, position.index, !key->revokes);
    return {};
}

void Registry::note_sealed(LogNumber log, const Position& position,
                           const statement::SealedEntry& entry) {
    Understood nothing;
    nothing.position = position;
    nothing.tag = entry.tag;
    apply(log, nothing);
}

void Registry::note_malformed(LogNumber log, const Position& position) {
    folds_[log].wrong(position.index, Wrong::malformed_entry);
}

void Registry::set_finality(LogNumber log, Finality finality) {
    if (finality == *snapshot_.logs_[log]->finality) return;
    const auto before = snapshot_.logs_[log];
    state(log).finality = std::make_shared<const Finality>(std::move(finality));
    const LogState& after = *snapshot_.logs_[log];
    for (const Slot slot : folds_[log].ending()) {
        const auto& versions = snapshot_.at(slot).versions;
        if (std::any_of(versions.begin(), versions.end(), [&](const Version& one) {
                return before->end_of(one) != after.end_of(one);
            })) {
            changed_.push_back(slot);
        }
    }
}

void Registry::fork(LogNumber log, TreeSize common) {
    const auto& known = snapshot_.logs_[log]->forked;
    if (!known || common < *known) part_at(log, common);
}

void Registry::part_at(LogNumber log, TreeSize common) {
    if (snapshot_.logs_[log]->forked == common) return;
    state(log).forked = common;
    folds_[log].fork(common);
}

std::vector<DealingSlot> Registry::take_changed_dealings() {
    std::sort(changed_dealings_.begin(), changed_dealings_.end());
    changed_dealings_.erase(std::unique(changed_dealings_.begin(), changed_dealings_.end()),
                            changed_dealings_.end());
    return std::exchange(changed_dealings_, {});
}

void Registry::mark_dealings(LogNumber log) {
    for (const DealingSlot slot : folds_[log].take_dealings()) {
        const Dealing& one = snapshot_.dealings_.at(slot);
        const bool withheld = folds_[log].newer_withheld(one);
        if (withheld == one.newer_withheld) continue;
        snapshot_.dealings_.mark(slot, withheld);
        changed_dealings_.push_back(slot);
    }
}

std::vector<Slot> Registry::settle() {
    for (LogNumber log = 0; log < folds_.size(); ++log) {
        folds_[log].settle(snapshot_.records_, changed_);
        count_unplaced(log);
        mark_dealings(log);
        if (auto offences = folds_[log].take_offences()) {
            state(log).offences = std::make_shared<const Offences>(std::move(*offences));
        }
    }
    restated_.settle(snapshot_.records_, snapshot_.logs_, changed_);
    std::sort(changed_.begin(), changed_.end());
    changed_.erase(std::unique(changed_.begin(), changed_.end()), changed_.end());
    return std::exchange(changed_, {});
}

const Snapshot& Registry::snapshot() const {
    for (const Fold& fold : folds_) ASSERT(fold.settled());
    return snapshot_;
}

}  // namespace entente::registry

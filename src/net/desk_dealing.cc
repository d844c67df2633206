// SPDX-License-Identifier: Apache-2.0
// Dealings at the desk: logging them, telling who listens, and what the node replies by itself to
// activities that others declared.
#include <set>

#include "net/desk.h"
#include "node/compose_dealing.h"
#include "node/replying.h"

namespace entente::net {

Result<Said> Desk::deal(Maker make, node::Audience audience) {
    return on_desk<Said>([this, make = std::move(make),
                          audience = std::move(audience)]() -> Result<Said> {
        const Instant now = moment_to_sign();
        TRY(composed, make(ports_.author(), ports_.node->snapshot(), now, ports_.random, within()));
        return log_dealing(std::move(composed), audience, now);
    });
}

Result<Said> Desk::log_dealing(node::Composed composed, const node::Audience& audience,
                               Instant now) {
    Said out{composed.id,
             composed.understood.head->keys.version,
             {},
             {},
             composed.understood.position.leaf};
    const std::uint64_t size_before = ports_.node->log().size().v;
    std::vector<node::Composed> one;
    one.push_back(std::move(composed));
    auto receipt = ports_.exchange ? ports_.exchange->log({std::move(one), {}, {}}, {audience}, now)
                                   : ports_.node->submit(std::move(one), now);
    if (!receipt) {
        publish();  // signing may have been halted
        return tl::unexpected(std::move(receipt).error());
    }
    out.entry = receipt->first;
    out.size = receipt->head.checkpoint.size;
    tell_changed(
        std::vector<view::Slot>(ports_.node->log().size().v - size_before, Changes::no_slot));
    return out;
}

/// In an exchange each changed dealing is an event more, and each record that it contests, and each
/// presence of a group that it is about: lists and maps show them otherwise by then; alone, where
/// events count the entries of the log, it is the event of the entry that changed it.
void Desk::mark_dealings(std::vector<view::Slot>& slots,
                         const std::vector<view::DealingSlot>& dealings) const {
    std::set<RecordId> groups;
    const registry::Snapshot& snapshot = ports_.node->snapshot();
    for (const view::DealingSlot slot : dealings) {
        const view::Slot marked = slot | Changes::dealing_bit;
        if (among_others()) {
            slots.push_back(marked);
            const auto contested = view::contested_by(snapshot, slot);
            slots.insert(slots.end(), contested.begin(), contested.end());
            groups.merge(view::groups_by(snapshot, slot));
        } else if (slots.size() == 1) {
            slots.front() = marked;
        }
    }
    const auto presences = view::presences_of(snapshot, groups);
    slots.insert(slots.end(), presences.begin(), presences.end());
}

/// What others' activities are to hear now that these records and dealings are other than before;
/// null: all may be. What is not said now, because there is much of it or it cannot be, is due at
/// the next tick.
void Desk::reply_to_activities(const std::vector<view::Slot>* records,
                               const std::vector<view::DealingSlot>& dealings) {
    if (!among_others()) return;
    const auto held = moment();
    const Instant now = moment_to_sign();
    note_concerned(*held, records, dealings, now);
    if (replying_now_ || unanswered_.empty() || !ports_.node->halted().empty()) return;
    std::vector<view::DealingSlot> some;
    for (const view::DealingSlot slot : unanswered_) {
        some.push_back(slot);
        if (some.size() == answered_a_turn) break;
    }
    auto due = replying_->due(held->state, some, now);
    if (!due || !log_replies(std::move(*due), now)) return;
    for (const view::DealingSlot slot : some) unanswered_.erase(slot);
}

void Desk::note_concerned(const Moment& held, const std::vector<view::Slot>* records,
                          const std::vector<view::DealingSlot>& dealings, Instant now) {
    if (!replying_) {
        replying_ = std::make_unique<node::Replying>(*ports_.exchange);
        records = nullptr;
    }
    replying_->look(held.state, records);
    std::vector<view::DealingSlot> all = dealings;
    if (records == nullptr) {
        for (const view::SeenActivity& one : held.view.activities()) all.push_back(one.slot());
    } else {
        const auto some = replying_->concerned(held.state, *records, now);
        all.insert(all.end(), some.begin(), some.end());
    }
    for (const view::DealingSlot slot : all) {
        const bool is_one = view::is_activity(held.state.snapshot, slot);
        if (is_one && !held.view.activity(slot).own()) unanswered_.insert(slot);
    }
}

/// Whether all of them are in the log now.
bool Desk::log_replies(std::vector<node::DueReply> due, Instant now) {
    if (due.empty()) return true;
    node::Batch batch;
    std::vector<node::Audience> audiences;
    for (node::DueReply& one : due) {
        auto composed =
            node::compose_reply(ports_.author(), std::move(one.reply), "node", now, ports_.random);
        if (!composed) return false;
        batch.statements.push_back(std::move(*composed));
        audiences.push_back({{one.to, node::Tier::exact}});
    }
    const std::uint64_t size_before = ports_.node->log().size().v;
    if (!ports_.exchange->log(std::move(batch), audiences, now)) return false;
    replying_now_ = true;  // what this changes is noted, and answered at the next tick
    tell_changed(
        std::vector<view::Slot>(ports_.node->log().size().v - size_before, Changes::no_slot));
    replying_now_ = false;
    return true;
}

void Desk::released(const std::vector<RecordId>& records) {
    (void)inside([&](const Inside& inside) {
        std::vector<view::Slot> slots;
        for (const RecordId& id : records) {
            if (const auto slot = inside.node.snapshot().find(id)) slots.push_back(*slot);
        }
        reply_to_activities(&slots, {});
    });
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Dealings at the desk: logging them, telling who listens, and what the node replies by itself to
// activities that others declared.
#include "check/activity.h"
#include "net/desk.h"
#include "node/compose_dealing.h"
#include "node/replying.h"

namespace entente::net {

Result<Said> Desk::deal(Maker make, node::Audience audience) {
    return on_desk<Said>(
        [this, make = std::move(make), audience = std::move(audience)]() -> Result<Said> {
            const Instant now = moment_to_sign();
            TRY(composed, make(ports_.author(), ports_.node->snapshot(), now, ports_.random));
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

/// In an exchange each changed dealing is an event more; alone, where events count the entries of
/// the log, it is the event of the entry that changed it.
void Desk::mark_dealings(std::vector<view::Slot>& slots,
                         const std::vector<view::DealingSlot>& dealings) const {
    for (const view::DealingSlot slot : dealings) {
        const view::Slot marked = slot | Changes::dealing_bit;
        if (among_others())
            slots.push_back(marked);
        else if (slots.size() == 1)
            slots.front() = marked;
    }
}

/// What others' activities are to hear now that these records and dealings are other than before;
/// null: all may be. What cannot be said now is said at the next change, or at the next start.
void Desk::reply_to_activities(const std::vector<view::Slot>* records,
                               const std::vector<view::DealingSlot>& dealings) {
    if (!among_others() || !ports_.node->halted().empty()) return;
    const auto now_held = moment();
    if (!replying_) {
        replying_ = std::make_unique<node::Replying>(*ports_.exchange);
        records = nullptr;
    }
    replying_->look(now_held->state, records);
    const Instant now = moment_to_sign();
    auto due = replying_->due(now_held->state, scratch_,
                              concerned(*now_held, records, dealings, now), now);
    if (!due || due->empty()) return;
    node::Batch batch;
    std::vector<node::Audience> audiences;
    for (node::DueReply& one : *due) {
        auto composed =
            node::compose_reply(ports_.author(), std::move(one.reply), "node", now, ports_.random);
        if (!composed) continue;
        batch.statements.push_back(std::move(*composed));
        audiences.push_back({{one.to, node::Tier::exact}});
    }
    const std::uint64_t size_before = ports_.node->log().size().v;
    if (batch.statements.empty() || !ports_.exchange->log(std::move(batch), audiences, now)) return;
    tell_changed(
        std::vector<view::Slot>(ports_.node->log().size().v - size_before, Changes::no_slot));
}

/// Activities whose answer may be another one now.
std::vector<view::DealingSlot> Desk::concerned(const Moment& moment,
                                               const std::vector<view::Slot>* records,
                                               const std::vector<view::DealingSlot>& dealings,
                                               Instant now) {
    std::vector<view::DealingSlot> out = dealings;
    if (records == nullptr) {
        for (const view::SeenActivity& one : moment.view.activities()) out.push_back(one.slot());
    } else {
        for (const view::Slot slot : *records) {
            const auto some = check::concerned(moment.view, moment.state.activities, scratch_,
                                               moment.view.at(slot), now);
            out.insert(out.end(), some.begin(), some.end());
        }
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace entente::net

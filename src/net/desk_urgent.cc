// SPDX-License-Identifier: Apache-2.0
// STOPs at the desk: what others send urgently, and whom ours are to call next.
#include <algorithm>

#include "net/desk.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

constexpr std::size_t stops_replied_a_tick = 20;

tl::unexpected<Error> nothing_urgent() {
    return fail(Errc::not_found, "this node takes nothing urgent");
}

}  // namespace

Result<node::TakenUrgent> Desk::take_urgent(BytesView box) {
    if (ports_.urgents == nullptr || !among_others()) return nothing_urgent();
    std::optional<node::TakenUrgent> out;
    TRYV(on_desk<void>([this, box, &out]() -> Result<void> {
        TRY(taken, ports_.urgents->take(box, ports_.now()));
        // It is here whatever becomes of the reply: that is due again when the next box comes, and
        // the answer to this one says that it was taken.
        if (taken.reply_due) (void)reply_to_urgent(taken.stop, moment_to_sign());
        tell_changed({Changes::urgent_slot});
        out = std::move(taken);
        return {};
    }));
    return std::move(*out);
}

/// That this node has it, logged here within ten minutes of its coming (PROTOCOL 28).
Result<void> Desk::reply_to_urgent(const node::HeardStop& stop, Instant now) {
    statement::Reply reply;
    reply.to = stop.leaf;
    reply.of = stop.record;
    reply.word = statement::ReplyWord::noted;
    reply.automatic = true;
    TRY(composed,
        node::compose_reply(ports_.author(), std::move(reply), "node", now, ports_.random));
    TRYV(log_dealing(std::move(composed), {{stop.from, node::Tier::exact}}, now));
    return {};
}

Result<bool> Desk::keep_urgent(const PartyId& from, const PartyId& to, BytesView of,
                               BytesView box) {
    if (ports_.urgents == nullptr) return nothing_urgent();
    bool news = false;
    TRYV(on_desk<void>([&]() -> Result<void> {
        TRY(other, ports_.urgents->keep(from, to, of, box, ports_.now()));
        news = other;
        return {};
    }));
    return news;
}

Result<Bytes> Desk::kept_urgent(const PartyId& to) {
    if (ports_.urgents == nullptr) return nothing_urgent();
    return on_desk<Bytes>([&] { return ports_.urgents->kept(to, ports_.now()); });
}

Result<std::vector<Desk::DueCall>> Desk::due_calls() {
    std::vector<DueCall> out;
    if (ports_.urgents == nullptr || !among_others()) return out;
    TRYV(on_desk<void>([&]() -> Result<void> {
        const auto held = moment();
        const Instant now = ports_.now();
        const auto& terms = held->view.charter().terms;
        for (auto slot = open_stops_.begin(); slot != open_stops_.end();) {
            auto calling = node::calling_of(held->view, *slot, now);
            if (!calling || !calling->open) {
                slot = open_stops_.erase(slot);
                continue;
            }
            ++slot;
            const auto next = node::next_call(*calling, terms, now);
            if (!next || next->due > now) continue;
            calling->attempts.clear();
            calling->replies.clear();
            // One that cannot be carried keeps no other from being.
            auto box = ports_.urgents->make(*calling, next->desks, now);
            out.push_back({std::move(*calling), next->desks, box ? std::move(*box) : Bytes(),
                           box ? "" : box.error().detail});
        }
        return {};
    }));
    return out;
}

/// STOPs among these records: our own, which may be open, and those to us.
void Desk::note_stops(const std::vector<view::Slot>& records) {
    for (const view::Slot slot : records) {
        const view::Seen seen = moment_->view.at(slot);
        if (!seen.stops()) continue;
        if (seen.in_own_log()) open_stops_.insert(slot);
        const statement::Stop* stop = seen.stop();
        if (!seen.own() && stop != nullptr && stop->to == moment_->view.party()) {
            stops_to_us_.insert(slot);
        }
    }
}

/// That this node has each STOP to us, whichever way it came; what cannot be said now is due at the
/// next tick.
void Desk::reply_to_stops() {
    if (ports_.urgents == nullptr || stops_to_us_.empty() || !ports_.node->halted().empty()) return;
    const auto held = moment();
    std::vector<view::Slot> some(stops_to_us_.begin(), stops_to_us_.end());
    if (some.size() > stops_replied_a_tick) some.resize(stops_replied_a_tick);
    for (const view::Slot slot : some) {
        const view::Seen seen = held->view.at(slot);
        const Hash leaf = seen.history().front().leaf;
        const auto replies = held->view.replies(seen.id(), {&leaf, 1});
        const bool said = std::any_of(replies.begin(), replies.end(), [&](const auto& one) {
            return one.newest && one.party == held->view.party();
        });
        node::HeardStop stop;
        stop.from = seen.party();
        stop.record = seen.id();
        stop.leaf = leaf;
        if (said || reply_to_urgent(stop, moment_to_sign())) stops_to_us_.erase(slot);
    }
}

}  // namespace entente::net

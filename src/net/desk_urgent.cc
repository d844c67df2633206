// SPDX-License-Identifier: Apache-2.0
// STOPs at the desk: what others send urgently, and whom ours are to call next.
#include "net/desk.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

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
        tell_changed({});
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

Result<void> Desk::keep_urgent(const PartyId& from, const PartyId& to, BytesView box) {
    if (ports_.urgents == nullptr) return nothing_urgent();
    return on_desk<void>(
        [&]() -> Result<void> { return ports_.urgents->keep(from, to, box, ports_.now()); });
}

Result<Bytes> Desk::kept_urgent(const PartyId& to) {
    if (ports_.urgents == nullptr) return nothing_urgent();
    return on_desk<Bytes>([&] { return ports_.urgents->kept(to, ports_.now()); });
}

std::vector<node::HeardStop> Desk::heard_stops() {
    std::vector<node::HeardStop> out;
    if (ports_.urgents == nullptr) return out;
    (void)on_desk<void>([&]() -> Result<void> {
        out = ports_.urgents->heard();
        return {};
    });
    return out;
}

Result<std::vector<Desk::DueCall>> Desk::due_calls() {
    std::vector<DueCall> out;
    if (ports_.urgents == nullptr || !among_others()) return out;
    TRYV(on_desk<void>([&]() -> Result<void> {
        const auto held = moment();
        const Instant now = ports_.now();
        std::erase_if(open_stops_, [&](view::Slot slot) {
            const auto calling = node::calling_of(held->view, slot);
            return !calling || !calling->open;
        });
        for (const view::Slot slot : open_stops_) {
            auto calling = node::calling_of(held->view, slot);
            const auto next = node::next_call(*calling, held->view.charter().terms);
            if (!next || next->due > now) continue;
            calling->attempts.clear();
            calling->replies.clear();
            TRY(box, ports_.urgents->make(*calling, next->desks, now));
            out.push_back({std::move(*calling), next->desks, std::move(box)});
        }
        return {};
    }));
    return out;
}

/// Our own STOPs among these records, which may be open.
void Desk::note_stops(const std::vector<view::Slot>& records) {
    for (const view::Slot slot : records) {
        const view::Seen seen = moment_->view.at(slot);
        if (seen.in_own_log() && seen.stops()) open_stops_.insert(slot);
    }
}

void Desk::note_unlogged(check::AsOf& as_of) const {
    if (ports_.urgents == nullptr) return;
    const auto unlogged = ports_.urgents->unlogged();
    for (check::Source& source : as_of.sources) {
        const auto of = unlogged.find(source.party);
        if (of != unlogged.end()) source.unlogged = of->second;
    }
}

}  // namespace entente::net

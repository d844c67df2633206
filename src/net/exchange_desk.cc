// SPDX-License-Identifier: Apache-2.0
#include "net/exchange_desk.h"

#include "net/caller.h"
#include "net/problem.h"
#include "node/pack.h"
#include "node/paths.h"

namespace entente::net {
namespace {

/// A Follow on its way through the desk: touched on the desk's thread alone.
struct Followed {
    std::unique_ptr<node::Follow> follow;  // made when the desk is first asked
};

Result<node::StepAnswer> answer_of(Result<Response> response) {
    if (!response) return tl::unexpected(std::move(response).error());
    // Of what is posted any status below 500 is an answer.
    if (response->status >= 400) return tl::unexpected(error_of(*response));
    return node::StepAnswer{response->status == 304, response->etag, std::move(response->body)};
}

Following following(Desk& desk, PeerAddress address, Duration poll_every) {
    auto one = std::make_shared<Followed>();
    const PartyId party = address.party;
    const node::Relayed relayed = std::move(address.relayed);
    const auto on = [&desk, one, party, relayed, poll_every](auto use) {
        return desk.on_exchange([one, party, relayed, poll_every, use = std::move(use)](
                                    node::Exchange& exchange, Instant now) -> Result<Bytes> {
            if (!one->follow) {
                one->follow = std::make_unique<node::Follow>(exchange, party, poll_every, relayed);
            }
            return use(*one->follow, now);
        });
    };
    Following out;
    out.name = party.v;
    out.peer = std::move(address.options);
    out.next = [on](Instant) {
        std::optional<PeerStep> step;
        (void)on([&step](node::Follow& follow, Instant now) -> Result<Bytes> {
            if (auto next = follow.next(now)) {
                step.emplace();
                step->path = std::move(next->path);
                step->etag = std::move(next->etag);
                step->body = std::move(next->body);
                step->answer_max = follow.answer_bytes_max();
            }
            return Bytes();
        });
        return step;
    };
    out.take = [on](const PeerStep&, Result<Response> response, Instant) {
        auto answer = std::make_shared<Result<node::StepAnswer>>(answer_of(std::move(response)));
        Result<void> trouble;
        (void)on([&trouble, answer](node::Follow& follow, Instant now) -> Result<Bytes> {
            follow.take(std::move(*answer), now);
            // Of this round only: what was wrong in the one before is over.
            if (follow.trouble() && follow.due() > now) {
                trouble = tl::unexpected(*follow.trouble());
            }
            return Bytes();
        });
        return trouble;
    };
    out.due = [on] {
        Instant due = Instant::max();
        (void)on([&due](node::Follow& follow, Instant) -> Result<Bytes> {
            due = follow.due();
            return Bytes();
        });
        return due;
    };
    out.hurry = [on] {
        (void)on([](node::Follow& follow, Instant) -> Result<Bytes> {
            follow.hurry();
            return Bytes();
        });
    };
    return out;
}

Following witness_following(Desk& desk, WitnessAddress address) {
    const std::string name = address.name;
    Following out;
    out.name = "witness " + name;  // a party may have the same id
    out.peer = std::move(address.options);
    out.next = [&desk, name](Instant) {
        std::optional<PeerStep> step;
        (void)desk.on_exchange([&](node::Exchange& exchange, Instant) -> Result<Bytes> {
            if (auto body = exchange.ask_witness(name)) {
                step.emplace();
                step->path = "/add-checkpoint";
                step->body = std::move(*body);
            }
            return Bytes();
        });
        return step;
    };
    out.take = [&desk, name](const PeerStep&, Result<Response> response, Instant) {
        Result<void> trouble;
        const auto done =
            desk.on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
                auto answer = std::move(response).map([](Response&& one) {
                    return node::WitnessResponse{one.status, std::move(one.body)};
                });
                trouble = exchange.take_witness(name, std::move(answer), now);
                return Bytes();
            });
        return done ? trouble : Result<void>(tl::unexpected(done.error()));
    };
    return out;
}

}  // namespace

Result<Bytes> ExchangeDesk::answer(const PartyId& asker, std::string_view path_and_query) {
    if (path_and_query.starts_with(node::packs_from_path)) {
        return kept_pack(asker, path_and_query.substr(node::packs_from_path.size()));
    }
    return desk_.on_exchange(
        [asker, path = std::string(path_and_query)](node::Exchange& exchange, Instant) {
            return exchange.answer(asker, path);
        });
}

Result<Bytes> ExchangeDesk::kept_pack(const PartyId& asker, std::string_view from) {
    const auto party = PartyId::parse(from);
    if (box_ == nullptr || !party) return fail(Errc::not_found, "nothing is kept here");
    return box_->get(*party, asker);
}

/// The answer says how much of the sender's log is held here by now, and of its releases; for a
/// pack that is kept for another it is empty. An older pack than the one that is kept changes
/// nothing.
Result<Bytes> ExchangeDesk::take_pack(const PartyId& from, BytesView pack) {
    std::optional<seal::PackHeader> keep;
    auto taken = desk_.on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
        TRY(header, node::handed_over(exchange, from, pack));
        if (header.to != exchange.self()) {
            keep = std::move(header);
            return Bytes();
        }
        TRYV(node::unpack(exchange, pack, now));
        TRYV(exchange.tick(now));
        const node::Peer& peer = *exchange.peer(from);
        return std::to_string(peer.mirror.size().v) + "\n" +
               std::to_string(peer.received.size().v) + "\n";
    });
    if (!taken || !keep) return taken;
    if (box_ == nullptr) return fail(Errc::not_found, "this node relays nothing");
    const auto before = box_->get(from, keep->to);
    const auto older = before ? seal::pack_header(*before) : Result<seal::PackHeader>(*keep);
    if (before && older && older->made > keep->made) return Bytes();
    TRYV(box_->put(from, keep->to, pack));
    return Bytes();
}

void ExchangeDesk::on_urgent(Urgency urgency) {
    const std::lock_guard lock(mutex_);
    urgency_ = std::move(urgency);
}

Result<Bytes> ExchangeDesk::take_urgent(const PartyId& from, const PartyId& to, BytesView of,
                                        BytesView box) {
    const Urgency urgency = [&] {
        const std::lock_guard lock(mutex_);
        return urgency_;
    }();
    if (to != desk_.moment()->view.party()) {
        TRY(news, desk_.keep_urgent(from, to, of, box));
        if (news && urgency.carry) urgency.carry(from, to, Bytes(box));
        return format_taken({});
    }
    TRY(taken, desk_.take_urgent(box));
    if (!taken.known && urgency.fetch) urgency.fetch(taken.stop.from);
    Roles roles;
    // Under the mutex: who sets another Urgency may be about to end what this one asks.
    const std::lock_guard lock(mutex_);
    // Who holds a desk is its author's to know: another who brings it learns nothing of it.
    if (from != taken.stop.from) return format_taken(roles);
    for (const std::string& desk : taken.called) {
        const auto held = urgency_.held ? urgency_.held(desk) : std::nullopt;
        if (held) roles.held[desk] = *held;
    }
    return format_taken(roles);
}

Result<Bytes> ExchangeDesk::urgent_for(const PartyId& asker) { return desk_.kept_urgent(asker); }

Result<Bytes> ExchangeDesk::mirror_file(const Hash& origin, std::string_view path) {
    return desk_.on_exchange([origin, path = std::string(path)](node::Exchange& exchange, Instant) {
        return exchange.mirror_file(origin, path);
    });
}

WitnessAnswer ExchangeDesk::add_checkpoint(BytesView body) {
    WitnessAnswer out{503, "this node witnesses nothing"};
    (void)desk_.on_exchange(
        [&out, body = Bytes(body)](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            const mirror::WitnessAnswer answer = exchange.add_checkpoint(body, now);
            out = {answer.status, answer.body.empty() ? answer.detail : answer.body};
            return Bytes();
        });
    return out;
}

std::vector<Following> followings(Desk& desk, std::vector<PeerAddress> addresses,
                                  Duration poll_every) {
    std::vector<Following> out;
    for (PeerAddress& address : addresses) {
        out.push_back(following(desk, std::move(address), poll_every));
    }
    return out;
}

std::vector<Following> witness_followings(Desk& desk, std::vector<WitnessAddress> addresses) {
    std::vector<Following> out;
    for (WitnessAddress& address : addresses) {
        out.push_back(witness_following(desk, std::move(address)));
    }
    return out;
}

}  // namespace entente::net

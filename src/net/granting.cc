// SPDX-License-Identifier: Apache-2.0
#include "net/granting.h"

#include <algorithm>

#include "net/saying.h"
#include "node/exchange.h"

namespace entente::net {
namespace {

const statement::Request* request_in(const view::SeenStatement& seen) {
    const statement::Dealt* said = seen.said();
    return said != nullptr ? std::get_if<statement::Request>(said) : nullptr;
}

/// Whom it is asked for; without a name for who asks.
std::vector<PartyId> wanted_by(const view::SeenStatement& seen, const statement::Request& request,
                               const PartyId& self) {
    std::vector<PartyId> out = request.parties;
    if (out.empty()) out.push_back(seen.party());
    std::erase(out, self);
    return out;
}

node::Slots given(const node::Exchange& exchange, const PartyId& party, const RecordId& id) {
    const node::Peer* peer = exchange.peer(party);
    if (peer == nullptr) return 0;
    const auto found = peer->given_slots.find(id);
    return found == peer->given_slots.end() ? node::Slots{0} : found->second;
}

const char* tier_of(node::Slots slots) {
    for (const node::Tier tier : {node::Tier::exact, node::Tier::coarse, node::Tier::head}) {
        const node::Slots all = node::slots_of(tier);
        if ((slots & all) == all) return node::name(tier);
    }
    return node::name(node::Tier::none);
}

bool is_own(const view::View& view, const RecordId& id) {
    if (const auto slot = view.find(id)) return view.at(*slot).own();
    const auto statement = view.find_statement(id);
    return statement && statement->own();
}

}  // namespace

Result<std::optional<node::Tier>> take_release(formats::Json& answer) {
    if (answer.find("release") == nullptr) return std::optional<node::Tier>();
    TRY(text, text_member(answer, "release"));
    auto tier = node::parse_tier(text);
    if (!tier) return at("release", tier.error());
    std::erase_if(answer.members, [](const auto& one) { return one.name == "release"; });
    return std::optional(*tier);
}

Result<void> grant(Api& api, const view::SeenStatement& seen, node::Tier tier) {
    const auto moment = api.desk().moment();
    const statement::Request* request = request_in(seen);
    if (request == nullptr || !request->of || !is_own(moment->view, *request->of)) {
        return fail(Errc::not_found, "what is asked for is no record of this party's");
    }
    const RecordId of = *request->of;
    const auto parties = wanted_by(seen, *request, moment->view.party());
    const node::Slots wanted = node::slots_of(tier), all = node::slots_of(node::Tier::exact);
    const auto done =
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            for (const PartyId& party : parties) {
                if (exchange.peer(party) != nullptr) continue;
                return fail(Errc::refused, "'" + party.v + "' is no other party of this charter");
            }
            for (const PartyId& party : parties) {
                const node::Slots has = given(exchange, party, of);
                if ((has & wanted) == wanted || (has & all) == all) continue;
                TRYV(exchange.release({of}, party, tier, now));
            }
            return Bytes();
        });
    api.desk().released({of});  // also where only some were given it
    if (!done) return tl::unexpected(done.error());
    return {};
}

void has_member(formats::JsonOut& out, Api& api, const view::SeenStatement& seen) {
    const auto moment = api.desk().moment();
    const statement::Request* request = request_in(seen);
    const bool alone = moment->view.charter().parties.size() == 1;
    if (alone || request == nullptr || !request->of || !is_own(moment->view, *request->of)) {
        return;
    }
    const auto parties = wanted_by(seen, *request, moment->view.party());
    std::vector<std::pair<PartyId, node::Slots>> has;
    const auto done =
        api.desk().on_exchange([&](node::Exchange& exchange, Instant) -> Result<Bytes> {
            for (const PartyId& one : parties)
                has.emplace_back(one, given(exchange, one, *request->of));
            return Bytes();
        });
    if (!done) return;
    out.name("has");
    out.array([&] {
        for (const auto& [party, slots] : has) {
            out.object([&] {
                out.member("party", party.v);
                out.member("tier", tier_of(slots));
            });
        }
    });
}

}  // namespace entente::net

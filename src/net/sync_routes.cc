// SPDX-License-Identifier: Apache-2.0
// POST /v1/sync: asks the other parties now, and says of each what came, what did not, and why. A
// round over a bad link takes long, so a call waits for a moment only; who asked then asks how it
// goes on, with wake=false.
#include <map>

#include "formats/json_out.h"
#include "net/api.h"
#include "net/exchange_json.h"
#include "net/problem.h"

namespace entente::net {
namespace {

constexpr Duration wait_most = std::chrono::seconds(5);

struct Wish {
    std::string party;  // empty: all
    bool wake = true;
};

Result<Wish> wish_of(const Target& target) {
    TRYV(target.only({"party", "wake"}));
    Wish out;
    if (target.has("party")) {
        TRY(party, PartyId::parse(target.value("party")));
        out.party = std::move(party.v);
    }
    if (target.has("wake")) {
        const std::string& text = target.value("wake");
        if (text != "true" && text != "false") return fail(Errc::malformed, "wake: true or false");
        out.wake = text == "true";
    }
    return out;
}

using Status = std::vector<node::PeerStatus>;

/// With what is due said, so that whatever came is acknowledged at once.
Result<Status> status_of(Api& api, const std::string& party) {
    Status out;
    auto done = api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
        if (!party.empty() && exchange.peer(PartyId{party}) == nullptr) {
            return fail(Errc::not_found, "no other party '" + party + "' in this charter");
        }
        TRYV(exchange.tick(now));
        out = exchange.status(now);
        return Bytes();
    });
    if (!done) return tl::unexpected(done.error());
    if (!party.empty()) std::erase_if(out, [&](const auto& one) { return one.party.v != party; });
    return out;
}

void synced_object(formats::JsonOut& out, const node::PeerStatus& before,
                   const node::PeerStatus& after, const Contact* contact) {
    out.object([&] {
        out.member("party", after.party.v);
        out.member("asked", contact != nullptr);
        out.member("ended", contact == nullptr || !contact->under_way);
        out.member("entries", after.held.v - before.held.v);
        out.member("releases", after.received.v - before.received.v);
        out.member("newest", after.newest.v);
        out.member("held", after.held.v);
        remarks_member(out, "missing", after.missing);
        if (contact != nullptr) {
            out.name("contact");
            contact_object(out, *contact);
        }
    });
}

}  // namespace

Response sync(Api& api, const Call& call) {
    auto wish = wish_of(call.target);
    if (!wish) return problem(wish.error());
    Follower* const follower = api.options().follower;
    auto before = status_of(api, wish->party);
    if (!before) return problem(before.error());
    if (follower == nullptr) {
        return problem({Errc::refused, "this node asks nobody: no other party's address is known"});
    }
    const auto turn = api.sync_turn();
    if (!turn) return problem({Errc::unavailable, "somebody else waits for a sync; try again"});
    if (wish->wake) wish->party.empty() ? follower->wake() : follower->wake(wish->party);
    (void)follower->settle(wish->party, wait_most);
    const auto contacts = follower->contacts();
    auto after = status_of(api, wish->party);
    if (!after) return problem(after.error());
    formats::JsonOut out;
    out.object([&] {
        out.name("peers");
        out.array([&] {
            for (std::size_t i = 0; i < after->size(); ++i) {
                const std::string& party = (*after)[i].party.v;
                synced_object(out, (*before)[i], (*after)[i], find_contact(contacts, party));
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

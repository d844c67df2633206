// SPDX-License-Identifier: Apache-2.0
// /v1/peers and /v1/releases: how it stands with the other parties, and what is given to them.
#include "base/encode.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/exchange_json.h"
#include "net/problem.h"

namespace entente::net {
namespace {

void recalls_array(formats::JsonOut& out, const std::vector<node::RecallState>& recalls) {
    out.name("recalls");
    out.array([&] {
        for (const node::RecallState& one : recalls) {
            out.object([&] {
                out.member("record", one.record.text());
                out.member("time", format_rfc3339(one.said));
                out.member("outcome", one.outcome);
                if (!one.reason.empty()) out.member("reason", one.reason);
                if (one.answered) out.member("leaf", to_base64url(one.answered->view()));
            });
        }
    });
}

void status_object(formats::JsonOut& out, const node::PeerStatus& one, const Contact* contact) {
    out.object([&] {
        out.member("party", one.party.v);
        out.member("origin", one.origin.v);
        out.member("newest", one.newest.v);
        out.member("held", one.held.v);
        out.member("final", one.final_size.v);
        if (one.beat) out.member("beat", format_rfc3339(*one.beat));
        if (one.age) {
            out.member("age_s", static_cast<std::uint64_t>(
                                    std::chrono::floor<std::chrono::seconds>(*one.age).count()));
        }
        out.member("given", one.given.v);
        out.member("acknowledged", one.acknowledged.v);
        if (!one.rung.empty()) out.member("rung", one.rung);
        out.member("received", one.received.v);
        if (one.adopted > 0) out.member("charter_version", std::uint64_t{one.adopted});
        if (contact != nullptr) {
            out.name("contact");
            contact_object(out, *contact);
        }
        remarks_member(out, "missing", one.missing);
        out.name("misdeeds");
        out.array([&] {
            for (const node::Misdeed& misdeed : one.misdeeds) {
                out.object([&] {
                    out.member("code", misdeed.code);
                    out.member("text", misdeed.text);
                    if (misdeed.at != Instant::min()) {
                        out.member("at", format_rfc3339(misdeed.at));
                    }
                });
            }
        });
        recalls_array(out, one.recalls);
    });
}

void witness_object(formats::JsonOut& out, const node::WitnessStatus& one) {
    out.object([&] {
        out.member("name", one.name);
        out.member("url", one.url);
        out.member("size", one.size.v);
        out.member("cosigned", one.cosigned.v);
        if (one.answered) out.member("answered", format_rfc3339(*one.answered));
        if (!one.trouble.empty()) out.member("trouble", one.trouble);
        if (one.troubled) out.member("troubled", format_rfc3339(*one.troubled));
    });
}

/// The version in force here, and newer ones that others have adopted.
void charter_member(formats::JsonOut& out, const node::Exchange& exchange) {
    out.name("charter");
    out.object([&] {
        out.member("version", std::uint64_t{exchange.node().charter().version});
        out.member("hash", to_base64(exchange.node().charter_hash().view()));
        out.name("waiting");
        out.array([&] {
            for (const node::Proposal& one : exchange.proposals()) {
                out.object([&] {
                    out.member("version", std::uint64_t{one.version});
                    out.member("hash", to_base64(one.hash.view()));
                });
            }
        });
    });
}

Response answered(Result<Bytes> done, int status = 200) {
    if (!done) return problem(done.error());
    Response response = ok("application/json", std::move(*done));
    response.status = status;
    return response;
}

struct Wish {
    std::vector<RecordId> records;
    PartyId to;
    node::Tier tier;
};

Result<Wish> wish_of(const Request& request) {
    TRY(body, Body::read(request, {"records", "to", "tier"}));
    TRY(ids, body.texts("records"));
    TRY(to_text, body.text("to"));
    TRY(tier_text, body.text("tier"));
    Wish out;
    TRY(to, PartyId::parse(to_text));
    TRY(tier, node::parse_tier(tier_text));
    if (ids.empty()) return fail(Errc::malformed, "records: at least one id");
    for (const std::string& text : ids) {
        TRY(id, RecordId::parse(text));
        out.records.push_back(id);
    }
    out.to = std::move(to);
    out.tier = tier;
    return out;
}

}  // namespace

Response list_peers(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Follower* const follower = api.options().follower;
    const auto contacts = follower == nullptr ? std::vector<Contact>() : follower->contacts();
    return answered(
        api.desk().on_exchange([&](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            formats::JsonOut out;
            out.object([&] {
                charter_member(out, exchange);
                out.name("peers");
                out.array([&] {
                    for (const auto& one : exchange.status(now)) {
                        status_object(out, one, find_contact(contacts, one.party.v));
                    }
                });
                out.name("witnesses");
                out.array([&] {
                    for (const auto& one : exchange.witnesses()) witness_object(out, one);
                });
            });
            return out.text() + "\n";
        }));
}

Response release(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    auto wish = wish_of(call.request);
    if (!wish) return problem(wish.error());
    const std::vector<RecordId> records = wish->records;
    auto done = api.desk().on_exchange(
        [wish = std::move(*wish)](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(receipt, exchange.release(wish.records, wish.to, wish.tier, now));
            formats::JsonOut out;
            out.object([&] {
                out.member("to", wish.to.v);
                out.member("tier", node::name(wish.tier));
                out.member("given", exchange.peer(wish.to)->given.size().v);
                out.member("tree_size", receipt.head.checkpoint.size.v);
            });
            return out.text() + "\n";
        });
    if (done) api.desk().released(records);
    return answered(std::move(done), 201);
}

}  // namespace entente::net

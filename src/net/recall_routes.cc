// SPDX-License-Identifier: Apache-2.0
// POST /v1/recalls and /v1/holds: taking back what was released to another party, and keeping what
// another party may take back (PROTOCOL 12).
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"

namespace entente::net {
namespace {

Response answered(Result<Bytes> done) {
    if (!done) return problem(done.error());
    Response response = ok("application/json", std::move(*done));
    response.status = 201;
    return response;
}

Result<node::RecallWish> wish_of(const Request& request) {
    TRY(body, Body::read(request, {"records", "from", "coarse", "reason"}));
    TRY(ids, body.texts("records"));
    TRY(from_text, body.text("from"));
    TRY(coarse, body.boolean("coarse"));
    TRY(reason, body.text_or_none("reason"));
    node::RecallWish out;
    TRY(from, PartyId::parse(from_text));
    if (ids.empty()) return fail(Errc::malformed, "records: at least one id");
    for (const std::string& text : ids) {
        TRY(id, RecordId::parse(text));
        out.records.push_back(id);
    }
    out.from = std::move(from);
    out.coarse = coarse.value_or(false);
    out.reason = std::move(reason);
    return out;
}

struct HoldWish {
    RecordId record;
    std::optional<node::Hold> hold;
};

Result<HoldWish> hold_of(const Request& request) {
    TRY(body, Body::read(request, {"record", "because", "text"}));
    TRY(id_text, body.text("record"));
    TRY(because, body.text_or_none("because"));
    TRY(text, body.text_or_none("text"));
    HoldWish out;
    TRY(record, RecordId::parse(id_text));
    out.record = record;
    if (because.empty() && text.empty()) return out;
    out.hold = node::Hold{std::move(because), std::move(text)};
    TRYV(node::validate(*out.hold));
    return out;
}

}  // namespace

Response recall(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    auto wish = wish_of(call.request);
    if (!wish) return problem(wish.error());
    auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    wish->actor = std::move(*actor);
    return answered(api.desk().on_exchange(
        [wish = std::move(*wish)](node::Exchange& exchange, Instant now) -> Result<Bytes> {
            TRY(receipt, exchange.recall(wish, now));
            formats::JsonOut out;
            out.object([&] {
                out.member("from", wish.from.v);
                out.member("tree_size", receipt.head.checkpoint.size.v);
                out.name("beyond_reach");
                out.array([&] {
                    for (const std::string& word : statement::beyond_reach) out.value(word);
                });
            });
            return out.text() + "\n";
        }));
}

Response hold(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    auto wish = hold_of(call.request);
    if (!wish) return problem(wish.error());
    return answered(api.desk().on_exchange(
        [wish = std::move(*wish)](node::Exchange& exchange, Instant) -> Result<Bytes> {
            TRYV(exchange.hold(wish.record, wish.hold));
            formats::JsonOut out;
            out.object([&] {
                out.member("record", wish.record.text());
                out.member("held", wish.hold.has_value());
            });
            return out.text() + "\n";
        }));
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "statement/attempt.h"

#include "base/encode.h"
#include "statement/body_keys.h"
#include "statement/desks.h"
#include "statement/line.h"
#include "statement/word.h"

namespace entente::statement {
namespace {

using canon::Object;

constexpr const char* route_names[route_count] = {"direct", "relay", "party", "voice", "other"};
constexpr const char* outcome_names[attempt_outcome_count] = {"handed", "failed", "answered",
                                                              "no_answer"};

bool by_node(Route route) {
    return route == Route::direct || route == Route::relay || route == Route::party;
}

Result<void> check_tried(const Tried& one) {
    TRYV(check_line(one.detail, "detail"));
    if (by_node(one.route) == one.via.empty()) {
        return fail(Errc::malformed,
                    "'via' names the party whose node it was, and stands with no other route");
    }
    if (!one.via.empty()) {
        auto party = PartyId::parse(one.via);
        if (!party) return at("via", party.error());
    }
    if (one.route == Route::other && one.detail.empty()) {
        return fail(Errc::malformed, "another route is named in 'detail'");
    }
    return {};
}

Object encode_tried(const Tried& one) {
    Object out;
    if (!one.detail.empty()) out.set("detail", one.detail);
    out.set("outcome", name(one.outcome));
    out.set("route", name(one.route));
    if (!one.via.empty()) out.set("via", one.via);
    return out;
}

Result<Tried> decode_tried(const canon::Value& value) {
    TRY(fields, Fields::of(value, "what was tried"));
    Tried out;
    TRY(detail, fields.text_or_empty("detail"));
    TRY(outcome_text, fields.text("outcome"));
    TRY(outcome, parse_attempt_outcome(outcome_text));
    TRY(route_text, fields.text("route"));
    TRY(route, parse_route(route_text));
    TRY(via, fields.text_or_empty("via"));
    out.route = route;
    out.via = std::move(via);
    out.outcome = outcome;
    out.detail = std::move(detail);
    return out;
}

}  // namespace

const char* name(Route route) { return route_names[static_cast<std::size_t>(route)]; }
Result<Route> parse_route(std::string_view text) {
    return parse_word<Route>(text, route_names, "a route");
}
const char* name(AttemptOutcome outcome) {
    return outcome_names[static_cast<std::size_t>(outcome)];
}
Result<AttemptOutcome> parse_attempt_outcome(std::string_view text) {
    return parse_word<AttemptOutcome>(text, outcome_names, "an outcome");
}

Result<void> validate(const Attempt& attempt) {
    if (attempt.keys.version > 1) {
        return fail(Errc::refused, "an attempt is version 1 of a record of its own");
    }
    TRYV(check_desks(attempt.desks));
    if (attempt.tried.empty() || attempt.tried.size() > tried_max) {
        return fail(Errc::malformed,
                    "'tried' has 1 to tried_max = " + std::to_string(tried_max) + " routes");
    }
    for (const Tried& one : attempt.tried) TRYV(check_tried(one));
    return check_body_bytes(encode_attempt(attempt).size());
}

Bytes encode_attempt(const Attempt& attempt) {
    Object out;
    put_keys(attempt.keys, Slot::exact, out);
    out.set("at", millis(attempt.at));
    if (attempt.automatic) out.set("automatic", true);
    out.set("desks", encode_desks(attempt.desks));
    out.set("of", attempt.of.text());
    out.set("to", to_base64url(attempt.to.view()));
    canon::Array tried;
    for (const Tried& one : attempt.tried) tried.emplace_back(encode_tried(one));
    out.set("tried", std::move(tried));
    return canon::encode(out);
}

Result<Attempt> decode_attempt(BytesView bytes) {
    TRY(value, decode_body(bytes, Slot::exact));
    const Fields fields(*value.object());
    Attempt out;
    TRY(keys, read_keys(fields));
    TRY(at, fields.time("at"));
    TRY(desks, decode_desks(fields));
    TRY(of, fields.record("of"));
    TRY(to, fields.hash("to"));
    TRY(tried, fields.array("tried"));
    if (tried->size() > tried_max) return fail(Errc::too_large, "more tried than tried_max");
    for (const canon::Value& one : *tried) {
        TRY(read, decode_tried(one));
        out.tried.push_back(std::move(read));
    }
    TRY(automatic, fields.flag("automatic"));
    out.keys = std::move(keys);
    out.of = of;
    out.to = to;
    out.desks = std::move(desks);
    out.at = at;
    out.automatic = automatic;
    TRYV(validate(out));
    return out;
}

}  // namespace entente::statement

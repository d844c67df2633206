// SPDX-License-Identifier: Apache-2.0
// /v1/movements: stated, amended, started and ended leg by leg, cancelled; and listed with how each
// leg stands.
#include <charconv>

#include "base/limits.h"
#include "formats/answer.h"
#include "formats/json_out.h"
#include "formats/movement.h"
#include "net/problem.h"
#include "net/saying.h"

namespace entente::net {
namespace {

namespace act = statement::act;

Result<std::uint32_t> leg_of(const formats::Json& json) {
    const formats::Json* member = json.find("leg");
    std::uint32_t number = 0;
    if (member != nullptr && member->is(formats::JsonKind::number)) {
        const std::string& text = member->text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size() && number > 0) return number;
    }
    return fail(Errc::malformed, "leg: the leg's number");
}

Result<NextSaid> of_leg(const formats::Json& json, const std::string& what) {
    TRYV(only_members(json, {"act", "leg", "at"}));
    NextSaid out;
    out.draft.act = what;
    TRY(leg, leg_of(json));
    out.draft.leg = leg;
    if (json.find("at") == nullptr) return out;
    if (what == act::end) {
        return fail(Errc::malformed, "at: a leg ends when its author says so, and not before");
    }
    TRY(text, text_member(json, "at"));
    TRY(at, parse_rfc3339(text));
    out.draft.at = at;
    return out;
}

Result<NextSaid> following(BytesView body) {
    TRY(json, formats::parse_json(body, limits::plan_bytes_max));
    TRYV(only_members(json, {"act", "leg", "at", "movement"}));
    TRY(what, text_member(json, "act"));
    if (what == act::start || what == act::end) return of_leg(json, what);
    NextSaid out;
    out.draft.act = what;
    if (what == act::cancel) {
        TRYV(only_members(json, {"act"}));
        return out;
    }
    if (what != act::amend) {
        return fail(Errc::malformed, "act: one of amend, start, end, cancel");
    }
    TRYV(only_members(json, {"act", "movement"}));
    const formats::Json* movement = json.find("movement");
    if (movement == nullptr) return fail(Errc::malformed, "movement: is missing");
    auto read = formats::read_movement(*movement);
    if (!read) return at("movement", read.error());
    out.draft.protection = std::move(read->protection);
    out.ignored = std::move(read->ignored);
    return out;
}

/// Whether it protects nothing any more, as far as it is open here.
bool is_over(const view::Seen& seen, Instant now) {
    bool protects = false;
    seen.each_place(now, [&](const view::SeenPlace& place) {
        const auto& end = place.reached->place.volume.window.end;
        protects |= !end || *end > now;
    });
    return !protects;
}

/// Where it is, and what its legs are called, is told of one's own alone: of others' movements as
/// of other records only one by one (DESIGN 9).
void list_one(formats::JsonOut& out, const view::Seen& seen, Instant now) {
    out.object([&] {
        out.member("id", seen.id().text());
        out.member("party", seen.party().v);
        out.member("class", seen.class_name());
        out.member("contact", seen.contact());
        const statement::Protection* p = seen.protection();
        const bool whole = seen.bulk_exact() && p != nullptr;
        out.member("name", whole && !p->names.empty() ? p->names.front().text : "");
        out.member("state", view::name(seen.state(now)));
        if (seen.contested(now)) out.member("contested", true);
        out.member("version", seen.version());
        out.name("legs");
        out.raw(formats::legs_json(seen, whole, now));
    });
}

/// Whether the path names a movement that may be seen.
bool names_movement(Api& api, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    const auto moment = api.desk().moment();
    const auto slot = id ? moment->view.find(*id) : std::nullopt;
    return slot && moment->view.at(*slot).moves();
}

Response no_record() { return problem(404, "not_found", "no such record in what you may see"); }

}  // namespace

Response add_movement(Api& api, const Call& call) {
    return say_first(api, call, formats::read_movement(call.request.body), "/v1/movements/");
}

Response follow_movement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!names_movement(api, call)) return no_record();
    return say_next(api, call, following(call.request.body));
}

Response show_movement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!names_movement(api, call)) return no_record();
    return show_protection(api, call);
}

Response list_movements(Api& api, const Call& call) {
    if (auto known = call.target.only({"over"}); !known) return problem(known.error());
    const auto over = call.target.yes("over");
    if (!over) return problem(over.error());
    const auto moment = api.desk().moment();
    const bool exactly = call.who.may(Right::list_exact);
    const view::View view =
        moment->view.at_depth(exactly ? view::Depth::exact : view::Depth::coarse);
    formats::JsonOut out;
    out.object([&] {
        out.name("movements");
        out.array([&] {
            for (view::Slot slot = 0; slot < view.size(); ++slot) {
                const view::Seen seen = view.at(slot);
                if (!seen.moves()) continue;
                if (!*over && is_over(seen, call.now)) continue;
                list_one(out, seen, call.now);
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// /v1/airspace: boundaries and zones as each party asserts them, released to named parties, amended
// and withdrawn; listed side by side with how they differ, and shown version by version.
#include "base/encode.h"
#include "base/limits.h"
#include "formats/airspace.h"
#include "net/dealing.h"
#include "net/problem.h"
#include "node/compose_airspace.h"

namespace entente::net {
namespace {

namespace act = statement::act;

Response said(const Said& said, const std::vector<std::string>& ignored) {
    formats::JsonOut out;
    out.object([&] { said_members(out, said, ignored); });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    response.headers.emplace_back("Location", "/v1/airspace/" + said.id.text());
    return response;
}

/// The one that the path names, if it is here.
std::optional<view::SeenAirspace> named(const Moment& moment, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    return id ? view::find_airspace(moment.state.snapshot, *id) : std::nullopt;
}

struct Next {
    node::AirspaceDraft draft;
    std::vector<std::string> ignored;
};

Result<Next> next_of(const formats::Json& json, const view::SeenAirspace& seen) {
    TRYV(only_members(
        json, {"act", "plan", "name", "contact", "frequency", "language", "text", "accuracy_m"}));
    Next out;
    TRY(what, text_member(json, "act"));
    out.draft.act = std::move(what);
    if (out.draft.act == act::withdraw) {
        TRYV(only_members(json, {"act"}));
        return out;
    }
    if (out.draft.act != act::amend) return fail(Errc::malformed, "act: one of amend, withdraw");
    TRY(read, formats::read_airspace(json, seen.airspace()));
    out.draft.airspace = std::move(read.airspace);
    out.ignored = std::move(read.ignored);
    return out;
}

}  // namespace

Response list_airspace(Api& api, const Call& call) {
    if (auto known = call.target.only({"withdrawn"}); !known) return problem(known.error());
    const auto withdrawn = call.target.yes("withdrawn");
    if (!withdrawn) return problem(withdrawn.error());
    const auto moment = api.desk().moment();
    formats::JsonOut out;
    formats::airspace_groups(out, view::airspaces(moment->state.snapshot), *withdrawn,
                             LiveDesk::stated_max);
    return ok("application/json", out.text() + "\n");
}

Response add_airspace(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    if (auto good = only_members(*json, {"plan", "name", "contact", "frequency", "language", "text",
                                         "accuracy_m", "to"});
        !good) {
        return problem(good.error());
    }
    auto audience = parties_in(api.desk().moment()->view, *json);
    if (!audience) return problem(audience.error());
    if (!audience->empty() && !call.who.may(Right::release)) {
        return problem(403, "forbidden", "your roles may say this, and release it to nobody");
    }
    auto read = formats::read_airspace(*json, nullptr);
    if (!read) return problem(read.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            return node::compose_airspace(author, {act::add, *actor, read->airspace}, nullptr, now,
                                          random);
        },
        std::move(*audience));
    return result ? said(*result, read->ignored) : problem(result.error());
}

Response follow_airspace(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    const auto next = next_of(*json, *seen);
    if (!next) return problem(next.error());
    if (!seen->in_own_log()) {
        return problem({Errc::refused,
                        "only its author says anything of a boundary or zone, in the log that it "
                        "stands in; add your own version of it under the same name"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const RecordId id = seen->id();
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot& snapshot, Instant now,
            const Random& random, const Desk::Inside&) -> Result<node::Composed> {
            const auto slot = snapshot.dealings().find(id);
            if (!slot) return fail(Errc::not_found, "no airspace " + id.text());
            const registry::Dealing& dealing = snapshot.dealings().at(*slot);
            // What is left out stays as it was seen, so nobody may have changed it since.
            if (dealing.versions.back().number != seen->version()) {
                return fail(Errc::stale, "airspace " + id.text() + " is at version " +
                                             std::to_string(dealing.versions.back().number) +
                                             " by now; look at it again");
            }
            node::AirspaceDraft draft = next->draft;
            draft.actor = *actor;
            return node::compose_airspace(author, std::move(draft), &dealing, now, random);
        },
        {});
    return result ? said(*result, next->ignored) : problem(result.error());
}

Response show_airspace(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    formats::JsonOut out;
    out.object([&] { formats::airspace_members(out, *seen, true); });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

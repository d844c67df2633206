// SPDX-License-Identifier: Apache-2.0
// /v1/checks: checks that are kept sealed, so that their author can prove later that it asked, and
// what it was told. Opened to others by /v1/releases.
#include <cmath>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "net/api.h"
#include "net/problem.h"
#include "net/saying.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

Result<check::Question> question_of(const formats::Json& json) {
    TRYV(only_members(json, {"plan", "margin_m"}));
    const formats::Json* plan_json = json.find("plan");
    if (plan_json == nullptr) return fail(Errc::malformed, "plan: is missing");
    auto plan = formats::read_plan(*plan_json);
    if (!plan) return at("plan", plan.error());
    check::Question out{std::move(plan->volumes), Metres{0}};
    TRY(margin, formats::length_member(json, "margin_m", limits::margin_dm_max));
    if (margin) out.margin = metres(*margin);
    return out;
}

void seen_members(formats::JsonOut& out, const view::SeenCheck& seen) {
    out.member("id", seen.id.text());
    out.member("party", seen.party.v);
    out.member("own", seen.own);
    out.member("leaf", to_base64(seen.leaf.view()));
    out.member("entry", seen.entry.v);
    out.member("time", format_rfc3339(seen.time));
    out.member("actor", seen.actor);
}

void said_members(formats::JsonOut& out, const statement::SealedCheck& check) {
    formats::checked_member(out, check.checked, true);
    out.member("margin_m", metres(check.margin).v);
    out.name("plan");
    formats::volumes_collection(out, check.volumes);
    out.name("touched");
    out.array([&] {
        for (const Hash& leaf : check.touched) out.value(to_base64(leaf.view()));
    });
}

Response said(const Said& said, const Moment& moment, const check::Answer& answer) {
    formats::JsonOut out;
    out.object([&] {
        out.member("id", said.id.text());
        out.member("entry", said.entry.v);
        out.member("tree_size", said.size.v);
        out.member("leaf", to_base64(said.leaf.view()));
        out.name("answer");
        out.raw(formats::answer_json(moment.view, answer));
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    response.headers.emplace_back("Location", "/v1/checks/" + said.id.text());
    response.headers.emplace_back("Entente-Verdict", check::name(answer.verdict));
    return response;
}

}  // namespace

Response seal_check(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    const auto question = question_of(*json);
    if (!question) return problem(question.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    thread_local index::Scratch scratch;
    const auto moment = api.desk().moment();
    const check::Answer answer = check::answer(moment->view, moment->state.index, scratch,
                                               *question, moment->state.as_of, call.now);
    std::vector<RecordId> found;
    for (const check::Finding& finding : answer.findings) found.push_back(finding.id);
    api.note_findings(call, found);
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            return node::compose_sealed_check(author, *question, answer, *actor, now, random);
        },
        {});
    return result ? said(*result, *moment, answer) : problem(result.error());
}

Response list_sealed_checks(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    formats::JsonOut out;
    out.object([&] {
        out.name("checks");
        out.array([&] {
            for (const view::SeenCheck& seen : moment->view.sealed_checks()) {
                out.object([&] {
                    seen_members(out, seen);
                    out.member("verdict", seen.check != nullptr ? seen.check->checked.verdict : "");
                });
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response show_sealed_check(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto id = RecordId::parse(call.parameters[0]);
    const auto seen = id ? moment->view.find_sealed_check(*id) : std::nullopt;
    if (!seen) return problem(404, "not_found", "no such record in what you may see");
    formats::JsonOut out;
    out.object([&] {
        seen_members(out, *seen);
        if (seen->check != nullptr) said_members(out, *seen->check);
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// /v1/checks: checks that are kept sealed, so that their author can prove later that it asked, and
// what it was told. Opened to others by /v1/releases, and asked again by whoever holds one.
#include <charconv>
#include <cmath>
#include <mutex>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "net/api.h"
#include "net/problem.h"
#include "net/saying.h"
#include "node/compose_dealing.h"
#include "node/recheck.h"

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

/// The window that the query names, by entries of the author's log.
Result<node::RecheckWindow> window_of(const Target& target) {
    node::RecheckWindow out;
    for (const auto& [key, into] : {std::pair{"from", &out.begin}, std::pair{"until", &out.end}}) {
        if (!target.has(key)) continue;
        const std::string& text = target.value(key);
        std::uint64_t entry = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry);
        if (error != std::errc() || end != text.data() + text.size() || entry >> 53 != 0) {
            return fail(Errc::malformed, std::string(key) + ": the number of an entry");
        }
        *into = EntryIndex{entry};
    }
    return out;
}

/// Rows are read by the desk's thread, a few at a time, so that nobody waits for it who has
/// something to say; what they hold is opened and folded here.
Result<node::Rechecked> recheck(Desk& desk, const view::SeenCheck& seen,
                                const node::RecheckWindow& window) {
    // Each folds a second register: one at a time in this process, and who waits does not for ever.
    static std::timed_mutex one_at_a_time;
    const std::unique_lock alone(one_at_a_time, std::chrono::seconds(10));
    if (!alone.owns_lock()) {
        return fail(Errc::unavailable, "another sealed check is being asked again; ask later");
    }
    Result<node::Recheck> begun =
        fail(Errc::unavailable, "this node keeps no logs to compare with");
    TRYV(desk.inside([&](const Desk::Inside& inside) {
        if (inside.exchange != nullptr) {
            begun = node::Recheck::begin(*inside.exchange, seen, window);
        }
    }));
    if (!begun) return tl::unexpected(begun.error());
    while (const auto wanted = begun->wants()) {
        std::vector<node::StoredEntry> rows;
        Result<void> read;
        TRYV(desk.inside([&](const Desk::Inside& inside) {
            read = inside.exchange->store().scan(wanted->origin, wanted->begin, wanted->end,
                                                 [&](node::StoredEntry&& row) -> Result<void> {
                                                     rows.push_back(std::move(row));
                                                     return {};
                                                 });
        }));
        if (!read) return tl::unexpected(read.error());
        TRYV(begun->take(std::move(rows)));
    }
    return std::move(*begun).finish();
}

void leaves(formats::JsonOut& out, const char* key, const std::vector<Hash>& all) {
    out.name(key);
    out.array([&] {
        for (const Hash& leaf : all) out.value(to_base64(leaf.view()));
    });
}

void verified_members(formats::JsonOut& out, const view::SeenCheck& seen,
                      const node::Rechecked& said) {
    out.member("id", seen.id.text());
    out.member("party", seen.party.v);
    out.member("own", seen.own);
    out.member("word", node::name(said.word));
    out.name("stated");
    out.object([&] {
        out.member("verdict", seen.check->checked.verdict);
        out.member("touched", seen.check->checked.touched);
    });
    out.name("found");
    out.object([&] {
        out.name("verdict");
        if (said.found_verdict)
            out.value(check::name(*said.found_verdict));
        else
            out.null();
        out.member("touched", std::uint64_t{said.found});
    });
    out.member("verdict", node::name(said.verdict));
    out.member("agreed", std::uint64_t{said.agreed});
    leaves(out, "not_found", said.not_found);
    leaves(out, "not_stated", said.not_stated);
    leaves(out, "not_read", said.not_read);
    out.name("reasons");
    out.array([&] {
        for (const node::NotCompared& one : said.reasons) {
            out.object([&] {
                out.member("code", one.code);
                out.member("text", one.text);
                if (!one.party.v.empty()) out.member("party", one.party.v);
                if (one.count > 0) out.member("count", std::uint64_t{one.count});
            });
        }
    });
    out.name("window");
    out.object([&] {
        out.member("from", said.window_begin.v);
        out.member("until", said.window_end.v);
        out.member("sealed", std::uint64_t{said.sealed});
        out.member("unopened", std::uint64_t{said.unopened});
    });
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

Response verify_sealed_check(Api& api, const Call& call) {
    if (auto known = call.target.only({"from", "until"}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto id = RecordId::parse(call.parameters[0]);
    const auto seen = id ? moment->view.find_sealed_check(*id) : std::nullopt;
    if (!seen) return problem(404, "not_found", "no such record in what you may see");
    const auto window = window_of(call.target);
    if (!window) return problem(window.error());
    const auto said = recheck(api.desk(), *seen, *window);
    if (!said) return problem(said.error());
    formats::JsonOut out;
    out.object([&] { verified_members(out, *seen, *said); });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

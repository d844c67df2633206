// SPDX-License-Identifier: Apache-2.0
// /v1/activities: declared to named parties or sealed, amended, started, ended, cancelled; listed
// and shown with what they touch by now and what others replied; and replies to others' ones.
#include <algorithm>
#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/answer.h"
#include "net/dealing.h"
#include "net/problem.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

namespace act = statement::act;
using statement::ReplyWord;

index::Scratch& scratch() {
    thread_local index::Scratch one;
    return one;
}

/// What the volumes touch at this moment, and who else is there.
struct Looked {
    check::Answer answer;
    std::vector<check::Meeting> meetings;
};

Looked look(const Moment& moment, const check::Question& question,
            const std::optional<RecordId>& except, Instant now) {
    return {
        check::answer(moment.view, moment.state.index, scratch(), question, moment.state.as_of,
                      now),
        check::meetings(moment.view, moment.state.activities, scratch(), question, except, now)};
}

check::Question question_of(const statement::Activity& activity) {
    check::Question out;
    for (const geo::Place& place : activity.volumes) {
        out.volumes.push_back(place.volume);
        if (place.accuracy) out.margin = std::max(out.margin, metres(*place.accuracy));
    }
    return out;
}

void looked_members(formats::JsonOut& out, const Moment& moment, const Looked& looked) {
    out.name("answer");
    out.raw(formats::answer_json(moment.view, looked.answer));
    out.name("meetings");
    formats::meetings_array(out, moment.view, looked.meetings);
}

void note(Api& api, const Call& call, const check::Answer& answer) {
    std::vector<RecordId> found;
    for (const check::Finding& finding : answer.findings) found.push_back(finding.id);
    api.note_findings(call, found);
}

/// Declared to somebody, or sealed: nobody is left to guess which was meant.
Result<node::Audience> declared_to(const view::View& view, const formats::Json& json) {
    TRY(audience, parties_in(view, json));
    const formats::Json* sealed = json.find("sealed");
    if (sealed != nullptr && !sealed->is(formats::JsonKind::boolean)) {
        return fail(Errc::malformed, "sealed: true or false");
    }
    const bool is_sealed = sealed != nullptr && sealed->boolean;
    if (is_sealed == audience.empty()) return audience;
    return fail(Errc::malformed,
                is_sealed ? "sealed: it cannot be sealed and declared to somebody at once"
                          : "to: name the parties that it is declared to, or say \"sealed\": true");
}

Response said(const Said& said, const Moment& moment, const Looked* looked,
              const std::vector<std::string>& ignored) {
    formats::JsonOut out;
    out.object([&] {
        said_members(out, said, ignored);
        if (looked != nullptr) looked_members(out, moment, *looked);
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    response.headers.emplace_back("Location", "/v1/activities/" + said.id.text());
    if (looked != nullptr) {
        response.headers.emplace_back("Entente-Verdict", check::name(looked->answer.verdict));
    }
    return response;
}

/// The activity that the path names, if the reader may see it.
std::optional<view::SeenActivity> named(const Moment& moment, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    return id ? moment.view.find_activity(*id) : std::nullopt;
}

/// The parties that know it, and what it touches now: by the thread that logs, so that nothing
/// comes in between. Nothing for an end.
std::optional<check::Question> checks(const node::ActivityDraft& draft,
                                      const view::SeenActivity& seen, Instant now) {
    if (draft.act == act::amend) return question_of(draft.activity);
    return draft.act == act::start ? check::question_of(seen, now) : std::nullopt;
}

/// Where an amendment does not say how well its volumes are kept to, that stays as it was: else
/// less would be touched than before by a word that was left out. Of several the worst.
void keep_accuracy(statement::Activity& amended, const view::SeenActivity& before) {
    std::optional<Decimetres> worst;
    for (const geo::Place& place : before.volumes()) {
        if (place.accuracy && (!worst || *worst < *place.accuracy)) worst = place.accuracy;
    }
    for (geo::Place& place : amended.volumes) {
        if (!place.accuracy) place.accuracy = worst;
    }
}

Result<node::ActivityDraft> next_draft(const formats::Json& json,
                                       std::vector<std::string>& ignored) {
    TRYV(only_members(json, {"act", "plan", "name", "contact", "accuracy_m"}));
    node::ActivityDraft out;
    TRY(what, text_member(json, "act"));
    out.act = std::move(what);
    if (out.act != act::amend) {
        TRYV(only_members(json, {"act"}));
        if (out.act == act::start || out.act == act::end || out.act == act::cancel) return out;
        return fail(Errc::malformed, "act: one of amend, start, end, cancel");
    }
    TRY(read, formats::read_activity(json));
    out.activity = std::move(read.activity);
    ignored = std::move(read.ignored);
    return out;
}

/// What it touches only for whose roles may ask that.
void list_one(formats::JsonOut& out, const Moment& moment, const view::SeenActivity& seen,
              bool checks, Instant now) {
    out.object([&] {
        formats::activity_members(out, seen, false, now);
        out.member("replies", std::uint64_t{seen.replies().size()});
        const auto question = checks && view::may_happen(seen.state(now))
                                  ? check::question_of(seen, now)
                                  : std::optional<check::Question>();
        out.name("verdict");
        if (!question) {
            out.null();
            return;
        }
        const Looked looked = look(moment, *question, seen.id(), now);
        out.value(check::name(looked.answer.verdict));
        out.member("meets", std::uint64_t{looked.meetings.size()});
    });
}

}  // namespace

Response add_activity(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    if (auto good = only_members(*json, {"plan", "name", "contact", "accuracy_m", "to", "sealed"});
        !good) {
        return problem(good.error());
    }
    const auto moment = api.desk().moment();
    auto audience = declared_to(moment->view, *json);
    if (!audience) return problem(audience.error());
    auto read = formats::read_activity(*json);
    if (!read) return problem(read.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    std::set<PartyId> to;
    for (const auto& [party, tier] : *audience) to.insert(party);
    std::shared_ptr<const Moment> checked_at;
    Looked looked;
    // Checked by the thread that logs: nothing comes in between.
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            checked_at = api.desk().moment();
            looked = look(*checked_at, question_of(read->activity), {}, now);
            const node::ActivityDraft draft{act::add, *actor, read->activity,
                                            node::declared_of(looked.answer, to)};
            return node::compose_activity(author, draft, nullptr, now, random);
        },
        std::move(*audience));
    if (checked_at) note(api, call, looked.answer);
    return result ? said(*result, *checked_at, &looked, read->ignored) : problem(result.error());
}

Response follow_activity(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    std::vector<std::string> ignored;
    auto draft = next_draft(*json, ignored);
    if (!draft) return problem(draft.error());
    if (!seen->in_own_log()) {
        return problem({Errc::refused,
                        "only its author says anything of an activity, in the log "
                        "that it stands in; others reply to it"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    draft->actor = *actor;
    std::shared_ptr<const Moment> checked_at = moment;
    std::optional<Looked> looked;
    const RecordId id = seen->id();
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot& snapshot, Instant now,
            const Random& random, const Desk::Inside& inside) -> Result<node::Composed> {
            checked_at = api.desk().moment();
            const auto newest = checked_at->view.find_activity(id);
            const auto slot = snapshot.dealings().find(id);
            if (!newest || !slot) return fail(Errc::not_found, "no activity " + id.text());
            if (draft->act == act::amend) keep_accuracy(draft->activity, *newest);
            if (const auto question = checks(*draft, *newest, now)) {
                looked = look(*checked_at, *question, id, now);
                draft->checked = node::declared_of(looked->answer, readers(inside, id));
            }
            return node::compose_activity(author, *draft, &snapshot.dealings().at(*slot), now,
                                          random);
        },
        {});
    if (looked) note(api, call, looked->answer);
    if (!result) return problem(result.error());
    return said(*result, *checked_at, looked ? &*looked : nullptr, ignored);
}

Response list_activities(Api& api, const Call& call) {
    if (auto known = call.target.only({"over"}); !known) return problem(known.error());
    const auto over = call.target.yes("over");
    if (!over) return problem(over.error());
    const auto moment = api.desk().moment();
    formats::JsonOut out;
    out.object([&] {
        out.name("activities");
        out.array([&] {
            for (const view::SeenActivity& seen : moment->view.activities()) {
                const bool is_over = !view::may_happen(seen.state(call.now));
                if (!is_over || *over) {
                    list_one(out, *moment, seen, call.who.may(Right::check), call.now);
                }
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response show_activity(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const auto question = view::may_happen(seen->state(call.now))
                              ? check::question_of(*seen, call.now)
                              : std::optional<check::Question>();
    if (auto refused = api.audited(call, "activity", {seen->id()})) return *refused;
    formats::JsonOut out;
    out.object([&] {
        formats::activity_members(out, *seen, true, call.now);
        if (!question) return;
        const Looked looked = look(*moment, *question, seen->id(), call.now);
        note(api, call, looked.answer);
        looked_members(out, *moment, looked);
    });
    return ok("application/json", out.text() + "\n");
}

Response reply_to_activity(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    auto reply = reply_in(
        *json, {ReplyWord::noted, ReplyWord::accepted, ReplyWord::refused, ReplyWord::conflict});
    if (!reply) return problem(reply.error());
    reply->of = seen->id();
    reply->to = seen->leaf();
    if (seen->own()) return problem({Errc::refused, "it is this party's own: nobody to reply to"});
    const auto result = log_reply(api, call, std::move(*reply), seen->party());
    return result ? said(*result, *moment, nullptr, {}) : problem(result.error());
}

}  // namespace entente::net

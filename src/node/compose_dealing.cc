// SPDX-License-Identifier: Apache-2.0
#include "node/compose_dealing.h"

#include <algorithm>
#include <cmath>

#include "node/compose_alone.h"
#include "view/activity.h"

namespace entente::node {
namespace {

namespace act = statement::act;
using statement::Activity;

/// The record's newest content; Errc::refused where nothing more can be said of it.
Result<Activity> under_way(const registry::Dealing& dealing, Instant now) {
    const std::string id = "activity " + dealing.id.text();
    const statement::Dealt* said = dealing.said();
    const auto* activity = said == nullptr ? nullptr : std::get_if<Activity>(said);
    if (activity == nullptr) return fail(Errc::refused, id + " cannot be read here");
    const registry::DealingVersion& newest = dealing.versions.back();
    if (!newest.said) return fail(Errc::refused, id + " is over; declare a new one");
    // What was started and runs late is amended, or ended, until it lapses.
    if (view::may_happen_until(*activity) <= now) {
        return fail(Errc::refused, id + " is over since " + format_rfc3339(activity->end()) +
                                       "; declare a new one");
    }
    return *activity;
}

Result<void> not_over(const Activity& activity, Instant now) {
    if (activity.end() > now) return {};
    return fail(Errc::refused, "its last window has ended by " + format_rfc3339(activity.end()) +
                                   ": an activity is declared before it happens");
}

Result<Activity> started(Activity activity, Instant now) {
    if (activity.started) {
        return fail(Errc::refused,
                    "it has started already, at " + format_rfc3339(*activity.started));
    }
    const auto begins = [](const geo::Place& a, const geo::Place& b) {
        return *a.volume.window.start < *b.volume.window.start;
    };
    const auto& first = *std::min_element(activity.volumes.begin(), activity.volumes.end(), begins);
    if (now < *first.volume.window.start) {
        return fail(Errc::refused, "it is declared from " +
                                       format_rfc3339(*first.volume.window.start) +
                                       " on, and others know it by that: amend its windows before "
                                       "it starts earlier");
    }
    activity.started = now;
    return activity;
}

/// What the next version says; nothing for an end.
Result<std::optional<Activity>> next_of(const ActivityDraft& draft,
                                        const registry::Dealing* dealing, Instant now) {
    using Next = std::optional<Activity>;
    if (draft.act == act::add) {
        Activity out = draft.activity;
        out.started.reset();
        return Next(std::move(out));
    }
    if (dealing == nullptr) return fail(Errc::malformed, "which activity?");
    TRY(before, under_way(*dealing, now));
    if (draft.act == act::amend) {
        Activity out = draft.activity;
        out.started = before.started;
        return Next(std::move(out));
    }
    if (draft.act == act::start) {
        TRY(out, started(std::move(before), now));
        return Next(std::move(out));
    }
    if (draft.act == act::cancel) return Next();
    if (draft.act != act::end) {
        return fail(Errc::malformed,
                    "an activity is amended, started, ended or cancelled, not '" + draft.act + "'");
    }
    if (before.started) return Next();
    return fail(Errc::refused, "it has not started: cancel it");
}

statement::CheckedLog log_of(const check::Source& source) {
    return {source.origin, {source.size, source.root}, {source.released, source.released_root}};
}

}  // namespace

Result<Composed> compose_activity(const Author& author, const ActivityDraft& draft,
                                  const registry::Dealing* dealing, Instant now,
                                  const Random& random) {
    TRY(next, next_of(draft, dealing, now));
    if (next) {
        next->checked = draft.checked;
        TRYV(statement::validate(*next));
        TRYV(not_over(*next, now));
    }
    AloneDraft alone{statement::activity_kind, draft.act, draft.actor, {}, dealing};
    if (next) alone.said = std::move(*next);
    return compose_alone(author, std::move(alone), now, random);
}

Result<Composed> compose_reply(const Author& author, statement::Reply reply,
                               const std::string& actor, Instant now, const Random& random) {
    return compose_alone(
        author, {statement::reply_kind, act::add, actor, std::move(reply), nullptr}, now, random);
}

Result<Composed> compose_attempt(const Author& author, statement::Attempt attempt,
                                 const std::string& actor, Instant now, const Random& random) {
    return compose_alone(author,
                         {statement::attempt_kind, act::add, actor, std::move(attempt), nullptr},
                         now, random);
}

Result<Composed> compose_sealed_check(const Author& author, const check::Question& question,
                                      const check::Answer& answer, const std::string& actor,
                                      Instant now, const Random& random) {
    statement::SealedCheck said;
    for (const geo::Volume4D& volume : question.volumes) said.volumes.push_back({volume, {}, {}});
    // Rounded up: what is sealed is never less than what was asked.
    said.margin = {static_cast<std::int64_t>(std::ceil(question.margin.v * 10))};
    said.checked = checked_of(answer);
    for (const check::Finding& finding : answer.findings) said.touched.push_back(finding.leaf);
    std::sort(said.touched.begin(), said.touched.end());
    said.touched.erase(std::unique(said.touched.begin(), said.touched.end()), said.touched.end());
    return compose_alone(author,
                         {statement::sealed_check_kind, act::add, actor, std::move(said), nullptr},
                         now, random);
}

statement::Checked checked_of(const check::Answer& answer) {
    const check::AsOf& as_of = answer.as_of;
    statement::Checked out{as_of.asked_at,
                           as_of.charter,
                           check::rules_version,
                           check::name(answer.verdict),
                           static_cast<std::int64_t>(answer.findings_total),
                           {{as_of.origin, {as_of.size, as_of.root}, {}}}};
    for (const check::Source& source : as_of.sources) out.logs.push_back(log_of(source));
    return out;
}

statement::Checked declared_of(const check::Answer& answer, const std::set<PartyId>& to) {
    statement::Checked out = checked_of(answer);
    out.verdict = "unstated";
    out.touched = 0;
    for (std::size_t i = 0; i < answer.as_of.sources.size(); ++i) {
        if (!to.contains(answer.as_of.sources[i].party)) out.logs[i + 1].released = {};
    }
    return out;
}

}  // namespace entente::node

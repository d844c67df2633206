// SPDX-License-Identifier: Apache-2.0
#include "node/compose_challenge.h"

#include <algorithm>

#include "node/compose_alone.h"

namespace entente::node {
namespace {

namespace act = statement::act;
using statement::Challenge;

Result<Instant> clock_of(const std::optional<Instant>& wanted, Instant now) {
    const Instant at = wanted.value_or(now + answer_within);
    if (at >= now + answer_within_min && at <= now + answer_within_max) return at;
    return fail(Errc::malformed,
                "answer_by: at least an hour ahead and at most 90 days, which is from " +
                    format_rfc3339(now + answer_within_min) + " to " +
                    format_rfc3339(now + answer_within_max));
}

/// What was said last of it; Errc::refused where nothing more can be.
Result<const Challenge*> under_way(const registry::Dealing& dealing) {
    const std::string id = "challenge " + dealing.id.text();
    const statement::Dealt* said = dealing.said();
    const auto* challenge = said == nullptr ? nullptr : std::get_if<Challenge>(said);
    if (challenge == nullptr) return fail(Errc::refused, id + " cannot be read here");
    if (!dealing.versions.back().said) {
        return fail(Errc::refused, id + " is withdrawn; contest the record anew");
    }
    return challenge;
}

}  // namespace

Result<Composed> compose_challenge(const Author& author, ChallengeDraft draft,
                                   const registry::Dealing* dealing, Instant now,
                                   const Random& random) {
    AloneDraft alone{statement::challenge_kind, draft.act, draft.actor, {}, dealing};
    if (draft.act != act::add && dealing == nullptr) {
        return fail(Errc::malformed, "which challenge?");
    }
    if (draft.act == act::withdraw) {
        TRYV(under_way(*dealing));
        return compose_alone(author, std::move(alone), now, random);
    }
    if (draft.act != act::add && draft.act != act::amend) {
        return fail(Errc::malformed,
                    "a challenge is amended or withdrawn, not '" + draft.act + "'");
    }
    if (draft.act == act::amend) {
        TRY(before, under_way(*dealing));
        draft.challenge.of = before->of;
    }
    TRY(answer_by, clock_of(draft.answer_by, now));
    draft.challenge.answer_by = answer_by;
    TRYV(statement::validate(draft.challenge));
    alone.said = std::move(draft.challenge);
    return compose_alone(author, std::move(alone), now, random);
}

Result<Composed> compose_message(const Author& author, statement::Message message,
                                 const std::string& actor, Instant now, const Random& random) {
    return compose_alone(author,
                         {statement::message_kind, act::add, actor, std::move(message), nullptr},
                         now, random);
}

}  // namespace entente::node

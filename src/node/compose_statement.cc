// SPDX-License-Identifier: Apache-2.0
#include "node/compose_statement.h"

#include "node/compose_alone.h"

namespace entente::node {
namespace {

namespace act = statement::act;

/// Whether more can be said of it.
Result<void> goes_on(const registry::Dealing* dealing, const StatementDraft& draft) {
    if (dealing == nullptr) return fail(Errc::malformed, "which statement?");
    const registry::DealingVersion& newest = dealing->versions.back();
    const std::string id = dealing->kind() + " " + dealing->id.text();
    if (newest.act == act::withdraw) {
        return fail(Errc::refused,
                    id + " is withdrawn since " + format_rfc3339(newest.time) + "; add a new one");
    }
    const bool other = draft.act == act::amend && dealing->kind() != kind_of(draft.said);
    if (!other) return {};
    return fail(Errc::malformed, id + " cannot become a " + kind_of(draft.said));
}

/// A point that stands for a whole district covers none of it.
Result<void> may_be_torn(const statement::TearOf& of) {
    if (of.place_precision < statement::PlacePrecision::district) return {};
    for (const geo::Place& place : *of.volumes) {
        if (place.accuracy) continue;
        return fail(Errc::malformed,
                    "tear: its place is known no better than a district, and a point is no area: "
                    "say how well it is known (accuracy_m), or draw the area");
    }
    return {};
}

/// Who has a tear line is owed the next version's as well.
Result<std::optional<statement::Tear>> tear_of(const StatementDraft& draft,
                                               const registry::Dealing* dealing) {
    const registry::DealingVersion* shown = dealing != nullptr ? dealing->shown() : nullptr;
    const statement::Tear* before = shown != nullptr ? shown->tear.get() : nullptr;
    if (!draft.tear && before != nullptr) {
        return fail(Errc::malformed,
                    "tear: it has a tear line, which others may have: give its words anew");
    }
    if (!draft.tear) return std::optional<statement::Tear>();
    if (!statement::tears(kind_of(draft.said))) {
        return fail(Errc::malformed, std::string("tear: a ") + kind_of(draft.said) +
                                         " has none: only a report and an incident have");
    }
    const statement::TearOf of = statement::tear_of(draft.said);
    TRYV(may_be_torn(of));
    static const std::vector<geo::Place> none;
    return std::optional(
        statement::tear(of, *draft.tear, before != nullptr ? before->volumes : none));
}

/// What a position is on stays: what it said before goes on protecting (view/positions.h).
Result<void> keeps_its_subject(const registry::Dealing& dealing, const statement::Dealt& now) {
    const auto* position = std::get_if<statement::Position>(&now);
    const auto* said = dealing.said();
    const auto* before = said != nullptr ? std::get_if<statement::Position>(said) : nullptr;
    if (position == nullptr || before == nullptr) return {};
    if (position->group == before->group && position->point == before->point) return {};
    return fail(Errc::malformed, "a position stays on its group or point: add another one");
}

}  // namespace

Result<Composed> compose_statement(const Author& author, StatementDraft draft,
                                   const registry::Dealing* dealing, Instant now,
                                   const Random& random) {
    const bool adds = draft.act == act::add, withdraws = draft.act == act::withdraw;
    if (!adds && !withdraws && draft.act != act::amend) {
        return fail(Errc::malformed,
                    "a statement is amended or withdrawn, not '" + draft.act + "'");
    }
    if (!adds) TRYV(goes_on(dealing, draft));
    AloneDraft alone{adds || dealing == nullptr ? kind_of(draft.said) : dealing->kind().c_str(),
                     std::move(draft.act),
                     std::move(draft.actor),
                     {},
                     adds ? nullptr : dealing};
    if (withdraws) return compose_alone(author, std::move(alone), now, random);
    TRYV(statement::validate(draft.said));  // before a tear line is made of it
    if (draft.label) TRYV(statement::validate(*draft.label));
    if (!adds) TRYV(keeps_its_subject(*dealing, draft.said));
    TRY(tear, tear_of(draft, adds ? nullptr : dealing));
    alone.tear = std::move(tear);
    alone.label = statement::encode_label(draft.label);
    alone.said = std::move(draft.said);
    return compose_alone(author, std::move(alone), now, random);
}

}  // namespace entente::node

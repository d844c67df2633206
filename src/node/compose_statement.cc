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

/// A tear line once given is owed with every version to those who have it.
Result<std::optional<statement::Tear>> tear_of(const StatementDraft& draft) {
    std::optional<statement::Tear> out;
    if (!draft.tear) return out;
    if (!statement::tears(kind_of(draft.said))) {
        return fail(Errc::malformed, std::string("a ") + kind_of(draft.said) +
                                         " has no tear line: only a report and an incident have");
    }
    return std::optional(statement::tear(statement::tear_of(draft.said), *draft.tear));
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
    TRY(tear, tear_of(draft));
    alone.tear = std::move(tear);
    alone.label = statement::encode_label(draft.label);
    alone.said = std::move(draft.said);
    return compose_alone(author, std::move(alone), now, random);
}

}  // namespace entente::node

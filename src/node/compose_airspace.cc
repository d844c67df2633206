// SPDX-License-Identifier: Apache-2.0
#include "node/compose_airspace.h"

#include "node/compose_alone.h"

namespace entente::node {
namespace {

namespace act = statement::act;

/// Whether more can be said of it.
Result<void> goes_on(const registry::Dealing* dealing) {
    if (dealing == nullptr) return fail(Errc::malformed, "which boundary or zone?");
    const registry::DealingVersion& newest = dealing->versions.back();
    if (newest.act != act::withdraw) return {};
    return fail(Errc::refused, "airspace " + dealing->id.text() + " is withdrawn since " +
                                   format_rfc3339(newest.time) + "; add a new one");
}

}  // namespace

Result<Composed> compose_airspace(const Author& author, AirspaceDraft draft,
                                  const registry::Dealing* dealing, Instant now,
                                  const Random& random) {
    const bool adds = draft.act == act::add, withdraws = draft.act == act::withdraw;
    if (!adds && !withdraws && draft.act != act::amend) {
        return fail(Errc::malformed,
                    "a boundary or zone is amended or withdrawn, not '" + draft.act + "'");
    }
    if (!adds) TRYV(goes_on(dealing));
    AloneDraft alone{
        statement::airspace_kind, std::move(draft.act), std::move(draft.actor), {}, dealing};
    if (!withdraws) alone.said = std::move(draft.airspace);
    return compose_alone(author, std::move(alone), now, random);
}

}  // namespace entente::node

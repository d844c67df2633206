// SPDX-License-Identifier: Apache-2.0
// What the routes have in common that speak against what another does: /v1/objections, /v1/stops.
#pragma once

#include "net/body.h"
#include "view/view.h"

namespace entente::net {

/// The volumes of a plan as such a statement says them. `what` is its name in errors.
Result<std::vector<geo::Place>> bare_places(std::vector<geo::Volume4D> volumes, const char* what);
/// A party of the charter.
Result<PartyId> party_in(const view::View& view, const std::string& text);

/// How objections and STOPs are answered.
constexpr auto decisions = {statement::ReplyWord::noted, statement::ReplyWord::accepted,
                            statement::ReplyWord::refused};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// A boundary or zone through its life, as entries: added, amended, withdrawn. Nothing of it relaxes
// a protection, so nothing waits for finality or for officers.
//
//     TRY(composed, compose_airspace(author, {"add", actor, airspace}, nullptr, now, random));
#pragma once

#include "node/compose.h"
#include "registry/dealings.h"

namespace entente::node {

/// What is to be said of it. `airspace` counts for add and amend.
struct AirspaceDraft {
    std::string act;  // add, amend, withdraw
    std::string actor;
    statement::Airspace airspace = {};
};

/// `dealing` is what the draft follows: null for add. Errors are for the person who typed it:
/// Errc::refused or malformed with what to do.
Result<Composed> compose_airspace(const Author& author, AirspaceDraft draft,
                                  const registry::Dealing* dealing, Instant now,
                                  const Random& random);

}  // namespace entente::node

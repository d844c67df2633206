// SPDX-License-Identifier: Apache-2.0
// Statements with a head and an exact body and, but for a tear line, no coarse one: how their
// entries are made. For this room only.
#pragma once

#include "node/compose.h"
#include "registry/dealings.h"

namespace entente::node {

/// A version of a dealing.
struct AloneDraft {
    const char* kind;
    std::string act;
    std::string actor;
    std::optional<statement::Dealt> said;        // nothing: the act says all
    const registry::Dealing* follows = nullptr;  // null: version 1 of a new record
    std::optional<statement::Tear> tear = {};    // of a kind that tears, given coarsely
    Bytes label = {};                            // statement::encode_label
};

Result<Composed> compose_alone(const Author& author, AloneDraft draft, Instant now,
                               const Random& random);

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Challenges and hot-line messages as entries (statement/challenge.h, statement/message.h). Whether
// what is contested is another party's, and shown here, is who calls to know.
#pragma once

#include "node/compose.h"
#include "registry/dealings.h"

namespace entente::node {

/// The clock of a challenge: what it is where nobody says, and its bounds.
constexpr Duration answer_within = std::chrono::hours(72);
constexpr Duration answer_within_min = std::chrono::hours(1);
constexpr Duration answer_within_max = std::chrono::hours(24 * 90);

struct ChallengeDraft {
    std::string act;  // add, amend, withdraw
    std::string actor;
    statement::Challenge challenge;    // of an amendment `of` stays what it was
    std::optional<Instant> answer_by;  // absent: answer_within from now, of an amendment as well
};

/// `dealing` is what the draft follows: null for add. Errors are for the person who typed it.
Result<Composed> compose_challenge(const Author& author, ChallengeDraft draft,
                                   const registry::Dealing* dealing, Instant now,
                                   const Random& random);

Result<Composed> compose_message(const Author& author, statement::Message message,
                                 const std::string& actor, Instant now, const Random& random);

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Dealings as entries (statement/dealing.h): an activity through its life, and replies. Who speaks
// brings what it was checked against; whether that is still so is not this file's business.
//
//     TRY(composed, compose_activity(author, {.act = "add", …}, nullptr, now, random));
#pragma once

#include <set>

#include "check/answer.h"
#include "node/compose.h"
#include "registry/dealings.h"

namespace entente::node {

/// What is to be said of an activity. `activity` counts for add and amend, without `started` and
/// `checked`; `checked` for add, amend and start.
struct ActivityDraft {
    std::string act;  // add, amend, start, end, cancel
    std::string actor;
    statement::Activity activity;
    statement::Checked checked;
};

/// `dealing` is what the draft follows: null for add. Errors are for the person who typed it:
/// Errc::refused or malformed with what to do.
Result<Composed> compose_activity(const Author& author, const ActivityDraft& draft,
                                  const registry::Dealing* dealing, Instant now,
                                  const Random& random);

Result<Composed> compose_reply(const Author& author, statement::Reply reply,
                               const std::string& actor, Instant now, const Random& random);

/// What was tried to reach the desks of a STOP.
Result<Composed> compose_attempt(const Author& author, statement::Attempt attempt,
                                 const std::string& actor, Instant now, const Random& random);

/// A check that stays sealed: the question, and what `answer` said to it.
Result<Composed> compose_sealed_check(const Author& author, const check::Question& question,
                                      const check::Answer& answer, const std::string& actor,
                                      Instant now, const Random& random);

/// What an answer rests on, as a statement carries it.
statement::Checked checked_of(const check::Answer& answer);
/// The same for an activity, which several parties read: without what was touched, which may be
/// another's secret, and of lists of releases only those of the parties that it is declared to.
statement::Checked declared_of(const check::Answer& answer, const std::set<PartyId>& to);

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Challenges for programs: what somebody contests, in; what a reader sees of one, out.
#pragma once

#include "formats/json_out.h"
#include "statement/challenge.h"
#include "view/challenge.h"

namespace entente::formats {

/// What was sent of a challenge, and what was left out of it.
struct ReadChallenge {
    std::optional<statement::Grounds> grounds;
    std::optional<statement::Grade> grade;
    std::optional<std::string> text;
    std::optional<std::string> contact;
    std::optional<Instant> answer_by;
};

/// The members `grounds`, `grade`, `text`, `contact` and `answer_by`, each only where it stands.
/// Others are the caller's to judge.
Result<ReadChallenge> read_challenge(const Json& json);

/// id, party, own, what is contested and whose that is, grounds, grade, contact, and how it stands:
/// the clock; with `whole` also the words, what was said of it and what was replied.
void challenge_members(JsonOut& out, const view::SeenChallenge& seen, bool whole, Instant now);

}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
// What another party thinks of a report, an incident or an area of control: its own grade, whether
// it agrees or doubts, and why. It stands beside the author's grade and changes nothing of it.
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

constexpr const char* assessment_kind = "assessment";

enum class Opinion : std::uint8_t { cannot_judge, agrees, doubts, disagrees };
constexpr std::size_t opinion_count = 4;
const char* name(Opinion opinion);

struct Assessment {
    BodyKeys keys;
    std::optional<RecordId> of;  // never absent
    std::optional<Hash> leaf;    // leaf of the version that was assessed; never absent
    Opinion opinion = Opinion::cannot_judge;
    std::optional<Grade> grade;  // never absent; F6 where nothing can be judged
    std::string graded_by;       // the role
    std::string text;            // why; never empty where it doubts or disagrees
    std::string contact;
    bool operator==(const Assessment&) const = default;
};

void members(Members& m, Assessment& assessment);
Result<void> validate(const Assessment& assessment);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
// A report: what a party has seen, or was told, where and when, with its own grade (DESIGN 3). It
// restrains nothing and is nobody's target: no field says what to do about it. Corrected and
// withdrawn by its author alone; what others think of it are their assessments.
#pragma once

#include "statement/body.h"
#include "statement/source.h"

namespace entente::statement {

constexpr const char* report_kind = "report";

struct Report {
    BodyKeys keys;
    std::string topic;                   // what it is about, in a word or two; a line, never empty
    std::string text;                    // what was seen; never empty
    std::string language;                // BCP 47, of the text
    std::optional<Instant> from, until;  // when it was seen: [from, until)
    std::vector<geo::Place> volumes;     // where; with accuracy, without buffers
    std::string place;                   // where in words, as it was reported
    std::optional<Grade> grade;          // never absent
    std::string graded_by;               // the role that graded it
    std::optional<Instant> graded_at;
    std::vector<Source> sources;
    std::vector<RecordId> about;  // incidents, groups, protections that it speaks of, of anybody
    std::string contact;          // the role that can be asked; never empty
    bool operator==(const Report&) const = default;
};

void members(Members& m, Report& report);
Result<void> validate(const Report& report);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
// The tear line of a report or an incident: what those get who are given it coarsely (PROTOCOL 13
// in its spirit). The author writes the words; the area is the fixed cell around each exact place,
// and times are widened to hours. It is slot 2 of its entry, committed to with the rest, and who
// has the exact body is given it as well, so that both know the same.
#pragma once

#include "statement/body.h"
#include "statement/incident.h"

namespace entente::statement {

struct Tear {
    BodyKeys keys;
    std::string topic;
    std::string text;                    // may be empty: an area and a time alone
    std::optional<Instant> from, until;  // whole hours
    std::vector<geo::Place> volumes;     // areas, at all heights
    std::optional<Grade> grade;
    TimePrecision time_precision = TimePrecision::unstated;
    PlacePrecision place_precision = PlacePrecision::unstated;
    std::string contact;
    bool operator==(const Tear&) const = default;
};

void members(Members& m, Tear& tear);
Result<void> validate(const Tear& tear);

/// What may be torn off: where and when of an exact body, made coarse.
struct TearOf {
    std::string topic, contact;
    std::optional<Instant> from, until;
    const std::vector<geo::Place>* volumes;
    std::optional<Grade> grade;
    TimePrecision time_precision = TimePrecision::unstated;
    PlacePrecision place_precision = PlacePrecision::unstated;
};
/// `earlier`: the areas of the version before, or none. Each stays where it covers what is in its
/// place now, since one that moved along would say more with every version (PROTOCOL 13).
/// Preconditions: valid places.
Tear tear(const TearOf& of, std::string text, const std::vector<geo::Place>& earlier);

}  // namespace entente::statement

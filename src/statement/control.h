// SPDX-License-Identifier: Apache-2.0
// Who holds an area, as this party assesses it, in versions over time. Areas of several assessors
// stand side by side. It protects nothing and opens nothing: what is under somebody's control is
// no less protected.
#pragma once

#include "statement/body.h"
#include "statement/source.h"

namespace entente::statement {

constexpr const char* control_kind = "control";

enum class Holding : std::uint8_t { held, contested, unknown };
constexpr std::size_t holding_count = 3;
const char* name(Holding holding);

struct Control {
    BodyKeys keys;
    std::string area;                 // what the area is called; never empty
    std::vector<geo::Place> volumes;  // 1 to places_max
    std::optional<Actor> holder;      // never absent but where it is unknown
    Holding holding = Holding::held;
    std::optional<Instant> from, until;  // the time that is spoken of, [from, until)
    std::optional<Grade> grade;          // never absent
    std::vector<Source> sources;
    std::string text;
    std::string contact;
    bool operator==(const Control&) const = default;
};

void members(Members& m, Control& control);
Result<void> validate(const Control& control);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
// A movement (DESIGN 3): a convoy, vessel or flight, said as legs. It is a protection that is in
// another place from hour to hour: each leg that has not ended is one element of `where`, a line
// with its half-width, and its window there is as long as the leg protects. So whoever does not
// know the kind still sees where and when nothing must be struck (PROTOCOL 18).
//
//     Leg leg{.number = 1, .from = "Aleppo", .to = "Urum", .window = {start, end}};
//     movement.where.push_back(place_of(leg, std::move(place)));
//     movement.legs.push_back(std::move(leg));
//     TRYV(validate(movement));                      // statement/body.h
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "geo/shape.h"

namespace entente::statement {

constexpr const char* protection_kind = "protection";
constexpr const char* movement_kind = "movement";

/// A leg that was not ended protects so long past its window (PROTOCOL 21).
constexpr Duration leg_protects_after = std::chrono::hours(24);

/// What a person at the roadside or above would see; never who is in it. At most vehicles_max.
struct Vehicle {
    std::string callsign;  // one of its own in the movement; legs name it
    std::string type;
    std::string colour;
    std::string plate;
    std::string marking;  // as it shows by day, by night and in the heat picture
    bool operator==(const Vehicle&) const = default;
};
constexpr std::size_t vehicles_max = 64;

struct Leg {
    std::uint32_t number = 1;  // from 1, ascending; of one leg for as long as the movement lasts
    std::string from;          // what people call its ends; may be empty
    std::string to;
    geo::Window window;                 // as planned: [start, end), both stated
    std::vector<std::string> vehicles;  // callsigns
    std::optional<Instant> started;     // when it set out, as its author claims
    bool operator==(const Leg&) const = default;
};

/// From when to when a leg protects that has not ended: from its planned start, or its real one
/// where that was earlier, until 24 h past its planned end, which it may overrun.
geo::Window protects(const Leg& leg);
/// The element of `where` for a leg: `place` with the window in which it protects.
geo::Place place_of(const Leg& leg, geo::Place place);

struct Protection;

/// Whether leg `i` of one version and leg `k` of a later one are the same to whoever was told of
/// the one: place and hours, what its ends are called, the vehicles as they are described, class
/// and contact. That it has started changes nothing, unless it protects from earlier on.
bool same_leg(const Protection& a, std::size_t i, const Protection& b, std::size_t k);

}  // namespace entente::statement

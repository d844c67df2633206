// SPDX-License-Identifier: Apache-2.0
// Lengths and angles with their unit in the type. Signed bytes hold integers only (PROTOCOL 6:
// decimetres, 1e-7 degrees); floating point begins in geo and never comes back.
#pragma once

#include <compare>
#include <cstdint>

namespace entente {

/// An integer length or height in decimetres, as statements carry it.
struct Decimetres {
    std::int64_t v = 0;
    auto operator<=>(const Decimetres&) const = default;
    Decimetres operator+(Decimetres o) const { return {v + o.v}; }
};

/// A length in metres, for computing.
struct Metres {
    double v = 0;
    auto operator<=>(const Metres&) const = default;
    Metres operator+(Metres o) const { return {v + o.v}; }
    Metres operator-(Metres o) const { return {v - o.v}; }
};
inline Metres metres(Decimetres d) { return {static_cast<double>(d.v) / 10.0}; }

/// An angle in degrees.
struct Degrees {
    double v = 0;
    auto operator<=>(const Degrees&) const = default;
};

}  // namespace entente

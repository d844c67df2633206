// SPDX-License-Identifier: Apache-2.0
// A boundary or a zone as a party asserts it (DESIGN 3), in versions. Two parties' versions of one
// boundary stand side by side: neither is right because it is newer, and what a track did is said
// for each. It restrains nothing and opens nothing.
#pragma once

#include "statement/body.h"

namespace entente::statement {

constexpr const char* airspace_kind = "airspace";

struct Airspace {
    BodyKeys keys;
    /// The name that all parties use for one boundary or zone, by which versions are set side by
    /// side; a line.
    std::string name;
    std::string contact;    // the role that can be called about it
    std::string frequency;  // on which who comes near is called, and listens; may be empty
    std::string language;   // BCP 47, of those calls; may be empty
    std::string text;       // lines; may be empty
    /// What lies within, 1 to places_max; without buffers. `accuracy` is how well it is known.
    std::vector<geo::Place> volumes;
    bool operator==(const Airspace&) const = default;
};

Result<void> validate(const Airspace& airspace);

Bytes encode_airspace(const Airspace& airspace);
/// Form, limits and validate(). Members that are not known are passed over.
Result<Airspace> decode_airspace(BytesView bytes);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
// What the index keeps of an item so that it can be tested exactly and given back: a point in 36
// bytes where it fits, everything else as it came, made ready for distances.
#pragma once

#include <memory>
#include <optional>

#include "geo/prepared.h"
#include "index/index.h"

namespace entente::index {

/// An item that is a circle and whose numbers fit; its altitude reference is its group's.
struct PointRecord {
    std::int32_t lat_e7, lng_e7;
    std::uint32_t radius_dm, reach_dm;
    std::int32_t lower, upper;                         // open: the smallest, the largest number
    std::uint32_t start_low, end_low;                  // milliseconds + 2^47; open: 0 and all ones
    std::uint16_t start_high, end_high;
};
static_assert(sizeof(PointRecord) == 36);

/// Nothing if it does not fit. Loses nothing: unpack(pack(x)) is x, but for the reference of an open
/// band, which has no meaning.
std::optional<PointRecord> pack(const geo::Volume4D& volume, Metres reach);
geo::Volume4D unpack(const PointRecord& record, geo::AltitudeReference reference);
Metres reach_of(const PointRecord& record);

/// Any item, whole.
struct Whole {
    Slot slot = 0;
    std::uint32_t serial = 0;  // among the whole items of one base or one change
    geo::Volume4D volume;
    Metres reach;
    geo::Prepared shape;
};
using WholePtr = std::shared_ptr<const Whole>;
WholePtr make_whole(Slot slot, geo::Volume4D volume, Metres reach);

/// A question made ready: what every exact test of it needs.
struct Asked {
    const Question& question;
    geo::Prepared shape;
};

/// The touch rule, in full.
bool touches(const Asked& asked, const geo::Volume4D& volume, const geo::Prepared& shape,
             Metres reach);
bool touches(const Asked& asked, const PointRecord& record, geo::AltitudeReference reference);

}  // namespace entente::index

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
    std::int32_t lower, upper;         // open: the smallest, the largest number
    std::uint32_t start_low, end_low;  // milliseconds + 2^47; open: 0 and all ones
    std::uint16_t start_high, end_high;
};
static_assert(sizeof(PointRecord) == 36);

/// Nothing if it does not fit. Loses nothing: unpack(pack(x)) is x, but for the reference of an
/// open band, which has no meaning.
std::optional<PointRecord> pack(const geo::Volume4D& volume, Metres reach);
geo::Volume4D unpack(const PointRecord& record, geo::AltitudeReference reference);
Metres reach_of(const PointRecord& record);
/// Radius and reach together, in metres.
inline double point_reach(const PointRecord& record) {
    return (static_cast<double>(record.radius_dm) + record.reach_dm) / 10.0;
}

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

/// A question and what every exact test of it needs, made when it is first needed.
class Asked {
  public:
    explicit Asked(const Question& question) : question_(question) {}
    const Question& question() const { return question_; }
    const geo::Prepared& shape() const {
        if (!shape_) shape_.emplace(question_.volume.shape);
        return *shape_;
    }

  private:
    const Question& question_;
    mutable std::optional<geo::Prepared> shape_;
};

/// The part of the touch rule that is about heights and times.
bool overlaps(const Asked& asked, const geo::Volume4D& volume);
/// The touch rule, in full.
bool touches(const Asked& asked, const geo::Volume4D& volume, const geo::Prepared& shape,
             Metres reach);
bool touches(const Asked& asked, const PointRecord& record, geo::AltitudeReference reference);

}  // namespace entente::index

// SPDX-License-Identifier: Apache-2.0
// Where something moved, and when it was inside a volume that a party asserts: a border, a zone, a
// flight volume (DESIGN 3 "airspace"). Each version of a boundary is asked by itself, so that two
// parties' versions stand side by side, each with its own times.
//
// Between two fixes the thing is taken to move evenly along the straight line in longitude and
// latitude, its height evenly too. Where fixes lie further apart than `gap_max` nothing is said of
// the time between: it is listed as not known, never as outside. Shapes with edges lean up to
// geo::touch_padding towards inside. All times are the track's own. Pure; safe from any thread.
#pragma once

#include <optional>
#include <vector>

#include "geo/shape.h"

namespace entente::watch {

/// One position, as good as its source.
struct Fix {
    Instant time;
    geo::LatLng at;  // lng_e7 within ±180°; a track may cross the antimeridian
    std::optional<std::int64_t> height;  // as in geo::Band; absent: every height
    auto operator<=>(const Fix&) const = default;
};

/// Fixes in the order of their times, each once, in whatever order and how often they came: the
/// same set gives the same track. Two places at one time both stay.
class Track {
  public:
    Track(std::vector<Fix> fixes, geo::AltitudeReference reference);
    const std::vector<Fix>& fixes() const { return fixes_; }
    geo::AltitudeReference reference() const { return reference_; }

  private:
    std::vector<Fix> fixes_;
    geo::AltitudeReference reference_;
};

/// A time in the volume, both ends included. Entry and leaving between two fixes are rounded
/// outward, by less than 2 ms. A single fix inside is a stay of no length.
struct Stay {
    Instant from;
    Instant until;
    bool begun_before = false;  // it was inside at the first fix, or at the first behind a gap
    bool goes_on = false;       // it was inside at the last fix, or at the last before a gap
    bool operator==(const Stay&) const = default;
};

struct Presence {
    std::vector<Stay> stays;           // in order, disjoint
    std::vector<geo::Window> unknown;  // the gaps between fixes, as far as the volume's window goes
    bool operator==(const Presence&) const = default;
};

/// All stays together; what is not known is in none.
Duration total(const Presence& presence);

/// Further apart two fixes say nothing of the way between them.
constexpr Duration gap_max_default{60'000};

/// When the track was in the volume. Precondition: validate(volume) (geo/valid.h), gap_max > 0.
Presence presence(const Track& track, const geo::Volume4D& volume,
                  Duration gap_max = gap_max_default);

/// When a thing that goes on as it last moved will be in the volume, if it will within `horizon` of
/// its last fix: the warning time is that less now. It moves as between its last fix and the newest
/// one that is at least `over` older; without one nothing is predicted. In the volume already: the
/// time of the last fix. Precondition: validate(volume), horizon > 0, over > 0.
std::optional<Instant> predicted_entry(const Track& track, const geo::Volume4D& volume,
                                       Duration horizon, Duration over = Duration{10'000});

}  // namespace entente::watch

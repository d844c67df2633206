// SPDX-License-Identifier: Apache-2.0
// Where something moved, and when it was inside a volume that a party asserts: a border, a zone, a
// flight volume (DESIGN 3 "airspace"). Each version of a boundary is asked by itself, so that two
// parties' versions stand side by side, each with its own times.
//
// Between two fixes the thing is taken to move evenly along the straight line in longitude and
// latitude, its height evenly too. Where fixes lie further apart than `gap_max`, or that line
// strays more than 100 m from the geodesic (near a pole), nothing is said of the time between: it
// is listed as not known, never as outside. Shapes with edges lean up to geo::touch_padding towards
// inside. All times are the track's own. Pure; safe from any thread.
#pragma once

#include <optional>
#include <vector>

#include "geo/shape.h"

namespace entente::watch {

/// One position, as good as its source. Whoever reads one in has checked it: a latitude within
/// ±90°, a time within the years 0001 to 9999, a height within limits::altitude_dm_max.
struct Fix {
    Instant time;
    geo::LatLng at;  // lng_e7 within ±180°; a track may cross the antimeridian
    std::optional<std::int64_t> height;  // as in geo::Band; absent: every height
    auto operator<=>(const Fix&) const = default;
};

/// Fixes in the order of their times, each once, in whatever order and how often they came: the
/// same set gives the same track. Places at one time all stay: it may have been at each.
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
/// outward, by up to 1 ms and 2 cm. A single fix inside is a stay of no length.
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

/// What follows if a thing goes on as it last moved. It is not known how it moves where there is no
/// fix that is `over` older than the last one, or a gap between them: that is no "will not enter".
struct Prediction {
    bool known = false;
    std::optional<Instant> entry;  // the first time inside, from the last fix on
    bool operator==(const Prediction&) const = default;
};

/// Whether it will be in the volume within `horizon` of its last fix: the warning time is the entry
/// less now. It goes on as between its last fix and the newest that is at least `over` older, as
/// far as a pole or half a turn of longitude. What is inside at the last fix is there at once,
/// however it moves. Precondition: validate(volume), horizon, over and gap_max > 0.
Prediction predicted_entry(const Track& track, const geo::Volume4D& volume, Duration horizon,
                           Duration over = Duration{10'000}, Duration gap_max = gap_max_default);

}  // namespace entente::watch

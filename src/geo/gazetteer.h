// SPDX-License-Identifier: Apache-2.0
// Named places of the Earth, to say in words where a point is: a person who reads "4.3 km SW of
// Kunduz" notices a slip that digits hide.
//
//     TRY(gazetteer, Gazetteer::read(bytes));
//     if (auto near = gazetteer.nearest(point)) say(near->name);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "geo/shape.h"

namespace entente::geo {

struct NearPlace {
    std::string name;     // as GeoNames has it, with its country: "Kunduz, AF"
    Decimetres distance;  // of the point from the place, on the ellipsoid
    int bearing = 0;      // from the place to the point, whole degrees from true north, 0 to 359
};

/// Reading 170,000 places costs some ten milliseconds. Any thread may ask.
class Gazetteer {
  public:
    /// `bytes` as web/scripts/gazetteer.mjs packs them; they outlive it. Errc::malformed.
    static Result<Gazetteer> read(std::string_view bytes);
    Gazetteer(Gazetteer&&) noexcept;
    Gazetteer& operator=(Gazetteer&&) noexcept;
    ~Gazetteer();

    std::size_t size() const;
    /// The nearest on the sphere; none if there are no places.
    std::optional<NearPlace> nearest(LatLng at) const;

  private:
    struct Places;
    explicit Gazetteer(std::unique_ptr<Places> places);
    std::unique_ptr<Places> places_;
};

}  // namespace entente::geo

// SPDX-License-Identifier: Apache-2.0
// A tile in longitude and latitude: a quick look at whether a shape may be seen on it, before
// anything is drawn. Never wrong in saying no; degrees.
#pragma once

#include "formats/tile.h"

namespace entente::formats {

class TileBounds {
  public:
    /// `more` units around the tile belong to it.
    TileBounds(TileAddress address, double more);

    /// Whether anything within `reach` of the shape may lie on the tile.
    bool may_show(const geo::Shape& shape, Metres reach) const;

  private:
    bool meets(double low_lat, double high_lat, double west, double east, Metres width) const;
    bool meets(const std::vector<geo::LatLng>& points, bool closed, Metres width) const;

    double west_, east_, south_, north_;
};

}  // namespace entente::formats

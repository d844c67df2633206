// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_plane.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace entente::formats {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double cells = 4294967296.0;

/// The bits of v at the even places.
std::uint64_t spread(std::uint32_t v) {
    std::uint64_t x = v;
    x = (x | x << 16) & 0x0000FFFF0000FFFFu;
    x = (x | x << 8) & 0x00FF00FF00FF00FFu;
    x = (x | x << 4) & 0x0F0F0F0F0F0F0F0Fu;
    x = (x | x << 2) & 0x3333333333333333u;
    x = (x | x << 1) & 0x5555555555555555u;
    return x;
}

std::uint32_t gathered(std::uint64_t x) {
    x &= 0x5555555555555555u;
    x = (x | x >> 1) & 0x3333333333333333u;
    x = (x | x >> 2) & 0x0F0F0F0F0F0F0F0Fu;
    x = (x | x >> 4) & 0x00FF00FF00FF00FFu;
    x = (x | x >> 8) & 0x0000FFFF0000FFFFu;
    x = (x | x >> 16) & 0x00000000FFFFFFFFu;
    return static_cast<std::uint32_t>(x);
}

}  // namespace

PlanePoint to_plane(double lat_degrees, double lng_degrees) {
    const double lat = std::clamp(lat_degrees, -tile_latitude_max, tile_latitude_max);
    const double s = std::sin(lat * (pi / 180));
    const double y = 0.5 - std::log((1 + s) / (1 - s)) / (4 * pi);
    return {lng_degrees / 360 + 0.5, std::clamp(y, 0.0, 1.0)};
}

double plane_latitude(double y) {
    const double up = pi * (1 - 2 * std::clamp(y, 0.0, 1.0));
    return std::atan(std::sinh(up)) * (180 / pi);
}

double plane_per_metre(double lat_degrees) {
    const double lat = std::min(std::abs(lat_degrees), tile_latitude_max);
    return 1.00674 / (tile_equator_m * std::cos(lat * (pi / 180)));
}

PlaneCell cell_of(PlanePoint p) {
    const double x = (p.x - std::floor(p.x)) * cells;
    const double y = std::clamp(p.y, 0.0, 1.0) * cells;
    return {static_cast<std::uint32_t>(std::min(x, cells - 1)),
            static_cast<std::uint32_t>(std::min(y, cells - 1))};
}

std::uint64_t morton(PlaneCell cell) { return spread(cell.x) | spread(cell.y) << 1; }

PlaneCell cell_of_morton(std::uint64_t code) { return {gathered(code), gathered(code >> 1)}; }

}  // namespace entente::formats

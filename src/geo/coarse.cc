// SPDX-License-Identifier: Apache-2.0
// "Covers" is tested on boxes: the box around the shape and its reach lies in the grown cell. For
// circles that is the exact condition, for others the box is what an outsider sees anyway.
#include "geo/coarse.h"

#include <algorithm>
#include <cstdlib>

#include "geo/covers.h"
#include "geo/ring.h"

namespace entente::geo {

namespace {

constexpr std::int64_t degree_e7 = 10'000'000;
constexpr std::int64_t row_e7 = degree_e7 / 100;
constexpr std::int64_t cap_e7 = 89 * degree_e7;
constexpr std::int64_t quarter_e7 = 90 * degree_e7;
constexpr double growth_max = 20'040'000;  // metres: from here every point of the Earth is reached

std::int64_t floor_to(std::int64_t v, std::int64_t step) {
    const std::int64_t rest = v % step;
    return v - (rest < 0 ? rest + step : rest);
}

// The cell that holds the point: south and west edges belong to it.
Box cell(LatLng p) {
    const auto lat32 = [](std::int64_t v) { return static_cast<std::int32_t>(v); };
    if (p.lat_e7 >= cap_e7) {
        return {-turn_e7 / 2, lat32(cap_e7), turn_e7 / 2, lat32(quarter_e7)};
    }
    const std::int64_t south = floor_to(p.lat_e7, row_e7);
    const std::int64_t north = south + row_e7;
    if (north <= -cap_e7) {
        return {-turn_e7 / 2, lat32(-quarter_e7), turn_e7 / 2, lat32(-cap_e7)};
    }
    // The row's edge nearer the equator decides, so that the grid is the same north and south.
    const std::int64_t lat = south >= 0 ? south : -north;
    std::int64_t column = row_e7;
    for (const std::int64_t bound : {60, 75, 82}) {
        if (lat >= bound * degree_e7) column *= 2;
    }
    // 360° is a multiple of every column, so columns meet at the antimeridian.
    const std::int64_t west = floor_to(p.lng_e7 + turn_e7 / 2, column) - turn_e7 / 2;
    const std::int64_t turns = floor_to(west + turn_e7 / 2, turn_e7);
    return {west - turns, lat32(south), west - turns + column, lat32(north)};
}

LatLng center(const Shape& shape) {
    if (const auto* circle = std::get_if<Circle>(&shape)) return circle->center;
    Shape bare = shape;
    if (auto* corridor = std::get_if<Corridor>(&bare)) corridor->half_width = {0};
    const Box box = bounding_box(bare);
    if (box.east - box.west >= turn_e7) {
        // Around a pole the pole is the centre.
        if (box.north == quarter_e7 && box.south > -quarter_e7) return {box.north, 0};
        if (box.south == -quarter_e7 && box.north < quarter_e7) return {box.south, 0};
    }
    const std::int64_t lat = floor_to(std::int64_t{box.south} + box.north, 2) / 2;
    return {static_cast<std::int32_t>(lat), floor_to(box.west + box.east, 2) / 2};
}

double next_growth(double metres) {
    for (const double step : {500.0, 1000.0, 2000.0, 5000.0, 10'000.0}) {
        if (metres < step) return step;
    }
    return metres + 10'000;
}

}  // namespace

Coarse coarse(const Shape& shape, Metres reach) {
    const Box inner = bounding_box(shape, reach);
    const Area start = area_of(cell(center(shape)));
    double grown = 0;
    while (grown < growth_max) {
        grown = next_growth(grown);
        const Box box = bounding_box(start, {grown});
        if (contains(box, inner)) return {area_of(box), {grown}};
    }
    return {area_of({-turn_e7 / 2, static_cast<std::int32_t>(-quarter_e7), turn_e7 / 2,
                     static_cast<std::int32_t>(quarter_e7)}),
            {grown}};
}

bool area_covers(const Area& area, const Shape& shape, Metres reach) {
    if (const std::optional<Box> box = box_of(area)) {
        return contains(*box, bounding_box(shape, reach));
    }
    return covers(Shape(area), {0}, shape, reach);
}

Window whole_hours(const Window& window) {
    Window out;
    if (window.start) out.start = std::chrono::floor<std::chrono::hours>(*window.start);
    if (window.end) out.end = std::chrono::ceil<std::chrono::hours>(*window.end);
    return out;
}

Volume4D coarse_volume(const Volume4D& volume, Metres reach, const Shape* before) {
    const auto* kept = before != nullptr ? std::get_if<Area>(before) : nullptr;
    const bool stays = kept != nullptr && area_covers(*kept, volume.shape, reach);
    Volume4D out;
    out.shape = stays ? *kept : coarse_area(volume.shape, reach);
    out.window = whole_hours(volume.window);
    return out;
}

}  // namespace entente::geo

// SPDX-License-Identifier: Apache-2.0
#include "evidence/words.h"

#include <algorithm>

#include "evidence/verify.h"

namespace entente::evidence {
namespace {

std::string degrees_text(std::int64_t e7) {
    const std::uint64_t n =
        e7 < 0 ? -static_cast<std::uint64_t>(e7) : static_cast<std::uint64_t>(e7);
    std::string low = std::to_string(n % 10'000'000);
    low.insert(0, 7 - low.size(), '0');
    return (e7 < 0 ? "-" : "") + std::to_string(n / 10'000'000) + "." + low;
}

std::string metres_text(Decimetres length) {
    const std::string tenths =
        length.v % 10 != 0 ? "." + std::to_string(std::abs(length.v % 10)) : "";
    return std::to_string(length.v / 10) + tenths + " m";
}

std::string shape_text(const geo::Circle& circle) {
    return "within " + metres_text(circle.radius) + " of " + point_text(circle.center);
}

std::string shape_text(const geo::Corridor& corridor) {
    if (corridor.line.empty()) return "a line without points";
    return "within " + metres_text(corridor.half_width) + " of a line of " +
           std::to_string(corridor.line.size()) + " points from " +
           point_text(corridor.line.front()) + " to " + point_text(corridor.line.back());
}

std::string shape_text(const geo::Area& area) {
    std::vector<geo::LatLng> points;
    for (const geo::Polygon& polygon : area.polygons) {
        const auto& outer = polygon.outer.points;
        points.insert(points.end(), outer.begin(), outer.end());
    }
    if (points.empty()) return "an area without points";
    geo::LatLng low = points.front(), high = points.front();
    for (const geo::LatLng& point : points) {
        low = {std::min(low.lat_e7, point.lat_e7), std::min(low.lng_e7, point.lng_e7)};
        high = {std::max(high.lat_e7, point.lat_e7), std::max(high.lng_e7, point.lng_e7)};
    }
    return "an area of " + std::to_string(points.size()) + " points between " + point_text(low) +
           " and " + point_text(high);
}

}  // namespace

std::string point_text(const geo::LatLng& point) {
    return degrees_text(point.lat_e7) + ", " + degrees_text(point.lng_e7);
}

std::string place_text(const geo::Place& place) {
    std::string out =
        std::visit([](const auto& shape) { return shape_text(shape); }, place.volume.shape);
    if (place.buffer && place.buffer->v > 0) out += "; buffer " + metres_text(*place.buffer);
    const geo::Window& window = place.volume.window;
    if (window.start) out += "; from " + moment_text(*window.start);
    if (window.end) out += "; until " + moment_text(*window.end);
    return out;
}

std::string places_text(const std::vector<geo::Place>& places) {
    std::string out;
    for (const geo::Place& place : places) {
        out += (out.empty() ? "" : " and ") + place_text(place);
    }
    return out;
}

}  // namespace entente::evidence

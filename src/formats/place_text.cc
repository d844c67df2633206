// SPDX-License-Identifier: Apache-2.0
#include "formats/place_text.h"

#include <cstdio>

namespace entente::formats {

std::string metres_text(double metres) {
    char text[40];
    std::snprintf(text, sizeof text, "%.1f m", metres);
    return text;
}

std::string band_text(const geo::Band& band) {
    if (!band.lower && !band.upper) return "all heights";
    const bool levels = band.reference == geo::AltitudeReference::fl;
    auto end = [&](const std::optional<std::int64_t>& v) {
        if (!v) return std::string("open");
        return levels ? std::to_string(*v) : metres_text(static_cast<double>(*v) / 10.0);
    };
    constexpr const char* references[] = {"W84", "AGL", "AMSL", "FL"};
    return end(band.lower) + " to " + end(band.upper) + " " +
           references[static_cast<int>(band.reference)];
}

std::string window_text(const geo::Window& window) {
    if (!window.start && !window.end) return "at all times";
    return (window.start ? "from " + format_rfc3339(*window.start) : std::string("from the past")) +
           (window.end ? " until " + format_rfc3339(*window.end) : std::string(" without end"));
}

}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
#include "view/filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace entente::view {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool holds(const std::string& text, const std::string& wanted) {
    return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                       [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

bool mentions(const statement::Protection& p, const std::string& wanted) {
    return holds(p.ref, wanted) || holds(p.source, wanted) ||
           std::any_of(p.names.begin(), p.names.end(),
                       [&](const statement::Name& name) { return holds(name.text, wanted); });
}

}  // namespace

Result<geo::Box> parse_bbox(std::string_view text) {
    std::array<double, 4> v{};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::size_t i = 0; i < v.size(); ++i) {
        const auto [stop, error] = std::from_chars(at, end, v[i]);
        const bool last = i + 1 == v.size();
        if (error != std::errc() || !std::isfinite(v[i]) ||
            (last ? stop != end : stop == end || *stop != ',')) {
            return fail(Errc::malformed,
                        "bbox is WEST,SOUTH,EAST,NORTH in decimal degrees, for example "
                        "31.5,15.2,33.0,16.0");
        }
        at = stop + 1;
    }
    const auto [west, south, east, north] = v;
    if (std::abs(west) > 180 || std::abs(east) > 180 || std::abs(south) > 90 ||
        std::abs(north) > 90 || south > north) {
        return fail(Errc::malformed,
                    "bbox: longitudes within ±180, latitudes within ±90, south not above north");
    }
    auto e7 = [](double degrees) { return std::llround(degrees * 1e7); };
    const std::int64_t west_e7 = west == 180 ? -1'800'000'000 : e7(west);
    const std::int64_t east_e7 = e7(east);
    return geo::Box{west_e7, static_cast<std::int32_t>(e7(south)),
                    east_e7 < west_e7 ? east_e7 + 3'600'000'000 : east_e7,
                    static_cast<std::int32_t>(e7(north))};
}

Result<State> parse_state(std::string_view text) {
    std::string known;
    for (const State state : {State::in_force, State::unconfirmed, State::pending_relaxation,
                              State::not_understood, State::withdrawn}) {
        if (text == name(state)) return state;
        known += (known.empty() ? "" : ", ") + std::string(name(state));
    }
    return fail(Errc::malformed, "state: one of " + known);
}

Result<void> validate(const Filter& filter) {
    if (filter.protection_class.empty()) return {};
    auto known = statement::parse_class(filter.protection_class);
    if (!known) return tl::unexpected(known.error());
    return {};
}

bool passes(const Filter& filter, const Seen& seen, Instant now) {
    if (!filter.protection_class.empty() && seen.class_name() != filter.protection_class) {
        return false;
    }
    if (!filter.text.empty()) {
        // In what a list shows: else words, tried one by one, would tell what else is known.
        statement::Protection room;
        const statement::Protection* content = seen.listed(room);
        if (content == nullptr || !mentions(*content, filter.text)) return false;
    }
    const State state = seen.state(now);
    if (filter.state ? state != *filter.state : state == State::withdrawn) return false;
    if (!filter.box) return true;
    // By what a map shows: else boxes, ever smaller, would find out where an exact place is.
    const Drawn drawn = seen.drawn_ever();
    return std::any_of(drawn.places.begin(), drawn.places.end(), [&](const SeenPlace& place) {
        return place.until > now &&
               geo::intersects(*filter.box, geo::bounding_box(place.reached->place.volume.shape));
    });
}

}  // namespace entente::view

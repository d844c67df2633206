// SPDX-License-Identifier: Apache-2.0
#include "geo/gazetteer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "geo/distance.h"

namespace entente::geo {
namespace {

constexpr std::uint32_t magic = 0x314c5045;  // "EPL1"
constexpr std::size_t header_bytes = 16;
constexpr std::uint16_t area_mask = 0x7fff;
constexpr std::int64_t units_per_degree = 100'000;
constexpr std::int32_t e7_per_unit = 100;

/// Little-endian, at any alignment.
template <class Unsigned>
Unsigned read_at(std::string_view bytes, std::size_t at) {
    Unsigned out = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
        const auto byte = static_cast<std::uint8_t>(bytes[at + i]);
        out = static_cast<Unsigned>(out | static_cast<Unsigned>(Unsigned{byte} << (8 * i)));
    }
    return out;
}

std::size_t padded(std::size_t n) { return (n + 3) & ~std::size_t{3}; }

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t from = 0; from <= text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        out.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// The square of sin(x / 2): as x in [0, pi] grows, so does it.
double haversine(double x) { return std::sin(x / 2) * std::sin(x / 2); }

}  // namespace

struct Gazetteer::Places {
    std::string_view bytes;
    std::size_t count = 0;
    std::vector<std::string_view> names, areas;
    std::vector<std::uint32_t> south_to_north;

    std::int32_t column(std::size_t number, std::size_t i) const {
        return static_cast<std::int32_t>(
            read_at<std::uint32_t>(bytes, header_bytes + (number * count + i) * 4));
    }
    LatLng at(std::size_t i) const {
        return {column(0, i) * e7_per_unit, std::int64_t{column(1, i)} * e7_per_unit};
    }
    std::size_t area(std::size_t i) const {
        return read_at<std::uint16_t>(bytes, header_bytes + count * 8 + i * 2) & area_mask;
    }
    std::string name(std::size_t i) const {
        const std::string_view line = areas[area(i)];
        return std::string(names[i]) + ", " + std::string(line.substr(0, line.find('\t')));
    }
    Result<void> check() const;
    std::size_t nearest(LatLng to) const;
};

/// That every place has a position on Earth, a name and an area: asked once, when it is read.
Result<void> Gazetteer::Places::check() const {
    if (count > 0 && names.size() != count) {
        return fail(Errc::malformed, "the gazetteer: not one name for each place");
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (std::abs(std::int64_t{column(0, i)}) > 90 * units_per_degree ||
            std::abs(std::int64_t{column(1, i)}) > 180 * units_per_degree ||
            area(i) >= areas.size()) {
            return fail(Errc::malformed,
                        "the gazetteer: place " + std::to_string(i) + " is nowhere on Earth");
        }
    }
    return {};
}

/// Outward from its latitude, until no place so far north or south can be nearer. Precondition: one
/// there is.
std::size_t Gazetteer::Places::nearest(LatLng to) const {
    const double lat = radians(to.lat_e7 / 1e7),
                 lng = radians(static_cast<double>(to.lng_e7) / 1e7);
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    const auto look = [&](std::size_t i) {  // false: too far, and so is all behind it
        const LatLng place = at(i);
        const double there = radians(place.lat_e7 / 1e7);
        const double apart = haversine(there - lat);
        if (apart > least) return false;
        const double east = radians(static_cast<double>(place.lng_e7) / 1e7) - lng;
        const double way = apart + std::cos(lat) * std::cos(there) * haversine(east);
        if (way < least) {
            least = way;
            best = i;
        }
        return true;
    };
    const auto middle =
        std::partition_point(south_to_north.begin(), south_to_north.end(),
                             [&](std::size_t i) { return at(i).lat_e7 < to.lat_e7; });
    auto north = middle;
    auto south = std::make_reverse_iterator(middle);
    while (north != south_to_north.end() || south != south_to_north.rend()) {
        if (north != south_to_north.end()) {
            north = look(*north) ? north + 1 : south_to_north.end();
        }
        if (south != south_to_north.rend()) {
            south = look(*south) ? south + 1 : south_to_north.rend();
        }
    }
    return best;
}

Gazetteer::Gazetteer(std::unique_ptr<Places> places) : places_(std::move(places)) {}
Gazetteer::Gazetteer(Gazetteer&&) noexcept = default;
Gazetteer& Gazetteer::operator=(Gazetteer&&) noexcept = default;
Gazetteer::~Gazetteer() = default;

Result<Gazetteer> Gazetteer::read(std::string_view bytes) {
    if (bytes.size() < header_bytes || read_at<std::uint32_t>(bytes, 0) != magic) {
        return fail(Errc::malformed, "not a gazetteer");
    }
    auto out = std::make_unique<Places>();
    out->bytes = bytes;
    out->count = read_at<std::uint32_t>(bytes, 4);
    const std::size_t names = read_at<std::uint32_t>(bytes, 8);
    const std::size_t areas = read_at<std::uint32_t>(bytes, 12);
    const std::size_t texts = header_bytes + out->count * 8 + padded(out->count * 2);
    if (texts + padded(names) + areas != bytes.size()) {
        return fail(Errc::malformed, "the gazetteer: its sizes and its bytes do not agree");
    }
    out->names = lines_of(bytes.substr(texts, names));
    out->areas = lines_of(bytes.substr(texts + padded(names), areas));
    TRYV(out->check());
    std::vector<std::uint32_t>& order = out->south_to_north;
    order.resize(out->count);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return out->column(0, a) < out->column(0, b);
    });
    return Gazetteer(std::move(out));
}

std::size_t Gazetteer::size() const { return places_->count; }

std::optional<NearPlace> Gazetteer::nearest(LatLng at) const {
    if (places_->count == 0) return std::nullopt;
    const std::size_t place = places_->nearest(at);
    const Inverse way = inverse(places_->at(place), at);
    return NearPlace{places_->name(place),
                     {std::llround(way.distance.v * 10)},
                     static_cast<int>(std::lround(way.azimuth.v)) % 360};
}

}  // namespace entente::geo

// SPDX-License-Identifier: Apache-2.0
#include "formats/zone_parts.h"

#include <algorithm>
#include <cmath>

#include "base/decimal.h"
#include "base/limits.h"
#include "geo/band.h"

namespace entente::formats {
namespace {

tl::unexpected<Error> refuse(const std::string& path, std::string text) {
    return fail(Errc::malformed, path + ": " + std::move(text));
}

const Json* member(const Json& json, std::string_view name) {
    const Json* value = json.is(JsonKind::object) ? json.find(name) : nullptr;
    return value == nullptr || value->is(JsonKind::null) ? nullptr : value;
}

std::string upper_case(std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

/// Decimetres. A foot is 0.3048 m: 10^-4 of it is 3048 * 10^-7 dm.
Result<std::int64_t> decimetres(const Json& value, const std::string& path, Uom uom,
                                Rounding rounding) {
    if (!value.is(JsonKind::number) && !value.is(JsonKind::text)) {
        return refuse(path, std::string("expected a number, got ") + name(value.kind));
    }
    constexpr std::int64_t most = 1'000'000'000'000;  // of 10^-4 feet: 30,480 km
    if (uom == Uom::metres) {
        const auto out = parse_decimal(value.text, 1, rounding, Exponent::allowed);
        if (!out) return at(path, out.error());
        return *out;
    }
    const auto feet = parse_decimal(value.text, 4, rounding, Exponent::allowed);
    if (!feet) return at(path, feet.error());
    if (*feet > most || *feet < -most) return refuse(path, "is more than 100 million feet");
    const std::int64_t product = *feet * 3048;
    constexpr std::int64_t divisor = 10'000'000;
    std::int64_t out = product / divisor;  // towards nought
    if (rounding == Rounding::ceiling && product % divisor > 0) ++out;
    if (rounding == Rounding::floor && product % divisor < 0) --out;
    return out;
}

struct End {
    std::int64_t value = 0;
    geo::AltitudeReference reference = geo::AltitudeReference::w84;
};

Result<std::optional<End>> end_of(const Limit& limit, const std::string& path, Uom uom,
                                  Rounding rounding, std::vector<std::string>& widened) {
    if (limit.value == nullptr) return std::optional<End>();
    const std::string where = path + "." + limit.name;
    TRY(value, decimetres(*limit.value, where, uom, rounding));
    // Both formats write 99999 for "no upper limit" where a number must stand.
    constexpr std::int64_t unlimited = 99'999;
    if (rounding == Rounding::ceiling) {
        TRY(number, decimetres(*limit.value, where, Uom::metres, Rounding::floor));
        if (number >= unlimited * 10) return std::optional<End>();
    }
    const std::string reference = limit.reference ? upper_case(limit.reference->text) : "";
    if (reference == "AGL") return std::optional(End{value, geo::AltitudeReference::agl});
    if (reference == "AMSL") return std::optional(End{value, geo::AltitudeReference::amsl});
    if (reference == "WGS84") return std::optional(End{value, geo::AltitudeReference::w84});
    if (limit.reference == nullptr) {
        widened.push_back(where + ": says not from what it is measured, and is no limit here");
        return std::optional<End>();
    }
    return refuse(where, "its reference is " + quote_json(limit.reference->text.substr(0, 40)) +
                             "; expected AGL, AMSL or WGS84");
}

/// Whether a schedule says more than "at any time".
bool narrows(const Json& schedule) {
    const Json* days = member(schedule, "day");
    const auto any = [](const Json& day) { return upper_case(day.text) == "ANY"; };
    if (days != nullptr && !days->elements.empty() &&
        !std::all_of(days->elements.begin(), days->elements.end(), any)) {
        return true;
    }
    for (const char* name : {"startTime", "endTime", "startEvent", "endEvent"}) {
        if (member(schedule, name) != nullptr) return true;
    }
    return false;
}

Result<std::optional<Instant>> time_of(const Json& period, const char* name,
                                       const std::string& path) {
    const Json* value = member(period, name);
    if (value == nullptr) return std::optional<Instant>();
    const auto time = parse_rfc3339(value->text);
    if (!time) return at(path + "." + name, time.error());
    return std::optional(*time);
}

Result<geo::Window> window_of(const Json& period, const std::string& path,
                              std::vector<std::string>& widened) {
    if (!period.is(JsonKind::object)) return refuse(path, "expected an object: when the zone is");
    for (const char* name : {"schedule", "dailyPeriod"}) {
        const Json* hours = member(period, name);
        if (hours == nullptr) continue;
        if (std::any_of(hours->elements.begin(), hours->elements.end(), narrows)) {
            widened.push_back(path + "." + name +
                              ": set hours are not kept: the zone counts at all hours of its time");
        }
    }
    const Json* permanent = member(period, "permanent");
    if (permanent != nullptr && (upper_case(permanent->text) == "YES" || permanent->boolean)) {
        return geo::Window{};
    }
    TRY(start, time_of(period, "startDateTime", path));
    TRY(end, time_of(period, "endDateTime", path));
    return geo::Window{start, end};
}

}  // namespace

Result<Uom> uom_of(const Json* value, const std::string& path) {
    if (value == nullptr) return Uom::metres;
    const std::string text = upper_case(value->text);
    if (text == "M") return Uom::metres;
    if (text == "FT") return Uom::feet;
    return refuse(path, "expected M or FT, got " + quote_json(value->text.substr(0, 40)));
}

Result<Decimetres> radius_of(const Json* value, const std::string& path, Uom uom) {
    if (value == nullptr) return refuse(path, "is missing; a circle needs its radius");
    TRY(radius, decimetres(*value, path, uom, Rounding::ceiling));
    // -0.01 would round up to nothing, and is still less than nothing.
    if (radius > limits::radius_dm_max || value->text.starts_with('-')) {
        return refuse(path, value->text.substr(0, 40) + " is not between 0 and " +
                                format_decimal(limits::radius_dm_max, 1) + " metres");
    }
    return Decimetres{radius};
}

Result<geo::Band> band_of(const Limits& limits, const std::string& path,
                          std::vector<std::string>& widened) {
    TRY(lower, end_of(limits.lower, path, limits.uom, Rounding::floor, widened));
    TRY(upper, end_of(limits.upper, path, limits.uom, Rounding::ceiling, widened));
    geo::Band out;
    if (lower) out = {lower->value, {}, lower->reference};
    if (!upper) return out;
    if (!lower || lower->reference == upper->reference) {
        return geo::Band{out.lower, upper->value, upper->reference};
    }
    // Over the ellipsoid, by the bounds of what is on Earth.
    const auto low = geo::w84_enclosure(out).lower_m;
    const auto high = geo::w84_enclosure({{}, upper->value, upper->reference}).upper_m;
    widened.push_back(path + ": its limits are measured from two references; it counts from " +
                      std::to_string(std::llround(low)) + " to " +
                      std::to_string(std::llround(high)) + " m over the ellipsoid");
    return geo::Band{static_cast<std::int64_t>(std::floor(low * 10)),
                     static_cast<std::int64_t>(std::ceil(high * 10)), geo::AltitudeReference::w84};
}

Result<std::vector<geo::Window>> windows_of(const Json* list, const std::string& path,
                                            std::vector<std::string>& widened) {
    std::vector<geo::Window> out;
    if (list == nullptr) return std::vector<geo::Window>(1);
    if (!list->is(JsonKind::array)) return refuse(path, "expected an array");
    for (std::size_t i = 0; i < list->elements.size(); ++i) {
        TRY(window, window_of(list->elements[i], path + "[" + std::to_string(i) + "]", widened));
        out.push_back(window);
    }
    if (out.empty()) out.emplace_back();
    return out;
}

}  // namespace entente::formats

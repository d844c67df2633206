// SPDX-License-Identifier: Apache-2.0
#include "net/track_json.h"

#include <algorithm>
#include <charconv>

#include "base/decimal.h"
#include "base/limits.h"
#include "formats/json_out.h"
#include "formats/properties.h"

namespace entente::net {
namespace {

using formats::Json;
using formats::JsonKind;

tl::unexpected<Error> refuse(const char* member, std::string text) {
    return fail(Errc::malformed, std::string(member) + ": " + std::move(text));
}

Result<const Json*> needed(const Json& line, const char* name) {
    const Json* value = line.find(name);
    if (value == nullptr) return refuse(name, "is missing");
    return value;
}

Result<std::string> text_of(const Json& line, const char* name) {
    TRY(value, needed(line, name));
    if (!value->is(JsonKind::text)) return refuse(name, "expected a text");
    return value->text;
}

/// RFC 3339 with any offset, or milliseconds since 1970.
Result<Instant> time_of(const Json& line) {
    TRY(value, needed(line, "time"));
    if (value->is(JsonKind::text)) {
        const auto time = parse_rfc3339(value->text);
        if (!time) return at("time", time.error());
        return *time;
    }
    constexpr std::int64_t first_ms = 100'000'000'000;     // 1973: fewer are seconds, or no time
    constexpr std::int64_t last_ms = 100'000'000'000'000;  // 5138: more are microseconds
    std::int64_t ms = 0;
    const char* end = value->text.data() + value->text.size();
    const auto read = std::from_chars(value->text.data(), end, ms);
    if (!value->is(JsonKind::number) || read.ec != std::errc() || read.ptr != end ||
        ms < first_ms || ms > last_ms) {
        return refuse("time",
                      "expected a text like \"2015-11-24T07:24:05+05:30\", or whole milliseconds "
                      "since 1970");
    }
    return instant(ms);
}

Result<std::int64_t> degrees_of(const Json& line, const char* name, std::int64_t most_e7) {
    TRY(value, needed(line, name));
    if (!value->is(JsonKind::number)) return refuse(name, "expected a number of degrees");
    const auto e7 = parse_decimal(value->text, 7, Rounding::nearest, Exponent::allowed);
    if (!e7 || *e7 > most_e7 || *e7 < -most_e7) {
        return refuse(name, value->text.substr(0, 40) + " is beyond ±" +
                                std::to_string(most_e7 / 10'000'000) + "°");
    }
    return *e7;
}

Result<void> read_height(const Json& line, watch::Position& out) {
    const Json* altitude = line.find("altitude");
    const Json* reference = line.find("altitude_reference");
    if (altitude == nullptr || altitude->is(JsonKind::null)) return {};
    const auto known = reference ? formats::parse_reference(reference->text) : std::nullopt;
    if (!known) {
        return refuse("altitude_reference",
                      "an altitude could mean several heights: give W84, AGL, AMSL or FL; or leave "
                      "both out, and every height counts");
    }
    if (!altitude->is(JsonKind::number)) return refuse("altitude", "expected a number");
    out.reference = *known;
    const unsigned scale = *known == geo::AltitudeReference::fl ? 0 : 1;
    const auto height = parse_decimal(altitude->text, scale, Rounding::nearest, Exponent::allowed);
    if (!height || std::abs(*height) > limits::altitude_dm_max) {
        return refuse("altitude", "is beyond ±1,000 km (altitude_dm_max)");
    }
    out.fix.height = *height;
    return {};
}

Result<void> check_members(const Json& line) {
    static constexpr std::string_view known[] = {"track", "by",  "kind",     "time",
                                                 "lat",   "lon", "altitude", "altitude_reference"};
    for (const auto& [name, value] : line.members) {
        if (std::find(std::begin(known), std::end(known), name) != std::end(known)) continue;
        return fail(Errc::malformed, formats::quote_json(name.substr(0, 40)) +
                                         " means nothing here; a position has track, by, kind, "
                                         "time, lat, lon, altitude, altitude_reference");
    }
    return {};
}

}  // namespace

Result<watch::Position> read_position(BytesView line) {
    if (line.size() > track_line_bytes_max) {
        return fail(Errc::too_large, "the line has " + std::to_string(line.size()) +
                                         " bytes; at most " + std::to_string(track_line_bytes_max) +
                                         " (track_line_bytes_max)");
    }
    TRY(json, formats::parse_json(line, track_line_bytes_max));
    if (!json.is(JsonKind::object)) return fail(Errc::malformed, "expected an object a line");
    TRYV(check_members(json));
    watch::Position out;
    TRY(track, text_of(json, "track"));
    TRY(by, text_of(json, "by"));
    TRY(kind, text_of(json, "kind"));
    if (kind != "aircraft" && kind != "convoy") {
        return refuse(
            "kind", "expected aircraft or convoy, got " + formats::quote_json(kind.substr(0, 40)));
    }
    out.track = std::move(track);
    out.by = std::move(by);
    out.craft = kind == "convoy" ? watch::Craft::convoy : watch::Craft::aircraft;
    TRY(time, time_of(json));
    TRY(lat, degrees_of(json, "lat", 900'000'000));
    TRY(lon, degrees_of(json, "lon", 1'800'000'000));
    out.fix = {time, {static_cast<std::int32_t>(lat), lon}, {}};
    TRYV(read_height(json, out));
    return out;
}

void said_of_track(formats::JsonOut& out, const watch::Alert& alert) {
    const auto seconds = [&](const char* name, const std::optional<Duration>& d) {
        if (d) out.member(std::string_view(name), static_cast<double>(d->count()) / 1000);
    };
    out.member("id", alert.id);
    out.member("kind", watch::name(alert.kind));
    out.member("track", alert.track);
    out.member("by", alert.by);
    out.member("craft", watch::name(alert.craft));
    if (!alert.record.empty()) {
        out.member("record", alert.record);
    } else if (!alert.more.empty()) {
        out.member("more", alert.more);
        if (!alert.party.empty()) out.member("party", alert.party);
    } else {
        out.name("zone");
        out.object([&] {
            out.member("party", alert.party);
            out.member("id", alert.zone);
            out.member("version", alert.version);
            if (!alert.name.empty()) out.member("name", alert.name);
            if (!alert.leaf.empty()) out.member("leaf", alert.leaf);
        });
    }
    out.member("time", format_rfc3339(alert.time));
    seconds("inside_s", alert.inside);
    if (alert.inside) out.member("begun_before", alert.begun_before);
    if (alert.entry) out.member("entry", format_rfc3339(*alert.entry));
    seconds("warning_s", alert.warning);
    if (!alert.corrects.empty()) out.member("corrects", alert.corrects);
}

namespace {

std::string where_of(const watch::Alert& alert, const std::string& protects) {
    if (!alert.record.empty()) return protects;
    if (!alert.more.empty()) return alert.more + (alert.party.empty() ? "" : ", of " + alert.party);
    return (alert.name.empty() ? alert.zone : "\"" + alert.name + "\"") + " of " + alert.party +
           ", version " + alert.version;
}

/// Seconds with three decimals at most, at least so many where it had begun before.
std::string seconds_of(const watch::Alert& alert, const std::optional<Duration>& lasts) {
    const std::int64_t ms = lasts ? lasts->count() : 0;
    std::string out = std::to_string(ms / 1000) + "." + std::to_string(1000 + ms % 1000).substr(1);
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
    return (alert.begun_before ? "at least " : "") + out + " s";
}

std::string happened(const watch::Alert& alert, const std::string& where) {
    using Kind = watch::AlertKind;
    switch (alert.kind) {
        case Kind::entered: return "entered " + where;
        case Kind::found_inside: return "is inside " + where + "; it may have entered before";
        case Kind::left: return "left " + where + " after " + seconds_of(alert, alert.inside);
        case Kind::lost:
            return "was inside " + where + " for " + seconds_of(alert, alert.inside) +
                   "; what followed is not known";
        case Kind::will_enter:
            return "WILL ENTER " + where + " at " +
                   format_rfc3339(alert.entry.value_or(alert.time)) + ", in " +
                   seconds_of(alert, alert.warning) + ", if it goes on so";
        case Kind::turned_away: return "turned away from " + where;
        case Kind::corrected:
            return "did not do what was told of " + where + " (alert " + alert.corrects +
                   "): late positions show it";
        case Kind::untold: return "made " + where + "; look where it is";
    }
    return {};
}

}  // namespace

std::string words_of_track(const watch::Alert& alert, const std::string& protects) {
    return std::string(watch::name(alert.craft)) + " " + alert.track + " (" + alert.by + ") " +
           happened(alert, where_of(alert, protects)) + ", " + format_rfc3339(alert.time);
}

std::string alert_json(std::uint64_t number, const watch::Alert& alert) {
    formats::JsonOut out;
    out.object([&] {
        out.member("number", number);
        said_of_track(out, alert);
        out.name("newest");
        out.object([&] {
            out.member("time", format_rfc3339(alert.newest.time));
            out.member("lat", static_cast<double>(alert.newest.at.lat_e7) / 1e7);
            out.member("lon", static_cast<double>(alert.newest.at.lng_e7) / 1e7);
        });
    });
    return std::move(out).text();
}

}  // namespace entente::net

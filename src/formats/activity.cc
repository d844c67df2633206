// SPDX-License-Identifier: Apache-2.0
#include "formats/activity.h"

#include <cmath>

#include "base/decimal.h"
#include "base/encode.h"
#include "base/limits.h"
#include "formats/dealing.h"
#include "formats/geojson.h"
#include "formats/geometry.h"
#include "formats/properties.h"

namespace entente::formats {
namespace {

Result<std::string> text_or_empty(const Json& json, const char* key) {
    const Json* member = json.find(key);
    if (member == nullptr) return std::string();
    if (member->is(JsonKind::text)) return member->text;
    return fail(Errc::malformed, std::string(key) + ": expected a text");
}

void time_member(JsonOut& out, const char* key, const std::optional<Instant>& t) {
    out.name(key);
    if (t)
        out.value(format_rfc3339(*t));
    else
        out.null();
}

void window_member(JsonOut& out, const geo::Window& window) {
    out.object([&] {
        time_member(out, "start", window.start);
        time_member(out, "end", window.end);
    });
}

/// As a Feature, so that it can be checked and drawn as any plan.
void volume_feature(JsonOut& out, const geo::Place& place) {
    const geo::Volume4D& volume = place.volume;
    const bool levels = volume.band.reference == geo::AltitudeReference::fl;
    const auto height = [&](const char* key, const std::optional<std::int64_t>& v) {
        if (!v) return;
        out.name(key);
        levels ? out.value(*v) : out.value(static_cast<double>(*v) / 10);
    };
    out.object([&] {
        out.member("type", "Feature");
        out.name("geometry");
        out.raw(write_geometry(volume.shape));
        out.name("properties");
        out.object([&] {
            if (const auto* circle = std::get_if<geo::Circle>(&volume.shape)) {
                out.member("radius_m", metres(circle->radius).v);
            }
            if (const auto* corridor = std::get_if<geo::Corridor>(&volume.shape)) {
                out.member("half_width_m", metres(corridor->half_width).v);
            }
            height("altitude_lower", volume.band.lower);
            height("altitude_upper", volume.band.upper);
            if (volume.band.lower || volume.band.upper) {
                out.member("altitude_reference", formats::name(volume.band.reference));
            }
            if (volume.window.start) {
                out.member("time_start", format_rfc3339(*volume.window.start));
            }
            if (volume.window.end) out.member("time_end", format_rfc3339(*volume.window.end));
        });
    });
}

/// How well the worst kept of them is kept to, in metres; nothing where that is said of none.
std::optional<double> accuracy_of(const std::vector<geo::Place>& volumes) {
    std::optional<double> out;
    for (const geo::Place& place : volumes) {
        if (place.accuracy) out = std::max(out.value_or(0), metres(*place.accuracy).v);
    }
    return out;
}

void whole_members(JsonOut& out, const view::SeenActivity& seen) {
    const statement::Activity* activity = seen.activity();
    if (activity != nullptr) {
        time_member(out, "started", activity->started);
        checked_member(out, activity->checked, false);
    }
    out.name("plan");
    volumes_collection(out, seen.volumes());
    if (const auto accuracy = accuracy_of(seen.volumes())) out.member("accuracy_m", *accuracy);
    versions_member(out, seen.dealing());
    replies_member(out, seen.replies());
    if (seen.more_replies()) out.member("more_replies", true);
}

/// From the first start to the last end of its volumes.
geo::Window span_of(const statement::Activity& activity) {
    geo::Window out{activity.volumes.front().volume.window.start, activity.end()};
    for (const geo::Place& place : activity.volumes) {
        out.start = std::min(*out.start, *place.volume.window.start);
    }
    return out;
}

}  // namespace

Result<std::optional<Decimetres>> length_member(const Json& json, const char* key,
                                                std::int64_t most) {
    const Json* member = json.find(key);
    if (member == nullptr) return std::optional<Decimetres>();
    if (!member->is(JsonKind::number)) {
        return fail(Errc::malformed, std::string(key) + ": expected metres");
    }
    auto length = parse_decimal(member->text, 1, Rounding::ceiling, Exponent::allowed);
    if (!length) return at(key, length.error());
    if (*length >= 0 && *length <= most) return std::optional(Decimetres{*length});
    return fail(Errc::malformed,
                std::string(key) + " is 0 to " + std::to_string(most / 10) + " metres");
}

void volumes_collection(JsonOut& out, const std::vector<geo::Place>& volumes) {
    out.object([&] {
        out.member("type", "FeatureCollection");
        out.name("features");
        out.array([&] {
            for (const geo::Place& place : volumes) volume_feature(out, place);
        });
    });
}

void checked_member(JsonOut& out, const statement::Checked& checked, bool answered) {
    out.name("checked");
    out.object([&] {
        out.member("at", format_rfc3339(checked.asked_at));
        out.member("rules", checked.rules);
        if (answered) {
            out.member("verdict", checked.verdict);
            out.member("touched", checked.touched);
        }
        out.name("logs");
        out.array([&] {
            for (const statement::CheckedLog& log : checked.logs) {
                out.object([&] {
                    out.member("origin", log.origin.v);
                    out.member("size", log.head.size.v);
                    out.member("released", log.released.size.v);
                });
            }
        });
    });
}

Result<ReadActivity> read_activity(const Json& json) {
    const Json* plan_json = json.find("plan");
    if (plan_json == nullptr) return fail(Errc::malformed, "plan: is missing");
    auto plan = read_plan(*plan_json);
    if (!plan) return at("plan", plan.error());
    ReadActivity out;
    TRY(name, text_or_empty(json, "name"));
    TRY(contact, text_or_empty(json, "contact"));
    TRY(accuracy, length_member(json, "accuracy_m", limits::buffer_dm_max));
    out.activity.name = std::move(name);
    out.activity.contact = std::move(contact);
    for (geo::Volume4D& volume : plan->volumes) {
        out.activity.volumes.push_back({std::move(volume), {}, accuracy});
    }
    out.ignored = std::move(plan->ignored);
    return out;
}

void activity_members(JsonOut& out, const view::SeenActivity& seen, bool whole, Instant now) {
    const statement::Activity* activity = seen.activity();
    out.member("id", seen.id().text());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    out.member("name", activity != nullptr ? activity->name : "");
    out.member("contact", activity != nullptr ? activity->contact : "");
    out.member("state", view::name(seen.state(now)));
    out.member("version", seen.version());
    out.member("leaf", to_base64(seen.leaf().view()));
    const geo::Window span = activity != nullptr ? span_of(*activity) : geo::Window{};
    time_member(out, "from", span.start);
    time_member(out, "until", span.end);
    if (whole) whole_members(out, seen);
}

void meetings_array(JsonOut& out, const view::View& view,
                    const std::vector<check::Meeting>& meetings) {
    out.array([&] {
        for (const check::Meeting& met : meetings) {
            const view::SeenActivity other = view.activity(met.slot);
            const statement::Activity* activity = other.activity();
            out.object([&] {
                out.member("id", other.id().text());
                out.member("party", other.party().v);
                out.member("name", activity != nullptr ? activity->name : "");
                out.member("contact", activity != nullptr ? activity->contact : "");
                out.member("volume", std::uint64_t{met.volume});
                out.member("distance_m", std::round(met.distance.v * 10) / 10);
                out.name("time_overlap");
                window_member(out, met.time_overlap);
            });
        }
    });
}

}  // namespace entente::formats

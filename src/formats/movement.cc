// SPDX-License-Identifier: Apache-2.0
#include "formats/movement.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/printable.h"
#include "formats/feature_parts.h"
#include "formats/geometry.h"
#include "formats/json_out.h"
#include "geo/valid.h"

namespace entente::formats {
namespace {

using statement::Leg;
using statement::Protection;
using statement::Vehicle;

const std::vector<std::string>& names_of_all() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = {"ref",     "name",     "class", "source",
                                        "contact", "vehicles", "kind"};
        for (const auto& text : statement::text_field_names()) all.push_back(text);
        return all;
    }();
    return names;
}

const std::vector<std::string>& names_of_leg() {
    static const std::vector<std::string> names = {
        "leg",
        "from",
        "to",
        "vehicles",
        "half_width_m",
        "buffer_m",
        "accuracy_m",
        "altitude_lower",
        "altitude_upper",
        "altitude_reference",
        "time_start",
        "time_end",
        "started",
    };
    return names;
}

Result<const Json*> array_of(const Feature& feature, const char* name) {
    const Json* value = feature.property(name);
    if (value != nullptr && !value->is(JsonKind::array)) {
        return fail(Errc::malformed, feature.at(name) + ": expected an array");
    }
    return value;
}

Result<Vehicle> vehicle_of(const Json& json, const std::string& path) {
    if (!json.is(JsonKind::object)) {
        return fail(Errc::malformed, path + ": expected an object with a callsign");
    }
    Vehicle out;
    const std::pair<const char*, std::string*> members[] = {{"callsign", &out.callsign},
                                                            {"type", &out.type},
                                                            {"colour", &out.colour},
                                                            {"plate", &out.plate},
                                                            {"marking", &out.marking}};
    for (const auto& [key, value] : json.members) {
        std::string* into = nullptr;
        for (const auto& [name, member] : members) {
            if (key == name) into = member;
        }
        if (into == nullptr) {
            return fail(Errc::malformed, path + "." + key +
                                             ": a vehicle has callsign, type, colour, plate and "
                                             "marking");
        }
        if (value.is(JsonKind::null)) continue;
        if (!value.is(JsonKind::text) && !value.is(JsonKind::number)) {
            return fail(Errc::malformed, path + "." + key + ": expected a text");
        }
        *into = value.text;
    }
    return out;
}

Result<std::vector<Vehicle>> vehicles_of(const Feature& all) {
    std::vector<Vehicle> out;
    TRY(array, array_of(all, "vehicles"));
    if (array == nullptr) return out;
    for (std::size_t i = 0; i < array->elements.size(); ++i) {
        TRY(one, vehicle_of(array->elements[i], all.at("vehicles[" + std::to_string(i) + "]")));
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::vector<std::string>> callsigns_of(const Feature& leg) {
    std::vector<std::string> out;
    TRY(array, array_of(leg, "vehicles"));
    if (array == nullptr) return out;
    for (const Json& one : array->elements) {
        if (!one.is(JsonKind::text) && !one.is(JsonKind::number)) {
            return fail(Errc::malformed, leg.at("vehicles") + ": expected callsigns");
        }
        out.push_back(one.text);
    }
    return out;
}

Result<std::uint32_t> number_of(const Feature& leg, const Protection& movement) {
    const std::uint32_t next = movement.legs.empty() ? 1 : movement.legs.back().number + 1;
    TRY(text, text_property(leg, "leg"));
    if (text.empty()) return next;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < next ||
        number > INT32_MAX) {
        return fail(Errc::malformed, leg.at("leg") + ": a whole number, from " +
                                         std::to_string(next) + " on: legs stand in order");
    }
    return number;
}

Result<void> add_leg(const Json& json, const std::string& path, std::size_t& vertices,
                     ReadProtection& out) {
    TRY(feature, take_feature(json, path, names_of_leg(), out.ignored));
    TRYV(check_names(feature, names_of_leg(), out.ignored));
    Protection& movement = out.protection;
    TRY(place, place_of(feature, true, vertices));
    TRY(number, number_of(feature, movement));
    Leg leg;
    leg.number = number;
    leg.window = place.volume.window;
    for (const char* name : {"time_start", "time_end"}) {
        if (feature.property(name) != nullptr) continue;
        return fail(Errc::malformed, feature.at(name) + ": is missing; a leg has a window");
    }
    TRY(from, text_property(feature, "from"));
    TRY(to, text_property(feature, "to"));
    TRY(vehicles, callsigns_of(feature));
    leg.from = std::move(from);
    leg.to = std::move(to);
    leg.vehicles = std::move(vehicles);
    movement.where.push_back(statement::place_of(leg, std::move(place)));
    movement.legs.push_back(std::move(leg));
    return {};
}

/// The collection as if it were one Feature, for what its properties say.
Result<Feature> all_of(const Json& tree, std::vector<std::string>& ignored) {
    static const Json none{JsonKind::object, false, {}, {}, {}};
    Feature out;
    out.properties = &none;
    for (const auto& [key, value] : tree.members) {
        if (key == "properties" && value.is(JsonKind::object)) {
            out.properties = &value;
        } else if (nearly(key, names_of_all()) ||
                   std::find(names_of_all().begin(), names_of_all().end(), key) !=
                       names_of_all().end()) {
            return fail(Errc::malformed, key + ": stands beside properties; put it inside them");
        } else if (key != "type" && key != "features" && key != "bbox" && key != "id") {
            ignored.push_back(key);
        }
    }
    return out;
}

Instant hour_before(Instant t) { return std::chrono::floor<std::chrono::hours>(t); }
Instant hour_after(Instant t) {
    const Instant after = std::chrono::ceil<std::chrono::hours>(t);
    return geo::validate(geo::Window{{}, after}) ? after : t;  // no year 10000
}

std::string vehicles_json(const std::vector<Vehicle>& vehicles) {
    std::string out;
    for (const Vehicle& one : vehicles) {
        Writer members;
        members.text("callsign", one.callsign);
        members.text("type", one.type);
        members.text("colour", one.colour);
        members.text("plate", one.plate);
        members.text("marking", one.marking);
        out += (out.empty() ? "{" : ",{") + members.members() + "}";
    }
    return "[" + out + "]";
}

std::string leg_json(const Leg& leg, const geo::Place& place) {
    Writer out;
    out.raw("leg", std::to_string(leg.number));
    out.text("from", leg.from);
    out.text("to", leg.to);
    write_place(place, false, out);
    out.time("time_start", leg.window.start);
    out.time("time_end", leg.window.end);
    out.time("started", leg.started);
    std::string callsigns;
    for (const std::string& one : leg.vehicles) {
        callsigns += (callsigns.empty() ? "" : ",") + quote_json(one);
    }
    if (!callsigns.empty()) out.raw("vehicles", "[" + callsigns + "]");
    return "{\"type\":\"Feature\",\"geometry\":" + write_geometry(place.volume.shape) +
           ",\"properties\":{" + out.members() + "}}";
}

}  // namespace

Result<ReadProtection> read_movement(BytesView json) {
    TRY(tree, parse_json(json, limits::plan_bytes_max));
    return read_movement(tree);
}

Result<ReadProtection> read_movement(const Json& tree) {
    const Json* type = tree.is(JsonKind::object) ? tree.find("type") : nullptr;
    const Json* features = type != nullptr ? tree.find("features") : nullptr;
    if (type == nullptr || type->text != "FeatureCollection" || features == nullptr ||
        !features->is(JsonKind::array)) {
        return fail(Errc::malformed,
                    "type: a movement is a GeoJSON FeatureCollection, a Feature for each leg");
    }
    ReadProtection out;
    TRY(all, all_of(tree, out.ignored));
    TRYV(check_protection_names(all, names_of_all(), out.ignored));
    TRY(protection_class, class_property(all));
    out.protection.protection_class = protection_class;
    TRYV(read_texts(all, out.protection));
    TRY(vehicles, vehicles_of(all));
    out.protection.vehicles = std::move(vehicles);
    if (features->elements.empty() || features->elements.size() > limits::places_max) {
        return fail(Errc::malformed, "features: a movement has 1 to " +
                                         std::to_string(limits::places_max) + " legs (places_max)");
    }
    std::size_t vertices = 0;
    for (std::size_t i = 0; i < features->elements.size(); ++i) {
        TRYV(add_leg(features->elements[i], "features[" + std::to_string(i) + "]", vertices, out));
    }
    TRYV(statement::validate(out.protection));
    return out;
}

std::string write_movement(const Protection& movement, const std::string& id) {
    Writer out;
    out.text("kind", movement.kind());
    out.text("ref", movement.ref);
    write_names(movement, out);
    out.text("class", statement::name(movement.protection_class));
    out.text("contact", movement.contact);
    out.text("source", movement.source);
    for (const auto& [key, value] : movement.texts) out.text(key, value);
    if (!movement.vehicles.empty()) out.raw("vehicles", vehicles_json(movement.vehicles));
    std::string legs;
    for (std::size_t i = 0; i < movement.legs.size(); ++i) {
        legs += (i > 0 ? "," : "") + leg_json(movement.legs[i], movement.where[i]);
    }
    return "{\"type\":\"FeatureCollection\"," +
           (id.empty() ? "" : "\"id\":" + quote_json(id) + ",") + "\"properties\":{" +
           out.members() + "},\"features\":[" + legs + "]}";
}

std::string legs_json(const view::Seen& movement, bool whole, Instant now) {
    JsonOut out;
    out.array([&] {
        for (const view::SeenLeg& one : movement.legs()) {
            const Leg& leg = *one.leg;
            out.object([&] {
                out.member("leg", leg.number);
                out.member("state", view::name(one.state(now)));
                out.member("early", one.early());
                // As in a coarse body, where it is not all to be told.
                const Instant start = whole ? *leg.window.start : hour_before(*leg.window.start);
                const Instant end = whole ? *leg.window.end : hour_after(*leg.window.end);
                out.member("time_start", format_rfc3339(start));
                out.member("time_end", format_rfc3339(end));
                if (!whole) return;
                out.member("since_version", one.since);
                if (leg.started) out.member("started", format_rfc3339(*leg.started));
                if (one.ended) out.member("ended", format_rfc3339(*one.ended));
                if (one.ended && one.until > now) {
                    out.name("protects_until");
                    one.until == registry::never ? out.null()
                                                 : out.value(format_rfc3339(one.until));
                }
                out.member("from", leg.from);
                out.member("to", leg.to);
                out.name("vehicles");
                out.array([&] {
                    for (const std::string& callsign : leg.vehicles) out.value(callsign);
                });
            });
        }
    });
    return std::move(out).text();
}

std::string legs_text(const view::Seen& movement, Instant now) {
    std::string out;
    for (const view::SeenLeg& one : movement.legs()) {
        const Leg& leg = *one.leg;
        out += "  leg " + std::to_string(leg.number) + "  " +
               printable(leg.from.empty() && leg.to.empty() ? "" : leg.from + " to " + leg.to) +
               "  " + format_rfc3339(*leg.window.start) + " to " + format_rfc3339(*leg.window.end) +
               "  " + view::name(one.state(now));
        if (leg.started) out += ", started " + format_rfc3339(*leg.started);
        if (one.early()) out += " EARLY";
        if (one.ended) out += ", said " + format_rfc3339(*one.ended);
        if (one.ended && one.until > now) {
            out += one.until == registry::never ? ", protects until that is final"
                                                : ", protects until " + format_rfc3339(one.until);
        }
        std::string callsigns;
        for (const std::string& callsign : leg.vehicles) callsigns += " " + callsign;
        out += (callsigns.empty() ? "" : "  vehicles:" + printable(callsigns)) + "\n";
    }
    return out;
}

}  // namespace entente::formats

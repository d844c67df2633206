// SPDX-License-Identifier: Apache-2.0
#include "statement/movement.h"

#include <algorithm>
#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "statement/movement_codec.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

std::string named(const Leg& leg) { return "leg " + std::to_string(leg.number); }

Result<void> check_text(const std::string& text, const std::string& what) {
    if (text.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, what + " has more than text_bytes_max = " +
                                         std::to_string(limits::text_bytes_max) + " bytes");
    }
    if (!is_utf8(text) || text.find('\0') != std::string::npos) {
        return fail(Errc::malformed, what + " is not UTF-8, or has a zero byte in it");
    }
    return {};
}

Result<std::set<std::string>> check_vehicles(const std::vector<Vehicle>& vehicles) {
    if (vehicles.size() > vehicles_max) {
        return fail(Errc::too_large, "a movement has at most vehicles_max = " +
                                         std::to_string(vehicles_max) + " vehicles");
    }
    std::set<std::string> callsigns;
    for (const Vehicle& one : vehicles) {
        for (const std::string* text :
             {&one.callsign, &one.type, &one.colour, &one.plate, &one.marking}) {
            TRYV(check_text(*text, "a vehicle's text"));
        }
        if (one.callsign.empty()) {
            return fail(Errc::malformed, "a vehicle has no callsign; legs name vehicles by it");
        }
        if (!callsigns.insert(one.callsign).second) {
            return fail(Errc::malformed, "two vehicles are called '" + one.callsign + "'");
        }
    }
    return callsigns;
}

Result<void> check_leg(const Leg& leg, const geo::Place& place,
                       const std::set<std::string>& callsigns) {
    if (!std::holds_alternative<geo::Corridor>(place.volume.shape)) {
        return fail(Errc::malformed, named(leg) + " is no line");
    }
    if (!leg.window.start || !leg.window.end || !geo::validate(leg.window)) {
        return fail(Errc::malformed, named(leg) + " has no window: it starts, and ends later");
    }
    if (leg.started && !geo::validate(geo::Window{leg.started, {}})) {
        return fail(Errc::malformed, named(leg) + " started outside the years 0001 to 9999");
    }
    if (std::get<geo::Corridor>(place.volume.shape).line.size() < 2) {
        return fail(Errc::malformed, named(leg) + " is a line of less than two points");
    }
    if (leg.started && *leg.started >= *leg.window.end + leg_protects_after) {
        return fail(Errc::malformed, named(leg) +
                                         " started when it had stopped protecting; amend "
                                         "its window first");
    }
    if (place.volume.window != protects(leg)) {
        return fail(Errc::malformed, named(leg) +
                                         " has another window in 'where' than it protects "
                                         "in");
    }
    TRYV(check_text(leg.from, named(leg) + ": 'from'"));
    TRYV(check_text(leg.to, named(leg) + ": 'to'"));
    for (const std::string& callsign : leg.vehicles) {
        if (!callsigns.contains(callsign)) {
            return fail(Errc::malformed, named(leg) + " names the vehicle '" + callsign +
                                             "', which is none of the movement's");
        }
    }
    const std::set<std::string> once(leg.vehicles.begin(), leg.vehicles.end());
    if (once.size() < leg.vehicles.size()) {
        return fail(Errc::malformed, named(leg) + " names a vehicle twice");
    }
    return {};
}

/// The vehicles of a leg, in its order.
std::vector<Vehicle> described(const Protection& movement, const Leg& leg) {
    std::vector<Vehicle> out;
    for (const std::string& callsign : leg.vehicles) {
        for (const Vehicle& one : movement.vehicles) {
            if (one.callsign == callsign) out.push_back(one);
        }
    }
    return out;
}

Object encode_vehicle(const Vehicle& vehicle) {
    Object out;
    out.set("callsign", vehicle.callsign);
    if (!vehicle.colour.empty()) out.set("colour", vehicle.colour);
    if (!vehicle.marking.empty()) out.set("marking", vehicle.marking);
    if (!vehicle.plate.empty()) out.set("plate", vehicle.plate);
    if (!vehicle.type.empty()) out.set("type", vehicle.type);
    return out;
}

Result<Vehicle> decode_vehicle(const Value& value) {
    TRY(fields, Fields::of(value, "vehicle"));
    Vehicle out;
    TRY(callsign, fields.text("callsign"));
    TRY(colour, fields.text_or_empty("colour"));
    TRY(marking, fields.text_or_empty("marking"));
    TRY(plate, fields.text_or_empty("plate"));
    TRY(type, fields.text_or_empty("type"));
    return Vehicle{std::move(callsign), std::move(type), std::move(colour), std::move(plate),
                   std::move(marking)};
}

Object encode_leg(const Leg& leg) {
    Object out;
    if (!leg.from.empty()) out.set("from", leg.from);
    out.set("number", std::int64_t{leg.number});
    if (leg.started) out.set("started", millis(*leg.started));
    if (!leg.to.empty()) out.set("to", leg.to);
    Array vehicles;
    for (const std::string& callsign : leg.vehicles) vehicles.emplace_back(callsign);
    if (!vehicles.empty()) out.set("vehicles", std::move(vehicles));
    Object window;
    window.set("end", millis(*leg.window.end));
    window.set("start", millis(*leg.window.start));
    out.set("window", std::move(window));
    return out;
}

Result<std::vector<std::string>> decode_callsigns(const Fields& fields) {
    std::vector<std::string> out;
    if (!fields.has("vehicles")) return out;
    TRY(array, fields.array("vehicles"));
    if (array->size() > vehicles_max) return fail(Errc::too_large, "more than vehicles_max");
    for (const Value& value : *array) {
        if (value.text() == nullptr) return fail(Errc::malformed, "a callsign is text");
        out.push_back(*value.text());
    }
    return out;
}

Result<Leg> decode_leg(const Value& value) {
    TRY(fields, Fields::of(value, "leg"));
    Leg out;
    TRY(number, fields.integer("number"));
    if (number < 1 || number > INT32_MAX) return fail(Errc::malformed, "legs count from 1");
    TRY(from, fields.text_or_empty("from"));
    TRY(to, fields.text_or_empty("to"));
    TRY(started, fields.optional_time("started"));
    TRY(vehicles, decode_callsigns(fields));
    TRY(object, fields.object("window"));
    const Fields window(*object);
    TRY(start, window.integer("start"));
    TRY(end, window.integer("end"));
    return Leg{static_cast<std::uint32_t>(number), std::move(from),     std::move(to),
               {instant(start), instant(end)},     std::move(vehicles), started};
}

}  // namespace

geo::Window protects(const Leg& leg) {
    geo::Window out = leg.window;
    if (leg.started && out.start) out.start = std::min(*out.start, *leg.started);
    if (out.end) out.end = *out.end + leg_protects_after;
    return out;
}

geo::Place place_of(const Leg& leg, geo::Place place) {
    place.volume.window = protects(leg);
    return place;
}

bool same_leg(const Protection& a, std::size_t i, const Protection& b, std::size_t k) {
    Leg as_if = a.legs[i];
    as_if.started = b.legs[k].started;
    return as_if == b.legs[k] && a.where[i] == b.where[k] && a.contact == b.contact &&
           a.protection_class == b.protection_class &&
           described(a, a.legs[i]) == described(b, b.legs[k]);
}

void put_legs(const Protection& movement, Object& out) {
    Array legs;
    for (const Leg& leg : movement.legs) legs.emplace_back(encode_leg(leg));
    if (!legs.empty()) out.set("legs", std::move(legs));
    Array vehicles;
    for (const Vehicle& one : movement.vehicles) vehicles.emplace_back(encode_vehicle(one));
    if (!vehicles.empty()) out.set("vehicles", std::move(vehicles));
}

Result<void> read_legs(const Fields& fields, Protection& movement) {
    if (!fields.has("legs")) return {};
    TRY(legs, fields.array("legs"));
    if (legs->size() > limits::places_max) {
        return fail(Errc::too_large, "more legs than places_max");
    }
    for (const Value& value : *legs) {
        auto leg = decode_leg(value);
        if (!leg) return at("legs[" + std::to_string(movement.legs.size()) + "]", leg.error());
        movement.legs.push_back(std::move(*leg));
    }
    if (!fields.has("vehicles")) return check_legs(movement);
    TRY(vehicles, fields.array("vehicles"));
    if (vehicles->size() > vehicles_max) {
        return fail(Errc::too_large, "more vehicles than vehicles_max");
    }
    for (const Value& value : *vehicles) {
        TRY(vehicle, decode_vehicle(value));
        movement.vehicles.push_back(std::move(vehicle));
    }
    return check_legs(movement);
}

Result<void> check_legs(const Protection& movement) {
    if (movement.legs.size() != movement.where.size()) {
        return fail(Errc::malformed, "a movement has as many legs as places");
    }
    TRY(callsigns, check_vehicles(movement.vehicles));
    for (std::size_t i = 0; i < movement.legs.size(); ++i) {
        if (i > 0 && movement.legs[i].number <= movement.legs[i - 1].number) {
            return fail(Errc::malformed, "legs stand in order of their numbers, each once");
        }
        TRYV(check_leg(movement.legs[i], movement.where[i], callsigns));
    }
    return {};
}

}  // namespace entente::statement

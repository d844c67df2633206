// SPDX-License-Identifier: Apache-2.0
#include "statement/where.h"

#include "base/limits.h"
#include "statement/fields.h"

namespace entente::statement {
namespace {

using canon::Array;
using canon::Object;
using canon::Value;

constexpr const char* reference_names[] = {"W84", "AGL", "AMSL", "FL"};  // never change
constexpr const char* pole_names[] = {"", "north", "south"};             // never change

Value encode_points(const std::vector<geo::LatLng>& points) {
    Array out;
    out.reserve(points.size());
    for (const geo::LatLng& p : points) {
        out.push_back(encode_point(p));
    }
    return out;
}

Value encode_ring(const geo::Ring& ring) {
    Object out;
    out.set("points", encode_points(ring.points));
    if (ring.pole != geo::Pole::none) out.set("pole", pole_names[static_cast<int>(ring.pole)]);
    return out;
}

struct ShapeEncoder {
    Object operator()(const geo::Circle& circle) const {
        Object out;
        out.set("at", encode_point(circle.center));
        out.set("kind", "circle");
        out.set("radius", circle.radius.v);
        return out;
    }
    Object operator()(const geo::Corridor& corridor) const {
        Object out;
        out.set("half_width", corridor.half_width.v);
        out.set("kind", "corridor");
        out.set("line", encode_points(corridor.line));
        return out;
    }
    Object operator()(const geo::Area& area) const {
        Array polygons;
        for (const geo::Polygon& polygon : area.polygons) {
            Object one;
            Array holes;
            for (const geo::Ring& hole : polygon.holes) holes.push_back(encode_ring(hole));
            if (!holes.empty()) one.set("holes", std::move(holes));
            one.set("outer", encode_ring(polygon.outer));
            polygons.emplace_back(std::move(one));
        }
        Object out;
        out.set("kind", "area");
        out.set("polygons", std::move(polygons));
        return out;
    }
};

Value encode_place(const geo::Place& place) {
    Object out;
    const geo::Volume4D& volume = place.volume;
    if (place.accuracy) out.set("accuracy", place.accuracy->v);
    if (volume.band.lower || volume.band.upper) {
        Object band;
        if (volume.band.lower) band.set("lower", *volume.band.lower);
        band.set("reference", reference_names[static_cast<int>(volume.band.reference)]);
        if (volume.band.upper) band.set("upper", *volume.band.upper);
        out.set("band", std::move(band));
    }
    if (place.buffer) out.set("buffer", place.buffer->v);
    out.set("shape", std::visit(ShapeEncoder{}, volume.shape));
    if (volume.window.start || volume.window.end) {
        Object window;
        if (volume.window.end) window.set("end", millis(*volume.window.end));
        if (volume.window.start) window.set("start", millis(*volume.window.start));
        out.set("window", std::move(window));
    }
    return out;
}

Result<std::vector<geo::LatLng>> decode_points(const Array& array) {
    if (array.size() > limits::vertices_max) {
        return fail(Errc::too_large,
                    "more points than vertices_max = " + std::to_string(limits::vertices_max));
    }
    std::vector<geo::LatLng> out;
    out.reserve(array.size());
    for (const Value& value : array) {
        TRY(point, decode_point(value));
        out.push_back(point);
    }
    return out;
}

Result<geo::Ring> decode_ring(const Value& value) {
    TRY(fields, Fields::of(value, "ring"));
    TRY(array, fields.array("points"));
    TRY(points, decode_points(*array));
    TRY(pole, fields.text_or_empty("pole"));
    geo::Ring ring{std::move(points), geo::Pole::none};
    if (pole == "north")
        ring.pole = geo::Pole::north;
    else if (pole == "south")
        ring.pole = geo::Pole::south;
    else if (!pole.empty())
        return fail(Errc::malformed, "a pole is 'north' or 'south'");
    return ring;
}

Result<geo::Shape> decode_area(const Fields& fields) {
    geo::Area area;
    TRY(polygons, fields.array("polygons"));
    for (const Value& value : *polygons) {
        TRY(one, Fields::of(value, "polygon"));
        TRY(outer_object, one.object("outer"));
        TRY(outer, decode_ring(*outer_object));
        geo::Polygon polygon{std::move(outer), {}};
        if (one.has("holes")) {
            TRY(holes, one.array("holes"));
            for (const Value& hole : *holes) {
                TRY(ring, decode_ring(hole));
                polygon.holes.push_back(std::move(ring));
            }
        }
        area.polygons.push_back(std::move(polygon));
    }
    return geo::Shape(std::move(area));
}

Result<geo::Shape> decode_shape(const Object& object) {
    const Fields fields(object);
    TRY(kind, fields.text("kind"));
    if (kind == "circle") {
        TRY(radius, fields.integer("radius"));
        const Value* at = object.find("at");
        if (at == nullptr) return fail(Errc::malformed, "'at' is missing");
        TRY(center, decode_point(*at));
        return geo::Shape(geo::Circle{center, {radius}});
    }
    if (kind == "corridor") {
        TRY(half_width, fields.integer("half_width"));
        TRY(array, fields.array("line"));
        TRY(line, decode_points(*array));
        return geo::Shape(geo::Corridor{std::move(line), {half_width}});
    }
    if (kind == "area") return decode_area(fields);
    return fail(Errc::malformed, "a shape is a circle, a corridor or an area");
}

Result<geo::Band> decode_band(const Object& object) {
    const Fields fields(object);
    TRY(lower, fields.optional_integer("lower"));
    TRY(upper, fields.optional_integer("upper"));
    TRY(reference, fields.text("reference"));
    for (int i = 0; i < 4; ++i) {
        if (reference == reference_names[i]) {
            if (!lower && !upper) return geo::Band{};  // the same as no band, written or not
            return geo::Band{lower, upper, static_cast<geo::AltitudeReference>(i)};
        }
    }
    return fail(Errc::malformed, "an altitude reference is W84, AGL, AMSL or FL");
}

Result<geo::Place> decode_place(const Value& value) {
    TRY(fields, Fields::of(value, "place"));
    TRY(object, fields.object("shape"));
    TRY(shape, decode_shape(*object));
    TRY(buffer, fields.optional_length("buffer"));
    TRY(accuracy, fields.optional_length("accuracy"));
    geo::Place place{{std::move(shape), {}, {}}, buffer, accuracy};
    if (fields.has("band")) {
        TRY(band_object, fields.object("band"));
        TRY(band, decode_band(*band_object));
        place.volume.band = band;
    }
    if (fields.has("window")) {
        TRY(window_object, fields.object("window"));
        const Fields window(*window_object);
        TRY(start, window.optional_time("start"));
        TRY(end, window.optional_time("end"));
        place.volume.window = {start, end};
    }
    return place;
}

}  // namespace

Value encode_point(const geo::LatLng& point) {
    return Array{point.lng_e7, std::int64_t{point.lat_e7}};
}

Result<geo::LatLng> decode_point(const Value& value) {
    const Array* pair = value.array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[0].integer() || !(*pair)[1].integer()) {
        return fail(Errc::malformed, "a point is [longitude, latitude] in 1e-7 degrees");
    }
    const std::int64_t lng = *(*pair)[0].integer();
    const std::int64_t lat = *(*pair)[1].integer();
    if (lat < -900'000'000 || lat > 900'000'000 || lng < -5'400'000'000 || lng > 5'400'000'000) {
        return fail(Errc::malformed, "a point lies beyond ±90 or ±540 degrees");
    }
    return geo::LatLng{static_cast<std::int32_t>(lat), lng};
}

Value encode_where(const std::vector<geo::Place>& places) {
    Array out;
    for (const geo::Place& place : places) out.push_back(encode_place(place));
    return out;
}

Result<std::vector<geo::Place>> decode_where(const Array& places) {
    if (places.empty() || places.size() > limits::places_max) {
        return fail(Errc::malformed,
                    "'where' has 1 to " + std::to_string(limits::places_max) + " places");
    }
    std::vector<geo::Place> out;
    for (std::size_t i = 0; i < places.size(); ++i) {
        auto place = decode_place(places[i]);
        if (!place) return at("where[" + std::to_string(i) + "]", place.error());
        out.push_back(std::move(*place));
    }
    return out;
}

}  // namespace entente::statement

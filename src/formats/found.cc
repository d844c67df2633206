// SPDX-License-Identifier: Apache-2.0
#include "formats/found.h"

#include "base/decimal.h"
#include "formats/csv.h"
#include "formats/geometry.h"
#include "formats/said_json.h"
#include "formats/statement.h"
#include "geo/prepared.h"
#include "statement/said_codec.h"

namespace entente::formats {
namespace {

const char* position_of(const FoundThing& found) {
    if (found.gist.places.empty()) return "none";
    return found.gist.exactly ? "exact" : "coarse";
}

void properties(JsonOut& out, const FoundThing& found) {
    out.member("kind", found.kind);
    out.member("party", found.party.v);
    out.member("own", found.own);
    out.member("time", format_rfc3339(found.time));
    out.member("version", found.version);
    out.member("state", found.state);
    out.member("title", found.gist.title);
    if (!found.class_name.empty()) out.member("class", found.class_name);
    if (found.gist.grade) out.member("grade", statement::grade_text(*found.gist.grade));
    if (found.gist.window.start) out.member("from", format_rfc3339(*found.gist.window.start));
    if (found.gist.window.end) out.member("until", format_rfc3339(*found.gist.window.end));
    if (found.contested) out.member("contested", true);
    if (found.newer_withheld) out.member("newer_withheld", true);
    out.member("position", position_of(found));
    if (!found.label) return;
    out.name("label");
    out.object([&] { walk_members(out, statement::walk_of(*found.label)); });
}

/// Radii and half-widths, which no geometry of GeoJSON has; of each place one.
void widths(JsonOut& out, const FoundThing& found) {
    const auto width = [](const geo::Shape& shape) {
        if (const auto* circle = std::get_if<geo::Circle>(&shape)) return metres(circle->radius).v;
        const auto* corridor = std::get_if<geo::Corridor>(&shape);
        return corridor != nullptr ? metres(corridor->half_width).v : 0.0;
    };
    const auto& places = found.gist.places;
    if (places.size() == 1) {
        const geo::Shape& shape = places.front().volume.shape;
        if (std::holds_alternative<geo::Circle>(shape)) out.member("radius_m", width(shape));
        if (std::holds_alternative<geo::Corridor>(shape)) {
            out.member("half_width_m", width(shape));
        }
    }
    if (places.size() < 2) return;
    out.name("widths_m");
    out.array([&] {
        for (const view::GistPlace& place : places) out.value(width(place.volume.shape));
    });
}

void geometry(JsonOut& out, const FoundThing& found) {
    const auto& places = found.gist.places;
    if (places.empty()) return out.null();
    if (places.size() == 1) return out.raw(write_geometry(places.front().volume.shape));
    out.object([&] {
        out.member("type", "GeometryCollection");
        out.name("geometries");
        out.array([&] {
            for (const view::GistPlace& place : places) {
                out.raw(write_geometry(place.volume.shape));
            }
        });
    });
}

std::string line_of(const std::vector<std::string>& cells) {
    std::string out;
    for (const std::string& cell : cells) out += (out.empty() ? "" : ",") + csv_cell(cell);
    return out + "\r\n";
}

std::string time_of(const std::optional<Instant>& time) {
    return time ? format_rfc3339(*time) : "";
}

std::string wkt_of(const FoundThing& found) {
    const auto& places = found.gist.places;
    if (places.empty()) return {};
    if (places.size() == 1) return write_wkt(places.front().volume.shape);
    std::string out;
    for (const view::GistPlace& place : places) {
        out += (out.empty() ? "GEOMETRYCOLLECTION(" : ",") + write_wkt(place.volume.shape);
    }
    return out + ")";
}

/// Parts of a cell.
std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const std::string& one : parts) out += (out.empty() ? "" : "; ") + one;
    return out;
}

std::string number_of(const std::optional<std::int64_t>& number) {
    return number ? std::to_string(*number) : "?";
}

/// `killed civilian: at least 19, best 22, at most ? (MSF, as of 2015-10-03T12:00:00Z)`: what is
/// not known is no 0.
std::string casualties_of(const statement::Incident& incident) {
    std::vector<std::string> out;
    for (const statement::Casualties& one : incident.casualties) {
        std::string text = std::string(statement::name(one.harm)) + " " +
                           statement::name(one.category) + ": at least " + number_of(one.least) +
                           ", best " + number_of(one.best) + ", at most " + number_of(one.most);
        std::vector<std::string> counted;
        if (!one.basis.empty()) counted.push_back(one.basis);
        if (one.as_of) counted.push_back("as of " + format_rfc3339(*one.as_of));
        out.push_back(counted.empty() ? text : text + " (" + joined(counted) + ")");
    }
    return joined(out);
}

std::string objects_of(const statement::Incident& incident) {
    std::vector<std::string> out;
    for (const statement::Affected& one : incident.objects) {
        std::vector<std::string> words;
        if (one.record) words.push_back(one.record->text());
        for (const std::string* text : {&one.name, &one.what}) {
            if (!text->empty()) words.push_back(*text);
        }
        words.emplace_back(statement::name(one.damage));
        std::string text;
        for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
        out.push_back(std::move(text));
    }
    return joined(out);
}

std::string sources_of(const statement::Incident& incident) {
    std::vector<std::string> out;
    for (const statement::Source& one : incident.sources) {
        std::string text = statement::name(one.kind);
        if (!one.line.empty()) text += ", " + one.line;
        if (one.of) text += ", " + one.of->text();
        if (one.grade) text += " (" + statement::grade_text(*one.grade) + ")";
        out.push_back(std::move(text));
    }
    return joined(out);
}

/// Of one's own incident five cells more, of everything else as many empty ones.
std::vector<std::string> incident_cells(const FoundThing& found) {
    const auto* incident =
        found.said != nullptr ? std::get_if<statement::Incident>(found.said) : nullptr;
    if (incident == nullptr) return std::vector<std::string>(5);
    return {incident->sort, incident->place, objects_of(*incident), casualties_of(*incident),
            sources_of(*incident)};
}

}  // namespace

FoundThing found_thing(const view::Seen& seen, Instant now) {
    FoundThing out;
    out.id = seen.id();
    out.kind = seen.stops()         ? statement::stop_kind
               : seen.objects()     ? statement::objection_kind
               : seen.moves()       ? statement::movement_kind
               : seen.is_presence() ? statement::presence_kind
                                    : statement::protection_kind;
    out.party = seen.party();
    out.own = seen.own();
    out.time = seen.history().back().time;
    out.version = seen.version();
    out.state = view::name(seen.state(now));
    if (!seen.objects()) out.class_name = seen.class_name();
    out.contested = seen.contested(now);
    out.newer_withheld = seen.newer_withheld();
    out.gist = view::gist(seen);
    return out;
}

FoundThing found_thing(const view::SeenStatement& seen, view::Depth depth) {
    FoundThing out;
    out.id = seen.id();
    out.kind = seen.kind();
    out.party = seen.party();
    out.own = seen.own();
    out.time = seen.dealing().versions.back().time;
    out.version = seen.version();
    out.state = statement_state(seen);
    out.newer_withheld = seen.dealing().newer_withheld;
    out.gist = view::gist(seen, depth);
    out.label = seen.label();
    if (seen.own() && depth == view::Depth::exact) out.said = seen.said();
    return out;
}

void found_members(JsonOut& out, const FoundThing& found) {
    out.member("id", found.id.text());
    properties(out, found);
}

std::string found_feature(const FoundThing& found) {
    JsonOut out;
    out.object([&] {
        out.member("type", "Feature");
        out.member("id", found.id.text());
        out.name("geometry");
        geometry(out, found);
        out.name("properties");
        out.object([&] {
            properties(out, found);
            widths(out, found);
            if (found.said == nullptr) return;
            out.name("said");
            out.object([&] { walk_members(out, statement::walk_of(*found.said)); });
        });
    });
    return std::move(out).text();
}

std::string found_heading() {
    return line_of({"id",
                    "kind",
                    "party",
                    "own",
                    "time",
                    "version",
                    "state",
                    "title",
                    "class",
                    "grade_source",
                    "grade_information",
                    "from",
                    "until",
                    "contested",
                    "newer_withheld",
                    "position",
                    "lat",
                    "lon",
                    "width_m",
                    "tlp",
                    "onward",
                    "use",
                    "sensitivity",
                    "WKT",
                    "sort",
                    "place",
                    "objects",
                    "casualties",
                    "sources"});
}

std::string found_line(const FoundThing& found) {
    const view::Gist& gist = found.gist;
    std::string lat, lon, width;
    if (!gist.places.empty()) {
        const geo::Shape& shape = gist.places.front().volume.shape;
        const geo::LatLng centre = geo::Prepared(shape).center();
        lat = format_decimal(centre.lat_e7, 7);
        lon = format_decimal(centre.lng_e7, 7);
        const auto* circle = std::get_if<geo::Circle>(&shape);
        const auto* corridor = std::get_if<geo::Corridor>(&shape);
        if (circle != nullptr) width = format_decimal(circle->radius.v, 1);
        if (corridor != nullptr) width = format_decimal(corridor->half_width.v, 1);
    }
    const auto& label = found.label;
    std::vector<std::string> cells{found.id.text(),
                                   found.kind,
                                   found.party.v,
                                   found.own ? "yes" : "no",
                                   format_rfc3339(found.time),
                                   std::to_string(found.version),
                                   found.state,
                                   gist.title,
                                   found.class_name,
                                   gist.grade ? std::string(1, gist.grade->source) : "",
                                   gist.grade ? std::string(1, gist.grade->information) : "",
                                   time_of(gist.window.start),
                                   time_of(gist.window.end),
                                   found.contested ? "yes" : "",
                                   found.newer_withheld ? "yes" : "",
                                   position_of(found),
                                   lat,
                                   lon,
                                   width,
                                   label ? statement::name(label->tlp) : "",
                                   label ? statement::name(label->onward) : "",
                                   label ? statement::name(label->use) : "",
                                   label ? label->sensitivity : "",
                                   wkt_of(found)};
    for (std::string& cell : incident_cells(found)) cells.push_back(std::move(cell));
    return line_of(cells);
}

}  // namespace entente::formats

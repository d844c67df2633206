// SPDX-License-Identifier: Apache-2.0
#include "formats/sheet.h"

#include <cmath>
#include <cstdio>

#include "base/printable.h"
#include "formats/movement.h"
#include "formats/place_text.h"
#include "geo/box.h"
#include "geo/prepared.h"

namespace entente::formats {
namespace {

constexpr std::size_t points_max = 40;  // of one outline; of more the box around it is printed

constexpr const char* style =
    "@page{size:A4;margin:18mm}body{font:11pt/1.4 sans-serif;color:#111;max-width:180mm;"
    "margin:0 auto;padding:8mm}h1{font-size:17pt;margin:0 0 2mm}h2{font-size:12.5pt;margin:6mm 0 "
    "1mm;break-after:avoid}section{break-inside:avoid;border-top:1px solid #999}p{margin:1mm 0}"
    ".code{border:2px solid #111;padding:4mm;margin:6mm 0;break-inside:avoid}.code b{font:26pt "
    "monospace;letter-spacing:2mm}.note{color:#444}@media print{body{padding:0;max-width:none}}";

constexpr const char* absence =
    "What is not on this sheet may be protected all the same: ask the register.";

/// What is printed of one record.
struct Entry {
    std::string title;
    std::vector<std::string> lines;
};

std::string decimal(geo::LatLng at) {
    char text[60];
    std::snprintf(text, sizeof text, "%.7f, %.7f", at.lat_e7 / 1e7,
                  static_cast<double>(at.lng_e7) / 1e7);
    return text;
}

/// 36°43'04.3"N; a tenth of a second is 3 m, so the decimals stand beside it.
std::string sexagesimal(std::int64_t e7, char positive, char negative) {
    const std::int64_t tenths = std::llround(std::abs(static_cast<double>(e7)) * 36'000 / 1e7);
    char text[40];
    std::snprintf(text, sizeof text, "%d°%02d'%02d.%d\"%c", static_cast<int>(tenths / 36'000),
                  static_cast<int>(tenths / 600 % 60), static_cast<int>(tenths / 10 % 60),
                  static_cast<int>(tenths % 10), e7 < 0 ? negative : positive);
    return text;
}

std::string point(geo::LatLng at) {
    // Outlines run on past the antimeridian; people read longitudes within 180 degrees.
    constexpr std::int64_t turn = 3'600'000'000;
    at.lng_e7 = ((at.lng_e7 + turn / 2) % turn + turn) % turn - turn / 2;
    return decimal(at) + "  (" + sexagesimal(at.lat_e7, 'N', 'S') + " " +
           sexagesimal(at.lng_e7, 'E', 'W') + ")";
}

void outline(const std::vector<geo::LatLng>& points, const geo::Shape& whole, Entry& out) {
    if (points.size() <= points_max) {
        for (const geo::LatLng& at : points) out.lines.push_back("    " + point(at));
        return;
    }
    const geo::Box box = geo::bounding_box(whole);
    out.lines.push_back("    " + std::to_string(points.size()) + " points, all within:");
    out.lines.push_back("    " + point({box.south, box.west}));
    out.lines.push_back("    " + point({box.north, box.east}));
}

void shape(const geo::Shape& of, Entry& out) {
    if (const auto* circle = std::get_if<geo::Circle>(&of)) {
        out.lines.push_back(circle->radius.v == 0
                                ? std::string("at")
                                : "within " + metres_text(metres(circle->radius).v) + " of");
        out.lines.push_back("    " + point(circle->center));
    } else if (const auto* line = std::get_if<geo::Corridor>(&of)) {
        out.lines.push_back("within " + metres_text(metres(line->half_width).v) +
                            " of the line through");
        outline(line->line, of, out);
    } else {
        for (const geo::Polygon& polygon : std::get<geo::Area>(of).polygons) {
            const geo::Ring& ring = polygon.outer;
            out.lines.push_back(ring.pole == geo::Pole::none ? "in the area within"
                                                             : "in the area around a pole, up to");
            outline(ring.points, of, out);
        }
    }
}

void place(const geo::Place& one, const std::string& around, Entry& out) {
    shape(one.volume.shape, out);
    out.lines.push_back(around + band_text(one.volume.band) + ", " +
                        window_text(one.volume.window));
}

class Sheet {
  public:
    Sheet(const view::View& view, const SheetPage& page)
        : view_(page.exact ? view : view.at_depth(view::Depth::coarse)), page_(page) {}

    std::vector<Entry> entries() const {
        std::vector<Entry> out;
        for (std::size_t i = 0; i < page_.lines.size(); ++i) {
            const auto slot = view_.find(page_.lines[i].record);
            if (slot) out.push_back(entry(i, view_.at(*slot)));
        }
        return out;
    }

    std::string heading() const {
        return "For " + printable(page_.unit) + ", from " + party(view_.party()) + ", by " +
               printable(page_.by);
    }
    std::string dates() const {
        return "Printed " + format_rfc3339(page_.made) + ". Sheet " + page_.number + ", " +
               std::to_string(page_.lines.size()) + " on it.";
    }
    std::string read_back() const {
        return "Read it back to " + party(view_.party()) + " before " +
               format_rfc3339(page_.expires) +
               ". It says that this sheet is here, and holds for what is printed on it and no "
               "later version.";
    }
    bool exercise() const { return view_.charter().exercise; }

  private:
    std::string party(const PartyId& id) const {
        const statement::CharterParty* one = view_.charter().party(id);
        return one == nullptr ? id.v : printable(one->name) + " (" + id.v + ")";
    }

    Entry entry(std::size_t i, const view::Seen& seen) const {
        const SheetPage::Line& line = page_.lines[i];
        const Instant now = page_.made;
        statement::Protection room;
        const statement::Protection* listed = page_.exact ? seen.protection() : nullptr;
        if (listed == nullptr) listed = seen.listed(room);
        Entry out;
        out.title = std::to_string(i + 1) + ". " + seen.class_name();
        for (const statement::Name& name :
             listed ? listed->names : std::vector<statement::Name>{}) {
            out.title += " \"" + printable(name.text) + "\"";
        }
        out.lines.push_back("of " + party(line.party) + ", record " + line.record.text() +
                            " version " + std::to_string(line.version) + ", " +
                            view::name(seen.state(now)));
        if (!seen.contact().empty()) out.lines.push_back("contact " + printable(seen.contact()));
        if (page_.exact) {
            exact_places(seen, now, line.near, out);
        } else if (listed != nullptr) {
            out.lines.emplace_back("somewhere");
            for (const geo::Place& one : listed->where) place(one, "", out);
        }
        return out;
    }

    static void exact_places(const view::Seen& seen, Instant now, const std::string& near,
                             Entry& out) {
        std::string legs = legs_text(seen, now);
        while (!legs.empty()) {
            const std::size_t end = legs.find('\n');
            out.lines.push_back(legs.substr(2, end - 2));
            legs.erase(0, end + 1);
        }
        const auto places = seen.places(now);
        if (places.empty()) out.lines.emplace_back("it protects nothing now");
        for (const view::SeenPlace& one : places) {
            if (one.coarse) out.lines.emplace_back("somewhere");
            place(one.reached->place,
                  "and " + metres_text(one.reached->reach().v) + " around that, ", out);
        }
        if (!near.empty()) out.lines.push_back("that is " + printable(near));
    }

    view::View view_;
    const SheetPage& page_;
};

}  // namespace

std::string sheet_text(const view::View& view, const SheetPage& page) {
    const Sheet sheet(view, page);
    std::string out = sheet.exercise() ? "EXERCISE EXERCISE EXERCISE\n" : "";
    out += "WHAT MUST NOT BE STRUCK\n" + sheet.heading() + "\n" + sheet.dates() + "\n";
    for (const Entry& entry : sheet.entries()) {
        out += "\n" + entry.title + "\n";
        for (const std::string& line : entry.lines) out += "   " + line + "\n";
    }
    return out + "\nCODE  " + page.code + "\n" + sheet.read_back() + "\n" + absence + "\n";
}

std::string sheet_html(const view::View& view, const SheetPage& page) {
    const Sheet sheet(view, page);
    std::string out =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'\"><title>What must not be struck</title><style>" +
        std::string(style) + "</style></head><body>\n<h1>What must not be struck</h1>\n";
    if (sheet.exercise()) out += "<p><b>This is an exercise.</b></p>\n";
    out += "<p>" + html_text(sheet.heading()) + "</p>\n<p class=\"note\">" +
           html_text(sheet.dates()) + "</p>\n";
    for (const Entry& entry : sheet.entries()) {
        out += "<section><h2>" + html_text(entry.title) + "</h2>\n";
        for (const std::string& line : entry.lines) out += "<p>" + html_text(line) + "</p>\n";
        out += "</section>\n";
    }
    return out + "<div class=\"code\"><b>" + page.code + "</b><p>" + html_text(sheet.read_back()) +
           "</p></div>\n<p class=\"note\">" + absence + "</p>\n</body></html>\n";
}

}  // namespace entente::formats

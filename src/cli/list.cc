// SPDX-License-Identifier: Apache-2.0
// `entente list` and `entente show`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "cli/session.h"
#include "cli/verbs.h"
#include "formats/answer.h"
#include "formats/csv.h"
#include "formats/geojson.h"
#include "geo/box.h"
#include "geo/prepared.h"

namespace entente::cli {
namespace {

struct Filter {
    std::optional<geo::Box> box;
    std::string protection_class;
    std::string text;
};

/// West, south, east, north in degrees; west greater than east runs over the antimeridian.
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
                        "--bbox is WEST,SOUTH,EAST,NORTH in decimal degrees, for "
                        "example 31.5,15.2,33.0,16.0");
        }
        at = stop + 1;
    }
    const auto [west, south, east, north] = v;
    if (std::abs(west) > 180 || std::abs(east) > 180 || std::abs(south) > 90 ||
        std::abs(north) > 90 || south > north) {
        return fail(Errc::malformed,
                    "--bbox: longitudes within ±180, latitudes within ±90, south "
                    "not above north");
    }
    auto e7 = [](double degrees) { return std::llround(degrees * 1e7); };
    const std::int64_t west_e7 = west == 180 ? -1'800'000'000 : e7(west);
    const std::int64_t east_e7 = e7(east);
    return geo::Box{west_e7, static_cast<std::int32_t>(e7(south)),
                    east_e7 < west_e7 ? east_e7 + 3'600'000'000 : east_e7,
                    static_cast<std::int32_t>(e7(north))};
}

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

bool mentions(const statement::Protection& p, const std::string& wanted) {
    auto has = [&](const std::string& text) {
        return lower(text).find(wanted) != std::string::npos;
    };
    return has(p.ref) || has(p.source) ||
           std::any_of(p.names.begin(), p.names.end(),
                       [&](const statement::Name& name) { return has(name.text); });
}

bool passes(const Filter& filter, const view::Seen& seen, Instant moment) {
    const statement::Protection* p = seen.protection();
    if (!filter.protection_class.empty() && seen.class_name() != filter.protection_class) {
        return false;
    }
    if (!filter.text.empty() && (p == nullptr || !mentions(*p, filter.text))) return false;
    if (!filter.box) return true;
    const auto places = seen.places(moment);
    return std::any_of(places.begin(), places.end(), [&](const view::SeenPlace& place) {
        return geo::intersects(*filter.box, geo::bounding_box(place.reached->place.volume.shape));
    });
}

void print_row(const view::Seen& seen, const ListArgs& args, Instant moment) {
    const statement::Protection* p = seen.protection();
    if (p == nullptr) return;
    const std::string id = seen.id().text();
    const std::string state = view::name(seen.state(moment));
    if (args.format == "geojson") {
        fmt::print("{}",
                   formats::write_feature(*p, id, {{"state", state}, {"party", seen.party().v}}));
    } else if (args.format == "csv") {
        fmt::print("{}", formats::csv_line(*p, id, {state, seen.party().v}));
    } else {
        const geo::LatLng center = geo::Prepared(p->where.front().volume.shape).center();
        fmt::print("{}  {:13}  {:18}  {:11.6f} {:12.6f}  {}\n", id, seen.class_name(), state,
                   center.lat_e7 / 1e7, static_cast<double>(center.lng_e7) / 1e7,
                   p->names.empty() ? "(no name)" : p->names.front().text);
    }
}

Result<Filter> make_filter(const ListArgs& args) {
    Filter filter{{}, args.protection_class, lower(args.text)};
    if (!args.bbox.empty()) {
        TRY(box, parse_bbox(args.bbox));
        filter.box = box;
    }
    if (!args.protection_class.empty()) TRYV(statement::parse_class(args.protection_class));
    return filter;
}

}  // namespace

Exit list(const ListArgs& args) {
    const auto filter = make_filter(args);
    if (!filter) return report("list", filter.error());
    auto session = Session::open(args.common, {});
    if (!session) return report("list", session.error());
    const view::View view = session->view();
    const Instant moment = now();
    const bool geojson = args.format == "geojson";
    if (geojson) fmt::print("{{\"type\":\"FeatureCollection\",\"features\":[");
    if (args.format == "csv") {
        fmt::print("{}", formats::csv_heading({"state", "party"}));
    }
    std::size_t count = 0;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        if (seen.state(moment) == view::State::withdrawn || !passes(*filter, seen, moment))
            continue;
        if (geojson) fmt::print("{}", count == 0 ? "\n" : ",\n");
        ++count;
        print_row(seen, args, moment);
    }
    if (geojson) fmt::print("\n]}}\n");
    if (args.format == "table") {
        fmt::print("{} of {} records\n", grouped(count), grouped(view.size()));
    }
    return Exit::ok;
}

Exit show(const ShowArgs& args) {
    const auto id = RecordId::parse(args.id);
    if (!id) return report("show", id.error());
    auto session = Session::open(args.common, {});
    if (!session) return report("show", session.error());
    const view::View view = session->view();
    const auto slot = view.find(*id);
    if (!slot) {
        return report("show", {Errc::not_found, "no record " + args.id + " in this register"});
    }
    fmt::print("{}", args.common.json ? formats::record_json(view, *slot, now()) + "\n"
                                      : formats::record_text(view, *slot, now()));
    return Exit::ok;
}

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// The double loop that dw2_real_data_test.py holds `entente check --batch` against: every plan with
// every place, no index, no code of geo's distance. A straight-line chord discards only what is
// beyond 1.02 times the limit and 50 m; GeographicLib decides the rest.
//
//     dw2_brute DATA PLANS.geojsonl ANSWERS.jsonl
//
// Nothing at or under the limit may be missing, nothing more than 1 m beyond it may be listed, and
// totals are exact in the same sense. Between two shapes with edges geo's test oracle decides.
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <limits>
#include <map>

#include "cli/session.h"
#include "formats/geojson.h"
#include "geo/band.h"
#include "geo/world_test.cc"  // NOLINT(bugprone-suspicious-include): the oracle, whole

namespace entente::geo::test {
namespace {

constexpr double tolerance_m = 1.0;  // issue 2, Done when 2
constexpr double grain_m = 0.02;     // of GeographicLib at the ends that the search below finds
constexpr int samples_an_edge = 64;

struct Vec {
    double x, y, z;
};
Vec space(Corner c) {
    const Point3 p = cartesian(c);
    return {p[0], p[1], p[2]};
}
double apart(const Vec& a, const Vec& b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

/// An edge with points along it, near enough to one another to find every valley.
struct Edge {
    Line line;
    std::vector<Vec> at;
    double half_gap = 0;
};

/// A shape with a ball around it; the ball holds the interior and the shape's own radius.
struct Seen {
    const Shape* shape;
    std::vector<Edge> edges;
    Vec middle{};
    double ball = 0;
    double radius = 0;
    bool is_circle = false;
};

Seen look(const Shape& shape) {
    Seen out{&shape, {}, {}, 0, radius_m(shape), std::holds_alternative<Circle>(shape)};
    double n = 0;
    for (const Line& line : lines(shape)) {
        Edge edge{line, {}, 0};
        const int pieces = out.is_circle ? 0 : samples_an_edge;
        for (int i = 0; i <= pieces; ++i) {
            edge.at.push_back(space(line.at(pieces == 0 ? 0 : double(i) / pieces)));
            if (i > 0) {
                const std::size_t k = static_cast<std::size_t>(i);
                edge.half_gap = std::max(edge.half_gap, apart(edge.at[k], edge.at[k - 1]));
            }
            const Vec& p = edge.at.back();
            out.middle = {out.middle.x + p.x, out.middle.y + p.y, out.middle.z + p.z};
            ++n;
        }
        out.edges.push_back(std::move(edge));
    }
    out.middle = {out.middle.x / n, out.middle.y / n, out.middle.z / n};
    for (const Edge& edge : out.edges) {
        for (const Vec& p : edge.at)
            out.ball = std::max(out.ball, apart(p, out.middle) + edge.half_gap);
    }
    // An interior bulges over the plane of its edges, by far less than this.
    out.ball = out.ball * (out.is_circle ? 1.0 : 1.02) + out.radius;
    return out;
}

/// The least of f near the sample at t: golden section between its neighbours.
double least_near(const Line& line, Corner p, double t) {
    constexpr double golden = 0.6180339887498949;
    double low = std::max(0.0, t - 1.0 / samples_an_edge);
    double high = std::min(1.0, t + 1.0 / samples_an_edge);
    double best = std::min(geodesic_m(p, line.at(low)), geodesic_m(p, line.at(high)));
    for (int i = 0; i < 36; ++i) {
        const double a = high - golden * (high - low);
        const double b = low + golden * (high - low);
        const double at_a = geodesic_m(p, line.at(a));
        const double at_b = geodesic_m(p, line.at(b));
        best = std::min({best, at_a, at_b});
        if (at_a < at_b)
            high = b;
        else
            low = a;
    }
    return best;
}

/// From a point to an edge; nothing if every valley's chord is beyond `far`.
double point_to_edge(const Vec& at, Corner p, const Edge& edge, double far) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < edge.at.size(); ++i) {
        const double here = apart(at, edge.at[i]);
        if (here - edge.half_gap > far) continue;
        if (i > 0 && apart(at, edge.at[i - 1]) < here) continue;
        if (i + 1 < edge.at.size() && apart(at, edge.at[i + 1]) < here) continue;
        best = std::min(best, least_near(edge.line, p, double(i) / samples_an_edge));
    }
    return best;
}

/// Metres between the shapes, own radii counted; infinity if the chord says surely beyond `limit`.
double distance(const Seen& plan, const Seen& place, double limit) {
    const double infinity = std::numeric_limits<double>::infinity();
    const double far = 1.02 * limit + 50;
    if (apart(plan.middle, place.middle) > 1.02 * (plan.ball + place.ball) + far) return infinity;
    if (!place.is_circle && !plan.is_circle) return oracle_distance(*plan.shape, *place.shape);
    const Seen& point = place.is_circle ? place : plan;
    const Seen& other = place.is_circle ? plan : place;
    const Corner p = point.edges.front().line.a;
    if (other.is_circle) {
        return geodesic_m(p, other.edges.front().line.a) - plan.radius - place.radius;
    }
    if (in_area(*other.shape, p)) return 0;
    double best = infinity;
    const double reach = 1.02 * (limit + plan.radius + place.radius) + 50;
    for (const Edge& edge : other.edges) {
        best = std::min(best, point_to_edge(point.middle, p, edge, reach));
    }
    return best - plan.radius - place.radius;
}

bool windows_meet(const Window& a, const Window& b) {
    return (!a.start || !b.end || *a.start < *b.end) && (!b.start || !a.end || *b.start < *a.end);
}

bool bands_meet(const Band& a, const Band& b) {
    // Of different references nobody can say without the bounds that band_test.cc proves.
    if (a.reference != b.reference) return overlap(a, b);
    return (!a.lower || !b.upper || *a.lower <= *b.upper) &&
           (!b.lower || !a.upper || *b.lower <= *a.upper);
}

struct Place {
    std::string id;
    const Volume4D* volume;
    double limit;
    Seen seen;
};

struct Tally {
    std::uint64_t plans = 0, touches = 0, in_doubt = 0, capped = 0, faults = 0;
};

void fault(Tally& tally, std::size_t plan, const std::string& what) {
    ++tally.faults;
    std::cout << "plan " << plan << ": " << what << "\n";
}

/// One plan's answer against the nearest distance to each record beyond its limit.
void compare(Tally& tally, std::size_t number, const std::map<std::string, double>& beyond,
             const boost::json::object& answer) {
    const auto total = answer.at("findings_total").to_number<std::uint64_t>();
    std::uint64_t must = 0;
    std::uint64_t may = 0;
    for (const auto& [id, metres] : beyond) {
        must += metres <= 0;
        may += metres <= tolerance_m + grain_m;
    }
    tally.touches += must;
    tally.in_doubt += may - must;
    if (total < must || total > may) {
        fault(tally, number,
              "total " + std::to_string(total) + ", the double loop has " + std::to_string(must) +
                  " to " + std::to_string(may));
    }
    std::map<std::string, bool> listed;
    for (const auto& finding : answer.at("findings").as_array()) {
        const std::string id(finding.as_object().at("id").as_string());
        const auto found = beyond.find(id);
        if (found == beyond.end() || found->second > tolerance_m + grain_m) {
            fault(tally, number, id + " is listed and is further off than 1 m beyond its limit");
        }
        if (!listed.emplace(id, true).second) fault(tally, number, id + " is listed twice");
    }
    if (total != listed.size()) {
        ++tally.capped;
        if (listed.size() != 200) fault(tally, number, "fewer listed than the total and than 200");
        return;
    }
    for (const auto& [id, metres] : beyond) {
        if (metres <= 0 && !listed.contains(id)) fault(tally, number, id + " is missed");
    }
}

std::vector<Place> places_of(const view::View& view, Instant now) {
    std::vector<Place> out;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        for (const view::SeenPlace& place : seen.places(now)) {
            const Volume4D& volume = place.reached->place.volume;
            out.push_back(
                {seen.id().text(), &volume, place.reached->reach().v, look(volume.shape)});
        }
    }
    return out;
}

std::map<std::string, double> loop(const std::vector<Volume4D>& plan,
                                   const std::vector<Place>& places) {
    std::map<std::string, double> beyond;
    for (const Volume4D& volume : plan) {
        const Seen seen = look(volume.shape);
        for (const Place& place : places) {
            const double metres = distance(seen, place.seen, place.limit) - place.limit;
            if (metres > 2 * tolerance_m || !windows_meet(volume.window, place.volume->window) ||
                !bands_meet(volume.band, place.volume->band)) {
                continue;
            }
            const auto at = beyond.emplace(place.id, metres).first;
            at->second = std::min(at->second, metres);
        }
    }
    return beyond;
}

int run(const char* data, const char* plans, const char* answers) {
    auto session = cli::Session::open({.data = data, .actor = "test"}, {});
    if (!session) {
        std::cout << session.error().detail << "\n";
        return 1;
    }
    const view::View view = session->view();
    const std::vector<Place> places = places_of(view, cli::now());
    std::ifstream plan_lines(plans);
    std::ifstream answer_lines(answers);
    Tally tally;
    std::string plan_line;
    std::string answer_line;
    while (std::getline(plan_lines, plan_line)) {
        const std::size_t number = ++tally.plans;
        const auto plan = formats::read_plan(plan_line);
        if (!plan || !std::getline(answer_lines, answer_line)) {
            fault(tally, number, plan ? "no answer" : plan.error().detail);
            continue;
        }
        const auto answer = boost::json::parse(answer_line).as_object();
        if (answer.contains("error"))
            fault(tally, number, answer_line);
        else
            compare(tally, number, loop(plan->volumes, places), answer);
    }
    std::cout << tally.plans << " plans x " << places.size() << " places: " << tally.touches
              << " touch, " << tally.in_doubt << " within 1 m beyond the limit, " << tally.capped
              << " answers listed 200 of more, " << tally.faults << " faults\n";
    return tally.faults == 0 && tally.plans > 0 ? 0 : 1;
}

}  // namespace
}  // namespace entente::geo::test

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "dw2_brute DATA PLANS.geojsonl ANSWERS.jsonl\n";
        return 2;
    }
    return entente::geo::test::run(argv[1], argv[2], argv[3]);
}

// SPDX-License-Identifier: Apache-2.0
// What watch says of real tracks, for real_tracks_test.py, which works it out again by itself.
//
//     track_times < QUESTIONS.jsonl > ANSWERS.jsonl
//
// A question: {"zone": GeoJSON Feature as in a plan, "fixes": [[ms, lat_e7, lng_e7, dm AMSL],
// ...]}. An answer: {"stays": [[ms, ms], ...], "unknown": [[ms, ms], ...]}, ends as in
// watch/track.h.
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "formats/geojson.h"
#include "watch/track.h"

namespace entente {
namespace {

namespace json = boost::json;

watch::Track track_of(const json::array& rows) {
    std::vector<watch::Fix> fixes;
    for (const json::value& row : rows) {
        const json::array& one = row.as_array();
        fixes.push_back({instant(one[0].to_number<std::int64_t>()),
                         {one[1].to_number<std::int32_t>(), one[2].to_number<std::int64_t>()},
                         one[3].to_number<std::int64_t>()});
    }
    return {std::move(fixes), geo::AltitudeReference::amsl};
}

int run() {
    for (std::string line; std::getline(std::cin, line);) {
        const json::value question = json::parse(line);
        const auto plan = formats::read_plan(json::serialize(question.at("zone")));
        if (!plan) {
            std::cerr << plan.error().detail << "\n";
            return 2;
        }
        const watch::Presence found =
            watch::presence(track_of(question.at("fixes").as_array()), plan->volumes.at(0));
        json::array stays, unknown;
        for (const watch::Stay& one : found.stays) {
            stays.push_back(json::array{millis(one.from), millis(one.until)});
        }
        for (const geo::Window& one : found.unknown) {
            unknown.push_back(json::array{millis(*one.start), millis(*one.end)});
        }
        std::cout << json::serialize(json::object{{"stays", stays}, {"unknown", unknown}}) << "\n";
    }
    return 0;
}

}  // namespace
}  // namespace entente

int main() { return entente::run(); }

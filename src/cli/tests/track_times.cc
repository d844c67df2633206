// SPDX-License-Identifier: Apache-2.0
// What watch says of real tracks, for real_tracks_test.py, which works it out again by itself.
//
//     track_times < QUESTIONS.jsonl > ANSWERS.jsonl
//
// A question: {"zone": GeoJSON Feature as in a plan, "fixes": [[ms, lat_e7, lng_e7, dm AMSL],
// ...]}. An answer: {"stays": [[ms, ms], ...], "unknown": [[ms, ms], ...], "live": [[ms, ms],
// ...]}, ends as in watch/track.h; the last are the stays that alerts tell of where the fixes come
// live, one by one (watch/live.h).
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "formats/geojson.h"
#include "watch/live.h"

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

/// The stays that alerts tell of, the fixes coming one by one.
Result<json::array> live_stays(const watch::Track& track, const geo::Volume4D& zone) {
    watch::Live live;
    TRY(begun, live.set_boundaries({{"test", "zone", "1", {zone}}}));
    const index::Index none;
    const watch::Protections protections{none, [](auto, const auto&) { return true; },
                                         [](index::Slot) { return std::string(); }};
    json::array out;
    bool inside = false;
    const auto hear = [&](const watch::Alert& one) -> Result<void> {
        using Kind = watch::AlertKind;
        if (one.kind == Kind::will_enter || one.kind == Kind::turned_away) return {};
        const bool begins = one.kind == Kind::entered || one.kind == Kind::found_inside;
        if (one.kind == Kind::corrected || begins == inside) {
            return fail(Errc::refused, std::string(watch::name(one.kind)) + " out of turn");
        }
        if (begins) out.push_back(json::array{millis(one.time)});
        if (!begins) out.back().as_array().push_back(millis(one.time));
        inside = begins;
        return {};
    };
    for (const watch::Fix& fix : track.fixes()) {
        const watch::Position one{"test", "track", watch::Craft::aircraft, fix, track.reference()};
        const watch::Taken taken = live.take(std::span(&one, 1), fix.time, protections);
        if (!taken.refused.empty()) return tl::unexpected(taken.refused.front().error);
        for (const watch::Alert& alert : taken.alerts) TRYV(hear(alert));
    }
    // Where the track ends it is not known any more.
    for (const watch::Alert& alert :
         live.tick(track.fixes().back().time + Duration(100'000), protections)) {
        TRYV(hear(alert));
    }
    return out;
}

int run() {
    for (std::string line; std::getline(std::cin, line);) {
        const json::value question = json::parse(line);
        const auto plan = formats::read_plan(json::serialize(question.at("zone")));
        if (!plan) {
            std::cerr << plan.error().detail << "\n";
            return 2;
        }
        const watch::Track track = track_of(question.at("fixes").as_array());
        const watch::Presence found = watch::presence(track, plan->volumes.at(0));
        const auto live = live_stays(track, plan->volumes.at(0));
        if (!live) {
            std::cerr << live.error().detail << "\n";
            return 2;
        }
        json::array stays, unknown;
        for (const watch::Stay& one : found.stays) {
            stays.push_back(json::array{millis(one.from), millis(one.until)});
        }
        for (const geo::Window& one : found.unknown) {
            unknown.push_back(json::array{millis(*one.start), millis(*one.end)});
        }
        std::cout << json::serialize(
                         json::object{{"stays", stays}, {"unknown", unknown}, {"live", *live}})
                  << "\n";
    }
    return 0;
}

}  // namespace
}  // namespace entente

int main() { return entente::run(); }

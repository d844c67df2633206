// SPDX-License-Identifier: Apache-2.0
// Whether two volumes touch, as geo says and as index does, for geozones_test.py, which works it
// out again by itself.
//
//     zone_touches < QUESTIONS.jsonl > ANSWERS.jsonl
//
// A question: {"a": GeoJSON Feature as in a plan, "b": another}. An answer: {"geo": bool, "index":
// bool}, the second with a in the index and b asked; both ways round it must be the same.
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "formats/geojson.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "index/index.h"

namespace entente {
namespace {

namespace json = boost::json;

bool touch(const geo::Volume4D& a, const geo::Volume4D& b) {
    return geo::within(geo::Prepared(a.shape), geo::Prepared(b.shape), {0}) &&
           geo::overlap(a.band, b.band) && geo::overlap(a.window, b.window);
}

bool index_touches(const geo::Volume4D& a, const geo::Volume4D& b) {
    index::Scratch scratch;
    return index::Index::build({{7, a, {0}}}).touches_any({b, {0}}, scratch);
}

int run() {
    for (std::string line; std::getline(std::cin, line);) {
        const json::value question = json::parse(line);
        std::vector<geo::Volume4D> two;
        for (const char* name : {"a", "b"}) {
            auto plan = formats::read_plan(json::serialize(question.at(name)));
            if (!plan) {
                std::cerr << plan.error().detail << "\n";
                return 2;
            }
            two.push_back(plan->volumes.at(0));
        }
        std::cout << json::serialize(json::object{{"geo", touch(two[0], two[1])},
                                                  {"index", index_touches(two[0], two[1])}})
                  << "\n";
    }
    return 0;
}

}  // namespace
}  // namespace entente

int main() { return entente::run(); }

// SPDX-License-Identifier: Apache-2.0
// What verifying one evidence file costs, with nothing but the file and the charter in memory: four
// parties in one process say, release and acknowledge a record of so many versions, its author
// makes the file, and verify() reads it again and again. Writes Markdown to standard output.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>

#include "evidence/verify.h"
#include "node/gather.h"
#include "sim/party.h"

namespace entente::bench {
namespace {

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return *std::move(result);
}

node::Draft hospital(const char* act, int version) {
    node::Draft out;
    out.act = act;
    out.actor = "a.registrar";
    out.protection.protection_class = statement::ProtectionClass::hospital;
    geo::Place place;
    place.volume.shape = geo::Circle{{335'000'000 + version * 10'000, 363'000'000}, {250}};
    out.protection.where = {place};
    out.protection.names = {{"Hospital", "en", "Latn"}};
    return out;
}

struct World {
    sim::Founders founders =
        sim::found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1);
    std::vector<std::unique_ptr<sim::Party>> parties;
    Instant now = instant(1'448'539'200'000);

    World() {
        for (std::size_t i = 0; i < 4; ++i) {
            parties.push_back(std::make_unique<sim::Party>(founders, i, 100 + i));
        }
    }
    void round() {
        now += std::chrono::minutes(31);  // so that heads are quoted all the time
        for (auto& party : parties) {
            if (!party->exchange().tick(now)) throw std::runtime_error("tick");
        }
        for (auto& asker : parties) {
            for (auto& asked : parties) {
                if (asker != asked) sync(*asker, *asked, now);
            }
        }
    }
};

void measure(int versions) {
    World world;
    sim::Party& msf = *world.parties[2];
    const node::Audience audience{{PartyId{"fr"}, node::Tier::exact},
                                  {PartyId{"ru"}, node::Tier::coarse},
                                  {PartyId{"un"}, node::Tier::exact}};
    world.round();
    std::optional<RecordId> id;
    for (int version = 1; version <= versions; ++version) {
        const char* act = id ? statement::act::amend : statement::act::add;
        id = need(msf.say(hospital(act, version), id, audience, world.now));
        world.round();
        world.round();
    }
    const Bytes file = evidence::format_file(
        need(node::gather({msf.node(), msf.exchange(), msf.store(), *msf.author().vault},
                          {*id, node::Tier::exact, world.now})));
    std::vector<double> times;
    std::size_t lines = 0;
    for (int i = 0; i < 200; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const auto report = need(evidence::verify(file, {&world.founders.charter_file, 1}));
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        times.push_back(took.count());
        lines = 0;
        for (const auto& log : report.facts.logs) lines += log.cosigned.size();
    }
    std::sort(times.begin(), times.end());
    std::printf("| %d | %zu | %zu | %.2f | %.2f |\n", versions, file.size(), lines,
                times[times.size() / 2], times[times.size() * 99 / 100]);
}

}  // namespace
}  // namespace entente::bench

int main() {
    std::printf(
        "| versions | file, bytes | cosignatures | verify, ms (median) | 99 %% |\n"
        "|---|---|---|---|---|\n");
    for (const int versions : {1, 5, 20}) entente::bench::measure(versions);
    return 0;
}

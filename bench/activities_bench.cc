// SPDX-License-Identifier: Apache-2.0
// Running activities against changes of the register, one change at a time on one core: how long it
// takes to find those that it touches (check::concerned), what the index of them costs to follow a
// start and an end, and what checking one again costs beside. A tenth of the answers is compared
// with a double loop. Writes Markdown to standard output.
//
//     activities_bench [ACTIVITIES] [CHANGES]      10,000 each unless given
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/random.h"
#include "base/sha256.h"
#include "bench/times.h"
#include "bench/world.h"
#include "check/activity.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "node/index_of.h"
#include "sim/founders.h"

namespace entente::bench {
namespace {

const Instant now = instant(1'800'000'000'000);

/// A sealed entry of the own log, as far as the register looks at it.
registry::Understood said(std::uint64_t index, const char* kind) {
    registry::Understood out;
    const Hash secret = sha256("record " + std::to_string(index));
    out.position = {{index}, sha256("leaf " + std::to_string(index))};
    out.opened = 7;
    out.head.emplace();
    out.head->keys.record = statement::record_id({"bench"}, secret);
    out.head->secret = secret;
    out.head->kind = kind;
    out.head->act = statement::act::add;
    out.head->time = now;
    return out;
}

registry::Understood activity_at(std::uint64_t index, const geo::Volume4D& volume, Rng& rng) {
    registry::Understood out = said(index, statement::activity_kind);
    out.head->protects = false;
    statement::Activity activity;
    geo::Place place{volume, {}, Decimetres{static_cast<int>(rng.below(500))}};
    place.volume.window = {now - std::chrono::minutes(rng.below(120)),
                           now + std::chrono::minutes(1 + rng.below(240))};
    activity.contact = "desk";
    activity.volumes = {place};
    out.dealt = std::make_shared<const statement::Dealt>(activity);
    return out;
}

registry::Understood protection_at(std::uint64_t index, const geo::Place& place) {
    registry::Understood out = said(index, statement::protection_kind);
    registry::Content content;
    content.protection.where = {place};
    content.protection.where.front().volume.window = {};
    out.content = std::make_shared<const registry::Content>(content);
    return out;
}

std::vector<view::DealingSlot> by_hand(const view::View& view, const view::Seen& record) {
    std::vector<view::DealingSlot> out;
    const Metres policy = view.charter().terms.policy_distance;
    for (const view::SeenActivity& one : view.activities()) {
        for (const geo::Place& volume : one.volumes()) {
            for (const view::SeenPlace& place : record.places(now)) {
                const geo::Volume4D& there = place.reached->place.volume;
                const Metres reach = metres(*volume.accuracy) + place.reached->reach() + policy;
                if (geo::overlap(volume.volume.band, there.band) &&
                    geo::within(geo::Prepared(volume.volume.shape), geo::Prepared(there.shape),
                                reach)) {
                    out.push_back(one.slot());
                }
            }
        }
    }
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void run(std::size_t activities, std::size_t changes) {
    const sim::Founders founders = sim::found({"fr", "ru"}, statement::default_joint_terms(), 1);
    registry::Registry registry(founders.charter, PartyId{"fr"});
    Rng rng(1);
    const World volumes = make_shapes({1, activities, 1});
    const World places = make_points({changes, 1, 1});
    std::uint64_t index = 0;
    for (const geo::Volume4D& plan : volumes.plans) registry.apply(activity_at(index++, plan, rng));
    for (std::size_t i = 0; i < places.size(); ++i) {
        registry.apply(protection_at(index++, place(places, i)));
    }
    registry.settle();
    const view::View view(registry.snapshot(), {PartyId{"fr"}});
    const index::Index running = node::activities_of(registry.snapshot());
    const index::Index protections = node::index_of(registry.snapshot());
    index::Scratch scratch;
    Times found, followed, again;
    std::size_t touched = 0;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        std::vector<view::DealingSlot> out;
        found.time([&] { out = check::concerned(view, running, scratch, view.at(slot), now); });
        touched += out.size();
        if (slot % 10 == 0 && out != by_hand(view, view.at(slot))) {
            throw std::runtime_error("not what a double loop finds");
        }
        if (out.empty()) continue;
        again.time([&] {
            const auto question = check::question_of(view.activity(out.front()), now);
            (void)check::answer(view, protections, scratch, *question, {}, now);
        });
    }
    index::Index changing = running;
    for (const view::SeenActivity& one : view.activities()) {
        followed.time([&] {
            const index::IndexChange ended{one.slot(), {}};
            const index::IndexChange back{one.slot(), check::activity_items(one.slot(), one)};
            changing = changing.with({&ended, 1}).with({&back, 1});
        });
        if (followed.us.size() == 2'000) break;
    }
    std::printf(
        "| %zu running activities, one core | count | p50 us | p99 us | p99.9 us | max us |\n"
        "|---|---:|---:|---:|---:|---:|\n",
        activities);
    found.row("one change: those that it touches");
    again.row("one of them checked again");
    followed.row("the index, an end and a start");
    std::printf("\n%.1f activities a change; a tenth of them compared with a double loop.\n",
                static_cast<double>(touched) / static_cast<double>(view.size()));
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    const auto number = [&](int i) {
        return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : 10'000;
    };
    entente::bench::run(number(1), number(2));
    return 0;
}

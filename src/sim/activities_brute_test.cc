// SPDX-License-Identifier: Apache-2.0
// Which activities a change concerns and which meet each other, against a double loop over
// geo::within and the windows: nothing is missed, whatever was amended, ended or came late.
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

geo::LatLng somewhere(Rng& rng) {
    return {335'000'000 + static_cast<std::int32_t>(rng.below(400'000)),
            363'000'000 + static_cast<std::int32_t>(rng.below(400'000))};
}

geo::Place some_volume(Rng& rng, Instant now) {
    geo::Place out;
    if (rng.below(2) == 0) {
        out.volume.shape = geo::Circle{somewhere(rng), {static_cast<int>(rng.below(5'000))}};
    } else {
        out.volume.shape =
            geo::Corridor{{somewhere(rng), somewhere(rng)}, {static_cast<int>(rng.below(2'000))}};
    }
    const Instant start = now + std::chrono::minutes(rng.below(600));
    out.volume.window = {start, start + std::chrono::minutes(1 + rng.below(300))};
    if (rng.below(3) == 0) out.volume.band = {100, 3000, geo::AltitudeReference::agl};
    if (rng.below(3) == 0) out.volume.band = {5000, {}, geo::AltitudeReference::agl};
    if (rng.below(3) == 0) out.accuracy = Decimetres{static_cast<int>(rng.below(1'000))};
    return out;
}

std::vector<geo::Place> some_volumes(Rng& rng, Instant now) {
    std::vector<geo::Place> out;
    for (std::uint64_t i = 0; i <= rng.below(3); ++i) out.push_back(some_volume(rng, now));
    return out;
}

bool meet(const geo::Volume4D& a, const geo::Volume4D& b, Metres reach) {
    return geo::overlap(a.window, b.window) && geo::overlap(a.band, b.band) &&
           geo::within(geo::Prepared(a.shape), geo::Prepared(b.shape), reach);
}

Metres accuracy(const geo::Place& place) {
    return place.accuracy ? metres(*place.accuracy) : Metres{0};
}

/// The activities that a change of this record concerns, from `now` on.
std::set<RecordId> concerned_by_hand(Party& party, const view::Seen& record, Instant now) {
    std::set<RecordId> out;
    const Metres policy = party.node().charter().terms.policy_distance;
    const view::View view = view_of(party);
    for (const view::SeenActivity& one : view.activities()) {
        if (!view::may_happen(one.state(now))) continue;
        for (const geo::Place& volume : one.volumes(now)) {
            for (const view::SeenPlace& place : record.places(now)) {
                geo::Volume4D there = place.reached->place.volume;
                if (there.window.end && *there.window.end <= now) continue;
                there.window.start = std::max(there.window.start.value_or(now), now);
                if (meet(volume.volume, there,
                         accuracy(volume) + place.reached->reach() + policy)) {
                    out.insert(one.id());
                }
            }
        }
    }
    return out;
}

std::set<RecordId> met_by_hand(Party& party, const view::SeenActivity& mine,
                               const check::Question& question, Instant now) {
    std::set<RecordId> out;
    const view::View view = view_of(party);
    for (const view::SeenActivity& one : view.activities()) {
        if (one.id() == mine.id() || !view::may_happen(one.state(now))) continue;
        for (const geo::Place& volume : one.volumes(now)) {
            for (const geo::Volume4D& asked : question.volumes) {
                if (meet(asked, volume.volume, question.margin + accuracy(volume))) {
                    out.insert(one.id());
                }
            }
        }
    }
    return out;
}

/// Declares, amends, ends and cancels; says places.
void live(Party& party, Rng& rng, std::vector<RecordId>& activities, Instant now) {
    if (activities.empty() || rng.below(3) > 0) {
        activities.push_back(declare(party, some_volumes(rng, now), {}, now));
        return;
    }
    (void)follow(party, activities[rng.below(activities.size())],
                 rng.below(2) == 0 ? "cancel" : "start", now);
}

TEST(Activities, AreFoundAsADoubleLoopFindsThem) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    std::size_t found = 0, met = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Party party(founders, 0, seed);
        Rng rng(seed);
        std::vector<RecordId> activities;
        Instant now = noon;
        index::Scratch scratch;
        for (int step = 0; step < 60; ++step) {
            now += std::chrono::minutes(rng.below(20));
            if (rng.below(2) == 0) {
                node::Draft draft = draft_of(statement::ProtectionClass::clinic, somewhere(rng));
                draft.protection.where.front().buffer =
                    Decimetres{static_cast<int>(rng.below(2'000))};
                ASSERT_TRUE(party.say(draft, {}, {}, now));
            } else {
                live(party, rng, activities, now);
            }
            const node::State state = party.exchange().state();
            const view::View view = view_of(party);
            for (view::Slot slot = 0; slot < view.size(); ++slot) {
                std::set<RecordId> ids;
                for (const view::DealingSlot one :
                     check::concerned(view, state.activities, scratch, view.at(slot), now)) {
                    ids.insert(view.activity(one).id());
                }
                ASSERT_EQ(ids, concerned_by_hand(party, view.at(slot), now)) << "seed " << seed;
                found += ids.size();
            }
            for (const view::SeenActivity& one : view.activities()) {
                const auto question = check::question_of(one, now);
                if (!question) continue;
                std::set<RecordId> ids;
                for (const check::Meeting& meeting :
                     check::meetings(view, state.activities, scratch, *question, one.id(), now)) {
                    EXPECT_TRUE(ids.insert(view.activity(meeting.slot).id()).second);
                }
                ASSERT_EQ(ids, met_by_hand(party, one, *question, now)) << "seed " << seed;
                met += ids.size();
            }
        }
    }
    EXPECT_GT(found, 1000u) << "the test meets what it is about";
    EXPECT_GT(met, 1000u);
}

}  // namespace
}  // namespace entente::sim

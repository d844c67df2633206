// SPDX-License-Identifier: Apache-2.0
// What the parties of a world say of movements. Windows lie about the moment when it is said, so
// that legs become due, are late, run over and lapse while the world lasts; starts are early and
// late, and what must be refused is tried too.
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

constexpr std::uint32_t legs_max = 4;

RoadLeg* find(std::vector<RoadLeg>& legs, std::uint32_t number) {
    for (RoadLeg& leg : legs) {
        if (leg.number == number) return &leg;
    }
    return nullptr;
}

}  // namespace

void World::say_road(Seat& seat) {
    std::vector<RecordId> own;
    for (const auto& [id, road] : book_.roads()) {
        if (road.author == number(seat) && !road.over()) own.push_back(id);
    }
    if (own.empty() || chance(0.2)) return add_road(seat);
    const RecordId record = own[rng_.below(own.size())];
    if (chance(0.1)) return say_what_must_not_be(seat, record);
    go_on(seat, record);
}

/// A leg that is about to begin, to end, to lapse, or that is of tomorrow.
RoadLeg World::some_leg(const Seat& seat, std::uint32_t number) {
    const Instant now = clock(seat);
    RoadLeg out{number, sites_++, 1000 + static_cast<std::int64_t>(rng_.below(4000)), {}, {}};
    switch (rng_.below(4)) {
        case 0:
            out.start = now + between(-5min, 15min);
            out.end = out.start + between(1min, 20min);
            return out;
        case 1: out.end = now + between(-10min, 15min); break;
        case 2: out.end = now - 24h + between(-2min, 25min); break;
        default: out.end = now + between(20h, 50h); break;
    }
    out.start = out.end - between(1min, 12h);
    return out;
}

void World::add_road(Seat& seat) {
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.audience = some_audience(seat);
    const auto legs = static_cast<std::uint32_t>(1 + rng_.below(3));
    for (std::uint32_t n = 1; n <= legs; ++n) meaning.legs.push_back(some_leg(seat, n));
    say_legs(seat, {}, meaning, {});
}

void World::say_legs(Seat& seat, const std::optional<RecordId>& record, Book::Meaning meaning,
                     std::optional<std::uint32_t> leg) {
    meaning.kind = statement::movement_kind;
    meaning.time = clock(seat);
    node::Draft draft = Checks::movement(meaning);
    draft.leg = leg;
    if (leg && meaning.act == act_name::start) draft.at = find(meaning.legs, *leg)->started;
    say(seat, draft, record ? &*record : nullptr, meaning);
}

/// The next thing that happens to a movement, or to one of its legs.
void World::go_on(Seat& seat, const RecordId& record) {
    const Road& road = book_.roads().at(record);
    Book::Meaning meaning;
    meaning.act = act_name::amend;
    meaning.legs = road.versions.back().legs;
    RoadLeg& leg = meaning.legs[rng_.below(meaning.legs.size())];
    const std::uint32_t one = leg.number;
    const Instant now = clock(seat);
    const std::uint64_t what = rng_.below(12);
    if (what == 0) {
        meaning.act = act_name::cancel;
        meaning.legs.clear();
        return say_legs(seat, record, meaning, {});
    }
    if (what < 8 && leg.started) {
        meaning.act = act_name::end;
        std::erase_if(meaning.legs, [&](const RoadLeg& its) { return its.number == one; });
        return say_legs(seat, record, meaning, one);
    }
    if (what < 8 && leg.start - 23h < now && now < leg.until()) {
        meaning.act = act_name::start;
        // Said at once, or when it had been under way for some time.
        leg.started = chance(0.5) ? now : now - between(0ms, 10min);
        return say_legs(seat, record, meaning, one);
    }
    amend(seat, road, leg, meaning);
    if (chance(0.2)) meaning.audience = some_audience(seat);
    say_legs(seat, record, meaning, {});
}

void World::amend(const Seat& seat, const Road& road, RoadLeg& leg, Book::Meaning& meaning) {
    switch (rng_.below(7)) {
        case 0: leg.end += between(1ms, 2h); return;
        case 1:
            leg.end -= (leg.end - leg.start) / 3;
            // Nothing starts when it has stopped protecting.
            if (leg.started) leg.end = std::max(leg.end, *leg.started - 23h);
            return;
        case 2: leg.start -= between(1ms, 1h); return;
        case 3: leg.half_width_dm += 500; return;
        case 4: leg.half_width_dm /= 2; return;
        case 5:
            if (meaning.legs.size() > 1) {
                meaning.legs.erase(meaning.legs.begin() + (&leg - meaning.legs.data()));
                return;
            }
            [[fallthrough]];
        default:
            if (meaning.legs.size() < legs_max && chance(0.5)) {
                meaning.legs.push_back(some_leg(seat, road.numbers() + 1));
            } else {
                leg.site = sites_++;  // another way
            }
    }
}

/// What a node refuses to say, whoever asks it to.
void World::say_what_must_not_be(Seat& seat, const RecordId& record) {
    Party& party = *seat.party;
    const auto slot = party.node().snapshot().find(record);
    if (!slot) return failed(party.id().v + " has lost its own movement " + record.text());
    const Road& road = book_.roads().at(record);
    const RoadLeg& leg = road.versions.back().legs.front();
    const Instant now = clock(seat);
    node::Draft draft;
    draft.actor = "a.registrar";
    draft.leg = leg.number;
    draft.act = leg.started ? act_name::start : act_name::end;
    std::string what = leg.started ? "starts a leg twice" : "ends a leg that has not started";
    const std::uint64_t kind = rng_.below(4);
    if (kind == 0 && !leg.started) {
        draft.act = act_name::start;
        draft.at = now + between(1ms, 10min);
        what = "starts a leg ahead of time";
    } else if (kind == 1) {
        draft.leg = road.numbers() + 1;
        what = "moves a leg that there is not";
    } else if (kind == 2) {
        draft.act = act_name::withdraw;
        what = "withdraws a movement as if it were a place";
    }
    const auto composed = node::compose(party.author(), draft, &party.node().snapshot().at(*slot),
                                        now, party.rng().bytes());
    if (composed) return failed(party.id().v + " " + what);
    ++out_.refused;
}

}  // namespace entente::sim

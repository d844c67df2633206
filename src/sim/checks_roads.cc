// SPDX-License-Identifier: Apache-2.0
// What a node answers of movements, beside the book: a leg protects in its hours and no others, as
// long as the oracle says and not for ever; and no list forgets one that protects.
#include <algorithm>
#include <set>

#include "node/stuck.h"
#include "sim/checks.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t line_e7 = 200'000;  // eastward

/// A point beside the middle of a leg's line.
geo::Volume4D beside(const RoadLeg& leg, std::int64_t north_dm, const geo::Window& window) {
    geo::LatLng at = place_of(leg.site, north_dm);
    at.lng_e7 += line_e7 / 2;
    return {geo::Circle{at, {10}}, {}, window};
}

geo::Window millisecond(Instant t) { return {t, t + 1ms}; }

std::string named(const RoadLeg& leg) { return "leg " + std::to_string(leg.number); }

}  // namespace

node::Draft Checks::movement(const Book::Meaning& meaning) {
    node::Draft out;
    out.act = meaning.act;
    out.actor = "a.registrar";
    out.protection.protection_class = statement::ProtectionClass::relief;
    out.protection.vehicles = {{"lorry", "lorry", "white", "", ""}};
    for (const RoadLeg& leg : meaning.legs) {
        out.protection.legs.push_back(
            {leg.number, "", "", {leg.start, leg.end}, {"lorry"}, leg.started});
        geo::Place place;
        place.buffer = place.accuracy = Decimetres{0};
        const geo::LatLng begin = place_of(leg.site, 0);
        place.volume.shape =
            geo::Corridor{{begin, {begin.lat_e7, begin.lng_e7 + line_e7}}, {leg.half_width_dm}};
        out.protection.where.push_back(
            statement::place_of(out.protection.legs.back(), std::move(place)));
    }
    return out;
}

/// What this seat knows of a movement; nothing where it has not read what its store holds.
std::optional<Reading> Checks::reading(Seat& seat, const Road& road) {
    Seat& author = world_.seats_[road.author];
    const bool own = road.author == world_.number(seat);
    if (!own && behind_its_store(seat, author)) return std::nullopt;
    const Cosigners seen = cosigners(author);
    const std::size_t k = 1 + 2 * (world_.founders_.parties.size() - 1) / 3;  // PROTOCOL 16
    Reading out{{}, {}, world_.founders_.charter.terms.reduce_delay};
    for (const RoadVersion& version : road.versions) {
        out.open.push_back(own ? Bits{7} : open_bits(seat, author, version.entry));
        out.final.push_back(seen.final_at(version.entry, k));
    }
    return out;
}

void Checks::ask_road() {
    const auto& roads = world_.book_.roads();
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (roads.empty() || !seat.party->running() || !seat.honest) return;
    const auto& [record, road] =
        *std::next(roads.begin(), static_cast<std::ptrdiff_t>(world_.rng_.below(roads.size())));
    const auto known = reading(seat, road);
    if (!known) return;
    const std::size_t version = world_.rng_.below(road.versions.size());
    Instant at = world_.clock(seat);
    if (world_.chance(0.5)) at += world_.between(0ms, 3h);
    lists(seat, record, *known, at);
    const auto& legs = road.versions[version].legs;
    if (legs.empty() || !world_.out_.failure.empty()) return;
    const RoadLeg& one = legs[world_.rng_.below(legs.size())];
    if (const auto end = leg_ends(road, version, one, *known);
        end && *end != Instant::min() && world_.chance(0.5)) {
        at = *end - world_.between(1ms, 2min);  // the last moments are the ones that get lost
    }
    leg(seat, record, version, one, *known, at);
    outside_its_hours(seat, record, one, *known, at);
}

/// In its hours, to the millisecond, and as long as it has not ended.
void Checks::leg(Seat& seat, const RecordId& record, std::size_t version, const RoadLeg& one,
                 const Reading& reading, Instant at) {
    ++world_.out_.legs_asked;
    const Road& road = world_.book_.roads().at(record);
    const Bits open = reading.open[version];
    const auto end = leg_ends(road, version, one, reading);
    if ((open & 6) == 0 || (end && at >= *end)) return;
    const std::int64_t north = (open & 4) != 0 ? one.half_width_dm * 9 / 10 : 0;
    for (const geo::Window& hours :
         {millisecond(one.from()), millisecond(one.until() - 1ms),
          millisecond(Instant(
              world_.between(one.from().time_since_epoch(), one.until().time_since_epoch()))),
          geo::Window{}}) {
        if (finds(seat, record, beside(one, north, hours), at)) continue;
        return failed(seat, named(one) + " of movement " + record.text() + " of " +
                                world_.seats_[road.author].party->id().v + ", version " +
                                std::to_string(version + 1) + ", does not protect at " +
                                (hours.start ? format_rfc3339(*hours.start) : "any hour") +
                                ", asked at " + format_rfc3339(at) + ", and should until " +
                                (end ? format_rfc3339(*end) : "it is ended"));
    }
}

/// Who holds all of it exactly finds it in no hour in which no version has it there.
void Checks::outside_its_hours(Seat& seat, const RecordId& record, const RoadLeg& one,
                               const Reading& reading, Instant at) {
    const Road& road = world_.book_.roads().at(record);
    if (!reading.whole(road)) return;
    for (const Instant hour :
         {one.from() - 1ms, one.until(), one.from() - 30h, one.until() + 30h}) {
        bool there = false;
        for (const RoadVersion& version : road.versions) {
            there |= std::any_of(version.legs.begin(), version.legs.end(), [&](const auto& leg) {
                return leg.site == one.site && leg.from() <= hour && hour < leg.until();
            });
        }
        if (there || !finds(seat, record, beside(one, 0, millisecond(hour)), at)) continue;
        return failed(seat, named(one) + " of movement " + record.text() + " protects at " +
                                format_rfc3339(hour) + ", when it is not there");
    }
}

/// How its legs stand at a moment; none that protects is called over.
void Checks::lists(Seat& seat, const RecordId& record, const Reading& reading, Instant at) {
    const Road& road = world_.book_.roads().at(record);
    const Seat& author = world_.seats_[road.author];
    const auto limit = static_cast<std::size_t>(world_.founders_.charter.terms.relaxations_min);
    // Of a fork, and beyond the limit of a day, nothing that is relaxed counts.
    if (!author.honest || !reading.whole(road) ||
        world_.book_.relaxations(road.author).size() > limit) {
        return;
    }
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto slot = view.find(record);
    if (!slot) return failed(seat, "it does not know movement " + record.text());
    std::set<std::uint32_t> protect;
    for (std::size_t k = 0; k < road.versions.size(); ++k) {
        for (const RoadLeg& one : road.versions[k].legs) {
            const auto end = leg_ends(road, k, one, reading);
            if ((!end || at < *end) && at < one.until()) protect.insert(one.number);
        }
    }
    const auto legs = view.at(*slot).legs();
    if (legs.size() != road.numbers()) {
        return failed(seat, "movement " + record.text() + " shows " + std::to_string(legs.size()) +
                                " legs of " + std::to_string(road.numbers()));
    }
    for (const view::SeenLeg& one : legs) {
        const std::string is = view::name(one.state(at));
        const std::string should = standing(road, one.leg->number, at);
        if (is != should) {
            failed(seat, "leg " + std::to_string(one.leg->number) + " of movement " +
                             record.text() + " is called " + is + " and is " + should);
        }
        if (one.over(at) && protect.contains(one.leg->number)) {
            failed(seat, "leg " + std::to_string(one.leg->number) + " of movement " +
                             record.text() + " is called over at " + format_rfc3339(at) +
                             " and protects");
        }
    }
    if (world_.number(seat) == road.author) duty_lists(seat, record, protect, at);
}

/// Nobody here confirms anything: each leg that protects waits, with everybody who was told.
void Checks::duty_lists(Seat& seat, const RecordId& record, const std::set<std::uint32_t>& protect,
                        Instant at) {
    const auto ladders = seat.party->exchange().ladders(record, at);
    if (!ladders) return failed(seat, "its receipts are not read: " + ladders.error().detail);
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    constexpr Duration ahead = 24h * 4;
    const auto waiting = node::stuck(*ladders, view, at, ahead);
    for (const node::Ladder& ladder : *ladders) {
        for (const std::uint32_t number : protect) {
            const bool listed =
                std::any_of(ladder.legs.begin(), ladder.legs.end(),
                            [&](const node::LegLadder& one) { return one.leg == number; });
            const bool waits =
                std::any_of(waiting.begin(), waiting.end(), [&](const node::Stuck& one) {
                    return one.leg == number && one.party == ladder.party;
                });
            if (listed && waits) continue;
            return failed(seat, "leg " + std::to_string(number) + " of movement " + record.text() +
                                    " protects at " + format_rfc3339(at) + " and " +
                                    (listed ? "is not said to wait for " : "has no ladder of ") +
                                    ladder.party.v);
        }
    }
}

/// What has not ended protects still, and what surely has does not: an ended leg as soon as that is
/// final, what was amended or cancelled after the delay.
void Checks::settled(Seat& seat, const RecordId& record, const Road& road) {
    auto known = reading(seat, road);
    if (!known) return;
    const Instant now = world_.clock(seat);
    for (std::size_t k = 0; k < road.versions.size(); ++k) {
        for (const RoadLeg& one : road.versions[k].legs) {
            leg(seat, record, k, one, *known, now);
            leg(seat, record, k, one, *known, now + 12h);
        }
    }
    lists(seat, record, *known, now);
    Seat& author = world_.seats_[road.author];
    const auto limit = static_cast<std::size_t>(world_.founders_.charter.terms.relaxations_min);
    if (!author.honest || !known->whole(road) || !world_.out_.failure.empty() ||
        world_.book_.relaxations(road.author).size() > limit ||
        !heard_enough(seat, author, road.versions.back().entry)) {
        return;
    }
    // By what it may have heard last.
    for (auto& final : known->final) final = now + 2min;
    std::map<int, std::pair<RoadLeg, std::optional<Instant>>> sites;
    for (std::size_t k = 0; k < road.versions.size(); ++k) {
        for (const RoadLeg& one : road.versions[k].legs) {
            const auto end = leg_ends(road, k, one, *known);
            auto& [leg, until] = sites.try_emplace(one.site, one, end).first->second;
            if (until) until = end ? std::optional(std::max(*until, *end)) : std::nullopt;
        }
    }
    for (const auto& [site, of] : sites) {
        const auto& [one, until] = of;
        if (!until) continue;
        ++world_.out_.legs_ended;
        if (!finds(seat, record, beside(one, 0, {}), *until)) continue;
        return failed(seat, named(one) + " of movement " + record.text() +
                                " protects for ever, though it was ended and that is final");
    }
}

}  // namespace entente::sim

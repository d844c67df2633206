// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "watch/live_state.h"

namespace entente::watch {
namespace {

/// How finely a predicted entry is looked for: it is told early by that much at most.
constexpr Duration foresight{250};
/// Less than this says nothing of how a thing moves.
constexpr Duration moved_for_min{1000};
/// What each time may have when a call has used up its own: a crossing takes some forty, a leg
/// along an edge tens of thousands, and who sends many of those would keep everybody waiting.
constexpr std::size_t looks_a_time_min = 4000;

/// The straight line between two places, with what is between in height and time.
geo::Volume4D way(const Fix& from, const Fix& to, geo::AltitudeReference reference) {
    geo::Volume4D out;
    out.window = {from.time, to.time + Duration(1)};
    if (from.height && to.height) {
        const auto [low, high] = std::minmax(*from.height, *to.height);
        out.band = {low, high, reference};
    }
    geo::LatLng end = to.at;
    constexpr std::int64_t turn_e7 = 3'600'000'000;
    while (end.lng_e7 - from.at.lng_e7 > turn_e7 / 2) end.lng_e7 -= turn_e7;
    while (end.lng_e7 - from.at.lng_e7 < -turn_e7 / 2) end.lng_e7 += turn_e7;
    if (end == from.at) {
        out.shape = geo::Circle{from.at, {0}};
    } else {
        out.shape = geo::Corridor{{from.at, end}, {0}};
    }
    return out;
}

/// Precondition: its marks are in order.
bool is_marked(const Spot& spot, Subject subject) {
    const auto at = std::lower_bound(spot.marks.begin(), spot.marks.end(), subject,
                                     [](const Mark& m, Subject s) { return m.subject < s; });
    return at != spot.marks.end() && at->subject == subject;
}

/// The part of what was found of a longer way. Whether that ended where this does, and in it.
std::optional<Mark> part_of(const Mark& held, const Fix& from, const Fix& to) {
    if (held.last < from.time || held.first > to.time) return std::nullopt;
    const bool at_end = held.last > to.time || (held.last == to.time && held.at_end);
    return Mark{held.subject, std::max(held.first, from.time), std::min(held.last, to.time), at_end,
                false};
}

/// A leg between heights from two references is one at every height.
Fix level(Fix one, bool comparable) {
    if (!comparable) one.height.reset();
    return one;
}

}  // namespace

void Live::State::give_looks(Instant now) {
    const Duration past =
        looks_given < now ? std::min(now - looks_given, Duration(1000)) : Duration();
    const auto more = zone_looks_a_second * static_cast<std::size_t>(past.count()) / 1000;
    for (std::size_t& one : zone_looks) one = std::min(one + more, zone_looks_a_second);
    looks_given = now;
}

void Live::State::look_at_zones(const Fix& from, const Fix& to, const Spot* before,
                                const std::vector<Mark>& held, std::size_t& looks, Spot& spot) {
    if (boundaries.empty()) return;
    boundaries.near(way(from, to, spot.reference), scratch, parts);
    named_zones.assign(zone_looks.size(), {});
    for (const bool known : {true, false}) {
        for (const std::uint32_t number : parts) {
            const Boundaries::Part& part = boundaries.part(number);
            const bool was_in = before != nullptr && is_marked(*before, part.boundary);
            if (was_in == known) look_at_zone(from, to, part, known, held, looks, spot);
        }
    }
}

void Live::State::look_at_new_zones(const Fix& at, Spot& spot) {
    boundaries.near(way(at, at, spot.reference), scratch, parts);
    std::size_t looks = SIZE_MAX;
    for (const std::uint32_t number : parts) {
        const Boundaries::Part& part = boundaries.part(number);
        if (born[part.boundary] == turn) look_at_zone(at, at, part, false, {}, looks, spot);
    }
}

void Live::State::look_at_zone(const Fix& from, const Fix& to, const Boundaries::Part& part,
                               bool known, const std::vector<Mark>& held, std::size_t& looks,
                               Spot& spot) {
    const auto& [boundary, zone] = part;
    const Subject party = stated_by[boundary];
    const bool point = from.time == to.time;
    const auto mark = [&](const Interval& whole, bool at_end) {
        const auto one = clipped(whole, zone.window());
        if (one) spot.marks.push_back({boundary, one->first, one->last, at_end});
        return one.has_value();
    };
    if (party == no_party) {
        for (const Interval& one : inside(zone, from, to, spot.reference, looks)) mark(one, point);
        return;
    }
    NamedZones& named_of = named_zones[party];
    const bool counted = named_of.last == boundary;
    std::size_t mine = zone_looks[party] / zone.weight();
    // What was found before a late position came is no less so when there are no looks left.
    bool was_found = false;
    for (const Mark& one : held) {
        if (mine > 0 || one.subject != boundary) continue;
        const auto piece = part_of(one, from, to);
        was_found |= piece.has_value();
        if (piece) spot.marks.push_back(*piece);
    }
    if (was_found) return;
    if (mine == 0 && known) {
        mark({from.time, to.time}, true);
        return;
    }
    if (mine == 0 || (!known && !counted && named_of.zones >= zones_at_once_max)) {
        if (!std::exchange(named_of.more, true)) {
            spot.marks.push_back({many_of(party, Many::zones), from.time, to.time, true});
        }
        return;
    }
    const std::size_t given = mine;
    bool any = false;
    for (const Interval& one : inside(zone, from, to, spot.reference, mine))
        any |= mark(one, point);
    zone_looks[party] -= (given - mine) * zone.weight();
    if (any && !counted) ++named_of.zones;
    if (any) named_of.last = boundary;
}

Subject Live::State::number_of(std::string_view party) {
    const auto found = party_numbers.find(party);
    if (found != party_numbers.end()) return found->second;
    const auto next = static_cast<Subject>(parties.size());
    parties.emplace_back(party);
    party_numbers.emplace(party, next);
    return next;
}

/// Each party's are counted by themselves, and what is over its budget beside them: whoever says
/// much hides nothing of others. What the leg before was in goes first, so that it goes on.
void Live::State::look_at_protections(const Fix& from, const Fix& to, const Spot* before,
                                      Spot& spot, const Protections& protections) {
    const index::Question question{way(from, to, spot.reference), {0}};
    protections.index.touching(question, scratch, slots);
    if (slots.empty()) return;
    const auto mark = [&](Subject subject) {
        spot.marks.push_back({subject, from.time, to.time, true});
    };
    named.assign(parties.size(), {});
    named_more.assign(parties.size(), {});
    for (const bool first : {true, false}) {
        for (const index::Slot slot : slots) {
            const Subject subject = protection_bit | slot;
            const bool known = before != nullptr && is_marked(*before, subject);
            if (known != first) continue;
            const Whose whose = protections.whose ? protections.whose(slot) : Whose{};
            const Subject party = number_of(whose.party);
            if (named.size() < parties.size()) {
                named.resize(parties.size());
                named_more.resize(parties.size());
            }
            std::size_t& count = named[party][whose.over_budget];
            const std::size_t most =
                whose.over_budget ? over_budget_at_once_max : protections_at_once_max;
            if (first) {
                ++count;
                mark(subject);
            } else if (!named_more[party][whose.over_budget] &&
                       protections.protects(slot, question)) {
                // What is known may be more than is named: the rest is told of all the same.
                const Many rest = whose.over_budget ? Many::over_budget : Many::protections;
                const bool more = count >= most;
                mark(more ? many_of(party, rest) : subject);
                named_more[party][whose.over_budget] = more;
                ++count;
            }
        }
    }
}

void Live::State::look(Track& track, const Protections& protections) {
    track.window.look([&](const Spot* before, const std::vector<Mark>& held, Spot& spot) {
        spot.joined = before != nullptr && follow(before->fixes, spot.fixes, options.gap_max);
        const bool comparable = !spot.joined || before->reference == spot.reference;
        const std::size_t some = std::max(looks_left, looks_a_time_min);
        std::size_t looks = some;
        for (const Fix& to : spot.fixes) {
            look_at_zones(to, to, spot.joined ? before : nullptr, held, looks, spot);
            if (!spot.joined) look_at_protections(to, to, before, spot, protections);
            if (!spot.joined) continue;
            for (const Fix& from : before->fixes) {
                const Fix begin = level(from, comparable), end = level(to, comparable);
                look_at_zones(begin, end, before, held, looks, spot);
                look_at_protections(begin, end, before, spot, protections);
            }
        }
        looks_left -= std::min(looks_left, some - looks);
        if (!track.asked_since.empty()) forget_earlier(track, spot);
    });
}

void Live::State::forget_earlier(const Track& track, Spot& spot) const {
    const auto asked_since = [&](Subject subject) -> std::optional<Instant> {
        if (!of_zone(subject)) return std::nullopt;
        for (const AskedSince& one : track.asked_since) {
            if (one.first <= born[subject] && born[subject] <= one.last) return one.from;
        }
        return std::nullopt;
    };
    std::vector<Mark> kept;
    for (Mark one : spot.marks) {
        const auto since = asked_since(one.subject);
        if (since && spot.time() < *since) continue;
        // Of the position alone, and not of the way to it.
        one.fresh = since && spot.time() == *since;
        if (!one.fresh || one.at_end) kept.push_back(one);
    }
    spot.marks = std::move(kept);
}

bool Live::State::foresee_zone(const Boundaries::Part& part, const Fix& from, const Fix& goal,
                               geo::AltitudeReference reference,
                               std::vector<std::pair<Subject, Instant>>& out) {
    const auto& [boundary, zone] = part;
    const Subject party = stated_by[boundary];
    if (party == no_party) {
        const auto entry = first_inside(zone, from, goal, reference, foresight);
        if (entry) out.emplace_back(boundary, *entry);
        return true;
    }
    NamedZones& of = named_zones[party];
    const bool counted = of.last == boundary;
    if (!counted && of.zones >= zones_at_once_max) return false;
    const std::size_t given = zone_looks[party] / zone.weight();
    std::size_t left = given;
    const auto entry = first_inside(zone, from, goal, reference, foresight, left);
    zone_looks[party] -= (given - left) * zone.weight();
    if (left == 0) return false;
    if (!entry) return true;
    out.emplace_back(boundary, *entry);
    if (!counted) ++of.zones;
    of.last = boundary;
    return true;
}

std::vector<std::pair<Subject, Instant>> Live::State::foreseen(const Track& track, bool& known) {
    std::vector<std::pair<Subject, Instant>> out;
    const auto& spots = track.window.spots();
    const Spot& last = spots.back();
    std::size_t i = spots.size() - 1;
    while (i > 0 && spots[i].joined && last.time() - spots[i].time() < options.over) --i;
    const Duration known_for = last.time() - spots[i].time();
    // Of quick senders no more is held than this; it still says how they move.
    const bool full = i == 0 && spots.size() >= live_fixes_max;
    known = known_for >= options.over || (full && known_for >= moved_for_min);
    cut.clear();
    if (!known || boundaries.empty()) return out;
    const bool comparable = spots[i].reference == last.reference;
    named_zones.assign(zone_looks.size(), {});
    for (const Fix& before : spots[i].fixes) {
        for (const Fix& from : last.fixes) {
            const Fix goal =
                moved_on(level(before, comparable), level(from, comparable), options.horizon);
            boundaries.near(way(from, goal, last.reference), scratch, parts);
            for (const std::uint32_t number : parts) {
                if (!foresee_zone(boundaries.part(number), level(from, comparable), goal,
                                  last.reference, out)) {
                    cut.push_back(stated_by[boundaries.part(number).boundary]);
                }
            }
        }
    }
    std::sort(cut.begin(), cut.end());
    cut.erase(std::unique(cut.begin(), cut.end()), cut.end());
    for (const Subject party : cut) out.emplace_back(many_of(party, Many::zones), last.time());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              out.end());
    return out;
}

}  // namespace entente::watch

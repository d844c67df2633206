// SPDX-License-Identifier: Apache-2.0
#include "watch/live.h"

#include <algorithm>
#include <utility>

#include "base/encode.h"
#include "base/limits.h"
#include "geo/valid.h"
#include "watch/live_state.h"

namespace entente::watch {
namespace {

/// About a second of one core, for all the legs of a call.
constexpr std::size_t looks_a_call_max = 4'000'000;

Result<void> check(const Position& one, Instant now, const LiveOptions& options) {
    for (const auto& [text, what] : {std::pair{&one.by, "by"}, std::pair{&one.track, "track"}}) {
        if (text->empty() || text->size() > track_name_bytes_max || !is_utf8(*text)) {
            return fail(Errc::malformed, std::string(what) + ": 1 to " +
                                             std::to_string(track_name_bytes_max) +
                                             " bytes of UTF-8 (track_name_bytes_max)");
        }
    }
    if (std::abs(one.fix.at.lat_e7) > 900'000'000 || std::abs(one.fix.at.lng_e7) > 1'800'000'000) {
        return fail(Errc::malformed, "its place is beyond ±90° of latitude or ±180° of longitude");
    }
    if (one.fix.height && std::abs(*one.fix.height) > limits::altitude_dm_max) {
        return fail(Errc::malformed, "its height is beyond ±1,000 km (altitude_dm_max)");
    }
    if (one.fix.time > now + options.ahead_max) {
        return fail(Errc::refused, "its time is " +
                                       std::to_string((one.fix.time - now).count() / 1000) +
                                       " s ahead of this node's clock, at most " +
                                       std::to_string(options.ahead_max.count() / 1000) +
                                       " are taken (ahead_max); set the sender's clock");
    }
    if (one.fix.time < now - options.past_max) {
        return fail(Errc::refused, "its time is more than " +
                                       std::to_string(options.past_max.count() / 3'600'000) +
                                       " h ago (past_max); `entente track` reads old tracks");
    }
    return {};
}

Error too_many_tracks() {
    return {Errc::too_large, "there are " + std::to_string(live_tracks_max) +
                                 " live tracks already (live_tracks_max); it is taken once others "
                                 "are forgotten"};
}

Error too_late() {
    return {Errc::refused, "it is as old as the oldest of the last " +
                               std::to_string(live_fixes_max) +
                               " positions that are held of this track, or older (live_fixes_max)"};
}

/// How many from `begin` on, all of one track, are looked at together: some, and all of one time.
std::size_t part_of(std::span<const Position> batch, std::span<const std::size_t> order,
                    std::size_t begin, std::size_t end) {
    constexpr std::size_t part_max = 16;
    std::size_t to = std::min(begin + part_max, end);
    while (to < end && batch[order[to]].fix.time == batch[order[to - 1]].fix.time) ++to;
    return to - begin;
}

Error crowded() {
    return {Errc::too_large, "this track has " + std::to_string(places_at_once_max) +
                                 " places at this one time already (places_at_once_max); do two "
                                 "senders use one name?"};
}

}  // namespace

const char* name(Craft craft) { return craft == Craft::aircraft ? "aircraft" : "convoy"; }

const char* name(Share::Of of) {
    switch (of) {
        case Share::Of::zones: return "zones";
        case Share::Of::zones_of_files: return "zones_of_files";
        case Share::Of::protections: return "protections";
        case Share::Of::over_budget: return "over_budget";
    }
    return "";
}

std::optional<Share::Of> parse_share(std::string_view text) {
    using Of = Share::Of;
    for (const Of one : {Of::zones, Of::zones_of_files, Of::protections, Of::over_budget}) {
        if (text == name(one)) return one;
    }
    return std::nullopt;
}

std::optional<Craft> parse_craft(std::string_view text) {
    for (const Craft one : {Craft::aircraft, Craft::convoy}) {
        if (text == name(one)) return one;
    }
    return std::nullopt;
}

std::optional<AlertKind> parse_alert_kind(std::string_view text) {
    for (auto i = AlertKind::entered; i <= AlertKind::untold;
         i = static_cast<AlertKind>(static_cast<int>(i) + 1)) {
        if (text == name(i)) return i;
    }
    return std::nullopt;
}

const char* name(AlertKind kind) {
    switch (kind) {
        case AlertKind::entered: return "entered";
        case AlertKind::found_inside: return "found_inside";
        case AlertKind::left: return "left";
        case AlertKind::lost: return "lost";
        case AlertKind::will_enter: return "will_enter";
        case AlertKind::turned_away: return "turned_away";
        case AlertKind::corrected: return "corrected";
        case AlertKind::untold: return "untold";
    }
    return "";
}

/// A boundary that was there before keeps its number; numbers of those that are gone are free.
/// Errors change nothing.
Result<std::vector<Subject>> Live::State::number(const std::vector<Boundary>& asserted) {
    if (asserted.size() > boundaries_max) {
        return fail(Errc::too_large, "more than " + std::to_string(boundaries_max) +
                                         " versions of boundaries at once (boundaries_max)");
    }
    std::map<Named, std::size_t> once;
    for (std::size_t i = 0; i < asserted.size(); ++i) {
        const Boundary& one = asserted[i];
        const std::string what = one.party + ": " + one.id + ", version " + one.version;
        for (const geo::Volume4D& volume : one.volumes) {
            if (const auto valid = geo::validate(volume); !valid) return at(what, valid.error());
        }
        if (!once.try_emplace({one.party, one.id, one.version, one.leaf}, i).second) {
            return fail(Errc::malformed, what + ": stands twice; give all its volumes at once");
        }
    }
    for (auto at = numbers.begin(); at != numbers.end();) {
        const bool stays = once.contains(at->first);
        if (!stays) free.push_back(at->second);
        at = stays ? std::next(at) : numbers.erase(at);
    }
    ++turn;
    std::vector<Subject> out;
    for (const Boundary& one : asserted) {
        const auto [at, is_new] =
            numbers.try_emplace({one.party, one.id, one.version, one.leaf}, subjects.size());
        if (is_new && !free.empty()) {
            at->second = free.back();
            free.pop_back();
        } else if (is_new) {
            subjects.emplace_back();
            born.emplace_back();
            stated_by.emplace_back();
        }
        if (is_new) born[at->second] = turn;
        subjects[at->second] = {one.party, one.id, one.version, {}, one.name, one.leaf};
        stated_by[at->second] = one.leaf.empty() ? no_party : number_of(one.party);
        out.push_back(at->second);
    }
    zone_looks.resize(parties.size(), zone_looks_a_second);
    return out;
}

// -- from outside --

Live::Live(LiveOptions options) : state_(std::make_unique<State>(options)) {}
Live::~Live() = default;
Live::Live(Live&&) noexcept = default;
Live& Live::operator=(Live&&) noexcept = default;

std::size_t Live::tracks() const { return state_->tracks.size(); }

Result<std::vector<Alert>> Live::set_boundaries(std::vector<Boundary> boundaries) {
    State& state = *state_;
    // Numbers may be of other boundaries from here on, so nothing may be left that is of one that
    // is gone: no mark, no stay, nothing that is expected.
    const auto before = state.numbers;
    TRY(numbers, state.number(boundaries));
    std::vector<Subject> kept;
    for (const auto& [named, number] : before) {
        const auto now = state.numbers.find(named);
        if (now != state.numbers.end() && now->second == number) kept.push_back(number);
    }
    std::sort(kept.begin(), kept.end());
    state.boundaries = Boundaries(boundaries, numbers);
    std::vector<Alert> out;
    state.spent.clear();
    for (auto& [key, track] : state.tracks) state.stand_anew(key, track, kept, out);
    return out;
}

/// In boundaries that were there before (`kept`, ascending) as it was; in new ones from its last
/// position on.
void Live::State::stand_anew(const Key& key, Track& track, const std::vector<Subject>& kept,
                             std::vector<Alert>& out) {
    const auto stays = [&](Subject subject) {
        return !of_zone(subject) || std::binary_search(kept.begin(), kept.end(), subject);
    };
    const auto& spots = track.window.spots();
    const Instant from = spots.back().time();
    std::erase_if(track.asked_since,
                  [&](const AskedSince& one) { return one.from < spots.front().time(); });
    if (track.asked_since.empty() || track.asked_since.back().from != from) {
        track.asked_since.push_back({turn, turn, from});
    }
    track.asked_since.back().last = turn;
    Spot last = spots.back();
    std::vector<Mark> held = std::exchange(last.marks, {});
    named_zones.assign(zone_looks.size(), {});
    for (const Mark& one : held) {
        if (!of_zone(one.subject) || !stays(one.subject)) continue;
        const Subject party = stated_by[one.subject];
        if (party == no_party || std::exchange(named_zones[party].last, one.subject) == one.subject)
            continue;
        ++named_zones[party].zones;
    }
    for (const Fix& fix : last.fixes) look_at_new_zones(fix, last);
    std::vector<Mark>& fresh = last.marks;
    // What stands for many of a party may have been told already.
    std::erase_if(fresh, [&](const Mark& one) {
        return of_many(one.subject) && std::any_of(held.begin(), held.end(), [&](const Mark& h) {
                   return h.subject == one.subject;
               });
    });
    for (Mark& one : fresh) one.fresh = true;
    std::sort(fresh.begin(), fresh.end());
    fresh.erase(std::unique(fresh.begin(), fresh.end()), fresh.end());
    for (const Mark& one : fresh) {
        if (!may_tell(key, track, one.subject, nullptr, out)) continue;
        out.push_back(alert(key, track,
                            {one.subject, one.first, Fact::Kind::found_inside, one.first, true},
                            nullptr));
    }
    std::erase_if(track.expected, [&](const Expected& one) { return !stays(one.subject); });
    track.window.change(stays, fresh, track.silent);
}

void Live::State::take(const Key& key, std::span<const Position> batch,
                       std::span<const std::size_t> which, Instant now, Asked protections,
                       Taken& out) {
    auto found = tracks.find(key);
    if (found == tracks.end()) {
        if (tracks.size() == live_tracks_max) {
            for (const std::size_t i : which) {
                out.refused.push_back({i, too_many_tracks()});
            }
            return;
        }
        found = tracks.try_emplace(key).first;
    }
    Track& track = found->second;
    const auto newest = [&]() -> std::optional<Instant> {
        if (track.window.spots().empty()) return std::nullopt;
        return track.window.spots().back().time();
    };
    const std::optional<Instant> before = newest();
    std::size_t added = 0;
    for (const std::size_t i : which) {
        bool late = false;
        switch (track.window.put(batch[i].fix, batch[i].reference, late)) {
            case LiveWindow::Put::added:
                ++added;
                if (late) ++out.late;
                if (!late) track.craft = batch[i].craft;
                break;
            case LiveWindow::Put::repeated: ++out.repeated; break;
            case LiveWindow::Put::too_late: out.refused.push_back({i, too_late()}); break;
            case LiveWindow::Put::crowded: out.refused.push_back({i, crowded()}); break;
        }
    }
    out.accepted += added;
    if (added == 0) return;
    if (newest() != before) {
        track.received = now;
        track.silent = false;
    }
    look(track, *protections);
    tell(key, track, protections, out.alerts);
    foresee(key, track, out.alerts);
    track.window.trim(live_fixes_max, track.silent);
}

Taken Live::take(std::span<const Position> batch, Instant now, const Protections& protections) {
    State& state = *state_;
    state.looks_left = looks_a_call_max;
    state.give_looks(now);
    state.spent.clear();
    Taken out;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto good = check(batch[i], now, state.options);
        if (good) {
            order.push_back(i);
        } else {
            out.refused.push_back({i, good.error()});
        }
    }
    const auto rank = [&](std::size_t i) {
        const Position& one = batch[i];
        return std::tie(one.by, one.track, one.fix, one.reference);
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
    });
    for (std::size_t begin = 0; begin < order.size();) {
        const State::Key key{batch[order[begin]].by, batch[order[begin]].track};
        std::size_t end = begin;
        while (end < order.size() && batch[order[end]].by == key.first &&
               batch[order[end]].track == key.second) {
            ++end;
        }
        // In order of time, so in parts as well: windows stay small.
        while (begin < end) {
            const std::size_t part = part_of(batch, order, begin, end);
            state.take(key, batch, std::span(order).subspan(begin, part), now, &protections, out);
            begin += part;
        }
    }
    std::sort(out.refused.begin(), out.refused.end(),
              [](const Refusal& a, const Refusal& b) { return a.position < b.position; });
    return out;
}

std::vector<Alert> Live::tick(Instant now, const Protections& protections) {
    State& state = *state_;
    state.spent.clear();
    std::vector<Alert> out;
    for (auto at = state.tracks.begin(); at != state.tracks.end();) {
        State::Track& track = at->second;
        const Duration silence = now - track.received;
        if (!track.silent && silence > state.options.gap_max) {
            track.silent = true;
            state.tell(at->first, track, &protections, out);
        }
        at = silence > state.options.idle_max ? state.tracks.erase(at) : std::next(at);
    }
    return out;
}

}  // namespace entente::watch

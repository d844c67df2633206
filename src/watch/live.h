// SPDX-License-Identifier: Apache-2.0
// Many things that move, as their positions come in: when each is inside of a boundary, version by
// version as each party asserts it, or of what protects, and when it will be (DESIGN 3 "airspace").
// Not a log and not a picture: the last positions are held, and only alerts leave. An alert says
// that something crossed a line, no more.
//
//     Live live;
//     TRYV(live.set_boundaries(zones));
//     Taken taken = live.take(positions, now, protections);    // what is new, in a fixed order
//     for (const Alert& one : live.tick(now, protections)) ... // silence is an alert too
//
// Facts are a function of the set of positions that is held, so that repeats, delays and any order
// within a call change nothing; what a late position shows to have been otherwise is said as
// `corrected`. Stays in boundaries are as presence() has them (track.h); of what protects, from fix
// to fix: a leg that touches is inside from end to end. What is not known is `lost`, never `left`.
//
// Times are the senders' own; `now` says only how old and how silent something is. Pure: no clock,
// no thread; one owner. Cost: some ten microseconds a position where little is near.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/index.h"
#include "watch/track.h"

namespace entente::watch {

enum class Craft : std::uint8_t { aircraft, convoy };
const char* name(Craft craft);
std::optional<Craft> parse_craft(std::string_view name);

/// Where one thing was, as its sender says.
struct Position {
    std::string by;     // who operates it
    std::string track;  // which of theirs it is
    Craft craft = Craft::aircraft;
    Fix fix;
    geo::AltitudeReference reference = geo::AltitudeReference::amsl;  // of the height
};

/// One version of a boundary or zone, as one party asserts it.
struct Boundary {
    std::string party;
    std::string id;
    std::string version;
    std::vector<geo::Volume4D> volumes;  // inside any is inside
    std::string name = {};               // by which people call it; empty: its id
    std::string leaf = {};  // of the entry that asserts it; empty of one that no log holds
};

/// By whose word something protects.
struct Whose {
    std::string_view party;    // lives as long as what was asked
    bool over_budget = false;  // beyond what the charter grants it (PROTOCOL 19)
};

/// What protects, at one moment.
struct Protections {
    const index::Index& index;
    std::function<bool(index::Slot, const index::Question&)> protects;  // now, and not only once
    std::function<std::string(index::Slot)> id;                         // of its record
    std::function<Whose(index::Slot)> whose = {};                       // none: all of one party
};

/// What an alert rests on. However much one party says, it takes of its own share alone: no other's
/// alert is left out, put off or let go of for it.
struct Share {
    enum class Of : std::uint8_t { zones, zones_of_files, protections, over_budget };
    std::string party;
    Of of = Of::zones;
    auto operator<=>(const Share&) const = default;
};
const char* name(Share::Of of);
std::optional<Share::Of> parse_share(std::string_view name);

enum class AlertKind : std::uint8_t {
    entered,
    found_inside,  // at the first position, or the first behind a gap: it may have entered before
    left,
    lost,         // it was inside when positions ceased; what followed is not known
    will_enter,   // if it goes on as it last moved
    turned_away,  // a will_enter that no longer holds
    corrected,    // a late position shows that what the named alert said was not so
    untold,       // of the share more was found of the track than is told one by one: look at it
};
const char* name(AlertKind kind);
std::optional<AlertKind> parse_alert_kind(std::string_view name);

struct Alert {
    std::string id;  // of what is said: a repeat has the same
    AlertKind kind = AlertKind::entered;
    std::string by;
    std::string track;
    Craft craft = Craft::aircraft;
    std::string party;    // whose boundary or, of `more`, whose word; else empty
    std::string zone;     // the boundary's id
    std::string version;  // of the boundary
    std::string name;     // of the boundary, where it has one beside its id
    std::string leaf;     // of the entry that asserts it
    std::string record;   // of what protects
    std::string more;     // stands for several that are not named: what they are
    Share share;
    Instant time;                    // when, to the millisecond and rounded outward as in Stay
    std::optional<Duration> inside;  // left, lost: for how long; at least so long if begun_before
    bool begun_before = false;
    std::optional<Instant> entry;     // will_enter: when
    std::optional<Duration> warning;  // will_enter: from its newest position on
    std::string corrects;             // corrected: the id of what does not hold
    Fix newest;                       // where the thing was last
    bool operator==(const Alert&) const = default;
};

// The `more` of an alert that stands for all of one party's beyond what is told one by one.
constexpr const char* many = "more protections than are told one by one";
constexpr const char* many_over_budget = "more over its budget than are told one by one";
constexpr const char* many_zones = "more zones than are looked at one by one: it may be in some";
constexpr const char* many_alerts = "more alerts in one call than are told one by one";

// What grows, and what bounds it.
constexpr std::size_t live_tracks_max = 20'000;
constexpr std::size_t live_fixes_max = 32;            // times held of a track, between two calls
constexpr std::size_t places_at_once_max = 4;         // of a track at one time
constexpr std::size_t protections_at_once_max = 250;  // of one party, touched by one leg
constexpr std::size_t over_budget_at_once_max = 25;   // the same, beside them
/// Zones that one party asserts in a log, that one leg is in. Those of files are not counted.
constexpr std::size_t zones_at_once_max = 32;
/// Looks at such zones of one party (leg.h), each by the corners of the zone: less than half of one
/// core, and as much put by as a second gives.
constexpr std::size_t zone_looks_a_second = 1'000'000;
/// Of one share, in a call. Beyond them of each track the next one, and one `untold` for the rest.
constexpr std::size_t alerts_of_share_max = 10'000;
constexpr std::size_t boundaries_max = 50'000;  // at once
constexpr std::size_t track_name_bytes_max = 64;

struct LiveOptions {
    Duration gap_max = gap_max_default;
    Duration ahead_max{60'000};         // of a position's time over now
    Duration past_max{24 * 3'600'000};  // of now over a position's time
    Duration idle_max{600'000};         // after it a track is forgotten
    Duration horizon{300'000};          // of what will be
    Duration over{10'000};              // as in predicted_entry()
};

struct Refusal {
    std::size_t position;  // of the batch, from 0
    Error error;
};

struct Taken {
    std::size_t accepted = 0;
    std::size_t repeated = 0;      // were held already
    std::size_t late = 0;          // of the accepted: before one of an earlier call
    std::vector<Refusal> refused;  // in order of the batch
    std::vector<Alert> alerts;     // by track: what is corrected, is so, is foreseen
};

class Live {
  public:
    explicit Live(LiveOptions options = {});
    ~Live();
    Live(Live&&) noexcept;
    Live& operator=(Live&&) noexcept;

    /// From now on these hold and no others. What is inside of one that is new is `found_inside`;
    /// of one that was there before nothing is said again; of one that is gone nothing more.
    /// Refused as a whole where a volume is not valid or a version stands twice.
    Result<std::vector<Alert>> set_boundaries(std::vector<Boundary> boundaries);

    Taken take(std::span<const Position> batch, Instant now, const Protections& protections);
    /// Who was silent for too long is lost; who was for much longer is forgotten. Once a second.
    std::vector<Alert> tick(Instant now, const Protections& protections);

    std::size_t tracks() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entente::watch

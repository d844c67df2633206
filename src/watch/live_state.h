// SPDX-License-Identifier: Apache-2.0
// What a Live holds and how it works, cut into the files live_look.cc and live_tell.cc. For this
// room only.
#pragma once

#include <array>
#include <deque>
#include <tuple>

#include "watch/boundaries.h"
#include "watch/live.h"
#include "watch/live_window.h"

namespace entente::watch {

/// Subjects with this bit are slots of what protects, the others numbers of boundaries.
constexpr Subject protection_bit = 0x8000'0000;
/// From here up to that bit three for each party: all that is not named of one leg of what it
/// protects within its budget and over it, and of its zones.
constexpr Subject many_subjects = 0x4000'0000;
enum class Many : Subject { protections, over_budget, zones };
inline Subject many_of(Subject party, Many what) {
    return many_subjects + 3 * party + static_cast<Subject>(what);
}
inline bool of_zone(Subject subject) { return subject < many_subjects; }
inline bool of_many(Subject subject) {
    return many_subjects <= subject && subject < protection_bit;
}
inline Subject party_of(Subject rest) { return (rest - many_subjects) / 3; }
inline Many what_of(Subject rest) { return static_cast<Many>((rest - many_subjects) % 3); }
/// Of a zone that no log holds.
constexpr Subject no_party = 0xffff'ffff;
constexpr std::size_t taken_back_max = 64;

struct Live::State {
    /// An entry that is foreseen and was told.
    struct Expected {
        Subject subject;
        Instant told;  // the position by which it was
        Instant held;  // the newest by which it still was
    };
    /// An alert that was corrected, and how often: what comes to hold again has another id.
    struct TakenBack {
        std::string id;
        std::uint32_t times;
    };
    /// Of boundaries that came in these turns nothing is asked before this position of a track.
    struct AskedSince {
        std::uint64_t first;
        std::uint64_t last;
        Instant from;
    };
    struct Track {
        LiveWindow window;
        Craft craft = Craft::aircraft;
        Instant received;  // when its newest position came
        bool silent = false;
        std::vector<AskedSince> asked_since;
        std::vector<Expected> expected;    // by subject
        std::deque<TakenBack> taken_back;  // the newest taken_back_max
    };
    using Key = std::pair<std::string, std::string>;  // by, track
    using Asked = const Protections*;

    explicit State(LiveOptions given) : options(given) {}

    LiveOptions options;
    Boundaries boundaries;
    std::vector<Boundary> subjects;  // by number, without volumes; some are of none any more
    using Named = std::tuple<std::string, std::string, std::string, std::string>;
    std::map<Named, Subject> numbers;  // of those that hold, by party, id, version and leaf
    std::vector<Subject> free;         // numbers of none
    std::uint64_t turn = 0;            // how often boundaries changed
    std::vector<std::uint64_t> born;   // by number: in which turn it came
    std::vector<Subject> stated_by;    // by number: whose it is; no_party of those of files
    std::map<Key, Track> tracks;
    std::vector<std::string> parties;  // by whose word something protects, as numbered
    std::map<std::string, Subject, std::less<>> party_numbers;

    std::vector<std::size_t> zone_looks;  // by party: what is left of zone_looks_a_second
    Instant looks_given{};

    // Of the present call.
    /// What of a share was told.
    struct Spent {
        std::size_t alerts = 0;
        const Track* beyond = nullptr;  // that was last told of beyond them
        std::size_t of_it = 0;
    };
    std::map<Share, Spent> spent;
    std::size_t looks_left = 0;  // at legs along edges (leg.h)

    std::vector<std::array<std::size_t, 2>> named;  // room of look_at_protections()
    std::vector<std::array<bool, 2>> named_more;    // the same: whether the rest stands there
    struct NamedZones {
        std::size_t zones = 0;
        Subject last = no_party;  // the last of them
        bool more = false;
    };
    std::vector<NamedZones> named_zones;  // by party: of the leg that is looked at
    std::vector<Subject> cut;             // parties: of whose zones foreseen() did not look at all
    index::Scratch scratch;
    std::vector<std::uint32_t> parts;  // room of near()
    std::vector<index::Slot> slots;    // room of touching()

    Result<std::vector<Subject>> number(const std::vector<Boundary>& boundaries);
    void stand_anew(const Key& key, Track& track, const std::vector<Subject>& kept,
                    std::vector<Alert>& out);
    Subject number_of(std::string_view party);

    // live_look.cc: what a leg touches, and what the next would.
    /// Marks of the way from one place to another, or of a place. `before`: where it began, if it
    /// is joined to that. What a party's share leaves out of its zones counts as inside: those that
    /// it was in as such, the others as one; but those `held` as they were found.
    void look_at_zones(const Fix& from, const Fix& to, const Spot* before,
                       const std::vector<Mark>& held, std::size_t& looks, Spot& spot);
    /// Of a place: those that came in this turn.
    void look_at_new_zones(const Fix& at, Spot& spot);
    void look_at_zone(const Fix& from, const Fix& to, const Boundaries::Part& part, bool known,
                      const std::vector<Mark>& held, std::size_t& looks, Spot& spot);
    void give_looks(Instant now);
    void look_at_protections(const Fix& from, const Fix& to, const Spot* before, Spot& spot,
                             const Protections& protections);
    void look(Track& track, const Protections& protections);
    /// Takes back what is said of a time before a boundary was asked about.
    void forget_earlier(const Track& track, Spot& spot) const;
    /// Whether its party's share had room to look at it.
    bool foresee_zone(const Boundaries::Part& part, const Fix& from, const Fix& goal,
                      geo::AltitudeReference reference,
                      std::vector<std::pair<Subject, Instant>>& out);
    /// The boundaries that it will be in, and from when on; `known` where that can be said at all.
    std::vector<std::pair<Subject, Instant>> foreseen(const Track& track, bool& known);

    // live_tell.cc: what of it is told.
    Share share_of(Subject subject, Asked protections) const;
    /// Whether the next alert of the subject is told; of the first that is not, `untold` is.
    bool may_tell(const Key& key, const Track& track, Subject subject, Asked protections,
                  std::vector<Alert>& out);
    void finish(const Key& key, const Track& track, std::int64_t since, Alert& out) const;
    void tell(const Key& key, Track& track, Asked protections, std::vector<Alert>& out);
    Alert alert(const Key& key, const Track& track, Subject subject, AlertKind kind, Instant time,
                std::int64_t since, Asked protections) const;
    Alert alert(const Key& key, const Track& track, const Fact& fact, Asked protections) const;
    void foresee(const Key& key, Track& track, std::vector<Alert>& out);
    /// Positions of one track, in order of time.
    void take(const Key& key, std::span<const Position> batch, std::span<const std::size_t> which,
              Instant now, Asked protections, Taken& out);
};

}  // namespace entente::watch

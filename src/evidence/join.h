// SPDX-License-Identifier: Apache-2.0
// An incident joined to what had been said before it: which protections, versions and receipts were
// in force there and then, at what distance, what had reached whom on which rung, and what had been
// checked, as far as it is open here (DESIGN 3, doc/protocol/join.md). It says what was known to
// whom; it says nothing of who did it, and blames nobody.
//
//     Join join = evidence::join(view, incident, slots, Metres{1000});
//     // node::Joining fills in who had been told
//     std::vector<JoinLine> lines = evidence::time_line(view, incident, join);
//
// Pure, and a function of what is in the view: whatever arrives late, it is asked again. Times are
// claims by their authors' clocks; what of them is proven an evidence file says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "evidence/scene.h"
#include "evidence/told.h"
#include "view/view.h"

namespace entente::evidence {

/// How a place of a version stood to the time of an incident.
enum class Stood : std::uint8_t {
    throughout,   // it protected in all of the time in which the incident was
    partly,       // it began or ended within that time: before or after is not known
    other_hours,  // it was in force, and did not protect in these hours
    ended,        // it had ended before
    later,        // it was said only afterwards
};
constexpr std::size_t stood_count = 5;
const char* name(Stood stood);

/// One place of one version.
struct JoinRow {
    RecordId record;
    PartyId party;  // whose word it is
    std::string kind;
    std::string protection_class;
    /// The first that it has; empty where it has none, and of another party's record that the
    /// incident neither touches nor names: those are shown one by one (DESIGN 9).
    std::string name;
    std::uint32_t version = 0;
    EntryIndex index;
    Hash leaf;
    Instant said;   // from when it protected
    Instant until;  // registry::never while nothing ends it
    std::size_t place = 0;
    std::uint32_t leg = 0;   // of a movement, its number
    std::size_t volume = 0;  // of the incident's, the nearest
    /// Between the shapes, 0 if they overlap; nothing where nobody says where the incident was.
    std::optional<Metres> distance;
    Metres reach;  // of the place: buffer and accuracy
    /// At most reach and the incident's accuracy apart; where it was anywhere (Scene::anywhere) of
    /// the point that stands for that, which nobody is told as a fact.
    bool touches = false;
    bool coarse = false;          // the place is an area
    bool named = false;           // the incident names the record as affected
    bool newer_withheld = false;  // a version of it that is not open here may have ended this one
    Stood stood = Stood::later;
    std::vector<Told> told{};  // filled in by node::Joining
    bool operator==(const JoinRow&) const = default;
};

/// A sealed check that is open here, or a declared activity, whose volumes came near.
struct JoinCheck {
    RecordId record;
    PartyId party;
    std::string kind;
    Hash leaf;         // of the version that says it
    Instant said;      // when, by its author's clock
    Instant asked_at;  // the moment that was asked for
    std::string verdict;
    std::int64_t touched = 0;  // records, as it says
    Metres distance;
    std::vector<Hash> named;  // leaves of versions in rows of this join that it says it touched
    bool operator==(const JoinCheck&) const = default;
};

/// What there is of one party's, and how much of that is shown.
struct JoinShare {
    PartyId party;
    std::size_t rows = 0, rows_total = 0;
    std::size_t checks = 0, checks_total = 0;
    bool operator==(const JoinShare&) const = default;
};

/// Of very many rows rows_max are shown, of each party as many as of any other where it has so
/// many, and of what a party has the first of each of its records before the second of any:
/// nobody's many places hide another's. The same of checks.
struct Join {
    Scene scene;
    Metres within;
    /// Those of records that it names, then those that had been said by its end, then the others;
    /// each the nearest first; at most rows_max.
    std::vector<JoinRow> rows;
    std::size_t rows_total = 0;
    std::vector<JoinCheck> checks;  // by time, at most rows_max
    std::size_t checks_total = 0;
    std::vector<JoinShare> parties;  // each that has any, by id

    static constexpr std::size_t rows_max = 1000;
};

/// Whether the incident reached the place; nothing where nobody says where it was, or no more than
/// in which district.
std::optional<bool> touches(const Scene& scene, const JoinRow& row);

/// `slots`: every record with a place within `within` and both sides' reach of one of the scene's
/// volumes, or more; those that the incident names, and those that these go on from, are found
/// here. Precondition: scene_of(incident).
Join join(const view::View& view, const view::SeenStatement& incident,
          std::span<const view::Slot> slots, Metres within);

/// For who looks for some of the rows: whether any of this record are wanted, by now.
using WantsRows = std::function<bool(view::Slot, const PartyId&)>;
/// Those rows that are wanted, of all that there are and not only of those that are shown; in their
/// order. Of a record that is not wanted none is made.
void each_row(const view::View& view, const view::SeenStatement& incident,
              std::span<const view::Slot> slots, Metres within, const WantsRows& wanted,
              const std::function<void(const JoinRow&)>& use);

/// One line of an incident's history.
struct JoinLine {
    Instant time;
    PartyId party;     // whose word and whose clock
    std::string what;  // for programs: doc/protocol/join.md lists them
    RecordId record;   // of which it speaks
    std::string more;  // an act, a unit, a stance: whatever belongs to `what`
    std::vector<Hash> leaves;
    bool differs = false;  // of a step: what came back lies elsewhere
    bool operator==(const JoinLine&) const = default;
};
/// By time, party and leaves. Everything that the rows and checks rest on, the incident and what
/// parties say of it.
std::vector<JoinLine> time_line(const view::View& view, const view::SeenStatement& incident,
                                const Join& join);

}  // namespace entente::evidence

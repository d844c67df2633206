// SPDX-License-Identifier: Apache-2.0
// A record: all versions of one protection that its author's log holds, and for each how long its
// places go on protecting. Restraint is immediate, relaxation is slow (PROTOCOL 15): a version that
// protects at least as much replaces the earlier one at once, any other only later, and until then
// old and new both protect. Plain values without `now` and without finality: whoever asks brings
// the moment, and LogState what is final.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "registry/kinds.h"
#include "registry/understand.h"
#include "statement/charter.h"

namespace entente::registry {

/// When an earlier place stops protecting. `at_once` and `never` are the ends of the scale, so that
/// "still protects at t" is always `t < until`.
constexpr Instant at_once = Instant::min();
constexpr Instant never = Instant::max();

/// A place with its reach worked out from the charter (PROTOCOL 21: an absent buffer or accuracy is
/// the class's default). The shape is valid: a stranger's invalid one has become its padded box.
struct Reached {
    geo::Place place;
    Metres buffer;
    Metres accuracy;
    Metres reach() const { return buffer + accuracy; }
    bool operator==(const Reached&) const = default;
};

/// Number of a log in this register; 0 is one's own. Not the same on every machine.
using LogNumber = std::uint32_t;

/// Why a relaxation that bears enough signatures acts never all the same.
enum class Held : std::uint8_t {
    no,
    over_quota,  // too many within 24 h without the root (PROTOCOL 15)
    forked,      // at or after the point where its log forked (PROTOCOL 25)
    tag_reused,  // another entry claims to be the same version (PROTOCOL 4)
};

/// A relaxation that ends an earlier version once it is final and its delay has passed.
struct Ending {
    EntryIndex index;
    Instant time;         // the author's claim; it acts no earlier
    bool prompt = false;  // and without the charter's delay once it is final: a leg has ended
    bool operator==(const Ending&) const = default;
};

/// What a coarse body says beside its area, where the exact one is not open.
struct CoarseContent {
    std::string protection_class;  // text: it may not be known here
    std::string contact;
};

struct Version {
    Position position;
    /// When its own places stop protecting, as far as entries alone say it: `at_once` where a later
    /// version covers them, else `never`, or where nothing waits for finality (solo) a moment.
    Instant until = never;
    std::vector<Reached> places;
    std::vector<Ending>
        ended_by;  // where relaxations wait for finality; LogState::end_of adds when
    std::uint32_t number = 1;
    std::uint8_t opened = 0;  // slots as bits (understand.h): the more, the better
    Sort sort = Sort::protection;
    bool withdraws = false;
    bool understood = true;  // false: kind or version unknown here; protects all the same
    bool coarse_only = false;
    bool unplaced = false;  // protects something that shows no place here
    bool restated = false;  // a successor log states all of it once more, and it ends (restated.h)
    bool approved = false;  // enough officers, or the root, signed it
    bool by_root = false;
    Held held = Held::no;
    std::optional<bool> prompt;  // as a relaxation: whether all that it ends waits for no delay
    std::shared_ptr<const Content> content;  // absent on a withdrawal or where only coarse is open
    std::shared_ptr<const CoarseContent> coarse;  // where that is all that is open
    Instant time;                                 // the author's claim
    Instant acts = never;  // as a relaxation, where nothing waits for finality: when
    std::string act;
    std::string actor;
    std::vector<PublicKey> approved_by;  // whose approvals verify, officers or not
    std::optional<RecordId> was;         // of version 1: what it states once more (PROTOCOL 8)

    /// Whether it is an objection or a STOP, and understood as one: it speaks against what others
    /// do, and is no place that is protected (PROTOCOL 21).
    bool objects() const { return (sort == Sort::objection || stops()) && understood; }
    bool stops() const { return sort == Sort::stop && understood; }
    bool may_act() const { return approved && held == Held::no && understood; }
};

struct Record {
    RecordId id;
    LogNumber log = 0;
    /// A version exists that is not open here: the last one that is still protects, and an answer
    /// that touches it is incomplete (PROTOCOL 4).
    bool newer_withheld = false;
    bool tag_reused = false;  // two entries claim to be one version of it
    Hash secret;
    std::vector<Version> versions;  // by position in the log
    /// More than the charter allows its party (PROTOCOL 19); never of one's own.
    bool over_budget = false;

    const Version& newest() const { return versions.back(); }
    /// The newest content that was stated, which a withdrawal leaves readable.
    const Content* content() const;
    /// The same of what only a coarse body says.
    const CoarseContent* coarse() const;
};

/// When relaxations of a log act: `delay` after they became final, or where nothing waits for
/// finality (no other party is there to cosign) after their own time.
struct Relaxing {
    Duration delay{};
    bool when_final = false;

    Duration delay_of(bool prompt) const { return prompt ? Duration{} : delay; }
};

/// Places of a version with their reach. Precondition: u.head. A shape without any point is no
/// place: then there are fewer than places_stated().
std::vector<Reached> reached(const Understood& u, const statement::CharterTerms& terms);

std::size_t places_stated(const Understood& u);

/// Whether `now`'s places surely protect all that `old`'s do.
bool covers(const std::vector<Reached>& now, const std::vector<Reached>& old);

/// Whether the first version of `by` surely protects all that this version, of another log, does.
bool states_again(const Record& by, const Version& version);

/// Whether `later` says what may end `earlier`, at once or as a relaxation; and whether it surely
/// protects all that `earlier` does.
bool may_end(const Version& later, const Version& earlier);
bool covers_all(const Version& later, const Version& earlier);

/// The version that the entry says, not yet folded. Preconditions: u.head, and its kind makes
/// records.
Version make_version(const Understood& u, const statement::CharterTerms& terms);

/// Folds version `i` over those before it, which are folded: what it covers ends at once. Whether
/// anything is left that `i` would end as a relaxation, and that no earlier one ends as soon.
bool supersede(Record& record, std::size_t i, const Relaxing& relaxing);
/// Then, if versions[i].may_act(): the rest ends when it acts.
void relax(Record& record, std::size_t i, const Relaxing& relaxing);

}  // namespace entente::registry

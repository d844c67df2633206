// SPDX-License-Identifier: Apache-2.0
// What one reader may see of the register: the only door out of it. Everything that answers, lists
// or draws goes through a View, so that disclosure is decided here and nowhere else. A party sees
// its own records whole, and those of others as far as they were released to it; a person has them
// in bulk as deep as their roles allow (at_depth). View::as shows what was released to somebody
// else, and holds nothing but that: so an id that was never minted and one that was not released
// cannot be told apart by anything that asks it.
//
// A View is a cheap value over an immutable snapshot; safe from any thread. What points into it, as
// a Seen does, lives as long as that View.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "registry/project.h"
#include "registry/registry.h"
#include "view/activity.h"
#include "view/challenge.h"
#include "view/corroboration.h"
#include "view/flags.h"
#include "view/legs.h"
#include "view/message.h"
#include "view/past.h"
#include "view/positions.h"
#include "view/presence.h"
#include "view/sealed_check.h"
#include "view/statement.h"
#include "view/stop.h"

namespace entente::view {

using registry::Released;
using registry::Slot;

/// How much of one's own positions lists, maps and exports show. Others' are coarse there in any
/// case (DESIGN 9), and a check or a record shown by itself has what is held.
enum class Depth : std::uint8_t { exact, coarse };

/// Who asks. Rights are worked out from this alone.
struct Reader {
    PartyId party;
    Depth depth = Depth::exact;
};

/// How much of a record is known.
enum class Tier : std::uint8_t { exact, coarse, none };
const char* name(Tier tier);

/// One place of one version that protects at a moment.
struct SeenPlace {
    const registry::Reached* reached;
    const registry::Position* position;  // of the entry that says it
    Instant until;  // when it stops protecting; registry::never while nothing ends it
    std::uint32_t version;
    bool newest;         // false: an earlier version that a pending relaxation has not ended yet
    bool earlier_place;  // the newest version's place from before a move that is not confirmed
    bool understood;
    bool coarse;
    bool objects = false;  // a volume that is objected to, and no place that is protected
    bool stops = false;    // and of these, one in which all is to stop
    const statement::Leg* leg = nullptr;            // of a movement: which one this is
    const statement::Presence* presence = nullptr;  // of one: what it says beside its area
};

/// Places as a map may show them.
struct Drawn {
    std::vector<SeenPlace> places;
    std::vector<std::unique_ptr<const registry::Reached>> areas;  // what some of them point to
};

/// One line of a record's history.
struct SeenVersion {
    std::uint32_t number;
    EntryIndex index;
    Hash leaf;
    Instant time;
    std::string act;
    std::string actor;
    bool enough_signatures;  // for a relaxation
    Instant acts;
    Instant until;
};

/// What a finding or a list line says of a record's standing. Never lowers a verdict.
enum class State : std::uint8_t {
    in_force,
    unconfirmed,         // past its reconfirm-by date
    pending_relaxation,  // a withdrawal or reduction was said and does not act yet
    not_understood,
    withdrawn,  // protects nothing any more
};
const char* name(State state);

/// One record as this reader sees it.
class Seen {
  public:
    /// Of one's own register, whole. The snapshot outlives it.
    Seen(const registry::Snapshot& snapshot, Slot slot, Depth depth = Depth::exact)
        : snapshot_(&snapshot), record_(&snapshot.at(slot)), log_(&snapshot.log(record_->log)),
          depth_(depth) {}

    RecordId id() const { return record_->id; }
    const PartyId& party() const { return log_->party; }
    const Origin& origin() const { return log_->origin; }
    /// Of the party whose register this is.
    bool own() const { return log_->own; }
    /// Whether its entries are the node's own log's: that one's indexes count its events.
    bool in_own_log() const { return record_->log == 0; }
    Tier tier() const;
    /// Newest content that was stated; absent where none is open or understood.
    const statement::Protection* protection() const;
    /// The class's name, or "not understood".
    std::string class_name() const;
    /// The role to be asked, of whatever body is open; may be empty.
    const std::string& contact() const;
    /// All that is to be said of its standing, but whether its party is absent: check knows that.
    Flags flags(Instant now) const;
    /// Whether a challenge to it is open that is shown here; what that says is what it was. Of a
    /// presence also, whether the parties differ on its group.
    bool contested(Instant now) const;
    bool over_budget() const { return record_->over_budget; }
    bool newer_withheld() const { return record_->newer_withheld; }
    /// Whether some party said more about it than is looked at (PROTOCOL 19).
    bool more_replies() const { return snapshot_->dealings().more_about(record_->id); }
    /// Places that protect at `now`, newest version first.
    std::vector<SeenPlace> places(Instant now) const;
    /// The same one by one: use(SeenPlace).
    template <class Use>
    void each_place(Instant now, Use use) const {
        const auto newest = record_->versions.rbegin();
        for (auto v = newest; v != record_->versions.rend(); ++v) {
            const Instant until = log_->end_of(*v);
            if (until <= now) continue;
            for (std::size_t i = 0; i < v->places.size(); ++i) {
                use(seen(*v, i, until, v == newest));
            }
        }
    }
    /// Every place that protects at some moment, whatever it is: what an index must hold.
    std::vector<SeenPlace> places_ever() const;
    /// Whether a list or a map shows exact positions of it.
    bool bulk_exact() const { return log_->own && depth_ == Depth::exact; }
    /// The same for maps: of another party's exact places the coarse areas. Exact ones leave a node
    /// record by record, and never as a picture of all (DESIGN 9).
    Drawn drawn_ever() const;
    /// What a list shows: one's own content, and of another party's record, however much of it is
    /// open, what its coarse body says: class, contact, area, which is put into `room`; of one's
    /// own without positions that with its names; and whose presence it is. Null where nothing of
    /// it is known.
    const statement::Protection* listed(statement::Protection& room) const;
    State state(Instant now) const;
    /// With the leaf hashes that everything said of the record rests on.
    std::vector<SeenVersion> history() const;
    /// What its newest version is of.
    registry::Sort sort() const { return record_->newest().sort; }
    /// Whether it is a movement.
    bool moves() const { return sort() == registry::Sort::movement; }
    /// Whether all of it that is open here is an objection, or a STOP. What is not understood is
    /// not: then it stands among protections.
    bool objects() const;
    bool stops() const;
    /// What it says, where its exact body is open.
    const statement::Objection* objection() const;
    const statement::Stop* stop() const;
    /// Whether all of it that is understood here is where a group is.
    bool is_presence() const;
    const statement::Presence* presence() const;
    /// Of one whose exact body is open: what is said of its group now.
    std::optional<GroupStands> group_stands(Instant now) const;
    /// Of a movement, as far as exact bodies are open: every leg that it has or had, by number.
    std::vector<SeenLeg> legs() const;
    std::uint32_t version() const { return record_->newest().number; }
    /// Where in its author's log the record began.
    EntryIndex first_entry() const { return record_->versions.front().position.index; }

  private:
    Instant acts(const registry::Version& version) const;
    void note_protecting(SeenLeg& leg) const;
    static SeenPlace seen(const registry::Version& version, std::size_t i, Instant until,
                          bool newest) {
        return {&version.places[i],
                &version.position,
                until,
                version.number,
                newest,
                newest && i > 0 && !version.withdraws && has_earlier_places(version.sort),
                version.understood,
                version.coarse_only,
                version.objects(),
                version.stops(),
                leg_of(version, i),
                presence_of(version)};
    }
    static bool has_earlier_places(registry::Sort sort) {
        return sort == registry::Sort::protection || sort == registry::Sort::presence;
    }
    static const statement::Presence* presence_of(const registry::Version& version) {
        if (version.sort != registry::Sort::presence || !version.understood || !version.content)
            return nullptr;
        const auto& said = version.content->protection.presence;
        return said ? &*said : nullptr;
    }

    static const statement::Leg* leg_of(const registry::Version& version, std::size_t i) {
        if (version.sort != registry::Sort::movement || !version.understood || !version.content)
            return nullptr;
        const auto& legs = version.content->protection.legs;
        return legs.size() == version.places.size() ? &legs[i] : nullptr;
    }

    std::unique_ptr<const registry::Reached> area(const registry::Version& version,
                                                  std::size_t place) const;

    const registry::Snapshot* snapshot_;
    const registry::Record* record_;
    const registry::LogState* log_;
    Depth depth_;
};

class View {
  public:
    /// What a party sees in its own register. Precondition: it is the reader's.
    View(registry::Snapshot snapshot, const Reader& reader);
    /// What another party sees of this one's records: those released to it, each as far as it was.
    /// Takes time for each record that was released.
    static View as(const registry::Snapshot& own, const Reader& other, const Released& released) {
        return View(registry::project(own, other.party, released), other);
    }

    std::size_t size() const { return snapshot_.size(); }
    Seen at(Slot slot) const { return Seen(snapshot_, slot, depth_); }
    /// The same moment, as deep.
    View at_depth(Depth depth) const { return View(snapshot_, {snapshot_.party(), depth}); }
    /// Says that at() of these follows soon; changes nothing but speed.
    void prefetch(std::span<const Slot> slots) const { snapshot_.prefetch(slots); }
    /// Nothing for an id that never was and for one that this reader may not see, alike.
    std::optional<Slot> find(const RecordId& id) const { return snapshot_.find(id); }
    /// What each version of a record protected, and until when, also of those that protect no more;
    /// and the records, of its party's logs before, that it goes on from.
    Past past(Slot slot) const { return Past(snapshot_, slot); }
    std::vector<Slot> earlier_records(Slot slot) const {
        return view::earlier_records(snapshot_, slot);
    }
    /// Activities that this reader may see, by slot.
    std::vector<SeenActivity> activities() const;
    /// Nothing for an id that never was, for one that this reader may not see and for what is no
    /// activity, alike.
    std::optional<SeenActivity> find_activity(const RecordId& id) const;
    /// What was done about a STOP, and what was replied to a record (view/stop.h). They point into
    /// this view.
    std::vector<SeenAttempt> attempts(const RecordId& stop) const {
        return attempts_for(snapshot_, stop);
    }
    std::vector<SeenReply> replies(const RecordId& record, std::span<const Hash> newest) const {
        return replies_to(snapshot_, record, newest);
    }
    /// Sealed checks of this party, and those that were opened to it, by slot; or the one of an id,
    /// under the same terms.
    std::vector<SeenCheck> sealed_checks() const;
    std::optional<SeenCheck> find_sealed_check(const RecordId& id) const;
    /// The same of challenges and of hot-line messages, by slot.
    std::vector<SeenChallenge> challenges() const;
    std::optional<SeenChallenge> find_challenge(const RecordId& id) const;
    std::vector<SeenMessage> messages() const;
    std::optional<SeenMessage> find_message(const RecordId& id) const;
    /// What parties know (view/statement.h): of one kind, or of all where it is empty, by slot; of
    /// one id; how many independent lines speak of a record.
    std::vector<SeenStatement> statements(std::string_view kind) const {
        return view::statements(snapshot_, kind);
    }
    std::optional<SeenStatement> find_statement(const RecordId& id) const {
        return view::find_statement(snapshot_, id);
    }
    std::vector<SeenStatement> statements_about(const RecordId& id, std::string_view kind) const {
        return view::statements_about(snapshot_, id, kind);
    }
    Corroboration corroboration(const RecordId& id) const {
        return view::corroboration(snapshot_, id);
    }
    std::vector<Standing> standings(Instant now) const { return view::standings(snapshot_, now); }
    GroupStands group_stands(const RecordId& group, Instant now, Instant earliest) const {
        return view::group_stands(snapshot_, group, now, earliest);
    }
    /// Open challenges to a record, by slot.
    std::vector<SeenChallenge> challenges_to(Slot slot) const;
    /// Whether this reader may see a record or a dealing of this id.
    bool knows(const RecordId& id) const;
    /// Records of which what was said in this dealing decides whether they are contested.
    std::vector<Slot> contested_by(DealingSlot slot) const {
        return view::contested_by(snapshot_, slot);
    }
    /// The dealing that this one is, or that it speaks of, where that is here.
    std::optional<DealingSlot> root_of(DealingSlot slot) const;
    RecordId dealing_id(DealingSlot slot) const { return snapshot_.dealings().at(slot).id; }
    /// Precondition: the slot is one that activities() or an index of them has named.
    SeenActivity activity(DealingSlot slot) const { return {snapshot_, slot}; }
    const statement::Charter& charter() const { return snapshot_.charter(); }
    const PartyId& party() const { return snapshot_.party(); }
    std::size_t unplaced() const { return snapshot_.unplaced(); }
    /// Whether its records come from several logs: then slots stand in no order.
    bool several_logs() const { return snapshot_.logs().size() > 1; }
    /// Every log that the register is made of, one's own first.
    std::span<const std::shared_ptr<const registry::LogState>> logs() const {
        return snapshot_.logs();
    }

  private:
    registry::Snapshot snapshot_;
    Depth depth_;
};

}  // namespace entente::view

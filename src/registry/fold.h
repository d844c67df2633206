// SPDX-License-Identifier: Apache-2.0
// One log's part of the register while it is being made: versions into records, and what depends on
// other entries of the log (officers' rights, the limit of relaxations, tags). What arrives in
// order of the log is folded at once. What arrives late waits for settle(), which works out anew
// all that stands at or after the earliest of it: so the order of arrival never matters (PROTOCOL
// 20), and many late arrivals cost one pass.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "registry/authority.h"
#include "registry/budget.h"
#include "registry/dealings.h"
#include "registry/offences.h"
#include "registry/quota.h"
#include "registry/records.h"
#include "registry/tags.h"

namespace entente::registry {

class Fold {
  public:
    struct Log {
        LogNumber number = 0;
        bool own = false;
        Relaxing relaxing;
        std::shared_ptr<const statement::Charter> charter;
    };
    Fold(Log log, Authority authority);

    const Authority& authority() const { return authority_; }
    void grant(const PublicKey& key, EntryIndex from, EntryIndex said, bool given);
    /// Relaxations at or after the common part of two branches are void for ever (PROTOCOL 25).
    /// The newest word counts.
    void fork(TreeSize common);

    /// A version of a record, all of it or more of it than before. Precondition: u.head.
    void add(Records& records, const Understood& u, std::vector<Slot>& changed);
    /// The same of an entry with bodies that are open no more (Understood::closed): what else comes
    /// of them is passed over until reopen().
    void close(const Understood& u);
    void reopen(const Hash& leaf, std::uint8_t slots);
    /// A version of a dealing is here, as which it has this slot.
    void expect(const Dealing& dealing, std::uint32_t number, DealingSlot slot);
    /// Whether the log has versions of it that are not here.
    bool newer_withheld(const Dealing& dealing) const;
    /// Dealings to whose tags something came since the last time, ascending.
    std::set<DealingSlot> take_dealings() { return std::exchange(recheck_dealings_, {}); }
    /// A sealed entry whose head is not open here.
    void saw(const Position& position, const Hash& tag);
    /// An entry that may protect something, and nobody here can tell what.
    void unplaced(const Records& records, const Position& position);
    std::size_t unplaced() const { return unplaced_.size(); }
    /// The log's party did this at an entry.
    void wrong(EntryIndex index, Wrong what) { offences_changed_ |= offences_.add(index, what); }
    /// The offences, if any has come since the last time.
    std::optional<Offences> take_offences();

    bool settled() const {
        return arrivals_.empty() && recheck_.empty() && recheck_dealings_.empty() && !again_from_ &&
               !budget_due_;
    }
    /// Appends the slots that may have changed.
    void settle(Records& records, std::vector<Slot>& changed);

    /// Records that have a version which ends when a relaxation is final.
    const std::set<Slot>& ending() const { return ending_; }

  private:
    struct Arrival {
        RecordId record;
        Hash secret;
        Version version;
    };
    using Work = std::map<Slot, Record>;  // copies that are being folded anew
    struct Step {
        Position position;
        Slot slot;
        Record* record;
        std::size_t version;
    };

    bool in_order(const Records& records, const Understood& u) const;
    bool is_closed(const Version& version) const;
    void shut(Version& version) const;
    Held held(const Record& record, const Version& version) const;
    void step(Record& record, std::size_t i, Slot slot, bool again,
              const std::function<std::size_t()>& records_by_then);
    struct Marks {
        bool tag_reused = false, newer_withheld = false;
    };
    Marks marks_of(const Hash& secret, std::span<const std::uint32_t> numbers) const;
    void mark(Record& record) const;
    void expect(const Record& record, const Version& version, Slot slot);
    std::optional<Slot> saw_tag(const Hash& tag, EntryIndex index);
    void note_places(const Version& version);
    void note_use(const Record& record, Slot slot);
    void spend_budget(Records& records, std::vector<Slot>& changed);
    void look_at_coarse(const Understood& u, const Version& version);
    void put(Records& records, Slot slot, Record record, std::vector<Slot>& changed);
    void again_from(EntryIndex index);

    void merge_arrivals(Records& records, Work& work, EntryIndex& from);
    EntryIndex merge(Record& record, std::span<Arrival> arrivals);
    void add_rechecked(const Records& records, Work& work, EntryIndex& from) const;
    void add_dependent(const Records& records, Work& work, EntryIndex from);
    std::vector<EntryIndex> first_entries(const Records& records, const Work& work) const;
    void fold_again(const Records& records, Work& work, EntryIndex from);

    Log log_;
    Authority authority_;
    Quota quota_;
    Tags tags_;  // of a log that others keep
    std::optional<TreeSize> forked_;
    std::optional<EntryIndex> newest_;  // of the versions that were folded
    std::vector<Slot> slots_;           // this log's records
    std::vector<bool> headed_;          // by entry index: a head is open
    std::set<std::pair<EntryIndex, Hash>> unplaced_;
    std::map<Hash, std::uint8_t> closed_;      // by leaf: bodies that are open no more
    std::multimap<EntryIndex, Slot> limited_;  // relaxations that the limit was asked about
    std::set<Slot> ending_;
    OffenceBook offences_;
    bool offences_changed_ = false;

    // Only of a log that others keep, and only where the charter has budgets.
    bool has_budget_;
    std::map<Slot, Use> uses_;
    Budget all_;           // what all records take together
    std::set<Slot> over_;  // records over the budget
    bool budget_due_ = false;

    std::vector<Arrival> arrivals_;
    std::set<Slot> recheck_;  // records to whose tags something came
    std::set<DealingSlot> recheck_dealings_;
    std::optional<EntryIndex> again_from_;  // rights or a fork changed what is signed from here on
};

}  // namespace entente::registry

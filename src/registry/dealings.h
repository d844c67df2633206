// SPDX-License-Identifier: Apache-2.0
// Statements that restrain nothing by themselves (statement/dealing.h), as the register keeps them:
// by record, with all versions that are here. A function of a set, like all of the register
// (PROTOCOL 20): the order in which versions and bodies came does not matter. The newest number
// counts; where two entries claim it (a fork, a tag used twice) both do.
//
// A party may say any number of versions, and say any number of things about one record; what is
// kept of that is bounded (PROTOCOL 19), by rules that are functions of the set too: the first ones
// and the last one, so that what counts now is always among them, and that there are more is known.
//
// Cheap to copy (registry/pages.h). One writer; copies are read from any thread.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string_view>

#include "registry/pages.h"
#include "registry/record.h"
#include "statement/dealing.h"

namespace entente::registry {

/// Number of a dealing in this register's memory; not stable from one start to the next, and apart
/// from the numbers of records.
using DealingSlot = std::uint32_t;

struct DealingVersion {
    Position position;
    std::uint32_t number = 1;
    std::uint8_t opened = 0;  // slots as bits (understand.h)
    Instant time;             // the author's claim
    std::string kind;
    std::string act;
    std::string actor;
    std::shared_ptr<const Bytes> label;  // the head's (statement/label.h); null where it has none
    /// Absent where the act says all (an end), or no body is open, or it is not understood.
    std::shared_ptr<const statement::Dealt> said;
    /// What is given of it coarsely; absent where there is none, or it is not open here.
    std::shared_ptr<const statement::Tear> tear = {};
};

struct Dealing {
    RecordId id;
    LogNumber log = 0;
    Hash secret;
    std::vector<DealingVersion> versions;  // by number, position and leaf
    bool more = false;  // there are others between the last two, which are not kept
    /// Its log has a version that was not released here, as its tags show (PROTOCOL 4).
    bool newer_withheld = false;

    const std::string& kind() const { return versions.front().kind; }
    /// Those with the highest number; never empty.
    std::span<const DealingVersion> newest() const;
    /// What was said last that is open here, an end apart; null where nothing is.
    const statement::Dealt* said() const;
    /// How many versions are not kept, by their numbers; 0 where all are, as far as they are here.
    std::uint32_t not_kept() const;
    /// The last version of which any body but the head is open here; null where none is.
    const DealingVersion* shown() const;
};
/// Versions that are kept of one dealing.
constexpr std::size_t versions_kept_max = 1024;
/// Versions of dealings by which these are found by a record of which they speak, of each log but
/// one's own.
constexpr std::size_t about_kept_max = 1024;

class Dealings {
  public:
    std::size_t size() const { return pages_.size(); }
    /// Precondition: slot < size().
    const Dealing& at(DealingSlot slot) const { return pages_.at(slot); }
    std::optional<DealingSlot> find(const RecordId& id) const;
    /// Those that speak of this record (statement::about), ascending by slot.
    std::span<const DealingSlot> about(const RecordId& id) const;
    /// Whether some log says more about it than is found so.
    bool more_about(const RecordId& id) const;
    /// Those of which some version is of this kind, ascending by slot.
    std::vector<DealingSlot> of_kind(std::string_view kind) const;
    /// use(dealing) for each, in order of id.
    template <class Use>
    void each_by_id(Use use) const {
        slots_.each([&](DealingSlot slot) { use(at(slot)); });
    }

    /// A version, all of it or more of it than before; the dealing, if it is another one now.
    /// Precondition: u.head, of a kind that deals. `own`: of this party's own log, whose word about
    /// others' is all found: its node reads there what it has said.
    std::optional<DealingSlot> add(LogNumber log, bool own, const Understood& u);
    /// What its log's tags say of it. Precondition: slot < size().
    void mark(DealingSlot slot, bool newer_withheld);
    /// Bodies of this entry that were closed (Understood::closed) come again.
    void reopen(const Hash& leaf, std::uint8_t slots);
    /// As it is; of a projection. Precondition: its id is not there yet.
    void put(Dealing dealing, bool own = true);

  private:
    Pages<Dealing> pages_;
    ById<DealingSlot> slots_;
    /// Who speaks of a record.
    struct About {
        struct Noted {
            LogNumber log;
            Position at;  // of the version that does
            DealingSlot slot;
        };
        std::vector<DealingSlot> slots;  // ascending
        std::vector<Noted> noted;        // by log and position, of logs that are limited
        bool more = false;
    };
    ById<About> about_;
    std::map<std::string, Numbers, std::less<>> kinds_;  // of any version
    std::map<Hash, std::uint8_t> closed_;                // by leaf: bodies that are open no more

    void note_kind(const Dealing& dealing, DealingSlot slot, const std::string& kind);
    void note_about(const DealingVersion& version, LogNumber log, DealingSlot slot, bool own);
    static void limit(About& about, const About::Noted& now);
};

}  // namespace entente::registry

// SPDX-License-Identifier: Apache-2.0
// What one call of Noticing::make() works with. Internal to the noticing.
#pragma once

#include "node/noticing.h"

namespace entente::node {

/// Something that happened, the same at every start.
struct Noticing::Cause {
    std::string key;
    Notice notice;
    std::optional<registry::Slot> slot;
    std::vector<std::string> desks{};  // duty roles of this party that it is addressed to
    bool briefs = false;  // told to those alone who have just signed on to the one of desks
    /// Told to those whose standing question it fits: of the record of `slot`, or of this.
    bool matches = false;
    std::optional<registry::DealingSlot> statement{};
    /// It says what exact bodies do: told to those alone who may open records by themselves.
    bool exact = false;
    /// Where it is, of what is no record.
    std::shared_ptr<const std::vector<watch::Spot>> spots{};
};

/// What a cause is compared as, by who looks.
struct Noticing::Compared {
    struct As {
        watch::Looking looking;
        watch::Thing thing;
        std::vector<std::string> words;
    };
    std::vector<As> all;
};

/// Duty roles of this party that a STOP is addressed to: those that it calls, or of one's own the
/// desk that can be called back, which waits for an answer.
std::vector<std::string> desks_of(const view::Seen& stop, const PartyId& self);
/// The same of a message.
std::vector<std::string> desks_of(const view::SeenMessage& message);
/// Whether somebody here has said to this version of a STOP that it stops, or that it does not:
/// then nobody is called any more.
bool decided(const registry::Snapshot& snapshot, const RecordId& stop, const Hash& leaf);

/// One call of make().
struct Noticing::Pass {
    Told before;
    Told now;
    std::vector<registry::Slot> slots;  // of records to look at
    bool everywhere = false;            // these are all, and all dealings are looked at as well
    Instant moment;
    Instant clock;                      // up to when it was told how legs stand,
    Instant until;                      // and up to when it is now
    std::size_t heard = 0;              // which receipts were looked through
    std::vector<registry::Slot> due{};  // movements of which a leg stands otherwise since
    /// By log and leaf: which releases to us are told in this pass.
    std::map<registry::LogNumber, std::map<Hash, std::vector<std::uint64_t>>> released{};
    /// Versions of activities that are told in this pass.
    std::set<std::pair<registry::DealingSlot, std::uint32_t>> said{};
    /// And activities that are told in it to be overdue.
    std::set<registry::DealingSlot> overdue{};
    /// And of challenges.
    std::set<std::pair<registry::DealingSlot, std::uint32_t>> asked{};
    /// And of groups and positions; of which there is a version more that was not released, with
    /// the entry that says so.
    std::set<std::pair<registry::DealingSlot, std::uint32_t>> stood{};
    std::map<registry::DealingSlot, registry::Position> withheld{};
    /// Incidents of which a version is.
    std::set<registry::DealingSlot> struck{};
    /// Versions that are told in this pass.
    std::set<std::pair<registry::Slot, std::uint32_t>> fresh{};
    /// Versions of statements that are said, or shown, in this pass: the cause that it would be.
    std::vector<Cause> stated{};
    std::vector<Forgotten> forgotten{};  // of which nobody was told
    bool standing = false;               // whether anybody left a question standing
    AllSignedOn on_duty{};               // by the roster as it is now,
    AllSignedOn signed_on{};             // and of these since the pass before
    HeardStages stops{};                 // of those that came urgently and are in no log yet
    std::vector<Cause> causes{};         // in the order of logs and in theirs
    std::map<std::string, Stream> streams{};
    std::vector<OutboxRow> rows{};
    std::vector<std::pair<std::string, std::string>> track_ids{};  // of these: stream, done_row()

    /// `/<number>` of the first release in this pass that shows the entry; empty for none.
    std::string release_of(registry::LogNumber log, const Hash& leaf) const {
        const auto of = released.find(log);
        if (of == released.end()) return {};
        const auto numbers = of->second.find(leaf);
        return numbers == of->second.end() ? "" : "/" + std::to_string(numbers->second.front());
    }
    const LogTold& told(const Origin& origin) const {
        static const LogTold nothing;
        const auto found = before.find(origin);
        return found == before.end() ? nothing : found->second;
    }
};

}  // namespace entente::node

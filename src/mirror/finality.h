// SPDX-License-Identifier: Apache-2.0
// When an entry of a log became final: which mirror parties cosigned which of its heads, and when
// (PROTOCOL 16, doc/protocol/exchange.md "Names"). It takes verified cosignatures of one branch;
// who the m other parties are, and what waits for finality, is the caller's.
//
//     Cosigned cosigned;
//     cosigned.add({party, head.checkpoint.size, cosignature.time});
//     cosigned.final_at(index, quorum_of(others));     // from here reduce_delay is counted
//
// The result does not depend on the order of adding, nor on repetitions. O(log n) an answer and
// party. 16 bytes for each cosignature that no other one dominates.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace entente::mirror {

/// How many of m other parties make a head final: the least count that two quorums cannot reach
/// without an honest party in both, and that the honest reach alone. None if there are no others.
constexpr std::size_t quorum_of(std::size_t others) { return others == 0 ? 0 : 1 + 2 * others / 3; }

/// One party's mirror cosignature over a head of the log.
struct CosignedHead {
    PartyId party;
    TreeSize size;
    Instant time;
};

class Cosigned {
  public:
    void add(const CosignedHead& seen);

    /// When this party first cosigned a head that holds the entry.
    std::optional<Instant> first(const PartyId& party, EntryIndex index) const;
    /// The k-th smallest of the parties' first times; nothing while fewer than k have cosigned. For
    /// k = 0 there is no such moment: nothing, and the caller takes the statement's own time.
    std::optional<Instant> final_at(EntryIndex index, std::size_t k) const;
    /// The largest size that k parties have reached: all entries below it are final. 0 for k = 0:
    /// who needs nobody's word does not ask here.
    TreeSize final_size(std::size_t k) const;
    /// Entries below `size` became final at `time`.
    struct Step {
        TreeSize size;
        Instant time;
        bool operator==(const Step&) const = default;
    };
    /// final_at as a step function: sizes and times ascending. Empty for k = 0. Asked again for the
    /// same k it costs what was added since, at the end of the log as a rule.
    const std::vector<Step>& final_steps(std::size_t k);
    /// The largest size that this party has cosigned; 0 for none.
    TreeSize reached(const PartyId& party) const;

  private:
    /// Sizes and times both grow: what is smaller and later than another says nothing.
    std::map<PartyId, std::vector<Step>> stairs_;
    std::size_t k_ = 0;   // of steps_
    TreeSize unchanged_;  // steps_ is right for the entries below
    std::vector<Step> steps_;
};

}  // namespace entente::mirror

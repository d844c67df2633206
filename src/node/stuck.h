// SPDX-License-Identifier: Apache-2.0
// The ladder at work: what protects soon and no unit has confirmed yet, which is the duty officer's
// first list (domain F2, F25: acknowledged at a headquarters, and never passed down). At who said
// it, of whom it was told; at who was told, of what nobody there has passed down. Pure.
#pragma once

#include <map>
#include <vector>

#include "node/ladder.h"
#include "view/view.h"

namespace entente::node {

/// One record, or one leg of a movement, that was released and stands below `confirmed`.
struct Stuck {
    RecordId record;
    std::uint32_t leg = 0;  // 0: all of it
    PartyId party;          // the other one: who was told, or whose it is
    Slots slots = 0;
    statement::Rung rung = statement::Rung::offered;
    bool refused = false;
    bool differs = false;  // what came back lies elsewhere
    bool overdue = false;  // not even `received` in the charter's time
    Instant from;          // when it protects next; the moment asked where it does now
};

/// What protects at some moment of [now, now + ahead). First what came back from elsewhere or was
/// refused, then by when it protects, the lowest rung first.
std::vector<Stuck> stuck(const std::vector<Ladder>& ladders, const view::View& view, Instant now,
                         Duration ahead);

/// How many of one's own records protect at some moment of [now, now + ahead) and are none of these
/// `told`: of a party, what was released to it.
std::size_t untold(const std::map<RecordId, Slots>& told, const view::View& view, Instant now,
                   Duration ahead);

}  // namespace entente::node

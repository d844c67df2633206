// SPDX-License-Identifier: Apache-2.0
// A record or a statement as a question is compared with it (watch/question.h): plain values, in
// the reading that somebody may have. Two things decide what is in it, so that nobody finds out by
// asking what they may not read:
//
// `Reading` says which texts: `listed`, what a list shows, or `exact`, what one reads who opens
// each by itself. `view::Depth` says which places: exact ones are one's own alone, for whom lists
// show those; all others are coarse areas (DESIGN 9), here the circles around these.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statement/grade.h"
#include "view/view.h"
#include "watch/subscription.h"

namespace entente::watch {

enum class Reading : std::uint8_t { listed, exact };

/// Who asks.
struct Looking {
    Reading reading = Reading::listed;
    view::Depth depth = view::Depth::coarse;
    bool operator==(const Looking&) const = default;
};

struct Thing {
    RecordId id;
    const char* kind = "";
    PartyId party;
    Instant time;                      // of its newest version, by its author's word
    bool withdrawn = false;            // of a record: protects nothing any more
    bool may_end = false;              // of a record: the clock or a log's standing could end it
    bool has_class = false;            // whether it is of a kind that has one,
    std::vector<std::string> classes;  // those that it names; with none of these any fits
    std::optional<statement::Grade> grade;
    geo::Window window;              // what it says of when; open: all times
    std::vector<Spot> spots;         // what it says of where, each with its own window
    std::vector<std::string> texts;  // what of it is compared by words
};

/// Kinds of what is compared: of records first, then of statements (view/statement.h). In this
/// order.
const std::vector<std::string>& kinds_compared();

/// Precondition: slot < snapshot.size(). At `now` some relaxations act.
Thing record_thing(const registry::Snapshot& snapshot, view::Slot slot, const Looking& looking,
                   Instant now);
/// Precondition: view::is_statement(snapshot, slot).
Thing statement_thing(const registry::Snapshot& snapshot, view::DealingSlot slot,
                      const Looking& looking);

/// A small area as the circle around it, which is quicker to compare; any other as it is.
geo::Shape circle_around(const geo::Area& area);

}  // namespace entente::watch

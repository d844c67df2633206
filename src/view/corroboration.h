// SPDX-License-Identifier: Apache-2.0
// How many independent lines speak of one thing, and which report is of which: mentions are not
// lines, and two that rest on one source are one (doc/protocol/sharing.md). Grades stay beside each
// report; nothing is averaged, and no doubt takes a line away. Pure, and the same for everybody who
// sees the same statements, in whatever order they came.
#pragma once

#include <string>
#include <vector>

#include "view/statement.h"

namespace entente::view {

/// Why two statements are of one line: reports, or what reports rest on.
struct Joined {
    RecordId one, other;
    /// `source` (one text of `line`), `rests_on` (one rests on the other, or both on a third),
    /// `author` (neither names a source, and both are of one party).
    std::string by;
    std::string line;  // of `source` the text, of `rests_on` the record, of `author` the party
};

/// Reports that stand for one independent line, in order of id.
struct Line {
    std::vector<RecordId> reports;
    std::vector<Joined> joined;  // enough of them to see why it is one
};

struct Corroboration {
    std::vector<Line> lines;  // in order of their first report's id
    std::size_t reports = 0;  // that are not withdrawn and can be read here
    std::size_t closed = 0;   // others that were about it, whose newest version cannot
    /// Records that they rest on and that cannot be read here: these may rest on one source in
    /// turn, so there may be fewer lines, and never more.
    std::size_t unseen = 0;
    std::size_t newer_withheld = 0;  // of `reports`: such as may have been corrected or withdrawn,
                                     // by a version that was not released here
    bool more = false;               // a party said more about it than is looked at (PROTOCOL 19)
};

/// Of the reports that are about this record.
Corroboration corroboration(const registry::Snapshot& snapshot, const RecordId& about);

}  // namespace entente::view

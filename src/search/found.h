// SPDX-License-Identifier: Apache-2.0
// What is asked of the search index beside the question (watch/question.h), and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "watch/question.h"

namespace entente::search {

struct Progress {
    std::size_t done = 0;
    std::size_t all = 0;
    bool whole() const { return done == all; }
};

/// Where a page ends: newest first, of one moment by id, of one id what is a record first.
struct Mark {
    Instant time;
    RecordId id;
    bool record = false;
    bool operator==(const Mark&) const = default;
};
bool before(const Mark& a, const Mark& b);

struct Paging {
    watch::Match which = watch::Match::yes;  // or what could not be compared
    std::size_t limit = 100;
    std::optional<Mark> after;
};

struct Hit {
    Mark mark;
    std::uint32_t slot = 0;  // of the record, or of the statement
};

struct Found {
    std::vector<Hit> hits;
    bool more = false;
    /// Of the whole question, on every page.
    std::uint64_t total = 0;
    std::uint64_t no_place = 0;
    std::uint64_t no_grade = 0;
};

/// What it occupies, roughly.
struct Held {
    std::size_t things = 0;
    std::size_t words = 0;
    std::size_t entries = 0;  // a word of a thing
};

}  // namespace entente::search

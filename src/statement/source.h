// SPDX-License-Identifier: Apache-2.0
// What a statement about the world rests on, source by source. Corroboration counts independent
// lines and not mentions: two statements that name one `line`, or of which one rests `of` the
// other, are one (view/corroboration.h).
#pragma once

#include "statement/members.h"

namespace entente::statement {

enum class SourceKind : std::uint8_t {
    other,
    observer,  // a person who was there
    sensor,
    document,
    media,
    party,  // another party's statement
    open,   // anybody can look
};
constexpr std::size_t source_kind_count = 7;
const char* name(SourceKind kind);

struct Source {
    SourceKind kind = SourceKind::other;
    /// By which it comes: whoever rests on the same says the same text. A publication and its date,
    /// or a word that names nobody.
    std::string line;
    std::optional<RecordId> of;  // the statement that it is taken from
    std::optional<Grade> grade;  // of this source for what is said here
    bool operator==(const Source&) const = default;
};

void members(Members& m, Source& source);
/// A line or a record, for each.
Result<void> check_sources(const std::vector<Source>& sources);

/// Of whom something is said: a party, a group that a record names, or a name; one of them.
struct Actor {
    std::optional<PartyId> party;
    std::optional<RecordId> group;
    std::string name;
    bool operator==(const Actor&) const = default;
};

void members(Members& m, Actor& actor);
/// `what`: the member's name, for the error.
Result<void> check_actor(const Actor& actor, const char* what);

}  // namespace entente::statement

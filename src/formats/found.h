// SPDX-License-Identifier: Apache-2.0
// What a search found, for programs and spreadsheets: one line a thing, as lists may show it
// (view/gist.h), with its label. In bulk there are no exact places, nor texts, sources and
// casualties, but one's own, for those whose lists show them (DESIGN 9).
#pragma once

#include "formats/json_out.h"
#include "statement/label.h"
#include "view/gist.h"

namespace entente::formats {

struct FoundThing {
    RecordId id;
    std::string kind;
    PartyId party;
    bool own = false;
    Instant time;  // of its newest version, by its author's word
    std::uint32_t version = 1;
    std::string state;
    std::string class_name;  // of records that have one
    bool contested = false;
    bool newer_withheld = false;  // its log has a later version that was not released here
    view::Gist gist;
    std::optional<statement::Label> label;  // of statements
    /// Of one's own all that it says; null where lists do not. Lives as long as the snapshot.
    const statement::Dealt* said = nullptr;
};

FoundThing found_thing(const view::Seen& seen, Instant now);
FoundThing found_thing(const view::SeenStatement& seen, view::Depth depth);

/// id, kind, party, own, time, version, state, title, class, grade, from, until, contested,
/// position (exact, coarse or none), label.
void found_members(JsonOut& out, const FoundThing& found);
/// A Feature on one line (RFC 7946), without a line end; several places are a GeometryCollection.
/// Altitudes are not in it, but in what one's own say (`said`).
std::string found_feature(const FoundThing& found);
/// A heading, and a line for each (formats/csv.h); of several places the first, all in WKT. Of
/// one's own incidents with sort, place, affected objects, casualties and sources.
std::string found_heading();
std::string found_line(const FoundThing& found);

}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
// Whom a STOP of one's own is to reach next (DESIGN 3): its desks in their order, each after the
// charter's time without an answer, and then all at once, again and again. A function of the
// register and the moment: each attempt and each answer is a statement, so that whoever dies in
// between goes on where the log stands.
//
//     if (const auto calling = calling_of(view, slot))
//         if (const auto call = next_call(*calling, terms)) ...   // carry it, log the attempt
//
// Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "statement/charter.h"
#include "view/stop.h"
#include "view/view.h"

namespace entente::node {

/// How a STOP stands with those whom it is addressed to.
enum class Answered : std::uint8_t {
    nobody,        // no person has answered
    acknowledged,  // somebody has it
    accepted,      // it is being done
    refused,
};
const char* name(Answered answered);

/// An open STOP with what was done about it.
struct Calling {
    view::Slot slot = 0;
    RecordId stop;
    Hash leaf;         // of its version
    EntryIndex entry;  // where that stands
    PartyId author;
    PartyId to;
    std::vector<std::string> desks;
    Instant said;
    bool open = true;      // it stands
    bool lifting = false;  // its author has said to lift it, and it stands until that acts
    std::vector<view::SeenAttempt> attempts;  // its author's
    std::vector<view::SeenReply> replies;     // of the party that was asked, to this statement

    /// By what persons of the party answered, or told a caller; nodes do not count.
    Answered answered() const;
    /// When somebody did first, by the time that they claim.
    std::optional<Instant> answered_at() const;
};

/// Of a STOP whose words can be read here; nothing for any other record. Points into the view.
std::optional<Calling> calling_of(const view::View& view, view::Slot slot, Instant now);

/// Desks that are to be called by one attempt, not before `due`.
struct NextCall {
    std::vector<std::string> desks;
    Instant due;
};
/// Nothing where no call is due any more: it was accepted, or lifted, or called for a day. Somebody
/// who has it and says no more is asked again after the charter's `stop_escalate`; where one desk
/// refuses, all of them hear of it once more. A time that others claim counts as `now` at the most.
std::optional<NextCall> next_call(const Calling& calling, const statement::CharterTerms& terms,
                                  Instant now);

/// A STOP is called no longer than this after it was said.
constexpr Duration called_for = std::chrono::hours(24);

}  // namespace entente::node

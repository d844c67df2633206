// SPDX-License-Identifier: Apache-2.0
// What an evidence file says about one record, to somebody who trusts none of the parties: what was
// said, what was told to whom, who acknowledged it how far, and who had not by when. Each line says
// by whose key it holds and carries the leaf hashes that it rests on; what nothing but a party's
// word stands for is listed as claimed, and what is not in the file as missing. It never says that
// something did not happen because the file does not show it.
//
//     TRY(report, verify(bytes, charters));
//     for (const Line& line : report.lines) ...
//
// Pure: file and charter are all it needs.
#pragma once

#include "evidence/facts.h"

namespace entente::evidence {

/// A moment by somebody's clock.
struct Moment {
    Instant at;
    std::string clock;  // the name of a cosigner's key, or of a log's
    bool operator==(const Moment&) const = default;
};

/// When something was said (PROTOCOL 27): after the newest foreign head that its log had quoted by
/// then, and before the earliest cosignature of a head that holds it. Without both: time unproven.
struct Bounds {
    std::optional<Moment> after;
    std::optional<Moment> before;
};

/// A version of the record.
struct Said {
    const ProvenEntry* entry = nullptr;
    std::uint32_t version = 1;
    Bounds bounds;
};

/// A release of one version to one party, under a slot of the author's beat.
struct Told {
    PartyId to;
    std::size_t said = 0;  // which of Report::said
    std::uint64_t number = 0;
    seal::SlotSet slots{};
    const ProvenEntry* beat = nullptr;
    Bounds bounds;  // of the beat
};

/// What a party acknowledged: in the slot of its beat for the author, or by a receipt to it.
struct Word {
    PartyId from;
    std::string key;  // its log's
    std::string rung;
    const ProvenEntry* entry = nullptr;  // a beat, or a receipt
    const statement::Receipt* receipt = nullptr;
    Instant time;              // its own claim
    seal::ListHead list;       // of the author's releases to it; empty where statements are named
    bool list_proven = false;  // that list is the one under which the releases are
    std::vector<std::size_t> covers;  // which of Report::told it acknowledges, and which it does
    std::vector<std::size_t> lacks;   // not: those are numbered above what it acknowledges
    /// An earlier entry of its own log quotes a head of the author's that holds the release: so it
    /// had that log before this beat.
    std::optional<Hash> had_quoted;
    /// Its own key cosigned such a head.
    std::optional<Moment> had_cosigned;
    Bounds bounds;
};

/// A third party's word that a sealed parcel for another waits with it, or was fetched.
struct Kept {
    PartyId with;
    std::string key;  // its log's
    const ProvenEntry* entry = nullptr;
    const statement::Receipt* receipt = nullptr;  // has `held`
    Bounds bounds;
    std::vector<std::size_t> holds;  // which of Report::told are under the list that it names
};

/// A call of a STOP, as its author logged it.
struct Call {
    const ProvenEntry* entry = nullptr;
    const statement::Attempt* attempt = nullptr;
    std::size_t said = 0;  // which of Report::said was carried
    Bounds bounds;
};

/// What another party answered to a version, in its own log.
struct Answered {
    PartyId from;
    std::string key;  // its log's
    const ProvenEntry* entry = nullptr;
    const statement::Reply* reply = nullptr;
    std::size_t said = 0;  // which of Report::said it answers
    Bounds bounds;
};

enum class Standing : std::uint8_t { proven, claimed, missing };
const char* name(Standing standing);

struct Line {
    Standing standing = Standing::proven;
    std::string code;  // for programs: said, content, told, acknowledged, silent, …
    std::string text;
    std::string by;  // whose key, or on whose word; empty where nobody's
    std::vector<Hash> rests_on;
};

struct Report {
    File file;
    Facts facts;
    PartyId author;
    std::string author_key;  // of the log that has the record
    std::vector<Said> said;  // pointers are into `facts`
    std::vector<Told> told;
    std::vector<Word> words;
    std::vector<Kept> kept;
    std::vector<Call> calls;
    std::vector<Answered> answers;
    std::vector<Line> lines;

    Report() = default;
    Report(Report&&) = default;
    Report& operator=(Report&&) = default;
};

Result<Report> verify(BytesView file, std::span<const std::string> charters);

/// `2015-11-26T12:00:00Z`; of a time that has no such form (a stranger's) its milliseconds.
std::string moment_text(Instant at);
std::string bounds_text(const Bounds& bounds);
/// `exact`, `coarse`, `head alone`.
std::string tier_text(const seal::SlotSet& slots);

}  // namespace entente::evidence

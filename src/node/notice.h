// SPDX-License-Identifier: Apache-2.0
// A notice as it stands in the outbox: what happened, in which entry of which log, for whom. It has
// no name, place or text: those are taken from the register when it is delivered, so that a purge
// reaches them (PROTOCOL 12, 30).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/time.h"
#include "watch/live.h"

namespace entente::node {

struct Notice {
    std::string id;    // 32 base32 characters; the same cause never makes two for one stream
    std::string what;  // watch::what, or `overflow`
    PartyId party;     // whose log it is
    Origin origin;
    EntryIndex index;    // of the entry that says it; of `log` the number of entries that were held
    Hash leaf;           // of that entry
    std::string detail;  // a code: of a record the act, of a log what happened, of a track the
                         // kind of its alert, or what is unkept, of a receipt its
                         // rung or `differs`, of a leg or a touched activity how it stands, of a
                         // reply `replied_` and its word
    std::optional<RecordId> record;
    std::uint32_t version = 0;               // of the record, 0 where none is shown
    std::uint32_t leg = 0;                   // of a movement; 0: of none
    Instant time;                            // when it was made
    std::vector<std::string> subscriptions;  // by which it was made, by id
    std::optional<RecordId> activity = {};   // what it is about; of an alarm what is touched
    std::optional<RecordId> talk = {};       // the challenge or message that it is about
    /// Of a live track what is said: of what protects without its record, which stands above, and
    /// never where the thing is, which would tell where that lies. Absent where more was found than
    /// is kept: then `detail` is `unkept_` and of what (watch::name of a share).
    std::optional<watch::Alert> track = {};
    bool operator==(const Notice&) const = default;
};

/// A notice that its stream set aside, because it could not be delivered.
struct DeadLetter {
    Notice notice;
    std::uint64_t seq = 0;  // its place in the order of its stream
    std::uint32_t attempts = 0;
    std::string why;  // a word of ours
    Instant died;
    bool operator==(const DeadLetter&) const = default;
};
Bytes encode_dead(const DeadLetter& letter);
Result<DeadLetter> decode_dead(BytesView bytes);
/// Where the dead letters of a stream lie.
std::string dead_of(const std::string& stream);

/// Where the ids lie of alerts of live tracks that a stream has acknowledged.
std::string done_of(const std::string& stream);
/// Said once in place of everything that comes after it, until it is acknowledged.
constexpr const char* overflow = "overflow";
/// In place of one whose row could not be read: what it was is lost to who was to be told.
constexpr const char* unreadable = "unreadable";
/// Where such rows of a stream lie, as they are.
std::string unread_of(const std::string& stream);

/// SHA-256("entente/notice/v1\n", stream, "\n", cause), the first 160 bits. The cause names what
/// happened, the same at every start.
std::string notice_id(const std::string& stream, const std::string& cause);
/// Whether it has the form of one.
bool is_notice_id(std::string_view text);

/// Canonical JSON.
Bytes encode_notice(const Notice& notice);
/// Only what encode_notice makes.
Result<Notice> decode_notice(BytesView bytes);

}  // namespace entente::node

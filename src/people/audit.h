// SPDX-License-Identifier: Apache-2.0
// The audit: one line for every reading of an exact position (DESIGN 9), and for every change to
// people and their rights. Lines are chained by hashes, so that one that is changed or taken out
// from among them is noticed; what was cut off at the end shows against a head noted elsewhere.
//
//     hash n = SHA-256("entente/audit/v1\n" || hash n-1 || line n), hash 0 is 32 zero bytes
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace entente::people {

/// What happened, before it has its place in the chain.
struct Reading {
    Instant time;
    std::string who;   // account; "owner" for the owner of the data directory
    std::string how;   // by which credential: token, session, link, a named API token, proxy
    std::string act;   // what was done: show, check, list, export, proof, person_added ...
    std::string what;  // whom or which thing, where it is no record
    std::vector<std::string> records;  // whose exact positions were shown
    std::uint64_t count = 1;           // how many answers this line stands for
    std::string why;                   // the reason that was given, may be empty
    bool operator==(const Reading&) const = default;
};

struct AuditLine {
    std::uint64_t seq = 0;  // from 1
    Bytes bytes;            // canonical JSON of the reading
    Hash hash;
    bool operator==(const AuditLine&) const = default;
};

/// Lines above this many records are split.
constexpr std::size_t audit_records_max = 256;

Bytes encode(const Reading& reading);
Result<Reading> decode_reading(BytesView bytes);
/// The next line. `last` has seq 0 and a hash of zeros before the first.
AuditLine chain(const AuditLine& last, const Reading& reading);
/// Whether `line` follows `last`; what is wrong otherwise.
Result<void> follows(const AuditLine& last, const AuditLine& line);

}  // namespace entente::people

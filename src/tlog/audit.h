// SPDX-License-Identifier: Apache-2.0
// Re-derives a static export (C2SP tlog-tiles) from its entry bundles by RFC 6962's recursive
// definition and compares every tile and the signed root. It shares no Merkle code with Tree and
// not even the SHA-256: this one is libsodium's, that one OpenSSL's. Pure: files come by `get`.
//
//     TRY(audited, audit(get, {.origin = origin, .key = key}));
#pragma once

#include <functional>

#include "tlog/checkpoint.h"

namespace entente::tlog {

/// The bytes of `checkpoint`, `tile/0/000` and so on.
using Get = std::function<Result<Bytes>(const std::string& path)>;
/// How many of how many files have been read.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct AuditWants {
    Origin origin;
    VerifierKey key;
    Progress progress = nullptr;
};

/// The verified checkpoint, or the first file and entry at fault: `tile/entries/003: entry 801 does
/// not hash to tile/0/003[33]`. When bundle and tile disagree, the signed root says which is wrong.
Result<SignedCheckpoint> audit(const Get& get, const AuditWants& wants);

}  // namespace entente::tlog

// SPDX-License-Identifier: Apache-2.0
// Packs: what one node would answer another, as a file for a stick or a mail
// (doc/protocol/exchange.md, "Packs"). It is sealed to one party and signed with the channel key of
// who made it, so that what is in it is as good, and as bad, as what comes over the network from
// it: nobody else reads it, and nobody else is blamed for it. What the answers say is not looked at
// here.
//
//     PackWriter writer(header, their_sealing_key, random);
//     writer.add("/peer/v1/heads", heads);                        // false: it is full
//     Bytes file = std::move(writer).sign(channel_key);
//
//     TRY(header, pack_header(file));                             // who made it, for whom
//     TRY(answers, open_pack(file, their_channel_keys, own_sealing_secret));
#pragma once

#include <map>
#include <span>

#include "base/ids.h"
#include "base/limits.h"
#include "base/time.h"
#include "base/x25519.h"

namespace entente::seal {

struct PackHeader {
    std::string charter;  // its id
    PartyId from;
    PartyId to;
    Instant made;            // a claim of who made it
    std::uint64_t part = 1;  // of what is carried at once, from 1
    bool operator==(const PackHeader&) const = default;
};

class PackWriter {
  public:
    /// `bytes_max` may be less than the limit of packs.
    PackWriter(const PackHeader& header, const SealingKey& to, const Random& random,
               std::size_t bytes_max = limits::pack_bytes_max);

    /// The answer at a path, whole. False, and nothing done, if the pack would pass `bytes_max`.
    /// Precondition: the path has no newline and at most 512 bytes.
    bool add(BytesView path, BytesView answer);
    std::uint64_t count() const { return count_; }
    Bytes sign(const SecretKey& channel) &&;

  private:
    Secret key_;
    std::size_t bytes_max_;
    std::uint64_t count_ = 0;
    Bytes out_;
};

/// By path.
using PackAnswers = std::map<std::string, Bytes, std::less<>>;

/// The header alone, before anything is verified. Limits and form.
Result<PackHeader> pack_header(BytesView pack);
/// Errc::bad_signature where none of these channel keys signed it, where it is not sealed to this
/// key, or where something in it was altered. Whether charter, from and to are the expected ones is
/// for the caller.
Result<PackAnswers> open_pack(BytesView pack, std::span<const PublicKey> channels,
                              const SealingSecret& secret);

}  // namespace entente::seal

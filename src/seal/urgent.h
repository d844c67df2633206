// SPDX-License-Identifier: Apache-2.0
// An urgent statement on its way to one recipient (PROTOCOL 28): the entry with all its bodies,
// signed with the author's duty key, in a box sealed to the recipient, so that any route may carry
// it and none can read, change or make it. It is acted on before the author's log shows it; the log
// is what counts in the end (doc/protocol/stop.md, "Urgent form").
//
//     Bytes box = seal_urgent(urgent, duty, their_key, random);
//     TRY(opened, open_urgent(box, own_secret));          // whoever sealed it
//     TRYV(verify_urgent(*duty_key_of(opened.urgent.author), opened));
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "base/x25519.h"
#include "seal/vault.h"

namespace entente::seal {

struct Urgent {
    std::string charter;  // its id
    Origin origin;        // the author's log
    PartyId author;
    PartyId recipient;
    Instant sent;                    // by the author's clock
    std::vector<std::string> desks;  // duty roles that are called by this
    Bytes entry;                     // as it stands in the log
    Bodies bodies;                   // those that the recipient gets
    bool operator==(const Urgent&) const = default;
};
constexpr std::size_t urgent_desks_max = 8;

struct OpenedUrgent {
    Urgent urgent;
    Hash signed_hash;  // SHA-256 of what the box holds before the signature
    Bytes signature;   // 64 bytes
};

/// Preconditions: each text one line, at most urgent_desks_max desks, bodies within their limit.
Bytes seal_urgent(const Urgent& urgent, const SecretKey& duty, const SealingKey& to,
                  const Random& random);
/// Errc::bad_signature where the box is not for this key, Errc::malformed or too_large for any
/// other form. Whose it is, nobody has shown yet.
Result<OpenedUrgent> open_urgent(BytesView box, const SealingSecret& own);
/// Errc::bad_signature where it is not signed with this duty key.
Result<void> verify_urgent(const PublicKey& duty, const OpenedUrgent& opened);

}  // namespace entente::seal

// SPDX-License-Identifier: Apache-2.0
// An exchange by file: what this node would answer another party to every question, sealed to it
// (seal/pack.h), and the taking in of what another made. Nothing is trusted more or less than over
// the network: a pack drives the same Follow.
//
//     TRY(packed, pack(exchange, PartyId{"ru"}, 1, now, random));     // and part 2 while `more`
//     TRY(taken, unpack(exchange, bytes, now));
//
// Owned by the thread that owns the Exchange.
#pragma once

#include "node/exchange.h"
#include "seal/pack.h"

namespace entente::node {

struct Packed {
    Bytes bytes;
    std::uint64_t entries = 0;   // in files of logs, some of which the other side may have
    std::uint64_t releases = 0;  // to it
    bool more = false;           // another part is needed
};

/// Heads, and of each log what `to` is not known to hold, then the releases to it that it has not
/// acknowledged; with `whole`, everything from the first entry and the first release on. Part n
/// carries what did not fit into those before it. Errc::not_found for a party that is not another's
/// of this charter, and for a part that nothing is left for.
Result<Packed> pack(const Exchange& exchange, const PartyId& to, std::uint64_t part, bool whole,
                    Instant now, const Random& random);

struct Unpacked {
    seal::PackHeader header;
    std::uint64_t entries = 0;     // that were new
    std::uint64_t releases = 0;    // to us, that were new
    std::optional<Error> trouble;  // why not all of it could be taken; what was taken stays
};

/// Errc::refused for a pack that is for another party or of another charter, or from nobody in it.
Result<Unpacked> unpack(Exchange& exchange, BytesView bytes, Instant now);

}  // namespace entente::node

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

/// What is handed over by a party that cannot be asked: to `to` itself, or to a third party that
/// keeps it for `to` and can read nothing of it (PROTOCOL 28). Of one's own log alone what `to` is
/// not known to hold, where `since` may know more of that, and the releases that it has not
/// acknowledged, as much as fits into one part of relay_pack_bytes_max. Left out is a log of which
/// more than `entries_max` are missing: `to` has it from others' copies.
struct HandOver {
    PartyId to;
    TreeSize since{0};
    std::uint64_t entries_max = std::uint64_t{1} << 62;
};
Result<Packed> pack_own(const Exchange& exchange, const HandOver& wish, Instant now,
                        const Random& random);
constexpr std::size_t relay_pack_bytes_max = 20u << 20;  // a parcel, and much of a log

/// Whose a pack is that `from` hands over: ours, or another party's for whom it may be kept.
/// Errc::refused for one that says it is from somebody else, of another charter, or for nobody in
/// it; too_large above relay_pack_bytes_max. Nothing of it is verified: who takes it in does that.
Result<seal::PackHeader> handed_over(const Exchange& exchange, const PartyId& from, BytesView pack);

struct Unpacked {
    seal::PackHeader header;
    std::uint64_t entries = 0;     // that were new
    std::uint64_t releases = 0;    // to us, that were new
    std::optional<Error> trouble;  // why not all of it could be taken; what was taken stays
};

/// Errc::refused for a pack that is for another party or of another charter, or from nobody in it.
Result<Unpacked> unpack(Exchange& exchange, BytesView bytes, Instant now);

}  // namespace entente::node

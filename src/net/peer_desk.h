// SPDX-License-Identifier: Apache-2.0
// The port through which listeners reach what a node tells others: node::Exchange, on whatever
// thread it lives. Any thread may call; a call blocks until it is answered.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace entente::net {

/// The answer of a witness: 200 with signature lines, 409 with a size line, or 400, 403, 404, 422,
/// 503 with a sentence.
struct WitnessAnswer {
    int status = 503;
    Bytes body;
};

class PeerDesk {
  public:
    virtual ~PeerDesk() = default;
    /// A path of doc/protocol/exchange.md, for a party whose channel key was verified.
    virtual Result<Bytes> answer(const PartyId& asker, std::string_view path_and_query) = 0;
    /// `checkpoint`, `tile/...` of a log that is mirrored here, by SHA-256 of its origin.
    virtual Result<Bytes> mirror_file(const Hash& origin, std::string_view path) = 0;
    /// A pack that this party hands over (doc/protocol/exchange.md, "Relays"): taken in where it is
    /// for this node, kept where it is for another. What to answer.
    virtual Result<Bytes> take_pack(const PartyId& /*from*/, BytesView /*pack*/) {
        return fail(Errc::not_found, "this node relays nothing");
    }
    /// An urgent statement that this party brought (PROTOCOL 28), for this node or, where `to` is
    /// another, to be carried on. `of` is what it calls it, so that a later one takes its place.
    /// What to answer (net/caller.h).
    virtual Result<Bytes> take_urgent(const PartyId& /*from*/, const PartyId& /*to*/,
                                      BytesView /*of*/, BytesView /*box*/) {
        return fail(Errc::not_found, "this node takes nothing urgent");
    }
    /// What is kept for this party.
    virtual Result<Bytes> urgent_for(const PartyId& /*asker*/) {
        return fail(Errc::not_found, "this node keeps nothing urgent");
    }
    /// C2SP tlog-witness. What it answers is durable before it returns.
    virtual WitnessAnswer add_checkpoint(BytesView body) = 0;
};

}  // namespace entente::net

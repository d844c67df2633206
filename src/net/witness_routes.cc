// SPDX-License-Identifier: Apache-2.0
// What a node does for the logs of others, for anybody: it serves its copies of them (C2SP
// tlog-tiles below /mirror/HASH), and cosigns their heads (C2SP tlog-witness). A party alone does
// neither.
#include "base/encode.h"
#include "net/api.h"
#include "net/peer_api.h"
#include "net/problem.h"

namespace entente::net {
namespace {

Response none_here() {
    return problem(404, "not_found", "this node holds no copy of a log of this name");
}

}  // namespace

Response mirror_file(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto hash = from_hex(call.parameters[0]);
    PeerDesk* const peers = api.options().peers;
    if (peers == nullptr || !hash || hash->size() != 32) return none_here();
    const bool head = call.parameters[1] == "checkpoint";
    auto bytes = peers->mirror_file(Hash::from(*hash), call.parameters[1]);
    if (!bytes) {
        // A path that is no tile's is simply not there (tlog-tiles).
        const Errc code = bytes.error().code;
        if (code == Errc::malformed || code == Errc::not_found) return none_here();
        return problem(bytes.error());
    }
    Response response =
        ok(head ? "text/plain; charset=utf-8" : "application/octet-stream", std::move(*bytes));
    response.headers.emplace_back("Cache-Control",
                                  head ? "no-store" : "public, max-age=31536000, immutable");
    return response;
}

Response add_checkpoint(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    PeerDesk* const peers = api.options().peers;
    if (peers == nullptr) return problem(404, "not_found", "a party alone witnesses nobody");
    // Each of them waits for the disk, and anybody may ask: they take one thread and no more.
    const auto turn = api.witness_turn();
    if (!turn) return problem(429, "too_many", "another checkpoint is being looked at");
    return http_of(peers->add_checkpoint(call.request.body));
}

}  // namespace entente::net

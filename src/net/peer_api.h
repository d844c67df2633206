// SPDX-License-Identifier: Apache-2.0
// What other nodes may ask of this one (doc/protocol/exchange.md, "What a node asks of another"),
// without a socket. Whose the request is says its channel key; nothing here is for anybody else. It
// knows paths, limits and how long an answer keeps; what the answers are is the desk's.
//
//     PeerApi api(desk, {.limits = peer_limits(), .now = now});
//     TRY(server, Server::listen({.address = ..., .tls = *channel->listening(party_of)}));
//     server->serve(api);
//
// Any thread.
#pragma once

#include <array>
#include <atomic>

#include "net/front.h"
#include "net/limits.h"
#include "net/peer_desk.h"
#include "net/rate.h"

namespace entente::net {

struct PeerApiOptions {
    Limits limits;
    std::function<Instant()> now;
};

struct PeerPath;  // one that it knows

class PeerApi final : public Front {
  public:
    /// `desk` outlives it.
    PeerApi(PeerDesk& desk, PeerApiOptions options) : desk_(desk), options_(std::move(options)) {}

    Way admit(const Request& request) override;
    void count(const Response& response) override;
    Instant now() const override { return options_.now(); }
    /// How many responses of 1xx to 5xx were given.
    std::uint64_t responses(int hundreds) const {
        return counts_.at(static_cast<std::size_t>(hundreds));
    }

  private:
    Response answer(const PeerPath& path, const Request& whole);
    Response read(const Request& request, bool changes);
    Response take_pack(const Request& request);
    Response take_urgent(const Request& request);
    Response kept_urgent(const Request& request);
    static Response brought(Result<Bytes> taken);

    PeerDesk& desk_;
    PeerApiOptions options_;
    Rate rate_;
    std::array<std::atomic<std::uint64_t>, 6> counts_{};
};

/// What a witness answered, as C2SP tlog-witness says it over HTTP.
Response http_of(const WitnessAnswer& answer);

}  // namespace entente::net

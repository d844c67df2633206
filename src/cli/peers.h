// SPDX-License-Identifier: Apache-2.0
// The network side of a served node among others: the listener that their nodes ask, and the
// follower that asks them. A party alone has neither.
#pragma once

#include "cli/config.h"
#include "cli/session.h"
#include "net/exchange_desk.h"
#include "net/peer_api.h"
#include "net/server.h"

namespace entente::cli {

class Peers {
  public:
    /// Null for a solo charter. `session` and `desk` outlive it. Listens where the charter says
    /// that this party is reached, or where the configuration says instead; a party that states no
    /// address is not asked and asks the others all the same.
    static Result<std::unique_ptr<Peers>> start(Session& session, net::Desk& desk,
                                                const ServeConfig& config);
    ~Peers();
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    net::PeerDesk& desk() { return desk_; }
    /// `127.0.0.1:8711`, or empty.
    const std::string& listening() const { return listening_; }
    std::size_t followed() const { return followed_; }

  private:
    explicit Peers(net::Desk& desk) : desk_(desk) {}
    Result<void> listen(const net::Channel& channel, const statement::Charter& charter,
                        const ServeConfig& config, const PartyId& self);
    Result<void> follow(std::shared_ptr<const net::Channel> channel, net::Desk& desk,
                        const statement::Charter& charter, const ServeConfig& config,
                        const PartyId& self);

    net::ExchangeDesk desk_;
    std::unique_ptr<net::PeerApi> api_;
    std::unique_ptr<net::Server> server_;
    std::unique_ptr<net::Follower> follower_;
    std::string listening_;
    std::size_t followed_ = 0;
};

}  // namespace entente::cli

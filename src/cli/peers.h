// SPDX-License-Identifier: Apache-2.0
// The network side of a node among others: the listener that their nodes ask, and the follower that
// asks them. A party alone has neither. A node that is served has both; `sync` without one has the
// follower for as long as it takes.
#pragma once

#include "cli/config.h"
#include "cli/peer_book.h"
#include "cli/relay_files.h"
#include "cli/session.h"
#include "net/caller.h"
#include "net/exchange_desk.h"
#include "net/peer_api.h"
#include "net/peering.h"
#include "net/server.h"

namespace entente::cli {

struct PeersOptions {
    bool served = true;  // otherwise nobody listens, and who is asked is asked when woken
    std::string only{};  // the party that is asked; empty: all
};

/// How each other party with an address is called, with this node's channel key from DIR/keys.
Result<std::vector<net::PeerAddress>> peer_addresses(const DataDir& dir,
                                                     const statement::Charter& charter,
                                                     const PartyId& self,
                                                     const ServeConfig& config);

class Peers {
  public:
    /// Null for a solo charter. `session` and `desk` outlive it. Listens where the charter says
    /// that this party is reached, or where the configuration says instead; a party that states no
    /// address is not asked and asks the others all the same. Errc::refused where keys/channel is
    /// not the key that the charter has for this party: nobody would know it.
    static Result<std::unique_ptr<Peers>> start(Session& session, net::Desk& desk,
                                                const ServeConfig& config,
                                                const PeersOptions& options = {});
    ~Peers();
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;

    net::PeerDesk& desk() { return desk_; }
    /// From now on STOPs are carried to whom they call, and what others send urgently is answered
    /// with whether somebody holds a duty role (nothing: there is no such role).
    void begin_calling(std::function<std::optional<bool>(const std::string& role)> held);
    /// `held` is not called any more when it returns.
    void end_calling() { desk_.on_urgent({}); }
    /// Null where nobody is asked.
    net::Follower* follower() { return followed_ == 0 ? nullptr : follower_.get(); }
    /// `127.0.0.1:8711`, or empty.
    const std::string& listening() const { return listening_; }
    std::size_t followed() const { return followed_; }

  private:
    Peers(net::Desk& desk, net::ChannelKeys keys, const DataDir& dir)
        : own_desk_(desk), box_(dir), desk_(desk, &box_), keys_(std::move(keys)) {}
    Result<void> listen(const net::Channel& channel, const std::string& address,
                        const ServeConfig& config);
    Result<void> follow(net::Desk& desk, std::vector<net::PeerAddress> addresses,
                        std::vector<net::WitnessAddress> witnesses, const ServeConfig& config,
                        bool at_once);

    net::Desk& own_desk_;
    RelayFiles box_;
    net::ExchangeDesk desk_;
    net::ChannelKeys keys_;
    std::unique_ptr<net::PeerApi> api_;
    std::unique_ptr<net::Server> server_;
    std::unique_ptr<net::Follower> follower_;
    net::Caller::Options calling_;
    std::unique_ptr<net::Caller> caller_;
    std::string listening_;
    std::size_t followed_ = 0;
};

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// The exchange of a served node, as its sockets see it: what other nodes ask of it, and what it
// asks of them. Everything runs on the desk's thread; this only carries.
#pragma once

#include <vector>

#include "net/desk.h"
#include "net/follower.h"
#include "net/peer_desk.h"
#include "net/relay_box.h"
#include "node/follow.h"

namespace entente::net {

class ExchangeDesk final : public PeerDesk {
  public:
    /// `desk` outlives it, and has an exchange; so does `box`. Null: nothing is kept for anybody.
    explicit ExchangeDesk(Desk& desk, RelayBox* box = nullptr) : desk_(desk), box_(box) {}

    Result<Bytes> answer(const PartyId& asker, std::string_view path_and_query) override;
    Result<Bytes> mirror_file(const Hash& origin, std::string_view path) override;
    WitnessAnswer add_checkpoint(BytesView body) override;
    Result<Bytes> take_pack(const PartyId& from, BytesView pack) override;
    Result<Bytes> take_urgent(const PartyId& from, const PartyId& to, BytesView of,
                              BytesView box) override;
    Result<Bytes> urgent_for(const PartyId& asker) override;

    /// What else is done about urgent statements; each may be empty.
    struct Urgency {
        /// Of a duty role: whether somebody holds it, or nothing where there is no such role.
        std::function<std::optional<bool>(const std::string& role)> held;
        std::function<void(const PartyId& author)> fetch;  // its log, at once
        std::function<void(const PartyId& from, const PartyId& to, const Bytes& box)>
            carry;  // to a third party
    };
    /// `held` of the one before is not called any more when it returns.
    void on_urgent(Urgency urgency);

  private:
    Result<Bytes> kept_pack(const PartyId& asker, std::string_view from);

    Desk& desk_;
    RelayBox* box_;
    std::mutex mutex_;  // guards urgency_
    Urgency urgency_;
};

/// How another party's node is reached: nothing for one that states no address and has no relay.
struct PeerAddress {
    PartyId party;
    PeerOptions options;
    node::Relayed relayed = {};
};

/// How an outside witness that the charter names is reached.
struct WitnessAddress {
    std::string name;
    PeerOptions options;
};
/// One following a witness: it is asked for each head, at most once in `poll_every`.
std::vector<Following> witness_followings(Desk& desk, std::vector<WitnessAddress> addresses);

/// One following a party: what it asks next, and what becomes of the answers, is node::Follow's.
std::vector<Following> followings(Desk& desk, std::vector<PeerAddress> addresses,
                                  Duration poll_every);

}  // namespace entente::net

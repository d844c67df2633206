// SPDX-License-Identifier: Apache-2.0
// Who is called, where, and by which keys, as charters say it. During a change of the charter two
// versions count, newest first: whoever has not adopted the newer one yet still shows the key of
// the older, and must be let in to fetch the newer one. Who is not in the newest is nobody.
//
//     ChannelKeys keys(self, {&charter});
//     TRY(tls, channel->listening([keys](const PublicKey& shown) { return keys.party_of(shown);
//     })); for (Callable& one : callables(self, charter)) ask(one.url, keys.keys_of(one.party));
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ed25519.h"
#include "statement/charter.h"

namespace entente::net {

class ChannelKeys {
  public:
    ChannelKeys(const PartyId& self, const std::vector<const statement::Charter*>& versions);

    std::optional<PartyId> party_of(const PublicKey& shown) const;
    /// Newest first; empty for who is no other party.
    std::vector<PublicKey> keys_of(const PartyId& party) const;
    /// Whether this is a key that the charters have for this node itself.
    bool is_own(const PublicKey& key) const;

  private:
    std::map<PartyId, std::vector<PublicKey>> keys_;
    std::vector<PublicKey> own_;
};

struct Callable {
    PartyId party;
    std::string url;
};
/// The other parties that name an address, in order of the charter. The others call, or a third
/// one relays for them.
std::vector<Callable> callables(const PartyId& self, const statement::Charter& charter);

}  // namespace entente::net

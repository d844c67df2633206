// SPDX-License-Identifier: Apache-2.0
#include "net/peering.h"

#include <algorithm>

namespace entente::net {

ChannelKeys::ChannelKeys(const PartyId& self,
                         const std::vector<const statement::Charter*>& versions) {
    for (const statement::Charter* charter : versions) {
        for (const statement::CharterParty& party : charter->parties) {
            const bool stays = versions.front()->party(party.id) != nullptr;
            const auto key = PublicKey::from(party.channel);  // a party alone has none
            if (!stays || !key) continue;
            std::vector<PublicKey>& known = party.id == self ? own_ : keys_[party.id];
            if (std::find(known.begin(), known.end(), *key) == known.end()) known.push_back(*key);
        }
    }
}

std::optional<PartyId> ChannelKeys::party_of(const PublicKey& shown) const {
    for (const auto& [party, keys] : keys_) {
        if (std::find(keys.begin(), keys.end(), shown) != keys.end()) return party;
    }
    return std::nullopt;
}

std::vector<PublicKey> ChannelKeys::keys_of(const PartyId& party) const {
    const auto found = keys_.find(party);
    return found == keys_.end() ? std::vector<PublicKey>() : found->second;
}

bool ChannelKeys::is_own(const PublicKey& key) const {
    return std::find(own_.begin(), own_.end(), key) != own_.end();
}

std::vector<Callable> callables(const PartyId& self, const statement::Charter& charter) {
    std::vector<Callable> out;
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id != self && !party.address.empty()) out.push_back({party.id, party.address});
    }
    return out;
}

}  // namespace entente::net

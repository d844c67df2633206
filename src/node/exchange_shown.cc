// SPDX-License-Identifier: Apache-2.0
// What another party has of us: the bodies that were released to it, without those that it has
// said to have destroyed or put away.
#include "node/exchange_state.h"

namespace entente::node {
namespace {

void add(Slots& to, Slots slots) { to = static_cast<Slots>(to | slots); }
void take(Slots& from, Slots slots) { from = static_cast<Slots>(from & ~slots); }

}  // namespace

/// The list in its order: a body that was released again after a recall is there again.
Result<ShownTo> Exchange::shown_to(const PartyId& party) const {
    const Peer* const peer = this->peer(party);
    if (peer == nullptr) {
        std::string others;
        for (const auto& one : peers_) others += (others.empty() ? "" : ", ") + one->id.v;
        return fail(Errc::malformed, others.empty() ? "this charter has no other party"
                                                    : "no other party '" + party.v.substr(0, 40) +
                                                          "' in this charter; one of " + others);
    }
    ShownTo out;
    out.party = peer->id;
    out.given = {peer->given.size(), peer->given.root()};
    out.acknowledged = peer->acknowledged();
    std::map<Hash, Slots> gone;
    const auto walk = [&](StoredRelease&& row) -> Result<void> {
        TRY(release, seal::parse_release(row.leaf));
        add(out.bodies[release.leaf], slots_of(release.slots));
        if (const auto again = gone.find(release.leaf); again != gone.end()) {
            take(again->second, slots_of(release.slots));
        }
        const auto recall = peer->made_recalls.find(release.leaf);
        if (recall == peer->made_recalls.end()) return {};
        // Until it has answered it may show them as before; what it refused, for ever.
        for (const Hash& entry : recall->second.gone) {
            take(out.bodies[entry], recall->second.slots);
            add(gone[entry], recall->second.slots);
        }
        return {};
    };
    for (const auto& own : former_) {
        if (own->id == self_) TRYV(store_.scan_releases(own->origin, peer->id, 0, walk));
    }
    TRYV(store_.scan_releases(node_.origin(), peer->id, 0, walk));
    for (const auto& [entry, slots] : gone) {
        if (slots != 0) add(out.bodies[entry], registry::taken_back_bit);
    }
    return out;
}

}  // namespace entente::node

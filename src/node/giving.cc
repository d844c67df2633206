// SPDX-License-Identifier: Apache-2.0
#include "node/giving.h"

#include "base/sha256.h"

namespace entente::node {

Giving::Giving(Origin author, std::vector<std::unique_ptr<Peer>>& peers)
    : author_(std::move(author)), peers_(peers) {
    for (const auto& peer : peers_) before_.push_back(peer->given.size());
}

Giving::~Giving() {
    if (kept_) return;
    for (std::size_t i = 0; i < peers_.size(); ++i) peers_[i]->given.truncate(before_[i]);
}

void Giving::give(Peer& to, const Gift& gift, Slots slots) {
    slots = static_cast<Slots>(slots & gift.used);
    if (slots == 0) return;
    const Bytes leaf =
        seal::format_release({gift.entry, gift.leaf, set_of(slots), sha256(gift.label)});
    rows_.push_back({author_, to.id, to.given.size().v, leaf});
    to.given.append(tlog::leaf_hash(leaf));
}

}  // namespace entente::node

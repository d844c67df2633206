// SPDX-License-Identifier: Apache-2.0
// What one commit releases: leaves at the end of the lists of releases, which are taken away again
// unless keep() says that they are stored. Internal to exchange_say.cc.
#pragma once

#include <map>
#include <vector>

#include "node/peer.h"
#include "node/ports.h"

namespace entente::node {

class Giving {
  public:
    Giving(Origin author, std::vector<std::unique_ptr<Peer>>& peers);
    Giving(const Giving&) = delete;
    Giving& operator=(const Giving&) = delete;
    /// Takes back what was not kept.
    ~Giving();

    /// Bodies of one entry to one party; slots that it has already, or that are not used, are left
    /// out, and nothing is released where none remains.
    struct Gift {
        EntryIndex entry;
        Hash leaf;
        Slots used = 0;
        std::string label;
    };
    void give(Peer& to, const Gift& gift, Slots slots);

    bool any() const { return !rows_.empty(); }
    std::vector<StoredRelease> take_rows() { return std::move(rows_); }
    void keep() { kept_ = true; }

  private:
    Origin author_;
    std::vector<std::unique_ptr<Peer>>& peers_;
    std::vector<TreeSize> before_;  // of each peer's list
    std::vector<StoredRelease> rows_;
    bool kept_ = false;
};

}  // namespace entente::node

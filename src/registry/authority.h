// SPDX-License-Identifier: Apache-2.0
// Who may sign relaxations of one log: its party's root, and the officers that the root names in
// key entries of that log (PROTOCOL 7). Rights go by entry index, never by a claimed time, so the
// order in which the key entries arrive does not matter.
#pragma once

#include <span>
#include <vector>

#include "base/ed25519.h"
#include "base/ids.h"

namespace entente::registry {

class Authority {
  public:
    Authority() = default;
    Authority(const PublicKey& root, int officers_needed)
        : root_(root), officers_needed_(officers_needed) {}

    const PublicKey& root() const { return root_; }
    /// The key is an officer's, or no officer's any more, from entry index `from` on; the log says
    /// so at index `said`. A revocation undoes what was given before it was said.
    void enrol(const PublicKey& key, EntryIndex from, EntryIndex said) {
        grants_.push_back({key, from, said, true});
    }
    void revoke(const PublicKey& key, EntryIndex from, EntryIndex said) {
        grants_.push_back({key, from, said, false});
    }

    bool root_approves(std::span<const PublicKey> approved_by) const;
    /// Whether enough officers are among the keys that approve the entry with this index.
    bool officers_approve(EntryIndex index, std::span<const PublicKey> approved_by) const;

  private:
    struct Grant {
        PublicKey key;
        EntryIndex from;
        EntryIndex said;
        bool given;
    };
    bool is_officer(const PublicKey& key, EntryIndex index) const;

    PublicKey root_;  // a weak one was refused when it was read, and approves nothing
    int officers_needed_ = 1;
    std::vector<Grant> grants_;
};

}  // namespace entente::registry

// SPDX-License-Identifier: Apache-2.0
// What was cosigned, in memory: the same promises as the files' but for durability. For tests and
// simulation. Not thread-safe.
#pragma once

#include <map>

#include "node/cosign_state.h"

namespace entente::store {

class MemoryCosignState : public node::CosignState {
  public:
    Result<std::optional<node::SignedHead>> last(const Origin& origin,
                                                 node::CosignRole role) override;
    Result<void> replace(const Origin& origin, node::CosignRole role,
                         const std::optional<node::SignedHead>& last,
                         const node::SignedHead& next) override;

  private:
    std::map<std::pair<Origin, node::CosignRole>, node::SignedHead> heads_;
};

}  // namespace entente::store

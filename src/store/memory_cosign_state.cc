// SPDX-License-Identifier: Apache-2.0
#include "store/memory_cosign_state.h"

#include "store/commit.h"

namespace entente::store {

Result<std::optional<node::SignedHead>> MemoryCosignState::last(const Origin& origin,
                                                                node::CosignRole role) {
    const auto found = heads_.find({origin, role});
    if (found == heads_.end()) return std::optional<node::SignedHead>();
    return std::optional(found->second);
}

Result<void> MemoryCosignState::replace(const Origin& origin, node::CosignRole role,
                                        const std::optional<node::SignedHead>& last,
                                        const node::SignedHead& next) {
    const auto found = heads_.find({origin, role});
    const auto held = found == heads_.end() ? std::nullopt : std::optional(found->second);
    TRYV(check_cosigned(origin, held, last, next));
    heads_.insert_or_assign({origin, role}, next);
    return {};
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// The port to what was cosigned of others' logs: apart from the store and in no backup, as the
// signer's memory is (PROTOCOL 26), because a cosignature that was forgotten could be contradicted.
//
//     TRY(last, state.last(origin, CosignRole::mirror));
//     TRYV(state.replace(origin, CosignRole::mirror, last, next));   // durable: now it may be
//     signed
#pragma once

#include "node/ports.h"

namespace entente::node {

enum class CosignRole : std::uint8_t { witness, mirror };

class CosignState {
  public:
    virtual ~CosignState() = default;
    /// The head of this log that was cosigned last in this role; nothing before the first.
    virtual Result<std::optional<SignedHead>> last(const Origin& origin, CosignRole role) = 0;
    /// Durable when it returns. Errc::stale if `last` is not what is remembered, Errc::refused if
    /// `next` is smaller than it, or of its size with another root.
    virtual Result<void> replace(const Origin& origin, CosignRole role,
                                 const std::optional<SignedHead>& last, const SignedHead& next) = 0;
};

}  // namespace entente::node

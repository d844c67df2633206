// SPDX-License-Identifier: Apache-2.0
#include "store/memory_signer.h"

#include <utility>

#include "store/commit.h"

namespace entente::store {

Result<Bytes> MemorySigner::propose(const node::SignedHead& next, BytesView text) {
    TRYV(check_text(key_.verifier().name, next, text));
    TRYV(check_proposal(state_, next));
    state_.next = next;
    return key_.sign(text);
}

Result<void> MemorySigner::settle() {
    if (!state_.next) return nothing_proposed();
    state_.last = std::exchange(state_.next, std::nullopt);
    return {};
}

Result<void> MemorySigner::drop() {
    state_.next.reset();
    return {};
}

}  // namespace entente::store

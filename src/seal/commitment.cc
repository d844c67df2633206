// SPDX-License-Identifier: Apache-2.0
#include "seal/commitment.h"

#include "base/sha256.h"

namespace entente::seal {

Hash commitment(const Hash& salt, BytesView body) {
    return sha256({"entente/commit/v1\n", salt.view(), body});
}

}  // namespace entente::seal

// SPDX-License-Identifier: Apache-2.0
#include "seal/mark.h"

#include <sodium.h>

namespace entente::seal {

static_assert(mark_bytes >= crypto_generichash_BYTES_MIN);

Bytes Marker::mark(BytesView verified) const {
    Bytes out(mark_bytes, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                       reinterpret_cast<const unsigned char*>(verified.data()), verified.size(),
                       key_.bytes.data(), key_.bytes.size());
    return out;
}

bool Marker::is_mark(BytesView verified, BytesView mark) const {
    if (mark.size() != mark_bytes) return false;
    return sodium_memcmp(this->mark(verified).data(), mark.data(), mark_bytes) == 0;
}

}  // namespace entente::seal

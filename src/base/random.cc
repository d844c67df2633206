// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <sodium.h>

#include "base/assert.h"

namespace entente {

Random os_random() {
    ASSERT(sodium_init() >= 0);
    return [](std::uint8_t* out, std::size_t size) { randombytes_buf(out, size); };
}

Random Rng::bytes() {
    return [this](std::uint8_t* out, std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(next() >> 56);
    };
}

}  // namespace entente

// SPDX-License-Identifier: Apache-2.0
// Urgent statements out of a stranger's bytes. Anybody can seal to a recipient, so that all of what
// stands behind the box is reached: the input is also taken as what a stranger put into one.
#include <algorithm>
#include <cstdlib>

#include "base/sha256.h"
#include "seal/urgent.h"

namespace entente::seal {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

/// What opens is of one piece: sealing it again gives a box that opens to the same.
void opens_to_the_same(BytesView box, const SealingSecret& own) {
    static const SecretKey duty =
        SecretKey::from_seed(Secret::from(sha256("a duty key").view()).value());
    static const Random sevens = [](std::uint8_t* out, std::size_t size) {
        std::fill_n(out, size, 7);
    };
    const auto opened = open_urgent(box, own);
    if (!opened) return;
    const auto again =
        open_urgent(seal_urgent(opened->urgent, duty, own.public_key(), sevens), own);
    require(again && again->urgent == opened->urgent && again->signed_hash == opened->signed_hash);
    require(verify_urgent(duty.public_key(), *again).has_value());
}

}  // namespace
}  // namespace entente::seal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entente;  // NOLINT(google-build-using-namespace): one function
    static const SealingSecret own =
        SealingSecret::from(Secret::from(sha256("a recipient").view()).value());
    static const Random sevens = [](std::uint8_t* out, std::size_t count) {
        std::fill_n(out, count, 7);
    };
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    seal::opens_to_the_same(bytes, own);
    seal::opens_to_the_same(seal_to(own.public_key(), bytes, sevens), own);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Rows of a vault out of a stranger's bytes, the vault key being fixed. No stranger makes a row
// that opens, so what stands behind the tags is reached with rows of the vault's own, of which a
// stranger has exchanged a part: whatever opens is what was sealed.
//
// Input: u8 which slots are sealed | u8 which of them are purged | u16 big-endian length of what is
// taken as wrapped keys | wrapped keys | ciphertexts.
#include <algorithm>
#include <cstdlib>

#include "base/limits.h"
#include "base/sha256.h"
#include "seal/vault.h"

namespace entente::seal {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

const Hash leaf{};

const Vault& vault() {
    static const Vault out(Secret::from(Bytes(32, 'k')).value());
    return out;
}

/// An answer for any bytes; what opens (a row in the corpus does) is of one piece.
void strange_row(BytesView keys, BytesView ciphertexts, const Random& random) {
    const auto states = vault().states(leaf, keys);
    const auto opened = vault().open(leaf, keys, ciphertexts);
    if (!states) {
        require(states.error().code == Errc::malformed ||
                states.error().code == Errc::bad_signature);
        require(!opened && opened.error() == states.error());
    }
    if (!opened) {
        require(opened.error().code == Errc::malformed ||
                opened.error().code == Errc::bad_signature);
        return;
    }
    require(opened->states == *states);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        require(opened->bodies[slot].has_value() == (opened->states[slot] == SlotState::sealed));
    }
    const Sealed again = vault().seal(leaf, opened->bodies, random);
    require(vault().open(leaf, again.wrapped_keys, again.ciphertexts).value().bodies ==
            opened->bodies);
}

Bodies bodies_of(unsigned sealed, BytesView text) {
    Bodies out;
    text = text.substr(0, limits::body_bytes_max);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if ((sealed >> slot & 1) == 0) continue;
        out[slot] = SaltedBody{sha256(text), Bytes(text)};
        text = text.substr(text.size() / 2);
    }
    return out;
}

/// Keys of the vault's own with a stranger's ciphertexts, the other way round, and one bit changed.
void own_row(unsigned sealed, unsigned purged, std::size_t at, BytesView keys,
             BytesView ciphertexts, const Random& random) {
    Bodies bodies = bodies_of(sealed, ciphertexts);
    Sealed row = vault().seal(leaf, bodies, random);
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if ((purged >> slot & 1) == 0) continue;
        auto without = vault().purge(leaf, row.wrapped_keys, slot, random);
        require(without.has_value() == bodies[slot].has_value());
        if (!without) continue;
        row.wrapped_keys = *without;
        bodies[slot].reset();
    }
    require(vault().open(leaf, row.wrapped_keys, row.ciphertexts).value().bodies == bodies);
    if (const auto opened = vault().open(leaf, row.wrapped_keys, ciphertexts)) {
        require(opened->bodies == bodies);
    }
    // These keys are of this input alone, so that another row's never fit its ciphertexts; where
    // nothing is sealed there is nothing that could be wrong.
    if (const auto opened = vault().open(leaf, keys, row.ciphertexts)) {
        for (const auto& body : opened->bodies) require(!body);
    }
    const std::size_t bit = at % (row.wrapped_keys.size() * 8);
    char& changed = row.wrapped_keys[bit / 8];
    changed = static_cast<char>(changed ^ (1 << bit % 8));
    require(!vault().open(leaf, row.wrapped_keys, row.ciphertexts));
}

void try_all(BytesView all) {
    if (all.size() < 4) return;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(all[i]); };
    const auto at = static_cast<std::size_t>(byte(2) << 8 | byte(3));
    const std::size_t cut = std::min(at, all.size() - 4);
    const BytesView keys = all.substr(4, cut), ciphertexts = all.substr(4 + cut);
    std::uint64_t seed = 0;
    const Hash hash = sha256(all);
    for (std::size_t i = 0; i < 8; ++i) seed = seed << 8 | hash.bytes[i];
    Rng rng(seed);
    const Random random = rng.bytes();
    strange_row(keys, ciphertexts, random);
    own_row(byte(0), byte(1), at, keys, ciphertexts, random);
}

}  // namespace
}  // namespace entente::seal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::seal::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

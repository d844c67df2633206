// SPDX-License-Identifier: Apache-2.0
// Parcels out of a stranger's bytes, both keys being fixed. A stranger can seal to a recipient, so
// that all of what stands behind the box is reached: the input is also taken as what a stranger put
// into a parcel of his own, and as a change of a good one.
//
// Input: any bytes as a parcel | u16 big-endian place, then what is written over a good parcel
// there.
#include <algorithm>
#include <cstdlib>

#include "base/sha256.h"
#include "seal/parcel.h"

namespace entente::seal {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

const SealingSecret& recipient() {
    // The recipient of testdata/vectors/exchange.json, whose parcel lies in the corpus.
    static const SealingSecret out =
        SealingSecret::from(Secret::from(sha256("sealing key of b").view()).value());
    return out;
}

const Random sevens = [](std::uint8_t* out, std::size_t size) { std::fill_n(out, size, 7); };

/// What opens is of one piece: sealing it again gives a parcel that opens to the same.
void opens_to_the_same(BytesView bytes) {
    const auto parcel = open_parcel(bytes, recipient());
    if (!parcel) return;
    require(parcel_context(bytes).value() == parcel->context);
    const ParcelContext& context = parcel->context;
    require(parcel->releases.size() == context.size.v - context.first);
    ParcelWriter writer(context.author, context.recipient, context.first, sevens);
    for (const Delivered& delivered : parcel->releases) {
        require(format_release(delivered.release) == delivered.leaf);
        for (std::size_t slot = 0; slot < slot_count; ++slot) {  // what was recalled is left out
            require(!delivered.carried.slots[slot] || delivered.release.slots[slot]);
        }
        require(delivered.carried.slots[0]);
        static_cast<void>(open_carried(delivered.release.leaf, delivered.carried));
        require(writer.add(delivered.leaf, delivered.carried));
    }
    const Bytes again = std::move(writer).seal(context.root, recipient().public_key(), sevens);
    const auto same = open_parcel(again, recipient());
    require(same && same->context == context && same->releases.size() == parcel->releases.size());
    for (std::size_t i = 0; i < same->releases.size(); ++i) {
        require(same->releases[i].leaf == parcel->releases[i].leaf);
        require(same->releases[i].carried.ciphertexts == parcel->releases[i].carried.ciphertexts);
    }
}

const Bytes& good() {
    static const Bytes out = [] {
        const Hash leaf = sha256("leaf");
        const Vault vault(Secret::from(Bytes(32, 'v')).value());
        const Sealed row = vault.seal(
            leaf, {SaltedBody{leaf, "head"}, std::nullopt, SaltedBody{leaf, "exact"}}, sevens);
        ParcelWriter writer(Origin{"x/fr"}, PartyId{"ru"}, 3, sevens);
        for (const SlotSet& slots : {tier_exact, tier_none}) {
            const Carried carried =
                vault.take_out(leaf, row.wrapped_keys, row.ciphertexts, slots).value();
            writer.add(format_release({EntryIndex{5}, leaf, slots, leaf}), carried);
        }
        return std::move(writer).seal(leaf, recipient().public_key(), sevens);
    }();
    return out;
}

void try_all(BytesView input) {
    opens_to_the_same(input);
    if (input.size() < 2) return;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
    Bytes changed = good();
    const std::size_t at = (static_cast<std::size_t>(byte(0)) << 8 | byte(1)) % changed.size();
    const BytesView over = input.substr(2, changed.size() - at);
    changed.replace(at, over.size(), over);
    opens_to_the_same(changed);
}

}  // namespace
}  // namespace entente::seal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::seal::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

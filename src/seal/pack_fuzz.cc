// SPDX-License-Identifier: Apache-2.0
// Packs out of a stranger's bytes, the keys being fixed. So that what stands behind the signature
// is reached, the input is also signed with the maker's key, and written over a good pack that is
// then signed again: what a maker who lies could make.
//
// Input: any bytes as a pack, and as one before its signature | u16 big-endian place, then what is
// written over a good pack there.
#include <algorithm>
#include <cstdlib>

#include "base/sha256.h"
#include "seal/pack.h"

namespace entente::seal {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

const SealingSecret& recipient() {
    static const SealingSecret out = SealingSecret::from(Secret::from(Bytes(32, 's')).value());
    return out;
}
const SecretKey& maker() {
    static const SecretKey out = SecretKey::from_seed(Secret::from(Bytes(32, 'm')).value());
    return out;
}
const Random sevens = [](std::uint8_t* out, std::size_t size) { std::fill_n(out, size, 7); };

Bytes resigned(BytesView unsigned_pack) {
    Bytes message = "entente/v1/pack\n";
    message += sha256(unsigned_pack).view();
    return Bytes(unsigned_pack) + maker().sign(message);
}

/// What opens is of one piece: packing it again gives a pack that opens to the same.
void opens_to_the_same(BytesView bytes) {
    const auto answers = open_pack(bytes, {{maker().public_key()}}, recipient());
    if (!answers) return;
    PackWriter writer(pack_header(bytes).value(), recipient().public_key(), sevens);
    for (const auto& [path, answer] : *answers) require(writer.add(path, answer));
    const Bytes again = std::move(writer).sign(maker());
    require(open_pack(again, {{maker().public_key()}}, recipient()).value() == *answers);
}

const Bytes& good() {
    static const Bytes out = [] {
        PackWriter writer({"c-x", PartyId{"fr"}, PartyId{"ru"}, instant(1), 1},
                          recipient().public_key(), sevens);
        writer.add("/peer/v1/heads", "entente/heads/v1\n");
        writer.add("/peer/v1/releases?after=0", "");
        return std::move(writer).sign(maker());
    }();
    return out;
}

void try_all(BytesView input) {
    opens_to_the_same(input);
    opens_to_the_same(resigned(input));
    if (input.size() < 2) return;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
    Bytes changed = good();
    const std::size_t at = (static_cast<std::size_t>(byte(0)) << 8 | byte(1)) % changed.size();
    const BytesView over = input.substr(2, changed.size() - at);
    changed.replace(at, over.size(), over);
    opens_to_the_same(changed);
    opens_to_the_same(resigned(BytesView(changed).substr(0, changed.size() - 64)));
}

}  // namespace
}  // namespace entente::seal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::seal::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

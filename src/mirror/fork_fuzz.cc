// SPDX-License-Identifier: Apache-2.0
// Fork proofs out of a stranger's bytes: what parses formats to the same bytes, and convicts only
// with two heads that this log's key has signed. The corpus has real ones.
#include <cstdlib>

#include "mirror/world.h"

namespace entente::mirror {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView bytes) {
    static const test::World world(0);
    const auto proof = parse_fork(bytes);
    if (!proof) return;
    require(format_fork(*proof) == bytes);
    const auto verified = verify_fork(*proof, world.log());
    if (!verified) return;
    require(proof->origin().v == world.log().name);
    require(proof->older.text != proof->newer.text);
    const auto older = open_head(tlog::format_note(proof->older), world.log());
    const auto newer = open_head(tlog::format_note(proof->newer), world.log());
    require(older && newer);
    // Whoever makes it again from its parts gets the same proof.
    const auto again = make_fork(*newer, *older, proof->path, world.log());
    require(again && *again == *proof);
}

}  // namespace
}  // namespace entente::mirror

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::mirror::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Rows of the outbox, and how much was told, out of any bytes: a disk may lie. What is read is
// written again to the same bytes, and a row is never both a notice and a dead letter.
//
// Input: any bytes as each of the three.
#include <cstdlib>

#include "node/noticing.h"

namespace entente::node {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView input) {
    const auto notice = decode_notice(input);
    if (notice) require(is_notice_id(notice->id) && encode_notice(*notice) == input);
    const auto dead = decode_dead(input);
    if (dead) require(!notice && encode_dead(*dead) == input);
    if (const auto told = decode_told(input)) require(encode_told(*told) == input);
}

}  // namespace
}  // namespace entente::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::node::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

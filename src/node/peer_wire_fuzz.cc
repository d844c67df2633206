// SPDX-License-Identifier: Apache-2.0
// The frames by which nodes answer each other, out of a stranger's bytes. Each has one spelling:
// what is read and written again is the same bytes.
//
// Input: any bytes as heads, as releases, as what was received and as a list of deposits.
#include <cstdlib>

#include "node/deposit.h"
#include "node/peer_wire.h"

namespace entente::node {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView input) {
    if (const auto heads = parse_heads(input)) {
        require(heads->notes.size() <= heads_max && is_mark(heads->mark));
        require(format_heads({heads->notes.begin(), heads->notes.end()}, heads->mark) == input);
    }
    if (const auto releases = parse_releases(input)) {
        require(format_releases(*releases) == input);
    }
    if (const auto received = parse_received(input)) {
        for (const Bytes& leaf : received->leaves) {
            require(leaf.size() <= limits::release_leaf_bytes_max);
        }
        require(format_received(*received) == input);
    }
    if (const auto deposits = parse_deposits(input)) {
        require(format_deposits(*deposits) == input);
    }
}

}  // namespace
}  // namespace entente::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::node::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// What lies in a field pack, out of a stranger's bytes: what it is for and rests on, and its
// entries. What is read, written and read again is the same.
//
// Input: any bytes as either.
#include <cstdlib>

#include "node/field_wire.h"

namespace entente::node {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

Bytes written(const std::vector<FieldEntry>& entries) {
    Bytes out;
    for (const FieldEntry& entry : entries) append_field_entry(out, entry);
    return out;
}

void try_all(BytesView input) {
    if (const auto about = decode_field_about(input)) {
        require(!about->logs.empty() && about->given.window.start < about->given.window.end);
        const Bytes again = encode_field_about(*about);
        const auto same = decode_field_about(again);
        require(same && encode_field_about(*same) == again);
    }
    if (const auto entries = parse_field_entries(input)) {
        const Bytes again = written(*entries);
        const auto same = parse_field_entries(again);
        require(same && same->size() == entries->size() && written(*same) == again);
        require(again.size() == input.size());  // bodies may stand in another order
    }
}

}  // namespace
}  // namespace entente::node

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::node::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

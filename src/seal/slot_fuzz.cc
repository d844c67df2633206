// SPDX-License-Identifier: Apache-2.0
// Slot contents and release leaves out of a stranger's bytes: what is read is written again as it
// stood.
#include <cstdlib>

#include "base/limits.h"
#include "seal/release.h"
#include "seal/slot.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entente::seal;  // NOLINT(google-build-using-namespace): one function
    const entente::BytesView bytes(reinterpret_cast<const char*>(data), size);
    if (const auto content = parse_slot(bytes); content && format_slot(*content) != bytes) {
        std::abort();
    }
    if (const auto release = parse_release(bytes); release && format_release(*release) != bytes) {
        std::abort();
    }
    const entente::Hash salt{};
    const auto opened = open_slot(slot_hash(salt, bytes), {salt, entente::Bytes(bytes)});
    const bool small = size <= entente::limits::slot_content_bytes_max;
    if (opened.has_value() != (small && parse_slot(bytes).has_value())) std::abort();
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// Checkpoints, tile paths and bundles: what parses must format to the same bytes.
#include <cstdlib>

#include "tlog/checkpoint.h"
#include "tlog/tile.h"

namespace entente::tlog {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView bytes) {
    if (const auto head = parse_checkpoint(bytes)) {
        require(format_checkpoint(*head) == bytes);
        require(parse_checkpoint(format_checkpoint(*head)) == head);
    }
    if (const auto tile = Tile::parse(bytes)) require(tile->path() == bytes);
    if (bytes.empty()) return;
    const auto width = static_cast<unsigned char>(bytes[0]);
    if (const auto entries = parse_bundle(bytes.substr(1), width)) {
        Bytes again;
        for (BytesView entry : *entries) {
            require(append_to_bundle(again, entry).has_value());
        }
        require(again == bytes.substr(1));
    }
}

}  // namespace
}  // namespace entente::tlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::tlog::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

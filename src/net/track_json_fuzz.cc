// SPDX-License-Identifier: Apache-2.0
// A line of any bytes ends in a position whose place and height are within their bounds, or in a
// reason. What was read is taken or refused by a Live, with a reason as well.
//
// Input: any bytes as a line.
#include <cstdlib>

#include "base/limits.h"
#include "net/track_json.h"

namespace entente::net {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView line) {
    const auto position = read_position(line);
    if (!position) return require(!position.error().detail.empty());
    require(std::abs(position->fix.at.lat_e7) <= 900'000'000);
    require(std::abs(position->fix.at.lng_e7) <= 1'800'000'000);
    require(std::abs(position->fix.height.value_or(0)) <= limits::altitude_dm_max);
    const index::Index none;
    const watch::Protections protections{none, [](auto, const auto&) { return true; },
                                         [](index::Slot) { return std::string(); }};
    watch::Live live;
    const watch::Taken taken =
        live.take(std::span(&*position, 1), instant(1'800'000'000'000), protections);
    require(taken.accepted + taken.refused.size() == 1);
    for (const watch::Refusal& one : taken.refused) require(!one.error.detail.empty());
}

}  // namespace
}  // namespace entente::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::net::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

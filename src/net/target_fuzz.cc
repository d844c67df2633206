// SPDX-License-Identifier: Apache-2.0
// The target of a stranger's request. What is understood is understood the same when it is written
// again with everything percent-encoded.
//
// Input: any bytes as a target.
#include <cstdlib>

#include "net/target.h"

namespace entente::net {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

std::string written(const Target& target) {
    std::string out;
    for (const std::string& segment : target.path) out += "/" + percent_encode(segment);
    if (out.empty()) out = "/";
    char before = '?';
    for (const auto& [key, value] : target.query) {
        out += before + percent_encode(key) + "=" + percent_encode(value);
        before = '&';
    }
    return out;
}

void try_all(std::string_view input) {
    const auto target = parse_target(input);
    if (!target) return;
    for (const auto& [key, value] : target->query) {
        require(target->has(key) && !target->values(key).empty());
        require(target->only({}, {key}).has_value() || target->query.size() > 1);
    }
    const std::string again = written(*target);
    if (again.size() > target_bytes_max) return;
    const auto same = parse_target(again);
    require(same && same->path == target->path && same->query == target->query);
}

}  // namespace
}  // namespace entente::net

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::net::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

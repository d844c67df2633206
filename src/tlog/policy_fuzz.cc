// SPDX-License-Identifier: Apache-2.0
// Policies out of a stranger's bytes: what parses is the same policy when it is written and read
// again, and with every witness's word it is satisfied.
#include <cstdlib>

#include "tlog/policy.h"

namespace entente::tlog {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

void try_all(BytesView bytes) {
    const auto policy = parse_policy(bytes);
    if (!policy) return;
    const auto again = parse_policy(format_policy(*policy));
    require(again && *again == *policy);
    std::map<std::string, Instant> all;
    for (const Policy::Witness& witness : policy->witnesses) {
        all[witness.name] = instant(static_cast<std::int64_t>(all.size()) * 1000);
    }
    require(policy->enough_at(all).has_value() != policy->asks_for_nobody());
    require(!policy->enough_at({}));
}

}  // namespace
}  // namespace entente::tlog

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    entente::tlog::try_all({reinterpret_cast<const char*>(data), size});
    return 0;
}

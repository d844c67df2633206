// SPDX-License-Identifier: Apache-2.0
#include "view/flags.h"

#include "base/assert.h"

namespace entente::view {

const char* name(Flag flag) {
    switch (flag) {
        case Flag::unconfirmed: return "unconfirmed";
        case Flag::contested: return "contested";
        case Flag::author_left: return "author_left";
        case Flag::absent: return "absent";
        case Flag::over_budget: return "over_budget";
        case Flag::newer_withheld: return "newer_withheld";
        case Flag::tag_reused: return "tag_reused";
        case Flag::coarse: return "coarse";
        case Flag::pending_relaxation: return "pending_relaxation";
        case Flag::not_understood: return "not_understood";
    }
    ASSERT(false);
}

std::vector<Flag> Flags::list() const {
    std::vector<Flag> out;
    for (std::size_t i = 0; i < flag_count; ++i) {
        if (const auto flag = static_cast<Flag>(i); has(flag)) out.push_back(flag);
    }
    return out;
}

}  // namespace entente::view

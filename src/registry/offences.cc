// SPDX-License-Identifier: Apache-2.0
#include "registry/offences.h"

#include "base/assert.h"

namespace entente::registry {
namespace {

const char* sentence(Wrong wrong) {
    switch (wrong) {
        case Wrong::malformed_entry: return "is neither a sealed nor an open entry";
        case Wrong::void_body: return "has a body that is void: it does not belong to its entry";
        case Wrong::tag_reused:
            return "bears the tag of another entry: two versions with one number";
        case Wrong::coarse_does_not_cover:
            return "has a coarse area that does not cover the exact place";
        case Wrong::coarse_not_opened: return "opens another coarse body than it commits to";
    }
    ASSERT(false);
}

}  // namespace

const char* name(Wrong wrong) {
    switch (wrong) {
        case Wrong::malformed_entry: return "malformed_entry";
        case Wrong::void_body: return "void_body";
        case Wrong::tag_reused: return "tag_reused";
        case Wrong::coarse_does_not_cover: return "coarse_does_not_cover";
        case Wrong::coarse_not_opened: return "coarse_not_opened";
    }
    ASSERT(false);
}

bool OffenceBook::add(EntryIndex index, Wrong wrong) {
    const auto bit = static_cast<std::uint8_t>(1u << static_cast<unsigned>(wrong));
    std::uint8_t& known = wrongs_[index];
    if ((known & bit) != 0) return false;
    known = static_cast<std::uint8_t>(known | bit);
    ++total_;
    return true;
}

Offences OffenceBook::list() const {
    Offences out;
    out.total = total_;
    for (const auto& [index, bits] : wrongs_) {
        for (std::size_t i = 0; i < wrong_count; ++i) {
            if ((bits >> i & 1) == 0) continue;
            if (out.first.size() == offences_listed_max) return out;
            const auto wrong = static_cast<Wrong>(i);
            out.first.push_back(
                {index, wrong, "entry " + std::to_string(index.v) + " " + sentence(wrong)});
        }
    }
    return out;
}

}  // namespace entente::registry

// SPDX-License-Identifier: Apache-2.0
#include "watch/boundaries.h"

namespace entente::watch {

Boundaries::Boundaries(const std::vector<Boundary>& boundaries,
                       const std::vector<std::uint32_t>& numbers) {
    std::vector<index::Item> items;
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
        for (const geo::Volume4D& volume : boundaries[i].volumes) {
            // What a zone's own test leans by (leg.h), so that the index leaves out none of it.
            constexpr Metres leaning{1};
            items.push_back({static_cast<index::Slot>(parts_.size()), volume, leaning});
            parts_.push_back({numbers[i], Zone(volume)});
        }
    }
    index_ = index::Index::build(std::move(items));
}

}  // namespace entente::watch

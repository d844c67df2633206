// SPDX-License-Identifier: Apache-2.0
// The order in which lists of records go on from page to page, whatever is said meanwhile.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "net/target.h"
#include "view/view.h"

namespace entente::net {

/// How much of a list is asked for.
struct Paging {
    std::uint64_t limit = 100;
    std::optional<std::uint64_t> after;  // place_of() the last one that was shown
};

/// `limit` (1 to 1000, page_limit_max) and `cursor`.
Result<Paging> paging_of(const Target& target);

/// Where a record stands in the order of lists: of one log's by its first entry; of several by as
/// much of its id as a cursor holds.
std::uint64_t place_of(const view::View& view, view::Slot slot);

/// All records after the cursor, in the order of lists.
std::vector<view::Slot> in_order(const view::View& view, const std::optional<std::uint64_t>& after);

/// What one page shows, and how it goes on.
struct Shown {
    std::vector<view::Slot> slots;
    bool more = false;
    std::uint64_t total = 0;  // counted on the first page only
};

/// A page of those for which `passes(seen)`.
template <class Passes>
Shown select(const view::View& view, const Paging& paging, Passes passes) {
    Shown shown;
    for (const view::Slot slot : in_order(view, paging.after)) {
        if (!passes(view.at(slot))) continue;
        ++shown.total;
        // What shares its place with the last one stands on its page, or no page would have it.
        if (shown.slots.size() < paging.limit ||
            (view.several_logs() && place_of(view, slot) == place_of(view, shown.slots.back()))) {
            shown.slots.push_back(slot);
        } else {
            shown.more = true;
            if (paging.after) break;
        }
    }
    return shown;
}

}  // namespace entente::net

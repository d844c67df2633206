// SPDX-License-Identifier: Apache-2.0
#include "net/paging.h"

#include <algorithm>
#include <charconv>

namespace entente::net {
namespace {

constexpr std::uint64_t limit_max = 1000;  // page_limit_max

Result<std::uint64_t> number(const char* what, const std::string& text, std::uint64_t low,
                             std::uint64_t high) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < low || value > high) {
        return fail(Errc::malformed, std::string(what) + ": a whole number from " +
                                         std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
}

/// The first record after the cursor, where slots stand in the order of lists.
view::Slot begin_of(const view::View& view, const std::optional<std::uint64_t>& after) {
    if (!after) return 0;
    view::Slot low = 0;
    auto high = static_cast<view::Slot>(view.size());
    while (low < high) {
        const view::Slot middle = low + (high - low) / 2;
        if (place_of(view, middle) <= *after) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

}  // namespace

Result<Paging> paging_of(const Target& target) {
    Paging out;
    if (target.has("limit")) {
        TRY(limit, number("limit", target.value("limit"), 1, limit_max));
        out.limit = limit;
    }
    if (target.has("cursor")) {
        TRY(after, number("cursor", target.value("cursor"), 0, std::uint64_t{1} << 53));
        out.after = after;
    }
    return out;
}

std::uint64_t place_of(const view::View& view, view::Slot slot) {
    const view::Seen seen = view.at(slot);
    if (!view.several_logs()) return seen.first_entry().v;
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < 7; ++i) out = out << 8 | seen.id().bytes[i];
    return out >> 3;  // 53 bits
}

std::vector<view::Slot> in_order(const view::View& view,
                                 const std::optional<std::uint64_t>& after) {
    std::vector<view::Slot> out;
    if (!view.several_logs()) {
        for (view::Slot slot = begin_of(view, after); slot < view.size(); ++slot) {
            out.push_back(slot);
        }
        return out;
    }
    std::vector<std::pair<std::uint64_t, view::Slot>> all;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const std::uint64_t place = place_of(view, slot);
        if (!after || place > *after) all.emplace_back(place, slot);
    }
    std::sort(all.begin(), all.end());
    for (const auto& [place, slot] : all) out.push_back(slot);
    return out;
}

}  // namespace entente::net

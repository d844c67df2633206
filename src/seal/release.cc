// SPDX-License-Identifier: Apache-2.0
#include "seal/release.h"

#include "base/assert.h"
#include "base/encode.h"
#include "base/limits.h"
#include "seal/text.h"

namespace entente::seal {
namespace {

constexpr std::string_view title = "entente/release/v1\n";

/// As in `1,2`: numbers from 1, ascending.
std::string format_slots(const SlotSet& slots) {
    std::string out;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        if (!slots[slot]) continue;
        if (!out.empty()) out += ',';
        out += static_cast<char>('1' + slot);
    }
    return out;
}

}  // namespace

Bytes format_release(const Release& release) {
    ASSERT(release.slots[0]);
    Bytes out(title);
    out += std::to_string(release.entry.v) + " " + to_base64(release.leaf.view()) + " " +
           format_slots(release.slots) + " " + to_base64(release.label.view()) + "\n";
    return out;
}

Result<Release> parse_release(BytesView leaf) {
    if (leaf.size() > limits::release_leaf_bytes_max) {
        return fail(Errc::too_large, "a release has " + std::to_string(leaf.size()) +
                                         " bytes, release_leaf_bytes_max is " +
                                         std::to_string(limits::release_leaf_bytes_max));
    }
    if (!leaf.starts_with(title)) {
        return fail(Errc::malformed, "a release begins with entente/release/v1");
    }
    BytesView rest = leaf.substr(title.size());
    Release out;
    TRY(entry, parse_number(take(rest, ' ')));
    TRY(hash, hash_from_base64(take(rest, ' ')));
    const std::string_view slots = take(rest, ' ');
    TRY(label, hash_from_base64(take(rest, '\n')));
    out.entry.v = entry;
    out.leaf = hash;
    out.label = label;
    for (std::size_t slot = 0; slot < slot_count; ++slot) {
        out.slots[slot] = slots.find(static_cast<char>('1' + slot)) != std::string_view::npos;
    }
    // The head is always among them; anything else in the line shows when it is written again.
    if (!out.slots[0] || format_release(out) != leaf) {
        return fail(Errc::not_canonical, "a release is not in its one form");
    }
    return out;
}

}  // namespace entente::seal

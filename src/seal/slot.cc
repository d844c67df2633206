// SPDX-License-Identifier: Apache-2.0
#include "seal/slot.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "seal/text.h"

namespace entente::seal {
namespace {

constexpr std::size_t rung_bytes_max = 32;

std::string format_list(const ListHead& list) {
    return std::to_string(list.size.v) + " " + to_base64(list.root.view());
}

Result<ListHead> parse_list(std::string_view size, std::string_view root) {
    ListHead out;
    TRY(number, parse_number(size));
    TRY(hash, hash_from_base64(root));
    out = {TreeSize{number}, hash};
    if ((out.size.v == 0) != (out.root == ListHead::empty().root)) {
        return fail(Errc::malformed, "a list of " + std::to_string(out.size.v) +
                                         " releases cannot have the root " + std::string(root));
    }
    return out;
}

bool is_rung(std::string_view text) {
    return !text.empty() && text.size() <= rung_bytes_max &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

ListHead ListHead::empty() { return {TreeSize{0}, sha256("")}; }

Bytes format_slot(const SlotContent& content) {
    return format_list(content.released) + "\n" + format_list(content.acknowledged) + " " +
           content.rung + "\n";
}

Result<SlotContent> parse_slot(BytesView text) {
    if (text.size() > limits::slot_content_bytes_max) {
        return fail(Errc::too_large, "a slot's content has " + std::to_string(text.size()) +
                                         " bytes, slot_content_bytes_max is " +
                                         std::to_string(limits::slot_content_bytes_max));
    }
    SlotContent out;
    BytesView rest = text;
    const std::string_view released = take(rest, ' ');
    TRY(first, parse_list(released, take(rest, '\n')));
    const std::string_view acknowledged = take(rest, ' ');
    TRY(second, parse_list(acknowledged, take(rest, ' ')));
    out = {first, second, std::string(take(rest, '\n'))};
    if (!is_rung(out.rung)) {
        return fail(Errc::malformed, "'" + out.rung.substr(0, 40) + "' is not a rung");
    }
    if (format_slot(out) != text) {
        return fail(Errc::not_canonical, "a slot's content is not in its one form");
    }
    return out;
}

Hash slot_salt(const Secret& shared, const Origin& author, EntryIndex beat) {
    char index[8];
    for (int i = 0; i < 8; ++i) index[i] = static_cast<char>(beat.v >> (56 - 8 * i) & 255);
    return sha256({"entente/slot-salt/v1\n", shared.view(), author.v, BytesView(index, 8)});
}

Hash slot_hash(const Hash& salt, BytesView content) {
    return sha256({"entente/slot/v1\n", salt.view(), content});
}

Result<SlotContent> open_slot(const Hash& slot, const SlotOpening& opening) {
    if (opening.content.size() > limits::slot_content_bytes_max ||
        slot_hash(opening.salt, opening.content) != slot) {
        return fail(Errc::bad_proof, "the opening is not that of this slot");
    }
    return parse_slot(opening.content);
}

}  // namespace entente::seal

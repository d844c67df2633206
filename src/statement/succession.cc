// SPDX-License-Identifier: Apache-2.0
#include "statement/succession.h"

#include <charconv>

#include "statement/fields.h"
#include "statement/vkey.h"

namespace entente::statement {

std::uint32_t log_number(const Charter& charter, const PartyId& party, const Origin& origin) {
    const std::string base = charter.base_name(party);
    if (origin.v == base) return 1;
    if (!origin.v.starts_with(base + "/")) return 0;
    const std::string_view text = std::string_view(origin.v).substr(base.size() + 1);
    std::uint32_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && stop == text.data() + text.size();
    return whole && number > 1 && std::to_string(number) == text ? number : 0;
}

Origin log_name(const Charter& charter, const PartyId& party, std::uint32_t number) {
    const std::string base = charter.base_name(party);
    return {number == 1 ? base : base + "/" + std::to_string(number)};
}

std::string vkey_of(const Charter& charter, const Succession& succession) {
    return Vkey{log_name(charter, succession.party, succession.number).v, VkeyType::log,
                succession.key}
        .text();
}

OpenEntry succession_entry(const Charter& charter, const Succession& succession,
                           const SecretKey& root) {
    return make_key_entry({key_role::log, succession.key, 0, false, "", succession.last},
                          log_name(charter, succession.party, succession.number), root);
}

Result<Succession> read_succession(const OpenEntry& entry, const Charter& charter) {
    TRY(name, Fields(entry.fields).text("origin"));
    const Origin origin{name};
    for (const CharterParty& party : charter.parties) {
        const std::uint32_t number = log_number(charter, party.id, origin);
        if (number < 2) continue;
        TRY(root, PublicKey::from(party.root));
        TRY(key, read_key_entry(entry, origin, root));
        if (key.role != key_role::log || key.revokes || !key.last || key.from != 0) {
            return fail(Errc::malformed, "a key entry that gives no new log its key");
        }
        return Succession{party.id, number, key.key, *key.last};
    }
    return fail(Errc::malformed, "a key entry of no successor log in charter " + charter.id);
}

Result<Succession> read_succession(BytesView bytes, const Charter& charter) {
    TRY(entry, decode_entry(bytes));
    const auto* open = std::get_if<OpenEntry>(&entry);
    if (open == nullptr) return fail(Errc::malformed, "a sealed entry names no successor log");
    return read_succession(*open, charter);
}

}  // namespace entente::statement

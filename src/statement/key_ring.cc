// SPDX-License-Identifier: Apache-2.0
#include "statement/key_ring.h"

#include <algorithm>

#include "base/assert.h"
#include "statement/vkey.h"

namespace entente::statement {

KeyRing::KeyRing(const Charter& charter, const PartyId& party) : origin_(charter.origin(party)) {
    const CharterParty* card = charter.party(party);
    ASSERT(card != nullptr);
    if (const auto root = PublicKey::from(card->root)) root_ = *root;
    const std::pair<const char*, const std::string*> vkeys[] = {
        {key_role::log, &card->log},
        {key_role::witness, &card->witness},
        {key_role::mirror, &card->mirror},
    };
    for (const auto& [role, text] : vkeys) {
        if (const auto vkey = parse_vkey(*text)) give(role, vkey->key.view());
    }
    give(key_role::sealing, card->sealing);
    give(key_role::channel, card->channel);
    give(key_role::duty, card->duty);
}

void KeyRing::give(const char* role, BytesView key) {
    HeldKey held{role, {}, {0}, std::nullopt, std::nullopt, ""};
    if (key.size() != held.key.bytes.size()) return;  // a party alone has no such key
    std::copy(key.begin(), key.end(), held.key.bytes.begin());
    keys_.push_back(std::move(held));
}

void KeyRing::apply(EntryIndex index, const OpenEntry& entry) {
    if (entry.kind != key_kind) return;
    const auto key = read_key_entry(entry, origin_, root_);
    if (!key) return;
    if (!key->revokes) {
        // No right over what stands before its own entry.
        const EntryIndex from{std::max(key->from, index.v + 1)};
        keys_.push_back({key->role, key->key, from, std::nullopt, index, key->name});
        return;
    }
    for (HeldKey& held : keys_) {
        if (held.role != key->role || held.key != key->key) continue;
        const EntryIndex until{std::max(key->from, held.from.v)};
        held.until = std::min(held.until.value_or(until), until);
    }
}

std::vector<PublicKey> KeyRing::in_force(std::string_view role, EntryIndex index) const {
    std::vector<PublicKey> out;
    for (auto held = keys_.rbegin(); held != keys_.rend(); ++held) {
        if (held->role != role || index < held->from) continue;
        if (held->until && index >= *held->until) continue;
        out.push_back(held->key);
    }
    return out;
}

}  // namespace entente::statement

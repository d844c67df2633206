// SPDX-License-Identifier: Apache-2.0
#include "base/encode.h"
#include "registry/registry.h"

namespace entente::registry {
namespace {

using statement::OpenEntry;

/// What the root signs: the purpose, and the entry without its signature.
Bytes message(const OpenEntry& unsigned_entry) {
    return "entente/v1/key\n" + statement::encode_entry(unsigned_entry);
}

const std::string* text(const OpenEntry& entry, const char* key) {
    const auto* value = entry.fields.find(key);
    return value == nullptr ? nullptr : value->text();
}

}  // namespace

OpenEntry make_key_entry(const KeyEntry& key, const Origin& origin, const SecretKey& root) {
    OpenEntry entry{"key", {}};
    entry.fields.set("from", static_cast<std::int64_t>(key.from));
    entry.fields.set("key", to_base64url(key.key.view()));
    entry.fields.set("origin", origin.v);
    entry.fields.set("role", key.role);
    const Bytes signature = root.sign(message(entry));
    entry.fields.set("signature", to_base64url(signature));
    return entry;
}

Result<KeyEntry> read_key_entry(const OpenEntry& entry, const Origin& origin,
                                const PublicKey& root) {
    const std::string* role = text(entry, "role");
    const std::string* key_text = text(entry, "key");
    const std::string* signature_text = text(entry, "signature");
    const std::string* origin_text = text(entry, "origin");
    const auto* from = entry.fields.find("from");
    if (!role || !key_text || !signature_text || !origin_text || !from || !from->integer() ||
        *from->integer() < 0 || *origin_text != origin.v) {
        return fail(Errc::malformed, "not a key entry of " + origin.v);
    }
    TRY(key_bytes, from_base64url(*key_text));
    TRY(key, PublicKey::from(key_bytes));
    TRY(signature, from_base64url(*signature_text));
    OpenEntry unsigned_entry{"key", {}};
    for (const auto& [name, value] : entry.fields.members()) {
        if (name != "signature") unsigned_entry.fields.set(name, value);
    }
    if (!verify(root, message(unsigned_entry), signature)) {
        return fail(Errc::bad_signature, "the root of " + origin.v + " did not sign this key");
    }
    return KeyEntry{*role, key, static_cast<std::uint64_t>(*from->integer())};
}

}  // namespace entente::registry

// SPDX-License-Identifier: Apache-2.0
#include "statement/key_entry.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/x25519.h"
#include "statement/fields.h"

namespace entente::statement {
namespace {

constexpr const char* roles[] = {key_role::log,     key_role::witness, key_role::mirror,
                                 key_role::sealing, key_role::channel, key_role::duty,
                                 key_role::officer};
constexpr const char* revoke = "revoke";

/// What the root signs: the purpose, and the entry without its signature.
Bytes message(const OpenEntry& unsigned_entry) {
    return "entente/v1/key\n" + encode_entry(unsigned_entry);
}

Result<PublicKey> read_key(const std::string& role, BytesView bytes) {
    if (role != key_role::sealing) return PublicKey::from(bytes);
    TRYV(check_x25519(bytes));
    PublicKey key;
    std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
    return key;
}

Result<void> check_name(const std::string& name) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (name.size() > limits::text_bytes_max || !is_utf8(name) ||
        std::any_of(name.begin(), name.end(), control)) {
        return fail(Errc::malformed,
                    "a key's 'name' is at most 1024 bytes of UTF-8 without control characters");
    }
    return {};
}

Result<KeyEntry> read_fields(const Fields& fields) {
    KeyEntry out;
    TRY(role, fields.text("role"));
    TRY(key_text, fields.text("key"));
    TRY(key_bytes, from_base64url(key_text));
    TRY(key, read_key(role, key_bytes));
    TRY(from, fields.integer("from"));
    TRY(act, fields.text_or_empty("act"));
    TRY(name, fields.text_or_empty("name"));
    if (from < 0) return fail(Errc::malformed, "'from' is an entry's index");
    if (!act.empty() && act != revoke) {
        return fail(Errc::malformed, "a key entry gives a key or, with 'act' \"revoke\", takes it");
    }
    TRYV(check_name(name));
    if (fields.has("last")) {
        TRY(object, fields.object("last"));
        TRY(last, decode_log_head(*object));
        out.last = last;
    }
    out.role = std::move(role);
    out.key = key;
    out.from = static_cast<std::uint64_t>(from);
    out.revokes = act == revoke;
    out.name = std::move(name);
    return out;
}

}  // namespace

bool is_key_role(std::string_view role) {
    return std::find(std::begin(roles), std::end(roles), role) != std::end(roles);
}

Result<void> validate(const KeyEntry& key) {
    if (!is_key_role(key.role)) {
        std::string known;
        for (const char* role : roles) known += (known.empty() ? "" : ", ") + std::string(role);
        return fail(Errc::malformed,
                    "'" + key.role + "' is no role of a key; the roles are " + known);
    }
    TRY(good, read_key(key.role, key.key.view()));
    (void)good;
    TRYV(check_name(key.name));
    if (key.last && (key.role != key_role::log || key.revokes)) {
        return fail(Errc::malformed, "'last' is stated of the log's new key only");
    }
    return {};
}

OpenEntry make_key_entry(const KeyEntry& key, const Origin& origin, const SecretKey& root) {
    OpenEntry entry{key_kind, {}};
    if (key.revokes) entry.fields.set("act", revoke);
    entry.fields.set("from", static_cast<std::int64_t>(key.from));
    entry.fields.set("key", to_base64url(key.key.view()));
    if (key.last) entry.fields.set("last", encode_log_head(*key.last));
    if (!key.name.empty()) entry.fields.set("name", key.name);
    entry.fields.set("origin", origin.v);
    entry.fields.set("role", key.role);
    const Bytes signature = root.sign(message(entry));
    entry.fields.set("signature", to_base64url(signature));
    return entry;
}

Result<KeyEntry> read_key_entry(const OpenEntry& entry, const Origin& origin,
                                const PublicKey& root) {
    const Fields fields(entry.fields);
    TRY(stated, fields.text("origin"));
    if (entry.kind != key_kind || stated != origin.v) {
        return fail(Errc::malformed, "not a key entry of " + origin.v);
    }
    TRY(key, read_fields(fields));
    TRY(signature_text, fields.text("signature"));
    TRY(signature, from_base64url(signature_text));
    OpenEntry unsigned_entry{key_kind, {}};
    for (const auto& [name, value] : entry.fields.members()) {
        if (name != "signature") unsigned_entry.fields.set(name, value);
    }
    if (!verify(root, message(unsigned_entry), signature)) {
        return fail(Errc::bad_signature, "the root of " + origin.v + " did not sign this key");
    }
    return key;
}

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
#include "cli/role_keys.h"

#include <fmt/format.h>

#include "base/x25519.h"
#include "statement/key_entry.h"
#include "statement/vkey.h"
#include "store/files.h"

namespace entente::cli {
namespace {

namespace role_name = statement::key_role;

/// Whether the file holds the secret half of the key.
Result<bool> holds(const std::string& path, const std::string& role, const Bytes& key) {
    TRY(secret, read_key_if_there(path, role.c_str()));
    return secret && public_key(role, *secret) == key;
}

}  // namespace

const std::vector<std::string>& card_roles() {
    static const std::vector<std::string> roles = {role_name::witness, role_name::mirror,
                                                   role_name::sealing, role_name::channel,
                                                   role_name::duty};
    return roles;
}

Bytes public_key(const std::string& role, const Secret& secret) {
    if (role == role_name::sealing) return x25519_public(secret);
    return Bytes(SecretKey::from_seed(secret).public_key().view());
}

Result<Bytes> stated_key(const statement::CharterParty& card, const std::string& role) {
    if (role == role_name::sealing) return card.sealing;
    if (role == role_name::channel) return card.channel;
    if (role == role_name::duty) return card.duty;
    TRY(vkey, statement::parse_vkey(role == role_name::witness ? card.witness : card.mirror));
    return Bytes(vkey.key.view());
}

statement::CharterParty with_key(const statement::Charter& charter, statement::CharterParty card,
                                 const std::string& role, BytesView key) {
    const auto cosigner = [&](const std::string& name) {
        statement::Vkey vkey{name, statement::VkeyType::cosigner, {}};
        std::copy(key.begin(), key.end(), vkey.key.bytes.begin());
        return vkey.text();
    };
    if (role == role_name::witness) card.witness = cosigner(charter.witness_name(card.id));
    if (role == role_name::mirror) card.mirror = cosigner(charter.mirror_name(card.id));
    if (role == role_name::sealing) card.sealing = key;
    if (role == role_name::channel) card.channel = key;
    if (role == role_name::duty) card.duty = key;
    return card;
}

std::string next_key(const DataDir& dir, const std::string& role) {
    return dir.role_key(role) + ".next";
}

Result<void> check_role_keys(const DataDir& dir, const statement::CharterParty& card) {
    for (const std::string& role : card_roles()) {
        TRY(stated, stated_key(card, role));
        TRY(here, holds(dir.role_key(role), role, stated));
        TRY(waiting, holds(next_key(dir, role), role, stated));
        if (here || waiting) continue;
        return fail(Errc::refused,
                    fmt::format("the charter's {} key of {} is not the one in {}; is this another "
                                "party's directory, or was the card changed?",
                                role, card.id.v, dir.role_key(role)));
    }
    return {};
}

Result<void> install_role_keys(const DataDir& dir, const statement::CharterParty& card) {
    for (const std::string& role : card_roles()) {
        TRY(stated, stated_key(card, role));
        TRY(waiting, holds(next_key(dir, role), role, stated));
        if (!waiting) continue;
        TRYV(store::os_files().rename(next_key(dir, role), dir.role_key(role)));
        TRYV(store::os_files().sync_dir(dir.keys()));
    }
    return {};
}

}  // namespace entente::cli

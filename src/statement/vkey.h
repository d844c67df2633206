// SPDX-License-Identifier: Apache-2.0
// Verifier keys as a charter states them: C2SP's `name+hhhhhhhh+base64(type || public key)`, of
// logs (type 0x01) and of cosigners (0x04). Only the text; notes and cosignatures are made and
// verified with these in other rooms.
//
//     TRY(vkey, parse_vkey(text));
//     if (vkey.type != VkeyType::cosigner || vkey.name != charter.mirror_name(party)) ...
#pragma once

#include <string>

#include "base/ed25519.h"

namespace entente::statement {

/// The type bytes of C2SP signed-note. Never change.
enum class VkeyType : std::uint8_t { log = 0x01, cosigner = 0x04 };

struct Vkey {
    std::string name;
    VkeyType type = VkeyType::log;
    PublicKey key;
    bool operator==(const Vkey&) const = default;

    std::string text() const;
};

/// Errc::malformed for another form, type or key id; Errc::refused for a weak key.
Result<Vkey> parse_vkey(std::string_view text);

}  // namespace entente::statement

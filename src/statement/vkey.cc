// SPDX-License-Identifier: Apache-2.0
#include "statement/vkey.h"

#include <algorithm>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::statement {
namespace {

constexpr std::size_t vkey_bytes_max = limits::key_name_bytes_max + 1 + 8 + 1 + 44;

/// Printable ASCII without '+': narrower than C2SP, which lets names of all scripts pass.
bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= limits::key_name_bytes_max &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return c > 0x20 && c < 0x7F && c != '+'; });
}

Bytes typed_key(const Vkey& vkey) { return static_cast<char>(vkey.type) + Bytes(vkey.key.view()); }

}  // namespace

std::string Vkey::text() const {
    const Hash id = sha256({name, "\n", typed_key(*this)});
    return name + '+' + to_hex(id.view().substr(0, 4)) + '+' + to_base64(typed_key(*this));
}

Result<Vkey> parse_vkey(std::string_view text) {
    if (text.size() > vkey_bytes_max) {
        return fail(Errc::too_large,
                    "a verifier key has at most " + std::to_string(vkey_bytes_max) + " bytes");
    }
    // Base64 may hold '+' as well: only the first two part the fields.
    const std::size_t first = text.find('+');
    const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos) {
        return fail(Errc::malformed, "a verifier key is name+hhhhhhhh+base64");
    }
    Vkey out;
    out.name = text.substr(0, first);
    if (!is_name(out.name)) {
        return fail(Errc::malformed, "a verifier key's name is ASCII without spaces and '+'");
    }
    TRY(typed, from_base64(text.substr(second + 1)));
    if (typed.empty() || (typed[0] != static_cast<char>(VkeyType::log) &&
                          typed[0] != static_cast<char>(VkeyType::cosigner))) {
        return fail(Errc::malformed,
                    "a verifier key is of type 0x01 (a log) or 0x04 (a cosigner), Ed25519");
    }
    out.type = static_cast<VkeyType>(typed[0]);
    TRY(key, PublicKey::from(BytesView(typed).substr(1)));
    out.key = key;
    if (out.text() != text) {
        return fail(Errc::malformed, "a verifier key's id is not that of its name and key: " +
                                         out.text() + " would be");
    }
    return out;
}

}  // namespace entente::statement

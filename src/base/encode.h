// SPDX-License-Identifier: Apache-2.0
// Bytes as text and back. Each decoder accepts exactly one spelling of each value: no white space,
// no missing or surplus padding, no stray low bits.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace entente {

std::string to_hex(BytesView bytes);  // lower case
Result<Bytes> from_hex(std::string_view text);

std::string to_base64(BytesView bytes);  // RFC 4648 section 4, padded: notes, proofs
Result<Bytes> from_base64(std::string_view text);

std::string to_base64url(BytesView bytes);  // RFC 4648 section 5, not padded: statements
Result<Bytes> from_base64url(std::string_view text);

/// RFC 4648 section 6 in lower case, not padded. Precondition: bytes.size() is a multiple of 5.
std::string to_base32(BytesView bytes);
Result<Bytes> from_base32(std::string_view text);

/// A hash out of either base64; anything but 32 bytes is refused.
Result<Hash> hash_from_base64(std::string_view text);
Result<Hash> hash_from_base64url(std::string_view text);

/// Whether the text is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

}  // namespace entente

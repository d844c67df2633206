// SPDX-License-Identifier: Apache-2.0
#include "base/encode.h"

#include <sodium.h>

#include <algorithm>

#include "base/assert.h"

namespace entente {
namespace {

constexpr char base32_digits[] = "abcdefghijklmnopqrstuvwxyz234567";

const unsigned char* raw(BytesView b) { return reinterpret_cast<const unsigned char*>(b.data()); }
unsigned char* raw(Bytes& b) { return reinterpret_cast<unsigned char*>(b.data()); }

std::string encode64(BytesView bytes, int variant) {
    std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), raw(bytes), bytes.size(), variant);
    out.pop_back();  // libsodium writes a terminating zero
    return out;
}

Result<Bytes> decode64(std::string_view text, int variant) {
    Bytes out(text.size(), '\0');
    std::size_t size = 0;
    const int bad = sodium_base642bin(raw(out), out.size(), text.data(), text.size(), nullptr,
                                      &size, nullptr, variant);
    // libsodium 1.0.18 reads bytes above 0x7F as its last digit where char is signed.
    const auto high = [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; };
    if (bad != 0 || std::any_of(text.begin(), text.end(), high)) {
        return fail(Errc::malformed, "not base64: '" + std::string(text.substr(0, 60)) + "'");
    }
    out.resize(size);
    return out;
}

Result<Hash> as_hash(Result<Bytes> bytes) {
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->size() != 32) {
        return fail(Errc::malformed, "a hash has 32 bytes, not " + std::to_string(bytes->size()));
    }
    return Hash::from(*bytes);
}

}  // namespace

std::string to_hex(BytesView bytes) {
    std::string out(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), raw(bytes), bytes.size());
    out.pop_back();
    return out;
}

Result<Bytes> from_hex(std::string_view text) {
    for (char c : text) {
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            return fail(Errc::malformed, "not lower-case hexadecimal");
        }
    }
    if (text.size() % 2 != 0) return fail(Errc::malformed, "an odd number of hexadecimal digits");
    Bytes out(text.size() / 2, '\0');
    sodium_hex2bin(raw(out), out.size(), text.data(), text.size(), nullptr, nullptr, nullptr);
    return out;
}

std::string to_base64(BytesView bytes) { return encode64(bytes, sodium_base64_VARIANT_ORIGINAL); }
Result<Bytes> from_base64(std::string_view text) {
    return decode64(text, sodium_base64_VARIANT_ORIGINAL);
}
std::string to_base64url(BytesView bytes) {
    return encode64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
Result<Bytes> from_base64url(std::string_view text) {
    return decode64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string to_base32(BytesView bytes) {
    ASSERT(bytes.size() % 5 == 0);
    std::string out;
    out.reserve(bytes.size() / 5 * 8);
    for (std::size_t i = 0; i < bytes.size(); i += 5) {
        std::uint64_t word = 0;
        for (std::size_t k = 0; k < 5; ++k) word = word << 8 | raw(bytes)[i + k];
        for (int shift = 35; shift >= 0; shift -= 5) out += base32_digits[word >> shift & 31];
    }
    return out;
}

Result<Bytes> from_base32(std::string_view text) {
    if (text.size() % 8 != 0) {
        return fail(Errc::malformed, "base32 comes in groups of 8 characters");
    }
    Bytes out;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char* digit = std::char_traits<char>::find(base32_digits, 32, text[i]);
        if (digit == nullptr) return fail(Errc::malformed, "base32 has only a to z and 2 to 7");
        word = word << 5 | static_cast<std::uint64_t>(digit - base32_digits);
        if (i % 8 != 7) continue;
        for (int shift = 32; shift >= 0; shift -= 8) out += static_cast<char>(word >> shift & 255);
        word = 0;
    }
    return out;
}

Result<Hash> hash_from_base64(std::string_view text) { return as_hash(from_base64(text)); }
Result<Hash> hash_from_base64url(std::string_view text) { return as_hash(from_base64url(text)); }

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                                   : lead >= 0xE0 && lead <= 0xEF ? 3
                                   : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                                  : 0;
        if (length == 0 || i + length > text.size()) return false;
        std::uint32_t point = lead & (0xFFu >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0) != 0x80) return false;
            point = point << 6 | (next & 0x3Fu);
        }
        constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (point < least[length] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
            return false;
        }
        i += length;
    }
    return true;
}

}  // namespace entente

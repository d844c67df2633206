// SPDX-License-Identifier: Apache-2.0
// Bytes as they travel and the 32-byte hash that names them. Nothing here knows what they mean.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace entente {

using Bytes = std::string;
using BytesView = std::string_view;

/// A SHA-256 value.
struct Hash {
    std::array<std::uint8_t, 32> bytes{};

    auto operator<=>(const Hash&) const = default;
    BytesView view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
    /// Precondition: v.size() == 32.
    static Hash from(BytesView v) {
        Hash h;
        std::memcpy(h.bytes.data(), v.data(), h.bytes.size());
        return h;
    }
};

}  // namespace entente

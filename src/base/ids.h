// SPDX-License-Identifier: Apache-2.0
// Names and positions that must not be mistaken for each other.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace entente {

/// A party's id: 1 to 32 of a-z, 0-9 and '-', beginning with a letter.
struct PartyId {
    std::string v;
    auto operator<=>(const PartyId&) const = default;
    static Result<PartyId> parse(std::string_view text);
};

/// A log's name, `<charter id>[/exercise]/<party>[/<n>]` (PROTOCOL 8), at most 255 bytes.
struct Origin {
    std::string v;
    auto operator<=>(const Origin&) const = default;
};

/// The first 80 bits of SHA-256("entente/record/v1\n" || origin || secret), shown as 16 base32
/// characters (PROTOCOL 4).
struct RecordId {
    std::array<std::uint8_t, 10> bytes{};
    auto operator<=>(const RecordId&) const = default;
    std::string text() const;
    static Result<RecordId> parse(std::string_view text);
};

/// Position of an entry in a log, from 0.
struct EntryIndex {
    std::uint64_t v = 0;
    auto operator<=>(const EntryIndex&) const = default;
};

/// Number of entries in a tree.
struct TreeSize {
    std::uint64_t v = 0;
    auto operator<=>(const TreeSize&) const = default;
};

}  // namespace entente

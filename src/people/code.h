// SPDX-License-Identifier: Apache-2.0
// Short codes that a person reads off paper, says over a radio and types: eight characters, none of
// which is taken for another, the last a check. One wrong character, and any two that changed
// places, are always caught.
//
//     const std::string code = code_of(number);        // "7KX3-M9RD"
//     TRY(number, read_code("7kx3 m9rd"));             // or what is wrong with it
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace entente::people {

/// Digits and letters without 0 O Q, 1 I L, 2 Z, 5 S, 8 B and U, which are taken for others. Their
/// number is prime: the check rests on that.
constexpr std::string_view code_alphabet = "34679ACDEFGHJKMNPRTVWXY";
constexpr std::size_t code_size = 8;
/// Numbers below this have a code: 23 to the 7th power, 31.7 bits.
constexpr std::uint64_t code_count = 3'404'825'447;

/// Precondition: number < code_count.
std::string code_of(std::uint64_t number);
/// Case, spaces and hyphens mean nothing. Errc::malformed says which character is in no code, or
/// that one is wrong or two have changed places.
Result<std::uint64_t> read_code(std::string_view text);

}  // namespace entente::people

// SPDX-License-Identifier: Apache-2.0
#include "people/code.h"

#include <array>

#include "base/assert.h"

namespace entente::people {
namespace {

constexpr std::size_t base = code_alphabet.size();
static_assert(base == 23);

using Symbols = std::array<std::size_t, code_size>;

/// As ISBN-10 has it: weights 8 to 1, which differ and are below the prime, so that neither one
/// other symbol nor two in each other's place leave the sum a multiple of it.
std::size_t weighted(const Symbols& symbols) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < code_size; ++i) sum += (code_size - i) * symbols[i];
    return sum % base;
}

}  // namespace

std::string code_of(std::uint64_t number) {
    ASSERT(number < code_count);
    Symbols symbols{};
    for (std::size_t i = code_size - 1; i-- > 0; number /= base) symbols[i] = number % base;
    symbols.back() = (base - weighted(symbols)) % base;
    std::string out;
    for (std::size_t i = 0; i < code_size; ++i) {
        if (i == code_size / 2) out += '-';
        out += code_alphabet[symbols[i]];
    }
    return out;
}

Result<std::uint64_t> read_code(std::string_view text) {
    Symbols symbols{};
    std::size_t count = 0;
    for (const char typed : text) {
        if (typed == '-' || typed == ' ') continue;
        const char c = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - 'a' + 'A') : typed;
        const std::size_t symbol = code_alphabet.find(c);
        if (symbol == std::string_view::npos) {
            const bool shown = c > ' ' && c < 0x7F;
            return fail(Errc::malformed,
                        "code: " + (shown ? std::string("'") + c + "'" : "a character of it") +
                            " is in no code, which have only " + std::string(code_alphabet) +
                            "; have it read again");
        }
        if (count < code_size) symbols[count] = symbol;
        ++count;
    }
    if (count != code_size) {
        return fail(Errc::malformed, "code: " + std::to_string(count) + " characters where there " +
                                         "are 8, as in XXXX-XXXX; have it read again");
    }
    if (weighted(symbols) != 0) {
        return fail(Errc::malformed,
                    "code: a character is wrong, or two have changed places; have it read again");
    }
    std::uint64_t out = 0;
    for (std::size_t i = 0; i + 1 < code_size; ++i) out = out * base + symbols[i];
    return out;
}

}  // namespace entente::people

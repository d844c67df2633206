// SPDX-License-Identifier: Apache-2.0
// A set of documents by their bits, for when many lists become one. Records and statements are
// numbered apart: the highest bit of a number says which.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace entente::search {

using Doc = std::uint32_t;
constexpr Doc statement_bit = 0x8000'0000;

class Bits {
  public:
    void set(Doc doc) {
        std::vector<std::uint64_t>& half = halves_[doc / statement_bit];
        const std::size_t word = (doc % statement_bit) / 64;
        if (word >= half.size()) half.resize(std::max<std::size_t>(word + 1, half.size() * 2));
        half[word] |= std::uint64_t{1} << (doc % 64);
    }
    bool has(Doc doc) const {
        const std::vector<std::uint64_t>& half = halves_[doc / statement_bit];
        const std::size_t word = (doc % statement_bit) / 64;
        return word < half.size() && (half[word] >> (doc % 64) & 1) != 0;
    }
    /// use(doc) for each, ascending.
    template <class Use>
    void each(Use use) const {
        for (Doc side = 0; side < 2; ++side) {
            for (std::size_t i = 0; i < halves_[side].size(); ++i) {
                for (std::uint64_t bits = halves_[side][i]; bits != 0; bits &= bits - 1) {
                    const auto bit = static_cast<Doc>(std::countr_zero(bits));
                    use(side * statement_bit + static_cast<Doc>(i * 64) + bit);
                }
            }
        }
    }

  private:
    std::vector<std::uint64_t> halves_[2];
};

}  // namespace entente::search

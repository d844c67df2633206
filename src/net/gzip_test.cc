// SPDX-License-Identifier: Apache-2.0
// gzip there and back, in pieces of every size, and the limit on what comes out.
#include "net/gzip.h"

#include <gtest/gtest.h>

namespace entente::net {
namespace {

Result<std::string> unpack(std::string_view packed, std::size_t piece, std::size_t bytes_max) {
    Gunzip gunzip(bytes_max);
    std::string out;
    for (; !packed.empty(); packed.remove_prefix(std::min(piece, packed.size()))) {
        TRYV(gunzip.feed(packed.substr(0, piece), out));
    }
    TRYV(gunzip.end());
    return out;
}

TEST(Gunzip, UndoesGzipInPiecesOfAnySize) {
    for (const std::size_t size : {0u, 1u, 1000u, 16384u, 16385u, 100'000u}) {
        std::string bytes(size, 'a');
        for (std::size_t i = 0; i < size; i += 7) bytes[i] = static_cast<char>(i * i);
        for (const std::size_t piece : {1u, 3u, 1000u, 1'000'000u}) {
            EXPECT_EQ(unpack(gzip(bytes), piece, size), bytes) << size << " by " << piece;
        }
    }
}

TEST(Gunzip, StopsAtTheLimit) {
    const std::string packed = gzip(std::string(100'000, '0'));
    EXPECT_EQ(unpack(packed, 10, 99'999).error().code, Errc::too_large);
    EXPECT_TRUE(unpack(packed, 10, 100'000));
}

TEST(Gunzip, RefusesEveryCutAndNeverGivesOtherBytes) {
    const std::string text = "what may not be struck";
    const std::string packed = gzip(text);
    for (std::size_t cut = 0; cut < packed.size(); ++cut) {
        EXPECT_EQ(unpack(packed.substr(0, cut), 5, 1000).error().code, Errc::malformed) << cut;
    }
    for (std::size_t at = 0; at < packed.size(); ++at) {
        std::string flipped = packed;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
        // Time, system and the bits that fill up the last byte mean nothing.
        EXPECT_EQ(unpack(flipped, 5, 1000).value_or(text), text) << at;
    }
    EXPECT_FALSE(unpack(packed + packed, 1000, 1000)) << "two members";
}

}  // namespace
}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "node/heard.h"

#include <gtest/gtest.h>

#include "base/sha256.h"

namespace entente::node {
namespace {

using statement::Receipt;
using statement::Rung;

Receipt of_list(Rung rung, std::uint64_t size, std::vector<EntryIndex> exceptions = {}) {
    Receipt out;
    out.rung = rung;
    out.list = statement::LogHead{{size}, {}};
    out.exceptions = std::move(exceptions);
    return out;
}

Receipt of_entries(Rung rung, std::vector<Hash> entries, const std::string& unit = {}) {
    Receipt out;
    out.rung = rung;
    out.entries = std::move(entries);
    out.unit = unit;
    return out;
}

bool any(const Hash& /*leaf*/) { return true; }
bool none(const Hash& /*leaf*/) { return false; }

TEST(HeardBook, KeepsWhatIsSaidFirstAndNothingTwice) {
    HeardBook book;
    EXPECT_TRUE(book.news(of_list(Rung::received, 3), {5}, any));
    EXPECT_FALSE(book.news(of_list(Rung::received, 3), {5}, any));
    EXPECT_FALSE(book.news(of_list(Rung::received, 2), {5}, any));
    EXPECT_TRUE(book.news(of_list(Rung::opened, 3, {{7}, {9}}), {5}, any));
    EXPECT_TRUE(book.news(of_list(Rung::opened, 3, {{7}}), {5}, any)) << "one more was opened";
    EXPECT_FALSE(book.news(of_list(Rung::opened, 3, {{7}, {9}}), {5}, any));
    EXPECT_TRUE(book.news(of_list(Rung::opened, 5), {5}, any));
    EXPECT_FALSE(book.news(of_list(Rung::opened, 6), {5}, any))
        << "so many were never released to it";

    const Hash one = sha256("1"), two = sha256("2");
    EXPECT_TRUE(book.news(of_entries(Rung::loaded, {one}), {5}, any));
    EXPECT_FALSE(book.news(of_entries(Rung::loaded, {one}), {5}, any));
    EXPECT_TRUE(book.news(of_entries(Rung::loaded, {one, two}), {5}, any));
    EXPECT_TRUE(book.news(of_entries(Rung::passed, {one}, "wing 1"), {5}, any));
    EXPECT_TRUE(book.news(of_entries(Rung::passed, {one}, "wing 2"), {5}, any));
    EXPECT_FALSE(book.news(of_entries(Rung::passed, {one}, "wing 1"), {5}, any));
    EXPECT_FALSE(book.news(of_entries(Rung::confirmed, {one}, "wing 1"), {5}, none));
}

TEST(HeardBook, IsBoundedWhateverIsSaid) {
    HeardBook book;
    std::size_t kept = 0;
    std::vector<Hash> entries(1000, sha256("x"));
    for (int i = 0; i < 2000; ++i) {
        kept += book.news(of_entries(Rung::passed, entries, "unit " + std::to_string(i)), {5}, any);
    }
    EXPECT_EQ(kept, HeardBook::weight_max / 1001);
}

}  // namespace
}  // namespace entente::node

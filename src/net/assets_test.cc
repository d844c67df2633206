// SPDX-License-Identifier: Apache-2.0
#include "net/assets.h"

#include <gtest/gtest.h>

namespace entente::net {
namespace {

const std::string pack =
    "index.html\ttext/html\t5\nassets/a-1.js\ttext/javascript\t3\nassets/a-1.js.gz\t\t2\n"
    "assets/places-x1.bin\tapplication/octet-stream\t4\n\n"
    "<p>\n\nab\nzzEPL1";

TEST(Assets, AreTheFilesWithTheirGzip) {
    const auto assets = unpack(pack);
    ASSERT_TRUE(assets) << assets.error().detail;
    ASSERT_EQ(assets->size(), 3u);
    EXPECT_EQ(*assets->at("index.html").bytes, "<p>\n\n");
    EXPECT_FALSE(assets->at("index.html").immutable);
    EXPECT_EQ(*assets->at("assets/a-1.js").bytes, "ab\n");
    EXPECT_EQ(*assets->at("assets/a-1.js").gzip, "zz");
    EXPECT_TRUE(assets->at("assets/a-1.js").immutable);
    EXPECT_TRUE(unpack("")->empty()) << "built without the page";
}

TEST(Assets, OneIsFoundWithoutTheOthers) {
    EXPECT_EQ(file_in(pack, "assets/places-", ".bin").value(), "EPL1");
    EXPECT_EQ(file_in(pack, "assets/places-", ".json").error().code, Errc::not_found);
    EXPECT_EQ(file_in("", "assets/places-", ".bin").error().code, Errc::not_found);
}

TEST(Assets, OfWhatIsNoPackSayWhatIsWrong) {
    EXPECT_EQ(unpack(pack.substr(0, pack.size() - 1)).error().detail,
              "the page's pack is cut short");
    EXPECT_EQ(unpack(pack + "x").error().detail, "the page's pack has bytes left over");
    EXPECT_EQ(unpack("a\tb\n\n").error().detail, "the page's pack: a line is not PATH, TYPE, SIZE");
    EXPECT_EQ(unpack("a\tb\tc\n\n").error().detail, "the page's pack: the size of a");
    EXPECT_EQ(unpack("a.gz\tb\t0\n\n").error().detail, "a.gz has no whole file");
}

}  // namespace
}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Targets are taken apart in one way only; texts that HTTP and JSON fix.
#include "net/target.h"

#include <gtest/gtest.h>

#include "net/http_text.h"
#include "net/problem.h"

namespace entente::net {
namespace {

using Path = std::vector<std::string>;
using Query = std::vector<std::pair<std::string, std::string>>;

TEST(Target, IsTakenApartAndDecodedOnce) {
    const struct {
        const char* text;
        Path path;
        Query query;
    } cases[] = {
        {"/", {}, {}},
        {"/v1/check", {"v1", "check"}, {}},
        {"/v1/", {"v1", ""}, {}},
        {"//v1", {"", "v1"}, {}},
        {"/a%2Fb/%25/%D8%A7", {"a/b", "%", "ا"}, {}},
        {"/%252F", {"%2F"}, {}},
        {"/x?", {"x"}, {}},
        {"/?a=1&b=2&a=3", {}, {{"a", "1"}, {"b", "2"}, {"a", "3"}}},
        {"/?a=b=c&d&=e&&f=", {}, {{"a", "b=c"}, {"d", ""}, {"", "e"}, {"", ""}, {"f", ""}}},
        {"/?a+b=c%2Bd+e", {}, {{"a+b", "c+d+e"}}},
        {"/?a=/?%26", {}, {{"a", "/?&"}}},
    };
    for (const auto& one : cases) {
        const auto target = parse_target(one.text);
        ASSERT_TRUE(target) << one.text;
        EXPECT_EQ(target->path, one.path) << one.text;
        EXPECT_EQ(target->query, one.query) << one.text;
    }
}

TEST(Target, IsRefusedWhereTwoReadersCouldDiffer) {
    for (const char* text : {"",        "v1",     "*",          "?a",      "http://x/",
                             "/%",      "/%2",    "/%2g",       "/%zz",    "/a%",
                             "/?a=%",   "/?%a=1", "/%00",       "/?a=%00", "/%ff",
                             "/%c3%28", "/%c3",   "/%ed%a0%80", "/%c0%af", "/?a=%f5%80%80%80"}) {
        const auto target = parse_target(text);
        ASSERT_FALSE(target) << text;
        EXPECT_EQ(target.error().code, Errc::malformed) << text;
    }
    EXPECT_TRUE(parse_target("/" + std::string(target_bytes_max - 1, 'x')));
    EXPECT_EQ(parse_target("/" + std::string(target_bytes_max, 'x')).error().code, Errc::too_large);
}

TEST(Target, KnowsItsNames) {
    const auto target = parse_target("/?a=1&b=2&c=3&c=4").value();
    EXPECT_TRUE(target.only({"a", "b"}, {"c"}));
    EXPECT_FALSE(target.only({"a", "b", "c"})) << "c stands twice";
    EXPECT_FALSE(target.only({"a"}, {"c"})) << "b is not known";
    EXPECT_EQ(target.value("b"), "2");
    EXPECT_EQ(target.value("d"), "");
    EXPECT_EQ(target.values("c"), Path({"3", "4"}));
    EXPECT_TRUE(target.has("c"));
    EXPECT_FALSE(target.has("d"));
}

TEST(Target, EncodedComesBack) {
    std::string all;
    for (int byte = 1; byte < 128; ++byte) all += static_cast<char>(byte);
    all += "ا€𐍈";
    const auto target = parse_target("/" + percent_encode(all) + "?q=" + percent_encode(all));
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, Path({all}));
    EXPECT_EQ(target->value("q"), all);
}

TEST(Problem, DetailIsUtf8WhereverItWasCut) {
    const std::string text = "xا€𐍈z";
    for (std::size_t begin = 0; begin <= text.size(); ++begin) {
        for (std::size_t end = begin; end <= text.size(); ++end) {
            const std::string cut = text.substr(begin, end - begin);
            const std::string whole = whole_characters(cut);
            EXPECT_NE(text.find(whole), std::string::npos);
            EXPECT_LE(cut.size() - whole.size(), 6u) << "more than two broken characters left out";
        }
    }
    EXPECT_EQ(whole_characters("a\xFF\xC3\xA9\xC3"), "a\xC3\xA9");
    EXPECT_NE(problem(400, "malformed", "got \xD8").body.find("\"got \""), std::string::npos);
}

TEST(HttpText, WritesDatesAndReadsMethods) {
    EXPECT_EQ(http_date(instant(784111777'000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(instant(951782400'999)), "Tue, 29 Feb 2000 00:00:00 GMT");
    EXPECT_EQ(method_of("HEAD"), Method::get);
    EXPECT_EQ(method_of("DELETE"), Method::del);
    EXPECT_EQ(method_of("get"), Method::other);
    EXPECT_EQ(method_of("PUT"), Method::other);
}

}  // namespace
}  // namespace entente::net

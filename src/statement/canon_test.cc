// SPDX-License-Identifier: Apache-2.0
#include "statement/canon.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/random.h"

namespace entente::statement::canon {
namespace {

constexpr std::size_t limit = 4096;

TEST(Canon, WritesSortedKeysAndShortestEscapes) {
    Object object;
    object.set("z", Array{1, -2, true});
    object.set("a", "\x01\n\"\\/é");
    EXPECT_EQ(encode(object), "{\"a\":\"\\u0001\\n\\\"\\\\/é\",\"z\":[1,-2,true]}");
}

TEST(Canon, RefusesEverySecondSpelling) {
    const char* table[] = {
        "{\"b\":1,\"a\":2}",  // order
        "{\"a\":1,\"a\":2}",  // repeated
        "{ \"a\":1}",         // space
        "[1,2]\n",            // trailing newline
        "[01]",
        "[-0]",
        "[1.0]",
        "[1e3]",
        "[+1]",
        "[null]",
        "[NaN]",
        "",  // numbers, null
        "\"\\u0041\"",
        "\"\\/\"",
        "\"\\u000A\"",
        "\"\\n",         // escapes
        "\"\x01\"",      // raw control
        "\"\xC0\xAF\"",  // not UTF-8
        "{\"A\":1}",
        "{\"a-b\":1}",
        "{\"\":1}",
        "{\"1a\":1}",  // keys
        "[9007199254740992]",
        "[-9007199254740992]",
        "[1,]",
        "[",
        "{\"a\"}",
        "tru",
    };
    for (const char* text : table) EXPECT_FALSE(decode(text, limit)) << text;
    EXPECT_TRUE(decode("[9007199254740991,-9007199254740991]", limit));
    EXPECT_TRUE(decode("\"\\u0001\"", limit));
}

TEST(Canon, MeetsItsLimits) {
    auto nested = [](int depth) {
        return std::string(static_cast<std::size_t>(depth), '[') +
               std::string(static_cast<std::size_t>(depth), ']');
    };
    EXPECT_TRUE(decode(nested(limits::json_depth_max), limit));
    const auto deep = decode(nested(limits::json_depth_max + 1), limit);
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().code, Errc::too_large);
    EXPECT_EQ(decode(nested(3), 5).error().code, Errc::too_large);
    EXPECT_FALSE(decode(std::string(3000, '['), limit));
}

Value random_value(Rng& rng, int depth) {
    const std::uint64_t kind = rng.below(depth < 5 ? 5 : 3);
    if (kind == 0) return rng.below(2) == 0;
    if (kind == 1) return static_cast<std::int64_t>(rng.next() >> 12) - (std::int64_t{1} << 51);
    if (kind == 2) {
        std::string text;
        for (std::uint64_t i = rng.below(8); i > 0; --i) text += static_cast<char>(rng.below(128));
        return text;
    }
    if (kind == 3) {
        Array array;
        for (std::uint64_t i = rng.below(4); i > 0; --i)
            array.push_back(random_value(rng, depth + 1));
        return array;
    }
    Object object;
    for (std::uint64_t i = rng.below(4); i > 0; --i) {
        const std::string key(1, static_cast<char>('a' + rng.below(26)));
        if (object.find(key) == nullptr) object.set(key, random_value(rng, depth + 1));
    }
    return object;
}

TEST(Canon, DecodesWhatItEncodes) {
    Rng rng(1);
    for (int i = 0; i < 2000; ++i) {
        const Value value = random_value(rng, 0);
        const Bytes bytes = encode(value);
        const auto back = decode(bytes, 1 << 20);
        ASSERT_TRUE(back) << bytes << ": " << back.error().detail;
        EXPECT_EQ(*back, value);
    }
}

}  // namespace
}  // namespace entente::statement::canon

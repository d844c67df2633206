// SPDX-License-Identifier: Apache-2.0
#include "formats/json_out.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "formats/json.h"

namespace entente::formats {
namespace {

/// What is written, by the standard library alone.
std::string shortest(double v) {
    char digits[number_bytes_max];
    return {digits, std::to_chars(digits, digits + sizeof digits, v, std::chars_format::fixed).ptr};
}

std::string written(double v) {
    char digits[number_bytes_max];
    return {digits, write_json(digits, v)};
}

TEST(JsonOut, WritesNumbersAsTheStandardLibraryDoes) {
    for (double v : {0.0, -0.0, 1.0, 12.5, -0.1, 1e-7, 5e-8, 1e8, 123456789.0123456, 1e15, 1e300,
                     4.9e-324, 99999999.9999999, 0.1 + 0.2, -180.0, 1.7976931348623157e308}) {
        EXPECT_EQ(written(v), shortest(v));
    }
    Rng rng(20261122);
    for (int i = 0; i < 100'000; ++i) {
        const double digits = std::round(rng.between(-1e15, 1e15));
        for (double v : {digits / 1e7, digits / 1e8, std::round(digits / 1e9) / 10,
                         rng.between(-180, 180), digits * 1e-20}) {
            ASSERT_EQ(written(v), shortest(v));
        }
    }
}

TEST(JsonOut, FindsEveryByteThatNeedsAnEscape) {
    for (int byte = 0; byte < 256; ++byte) {
        // The last four begin characters that may have to be escaped.
        const bool plain = byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F &&
                           byte != 0xC2 && byte != 0xD8 && byte != 0xE2 && byte != 0xEF;
        for (std::size_t size = 1; size < 20; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, at % 2 == 0 ? ' ' : '!');  // neighbours of what is sought
                text[at] = static_cast<char>(byte);
                ASSERT_EQ(is_plain(text), plain) << byte << " at " << at << " of " << size;
            }
        }
    }
    EXPECT_TRUE(is_plain(""));
}

TEST(JsonOut, EscapesWhatATerminalObeysAndNothingElse) {
    EXPECT_EQ(quote_json("a\x1b[2K\x7f\n"), R"("a\u001b[2K\u007f\u000a")");
    EXPECT_EQ(quote_json("\u009b\u202e\u2066\u2028"), R"("\u009b\u202e\u2066\u2028")");
    EXPECT_EQ(escape_unseen("{\"a\":\"\u202e\x7f – é\"}"), R"({"a":"\u202e\u007f – é"})");
    EXPECT_EQ(quote_json("«é» – مستشفى \xC2"), "\"«é» – مستشفى \xC2\"");
    for (const char* text : {"\u0085 \u009f \u202a \u2069 \x7f \x01", "«é» – \"\\"}) {
        const auto read = parse_json(quote_json(text), 1000);
        ASSERT_TRUE(read.has_value());
        EXPECT_EQ(read->text, text);
    }
}

TEST(JsonOut, PutsCommasAndGoesOnBehindWhatIsThere) {
    JsonOut out(std::string("line\n"));
    out.object([&] {
        out.member("a", "x\ny");
        out.member(std::string("b\""), std::uint64_t{7});
        out.name("c");
        out.array([&] {
            out.value(1.5);
            out.value(true);
            out.null();
            out.object([] {});
        });
    });
    const std::string text = out.text();
    EXPECT_EQ(text, "line\n{\"a\":\"x\\u000ay\",\"b\\\"\":7,\"c\":[1.5,true,null,{}]}");
    EXPECT_EQ(std::move(out).text(), text);
}

}  // namespace
}  // namespace entente::formats

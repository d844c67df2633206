// SPDX-License-Identifier: Apache-2.0
#include "base/printable.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(Printable, LeavesWhatPeopleWrite) {
    for (const char* text : {"", "MSF Kunduz", "المستشفى العام", "Больница № 4", "病院 «Nord» – 2",
                             "می‌خواهم"}) {
        EXPECT_EQ(printable(text), text);
    }
}

TEST(Printable, HasASpaceForEachCharacterThatATerminalObeys) {
    EXPECT_EQ(printable("a\x1b[2Kb"), "a [2Kb");
    EXPECT_EQ(printable("a\r\nNo registered conflict"), "a  No registered conflict");
    EXPECT_EQ(printable(std::string("a\0b\x7f", 4)), "a b ");
    EXPECT_EQ(printable("a\xC2\x9B"
                        "2K"),
              "a 2K")
        << "CSI in one character";
    EXPECT_EQ(printable("a\u202Ebc\u2066d\u2028e"), "a bc d e");
}

/// Against the ranges of Unicode, character by character.
TEST(Printable, KnowsTheCharactersOneByOne) {
    const auto utf8 = [](unsigned c) {
        std::string out;
        if (c < 0x80) return out += static_cast<char>(c);
        if (c < 0x800) {
            out += static_cast<char>(0xC0 | c >> 6);
        } else {
            out += static_cast<char>(0xE0 | c >> 12);
            out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        }
        return out += static_cast<char>(0x80 | (c & 0x3F));
    };
    for (unsigned c = 0; c <= 0xFFFF; ++c) {
        const bool obeyed = c < 0x20 || (c >= 0x7F && c <= 0x9F) || (c >= 0x2028 && c <= 0x202E) ||
                            (c >= 0x2066 && c <= 0x2069) || c == 0x061C || c == 0x200E ||
                            c == 0x200F || c == 0x00AD || c == 0x200B ||
                            (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF;
        const std::string text = utf8(c);
        EXPECT_EQ(unseen_at(text, 0), obeyed ? text.size() : 0) << std::hex << c;
    }
}

TEST(Printable, ReadsNothingBeyondTheEnd) {
    for (const char* text : {"a\xC2", "a\xE2", "a\xE2\x80", "\xFF"}) {
        EXPECT_EQ(printable(text), text);
    }
}

TEST(HtmlText, IsNoMarkupAndOneLine) {
    EXPECT_EQ(html_text("<b a=\"1\" b='2'>&\n\xE2\x80\xAE"),
              "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;  ");
}

}  // namespace
}  // namespace entente

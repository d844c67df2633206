// SPDX-License-Identifier: Apache-2.0
// What a stranger wrote does nothing to a terminal or a page. (Whole files: sim/evidence_test.cc.)
#include "evidence/lines.h"

#include <gtest/gtest.h>

namespace entente::evidence {
namespace {

TEST(Printable, LeavesWordsOfEveryScriptAsTheyAre) {
    for (const char* text : {"Al-Nao \"Hospital\"", "مستشفى النو", "Больница № 1", "病院", "é",
                             "a\u200fb", "\u2029", "\u00a0", ""}) {
        EXPECT_EQ(printable(text), text);
    }
}

TEST(Printable, TakesAwayWhatMovesTheCursorOrTurnsTheText) {
    EXPECT_EQ(printable("a\x1b[2Jb\r\n\tc\x7f"), "a [2Jb   c ");
    EXPECT_EQ(printable("a\u009b1mb\u0085"), "a 1mb ");
    EXPECT_EQ(printable("\u202eab\u202c\u2066c\u2069"), " ab  c ");
    EXPECT_EQ(printable("\u202aa\u202d\u2068"), " a  ");
}

TEST(Printable, AnswersTextThatBreaksOff) {
    for (const std::string text : {"\xC2", "\xE2", "\xE2\x80", "\xE2\x81"}) {
        EXPECT_EQ(printable(text), text);
    }
}

}  // namespace
}  // namespace entente::evidence

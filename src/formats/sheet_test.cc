// SPDX-License-Identifier: Apache-2.0
// Sheets of paper: what they show, that what parties wrote does nothing to a page, and no more than
// their reader may see.
#include "formats/sheet.h"

#include <gtest/gtest.h>

#include "view/history_for_test.h"

namespace entente::formats {
namespace {

using view::test::History;
using view::test::noon;
using view::test::Said;

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

SheetPage page_of(bool exact) {
    SheetPage out;
    out.number = "a2b3c4d5e6f7a2b3";
    out.code = "7KX3-M9RD";
    out.unit = "T<b>ACC";
    out.by = "dora\x1b[2J";
    out.made = noon;
    out.expires = noon + std::chrono::hours(24);
    out.exact = exact;
    out.lines = {{History::id(0), 1, PartyId{"fr"}, exact ? "1.3 km S of Kunduz, AF" : ""}};
    return out;
}

TEST(Sheet, ShowsThePlaceTheCodeAndHowLongItIsGood) {
    History h;
    h.say({});
    const view::View view = view::test::view_of(h);
    const std::string text = sheet_text(view, page_of(true));
    for (const char* part : {"WHAT MUST NOT BE STRUCK", "CODE  7KX3-M9RD\n", "version 1",
                             "1. hospital", "that is 1.3 km S of Kunduz, AF", "before 2",
                             "no later version", "may be protected all the same"}) {
        EXPECT_TRUE(has(text, part)) << part << "\n" << text;
    }
    EXPECT_TRUE(has(text, "within ")) << text;
    EXPECT_FALSE(has(text, "\x1b"));
}

TEST(Sheet, ShowsAnAreaToWhomExactPlacesAreNotFor) {
    History h;
    h.say({});
    const view::View view = view::test::view_of(h);
    const std::string exact = sheet_text(view, page_of(true));
    const std::string coarse = sheet_text(view, page_of(false));
    EXPECT_TRUE(has(coarse, "somewhere\n   in the area within\n")) << coarse;
    const std::size_t at = exact.find("    ", exact.find("within "));
    const std::string place = exact.substr(at, exact.find('\n', at) - at);
    ASSERT_GT(place.size(), 20u);
    EXPECT_FALSE(has(coarse, place)) << place;
}

TEST(Sheet, EscapesWhatOthersWrote) {
    History h;
    h.say({});
    const std::string html = sheet_html(view::test::view_of(h), page_of(true));
    EXPECT_TRUE(has(html, "T&lt;b&gt;ACC"));
    EXPECT_FALSE(has(html, "T<b>"));
    EXPECT_TRUE(has(html, "<b>7KX3-M9RD</b>"));
    EXPECT_TRUE(has(html, "default-src 'none'"));
    EXPECT_FALSE(has(html, "<script"));
    EXPECT_FALSE(has(html, "\x1b"));
}

}  // namespace
}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
// A sheet that takes protections down to a unit: what must not be struck, as text and as a page
// that prints on A4, and the code to read back. Self-contained HTML without script, picture or
// link; what parties wrote is escaped.
//
//     const std::string text = sheet_text(view, page);
#pragma once

#include "view/view.h"

namespace entente::formats {

struct SheetPage {
    struct Line {
        RecordId record;
        std::uint32_t version = 0;
        PartyId party;
        /// Where its first exact place is, in words: "1.3 km S of Kunduz, AF"; or nothing.
        std::string near;
    };
    std::string number;
    std::string code;
    std::string unit;
    std::string by;  // who printed it
    Instant made;
    Instant expires;
    std::vector<Line> lines;
    bool exact = false;  // whether its reader may have exact places
};

/// The view is of the moment whose versions the sheet names.
std::string sheet_text(const view::View& view, const SheetPage& page);
std::string sheet_html(const view::View& view, const SheetPage& page);

}  // namespace entente::formats

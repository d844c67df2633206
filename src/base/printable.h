// SPDX-License-Identifier: Apache-2.0
// What strangers wrote, made harmless where it leaves for a terminal or a page.
#pragma once

#include <string>
#include <string_view>

namespace entente {

/// How many bytes at `at` (below the size) are a character that a terminal obeys instead of showing
/// it, that turns the direction of what is near, or that takes no place, so that two names that
/// differ look alike: the controls C0, DEL and C1 (U+0080 to 9F), the separators U+2028 and 2029,
/// the embeddings, overrides and isolates of text direction (U+202A to 202E, 2066 to 2069), its
/// marks (U+061C, 200E, 200F), and U+00AD, 200B, 2060 to 2064 and FEFF. 0: none of them; nor are
/// the joiners U+200C and 200D, which Persian and many scripts of India are written with. The text
/// need not be UTF-8.
std::size_t unseen_at(std::string_view text, std::size_t at);

/// The text with a space for each such character: one line, whose end nobody hides.
std::string printable(std::string_view text);

/// The same for the text of an HTML page or the value of a quoted attribute.
std::string html_text(std::string_view text);

}  // namespace entente

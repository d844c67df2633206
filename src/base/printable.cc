// SPDX-License-Identifier: Apache-2.0
#include "base/printable.h"

namespace entente {

std::size_t unseen_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned first = byte(at), second = byte(at + 1), third = byte(at + 2);
    if (first < 0x20 || first == 0x7F) return 1;
    if (first == 0xC2 && ((second >= 0x80 && second <= 0x9F) || second == 0xAD)) return 2;
    if (first == 0xD8 && second == 0x9C) return 2;
    if (first == 0xEF && second == 0xBB && third == 0xBF) return 3;
    const bool turns = (second == 0x80 && third >= 0xA8 && third <= 0xAE) ||
                       (second == 0x81 && third >= 0xA6 && third <= 0xA9);
    const bool hidden = (second == 0x80 && (third == 0x8B || third == 0x8E || third == 0x8F)) ||
                        (second == 0x81 && third >= 0xA0 && third <= 0xA4);
    return first == 0xE2 && (turns || hidden) ? 3 : 0;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t unseen = unseen_at(text, i);
        out += unseen > 0 ? ' ' : text[i];
        i += unseen > 0 ? unseen : 1;
    }
    return out;
}

std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

}  // namespace entente

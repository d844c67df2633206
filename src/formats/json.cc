// SPDX-License-Identifier: Apache-2.0
#include "formats/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstring>

#include "base/encode.h"
#include "base/limits.h"
#include "base/printable.h"

namespace entente::formats {
namespace {

using boost::json::error_code;
using boost::json::string_view;

/// Builds the tree from Boost.JSON's events. Texts and numbers can come in pieces.
struct Builder {
    // Few, because each new name is compared with those before it.
    constexpr static std::size_t max_object_size = 256;
    constexpr static std::size_t max_array_size = limits::plan_bytes_max;
    constexpr static std::size_t max_key_size = limits::text_bytes_max;
    constexpr static std::size_t max_string_size = limits::plan_bytes_max;

    Json root;
    std::string piece;
    std::string key;
    std::string repeated;  // the first member name that stands twice

    /// The values that are open, from the root down. Their addresses hold, because only the
    /// innermost one grows.
    std::vector<Json*> open;

    Json& place() {
        if (open.empty()) return root;
        Json& parent = *open.back();
        if (parent.is(JsonKind::array)) return parent.elements.emplace_back();
        if (repeated.empty() && parent.find(key) != nullptr) repeated = key;
        parent.members.push_back({std::move(key), {}});
        return parent.members.back().value;
    }
    void put(JsonKind kind, std::string text = {}, bool boolean = false) {
        Json& value = place();
        value.kind = kind;
        value.text = std::move(text);
        value.boolean = boolean;
    }
    bool begin(JsonKind kind) {
        Json& value = place();
        value.kind = kind;
        open.push_back(&value);
        return true;
    }
    bool end() {
        open.pop_back();
        return true;
    }
    bool add(string_view s) {
        piece.append(s.data(), s.size());
        return true;
    }
    std::string whole(string_view s) {
        add(s);
        return std::exchange(piece, {});
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return begin(JsonKind::array); }
    bool on_array_end(std::size_t, error_code&) { return end(); }
    bool on_object_begin(error_code&) { return begin(JsonKind::object); }
    bool on_object_end(std::size_t, error_code&) { return end(); }
    bool on_string_part(string_view s, std::size_t, error_code&) { return add(s); }
    bool on_string(string_view s, std::size_t, error_code&) {
        put(JsonKind::text, whole(s));
        return true;
    }
    bool on_key_part(string_view s, std::size_t, error_code&) { return add(s); }
    bool on_key(string_view s, std::size_t, error_code&) {
        key = whole(s);
        return true;
    }
    bool on_number_part(string_view s, error_code&) { return add(s); }
    bool on_int64(std::int64_t, string_view s, error_code&) {
        put(JsonKind::number, whole(s));
        return true;
    }
    bool on_uint64(std::uint64_t, string_view s, error_code&) {
        put(JsonKind::number, whole(s));
        return true;
    }
    bool on_double(double, string_view s, error_code&) {
        put(JsonKind::number, whole(s));
        return true;
    }
    bool on_bool(bool b, error_code&) {
        put(JsonKind::boolean, {}, b);
        return true;
    }
    bool on_null(error_code&) {
        put(JsonKind::null);
        return true;
    }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

std::string line_and_column(BytesView bytes, std::size_t at) {
    BytesView before = bytes.substr(0, at);
    auto line = 1 + std::count(before.begin(), before.end(), '\n');
    std::size_t start = before.rfind('\n');
    std::size_t column = at - (start == BytesView::npos ? 0 : start + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

const Json* Json::find(std::string_view key) const {
    for (const auto& [name, value] : members) {
        if (name == key) return &value;
    }
    return nullptr;
}

const char* name(JsonKind kind) {
    switch (kind) {
        case JsonKind::null: return "null";
        case JsonKind::boolean: return "true or false";
        case JsonKind::number: return "a number";
        case JsonKind::text: return "a text";
        case JsonKind::array: return "an array";
        case JsonKind::object: return "an object";
    }
    return "";
}

Result<Json> parse_json(BytesView bytes, std::size_t bytes_max) {
    if (bytes.size() > bytes_max) {
        return fail(Errc::too_large, "it has " + std::to_string(bytes.size()) + " bytes; at most " +
                                         std::to_string(bytes_max) + " are read");
    }
    boost::json::parse_options options;
    options.max_depth = limits::json_depth_max;
    boost::json::basic_parser<Builder> parser(options);
    error_code error;
    std::size_t taken = parser.write_some(false, bytes.data(), bytes.size(), error);
    if (!error && bytes.find_first_not_of(" \t\r\n", taken) != BytesView::npos) {
        error = boost::json::error::extra_data;
    }
    if (error == boost::json::error::too_deep) {
        return fail(Errc::too_large,
                    "it is nested more than " + std::to_string(limits::json_depth_max) +
                        " deep (json_depth_max) at " + line_and_column(bytes, taken));
    }
    if (error) {
        return fail(Errc::malformed,
                    "it is not JSON: " + error.message() + " at " + line_and_column(bytes, taken));
    }
    Builder& built = parser.handler();
    if (!built.repeated.empty()) {
        return fail(Errc::malformed, "the name " + quote_json(built.repeated) +
                                         " stands twice in one object; keep one");
    }
    return std::move(built.root);
}

bool is_plain(std::string_view text) {
    // Eight bytes a step; a byte's high bit says that it is found. What a borrow finds too many
    // stands above a true find (S. E. Anderson, Bit Twiddling Hacks, "hasless").
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t highs = 0x8080808080808080;
    const auto below = [](std::uint64_t word, unsigned byte) {
        return (word - ones * byte) & ~word & highs;
    };
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= text.size(); i += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        const auto is = [&](unsigned byte) { return below(word ^ ones * byte, 1); };
        const auto leads = is(0xC2) | is(0xD8) | is(0xE2) | is(0xEF);  // of what unseen_at() finds
        if ((below(word, 0x20) | is('"') | is('\\') | is(0x7F) | leads) != 0) return false;
    }
    return std::none_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '\x7F' ||
               c == '\xC2' || c == '\xD8' || c == '\xE2' || c == '\xEF';
    });
}

namespace {

/// A character of the basic plane as `\uXXXX`; `one` is what unseen_at() found.
void append_escape(std::string& out, std::string_view one) {
    unsigned code = static_cast<unsigned char>(one[0]);
    if (one.size() == 2) code &= 0x1F;
    if (one.size() == 3) code &= 0x0F;
    for (const char c : one.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3F);
    out += "\\u";
    constexpr char digits[] = "0123456789abcdef";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[code >> shift & 15];
}

}  // namespace

std::string escape_unseen(std::string_view json) {
    std::string out;
    for (std::size_t i = 0; i < json.size();) {
        const std::size_t unseen = unseen_at(json, i);
        if (unseen > 0) {
            append_escape(out, json.substr(i, unseen));
        } else {
            out += json[i];
        }
        i += std::max<std::size_t>(unseen, 1);
    }
    return out;
}

std::string quote_json(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
    return escape_unseen(out);
}

}  // namespace entente::formats

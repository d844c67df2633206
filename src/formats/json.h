// SPDX-License-Identifier: Apache-2.0
// Strangers' JSON as a tree that keeps the text of every number, so that 1e-7 degrees are exact,
// and every member in its order, so that a name given twice can be refused. Boost.JSON does the
// parsing; depth is bounded by limits::json_depth_max.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::formats {

enum class JsonKind : std::uint8_t { null, boolean, number, text, array, object };

struct JsonMember;

struct Json {
    JsonKind kind = JsonKind::null;
    bool boolean = false;
    std::string text;  // of a text, or of a number as it was written
    std::vector<Json> elements;
    std::vector<JsonMember> members;

    const Json* find(std::string_view key) const;
    bool is(JsonKind k) const { return kind == k; }
};

/// Not a std::pair, which asks about Json before Json is complete: clang 14 refuses that.
struct JsonMember {
    std::string name;
    Json value;
};

const char* name(JsonKind kind);

/// Errc::malformed with line and column; Errc::too_large above `bytes_max` or too deep. A member
/// name that stands twice in one object is refused: two readers could take different ones.
Result<Json> parse_json(BytesView bytes, std::size_t bytes_max);

/// The text as a JSON string with its quotes; what a terminal obeys instead of showing it is
/// escaped (unseen_at).
std::string quote_json(std::string_view text);
/// JSON that was written elsewhere, on one line: the same, with those characters escaped.
std::string escape_unseen(std::string_view json);
/// Whether it needs no escape in one.
bool is_plain(std::string_view text);

}  // namespace entente::formats

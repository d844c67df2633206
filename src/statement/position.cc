// SPDX-License-Identifier: Apache-2.0
#include "statement/position.h"

#include "base/limits.h"
#include "statement/said_codec.h"
#include "statement/span.h"

namespace entente::statement {
namespace {

constexpr const char* stand_names[stand_count] = {"no_position", "protected", "not_protected",
                                                  "agrees", "differs"};

}  // namespace

const char* name(Stand stand) { return stand_names[static_cast<std::size_t>(stand)]; }

void members(Members& m, Position& position) {
    m.record("group", position.group);
    m.lines("point", position.point, limits::said_text_bytes_max, Need::may);
    m.word("stand", position.stand, {stand_names, stand_count, "a position"});
    m.lines("text", position.text, limits::said_text_bytes_max, Need::may);
    m.time("from", position.from);
    m.time("until", position.until);
    m.line("contact", position.contact, Need::must);
}

Result<void> validate(const Position& position) {
    TRYV(check_said(position));
    TRYV(check_span(position.from, position.until));
    if (position.group.has_value() != position.point.empty()) {
        return fail(Errc::malformed, "one of 'group' (a record) and 'point' (of the charter)");
    }
    const bool on_point = position.stand == Stand::agrees || position.stand == Stand::differs;
    if (position.stand == Stand::no_position || on_point != position.group.has_value()) return {};
    return fail(Errc::malformed,
                "a group is protected, not_protected or no_position; with a point one agrees, "
                "differs or has no_position");
}

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
#include "statement/link.h"

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {
namespace {

constexpr const char* relation_names[relation_count] = {"duplicate_of", "part_of", "follows"};

}  // namespace

const char* name(Relation relation) { return relation_names[static_cast<std::size_t>(relation)]; }

void members(Members& m, Link& link) {
    m.record("incident", link.incident);
    m.record("other", link.other);
    m.word("relation", link.relation, {relation_names, relation_count, "a relation"});
    m.lines("text", link.text, limits::said_text_bytes_max, Need::may);
    m.line("contact", link.contact, Need::must);
}

Result<void> validate(const Link& link) {
    TRYV(check_said(link));
    if (link.incident && link.other && link.incident != link.other) return {};
    return fail(Errc::malformed, "'incident' and 'other' are two incidents");
}

}  // namespace entente::statement

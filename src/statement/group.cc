// SPDX-License-Identifier: Apache-2.0
#include "statement/group.h"

#include "base/limits.h"
#include "statement/said_codec.h"

namespace entente::statement {

void members(Members& m, GroupName& name) {
    m.line("text", name.text, Need::must);
    m.line("language", name.language, Need::may);
    m.line("script", name.script, Need::may);
}

void members(Members& m, Group& group) {
    m.list("names", group.names, limits::names_max);
    m.lines("text", group.text, limits::said_text_bytes_max, Need::may);
    m.records("same", group.same, limits::about_max);
    m.line("contact", group.contact, Need::must);
}

Result<void> validate(const Group& group) {
    TRYV(check_said(group));
    if (!group.names.empty()) return {};
    return fail(Errc::malformed, "'names' is empty: a group is called something");
}

}  // namespace entente::statement

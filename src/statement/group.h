// SPDX-License-Identifier: Apache-2.0
// A group exists, under these names. Never who is in it: no field holds a member, and none may be
// put into a text. How a party sees it is that party's position (position.h); where it is, a
// presence (presence.h).
#pragma once

#include "statement/body.h"
#include "statement/members.h"

namespace entente::statement {

constexpr const char* group_kind = "group";

/// One name, in a language (BCP 47) and script (ISO 15924), which may be empty.
struct GroupName {
    std::string text;
    std::string language;
    std::string script;
    bool operator==(const GroupName&) const = default;
};

struct Group {
    BodyKeys keys;
    std::vector<GroupName> names;  // 1 to names_max
    std::string text;              // what it is, in words
    std::vector<RecordId> same;    // records of others that mean the same group
    std::string contact;
    bool operator==(const Group&) const = default;
};

void members(Members& m, GroupName& name);
void members(Members& m, Group& group);
Result<void> validate(const Group& group);

}  // namespace entente::statement

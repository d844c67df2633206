// SPDX-License-Identifier: Apache-2.0
// The table of roles and rights, written a second time by what each role is for.
#include "people/right.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace entente::people {
namespace {

TEST(Right, IsHadByTheRolesThatNeedIt) {
    const std::map<Role, std::set<std::string>> wanted = {
        {Role::registrar,
         {"look", "check", "read_exact", "list_exact", "say", "follow", "share", "stop"}},
        {Role::verifier,
         {"look", "check", "read_exact", "list_exact", "follow", "share", "stop", "approve"}},
        {Role::planner,
         {"look", "check", "read_exact", "object", "share", "stop", "track", "plan"}},
        {Role::liaison,
         {"look", "check", "read_exact", "object", "share", "stop", "release", "acknowledge",
          "duty", "track"}},
        {Role::duty,
         {"look", "check", "read_exact", "object", "share", "stop", "acknowledge", "duty", "track",
          "plan"}},
        {Role::auditor, {"look", "read_exact", "list_exact", "audit"}},
        {Role::admin, {"look", "admin"}},
    };
    ASSERT_EQ(wanted.size(), role_count);
    for (const auto& [role, rights] : wanted) {
        for (std::size_t i = 0; i < right_count; ++i) {
            const auto right = static_cast<Right>(i);
            const bool always = right == Right::anyone || right == Right::self;
            EXPECT_EQ(may({role}, right), always || rights.contains(name(right)))
                << name(role) << " " << name(right);
        }
    }
}

TEST(Right, IsHadByAnyOfSeveralRolesAndByNoneWithoutOne) {
    for (std::size_t bits = 0; bits < 1u << role_count; ++bits) {
        Roles roles;
        for (std::size_t i = 0; i < role_count; ++i) {
            if ((bits >> i & 1) != 0) roles.add(static_cast<Role>(i));
        }
        for (std::size_t r = 2; r < right_count; ++r) {
            const auto right = static_cast<Right>(r);
            bool any = false;
            for (std::size_t i = 0; i < role_count; ++i) {
                const auto role = static_cast<Role>(i);
                any |= roles.has(role) && may({role}, right);
            }
            EXPECT_EQ(may(roles, right), any);
        }
    }
}

TEST(Roles, AreReadByNameOnce) {
    EXPECT_EQ(*parse_roles({"duty", "planner"}), (Roles{Role::planner, Role::duty}));
    EXPECT_EQ(parse_roles({})->names(), std::vector<std::string>());
    EXPECT_EQ(Roles::all().names().size(), role_count);
    EXPECT_EQ(parse_roles(Roles::all().names()), Roles::all());
    for (const auto& wrong :
         {std::vector<std::string>{"Duty"}, {"duty", "duty"}, {""}, {"owner"}}) {
        EXPECT_FALSE(parse_roles(wrong));
    }
    EXPECT_TRUE((Roles{Role::duty}.within({Role::duty, Role::admin})));
    EXPECT_FALSE((Roles{Role::duty, Role::admin}.within({Role::duty})));
}

}  // namespace
}  // namespace entente::people

// SPDX-License-Identifier: Apache-2.0
#include "people/right.h"

#include <array>

namespace entente::people {
namespace {

constexpr std::array<const char*, role_count> role_names = {
    "registrar", "verifier", "planner", "liaison", "duty", "auditor", "admin"};

constexpr std::array<const char*, right_count> right_names = {
    "anyone", "self",   "look",  "check", "read_exact", "list_exact", "say",
    "follow", "object", "share", "stop",  "approve",    "release",    "acknowledge",
    "duty",   "track",  "plan",  "audit", "admin"};

/// The one table. `true`: whoever has the role has the right.
struct Row {
    Right right;
    bool registrar, verifier, planner, liaison, duty, auditor, admin;
};
// clang-format off
constexpr Row table[] = {
    //                     registrar verifier planner liaison duty   auditor admin
    {Right::look,          true,     true,    true,   true,   true,  true,   true},
    {Right::check,         true,     true,    true,   true,   true,  false,  false},
    {Right::read_exact,    true,     true,    true,   true,   true,  true,   false},
    {Right::list_exact,    true,     true,    false,  false,  false, true,   false},
    {Right::say,           true,     false,   false,  false,  false, false,  false},
    {Right::follow,        true,     true,    false,  false,  false, false,  false},
    {Right::object,        false,    false,   true,   true,   true,  false,  false},
    {Right::share,         true,     true,    true,   true,   true,  false,  false},
    {Right::stop,          true,      true,     true,    true,   true,  false,  false},
    {Right::approve,       false,    true,    false,  false,  false, false,  false},
    {Right::release,       false,    false,   false,  true,   false, false,  false},
    {Right::acknowledge,   false,    false,   false,  true,   true,  false,  false},
    {Right::duty,          false,    false,   false,  true,   true,  false,  false},
    {Right::track,         false,    false,   true,   true,   true,  false,  false},
    {Right::plan,          false,    false,   true,   false,  true,  false,  false},
    {Right::audit,         false,    false,   false,  false,  false, true,   false},
    {Right::admin,         false,    false,   false,  false,  false, false,  true},
};
// clang-format on

Roles roles_of(const Row& row) {
    const bool given[role_count] = {row.registrar, row.verifier, row.planner, row.liaison,
                                    row.duty,      row.auditor,  row.admin};
    Roles out;
    for (std::size_t i = 0; i < role_count; ++i) {
        if (given[i]) out.add(static_cast<Role>(i));
    }
    return out;
}

}  // namespace

const char* name(Role role) { return role_names[static_cast<std::size_t>(role)]; }
const char* name(Right right) { return right_names[static_cast<std::size_t>(right)]; }

Result<Role> parse_role(std::string_view text) {
    std::string all;
    for (std::size_t i = 0; i < role_count; ++i) {
        if (text == role_names[i]) return static_cast<Role>(i);
        all += (i > 0 ? ", " : "") + std::string(role_names[i]);
    }
    return fail(Errc::malformed,
                "`" + std::string(text.substr(0, 64)) + "` is no role; one of " + all);
}

std::vector<std::string> Roles::names() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < role_count; ++i) {
        if (has(static_cast<Role>(i))) out.emplace_back(role_names[i]);
    }
    return out;
}

Result<Roles> parse_roles(const std::vector<std::string>& names) {
    Roles out;
    for (const std::string& one : names) {
        TRY(role, parse_role(one));
        if (out.has(role)) return fail(Errc::malformed, "the role " + one + " stands twice");
        out.add(role);
    }
    return out;
}

bool may(Roles roles, Right right) {
    if (right == Right::anyone || right == Right::self) return true;
    for (const Row& row : table) {
        if (row.right == right) return !(roles_of(row) & roles).empty();
    }
    return false;
}

}  // namespace entente::people

// SPDX-License-Identifier: Apache-2.0
// What people inside a party may do (DESIGN 9): roles are what an admin gives, rights are what a
// route asks for, and one table (right.cc) says which role has which right. Nothing else decides.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace entente::people {

enum class Role : std::uint8_t { registrar, verifier, planner, liaison, duty, auditor, admin };
constexpr std::size_t role_count = 7;
const char* name(Role role);
Result<Role> parse_role(std::string_view text);

/// A set of roles.
class Roles {
  public:
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles) {
        for (const Role role : roles) add(role);
    }
    static constexpr Roles all() {
        Roles out;
        out.bits_ = (1u << role_count) - 1;
        return out;
    }
    constexpr void add(Role role) { bits_ |= 1u << static_cast<unsigned>(role); }
    constexpr bool has(Role role) const { return (bits_ >> static_cast<unsigned>(role) & 1) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    /// Roles that both have.
    constexpr Roles operator&(Roles other) const {
        Roles out;
        out.bits_ = bits_ & other.bits_;
        return out;
    }
    constexpr bool within(Roles other) const { return (bits_ & ~other.bits_) == 0; }
    bool operator==(const Roles&) const = default;
    /// Names in the order of the enum.
    std::vector<std::string> names() const;

  private:
    unsigned bits_ = 0;
};

/// Errc::malformed for a name that is no role's or stands twice.
Result<Roles> parse_roles(const std::vector<std::string>& names);

enum class Right : std::uint8_t {
    anyone,       // no credential is asked for
    self,         // whoever is signed in, about themselves
    look,         // the register without exact positions: lists, tiles, events, how the node is
    check,        // ask what a plan touches
    read_exact,   // one record with its exact position; each reading is audited
    list_exact,   // exact positions of one's own party by the list, map and export
    say,          // state, amend, withdraw, import
    follow,       // say what only confirms: what `say` may, and the verifier
    object,       // object to an activity, contest a protection, speak on the hot line
    share,        // say what is known: reports, incidents, groups, positions, areas of control
    stop,         // say STOP to another party, and say whom one called
    approve,      // sign or refuse what waits for officers
    release,      // give to other parties, recall
    acknowledge,  // receipts to other parties
    duty,         // hold a duty role
    track,        // send positions of live tracks
    plan,         // declare activities, start and end them
    audit,        // read who read what
    admin,        // accounts, roles, others' sessions and tokens, links
};
constexpr std::size_t right_count = 19;
const char* name(Right right);

/// Whether one of the roles has the right. `anyone` and `self` are had without any role.
bool may(Roles roles, Right right);

}  // namespace entente::people

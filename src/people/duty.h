// SPDX-License-Identifier: Apache-2.0
// The duty roster: which roles of this party must be reachable, and who holds each now. A person
// signs on, signs off, or hands over to another, who must accept: until then the role stays with
// who offered it. A role that nobody holds is shown as such, to peers too. (PROTOCOL 28: STOPs are
// addressed to duty roles.)
//
// One owner: whoever shares it guards it.
#pragma once

#include <map>

#include "people/people.h"

namespace entente::people {

struct Duty {
    std::string role;
    std::string what;    // for people
    std::string holder;  // an account; empty: nobody
    Instant since;       // of the holder, or of its being empty
    std::string offered_to;
    Instant offered;
    bool operator==(const Duty&) const = default;
};

class Roster {
  public:
    static Result<Roster> load(Store& store);

    const std::map<std::string, Duty>& all() const { return all_; }

    Result<void> add(const std::string& role, const std::string& what, const By& by);
    /// Errc::refused while somebody holds it.
    Result<void> remove(const std::string& role, const By& by);
    /// Errc::refused while somebody else holds it: they hand it over.
    Result<void> sign_on(const std::string& role, const std::string& who, const By& by);
    Result<void> sign_off(const std::string& role, const std::string& who, const By& by);
    /// Offers it to another; a second offer replaces the first, one to oneself takes it back.
    Result<void> hand_over(const std::string& role, const std::string& who, const std::string& to,
                           const By& by);
    Result<void> accept(const std::string& role, const std::string& who, const By& by);
    /// Whoever may no longer hold a role (disabled, without the right) is signed off.
    Result<void> release(const std::string& account, const By& by);

    static constexpr std::size_t roles_max = 100;

  private:
    explicit Roster(Store& store) : store_(&store) {}
    Result<Duty> find(const std::string& role) const;
    Result<void> put(const Duty& duty, const char* act, const std::string& what, const By& by);

    Store* store_;
    std::map<std::string, Duty> all_;  // by role
};

}  // namespace entente::people

// SPDX-License-Identifier: Apache-2.0
// Whether a presence that a plan touches is a conflict (PROTOCOL 17, 21): by what the parties'
// positions say of its group, now and at any moment of the plan.
//
// It is, unless all of this is so: the group is known here; nobody protects it; its author has said
// that it does not, or that it takes no position, and the sponsor likewise; and nothing that was
// said of the group is unread here. So no third party's word, and nobody's silence, makes less of
// an area than its author did: deny wins. What is left then is a caution, and never nothing.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "view/view.h"

namespace entente::check {

/// Why a presence weighs what it does, the first that is so.
enum class Because : std::uint8_t {
    group_unknown,    // no statement that is here says what group it is
    is_protected,     // a party's position protects it
    unread,           // something said of the group cannot be read here, or is not looked at
    author_silent,    // who says the presence has taken no position on its group
    sponsor_silent,   // nor has who vouches for it
    nobody_protects,  // then it is a caution
};
const char* name(Because because);
/// Of a presence that this party says, of a group of which this is said.
Because because_of(const PartyId& author, const statement::Presence& said,
                   const view::GroupStands& stands);

struct PresenceFound {
    statement::Presence said;
    view::GroupStands stands;
    Because because = Because::group_unknown;
    bool restrains() const { return because != Because::nobody_protects; }
    /// Whether one party protects the group and another says that it does not.
    bool contested() const { return stands.differ(); }
};

/// For a terminal and for `why`: whose area it is, by whose word, and who says what of the group.
std::string presence_text(const PresenceFound& found);

/// Presences of one question: a group is looked up once for the moments of one volume.
class Presences {
  public:
    Presences(const view::View& view, Instant now) : view_(view), now_(now) {}
    /// `plan`: the window of the volume that touches it.
    PresenceFound of(const PartyId& author, const statement::Presence& said,
                     const geo::Window& plan);

  private:
    const view::View& view_;
    Instant now_;
    std::map<std::pair<RecordId, Instant>, view::GroupStands> looked_up_;
};

}  // namespace entente::check

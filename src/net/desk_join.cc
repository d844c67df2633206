// SPDX-License-Identifier: Apache-2.0
// Joins of incidents: what lies near is found on the caller's thread; to whom it was given is read
// on the desk's, where that is kept, a piece at a time.
#include "net/desk.h"

namespace entente::net {
namespace {

/// Some tens of milliseconds: a commit waits no longer for somebody who reads.
constexpr std::size_t releases_a_turn = 10'000;

}  // namespace

Result<std::optional<Desk::Joined>> Desk::join(const RecordId& incident, Metres within) {
    static thread_local index::Scratch scratch;
    const auto of = moment();
    const auto seen = of->view.find_statement(incident);
    if (!seen || !evidence::scene_of(*seen)) return std::optional<Joined>();
    TRY(join, node::join_near({of->state, of->view, scratch}, *seen, within));
    for (bool all = false; !all;) {
        Result<bool> turn = false;
        TRYV(inside([&](const Inside&) {
            turn = joining_.catch_up(releases_a_turn);
            if (turn && *turn) joining_.tell(join);
        }));
        if (!turn) return tl::unexpected(turn.error());
        all = *turn;
    }
    return Joined{of, std::move(join)};
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Rules that the simulation breaks on purpose, one at a time, to see that its checks find it. In
// the program there are none: broken() is a constant, and what stands behind it is not compiled.
// Only the sources that sim_test compiles once more (cmake/sim.cmake) ask sim/breaks.cc.
//
//     if (size < last && !broken(Break::sign_smaller_tree)) return refuse(…);
#pragma once

#include <cstdint>

namespace entente {

enum class Break : std::uint8_t {
    none,
    believe_unverified_entry,
    sign_smaller_tree,
    drop_objection,
    mix_audiences,
    forget_timer,
    relax_before_final,
    reuse_tag,
    skip_slot,
    hasten_amended_leg,
    tell_twice,
    forget_replies,
    name_what_is_not_held,
    lift_at_once,
    ignore_unlogged_stop,
    heed_challenge,
    let_others_accept,
    keep_older_boundary,
    forget_heard_stop,
    let_go_of_heard_stop,
    let_nodes_acknowledge,
    heed_not_protected,
    end_position_at_once,
};

#ifdef ENTENTE_SIM_BREAKS
bool broken(Break rule);
#else
constexpr bool broken(Break /*rule*/) { return false; }
#endif

}  // namespace entente

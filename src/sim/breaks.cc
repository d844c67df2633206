// SPDX-License-Identifier: Apache-2.0
#include "sim/breaks.h"

namespace entente {
namespace {

thread_local Break now_broken = Break::none;

}  // namespace

#ifdef ENTENTE_SIM_BREAKS
bool broken(Break rule) { return now_broken == rule; }
#endif  // benchmarks use this room without rules that can be broken

namespace sim {

Breaking::Breaking(Break rule) { now_broken = rule; }
Breaking::~Breaking() { now_broken = Break::none; }

std::string name(Break rule) {
    switch (rule) {
        case Break::none: return "none";
        case Break::believe_unverified_entry: return "believe_unverified_entry";
        case Break::sign_smaller_tree: return "sign_smaller_tree";
        case Break::drop_objection: return "drop_objection";
        case Break::mix_audiences: return "mix_audiences";
        case Break::forget_timer: return "forget_timer";
        case Break::relax_before_final: return "relax_before_final";
        case Break::reuse_tag: return "reuse_tag";
        case Break::skip_slot: return "skip_slot";
        case Break::hasten_amended_leg: return "hasten_amended_leg";
        case Break::tell_twice: return "tell_twice";
        case Break::forget_replies: return "forget_replies";
        case Break::name_what_is_not_held: return "name_what_is_not_held";
        case Break::lift_at_once: return "lift_at_once";
        case Break::ignore_unlogged_stop: return "ignore_unlogged_stop";
        case Break::heed_challenge: return "heed_challenge";
        case Break::let_others_accept: return "let_others_accept";
        case Break::keep_older_boundary: return "keep_older_boundary";
        case Break::forget_heard_stop: return "forget_heard_stop";
        case Break::let_go_of_heard_stop: return "let_go_of_heard_stop";
        case Break::let_nodes_acknowledge: return "let_nodes_acknowledge";
        case Break::heed_not_protected: return "heed_not_protected";
        case Break::end_position_at_once: return "end_position_at_once";
    }
    // src/cli/tests/breaks_test.py looks for these words in the program, and must not find them.
    return "entente/sim/breaks: no such rule";
}

}  // namespace sim
}  // namespace entente

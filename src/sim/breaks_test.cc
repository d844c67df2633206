// SPDX-License-Identifier: Apache-2.0
// What the checks of a world are worth: each rule that is broken on purpose, in all nodes, is found
// within 200 seeds. SIM_BREAK_SEEDS=n looks at n of them.
#include "sim/breaks.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "sim/world.h"

namespace entente::sim {
namespace {

class Breaks : public testing::TestWithParam<Break> {};

TEST_P(Breaks, AreFoundWithin200Seeds) {
    const Breaking breaking(GetParam());
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const Outcome out = World(seed).run();
        if (out.failure.empty()) continue;
        std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), out.failure.c_str());
        return;
    }
    ADD_FAILURE() << "no seed finds that a node would " << name(GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, Breaks,
                         testing::Values(Break::believe_unverified_entry, Break::sign_smaller_tree,
                                         Break::drop_objection, Break::mix_audiences,
                                         Break::forget_timer, Break::relax_before_final,
                                         Break::reuse_tag, Break::skip_slot,
                                         Break::hasten_amended_leg, Break::tell_twice,
                                         Break::forget_replies, Break::name_what_is_not_held,
                                         Break::lift_at_once, Break::ignore_unlogged_stop,
                                         Break::heed_challenge, Break::let_others_accept,
                                         Break::keep_older_boundary, Break::forget_heard_stop,
                                         Break::let_go_of_heard_stop, Break::let_nodes_acknowledge,
                                         Break::heed_not_protected, Break::end_position_at_once),
                         [](const auto& one) { return name(one.param); });

}  // namespace
}  // namespace entente::sim

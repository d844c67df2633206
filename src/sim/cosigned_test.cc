// SPDX-License-Identifier: Apache-2.0
// Others' cosignatures are stored before they count: whatever becomes of the write, what has
// relaxed by them is relaxed after the next start too, and what the disk did not take is asked for
// again.
#include <gtest/gtest.h>

#include "sim/four_for_test.h"
#include "store/testing.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using store::Fault;
using Rows = std::vector<node::StoredCosignature>;

constexpr std::int32_t site = 335'000'000;
const PartyId fr_id{"fr"}, ru_id{"ru"};

/// msf has withdrawn a place, and fr holds that entry with its own word on it alone. The others
/// have cosigned it and fr has not asked them: their two words make it final (k = 3 of 3).
class Withdrawn : public Four {
  public:
    Withdrawn() {
        const auto id = msf().say(hospital(site), {}, {{fr_id, node::Tier::exact}}, now);
        EXPECT_TRUE(id);
        rounds(3);
        follow_.emplace(fr().exchange(), ru_id, 1s);
        EXPECT_TRUE(asks_ru());
        node::Draft withdraw;
        withdraw.act = statement::act::withdraw;
        withdraw.actor = "a.registrar";
        EXPECT_TRUE(msf().say(withdraw, *id, {}, now));
        EXPECT_TRUE(sync(fr(), msf(), now));
        for (Party* one : {&ru(), &un()}) EXPECT_TRUE(sync(*one, msf(), now));
        EXPECT_TRUE(sync(ru(), un(), now));
    }
    /// One round of fr's to ru, by one line that remembers what it was told.
    bool asks_ru() {
        now += 10min;  // also after a failure
        while (const auto step = follow_->next(now)) {
            auto answer = ru().exchange().answer(fr_id, step->path);
            follow_->take(answer ? Result<node::StepAnswer>({false, {}, std::move(*answer)})
                                 : Result<node::StepAnswer>(tl::unexpected(answer.error())),
                          now);
        }
        return !follow_->trouble();
    }
    Bytes frame() { return ru().exchange().answer(fr_id, "/peer/v1/heads").value(); }
    Result<node::HeadsTaken> fr_takes(BytesView heads) {
        return fr().exchange().take_heads(ru_id, heads, now);
    }
    bool protects() {
        const geo::Circle there{{site, 363'000'000}, {500}};
        return fr().ask({{{there, {}, {}}}, {0}}, now + 2h).findings_total > 0;
    }
    TreeSize final_size() {
        for (const auto& one : fr().exchange().status(now)) {
            if (one.party == msf().id()) return one.final_size;
        }
        return {};
    }
    Rows stored() {
        return store::testing::must(
            store::testing::all_cosignatures(fr().store(), msf().node().origin()));
    }
    /// What fr passes on of what others said.
    std::vector<Bytes> passes_on() {
        const Bytes all = fr().exchange().answer(ru_id, "/peer/v1/heads").value();
        const auto heads = node::parse_heads(all).value();
        return {heads.notes.begin(), heads.notes.end()};
    }
    void start_again() {
        fr().stop();
        const auto started = fr().start();
        ASSERT_TRUE(started) << started.error().detail;
    }

  private:
    std::optional<node::Follow> follow_;
};

TEST(Cosigned, RelaxesNothingUntilItIsStored) {
    for (const Fault fault : {Fault::not_persisted, Fault::disk_full, Fault::persisted}) {
        Withdrawn world;
        const Rows before = world.stored();
        const auto known = world.passes_on();
        const TreeSize final_before = world.final_size();
        ASSERT_TRUE(world.protects());
        world.fr().faults().fail_commit(0, fault);
        const auto taken = world.fr_takes(world.frame());
        ASSERT_FALSE(taken);
        EXPECT_EQ(taken.error().code, Errc::unavailable);
        EXPECT_TRUE(world.protects());
        EXPECT_EQ(world.final_size(), final_before);
        EXPECT_EQ(world.passes_on(), known) << "what may not be here after a start is told nobody";
        EXPECT_EQ(world.stored() == before, fault != Fault::persisted);
        EXPECT_TRUE(world.fr().exchange().peer(ru_id)->misdeeds.empty())
            << "it is no doing of ru's";
    }
}

TEST(Cosigned, CountsOnceAWriteSucceedsAndAStartFindsTheSame) {
    for (const Fault fault : {Fault::not_persisted, Fault::disk_full, Fault::persisted}) {
        Withdrawn world;
        world.fr().faults().fail_commit(0, fault);
        ASSERT_FALSE(world.fr_takes(world.frame()));
        const auto taken = world.fr_takes(world.frame());
        ASSERT_TRUE(taken) << taken.error().detail;
        EXPECT_TRUE(taken->news);
        EXPECT_FALSE(world.protects());
        const auto known = world.passes_on();
        const TreeSize final_then = world.final_size();
        EXPECT_EQ(final_then, world.msf().node().log().size());
        const Rows rows = world.stored();
        world.start_again();
        EXPECT_FALSE(world.protects());
        EXPECT_EQ(world.final_size(), final_then);
        EXPECT_EQ(world.passes_on(), known);
        EXPECT_EQ(world.stored(), rows);
        const auto again = world.fr_takes(world.frame());
        ASSERT_TRUE(again);
        EXPECT_FALSE(again->news) << "it is all here";
    }
}

/// A write that was kept though it seemed to fail is believed no earlier than the next start.
TEST(Cosigned, AStartFindsWhatWasStoredThoughItSeemedToFail) {
    Withdrawn world;
    world.fr().faults().fail_commit(0, Fault::persisted);
    ASSERT_FALSE(world.fr_takes(world.frame()));
    ASSERT_TRUE(world.protects());
    world.start_again();
    EXPECT_FALSE(world.protects());
}

TEST(Cosigned, AllOfAFrameIsOneWrite) {
    Withdrawn world;
    const std::size_t before = world.stored().size();
    world.fr().faults().fail_commit(1, Fault::not_persisted);
    ASSERT_TRUE(world.fr_takes(world.frame()));
    EXPECT_EQ(world.stored().size(), before + 4) << "two parties, as witnesses and as mirrors";
    EXPECT_FALSE(world.fr_takes("no frame")) << "nothing is written for it";
    ASSERT_TRUE(world.fr_takes(world.frame())) << "nothing new, nothing written";
    world.fr().faults().work();
}

/// Who names a mark is told only what came since: what could not be stored must come again.
TEST(Cosigned, AFailedWriteIsAskedForAgain) {
    Withdrawn world;
    world.fr().faults().fail_commit(0, Fault::disk_full);
    EXPECT_FALSE(world.asks_ru());
    EXPECT_TRUE(world.protects());
    EXPECT_TRUE(world.asks_ru());
    EXPECT_FALSE(world.protects());
}

TEST(Cosigned, ALieTakesNothingFromWhatCameBeforeIt) {
    Withdrawn world;
    const Bytes good = world.frame();
    const auto heads = node::parse_heads(good).value();
    std::vector<Bytes> notes(heads.notes.begin(), heads.notes.end());
    notes.push_back("not a note\n");
    const auto taken = world.fr_takes(node::format_heads(notes, "1-1"));
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::malformed);
    EXPECT_FALSE(world.fr().exchange().peer(ru_id)->misdeeds.empty());
    EXPECT_FALSE(world.protects());
    world.start_again();
    EXPECT_FALSE(world.protects());
}

}  // namespace
}  // namespace entente::sim

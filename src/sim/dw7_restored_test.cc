// SPDX-License-Identifier: Apache-2.0
// PROTOCOL 26: a node restored from an old backup remembers nothing of what it signed, and signs
// nothing until its peers have spoken; then only if nobody knows of more than it holds.
#include <gtest/gtest.h>

#include "sim/draft_for_test.h"
#include "tlog/witness_wire.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

class Restored : public testing::Test {
  protected:
    Party& fr() { return *parties_[0]; }

    void round() {
        now_ += 60s;
        for (auto& party : parties_) EXPECT_TRUE(party->exchange().tick(now_));
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker != asked) (void)sync(*asker, *asked, now_);
            }
        }
    }
    void say(Party& party, std::int32_t lat_e7) {
        EXPECT_TRUE(party.say(clinic(lat_e7), {}, {{PartyId{"un"}, node::Tier::exact}}, now_));
    }
    /// Whatever it signs would show in one of these.
    void expect_nothing_signed(TreeSize size, std::size_t cosigned) {
        now_ += 60s;
        EXPECT_TRUE(fr().exchange().tick(now_));
        EXPECT_EQ(fr().node().log().size(), size);
        EXPECT_FALSE(fr().say(clinic(100'000'000), {}, {}, now_)) << "a statement was signed";
        const tlog::SignedCheckpoint& head = parties_[1]->node().head();
        const auto word = fr().exchange().add_checkpoint(
            tlog::format_add_checkpoint({{0}, {}, head.checkpoint, head.note}), now_);
        EXPECT_EQ(word.status, 503);
        EXPECT_EQ(own_cosignatures(), cosigned);
    }
    std::size_t own_cosignatures() {
        std::size_t out = 0;
        for (const auto& party : parties_) {
            (void)fr().store().scan_cosignatures(
                party->node().origin(), [&](node::StoredCosignature&& row) {
                    out += row.cosigner.find("/fr/") != std::string::npos;
                    return Result<void>();
                });
        }
        return out;
    }

    Founders founders_ = found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1);
    Instant now_ = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z
    std::vector<std::unique_ptr<Party>> parties_ = [this] {
        std::vector<std::unique_ptr<Party>> out;
        for (std::size_t i = 0; i < 4; ++i) {
            out.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
        return out;
    }();
};

TEST_F(Restored, SignsNothingUntilAllPeersHaveSpokenAndThenGoesOn) {
    for (int i = 0; i < 4; ++i) {
        say(fr(), 200'000'000 + i);
        say(*parties_[1], 300'000'000 + i);
        round();
    }
    round();
    const auto backup = fr().store();
    const TreeSize size = fr().node().log().size();
    const std::size_t cosigned = own_cosignatures();
    EXPECT_GT(cosigned, 0u);
    ASSERT_TRUE(fr().put_back(backup));
    ASSERT_TRUE(fr().node().waits_for_peers());
    expect_nothing_signed(size, cosigned);
    for (std::size_t peer : {1u, 2u}) {
        say(*parties_[1], 400'000'000 + static_cast<std::int32_t>(peer));
        EXPECT_TRUE(sync(fr(), *parties_[peer], now_));
        EXPECT_TRUE(fr().node().waits_for_peers()) << "one has not spoken";
        expect_nothing_signed(size, cosigned);
    }
    EXPECT_TRUE(sync(fr(), *parties_[3], now_));
    EXPECT_EQ(fr().node().halted(), "");
    round();
    EXPECT_GT(fr().node().log().size(), size) << "it says beats again";
    EXPECT_GT(own_cosignatures(), cosigned) << "and cosigns again";
    round();
    for (auto& party : parties_) {
        if (party->id() == fr().id()) continue;
        for (const auto& status : party->exchange().status(now_)) {
            EXPECT_TRUE(status.misdeeds.empty()) << status.misdeeds.front().text;
        }
        EXPECT_FALSE(party->exchange().peer(fr().id())->fork);
    }
}

TEST_F(Restored, SignsNeverWhereAPeerHoldsMoreOfItsLog) {
    round();
    const auto backup = fr().store();
    say(fr(), 200'000'000);
    EXPECT_TRUE(sync(*parties_[3], fr(), now_));  // one alone has seen it
    ASSERT_TRUE(fr().put_back(backup));
    for (std::size_t peer : {1u, 2u, 3u}) (void)sync(fr(), *parties_[peer], now_);
    EXPECT_NE(fr().node().halted(), "");
    EXPECT_FALSE(fr().node().waits_for_peers());
    const TreeSize size = fr().node().log().size();
    for (int i = 0; i < 3; ++i) round();
    EXPECT_EQ(fr().node().log().size(), size);
    EXPECT_FALSE(fr().say(clinic(100'000'000), {}, {}, now_));
}

/// It had cosigned more of the others' logs than the backup holds: it learns that from them, and
/// never says less.
TEST_F(Restored, CosignsNothingSmallerThanItsPeersKnowOf) {
    round();
    const auto backup = fr().store();
    for (int i = 0; i < 3; ++i) {
        // Its own log stays as it is in the backup; the others' grow, and it cosigns them.
        now_ += 1s;
        say(*parties_[1], 300'000'000 + i);
        EXPECT_TRUE(sync(fr(), *parties_[1], now_));
        EXPECT_TRUE(sync(*parties_[1], fr(), now_));
    }
    const Origin ru = parties_[1]->node().origin();
    const auto before = fr().cosigned().last(ru, node::CosignRole::mirror);
    ASSERT_TRUE(before && *before);
    ASSERT_TRUE(fr().put_back(backup));
    for (int i = 0; i < 2; ++i) {
        for (std::size_t peer : {1u, 2u, 3u}) EXPECT_TRUE(sync(fr(), *parties_[peer], now_));
    }
    EXPECT_EQ(fr().node().halted(), "");
    const auto after = fr().cosigned().last(ru, node::CosignRole::mirror);
    ASSERT_TRUE(after && *after);
    EXPECT_GE((*after)->size, (*before)->size);
    EXPECT_EQ(parties_[1]->node().log().tree().root((*after)->size), (*after)->root);
}

}  // namespace
}  // namespace entente::sim

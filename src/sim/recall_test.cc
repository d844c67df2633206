// SPDX-License-Identifier: Apache-2.0
// Taking back what was released (PROTOCOL 12): the exact place goes, the area stays, the party says
// what it did, and nothing that protects is lost by it.
#include <gtest/gtest.h>

#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using check::Verdict;
using node::Tier;

constexpr std::int32_t site = 335'000'000;
const PartyId fr_id{"fr"};

/// msf has told fr where a hospital is.
class Told {
  public:
    explicit Told(bool fr_hears = true) : founders_(found({"fr", "ru", "msf"}, terms(), 1)) {
        for (std::size_t i = 0; i < 3; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
        fr_is_away = !fr_hears;
        id = must(msf().say(hospital(site), {}, {{fr_id, Tier::exact}}, now));
        rounds(3);
    }
    Party& fr() { return *parties_[0]; }
    Party& msf() { return *parties_[2]; }
    Instant now = noon;
    RecordId id;
    bool fr_is_away = false;

    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            now += 60s;
            for (auto& party : parties_) {
                if (here(*party)) EXPECT_TRUE(party->exchange().tick(now));
            }
            for (auto& asker : parties_) {
                for (auto& asked : parties_) {
                    if (asker == asked || !here(*asker) || !here(*asked)) continue;
                    EXPECT_TRUE(sync(*asker, *asked, now));
                }
            }
        }
    }
    Result<node::Receipt> recall(bool coarse) {
        return msf().exchange().recall({{id}, fr_id, coarse, "the source is in danger"}, now);
    }
    Verdict verdict() {
        return fr().ask({{{geo::Circle{{site, 363'000'000}, {500}}, {}, {}}}, {0}}, now).verdict;
    }
    view::Tier tier() {
        const registry::Snapshot& snapshot = fr().node().snapshot();
        return view::Seen(snapshot, *snapshot.find(id)).tier();
    }
    std::string outcome() {
        for (const auto& status : msf().exchange().status(now)) {
            if (status.party == fr_id && !status.recalls.empty()) {
                return status.recalls.back().outcome + " " + status.recalls.back().reason;
            }
        }
        return "none";
    }
    /// The slots of the record's first version in fr's vault.
    std::array<seal::SlotState, 3> states() {
        const registry::Snapshot& snapshot = fr().node().snapshot();
        const registry::Version& first = snapshot.at(*snapshot.find(id)).versions.front();
        std::array<seal::SlotState, 3> out{};
        EXPECT_TRUE(fr().store().scan(
            msf().node().origin(), first.position.index, {first.position.index.v + 1},
            [&](node::StoredEntry&& row) -> Result<void> {
                out = fr().vault().states(first.position.leaf, row.wrapped_keys).value();
                return {};
            }));
        return out;
    }
    /// Starts fr again: the same is made of what is stored.
    void restart() {
        const Hash before = fr().node().snapshot().hash();
        fr().stop();
        const auto started = fr().start();
        ASSERT_TRUE(started) << started.error().detail;
        EXPECT_EQ(fr().node().snapshot().hash(), before);
    }
    template <class T>
    static T must(Result<T> value) {
        EXPECT_TRUE(value) << value.error().detail;
        return *std::move(value);
    }

  private:
    static statement::CharterTerms terms() {
        auto out = statement::default_joint_terms();
        out.reduce_delay = 5min;
        return out;
    }
    bool here(const Party& party) const { return !(fr_is_away && &party == parties_[0].get()); }
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

using seal::SlotState;
using States = std::array<SlotState, 3>;

TEST(Recall, TheExactPlaceGoesAndItsAreaStays) {
    Told told;
    ASSERT_EQ(told.verdict(), Verdict::conflict);
    const auto refused = told.recall(false);
    ASSERT_FALSE(refused) << "it is in force";
    EXPECT_EQ(refused.error().code, Errc::refused);
    ASSERT_TRUE(told.recall(true));
    EXPECT_EQ(told.outcome(), "awaited ");
    EXPECT_FALSE(told.recall(true)) << "nothing is left to recall";
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "purged ");
    EXPECT_EQ(told.tier(), view::Tier::coarse);
    EXPECT_EQ(told.verdict(), Verdict::caution);
    EXPECT_EQ(told.states(), (States{SlotState::sealed, SlotState::sealed, SlotState::purged}));
    told.restart();
    EXPECT_EQ(told.tier(), view::Tier::coarse);
    // The next version comes as coarse as the others are now.
    ASSERT_TRUE(told.msf().say(hospital(site + 1000, act::amend), told.id, {}, told.now));
    told.rounds(2);
    EXPECT_EQ(told.tier(), view::Tier::coarse);
    EXPECT_EQ(told.verdict(), Verdict::caution);
}

TEST(Recall, TheAuthorsOwnMemoryOfItSurvivesAStart) {
    Told told;
    ASSERT_TRUE(told.recall(true));
    told.rounds(3);
    told.msf().stop();
    ASSERT_TRUE(told.msf().start());
    EXPECT_EQ(told.outcome(), "purged ");
    EXPECT_FALSE(told.recall(true)) << "nothing is left to recall";
    ASSERT_TRUE(told.msf().say(hospital(site + 1000, act::amend), told.id, {}, told.now));
    told.rounds(2);
    EXPECT_EQ(told.tier(), view::Tier::coarse);
}

TEST(Recall, WhatIsCitedIsHeldAndInNoAnswer) {
    Told told;
    ASSERT_TRUE(told.fr().exchange().hold(told.id, node::Hold{"incident", "report 7"}));
    ASSERT_TRUE(told.recall(true));
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "held incident: report 7");
    EXPECT_EQ(told.states()[2], SlotState::sealed);
    EXPECT_EQ(told.tier(), view::Tier::coarse);
    EXPECT_EQ(told.verdict(), Verdict::caution);
    told.restart();
    EXPECT_EQ(told.tier(), view::Tier::coarse);
    ASSERT_TRUE(told.fr().exchange().hold(told.id, std::nullopt));
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "purged ");
    EXPECT_EQ(told.states()[2], SlotState::purged);
}

TEST(Recall, ARefusalSaysSoAndKeepsThePlaceInUse) {
    Told told;
    ASSERT_TRUE(told.fr().exchange().hold(told.id, node::Hold{"refusal", "our people are there"}));
    ASSERT_TRUE(told.recall(true));
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "refused our people are there");
    EXPECT_EQ(told.verdict(), Verdict::conflict);
    told.restart();
    EXPECT_EQ(told.verdict(), Verdict::conflict);
}

TEST(Recall, OfWhatProtectsNoMoreNothingNeedsToStay) {
    Told told;
    node::Draft withdraw = hospital(site, act::withdraw);
    ASSERT_TRUE(told.msf().say(withdraw, told.id, {}, told.now));
    EXPECT_FALSE(told.recall(false)) << "the withdrawal does not act yet";
    told.rounds(10);
    ASSERT_EQ(told.verdict(), Verdict::no_registered_conflict);
    const auto recalled = told.recall(false);
    ASSERT_TRUE(recalled) << recalled.error().detail;
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "purged ");
    EXPECT_EQ(told.states(), (States{SlotState::sealed, SlotState::unused, SlotState::purged}));
    EXPECT_EQ(told.verdict(), Verdict::no_registered_conflict) << "nothing is left open by it";
    told.restart();
    EXPECT_EQ(told.verdict(), Verdict::no_registered_conflict);
}

TEST(Recall, WhatWasNotFetchedYetIsNotSentAnyMore) {
    Told told(false);
    ASSERT_TRUE(told.recall(true));
    told.rounds(1);
    told.fr_is_away = false;
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "purged ");
    EXPECT_EQ(told.verdict(), Verdict::caution);
    EXPECT_EQ(told.states(), (States{SlotState::sealed, SlotState::sealed, SlotState::unused}));
    for (const auto& status : told.fr().exchange().status(told.now)) {
        EXPECT_TRUE(status.misdeeds.empty()) << status.misdeeds.front().text;
    }
    told.restart();
}

/// Who refuses keeps what it has, and does not say that it keeps what never came.
TEST(Recall, WhatNeverCameIsNotRefused) {
    Told told(false);
    ASSERT_TRUE(told.recall(true));
    told.fr_is_away = false;
    told.rounds(1);
    ASSERT_TRUE(told.fr().exchange().hold(told.id, node::Hold{"refusal", "our people are there"}));
    told.rounds(3);
    EXPECT_EQ(told.outcome(), "purged ");
    const auto shown = told.msf().exchange().shown_to(fr_id);
    ASSERT_TRUE(shown);
    const registry::Snapshot& all = told.msf().node().snapshot();
    const Hash leaf = all.at(*all.find(told.id)).versions.front().position.leaf;
    EXPECT_EQ(shown->bodies.at(leaf) & node::slots_of(Tier::exact), node::slots_of(Tier::head));
}

TEST(Recall, WhatIsReleasedAgainIsReadAgain) {
    for (const bool held : {false, true}) {
        Told told;
        if (held) {
            ASSERT_TRUE(told.fr().exchange().hold(told.id, node::Hold{"dispute", "case 3"}));
        }
        ASSERT_TRUE(told.recall(true));
        told.rounds(3);
        ASSERT_EQ(told.tier(), view::Tier::coarse);
        ASSERT_TRUE(told.msf().exchange().release({told.id}, fr_id, Tier::exact, told.now));
        told.rounds(3);
        EXPECT_EQ(told.tier(), view::Tier::exact);
        EXPECT_EQ(told.verdict(), Verdict::conflict);
        told.restart();
        EXPECT_EQ(told.verdict(), Verdict::conflict);
    }
}

TEST(Recall, ACrashAnywhereOnTheWayEndsInTheSame) {
    for (std::uint64_t step = 0; step < 16; ++step) {
        Told told;
        ASSERT_TRUE(told.recall(true));
        told.now += 60s;
        ASSERT_TRUE(told.msf().exchange().tick(told.now));
        ASSERT_TRUE(sync(told.fr(), told.msf(), told.now));
        told.now += 60s;
        told.fr().kill().arm(step / 2, step % 2 == 0);
        try {
            (void)told.fr().exchange().tick(told.now);
        } catch (const Killed&) {
        }
        told.fr().kill().disarm();
        told.fr().stop();
        ASSERT_TRUE(told.fr().start());
        told.rounds(3);
        EXPECT_EQ(told.outcome(), "purged ") << step;
        EXPECT_EQ(told.states()[2], SlotState::purged) << step;
        EXPECT_EQ(told.verdict(), Verdict::caution) << step;
    }
}

TEST(Recall, OnlyOnesOwnRecordsAndOnlyWhatWasGiven) {
    Told told;
    EXPECT_EQ(told.fr().exchange().recall({{told.id}, PartyId{"ru"}, true, ""}, told.now).error(),
              (Error{Errc::not_found, "no own record " + told.id.text()}));
    EXPECT_EQ(
        told.msf().exchange().recall({{told.id}, PartyId{"ru"}, true, ""}, told.now).error().code,
        Errc::refused);
    EXPECT_EQ(told.msf().exchange().recall({{}, fr_id, true, ""}, told.now).error().code,
              Errc::malformed);
}

}  // namespace
}  // namespace entente::sim

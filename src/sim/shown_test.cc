// SPDX-License-Identifier: Apache-2.0
// "View as": what an author's node says that another party can see is what that party's own node
// shows and answers. The oracle is that node, after random releases at every tier, new versions,
// withdrawals, recalls with every outcome, releases again and restarts.
#include <gtest/gtest.h>

#include <cstdlib>

#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act = statement::act;
using node::Tier;

statement::CharterTerms terms() {
    auto out = statement::default_joint_terms();
    out.reduce_delay = 5min;
    const auto school = static_cast<std::size_t>(statement::ProtectionClass::school);
    out.budget_records[school] = 2;
    return out;
}

class Telling {
  public:
    explicit Telling(std::uint64_t seed)
        : founders_(found({"fr", "ru", "msf", "un"}, terms(), 1)), rng_(seed) {
        for (std::size_t i = 0; i < 4; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, seed * 10 + i));
        }
    }
    Party& author() { return *parties_[2]; }

    void act_once() {
        now += std::chrono::seconds(1 + static_cast<int>(rng_.below(40)));
        if (records_.empty() || rng_.below(4) == 0) return say_new();
        const RecordId id = records_[rng_.below(records_.size())];
        const Party& to = other();
        switch (rng_.below(9)) {
            case 0:
            case 1: return (void)author().say(draft(act::amend), id, {}, now);
            case 2: return (void)author().say(draft(act::withdraw), id, {}, now);
            case 3:
            case 4:
                return (void)author().exchange().release(
                    {id}, to.id(), rng_.below(2) == 0 ? Tier::exact : Tier::coarse, now);
            case 5:
            case 6:
                return (void)author().exchange().recall(
                    {{id}, to.id(), rng_.below(4) != 0, "a source is in danger"}, now);
            case 7: return hold(id);
            default: return restart();
        }
    }
    void rounds(int count) {
        for (int i = 0; i < count; ++i) {
            now += 60s;
            for (auto& party : parties_) ASSERT_TRUE(party->exchange().tick(now));
            for (auto& asker : parties_) {
                for (auto& asked : parties_) {
                    if (asker == asked) continue;
                    ASSERT_TRUE(sync(*asker, *asked, now));
                }
            }
        }
    }

    /// Against every other party's own node.
    void compare() {
        for (auto& party : parties_) {
            if (party.get() == &author()) continue;
            SCOPED_TRACE(party->id().v);
            const auto shown = author().exchange().shown_to(party->id());
            ASSERT_TRUE(shown) << shown.error().detail;
            EXPECT_EQ(shown->given, party->exchange().peer(author().id())->owed());
            const view::View as =
                view::View::as(author().node().snapshot(), {party->id()}, shown->bodies);
            const view::View own(party->node().snapshot(), {party->id()});
            ASSERT_EQ(as.size(), own.size());
            EXPECT_EQ(as.unplaced(), own.unplaced());
            for (view::Slot slot = 0; slot < own.size(); ++slot) {
                const auto found = as.find(own.at(slot).id());
                ASSERT_TRUE(found) << own.at(slot).id().text();
                same(as.at(*found), own.at(slot));
            }
            for (int i = 0; i < 10; ++i) answers(as, *party);
        }
    }
    Instant now = noon;
    std::size_t compared = 0, coarse = 0, exact = 0, over = 0, none = 0;

  private:
    Party& other() {
        const std::size_t numbers[] = {0, 1, 3};
        return *parties_[numbers[rng_.below(3)]];
    }
    geo::LatLng place() {
        const auto step = [&] { return static_cast<std::int32_t>(rng_.below(6)) * 400'000; };
        return {335'000'000 + step(), 363'000'000 + step()};
    }
    node::Draft draft(const char* what) {
        node::Draft out;
        out.act = what;
        out.actor = "a.registrar";
        out.protection.protection_class = rng_.below(2) == 0 ? statement::ProtectionClass::school
                                                             : statement::ProtectionClass::hospital;
        out.protection.contact = "desk " + std::to_string(rng_.below(3));
        out.protection.names = {{"a name", "en", "Latn"}};
        geo::Place one;
        one.volume.shape =
            geo::Circle{place(), {static_cast<std::int64_t>(500 + rng_.below(5000))}};
        out.protection.where = {one};
        return out;
    }
    void say_new() {
        node::Audience audience;
        for (std::size_t i : {0u, 1u, 3u}) {
            const Tier tiers[] = {Tier::none, Tier::head, Tier::coarse, Tier::exact};
            const Tier tier = tiers[rng_.below(4)];
            if (tier != Tier::none) audience[parties_[i]->id()] = tier;
        }
        const auto id = author().say(draft(act::add), {}, audience, now);
        ASSERT_TRUE(id) << id.error().detail;
        records_.push_back(*id);
    }
    void hold(const RecordId& id) {
        const bool refuses = rng_.below(2) == 0;
        (void)other().exchange().hold(id, node::Hold{refuses ? "refusal" : "incident", "report 7"});
    }
    void restart() {
        Party& one = rng_.below(2) == 0 ? author() : other();
        one.stop();
        ASSERT_TRUE(one.start());
    }
    void same(const view::Seen& as, const view::Seen& own) {
        ++compared;
        coarse += as.tier() == view::Tier::coarse ? 1 : 0;
        exact += as.tier() == view::Tier::exact ? 1 : 0;
        none += as.tier() == view::Tier::none ? 1 : 0;
        over += as.over_budget() ? 1 : 0;
        SCOPED_TRACE(own.id().text());
        EXPECT_EQ(as.party(), own.party());
        EXPECT_EQ(as.flags(now).list(), own.flags(now).list());
        EXPECT_EQ(as.state(now), own.state(now));
        EXPECT_EQ(as.tier(), own.tier());
        EXPECT_EQ(as.class_name(), own.class_name());
        EXPECT_EQ(as.contact(), own.contact());
        ASSERT_EQ(as.protection() == nullptr, own.protection() == nullptr);
        if (own.protection() != nullptr) {
            EXPECT_EQ(*as.protection(), *own.protection());
        }
        statement::Protection a, b;
        const auto *listed = as.listed(a), *there = own.listed(b);
        ASSERT_EQ(listed == nullptr, there == nullptr);
        if (there != nullptr) {
            EXPECT_EQ(*listed, *there);
        }
        const auto here = as.history(), theirs = own.history();
        ASSERT_EQ(here.size(), theirs.size());
        for (std::size_t i = 0; i < here.size(); ++i) {
            EXPECT_EQ(here[i].leaf, theirs[i].leaf);
            EXPECT_EQ(here[i].act, theirs[i].act);
            EXPECT_EQ(here[i].until, theirs[i].until);
        }
        const auto ours = as.places(now), places = own.places(now);
        ASSERT_EQ(ours.size(), places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            EXPECT_EQ(*ours[i].reached, *places[i].reached);
            EXPECT_EQ(ours[i].until, places[i].until);
            EXPECT_EQ(ours[i].coarse, places[i].coarse);
        }
    }
    /// The same question, here as that party and there.
    void answers(const view::View& as, Party& party) {
        const check::Question question{
            {{geo::Circle{place(), {static_cast<std::int64_t>(10 + rng_.below(200'000))}}, {}, {}}},
            {0}};
        std::vector<index::Item> items;
        for (view::Slot slot = 0; slot < as.size(); ++slot) {
            for (index::Item& item : check::index_items(slot, as.at(slot))) items.push_back(item);
        }
        index::Scratch scratch;
        check::AsOf as_of;
        as_of.shown_to = check::ShownTo{party.id(), {}, {}};
        const auto here =
            check::answer(as, index::Index::build(std::move(items)), scratch, question, as_of, now);
        const auto there = party.ask(question, now);
        EXPECT_EQ(here.verdict, there.verdict);
        ASSERT_EQ(here.reasons.size(), there.reasons.size());
        for (std::size_t i = 0; i < here.reasons.size(); ++i) {
            EXPECT_EQ(here.reasons[i].code, there.reasons[i].code);
            EXPECT_EQ(here.reasons[i].count, there.reasons[i].count);
        }
        ASSERT_EQ(here.findings.size(), there.findings.size());
        EXPECT_EQ(here.findings_total, there.findings_total);
        EXPECT_EQ(here.nearby_total, there.nearby_total);
        for (std::size_t i = 0; i < here.findings.size(); ++i) {
            const check::Finding &a = here.findings[i], &b = there.findings[i];
            EXPECT_EQ(a.id, b.id);
            EXPECT_EQ(a.leaf, b.leaf);
            EXPECT_EQ(a.weight, b.weight);
            EXPECT_EQ(a.tier, b.tier);
            EXPECT_EQ(a.why, b.why);
        }
    }

    Founders founders_;
    Rng rng_;
    std::vector<std::unique_ptr<Party>> parties_;
    std::vector<RecordId> records_;
};

TEST(ShownTo, IsWhatTheOtherPartysNodeShowsAndAnswers) {
    const std::uint64_t seeds = std::getenv("ENTENTE_LONG") != nullptr ? 300 : 12;
    std::size_t coarse = 0, exact = 0, over = 0, none = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        SCOPED_TRACE(seed);
        Telling telling(seed);
        for (int phase = 0; phase < 4; ++phase) {
            for (int i = 0; i < 12; ++i) telling.act_once();
            telling.rounds(4);
            telling.compare();
            if (testing::Test::HasFailure()) return;
        }
        coarse += telling.coarse;
        exact += telling.exact;
        over += telling.over;
        none += telling.none;
    }
    // It was not about nothing.
    EXPECT_GT(coarse, 50u);
    EXPECT_GT(exact, 50u);
    EXPECT_GT(over, 5u);
    EXPECT_GT(none, 5u);
}

TEST(ShownTo, NamesThePartiesThatThereAre) {
    Telling telling(1);
    const auto shown = telling.author().exchange().shown_to(PartyId{"xx"});
    ASSERT_FALSE(shown);
    EXPECT_EQ(shown.error(),
              (Error{Errc::malformed, "no other party 'xx' in this charter; one of fr, ru, un"}));
}

}  // namespace
}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// A successor log (PROTOCOL 8, 25): what it states once more ends in the log before, and nothing
// else ends there.
#include "registry/restated.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "registry/exchange_for_test.h"
#include "registry/project.h"

namespace entente::registry {
namespace {

using test::Exchange;
using test::Made;
using test::noon;
using test::Said;

/// fr's log and its successor, as un holds them.
class Two {
  public:
    Two() { next_log_ = e_.registry().add_log(next_.origin(), PartyId{"fr"}); }
    void before(const Said& said, unsigned slots = 7) { e_.say(said, slots); }
    void after(const Said& said, unsigned slots = 7) {
        e_.registry().apply(next_log_, next_.make(said).open(slots));
    }
    void officer() { e_.key(next_log_, next_, 'o'); }
    RecordId id(int record) { return e_.fr().id(record); }
    RecordId next_id(int record) { return next_.id(record); }
    Instant end(int record) { return e_.ends(record).front(); }
    Instant next_end(int record) {
        const Snapshot& all = e_.settled();
        return all.log(next_log_).end_of(all.at(*all.find(next_.id(record))).versions.front());
    }
    Exchange& e() { return e_; }
    LogNumber next_log() const { return next_log_; }

  private:
    Exchange e_;
    test::Teller next_{"fr/2", "joint"};
    LogNumber next_log_ = 0;
};

TEST(Restated, EndsWhatItCovers) {
    Two two;
    two.before({.record = 0});
    two.before({.record = 1, .at = 3});
    EXPECT_EQ(two.e().settled().log(two.next_log()).succession, 2u);
    two.after({.record = 5, .radius_dm = 100, .was = two.id(0)});
    EXPECT_EQ(two.end(0), at_once);
    EXPECT_EQ(two.next_end(5), never);
    EXPECT_EQ(two.end(1), never) << "nobody stated that once more";
}

TEST(Restated, EndsNothingWhereItMayProtectLess) {
    Two two;
    two.before({.record = 0, .radius_dm = 300});
    two.before({.record = 1, .at = 3});
    two.before({.record = 2, .at = 6});
    two.before({.record = 3, .at = 9});
    two.after({.record = 5, .radius_dm = 299, .was = two.id(0)});
    two.after({.record = 6, .at = 4, .was = two.id(1)});
    two.after({.record = 7, .at = 6, .was = two.id(2)}, 3);  // only its area is open
    two.after({.kind = "unheard-of", .record = 8, .at = 9, .was = two.id(3)});
    for (const int record : {0, 1, 2, 3}) EXPECT_EQ(two.end(record), never) << record;
}

TEST(Restated, EndsNothingOfAnotherSort) {
    Two two;
    geo::Place line;
    line.volume.shape = geo::Corridor{{{0, 0}, {0, 1'000'000}}, {500}};
    const statement::Leg leg{1, "", "", {noon, noon + std::chrono::hours(1)}, {}, {}};
    Said movement{
        .kind = "movement",
        .record = 5,
        .legs = {leg},
    };
    movement.was = two.id(0);
    movement.where = {place_of(leg, line)};
    two.before({.record = 0, .where = movement.where});
    two.after(movement);
    EXPECT_EQ(two.end(0), never);
    two.after({.record = 6, .where = movement.where, .was = two.id(0)});
    EXPECT_EQ(two.end(0), at_once) << "it is covered";
}

TEST(Restated, EndsNothingWhileANewerVersionIsWithheld) {
    Two two;
    two.before({.record = 0});
    const Made newer =
        two.e().say({.act = "amend", .record = 0, .version = 2, .radius_dm = 300}, 0);
    two.after({.record = 5, .radius_dm = 100, .was = two.id(0)});
    EXPECT_EQ(two.end(0), never);
    two.e().hear(newer);
    EXPECT_EQ(two.e().ends(0), (std::vector<Instant>{at_once, never})) << "it covers one of both";
    two.after({.record = 6, .radius_dm = 300, .was = two.id(0)});
    EXPECT_EQ(two.e().ends(0), (std::vector<Instant>{at_once, at_once}));
}

TEST(Restated, IsTheSamePartysLaterLogAlone) {
    Two two;
    two.before({.record = 0});
    two.e().registry().apply(0, two.e().un().make({.record = 1, .was = two.id(0)}).open());
    two.before({.record = 2, .was = two.id(0)});
    EXPECT_EQ(two.end(0), never);
    two.after({.record = 3});
    two.before({.record = 4, .was = two.next_id(3)});  // the log before says nothing of it
    EXPECT_EQ(two.next_end(3), never);
}

TEST(Restated, GoesOnByWhatIsSaidInTheSuccessor) {
    Two two;
    two.officer();
    two.before({.record = 0});
    two.after({.record = 5, .was = two.id(0)});
    two.after({.act = "withdraw", .record = 5, .version = 2, .approvals = "o"});
    EXPECT_EQ(two.end(0), at_once);
    EXPECT_EQ(two.next_end(5), never) << "not final";
    two.e().registry().set_finality(two.next_log(), Finality({{TreeSize{9}, noon}}));
    EXPECT_EQ(two.next_end(5), noon);
    EXPECT_EQ(two.end(0), at_once);
}

TEST(Restated, IsAFunctionOfTheSet) {
    test::Teller one("fr", "joint"), next("fr/2", "joint");
    std::vector<std::pair<bool, Made>> all;
    for (int i = 0; i < 4; ++i) all.emplace_back(false, one.make({.record = i, .at = i}));
    all.emplace_back(
        false, one.make({.act = "amend", .record = 1, .version = 2, .radius_dm = 500, .at = 1}));
    for (int i = 0; i < 3; ++i) {
        all.emplace_back(
            true, next.make({.record = 10 + i, .radius_dm = 200, .at = i, .was = one.id(i)}));
    }
    std::optional<Hash> want;
    Rng rng(7);
    for (int round = 0; round < 50; ++round) {
        for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[rng.below(i)]);
        Exchange e;
        const LogNumber log = e.registry().add_log(next.origin(), PartyId{"fr"});
        for (const auto& [later, made] : all) {
            e.registry().apply(later ? log : e.log(), made.open());
            if (rng.below(3) == 0) e.registry().settle();
        }
        const Hash hash = e.settled().hash();
        if (!want) want = hash;
        ASSERT_EQ(hash, *want) << "round " << round;
    }
}

TEST(Restated, IsSeenByWhoWasGivenBoth) {
    Exchange e;
    test::Teller next("un/2", "joint");
    const LogNumber log = e.registry().add_log(next.origin(), PartyId{"un"});
    const Made old = e.un().make({.record = 0});
    const Made again = next.make({.record = 5, .was = e.un().id(0)});
    e.registry().apply(0, old.open());
    e.registry().apply(log, again.open());
    Released released{{old.position.leaf, 7}};
    const auto end = [&] {
        const Snapshot seen = project(e.settled(), PartyId{"ru"}, released);
        return seen.log(0).end_of(seen.at(*seen.find(e.un().id(0))).versions.front());
    };
    EXPECT_EQ(end(), never);
    released[again.position.leaf] = 7;
    EXPECT_EQ(end(), at_once);
}

}  // namespace
}  // namespace entente::registry

// SPDX-License-Identifier: Apache-2.0
// What a party that was told of protections has not passed down itself, by its own receipts: before
// and after a start, where more was released later, and for lists as a whole.
#include "node/stuck.h"

#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using statement::Rung;

const PartyId fr{"fr"}, ru{"ru"}, msf{"msf"};

node::Acknowledgement of(const RecordId& id, Rung rung, const char* unit = "") {
    node::Acknowledgement out;
    out.records = {id};
    out.rung = rung;
    out.unit = unit;
    return out;
}

std::vector<node::Stuck> stuck(Four& four, Party& party) {
    const auto ladders = party.exchange().ladders_here(four.now);
    EXPECT_TRUE(ladders);
    const view::View view(party.node().snapshot(), {party.id()});
    return node::stuck(*ladders, view, four.now, 24h);
}

void starts_anew(Party& party) {
    party.stop();
    ASSERT_TRUE(party.start());
}

TEST(StuckHere, IsWhatWasReleasedToThisPartyUntilItsOwnUnitConfirms) {
    Four four;
    const RecordId id = say(four);
    EXPECT_TRUE(stuck(four, four.fr()).empty()) << "nothing has come";
    four.rounds(3);
    ASSERT_EQ(stuck(four, four.fr()).size(), 1u);
    EXPECT_EQ(stuck(four, four.fr())[0].record, id);
    EXPECT_EQ(stuck(four, four.fr())[0].party, msf);
    EXPECT_EQ(stuck(four, four.fr())[0].rung, Rung::opened) << "the node's own";
    EXPECT_EQ(stuck(four, four.fr())[0].slots, 5);
    EXPECT_TRUE(stuck(four, four.msf()).empty()) << "its own is not released to it";
    EXPECT_TRUE(stuck(four, four.un()).empty()) << "nothing was released to it";
    auto& exchange = four.fr().exchange();
    ASSERT_TRUE(exchange.acknowledge(of(id, Rung::passed, "TACC"), "a.duty", four.now));
    EXPECT_EQ(stuck(four, four.fr())[0].rung, Rung::passed);
    starts_anew(four.fr());
    EXPECT_EQ(stuck(four, four.fr())[0].rung, Rung::passed) << "it is in its log";
    ASSERT_TRUE(
        four.fr().exchange().acknowledge(of(id, Rung::confirmed, "TACC"), "a.duty", four.now));
    EXPECT_TRUE(stuck(four, four.fr()).empty());
    EXPECT_EQ(stuck(four, four.ru()).size(), 1u) << "what one party confirms is not another's";
    // A new version is to be passed down anew.
    ASSERT_TRUE(four.msf().say(hospital(340'000'000, "amend"), id, {}, four.now));
    four.rounds(3);
    ASSERT_EQ(stuck(four, four.fr()).size(), 1u);
    EXPECT_EQ(stuck(four, four.fr())[0].rung, Rung::opened);
}

TEST(StuckHere, CountsNothingThatWasSaidBeforeMoreWasShown) {
    Four four;
    const RecordId id = say(four);
    four.rounds(3);
    const auto confirm = [&] {
        return four.ru().exchange().acknowledge(of(id, Rung::confirmed, "OPS"), "a.duty", four.now);
    };
    ASSERT_TRUE(confirm());
    EXPECT_TRUE(stuck(four, four.ru()).empty());
    ASSERT_TRUE(four.msf().exchange().release({id}, ru, node::Tier::exact, four.now));
    four.rounds(3);
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(stuck(four, four.ru()).size(), 1u) << "the area was passed down, not the place";
        starts_anew(four.ru());
    }
    ASSERT_TRUE(confirm());
    EXPECT_TRUE(stuck(four, four.ru()).empty());
}

TEST(StuckHere, SaysFirstWhatWasRefusedOrLoadedAsAnotherPlace) {
    Four four;
    const RecordId calm = say(four), wrong = say(four), refused = say(four);
    four.rounds(3);
    auto& exchange = four.fr().exchange();
    node::Acknowledgement loaded = of(wrong, Rung::loaded);
    loaded.coordinates = {{363'000'000, 335'000'000}};  // swapped
    ASSERT_TRUE(exchange.acknowledge(loaded, "a.duty", four.now));
    node::Acknowledgement refusal = of(refused, Rung::refused);
    refusal.reason = "no such place";
    ASSERT_TRUE(exchange.acknowledge(refusal, "a.duty", four.now));
    for (int i = 0; i < 2; ++i) {
        const auto found = stuck(four, four.fr());
        ASSERT_EQ(found.size(), 3u);
        EXPECT_EQ(found[2].record, calm);
        for (const node::Stuck& one : found) {
            EXPECT_EQ(one.differs, one.record == wrong);
            EXPECT_EQ(one.refused, one.record == refused);
        }
        starts_anew(four.fr());
    }
}

TEST(StuckHere, AReceiptForAWholeListIsForWhatWasInIt) {
    Four four;
    const RecordId first = say(four), excepted = say(four);
    four.rounds(3);
    node::Acknowledgement all;
    all.all_of = msf;
    all.except = {excepted};
    all.rung = Rung::confirmed;
    all.unit = "TACC";
    ASSERT_TRUE(four.fr().exchange().acknowledge(all, "a.duty", four.now));
    const RecordId later = say(four);
    four.rounds(3);
    std::set<RecordId> listed;
    for (const node::Stuck& one : stuck(four, four.fr())) listed.insert(one.record);
    EXPECT_EQ(listed, (std::set<RecordId>{excepted, later})) << first.text() << " was in it";
}

}  // namespace
}  // namespace entente::sim

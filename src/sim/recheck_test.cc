// SPDX-License-Identifier: Apache-2.0
// Sealed checks asked again (node/recheck.h), by their author and by whom they were opened to, and
// such as say otherwise than what their author had: the lie is found, or what kept one from finding
// it is named; nothing is ever called the same that was not compared.
#include "node/recheck.h"

#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

using node::Compared;

const geo::LatLng here{335'000'000, 363'000'000};

RecordId hospital_at(Party& by, std::int32_t lat_e7, const node::Audience& audience, Instant now) {
    const auto id = by.say(hospital(lat_e7), {}, audience, now);
    EXPECT_TRUE(id) << id.error().detail;
    return *id;
}

RecordId seal_check(Four& four, Party& by, geo::LatLng at = here) {
    const check::Question asked = question({volume(at, 500, four.now)});
    auto composed = node::compose_sealed_check(by.author(), asked, by.ask(asked, four.now), "a",
                                               four.now, by.rng().bytes());
    EXPECT_TRUE(composed) << composed.error().detail;
    const auto id = log_dealing(by, std::move(*composed), {}, four.now);
    EXPECT_TRUE(id) << id.error().detail;
    return *id;
}

using Change = std::function<void(statement::SealedCheck&)>;

/// What this party's node says of the check, or of what somebody made of it.
node::Rechecked verify(Party& at, const RecordId& id, const Change& change = {},
                       const node::RecheckWindow& window = {}) {
    const view::View view = view_of(at);
    auto seen = view.find_sealed_check(id);
    EXPECT_TRUE(seen && seen->check);
    statement::SealedCheck check = *seen->check;
    if (change) change(check);
    seen->check = &check;
    auto begun = node::Recheck::begin(at.exchange(), *seen, window);
    EXPECT_TRUE(begun) << begun.error().detail;
    while (const auto wanted = begun->wants()) {
        std::vector<node::StoredEntry> rows;
        EXPECT_TRUE(at.store().scan(wanted->origin, wanted->begin, wanted->end,
                                    [&](node::StoredEntry&& row) -> Result<void> {
                                        rows.push_back(std::move(row));
                                        return {};
                                    }));
        const auto taken = begun->take(std::move(rows));
        EXPECT_TRUE(taken) << taken.error().detail;
    }
    return std::move(*begun).finish();
}

std::vector<std::string> codes(const node::Rechecked& said) {
    std::vector<std::string> out;
    for (const node::NotCompared& one : said.reasons) {
        out.push_back(one.code + (one.party.v.empty() ? "" : " " + one.party.v));
    }
    return out;
}
using Codes = std::vector<std::string>;

const node::Audience to_ru{{PartyId{"ru"}, node::Tier::exact}};
const node::Audience to_ru_coarse{{PartyId{"ru"}, node::Tier::coarse}};

TEST(Recheck, ItsAuthorFindsTheSameWhateverCameLater) {
    Four four;
    four.rounds(2);
    hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    const RecordId own = hospital_at(four.ru(), here.lat_e7, {}, four.now);
    const RecordId unreleased = hospital_at(four.msf(), here.lat_e7, {}, four.now);
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    // Later: more places, one that is released only now, one that stands elsewhere by now.
    hospital_at(four.ru(), here.lat_e7, {}, four.now);
    hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    ASSERT_TRUE(
        four.msf().exchange().release({unreleased}, PartyId{"ru"}, node::Tier::exact, four.now));
    ASSERT_TRUE(four.ru().say(hospital(340'000'000, statement::act::amend), own, {}, four.now));
    four.rounds(3);
    const node::Rechecked said = verify(four.ru(), id);
    EXPECT_EQ(said.word, Compared::same);
    EXPECT_EQ(said.verdict, Compared::same);
    EXPECT_EQ(codes(said), Codes{});
    EXPECT_EQ(said.agreed, 2u);
    EXPECT_EQ(said.found, 2u);
}

TEST(Recheck, ALieOfItsAuthorDiffersAndEachLeafIsNamed) {
    Four four;
    four.rounds(2);
    hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    hospital_at(four.msf(), here.lat_e7 + 2'000'000, to_ru, four.now);  // 22 km off
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    const RecordId far = seal_check(four, four.ru(), {here.lat_e7 + 2'000'000, here.lng_e7});
    const Hash other = view_of(four.ru()).find_sealed_check(far)->check->touched.at(0);
    const auto left_out = verify(four.ru(), id, [](statement::SealedCheck& check) {
        check.touched.clear();
        check.checked.touched = 0;
        check.checked.verdict = "no_registered_conflict";
    });
    EXPECT_EQ(left_out.word, Compared::differs);
    EXPECT_EQ(left_out.verdict, Compared::differs);
    EXPECT_EQ(left_out.not_stated.size(), 1u);
    const auto added = verify(four.ru(), id, [&](statement::SealedCheck& check) {
        check.touched.push_back(other);
        std::sort(check.touched.begin(), check.touched.end());
        check.checked.touched = 2;
    });
    EXPECT_EQ(added.word, Compared::differs);
    EXPECT_EQ(added.not_found, std::vector<Hash>{other});
    EXPECT_EQ(added.agreed, 1u);
    const auto counted = verify(four.ru(), id, [](auto& check) { check.checked.touched = 7; });
    EXPECT_EQ(counted.word, Compared::differs);
    const auto verdict =
        verify(four.ru(), id, [](auto& check) { check.checked.verdict = "caution"; });
    EXPECT_EQ(verdict.word, Compared::differs);
    const auto none = verify(four.ru(), id, [](auto& check) { check.touched = {Hash{}}; });
    EXPECT_EQ(none.not_found.size(), 1u) << "of no log that it names";
}

TEST(Recheck, AReaderComparesWhatItHoldsAndNamesTheRest) {
    Four four;
    four.rounds(2);
    hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    hospital_at(four.msf(), here.lat_e7, {}, four.now);  // ru never had it
    hospital_at(four.fr(), here.lat_e7, to_ru, four.now);
    const RecordId own = hospital_at(four.ru(), here.lat_e7, {}, four.now);
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    ASSERT_TRUE(four.ru().exchange().release({id}, PartyId{"msf"}, node::Tier::exact, four.now));
    four.rounds(2);
    auto said = verify(four.msf(), id);
    EXPECT_EQ(said.word, Compared::not_compared);
    EXPECT_EQ(said.agreed, 1u);
    EXPECT_EQ(said.not_read.size(), 2u);
    EXPECT_EQ(codes(said), (Codes{"releases_unknown fr", "bodies_missing ru"}));
    EXPECT_FALSE(said.found_verdict);
    // Once it holds ru's own place, that is compared as well; fr's is not.
    ASSERT_TRUE(four.ru().exchange().release({own}, PartyId{"msf"}, node::Tier::exact, four.now));
    four.rounds(2);
    said = verify(four.msf(), id);
    EXPECT_EQ(said.agreed, 2u);
    EXPECT_EQ(said.not_read.size(), 1u);
    EXPECT_EQ(said.word, Compared::not_compared);
    // A check that leaves out what msf had given: msf finds that, whatever else it does not hold.
    const Change leaves_out = [](statement::SealedCheck& check) {
        check.touched.clear();
        check.checked.touched = 0;
    };
    said = verify(four.msf(), id, leaves_out);
    EXPECT_EQ(said.word, Compared::differs);
    EXPECT_EQ(said.not_stated.size(), 2u) << "ru's own, and msf's that it had been given";
}

TEST(Recheck, WhatWasGivenCoarseCountsAsItsAreaAlone) {
    Four four;
    four.rounds(2);
    hospital_at(four.msf(), here.lat_e7 + 30'000, to_ru_coarse, four.now);  // 330 m off
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    EXPECT_EQ(view_of(four.ru()).find_sealed_check(id)->check->touched.size(), 1u);
    ASSERT_TRUE(four.ru().exchange().release({id}, PartyId{"msf"}, node::Tier::exact, four.now));
    four.rounds(2);
    const auto said = verify(four.msf(), id);
    EXPECT_EQ(said.agreed, 1u) << "msf knows where it is, and that ru did not";
    EXPECT_TRUE(said.not_found.empty());
}

TEST(Recheck, WithoutTheSameHeadsOrRulesNothingIsAskedAgain) {
    Four four;
    four.rounds(2);
    hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    const auto refused = [&](const char* code, const Change& change) {
        const auto said = verify(four.ru(), id, change);
        EXPECT_EQ(said.word, Compared::not_compared) << code;
        EXPECT_EQ(said.verdict, Compared::not_compared) << code;
        EXPECT_EQ(codes(said), Codes{code});
        EXPECT_EQ(said.not_read.size(), 1u);
        EXPECT_EQ(said.agreed, 0u);
    };
    refused("rules", [](auto& check) { check.checked.rules = "entente/rules/0"; });
    refused("charter", [](auto& check) { check.checked.charter = Hash{}; });
    refused("head_missing fr", [](auto& check) { check.checked.logs[1].head.size.v += 1000; });
    refused("other_head fr", [](auto& check) { check.checked.logs[1].head.root = Hash{}; });
    refused("releases_missing msf",
            [](auto& check) { check.checked.logs[2].released.root = Hash{}; });
    refused("releases_missing msf",
            [](auto& check) { check.checked.logs[2].released.size.v += 1; });
}

TEST(Recheck, NoVerdictIsTheSameThatMayRestOnHowFreshItsViewWas) {
    Four four;
    four.rounds(2);
    const RecordId id = seal_check(four, four.ru());
    const auto said = verify(four.ru(), id);
    EXPECT_EQ(view_of(four.ru()).find_sealed_check(id)->check->checked.verdict,
              "no_registered_conflict");
    EXPECT_EQ(said.word, Compared::not_compared);
    EXPECT_EQ(codes(said), Codes{"freshness"});
    EXPECT_EQ(said.found_verdict, check::Verdict::no_registered_conflict);
    const auto older = verify(four.ru(), id, [](auto& c) { c.checked.verdict = "incomplete"; });
    EXPECT_EQ(older.word, Compared::not_compared) << "it may have been too old";
    const auto worse = verify(four.ru(), id, [](auto& c) { c.checked.verdict = "conflict"; });
    EXPECT_EQ(worse.word, Compared::not_compared) << "a STOP may have been there before its log";
    EXPECT_EQ(codes(worse), (Codes{"unlogged_stop", "freshness"}));
}

TEST(Recheck, ARelaxationThatMayHaveBeenFinalIsNoLie) {
    Four four;
    four.rounds(2);
    const RecordId own = hospital_at(four.ru(), here.lat_e7, {}, four.now);
    four.rounds(2);
    ASSERT_TRUE(four.ru().say(hospital(here.lat_e7, statement::act::withdraw), own, {}, four.now));
    four.rounds(200);  // by now it acts
    const RecordId id = seal_check(four, four.ru());
    const auto* check = view_of(four.ru()).find_sealed_check(id)->check;
    ASSERT_EQ(check->checked.touched, 0);
    const Hash leaf = view_of(four.ru()).at(*view_of(four.ru()).find(own)).history().at(0).leaf;
    const auto said = verify(four.ru(), id, [&](statement::SealedCheck& c) {
        c.touched = {leaf};
        c.checked.touched = 1;
        c.checked.verdict = "conflict";
    });
    EXPECT_EQ(said.word, Compared::not_compared);
    EXPECT_EQ(said.not_read, std::vector<Hash>{leaf});
    EXPECT_EQ(codes(said).at(0), "relaxed");
}

TEST(Recheck, WhatWasRecalledIsNotComparedAndAccusesNobody) {
    Four four;
    four.rounds(2);
    const RecordId house = hospital_at(four.msf(), here.lat_e7, to_ru, four.now);
    four.rounds(2);
    const RecordId before = seal_check(four, four.ru());
    node::RecallWish wish;
    wish.records = {house};
    wish.from = PartyId{"ru"};
    wish.coarse = true;
    ASSERT_TRUE(four.msf().exchange().recall(wish, four.now));
    four.rounds(3);
    const RecordId after = seal_check(four, four.ru());
    for (const RecordId& id : {before, after}) {
        ASSERT_TRUE(
            four.ru().exchange().release({id}, PartyId{"msf"}, node::Tier::exact, four.now));
    }
    four.rounds(2);
    for (const RecordId& id : {before, after}) {
        for (Party* asker : {&four.ru(), &four.msf()}) {
            const auto said = verify(*asker, id);
            EXPECT_EQ(said.word, Compared::not_compared) << asker->id().v;
            EXPECT_TRUE(said.not_found.empty() && said.not_stated.empty()) << asker->id().v;
        }
    }
    EXPECT_EQ(codes(verify(four.ru(), before)), Codes{"bodies_missing msf"});
}

TEST(Recheck, CountsWhatItsAuthorLeavesUnopened) {
    Four four;
    four.rounds(2);
    const RecordId first = seal_check(four, four.ru());
    for (int i = 0; i < 3; ++i) seal_check(four, four.ru());
    const RecordId last = seal_check(four, four.ru());
    for (const RecordId& id : {first, last}) {
        ASSERT_TRUE(four.ru().exchange().release({id}, PartyId{"un"}, node::Tier::exact, four.now));
    }
    four.rounds(2);
    const EntryIndex begin = view_of(four.un()).find_sealed_check(first)->entry;
    const EntryIndex end = view_of(four.un()).find_sealed_check(last)->entry;
    const auto said = verify(four.un(), last, {}, {begin, {}});
    EXPECT_EQ(said.window_begin, begin);
    EXPECT_EQ(said.window_end, end);
    EXPECT_EQ(said.sealed, 4u);
    EXPECT_EQ(said.unopened, 3u);
    EXPECT_EQ(verify(four.ru(), last, {}, {begin, {}}).unopened, 0u);
    // By itself it counts from the head that it names on: of what was in between, nothing.
    EXPECT_EQ(verify(four.un(), last).sealed, 0u);
    // Also where nothing can be asked again.
    const auto rules =
        verify(four.un(), last, [](auto& check) { check.checked.rules = "x"; }, {begin, {}});
    EXPECT_EQ(rules.unopened, 3u);
    const view::View view = view_of(four.un());
    for (const node::RecheckWindow& bad :
         {node::RecheckWindow{EntryIndex{end.v + 1}, {}}, {{}, EntryIndex{1'000'000}}}) {
        EXPECT_FALSE(
            node::Recheck::begin(four.un().exchange(), *view.find_sealed_check(last), bad));
    }
}

}  // namespace
}  // namespace entente::sim

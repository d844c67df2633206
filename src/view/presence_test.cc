// SPDX-License-Identifier: Apache-2.0
// What is said of one group, found by the statements that name it, is what all statements together
// say of it; at any moment of a plan, and with what cannot be read.
#include "view/presence.h"

#include "view/story_for_test.h"

namespace entente::view {
namespace {

/// What group_stands() should say of a group, by what all statements say.
std::string stands_text(const Standing& all) {
    std::string out;
    for (const RecordId& id : all.groups) out += id.text() + " ";
    std::map<RecordId, std::string> words;
    for (const auto& [party, some] : all.by_party) {
        for (const Stands& one : some) {
            const bool protects = one.stand == statement::Stand::is_protected || one.protects_still;
            words[one.id] = party.v + " " + one.id.text() + " " + statement::name(one.stand) +
                            (one.said != nullptr ? " speaks" : "") + (protects ? " protects" : "") +
                            "\n";
        }
    }
    for (const auto& [id, word] : words) out += word;
    return out;
}

std::string stands_text(const GroupStands& all) {
    std::string out;
    for (const RecordId& id : all.groups) out += id.text() + " ";
    std::map<RecordId, std::string> words;
    for (const GroupWord& one : all.words) {
        words[one.id] = one.party.v + " " + one.id.text() + " " + statement::name(one.stand) +
                        (one.speaks ? " speaks" : "") + (one.protects ? " protects" : "") + "\n";
    }
    for (const auto& [id, word] : words) out += word;
    return out;
}

TEST(GroupStands, IsWhatAllStatementsTogetherSay) {
    std::size_t groups = 0, several = 0, differ = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Rng rng(seed);
        const Story story = some_positions(rng);
        const auto snapshot = told(story, any_order(story.all.size(), rng));
        const Instant now = noon + std::chrono::hours(rng.below(48));
        for (const Standing& one : standings(snapshot, now)) {
            if (one.groups.empty()) continue;
            for (const RecordId& id : one.groups) {
                const GroupStands found = group_stands(snapshot, id, now, now);
                EXPECT_EQ(stands_text(found), stands_text(one)) << seed;
                EXPECT_EQ(found.is_protected(), one.is_protected) << seed;
                EXPECT_TRUE(found.known && !found.unread) << seed;
                ++groups;
                several += one.groups.size() > 1;
                differ += found.differ();
            }
        }
    }
    EXPECT_GT(groups, 300u);
    EXPECT_GT(several, 60u);
    EXPECT_GT(differ, 60u);
}

TEST_F(Stood, AnyMomentOfThePlanCounts) {
    Told short_one = says(2, statement::Stand::is_protected);
    auto position = std::get<statement::Position>(short_one.said);
    position.until = noon;
    short_one.said = position;
    (void)standing({short_one, says(3, statement::Stand::not_protected)});
    EXPECT_FALSE(stands(noon, noon).is_protected());
    EXPECT_FALSE(stands(noon, noon).differ());
    EXPECT_TRUE(stands(noon, noon - Duration(1)).is_protected());
    EXPECT_TRUE(stands(noon, noon - Duration(1)).differ());
    EXPECT_FALSE(stands(noon, noon + Duration(1)).is_protected()) << "now counts, too";
    EXPECT_TRUE(stands(noon - Duration(1), noon + Duration(1)).is_protected());
}

TEST_F(Stood, WhatCannotBeReadIsSaid) {
    Told second = says(2, statement::Stand::not_protected, 2);
    (void)standing({says(2, statement::Stand::not_protected), second});
    EXPECT_FALSE(stands(noon, noon).unread);
    second.version = 3;  // and the second, which is not here, may protect
    (void)standing({says(2, statement::Stand::not_protected), second});
    EXPECT_TRUE(stands(noon, noon).unread);
    second.version = 2;
    second.withheld = true;  // as its tag tells, in whatever order it comes
    for (const bool first : {true, false}) {
        const Told one = says(2, statement::Stand::not_protected);
        const auto all = first ? std::vector{second, one} : std::vector{one, second};
        EXPECT_TRUE(standing(all).by_party.at(PartyId{party_of(2)}).front().newer_withheld);
        EXPECT_TRUE(stands(noon, noon).unread);
    }
    (void)standing({says(2, statement::Stand::not_protected)});
    EXPECT_FALSE(stands(noon, noon).unread);
    (void)standing({});
    EXPECT_TRUE(group_stands({}, group, noon, noon).words.empty());
    EXPECT_TRUE(stands(noon, noon).known);
}

/// `party` says that these two are one group.
Told joins(std::size_t party, const std::string& record, std::vector<RecordId> same) {
    statement::Group said;
    said.names = {{"EXERCISE glue", "", ""}};
    said.same = std::move(same);
    return {party, record, 1, "add", said};
}

TEST_F(Stood, WhatOthersSayToBeOneMakesNobodySpeak) {
    const RecordId other = id_of(4, "other");
    Told on_other = says(2, statement::Stand::not_protected);
    on_other.said = stand_on(other, statement::Stand::not_protected);
    (void)standing({joins(4, "other", {}), on_other});
    EXPECT_FALSE(stands(noon, noon).speaks(PartyId{party_of(2)}));
    (void)standing({joins(4, "other", {}), on_other, joins(5, "glue", {group, other})});
    EXPECT_EQ(stands(noon, noon).groups.size(), 3u);
    EXPECT_FALSE(stands(noon, noon).speaks(PartyId{party_of(2)})) << "of another group";
    EXPECT_EQ(stands(noon, noon).names, std::vector<std::string>{"EXERCISE"}) << "its own name";
    (void)standing({joins(4, "other", {}), on_other, joins(2, "mine", {group, other})});
    EXPECT_TRUE(stands(noon, noon).speaks(PartyId{party_of(2)})) << "it says so itself";
    for (const char* act : {"amend", "withdraw"}) {
        Told no_more = joins(2, "mine", {});
        no_more.version = 2;
        no_more.act = act;
        (void)standing(
            {joins(4, "other", {}), on_other, joins(2, "mine", {group, other}), no_more});
        EXPECT_FALSE(stands(noon, noon).speaks(PartyId{party_of(2)})) << "and no more: " << act;
    }
    (void)standing({joins(4, "other", {group}), on_other});
    EXPECT_FALSE(stands(noon, noon).speaks(PartyId{party_of(2)}));
    EXPECT_FALSE(stands(noon, noon).is_protected());
    Told protects = on_other;
    protects.said = stand_on(other, statement::Stand::is_protected);
    (void)standing({joins(4, "other", {group}), protects});
    EXPECT_TRUE(stands(noon, noon).is_protected()) << "what protects is joined by anybody";
}

TEST_F(Stood, WhatNobodyCouldLookThroughIsUnread) {
    const auto many = [&](std::size_t records) {
        std::vector<Told> out;
        for (std::size_t i = 0; i < records; ++i) {
            const std::string record = "other " + std::to_string(i);
            for (std::uint32_t version = 1; version <= registry::versions_kept_max; ++version) {
                statement::Group said;
                said.names = {{"EXERCISE", "", ""}};
                if (version == 1) said.same = {group};
                out.push_back({2, record, version, version == 1 ? "add" : "amend", said});
            }
        }
        return out;
    };
    (void)standing(many(2));
    EXPECT_FALSE(stands(noon, noon).unread);
    EXPECT_EQ(stands(noon, noon).groups.size(), 3u);
    (void)standing(many(30));
    EXPECT_TRUE(stands(noon, noon).unread) << "one party's many words keep nobody waiting";
}

TEST_F(Stood, WhatHasNotBegunIsNoWordYetInTheMatrixEither) {
    Told later = says(2, statement::Stand::not_protected);
    auto position = std::get<statement::Position>(later.said);
    position.from = noon + std::chrono::hours(1);
    later.said = position;
    const Standing before = standing({later});
    EXPECT_EQ(before.accord, Accord::nobody);
    EXPECT_EQ(before.silent.size(), party_count);
    EXPECT_FALSE(before.by_party.at(PartyId{party_of(2)}).front().acts);
    const Standing after = standing({later}, noon + std::chrono::hours(1));
    EXPECT_EQ(after.accord, Accord::one);
    EXPECT_EQ(after.silent.size(), party_count - 1);
}

TEST_F(Stood, AGroupThatNobodyNamedIsNotKnown) {
    (void)standing({});
    registry::Snapshot none;
    EXPECT_FALSE(group_stands(none, group, noon, noon).known);
}

}  // namespace
}  // namespace entente::view

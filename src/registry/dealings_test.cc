// SPDX-License-Identifier: Apache-2.0
// Dealings in the register: whatever the order, the repetition and the parts in which versions and
// bodies come, the same set is the same value (PROTOCOL 20).
#include "registry/dealings.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"
#include "base/sha256.h"

namespace entente::registry {
namespace {

const Origin origin{"solo-abcdefghijklmnop/fr"};

Hash secret_of(int record) { return sha256("record " + std::to_string(record)); }
RecordId id_of(int record) { return statement::record_id(origin, secret_of(record)); }

statement::Activity activity(const std::string& name) {
    statement::Activity out;
    out.name = name;
    out.contact = "desk";
    geo::Place volume;
    volume.volume.shape = geo::Circle{{0, 0}, {100}};
    volume.volume.window = {instant(0), instant(1'000)};
    out.volumes = {volume};
    return out;
}

struct Told {
    int record = 0;
    std::uint32_t version = 1;
    std::uint64_t index = 0;
    std::string kind = statement::activity_kind;
    std::string act = "add";
    std::uint8_t opened = 5;  // head and exact
    std::uint8_t closed = 0;
    std::optional<int> reply_to = {};
};

Understood understood(const Told& told) {
    Understood out;
    const std::string leaf = std::to_string(told.record) + "/" + std::to_string(told.version) +
                             "/" + std::to_string(told.index);
    out.position = {{told.index}, sha256(leaf)};
    out.opened = told.opened;
    out.closed = told.closed;
    out.head.emplace();
    out.head->keys = {"solo", origin, id_of(told.record), told.version};
    out.head->secret = secret_of(told.record);
    out.head->kind = told.kind;
    out.head->act = told.act;
    out.head->protects = false;
    if ((told.opened & 4) == 0) return out;
    if (told.reply_to) {
        statement::Reply reply;
        reply.of = id_of(*told.reply_to);
        out.dealt = std::make_shared<const statement::Dealt>(reply);
    } else {
        out.dealt = std::make_shared<const statement::Dealt>(activity(leaf));
    }
    return out;
}

/// All that a reader can tell of it.
std::string text_of(const Dealings& all) {
    std::string out;
    all.each_by_id([&](const Dealing& one) {
        out += one.id.text() + " " + one.kind() + "\n";
        for (const DealingVersion& version : one.versions) {
            const auto* said =
                version.said ? std::get_if<statement::Activity>(version.said.get()) : nullptr;
            out += " " + std::to_string(version.number) + " " +
                   std::to_string(version.position.index.v) + " " + version.act + " " +
                   (version.said ? "said" : "") + (said != nullptr ? said->name : "") + "\n";
        }
        std::set<RecordId> about;
        for (const DealingSlot slot : all.about(one.id)) about.insert(all.at(slot).id);
        for (const RecordId& id : about) out += " about it " + id.text() + "\n";
    });
    return out;
}

/// A history with gaps, branches, ends, replies before and after what they reply to, parts.
std::vector<Told> history(Rng& rng) {
    std::vector<Told> out;
    std::uint64_t index = 0;
    const int records = 2 + static_cast<int>(rng.below(4));
    for (int record = 0; record < records; ++record) {
        const bool replies = rng.below(3) == 0;
        const auto versions = static_cast<std::uint32_t>(replies ? 1 : 1 + rng.below(4));
        for (std::uint32_t version = 1; version <= versions; ++version) {
            if (rng.below(6) == 0) continue;  // not released
            Told told{record, version, index++};
            if (replies) {
                told.kind = statement::reply_kind;
                told.reply_to = static_cast<int>(rng.below(static_cast<std::uint64_t>(records)));
            }
            if (version > 1) told.act = rng.below(2) == 0 ? "amend" : "end";
            out.push_back(told);
            if (rng.below(5) == 0) {  // a branch: another entry of the same number
                told.index = index++;
                out.push_back(told);
            }
            if (rng.below(4) == 0) {  // first the head alone
                told.opened = 1;
                told.index = out.back().index;
                out.push_back(told);
            }
        }
    }
    return out;
}

TEST(Dealings, AnyOrderAndRepetitionMakesTheSameValue) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        Rng rng(seed);
        const std::vector<Told> told = history(rng);
        std::optional<std::string> first;
        for (int order = 0; order < 6; ++order) {
            std::vector<Told> some = told;
            for (std::size_t i = 0; i < told.size(); ++i) {
                if (rng.below(3) == 0) some.push_back(told[i]);
            }
            for (std::size_t i = some.size(); i > 1; --i) {
                std::swap(some[i - 1], some[rng.below(i)]);
            }
            Dealings all;
            for (const Told& one : some) all.add(0, true, understood(one));
            const std::string text = text_of(all);
            if (!first) first = text;
            ASSERT_EQ(text, *first) << "seed " << seed << ", order " << order;
        }
    }
}

TEST(Dealings, WhatIsClosedStaysClosedUntilItIsReopened) {
    for (const bool body_first : {true, false}) {
        Dealings all;
        const Told whole{0, 1, 0};
        Told shut = whole;
        shut.opened = 1;
        shut.closed = 4;
        if (body_first) all.add(0, true, understood(whole));
        all.add(0, true, understood(shut));
        all.add(0, true, understood(whole));
        ASSERT_EQ(all.size(), 1u);
        EXPECT_EQ(all.at(0).said(), nullptr) << body_first;
        all.reopen(understood(whole).position.leaf, 4);
        all.add(0, true, understood(whole));
        EXPECT_NE(all.at(0).said(), nullptr) << body_first;
    }
}

TEST(Dealings, OfTwoThatClaimTheNewestNumberBothCount) {
    Dealings all;
    for (const Told& told : {Told{0, 1, 0}, Told{0, 2, 1}, Told{0, 2, 2}}) {
        all.add(0, true, understood(told));
    }
    EXPECT_EQ(all.at(0).newest().size(), 2u);
    EXPECT_EQ(all.at(0).newest().front().number, 2u);
}

TEST(Dealings, ACopyStaysAsItWas) {
    Dealings all;
    all.add(0, true, understood({0, 1, 0}));
    const Dealings before = all;
    all.add(0, true, understood({0, 2, 1}));
    all.add(0, true, understood({1, 1, 2, statement::reply_kind, "add", 5, 0, 0}));
    EXPECT_EQ(before.size(), 1u);
    EXPECT_EQ(before.at(0).versions.size(), 1u);
    EXPECT_TRUE(before.about(id_of(0)).empty());
    EXPECT_EQ(all.at(0).versions.size(), 2u);
    EXPECT_EQ(all.about(id_of(0)).size(), 1u);
}

TEST(Dealings, ThePartsOfOneEntryAddUp) {
    Dealings all;
    Told head{0, 1, 0};
    head.opened = 1;
    EXPECT_TRUE(all.add(0, true, understood(head)));
    EXPECT_EQ(all.at(0).said(), nullptr);
    EXPECT_TRUE(all.add(0, true, understood({0, 1, 0})));
    EXPECT_NE(all.at(0).said(), nullptr);
    EXPECT_FALSE(all.add(0, true, understood(head)));
    EXPECT_NE(all.at(0).said(), nullptr);
}

void shuffle(std::vector<Told>& told, Rng& rng) {
    for (std::size_t i = told.size(); i > 1; --i) std::swap(told[i - 1], told[rng.below(i)]);
}

/// In this order, each twice.
Dealings told_in(const std::vector<Told>& order, bool own) {
    Dealings out;
    for (const Told& one : order) {
        out.add(1, own, understood(one));
        out.add(1, own, understood(one));
    }
    return out;
}

TEST(Dealings, KeepTheFirstVersionsAndTheLastWhateverTheOrder) {
    constexpr auto count = static_cast<std::uint32_t>(versions_kept_max) + 40;
    std::vector<Told> told;
    for (std::uint32_t version = 1; version <= count; ++version) {
        told.push_back({0, version, version, statement::activity_kind, "amend"});
    }
    const std::string expected = text_of(told_in(told, false));
    Rng rng(5);
    for (int i = 0; i < 6; ++i) {
        if (i > 0) shuffle(told, rng);
        if (i == 1) std::reverse(told.begin(), told.end());
        const Dealings all = told_in(told, i % 2 == 0);
        EXPECT_EQ(text_of(all), expected);
        const Dealing& one = all.at(0);
        ASSERT_EQ(one.versions.size(), versions_kept_max);
        EXPECT_TRUE(one.more);
        EXPECT_EQ(one.versions[versions_kept_max - 2].number, versions_kept_max - 1);
        EXPECT_EQ(one.newest().front().number, count) << "what counts is there";
        EXPECT_EQ(one.not_kept(), 40u);
    }
    told.resize(3);
    EXPECT_EQ(told_in(told, false).at(0).not_kept(), 0u);
}

TEST(Dealings, OfWhatOneLogSaysAboutARecordTheFirstAndTheLastAreFound) {
    constexpr int count = static_cast<int>(about_kept_max) + 30;
    std::vector<Told> told{{0, 1, 0}};
    for (int i = 1; i <= count; ++i) {
        told.push_back(
            {i, 1, static_cast<std::uint64_t>(i), statement::reply_kind, "add", 5, 0, 0});
    }
    Rng rng(7);
    for (int i = 0; i < 4; ++i) {
        if (i > 0) shuffle(told, rng);
        const Dealings all = told_in(told, false);
        std::set<RecordId> found, wanted{id_of(count)};
        for (const DealingSlot slot : all.about(id_of(0))) found.insert(all.at(slot).id);
        for (int n = 1; n < static_cast<int>(about_kept_max); ++n) wanted.insert(id_of(n));
        EXPECT_EQ(found, wanted);
        EXPECT_TRUE(all.more_about(id_of(0)));
        EXPECT_FALSE(all.more_about(id_of(1)));
        EXPECT_EQ(all.size(), static_cast<std::size_t>(count) + 1) << "and none is lost";
    }
    const Dealings own = told_in(told, true);
    EXPECT_EQ(own.about(id_of(0)).size(), static_cast<std::size_t>(count));
    EXPECT_FALSE(own.more_about(id_of(0)));
}

}  // namespace
}  // namespace entente::registry

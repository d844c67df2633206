// SPDX-License-Identifier: Apache-2.0
// The index answers as a double loop of watch::Asked::match() over the register does, in every
// reading, however it came to where it is; and what is closed is gone from it.
#include "search/index.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "view/world_for_test.h"

namespace entente::search {
namespace {

namespace test = view::test;
using test::noon;
using test::World;
using view::Depth;
using watch::Looking;
using watch::Match;
using watch::Reading;

constexpr Looking lookings[] = {{Reading::listed, Depth::coarse},
                                {Reading::exact, Depth::coarse},
                                {Reading::exact, Depth::exact}};
const Instant now = noon + std::chrono::hours(48);

watch::Question question(World& world, const std::vector<watch::Word>& words) {
    Rng& rng = world.rng();
    watch::Question out;
    out.words = words;
    if (rng.below(2) == 0) {
        geo::Place area = world.place();
        area.volume.window = {};
        area.accuracy.reset();
        if (rng.below(2) == 0) area.buffer = Decimetres{50'000};
        out.area = {area};
        if (rng.below(3) == 0) {
            out.area.push_back(out.area.front());
            out.area.back().volume.shape = geo::Circle{{0, 0}, {1'000'000}};
        }
    }
    if (rng.below(3) == 0) out.window = world.window();
    const auto& kinds = watch::kinds_compared();
    for (std::uint64_t n = rng.below(3); n > 0; --n) {
        out.kinds.push_back(kinds[rng.below(kinds.size())]);
    }
    if (rng.below(4) == 0) out.classes = {rng.below(2) == 0 ? "hospital" : "school"};
    if (rng.below(4) == 0) out.parties = {PartyId{rng.below(2) == 0 ? "fr" : "un"}};
    if (rng.below(4) == 0) out.source = static_cast<char>('A' + rng.below(5));
    if (rng.below(4) == 0) out.information = static_cast<char>('1' + rng.below(5));
    out.withdrawn = rng.below(2) == 0;
    return out;
}

struct Expected {
    std::vector<Mark> hits;
    std::uint64_t no_place = 0, no_grade = 0;
};

/// The double loop.
Expected brute(const registry::Snapshot& snapshot, const watch::Asked& asked,
               const Looking& looking) {
    Expected out;
    Folder folder;
    const auto compare = [&](const watch::Thing& thing, bool record) {
        switch (asked.match(thing, folder.words(thing.texts))) {
            case Match::no: break;
            case Match::yes: out.hits.push_back({thing.time, thing.id, record}); break;
            case Match::no_place: ++out.no_place; break;
            case Match::no_grade: ++out.no_grade; break;
        }
    };
    for (std::size_t i = 0; i < snapshot.size(); ++i) {
        compare(watch::record_thing(snapshot, static_cast<view::Slot>(i), looking, now), true);
    }
    for (std::size_t i = 0; i < snapshot.dealings().size(); ++i) {
        const auto slot = static_cast<view::DealingSlot>(i);
        if (!view::is_statement(snapshot, slot)) continue;
        compare(watch::statement_thing(snapshot, slot, looking), false);
    }
    std::sort(out.hits.begin(), out.hits.end(), before);
    return out;
}

std::string texts(const std::vector<Mark>& marks) {
    std::string out;
    for (const Mark& mark : marks) {
        out += std::to_string(millis(mark.time)) + " " + mark.id.text() + "\n";
    }
    return out;
}

/// All pages of it, one behind the other.
std::vector<Mark> all_pages(const Index& index, const watch::Asked& asked, const Looking& looking,
                            std::size_t limit) {
    std::vector<Mark> out;
    Paging paging;
    paging.limit = limit;
    for (;;) {
        const Found found = index.find(asked, looking, paging, now);
        for (const Hit& hit : found.hits) out.push_back(hit.mark);
        if (!found.more) return out;
        paging.after = out.back();
    }
}

void compare(Index& index, World& world, Folder& folder) {
    std::vector<watch::Word> words;
    if (world.rng().below(3) != 0) {
        std::string text = test::some_words[world.rng().below(16)];
        if (world.rng().below(3) == 0) text = text.substr(0, 2) == "br" ? "br" : text;
        if (world.rng().below(4) == 0)
            text += std::string(" ") + test::some_words[world.rng().below(16)];
        if (world.rng().below(2) == 0) text += " ";
        words = *folder.asked(text);
    }
    const watch::Asked asked(question(world, words));
    for (const Looking& looking : lookings) {
        const Expected expected = brute(world.snapshot(), asked, looking);
        const Found found = index.find(asked, looking, {}, now);
        EXPECT_EQ(found.total, expected.hits.size());
        EXPECT_EQ(found.no_place, expected.no_place);
        EXPECT_EQ(found.no_grade, expected.no_grade);
        const auto pages = all_pages(index, asked, looking, 1 + world.rng().below(9));
        EXPECT_EQ(texts(pages), texts(expected.hits));
    }
}

/// How often something was found, so that the comparison is of more than nothing.
std::size_t one_world(std::uint64_t seed) {
    World world(seed);
    Index index;
    Folder folder;
    for (int i = 0; i < 60; ++i) world.go_on();
    std::size_t found = 0;
    for (int round = 0; round < 12; ++round) {
        for (std::uint64_t n = world.rng().below(8); n > 0; --n) world.go_on();
        if (world.rng().below(2) == 0) world.close_something();
        while (!index.follow(world.snapshot(), 1 + world.rng().below(20), now).whole()) {
            for (int i = 0; i < 2; ++i) (void)index.more(world.rng().below(5), now);
            if (world.rng().below(4) == 0) world.go_on();
        }
        for (int i = 0; i < 12; ++i) compare(index, world, folder);
        found += index.find(watch::Asked({}), lookings[2], {}, now).total;
    }
    return found;
}

TEST(SearchIndex, AnswersAsADoubleLoopDoes) {
    const int worlds = std::getenv("ENTENTE_LONG") != nullptr ? 1000 : 6;
    std::size_t found = 0;
    for (int seed = 0; seed < worlds; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        found += one_world(static_cast<std::uint64_t>(seed));
        if (::testing::Test::HasFailure()) return;
    }
    EXPECT_GT(found, static_cast<std::size_t>(worlds) * 100);
}

statement::Report report_of(const std::string& text) {
    statement::Report out;
    out.topic = "topic";
    out.text = text;
    out.grade = statement::Grade{'B', '2'};
    out.contact = "desk";
    geo::Place place;
    place.volume.shape = geo::Circle{{345'000'000, 360'000'000}, {0}};
    out.volumes = {place};
    return out;
}

std::uint64_t count(Index& index, const std::string& text, const Looking& looking) {
    watch::Question question;
    question.words = *index.words_of(text);
    const Found found = index.find(watch::Asked(std::move(question)), looking, {}, now);
    return found.total + found.no_place + found.no_grade;
}

TEST(SearchIndex, WhatIsClosedLeavesNoWordBehind) {
    World world(1);
    world.say({false, 1, 1}, report_of("zebra crossing"));
    Index index;
    ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
    EXPECT_EQ(count(index, "zebra", lookings[2]), 1u);
    const std::size_t before = index.held().words;
    world.close_something();
    // At once, whatever else there is to do.
    (void)index.follow(world.snapshot(), 0, now);
    EXPECT_EQ(count(index, "zebra", lookings[2]), 0u);
    EXPECT_EQ(count(index, "zeb", lookings[2]), 0u);
    EXPECT_LT(index.held().words, before);
    EXPECT_EQ(index.held().entries, 0u);
}

TEST(SearchIndex, WhatIsSaidAnewIsFoundByItsNewWordsAlone) {
    World world(1);
    world.say({true, 1, 1}, report_of("zebra"));
    Index index;
    ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
    world.say({true, 1, 2}, report_of("okapi"));
    ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
    EXPECT_EQ(count(index, "zebra", lookings[2]), 0u);
    EXPECT_EQ(count(index, "okapi", lookings[2]), 1u);
}

TEST(SearchIndex, WhoReadsNothingExactlyFindsOthersTextsByNoWord) {
    World world(1);
    world.say({false, 1, 1}, report_of("zebra"));
    world.say({true, 2, 1}, report_of("okapi"));
    Index index;
    ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
    EXPECT_EQ(count(index, "zebra", lookings[0]), 0u);
    EXPECT_EQ(count(index, "okapi", lookings[0]), 0u);  // nor their own party's
    EXPECT_EQ(count(index, "topic", lookings[0]), 2u);
    EXPECT_EQ(count(index, "zebra", lookings[1]), 1u);
}

/// The same answers wherever within the cell of its coarse area a place is: else circles, ever
/// smaller, would find out where.
TEST(SearchIndex, AreasTellNothingOfAnExactPlaceThatListsDoNotShow) {
    for (const bool own : {false, true}) {
        std::vector<std::vector<std::uint64_t>> answers;
        for (const std::int64_t shift : {0, 20'000, 60'000}) {
            World world(1);
            statement::Report report = report_of("zebra");
            auto& circle = std::get<geo::Circle>(report.volumes.front().volume.shape);
            circle.center.lat_e7 += static_cast<std::int32_t>(shift) + 10'000;
            circle.center.lng_e7 += shift + 10'000;
            world.say({own, 1, 1}, std::move(report));
            Index index;
            ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
            answers.emplace_back();
            for (std::int64_t at = -400'000; at <= 400'000; at += 5'000) {
                watch::Question question;
                geo::Place area;
                area.volume.shape =
                    geo::Circle{{345'000'000 + static_cast<std::int32_t>(at), 360'000'000}, {100}};
                question.area = {area};
                const watch::Asked asked(std::move(question));
                answers.back().push_back(index.find(asked, lookings[1], {}, now).total);
                if (!own) {
                    answers.back().push_back(index.find(asked, lookings[2], {}, now).total);
                }
            }
        }
        EXPECT_EQ(answers[0], answers[1]);
        EXPECT_EQ(answers[0], answers[2]);
        EXPECT_GT(std::count(answers[0].begin(), answers[0].end(), 1u), 0);
    }
}

TEST(SearchIndex, GradesThatCannotBeJudgedAreNotTheWorst) {
    World world(1);
    int number = 1;
    for (const char* grade : {"A1", "B2", "C3", "F2", "B6", "F6"}) {
        statement::Report report = report_of(grade);
        report.grade = *statement::parse_grade(grade);
        world.say({true, number++, 1}, std::move(report));
    }
    Index index;
    ASSERT_TRUE(index.follow(world.snapshot(), 10, now).whole());
    watch::Question question;
    question.source = 'B';
    question.information = '2';
    const watch::Asked asked(std::move(question));
    Found found = index.find(asked, lookings[2], {}, now);
    EXPECT_EQ(found.total, 2u);
    EXPECT_EQ(found.no_grade, 3u);
    Paging apart;
    apart.which = Match::no_grade;
    EXPECT_EQ(index.find(asked, lookings[2], apart, now).hits.size(), 3u);
}

}  // namespace
}  // namespace entente::search

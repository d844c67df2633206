// SPDX-License-Identifier: Apache-2.0
// What 20 parties know, arriving in any order, with repetitions, gives the same corroboration and
// the same matrix of positions; lines are counted as by comparing every report with every other.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "view/corroboration.h"
#include "view/lines_for_test.h"
#include "view/story_for_test.h"

namespace entente::view {
namespace {

using statement::Report;
using statement::Source;
using statement::SourceKind;

std::string text_of(const Corroboration& all) {
    std::string out = std::to_string(all.reports) + "/" + std::to_string(all.closed) + "\n";
    for (const Line& line : all.lines) {
        for (const RecordId& id : line.reports) out += id.text() + " ";
        out += "\n";
        for (const Joined& one : line.joined) {
            out += " " + one.one.text() + " " + one.other.text() + " " + one.by + " " + one.line +
                   "\n";
        }
    }
    return out;
}

std::string text_of(const std::vector<Standing>& all) {
    std::string out;
    for (const Standing& one : all) {
        out += one.name + " " + name(one.accord) + (one.is_protected ? " protected" : "");
        for (const RecordId& id : one.groups) out += " " + id.text();
        for (const auto& [party, stands] : one.by_party) {
            std::vector<std::string> said;
            for (const Stands& s : stands) {
                said.push_back(std::string(statement::name(s.stand)) +
                               (s.protects_still ? "!" : "") + (s.said != nullptr ? "" : "-"));
            }
            std::sort(said.begin(), said.end());
            out += "\n " + party.v;
            for (const std::string& word : said) out += " " + word;
        }
        for (const PartyId& party : one.silent) out += " ~" + party.v;
        out += "\n";
    }
    return out;
}

/// Random reports about one incident, of sources that overlap and of each other.
Story some_reports(Rng& rng) {
    Story out;
    std::vector<RecordId> said;
    for (int i = 0; i < 40; ++i) {
        Told one;
        one.party = rng.below(party_count);
        one.record = "report " + std::to_string(i);
        Report report;
        if (rng.below(8) != 0) report.about = {incident};
        for (std::uint64_t n = rng.below(3); n > 0; --n) {
            Source source;
            source.kind = SourceKind::media;
            if (rng.below(8) == 0)
                source.kind = SourceKind::sensor;  // which names nothing
            else if (said.empty() || rng.below(3) != 0)
                source.line = "line " + std::to_string(rng.below(12));
            else
                source.of = said[rng.below(said.size())];
            report.sources.push_back(source);
        }
        one.said = report;
        said.push_back(id_of(one.party, one.record));
        out.say(one);
        if (rng.below(5) != 0) continue;
        ++one.version;
        if (rng.below(2) == 0) {
            one.act = "withdraw";
        } else {
            one.act = "amend";
            report.sources = {{SourceKind::media, "line " + std::to_string(rng.below(12)), {}, {}}};
            one.said = report;
        }
        out.say(one);
    }
    return out;
}

/// The last word of every report that is not withdrawn, by record.
std::map<RecordId, std::pair<std::size_t, Report>> last_words(const Story& story) {
    std::map<RecordId, std::pair<std::size_t, Report>> out;
    for (const Told& one : story.all) {
        const RecordId id = id_of(one.party, one.record);
        if (one.act == "withdraw")
            out.erase(id);
        else
            out[id] = {one.party, std::get<Report>(one.said)};
    }
    return out;
}

/// What a report names; of a report that is withdrawn, where others rest on it, too.
std::vector<test::Named> named_by(const Story& story, const RecordId& id) {
    const Told* last = nullptr;
    for (const Told& one : story.all) {
        if (id_of(one.party, one.record) == id && one.act != "withdraw") last = &one;
    }
    if (last == nullptr) return {};
    const Report& report = std::get<Report>(last->said);
    if (report.sources.empty()) return {{"author " + party_of(last->party)}};
    std::vector<test::Named> out;
    for (const Source& source : report.sources) {
        if (!source.line.empty()) out.push_back({"line " + source.line});
        if (source.of) out.push_back({"of " + source.of->text(), source.of});
        if (source.line.empty() && !source.of) out.push_back({"itself " + id.text()});
    }
    return out;
}

std::size_t brute_lines(const Story& story) {
    std::set<RecordId> counted;
    for (const auto& [id, word] : last_words(story)) {
        const auto& about = word.second.about;
        if (std::find(about.begin(), about.end(), incident) != about.end()) counted.insert(id);
    }
    return test::BruteLines([&](const RecordId& id) { return named_by(story, id); }).count(counted);
}

TEST(Corroboration, IsTheSameInEveryOrderAndCountsAsEachWithEachOther) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Rng rng(seed);
        const Story story = some_reports(rng);
        std::string first;
        for (int again = 0; again < 4; ++again) {
            const auto snapshot = told(story, any_order(story.all.size(), rng));
            const Corroboration counted = corroboration(snapshot, incident);
            EXPECT_EQ(counted.lines.size(), brute_lines(story)) << seed;
            if (again == 0) first = text_of(counted);
            EXPECT_EQ(text_of(counted), first) << seed;
        }
    }
}

TEST(Corroboration, SaysWhyTwoAreOne) {
    Story story;
    Report wire, same, rests, alone;
    wire.about = same.about = rests.about = alone.about = {incident};
    wire.sources = same.sources = {{SourceKind::media, "AFP", {}, {}}};
    rests.sources = {{SourceKind::party, "", id_of(1, "wire"), {}}};
    story.say({1, "wire", 1, "add", wire});
    story.say({2, "same", 1, "add", same});
    story.say({3, "rests", 1, "add", rests});
    story.say({4, "alone", 1, "add", alone});
    story.say({4, "alone again", 1, "add", alone});
    const auto counted = corroboration(told(story, {0, 1, 2, 3, 4}), incident);
    ASSERT_EQ(counted.lines.size(), 2u);
    EXPECT_EQ(counted.reports, 5u);
    std::multiset<std::string> by;
    for (const Line& line : counted.lines) {
        EXPECT_EQ(line.joined.size(), line.reports.size() - 1);
        for (const Joined& one : line.joined) by.insert(one.by);
    }
    EXPECT_EQ(by.count("author"), 1u);
    EXPECT_EQ(by.size(), 3u);
}

/// Whoever names the sources of others takes no line from them.
TEST(Corroboration, WhatNamesSeveralSourcesJoinsNoneOfThem) {
    Story story;
    Report own, wire, both, texts, apart;
    own.about = wire.about = both.about = texts.about = apart.about = {incident};
    own.sources = {{SourceKind::sensor, "", {}, {}}};
    wire.sources = {{SourceKind::media, "AFP", {}, {}}};
    story.say({1, "own", 1, "add", own});
    story.say({2, "wire", 1, "add", wire});
    both.sources = {{SourceKind::party, "", id_of(1, "own"), {}},
                    {SourceKind::party, "", id_of(2, "wire"), {}}};
    story.say({3, "both", 1, "add", both});
    texts.sources = {{SourceKind::media, "AFP", {}, {}}, {SourceKind::media, "Reuters", {}, {}}};
    story.say({3, "texts", 1, "add", texts});
    apart.sources = {{SourceKind::media, "Reuters", {}, {}}, {SourceKind::media, "AP", {}, {}}};
    const auto counted = corroboration(told(story, {0, 1, 2, 3}), incident);
    ASSERT_EQ(counted.lines.size(), 2u) << text_of(counted);
    EXPECT_EQ(counted.reports, 4u);
    story.say({4, "apart", 1, "add", apart});
    const auto more = corroboration(told(story, {0, 1, 2, 3, 4}), incident);
    EXPECT_EQ(more.lines.size(), 3u) << "Reuters has no line of its own: " << text_of(more);
    apart.sources.front().line = "AP photo";
    story.say({5, "apart too", 1, "add", apart});
    const auto most = corroboration(told(story, {0, 1, 2, 3, 4, 5}), incident);
    EXPECT_EQ(most.lines.size(), 3u) << "they share one: " << text_of(most);
}

TEST(Corroboration, SaysWhereALineRestsOnWhatCannotBeRead) {
    Story story;
    Report one, two, alone;
    one.about = two.about = alone.about = {incident};
    one.sources = {{SourceKind::party, "", id_of(5, "hidden"), {}}};
    two.sources = {{SourceKind::party, "", id_of(6, "hidden too"), {}}};
    story.say({1, "one", 1, "add", one});
    story.say({2, "two", 1, "add", two});
    story.say({3, "alone", 1, "add", alone});
    const auto counted = corroboration(told(story, {0, 1, 2}), incident);
    EXPECT_EQ(counted.lines.size(), 3u);
    EXPECT_EQ(counted.unseen, 2u) << "both may be of one source";
    story.say({5, "hidden", 1, "add", alone});
    EXPECT_EQ(corroboration(told(story, {0, 1, 2, 3}), incident).unseen, 1u);
}

TEST(Corroboration, GoesThroughWhatIsNoReport) {
    Story story;
    statement::Incident other;
    other.sources = {{SourceKind::media, "AFP", {}, {}}};
    Report rests, wire;
    rests.about = wire.about = {incident};
    rests.sources = {{SourceKind::party, "", id_of(1, "other"), {}}};
    wire.sources = {{SourceKind::media, "AFP", {}, {}}};
    story.say({1, "other", 1, "add", other});
    story.say({2, "rests", 1, "add", rests});
    story.say({3, "wire", 1, "add", wire});
    const auto counted = corroboration(told(story, {0, 1, 2}), incident);
    ASSERT_EQ(counted.lines.size(), 1u);
    EXPECT_EQ(counted.lines[0].joined.size(), 2u) << "through the incident";
}

TEST(Positions, AreTheSameInEveryOrder) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        Rng rng(seed);
        const Story story = some_positions(rng);
        std::string first;
        for (int again = 0; again < 4; ++again) {
            const auto snapshot = told(story, any_order(story.all.size(), rng));
            const std::string text = text_of(standings(snapshot, noon + std::chrono::hours(24)));
            if (again == 0) first = text;
            EXPECT_EQ(text, first) << seed;
        }
    }
}

TEST_F(Stood, OnePartyIsEnoughToProtect) {
    using enum statement::Stand;
    const Standing one = standing({says(2, is_protected), says(3, not_protected)});
    EXPECT_TRUE(one.is_protected);
    EXPECT_EQ(one.accord, Accord::differ);
    EXPECT_EQ(one.silent.size(), party_count - 2);
    EXPECT_FALSE(standing({says(3, not_protected)}).is_protected);
    EXPECT_EQ(standing({}).accord, Accord::nobody);
    EXPECT_EQ(standing({says(2, no_position)}).accord, Accord::nobody);
    EXPECT_EQ(standing({says(2, no_position)}).silent.size(), party_count - 1);
    EXPECT_EQ(standing({says(2, is_protected), says(4, is_protected)}).accord, Accord::agree);
}

TEST_F(Stood, WhatProtectedOnceIsNotTakenBackByAWord) {
    using enum statement::Stand;
    const Standing later = standing({says(2, is_protected), says(2, not_protected, 2)});
    EXPECT_TRUE(later.is_protected);
    EXPECT_EQ(later.by_party.at(PartyId{party_of(2)}).front().stand, not_protected);
    EXPECT_TRUE(later.by_party.at(PartyId{party_of(2)}).front().protects_still);
    Told gone = says(2, is_protected, 2);
    gone.act = "withdraw";
    EXPECT_TRUE(standing({says(2, is_protected), gone}).is_protected);
}

TEST_F(Stood, WhatSpeaksOfAnotherGroupNowProtectsTheFirstStill) {
    Told other = says(2, statement::Stand::not_protected, 2);
    other.said = stand_on(id_of(7, "another"), statement::Stand::not_protected);
    EXPECT_TRUE(standing({says(2, statement::Stand::is_protected), other}).is_protected);
    other.said = Report{};  // whatever it claims to be
    EXPECT_TRUE(standing({says(2, statement::Stand::is_protected), other}).is_protected);
}

TEST_F(Stood, WhoTakesGroupsApartEndsNoProtection) {
    statement::Group same;
    same.names = {{"EXERCISE too", "", ""}};
    same.same = {group};
    statement::Group apart = same;
    apart.same.clear();
    Told position = says(2, statement::Stand::is_protected);
    position.said = stand_on(id_of(3, "its name"), statement::Stand::is_protected);
    const Told named{3, "its name", 1, "add", same};
    EXPECT_TRUE(standing({named, position}).is_protected);
    EXPECT_TRUE(standing({named, position, {3, "its name", 2, "amend", apart}}).is_protected);
    EXPECT_TRUE(standing({named, position, {3, "its name", 2, "withdraw", apart}}).is_protected);
}

TEST_F(Stood, EndsWhenItSaidThatItWould) {
    Told short_one = says(2, statement::Stand::is_protected);
    auto position = std::get<statement::Position>(short_one.said);
    position.until = noon + std::chrono::hours(1);
    short_one.said = position;
    EXPECT_TRUE(standing({short_one}, noon).is_protected);
    EXPECT_FALSE(standing({short_one}, noon + std::chrono::hours(1)).is_protected);
}

}  // namespace
}  // namespace entente::view

// SPDX-License-Identifier: Apache-2.0
// Evidence of what a party said in a log before the one that it goes on in: to whom it was told,
// and what they acknowledged, shown by the lists and receipts of that log.
#include "evidence/verify.h"
#include "node/gather.h"
#include "sim/lied_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

evidence::Report verified(Lied& lied, Party& by, const RecordId& record) {
    const auto file = node::gather({by.node(), by.exchange(), by.store(), *by.author().vault},
                                   {record, node::Tier::exact, lied.now});
    EXPECT_TRUE(file) << file.error().detail;
    const std::string charter = lied.charter();
    auto report = evidence::verify(evidence::format_file(*file), {&charter, 1});
    EXPECT_TRUE(report) << report.error().detail;
    return report ? std::move(*report) : evidence::Report();
}

/// Who was told by it, and who acknowledged by which steps, in the words that a person reads.
std::set<std::string> told_in(const evidence::Report& report) {
    std::set<std::string> out;
    for (const auto& line : report.lines) {
        if (line.code != "told" || line.standing != evidence::Standing::proven) continue;
        for (const PartyId& party : {fr_id, ru_id, msf_id}) {
            if (line.text.find(" to " + party.v + ", ") != std::string::npos) out.insert(party.v);
        }
    }
    return out;
}
std::set<std::string> steps_of(const evidence::Report& report, const PartyId& party) {
    std::set<std::string> out;
    for (const auto& word : report.words) {
        if (word.from == party && !word.covers.empty()) out.insert(word.rung);
    }
    return out;
}
std::set<std::string> silent_in(const evidence::Report& report) {
    std::set<std::string> out;
    for (const auto& word : report.words) {
        if (!word.lacks.empty()) out.insert(word.from.v);
    }
    return out;
}

const std::set<std::string> both = {"fr", "msf"};
const std::set<std::string> read = {"opened", "read_back"};

TEST(FormerEvidence, NamesWhoWasToldAndWhatTheySaid) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(4);
    for (int logs = 1; logs <= 2; ++logs) {
        ASSERT_TRUE(lied.ru().rotate(lied.now));
        lied.rounds(4);
        for (const bool again : {false, true}) {
            if (again) restart(lied.ru());
            const auto report = verified(lied, lied.ru(), record);
            ASSERT_EQ(report.said.size(), 1u);
            EXPECT_EQ(told_in(report), both) << logs;
            for (const PartyId& party : {fr_id, msf_id}) {
                EXPECT_EQ(steps_of(report, party), read) << party.v << logs << again;
            }
            EXPECT_EQ(silent_in(report), std::set<std::string>()) << logs;
            for (const auto& line : report.lines) {
                EXPECT_NE(line.code, "other_list") << line.text;
                if (line.code == "told") {
                    EXPECT_TRUE(line.by.starts_with(report.file.author.v + "+")) << line.by;
                }
            }
        }
    }
}

TEST(FormerEvidence, ShowsWhatWasAcknowledgedOnlyAfterwards) {
    Lied lied;
    lied.rounds(2);
    lied.say(lied.ru(), elsewhere);
    lied.rounds(4);
    const RecordId record = lied.say(lied.ru(), site);
    const auto without_fr = [&](int rounds) {
        for (int i = 0; i < rounds; ++i) {
            lied.tick();
            (void)sync(lied.msf(), lied.ru(), lied.now);
            (void)sync(lied.ru(), lied.msf(), lied.now);
        }
    };
    without_fr(3);
    ASSERT_TRUE(lied.ru().rotate(lied.now));
    without_fr(3);
    const auto early = verified(lied, lied.ru(), record);
    EXPECT_EQ(told_in(early), both);
    EXPECT_EQ(steps_of(early, msf_id), read);
    EXPECT_EQ(steps_of(early, fr_id), std::set<std::string>()) << "it has not got it";
    lied.rounds(6);
    const auto late = verified(lied, lied.ru(), record);
    EXPECT_EQ(told_in(late), both);
    EXPECT_EQ(steps_of(late, fr_id), read);
    EXPECT_EQ(silent_in(late), std::set<std::string>());
}

TEST(FormerEvidence, IsTheRecipientsTooWhoeverOfThemWentOn) {
    Lied lied;
    lied.rounds(2);
    const RecordId record = lied.say(lied.ru(), site);
    lied.rounds(4);
    for (Party* party : {&lied.ru(), &lied.fr()}) {
        ASSERT_TRUE(party->rotate(lied.now));
        lied.rounds(5);
        const auto report = verified(lied, lied.fr(), record);
        EXPECT_EQ(told_in(report), (std::set<std::string>{"fr"})) << party->id().v;
        EXPECT_EQ(steps_of(report, fr_id), read) << party->id().v;
        EXPECT_EQ(silent_in(report), std::set<std::string>()) << party->id().v;
    }
    // And its author knows fr's word out of the log that fr kept before.
    const auto report = verified(lied, lied.ru(), record);
    EXPECT_EQ(told_in(report), both);
    EXPECT_EQ(steps_of(report, fr_id), read);
}

}  // namespace
}  // namespace entente::sim

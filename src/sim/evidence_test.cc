// SPDX-License-Identifier: Apache-2.0
// Evidence files out of an exchange of four parties, verified with nothing but the charter: what
// was told, what was acknowledged, who was silent. That no byte of a file can be changed is
// dw4_evidence_test.cc's.
#include <gtest/gtest.h>

#include "base/encode.h"
#include "evidence/page.h"
#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using evidence::Report;
using evidence::Standing;

std::string all_lines(const Report& report) {
    std::string out;
    for (const auto& line : report.lines) {
        out += std::string(name(line.standing)) + " " + line.code + ": " + line.text + "\n";
    }
    return out;
}

bool has(const Report& report, Standing standing, const std::string& code,
         const std::string& words) {
    for (const auto& line : report.lines) {
        if (line.standing == standing && line.code == code &&
            line.text.find(words) != std::string::npos) {
            return true;
        }
    }
    return false;
}

TEST(Evidence, ProvesWhatWasToldToWhomAndWhatTheyAcknowledged) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four);
    four.rounds(4);
    const Bytes file = four.file(four.msf(), id);
    const auto report = four.verify(file);
    ASSERT_TRUE(report) << report.error().detail;
    SCOPED_TRACE(all_lines(*report));
    EXPECT_EQ(report->author, PartyId{"msf"});
    ASSERT_EQ(report->said.size(), 1u);
    ASSERT_EQ(report->told.size(), 2u);
    EXPECT_EQ(report->told[0].to, PartyId{"fr"});
    EXPECT_EQ(report->told[0].slots, seal::tier_exact);
    EXPECT_EQ(report->told[1].to, PartyId{"ru"});
    EXPECT_EQ(report->told[1].slots, seal::tier_coarse);
    EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "fr acknowledged release 0"));
    EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "as 'read_back'"));
    EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "ru acknowledged release 0"));
    EXPECT_TRUE(has(*report, Standing::claimed, "read_back", "33.5000000, 36.3000000"));
    EXPECT_TRUE(has(*report, Standing::claimed, "content", secret_name));
    EXPECT_TRUE(has(*report, Standing::proven, "coarse", "holds the exact place"));
    EXPECT_TRUE(has(*report, Standing::missing, "told", "un"));
    EXPECT_FALSE(has(*report, Standing::proven, "silent", ""));
    for (const auto& line : report->lines) {
        if (line.standing != Standing::proven) continue;
        EXPECT_FALSE(line.by.empty()) << line.text;
        EXPECT_FALSE(line.rests_on.empty()) << line.text;
    }
}

TEST(Evidence, BoundsTheTimeByOthersClocks) {
    Four four;
    four.rounds(2);
    const Instant before = four.now;
    four.now += 61min;  // so that the next beat quotes the others' heads again
    four.rounds(2);
    const Instant quoted = four.now;
    const RecordId id = say(four);
    four.rounds(3);
    const auto report = four.verify(four.file(four.msf(), id));
    ASSERT_TRUE(report) << report.error().detail;
    SCOPED_TRACE(all_lines(*report));
    const evidence::Bounds& bounds = report->said[0].bounds;
    ASSERT_TRUE(bounds.after && bounds.before);
    EXPECT_GT(bounds.after->at, before - 60s);
    EXPECT_LE(bounds.after->at, quoted);
    EXPECT_GE(bounds.before->at, quoted);
    EXPECT_LE(bounds.before->at, quoted + 2min);
    EXPECT_EQ(bounds.after->clock.find("msf"), std::string::npos) << "its own clock bounds nothing";
    EXPECT_EQ(bounds.before->clock.find("/msf"), std::string::npos);
    // Told by the beat that came with it, and not only by the newest one.
    ASSERT_TRUE(report->told[0].bounds.before);
    EXPECT_EQ(report->told[0].bounds.before->at, bounds.before->at);
}

TEST(Evidence, AReleaseOfLaterIsDatedByTheBeatThatCameWithIt) {
    Four four;
    const RecordId id =
        four.msf().say(hospital(), {}, {{PartyId{"fr"}, node::Tier::exact}}, four.now).value();
    four.rounds(5);
    const Instant released = four.now;
    ASSERT_TRUE(four.msf().exchange().release({id}, PartyId{"ru"}, node::Tier::exact, four.now));
    four.rounds(5);
    const auto report = four.verify(four.file(four.msf(), id));
    ASSERT_TRUE(report) << report.error().detail;
    SCOPED_TRACE(all_lines(*report));
    ASSERT_EQ(report->told.size(), 2u);
    EXPECT_EQ(report->told[0].to, PartyId{"fr"});
    EXPECT_EQ(report->told[0].beat->beat->time, noon);
    EXPECT_EQ(report->told[1].to, PartyId{"ru"});
    EXPECT_EQ(report->told[1].beat->beat->time, released);
    ASSERT_TRUE(report->told[1].bounds.before);
    EXPECT_LE(report->told[1].bounds.before->at, released + 61s);
}

TEST(Evidence, ProvesSilence) {
    Four four;
    four.rounds(3);
    const RecordId id = say(four);
    // ru beats and is asked, and asks nobody.
    four.rounds(3, &four.ru());
    const Bytes file = four.file(four.msf(), id);
    const auto report = four.verify(file);
    ASSERT_TRUE(report) << report.error().detail;
    SCOPED_TRACE(all_lines(*report));
    EXPECT_TRUE(has(*report, Standing::proven, "silent", "ru had not acknowledged release 0"));
    EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "fr acknowledged"));
    EXPECT_FALSE(has(*report, Standing::proven, "silent", "fr had not"));
    EXPECT_TRUE(has(*report, Standing::missing, "held_unproven", "that ru had"));
    four.rounds(3);
    const auto later = four.verify(four.file(four.msf(), id));
    ASSERT_TRUE(later) << later.error().detail;
    EXPECT_FALSE(has(*later, Standing::proven, "silent", "")) << all_lines(*later);
}

TEST(Evidence, ARecipientShowsWhatItWasToldAndWhatItSaidToThat) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four);
    four.rounds(4);
    for (Party* one : {&four.fr(), &four.ru()}) {
        const bool exact = one == &four.fr();
        const Bytes file = four.file(*one, id);
        const auto report = four.verify(file);
        ASSERT_TRUE(report) << report.error().detail;
        SCOPED_TRACE(all_lines(*report));
        EXPECT_EQ(report->author, PartyId{"msf"});
        ASSERT_EQ(report->told.size(), 1u);
        EXPECT_EQ(report->told[0].to, one->id());
        EXPECT_EQ(report->told[0].slots, exact ? seal::tier_exact : seal::tier_coarse);
        EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", one->id().v + " acknowledged"));
        EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "as 'opened' in its receipt"));
        EXPECT_EQ(file.find(secret_name) != Bytes::npos, exact)
            << "no byte of an exact body where only the coarse one is held";
        EXPECT_EQ(has(*report, Standing::missing, "body", "exact body"), !exact);
    }
    EXPECT_FALSE(node::gather(
        {four.un().node(), four.un().exchange(), four.un().store(), *four.un().author().vault},
        {id, node::Tier::exact, four.now}));
}

TEST(Evidence, ShowsNoMoreThanTheHolderWishes) {
    Four four;
    const RecordId id = say(four);
    four.rounds(3);
    for (const node::Tier tier : {node::Tier::head, node::Tier::coarse}) {
        const Bytes file = four.file(four.msf(), id, tier);
        const auto report = four.verify(file);
        ASSERT_TRUE(report) << report.error().detail;
        EXPECT_EQ(file.find(secret_name), Bytes::npos);
        EXPECT_EQ(report->told.size(), 2u);
        EXPECT_EQ(report->said[0].entry->coarse.has_value(), tier == node::Tier::coarse);
    }
}

TEST(Evidence, AWithdrawalIsSaidToldAndApproved) {
    Four four;
    const RecordId id = say(four);
    four.rounds(2);
    node::Draft withdraw;
    withdraw.act = statement::act::withdraw;
    withdraw.actor = "a.registrar";
    ASSERT_TRUE(four.msf().say(withdraw, id, {}, four.now));
    four.rounds(3);
    const auto report = four.verify(four.file(four.msf(), id));
    ASSERT_TRUE(report) << report.error().detail;
    SCOPED_TRACE(all_lines(*report));
    ASSERT_EQ(report->said.size(), 2u);
    EXPECT_EQ(report->told.size(), 4u);
    EXPECT_TRUE(
        has(*report, Standing::proven, "signed_for", "version 2 bears the signature of officer"));
    EXPECT_TRUE(has(*report, Standing::proven, "acknowledged", "(version 2)"));
}

TEST(Evidence, ThePageSaysTheSameAndRunsNothing) {
    Four four;
    const RecordId id = say(four);
    four.rounds(3, &four.ru());
    const auto report = four.verify(four.file(four.msf(), id));
    ASSERT_TRUE(report) << report.error().detail;
    const std::string page = evidence::page(*report);
    EXPECT_NE(page.find("Al-Noor &lt;b&gt;underground&lt;/b&gt; &amp; ward"), std::string::npos);
    EXPECT_EQ(page.find("<b>underground"), std::string::npos);
    for (const char* never : {"<script", "http://", "https://", "src=", "href="}) {
        EXPECT_EQ(page.find(never), std::string::npos) << never;
    }
    for (const auto& line : report->lines) {
        for (const Hash& leaf : line.rests_on) {
            EXPECT_NE(page.find(to_base64(leaf.view())), std::string::npos) << line.text;
        }
    }
}

TEST(Evidence, RefusesAnotherCharter) {
    Four four;
    const RecordId id = say(four);
    four.rounds(2);
    const Bytes file = four.file(four.msf(), id);
    const std::string other =
        found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 2).charter_file;
    const auto refused = evidence::verify(file, {&other, 1});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::refused);
}

}  // namespace
}  // namespace entente::sim

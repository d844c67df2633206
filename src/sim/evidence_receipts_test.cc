// SPDX-License-Identifier: Apache-2.0
// What receipts there are in an evidence file: every word that was said of the record and, of
// places that were read back, none that the file does not show anyhow.
#include <gtest/gtest.h>

#include "evidence/words.h"
#include "node/ladder.h"
#include "sim/four_for_test.h"

namespace entente::sim {
namespace {

using evidence::Report;
using evidence::Standing;
using statement::Rung;

std::vector<std::string> texts(const Report& report, Standing standing, const std::string& code) {
    std::vector<std::string> out;
    for (const auto& line : report.lines) {
        if (line.standing == standing && line.code == code) out.push_back(line.text);
    }
    return out;
}

bool says(const std::vector<std::string>& lines, const std::string& words) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.find(words) != std::string::npos;
    });
}

void give(Four& four, const RecordId& id, Rung rung, const std::string& unit,
          std::vector<geo::LatLng> coordinates = {}) {
    node::Acknowledgement given;
    given.records = {id};
    given.rung = rung;
    given.unit = unit;
    given.coordinates = std::move(coordinates);
    const auto done = four.fr().exchange().acknowledge(given, "duty", four.now);
    EXPECT_TRUE(done) << done.error().detail;
}

Report report_of(Four& four, const RecordId& id, node::Tier show = node::Tier::exact) {
    auto report = four.verify(four.file(four.msf(), id, show));
    EXPECT_TRUE(report) << report.error().detail;
    return report ? std::move(*report) : Report();
}

TEST(EvidenceReceipts, AMismatchIsThereBesideWhatWasLoadedRightBefore) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four);
    four.rounds(2);
    give(four, id, Rung::loaded, "", {{335'000'000, 363'000'000}});
    give(four, id, Rung::loaded, "", {{336'000'000, 363'000'000}});
    give(four, id, Rung::loaded, "", {{336'000'000, 363'000'000}});
    four.rounds(2);
    const Report report = report_of(four, id);
    const auto loaded = texts(report, Standing::claimed, "loaded");
    ASSERT_EQ(loaded.size(), 2u) << "the same again is no news";
    EXPECT_TRUE(says(loaded, "33.5000000, 36.3000000, 0 m from where")) << loaded[0];
    EXPECT_TRUE(says(loaded, "33.6000000, 36.3000000, 11091 m from where")) << loaded[1];
}

TEST(EvidenceReceipts, EachUnitThatConfirmedIsThere) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four);
    four.rounds(2);
    for (const char* unit : {"TACC", "AWACS 3"}) give(four, id, Rung::confirmed, unit);
    four.rounds(2);
    const auto lines = texts(report_of(four, id), Standing::proven, "acknowledged");
    EXPECT_TRUE(says(lines, "unit TACC"));
    EXPECT_TRUE(says(lines, "unit AWACS 3"));
}

/// A batch of many is read back in one receipt: its places are other records'.
TEST(EvidenceReceipts, ShowNoPlaceOfAnotherRecord) {
    Four four;
    four.rounds(2);
    const node::Audience to_fr = {{PartyId{"fr"}, node::Tier::exact}};
    std::vector<RecordId> ids;
    for (int i = 0; i < 40; ++i) {
        ids.push_back(
            four.msf().say(hospital(335'000'000 + i * 100'000), {}, to_fr, four.now).value());
    }
    four.rounds(3);
    const Bytes file = four.file(four.msf(), ids.front());
    const auto report = four.verify(file);
    ASSERT_TRUE(report) << report.error().detail;
    EXPECT_NE(file.find("335000000"), Bytes::npos);
    for (int i = 1; i < 40; ++i) {
        const std::string other = std::to_string(335'000'000 + i * 100'000);
        EXPECT_EQ(file.find(other), Bytes::npos) << other;
    }
    EXPECT_TRUE(says(texts(*report, Standing::missing, "receipt"), "what fr says in its receipt"));
    EXPECT_TRUE(says(texts(*report, Standing::proven, "acknowledged"), "as 'opened'"));
}

TEST(EvidenceReceipts, OfFewTheirReadingIsShown) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four), other = say(four);
    four.rounds(3);
    for (const RecordId& one : {id, other}) {
        const Report report = report_of(four, one);
        EXPECT_EQ(texts(report, Standing::claimed, "read_back").size(), 1u);
        EXPECT_TRUE(texts(report, Standing::missing, "receipt").empty());
    }
}

/// The place stays unknown where the file's maker does not show it.
TEST(EvidenceReceipts, ShowNoPlaceThatTheHolderDoesNotShow) {
    Four four;
    four.rounds(2);
    const RecordId id = say(four);
    four.rounds(2);
    give(four, id, Rung::loaded, "", {{335'012'345, 363'000'000}});
    give(four, id, Rung::passed, "TACC");
    four.rounds(2);
    for (const node::Tier tier : {node::Tier::head, node::Tier::coarse}) {
        const Bytes file = four.file(four.msf(), id, tier);
        const auto report = four.verify(file);
        ASSERT_TRUE(report) << report.error().detail;
        EXPECT_EQ(file.find("335012345"), Bytes::npos);
        EXPECT_EQ(file.find("363000000"), Bytes::npos);
        EXPECT_EQ(texts(*report, Standing::missing, "receipt").size(), 2u);
        EXPECT_TRUE(says(texts(*report, Standing::proven, "acknowledged"), "unit TACC"));
    }
}

}  // namespace
}  // namespace entente::sim

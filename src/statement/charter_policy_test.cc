// SPDX-License-Identifier: Apache-2.0
// The tlog-policy text, read back here by the grammar of the C2SP specification.
#include "statement/charter_policy.h"

#include <gtest/gtest.h>

#include <sstream>

#include "statement/charter_for_test.h"

namespace entente::statement {
namespace {

/// The lines of a policy, comments left out, as words.
std::vector<std::vector<std::string>> words(const std::string& policy) {
    std::vector<std::vector<std::string>> out;
    std::istringstream lines(policy);
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream parts(line);
        out.emplace_back();
        for (std::string word; parts >> word;) out.back().push_back(word);
    }
    return out;
}

// sigsum-general, November 2023: the least k that is both safe and live, n = 1 to 10.
TEST(Policy, AsManyMirrorsAsAreBothSafeAndLive) {
    const std::size_t least[] = {0, 1, 2, 3, 3, 4, 5, 5, 6, 7, 7};
    for (std::size_t m = 0; m <= 10; ++m) EXPECT_EQ(mirrors_needed(m), least[m]) << m;
}

TEST(Policy, SaysForEachPartyWhoseMirrorsMakeItsHeadsFinal) {
    samples::World world = samples::world({"fr", "ru", "msf", "un"});
    const std::string outside = Vkey{"w.example/1", VkeyType::cosigner,
                                     samples::founder(world.charter, "xx", 77).witness.public_key()}
                                    .text();
    world.charter.witnesses.push_back({"w1", outside, "https://w.example/"});
    world.charter.parties[1].address = "";
    const auto& parties = world.charter.parties;
    const std::vector<std::vector<std::string>> wanted = {
        {"log", parties[0].log, parties[0].address + "/log"},
        {"witness", "mirror-ru", parties[1].mirror},
        {"witness", "mirror-msf", parties[2].mirror},
        {"witness", "mirror-un", parties[3].mirror},
        {"witness", "outside-w1", outside, "https://w.example/"},
        {"group", "mirrors", "3", "mirror-ru", "mirror-msf", "mirror-un"},
        {"quorum", "mirrors"}};
    EXPECT_EQ(words(tlog_policy(world.charter, PartyId{"fr"}).value()), wanted);
    const auto of_ru = words(tlog_policy(world.charter, PartyId{"ru"}).value());
    EXPECT_EQ(of_ru[0], (std::vector<std::string>{"log", parties[1].log}));
    EXPECT_EQ(tlog_policy(world.charter, PartyId{"us"}).error().code, Errc::not_found);
}

TEST(Policy, OfAPartyAloneHasNoQuorum) {
    const samples::World world = samples::world({"fr"});
    const auto policy = words(tlog_policy(world.charter, PartyId{"fr"}).value());
    EXPECT_EQ(policy.back(), (std::vector<std::string>{"quorum", "none"}));
}

}  // namespace
}  // namespace entente::statement

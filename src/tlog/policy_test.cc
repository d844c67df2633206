// SPDX-License-Identifier: Apache-2.0
#include "tlog/policy.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/limits.h"
#include "tlog/key.h"
#include "tlog/vectors.h"

namespace entente::tlog {
namespace {

const Instant noon = instant(1'448'539'200'000);

CosignerSecret witness(const std::string& name) {
    std::uint64_t seed = 0;
    for (const char c : name) seed = seed * 257 + static_cast<unsigned char>(c);
    Rng rng(seed);
    return CosignerSecret::generate("w.example/" + name, rng.bytes()).value();
}
std::string witness_line(const std::string& name) {
    return "witness " + name + " " + witness(name).key().text() + "\n";
}
LogKey log_key(std::uint64_t seed = 1) {
    Rng rng(seed);
    return LogKey::generate("log.example", rng.bytes()).value();
}

// The example of C2SP tlog-policy, with keys.
std::string example() {
    return "log " + log_key().verifier().text() + "\n\n" + witness_line("X1") + witness_line("X2") +
           witness_line("X3") + "group X-witnesses 2 X1 X2 X3\n\n" + witness_line("Y1") +
           witness_line("Y2") + witness_line("Y3") +
           "group Y-witnesses any Y1 Y2 Y3\n\ngroup X-and-Y all X-witnesses Y-witnesses\n"
           "quorum X-and-Y\n";
}

Bytes cosigned_note(const std::vector<std::pair<std::string, int>>& who) {
    const Checkpoint checkpoint{{"log.example"}, {5}, Hash{{1}}, {}};
    const LogKey key = log_key();
    SignedCheckpoint head =
        sign_checkpoint(checkpoint, key.verifier(), key.sign(format_checkpoint(checkpoint)))
            .value();
    for (const auto& [name, second] : who) {
        head.note.signatures.push_back(
            witness(name).sign(noon + std::chrono::seconds(second), head.note.text).value());
    }
    return head.bytes();
}

TEST(Policy, ReadsTheExampleOfC2sp) {
    const Policy policy = parse_policy(example()).value();
    EXPECT_EQ(policy.logs.size(), 1u);
    EXPECT_EQ(policy.witnesses.size(), 6u);
    ASSERT_EQ(policy.groups.size(), 3u);
    EXPECT_EQ(policy.groups[0].threshold, 2u);
    EXPECT_EQ(policy.groups[1].threshold, 1u);
    EXPECT_EQ(policy.groups[2].members, (std::vector<std::string>{"X-witnesses", "Y-witnesses"}));
    EXPECT_EQ(policy.quorum, "X-and-Y");
    EXPECT_EQ(parse_policy(format_policy(policy)).value(), policy);
}

TEST(Policy, ReadsWhatTheGrammarAllows) {
    const std::string w = witness("w1").key().text();
    EXPECT_TRUE(parse_policy("quorum none\n").value().asks_for_nobody());
    EXPECT_TRUE(parse_policy("quorum none"));
    const Policy spaced = parse_policy("\n# comment\n\t # another\n\twitness \t w1  " + w +
                                       "   https://w1.example.com/  \n\n  quorum\tw1")
                              .value();
    EXPECT_EQ(spaced.witnesses[0].url, "https://w1.example.com/");
    EXPECT_EQ(spaced.quorum, "w1");
    EXPECT_TRUE(parse_policy("witness \xE2\x84\xAA\x80 " + w + "\nquorum \xE2\x84\xAA\x80\n"));
    EXPECT_TRUE(parse_policy("witness all " + w + "\ngroup any any all\nquorum any\n"));
    std::string many;
    for (int i = 10; i < 74; ++i)
        many += witness_line("w" + std::string(static_cast<std::size_t>(i), 'x'));
    EXPECT_TRUE(parse_policy(many + "quorum none\n"));
}

TEST(Policy, RefusesEverythingElseAndNamesTheLine) {
    const std::string w1 = witness("w1").key().text(), w2 = witness("w2").key().text();
    const std::string log = log_key().verifier().text();
    const std::string one = "witness w1 " + w1 + "\n", both = one + "witness w2 " + w2 + "\n";
    const std::string rows[] = {
        "",
        "quorum none\n\x01",
        "quorum none\r\n",
        "quorum none\n\x7F",
        "quibble w1\nquorum none\n",
        "witness w1 " + w1 + " https://w1.example.com/ # comment\nquorum w1\n",
        "log\nquorum none\n",
        "log garbage\nquorum none\n",
        "log " + w1 + "\nquorum none\n",
        "log " + log + "\nlog " + log + " https://x/\nquorum none\n",
        "witness w1\nquorum none\n",
        "witness w1 " + log + "\nquorum w1\n",
        "witness none " + w1 + "\nquorum none\n",
        one + "witness w1 " + w2 + "\nquorum w1\n",
        one + "witness w2 " + w1 + "\nquorum w1\n",
        one + "group w1 any w1\nquorum w1\n",
        one + "group g any g\nquorum g\n",
        one + "group g 1\nquorum w1\n",
        one + "group none any w1\nquorum none\n",
        one + "group g 0 w1\nquorum g\n",
        one + "group g -1 w1\nquorum g\n",
        one + "group g 01 w1\nquorum g\n",
        one + "group g 2 w1\nquorum g\n",
        one + "group g 18446744073709551617 w1\nquorum g\n",
        one + "group g any w2\nquorum g\n",
        "group g any w1\n" + one + "quorum g\n",
        one + "group g any none w1\nquorum g\n",
        one + "group g all w1 w1\nquorum g\n",
        both + "group g any w1 w2\ngroup h any w1\nquorum g\n",
        one,
        one + "quorum w1\nquorum w1\n",
        "quorum unknown\n",
        "quorum w1\n" + one,
        "quorum\n",
        "quorum w1 w2\n",
    };
    for (const std::string& row : rows) EXPECT_FALSE(parse_policy(row)) << row;
    EXPECT_EQ(parse_policy("\n\nquorum x\n").error().detail,
              "line 3: quorum 'x' is not defined on a line before");
    EXPECT_EQ(parse_policy(std::string(limits::policy_bytes_max + 1, '\n')).error().code,
              Errc::too_large);
}

TEST(Policy, EvaluatesTheExample) {
    const Policy policy = parse_policy(example()).value();
    struct Row {
        std::vector<std::pair<std::string, int>> who;
        std::optional<int> enough;
    };
    const Row rows[] = {
        {{}, std::nullopt},
        {{{"X1", 1}, {"X2", 5}}, std::nullopt},
        {{{"X1", 1}, {"X2", 5}, {"Y3", 3}}, 5},
        {{{"X1", 1}, {"X2", 5}, {"X3", 2}, {"Y3", 3}}, 3},
        {{{"X1", 1}, {"Y1", 2}, {"Y2", 3}, {"Y3", 4}}, std::nullopt},
        {{{"X3", 9}, {"X2", 1}, {"Y1", 20}, {"Y2", 12}}, 12},
        {{{"X3", 9}, {"X3", 2}, {"X2", 1}, {"Y2", 1}}, 2},
        {{{"X3", 9}, {"X3", 2}, {"Y2", 1}}, std::nullopt},
    };
    for (const Row& row : rows) {
        const PolicyVerdict verdict = evaluate(policy, cosigned_note(row.who)).value();
        EXPECT_EQ(verdict.satisfied, row.enough.has_value());
        EXPECT_EQ(verdict.enough_at.has_value(), row.enough.has_value());
        if (row.enough) {
            EXPECT_EQ(*verdict.enough_at, noon + std::chrono::seconds(*row.enough));
        }
        EXPECT_EQ(verdict.head.checkpoint.size.v, 5u);
    }
}

TEST(Policy, ALogSignsUnderItsOwnName) {
    const Bytes note = cosigned_note({});
    const std::string none = "quorum none\n";
    EXPECT_TRUE(
        evaluate(parse_policy("log " + log_key().verifier().text() + "\n" + none).value(), note)
            .value()
            .satisfied);
    EXPECT_EQ(evaluate(parse_policy(none).value(), note).error().code, Errc::unknown_key);
    EXPECT_EQ(
        evaluate(parse_policy("log " + log_key(2).verifier().text() + "\n" + none).value(), note)
            .error()
            .code,
        Errc::unknown_key);
    // A listed log cannot sign for another: its line verifies, the origin is not its name.
    const LogKey other = log_key();
    const Checkpoint stolen{{"other.example"}, {5}, Hash{{1}}, {}};
    const std::string text = format_checkpoint(stolen);
    const Note signed_by_other{text,
                               {{other.verifier().name, other.verifier().id(), other.sign(text)}}};
    EXPECT_EQ(evaluate(parse_policy("log " + other.verifier().text() + "\n" + none).value(),
                       format_note(signed_by_other))
                  .error()
                  .code,
              Errc::unknown_key);
}

TEST(Policy, OneBadLineOfAKnownWitnessIsAnError) {
    const Policy policy = parse_policy(example()).value();
    Note note = parse_note(cosigned_note({{"X1", 1}, {"X2", 2}, {"Y1", 3}})).value();
    ASSERT_TRUE(evaluate(policy, format_note(note)).value().satisfied);
    note.signatures.back().signature.back() ^= 1;
    EXPECT_EQ(evaluate(policy, format_note(note)).error().code, Errc::bad_signature);
    note.signatures.back().key_id ^= 1;  // now nobody's
    EXPECT_FALSE(evaluate(policy, format_note(note)).value().satisfied);
}

// Random policies against the definition written down as a recursion over all members.
TEST(Policy, IsEnoughWhenTheDefinitionSaysSo) {
    Rng rng(5);
    const int rounds = vectors::is_long() ? 20'000 : 2'000;
    for (int round = 0; round < rounds; ++round) {
        Policy policy;
        std::vector<std::string> free;
        for (std::size_t i = 0; i < 1 + rng.below(6); ++i) {
            policy.witnesses.push_back({"w" + std::to_string(i), {}, ""});
            free.push_back(policy.witnesses.back().name);
        }
        for (std::size_t i = 0; i < rng.below(4) && !free.empty(); ++i) {
            Policy::Group group{"g" + std::to_string(i), 0, {}};
            for (std::size_t n = 1 + rng.below(free.size()); n > 0; --n) {
                const auto at = free.begin() + static_cast<std::ptrdiff_t>(rng.below(free.size()));
                group.members.push_back(*at);
                free.erase(at);
            }
            group.threshold = 1 + rng.below(group.members.size());
            free.push_back(group.name);
            policy.groups.push_back(group);
        }
        policy.quorum = policy.groups.empty() ? "w0" : policy.groups.back().name;
        std::map<std::string, Instant> cosigned = {{"stranger", noon}};
        for (const auto& each : policy.witnesses) {
            if (rng.below(3) != 0) {
                cosigned[each.name] = noon + Duration(1000 * static_cast<int>(rng.below(9)));
            }
        }
        // Enough by a moment: who had cosigned until then is a set, and sets have no times.
        const std::function<bool(const std::string&, Instant)> enough = [&](const std::string& name,
                                                                            Instant by) {
            for (const auto& group : policy.groups) {
                if (group.name != name) continue;
                const auto count =
                    std::count_if(group.members.begin(), group.members.end(),
                                  [&](const std::string& member) { return enough(member, by); });
                return static_cast<std::size_t>(count) >= group.threshold;
            }
            return cosigned.contains(name) && cosigned.at(name) <= by;
        };
        const auto at = policy.enough_at(cosigned);
        ASSERT_EQ(at.has_value(), enough(policy.quorum, Instant::max()));
        if (!at) continue;
        ASSERT_TRUE(enough(policy.quorum, *at));
        ASSERT_FALSE(enough(policy.quorum, *at - Duration(1)));
    }
}

}  // namespace
}  // namespace entente::tlog

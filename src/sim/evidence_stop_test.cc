// SPDX-License-Identifier: Apache-2.0
// Evidence of a STOP: each call that its author logged and each answer out of the recipient's log,
// verified with nothing but the charter, by whoever of the two shows it; and what is not there.
#include "evidence/page.h"
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

using evidence::Report;
using evidence::Standing;
using statement::AttemptOutcome;
using statement::ReplyWord;

bool has(const Report& report, Standing standing, const std::string& code,
         const std::string& words) {
    return std::any_of(report.lines.begin(), report.lines.end(), [&](const auto& line) {
        return line.standing == standing && line.code == code &&
               line.text.find(words) != std::string::npos;
    });
}

/// fr says STOP to ru.
class StopEvidence : public testing::Test {
  protected:
    StopEvidence() {
        four.rounds(2);
        id = stop_to_ru(four);
        const view::View view = view_of(four.fr());
        leaf = view.at(*view.find(id)).history().front().leaf;
    }
    void call(const std::vector<std::string>& desks, AttemptOutcome outcome, bool automatic) {
        statement::Attempt said;
        said.of = id;
        said.to = leaf;
        said.desks = desks;
        said.at = four.now;
        said.automatic = automatic;
        said.tried = {{automatic ? statement::Route::direct : statement::Route::voice,
                       automatic ? "ru" : "", outcome, "EXERCISE"}};
        auto composed = node::compose_attempt(four.fr().author(), said, "a.duty", four.now,
                                              four.fr().rng().bytes());
        ASSERT_TRUE(composed) << composed.error().detail;
        ASSERT_TRUE(log_dealing(four.fr(), std::move(*composed),
                                {{PartyId{"ru"}, node::Tier::exact}}, four.now));
    }
    void answer(ReplyWord word, bool automatic) {
        statement::Reply said;
        said.of = id;
        said.to = leaf;
        said.word = word;
        said.contact = "floor";
        said.text = "EXERCISE called off";
        said.automatic = automatic;
        auto composed = node::compose_reply(four.ru().author(), said, "an officer", four.now,
                                            four.ru().rng().bytes());
        ASSERT_TRUE(composed) << composed.error().detail;
        ASSERT_TRUE(log_dealing(four.ru(), std::move(*composed),
                                {{PartyId{"fr"}, node::Tier::exact}}, four.now));
    }
    Report report(Party& by) {
        auto out = four.verify(four.file(by, id));
        EXPECT_TRUE(out) << out.error().detail;
        return std::move(*out);
    }

    Four four;
    RecordId id;
    Hash leaf;
};

TEST_F(StopEvidence, HasEachCallAndEachAnswerWhoeverShowsIt) {
    call({"duty"}, AttemptOutcome::no_answer, true);
    call({"duty", "floor"}, AttemptOutcome::answered, false);
    four.rounds(2);
    answer(ReplyWord::noted, true);
    answer(ReplyWord::noted, true);
    answer(ReplyWord::noted, true);
    answer(ReplyWord::accepted, false);
    four.rounds(4);
    for (Party* party : {&four.fr(), &four.ru()}) {
        const Report all = report(*party);
        ASSERT_EQ(all.calls.size(), 2u);
        EXPECT_EQ(all.calls[1].attempt->desks.size(), 2u);
        ASSERT_EQ(all.answers.size(), 3u) << "the first and the newest of what is said again";
        EXPECT_TRUE(
            has(all, Standing::proven, "call", "fr logged a call of \"duty\" with version"));
        EXPECT_TRUE(has(all, Standing::proven, "call", "\"duty\", \"floor\""));
        EXPECT_TRUE(has(all, Standing::proven, "call", "by a person's word"));
        EXPECT_TRUE(has(all, Standing::claimed, "tried", "direct by ru: no_answer"));
        EXPECT_TRUE(has(all, Standing::claimed, "tried", "voice: answered"));
        EXPECT_TRUE(has(all, Standing::proven, "answer", "ru answered 'accepted' to version 1"));
        EXPECT_TRUE(has(all, Standing::proven, "answer", "by its node and no person"));
        EXPECT_TRUE(has(all, Standing::claimed, "answer_words", "EXERCISE called off"));
        EXPECT_FALSE(has(all, Standing::missing, "call", ""));
        EXPECT_FALSE(has(all, Standing::missing, "answer", ""));
        for (const auto& one : all.answers) {
            EXPECT_EQ(one.from, PartyId{"ru"});
            EXPECT_TRUE(one.bounds.before) << "others cosigned it";
        }
        const std::string page = evidence::page(all);
        EXPECT_NE(page.find("Who was called"), page.npos);
        EXPECT_NE(page.find("voice: answered"), page.npos);
        EXPECT_NE(page.find("accepted"), page.npos);
    }
}

TEST_F(StopEvidence, SaysWhatIsNotThere) {
    four.rounds(3);
    const Report none = report(four.fr());
    EXPECT_TRUE(has(none, Standing::missing, "call", "no call"));
    EXPECT_TRUE(has(none, Standing::missing, "answer", "no answer of a person of ru"));
    call({"duty"}, AttemptOutcome::handed, true);
    answer(ReplyWord::noted, true);
    four.rounds(3);
    const Report some = report(four.fr());
    EXPECT_FALSE(has(some, Standing::missing, "call", ""));
    EXPECT_TRUE(has(some, Standing::missing, "answer", "no answer of a person of ru"));
    auto coarse = four.verify(four.file(four.fr(), id, node::Tier::coarse));
    ASSERT_TRUE(coarse) << coarse.error().detail;
    EXPECT_TRUE(coarse->calls.empty() && coarse->answers.empty());
    EXPECT_TRUE(has(*coarse, Standing::missing, "talk", "only with its exact body"));
}

}  // namespace
}  // namespace entente::sim

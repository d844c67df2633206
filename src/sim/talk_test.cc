// SPDX-License-Identifier: Apache-2.0
// What parties contest and say to each other: a challenge makes its record contested for whoever
// sees it and changes nothing else of any answer, its clock, its answers; messages and which desk
// has them; and who is told of all that.
#include "node/compose_challenge.h"
#include "node/noticing.h"
#include "sim/activities_for_test.h"

namespace entente::sim {
namespace {

namespace act = statement::act;
using statement::ReplyWord;
using view::ChallengeState;
using view::Flag;
using Words = std::vector<std::string>;

constexpr auto hour = std::chrono::hours(1);

Result<RecordId> contest(Party& by, const RecordId& record, const Words& to, Instant now,
                         std::optional<Instant> answer_by = {}) {
    node::ChallengeDraft draft{act::add, "a.liaison", {}, answer_by};
    const auto& snapshot = by.node().snapshot();
    draft.challenge.of = record;
    draft.challenge.to = snapshot.at(*snapshot.find(record)).newest().position.leaf;
    draft.challenge.grounds = statement::Grounds::use;
    draft.challenge.text = "EXERCISE no patients since May";
    draft.challenge.contact = "liaison";
    node::Audience audience;
    for (const std::string& party : to) audience[PartyId{party}] = node::Tier::exact;
    TRY(composed, node::compose_challenge(by.author(), draft, nullptr, now, by.rng().bytes()));
    return log_dealing(by, std::move(composed), audience, now);
}

/// amend or withdraw.
Result<RecordId> go_on(Party& by, const RecordId& id, const char* what, Instant now) {
    const auto& dealings = by.node().snapshot().dealings();
    const registry::Dealing& dealing = dealings.at(*dealings.find(id));
    node::ChallengeDraft draft{what, "a.liaison", {}, {}};
    draft.challenge = std::get<statement::Challenge>(*dealing.said());
    TRY(composed, node::compose_challenge(by.author(), draft, &dealing, now, by.rng().bytes()));
    return log_dealing(by, std::move(composed), {}, now);
}

void reply(Party& by, const RecordId& of, const Hash& to, ReplyWord word, const char* party,
           Instant now, const std::string& contact = "desk") {
    statement::Reply said;
    said.of = of;
    said.to = to;
    said.word = word;
    said.text = "EXERCISE";
    said.contact = contact;
    auto composed = node::compose_reply(by.author(), said, "a.liaison", now, by.rng().bytes());
    ASSERT_TRUE(composed) << composed.error().detail;
    ASSERT_TRUE(log_dealing(by, std::move(*composed), {{PartyId{party}, node::Tier::exact}}, now));
}

void answer(Party& by, const RecordId& id, ReplyWord word, const char* party, Instant now) {
    const view::View view = view_of(by);
    reply(by, id, view.find_challenge(id)->leaf(), word, party, now);
}

ChallengeState state_at(Party& party, const RecordId& id, Instant now) {
    const view::View view = view_of(party);
    const auto seen = view.find_challenge(id);
    EXPECT_TRUE(seen);
    return seen->state(now);
}

bool contested(Party& party, const RecordId& record, Instant now) {
    const view::View view = view_of(party);
    const auto slot = view.find(record);
    EXPECT_TRUE(slot);
    const bool flagged = view.at(*slot).flags(now).has(Flag::contested);
    EXPECT_EQ(flagged, view.at(*slot).contested(now));
    EXPECT_EQ(flagged, !view.challenges_to(*slot).empty());
    return flagged;
}

void add_findings(const std::vector<check::Finding>& findings, bool with_flag, std::string& out) {
    for (const check::Finding& one : findings) {
        out += one.id.text() + " " + std::to_string(one.volume) + " " + check::name(one.weight) +
               " " + view::name(one.state) + " " + std::to_string(one.distance.v) + " " +
               std::string(one.leaf.view()) + " " + one.why + " " + view::name(one.tier);
        for (const Flag flag : one.flags.list()) {
            if (with_flag || flag != Flag::contested) out += std::string(" ") + view::name(flag);
        }
        out += "\n";
    }
}

/// All that an answer says; without the flag only if not `with_flag`.
std::string text_of(const check::Answer& answer, bool with_flag) {
    std::string out = std::string(check::name(answer.verdict)) + "\n";
    for (const check::Reason& one : answer.reasons) {
        out += std::string(check::name(one.weight)) + " " + one.code + " " +
               std::to_string(one.count) + " " + one.text + "\n";
    }
    out += std::to_string(answer.findings_total) + " " + std::to_string(answer.nearby_total) + "\n";
    add_findings(answer.findings, with_flag, out);
    add_findings(answer.objections, with_flag, out);
    add_findings(answer.nearby, with_flag, out);
    return out;
}

class Talk : public testing::Test {
  protected:
    Talk() : house(say(four)) { four.rounds(2); }
    Four four;
    RecordId house;  // of msf: exact to fr, coarse to ru, nothing to un
};

TEST_F(Talk, AContestedRecordIsFlaggedForWhoSeesTheChallengeAndForNobodyElse) {
    const auto id = contest(four.fr(), house, {"msf"}, four.now);
    ASSERT_TRUE(id) << id.error().detail;
    EXPECT_TRUE(contested(four.fr(), house, four.now));
    four.rounds(2);
    EXPECT_TRUE(contested(four.msf(), house, four.now));
    EXPECT_FALSE(contested(four.ru(), house, four.now));
    EXPECT_FALSE(view_of(four.ru()).find_challenge(*id));
    EXPECT_FALSE(view_of(four.un()).find_challenge(*id));
    answer(four.msf(), *id, ReplyWord::refused, "fr", four.now);
    ASSERT_TRUE(go_on(four.fr(), *id, act::amend, four.now));
    four.rounds(2);
    EXPECT_TRUE(contested(four.msf(), house, four.now)) << "answered and amended: still open";
    // Whoever has an area alone may contest it as well; both must be withdrawn.
    const auto second = contest(four.ru(), house, {"msf"}, four.now);
    ASSERT_TRUE(second);
    EXPECT_TRUE(contested(four.ru(), house, four.now));
    ASSERT_TRUE(go_on(four.fr(), *id, act::withdraw, four.now));
    EXPECT_FALSE(contested(four.fr(), house, four.now));
    four.rounds(2);
    EXPECT_TRUE(contested(four.msf(), house, four.now));
    ASSERT_TRUE(go_on(four.ru(), *second, act::withdraw, four.now));
    four.rounds(2);
    EXPECT_FALSE(contested(four.msf(), house, four.now));
    EXPECT_FALSE(go_on(four.ru(), *second, act::amend, four.now)) << "it is withdrawn";
    EXPECT_FALSE(go_on(four.ru(), *second, act::withdraw, four.now)) << "twice";
}

TEST_F(Talk, WhoContestsItsOwnRecordFlagsNothing) {
    ASSERT_TRUE(contest(four.msf(), house, {"fr"}, four.now));
    four.rounds(2);
    EXPECT_FALSE(contested(four.msf(), house, four.now));
    EXPECT_FALSE(contested(four.fr(), house, four.now));
}

TEST_F(Talk, EveryAnswerIsTheSameButForTheFlag) {
    Rng rng(7);
    std::vector<check::Question> questions;
    for (int i = 0; i < 300; ++i) {
        const auto off = [&] { return static_cast<std::int32_t>(rng.below(400'000)) - 200'000; };
        geo::Place plan;
        plan.volume.shape = geo::Circle{{335'000'000 + off(), 363'000'000 + off()},
                                        {static_cast<std::int64_t>(rng.below(100'000))}};
        questions.push_back(question({plan}));
    }
    for (Party* party : {&four.fr(), &four.ru()}) {  // exact, and an area
        std::vector<check::Answer> before;
        for (const auto& one : questions) before.push_back(party->ask(one, four.now));
        ASSERT_TRUE(contest(*party, house, {"msf"}, four.now));
        std::size_t flagged = 0, touched = 0;
        for (std::size_t i = 0; i < questions.size(); ++i) {
            const check::Answer after = party->ask(questions[i], four.now);
            EXPECT_EQ(text_of(before[i], true), text_of(after, false)) << party->id().v << i;
            flagged += text_of(after, true) != text_of(after, false);
            touched += after.findings_total + after.nearby_total > 0;
        }
        EXPECT_EQ(flagged, touched) << "and it has the flag wherever the record is";
        EXPECT_GT(flagged, 20u);
        EXPECT_LT(flagged, questions.size());
    }
}

TEST_F(Talk, TheClockRunsUntilTheAuthorAcceptsOrRefuses) {
    const Instant by = four.now + 2 * hour;
    const auto id = contest(four.fr(), house, {"msf", "un"}, four.now, by);
    ASSERT_TRUE(id) << id.error().detail;
    four.rounds(2);
    for (Party* one : {&four.fr(), &four.msf()}) {
        EXPECT_EQ(state_at(*one, *id, by - Duration(1)), ChallengeState::open);
        EXPECT_EQ(state_at(*one, *id, by), ChallengeState::overdue);
    }
    EXPECT_EQ(state_at(four.un(), *id, by), ChallengeState::elsewhere)
        << "what msf answers is not told to un";
    answer(four.msf(), *id, ReplyWord::noted, "fr", four.now);
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), *id, by), ChallengeState::overdue) << "seen is not answered";
    answer(four.un(), *id, ReplyWord::accepted, "fr", four.now);
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), *id, by), ChallengeState::overdue) << "no word of msf's";
    answer(four.msf(), *id, ReplyWord::refused, "fr", four.now);
    four.rounds(2);
    EXPECT_EQ(state_at(four.fr(), *id, by), ChallengeState::answered);
    EXPECT_EQ(state_at(four.msf(), *id, by), ChallengeState::answered);
    ASSERT_TRUE(go_on(four.fr(), *id, act::amend, four.now));
    EXPECT_EQ(state_at(four.fr(), *id, four.now), ChallengeState::open) << "the new words are not";
    EXPECT_EQ(state_at(four.fr(), *id, four.now + node::answer_within), ChallengeState::overdue);
    ASSERT_TRUE(go_on(four.fr(), *id, act::withdraw, four.now));
    EXPECT_EQ(state_at(four.fr(), *id, by + 100 * hour), ChallengeState::withdrawn);
}

TEST_F(Talk, AnAnswerIsAskedForWithinAnHourAndNinetyDays) {
    using node::answer_within_max;
    using node::answer_within_min;
    const Instant now = four.now;
    EXPECT_FALSE(contest(four.fr(), house, {"msf"}, now, now + answer_within_min - Duration(1)));
    EXPECT_FALSE(contest(four.fr(), house, {"msf"}, now, now + answer_within_max + Duration(1)));
    EXPECT_TRUE(contest(four.fr(), house, {"msf"}, now, now + answer_within_min));
    EXPECT_TRUE(contest(four.fr(), house, {"msf"}, now, now + answer_within_max));
}

RecordId tell(Party& by, const Words& to, Instant now) {
    statement::Message said;
    said.from = "liaison";
    said.desks = {"duty"};
    said.text = "EXERCISE your flight 7 is north of the line";
    node::Audience audience;
    for (const std::string& party : to) audience[PartyId{party}] = node::Tier::exact;
    auto composed = node::compose_message(by.author(), said, "a.liaison", now, by.rng().bytes());
    EXPECT_TRUE(composed) << composed.error().detail;
    return *log_dealing(by, std::move(*composed), audience, now);
}

/// Who has it, as "party desk".
Words having(Party& at, const RecordId& id) {
    const view::View view = view_of(at);
    Words out;
    for (const auto& one : view.find_message(id)->acknowledgements()) {
        out.push_back(one.party.v + " " + one.reply->contact);
    }
    return out;
}

TEST_F(Talk, AMessageIsShownToWhomItIsForAndAcknowledgedByADesk) {
    const RecordId id = tell(four.fr(), {"ru", "un"}, four.now);
    four.rounds(2);
    EXPECT_FALSE(view_of(four.msf()).find_message(id));
    for (Party* party : {&four.ru(), &four.un()}) {
        const view::View view = view_of(*party);
        ASSERT_TRUE(view.find_message(id));
        EXPECT_EQ(view.find_message(id)->message()->from, "liaison");
    }
    const Hash leaf = view_of(four.ru()).find_message(id)->version().position.leaf;
    reply(four.ru(), id, leaf, ReplyWord::refused, "fr", four.now);
    reply(four.fr(), id, leaf, ReplyWord::noted, "ru", four.now);
    four.rounds(2);
    EXPECT_EQ(having(four.fr(), id), Words{}) << "a refusal is none, and one's own neither";
    reply(four.ru(), id, leaf, ReplyWord::noted, "fr", four.now, "duty");
    four.rounds(2);
    EXPECT_EQ(having(four.fr(), id), Words{"ru duty"});
    EXPECT_EQ(having(four.ru(), id), Words{"ru duty"});
    EXPECT_EQ(having(four.un(), id), Words{}) << "that is told to fr";
}

Words told(Party& party, node::Noticing& noticing, Instant now) {
    (void)party.exchange().state();  // as a desk publishes it before it tells
    watch::Subscription wants;
    wants.owner = "nadia";
    wants.what = {watch::what::challenge, watch::what::message};
    const node::Subscriber one{std::make_shared<const watch::Matcher>(wants)};
    EXPECT_TRUE(noticing.make({&one, 1}, nullptr, now));
    Words out;
    const auto rows = noticing.waiting(watch::board_of("nadia"), 0, 100);
    EXPECT_TRUE(rows);
    for (const auto& row : *rows) {
        const node::Notice& notice = row.notice;
        EXPECT_TRUE(notice.talk);
        out.push_back(notice.party.v + " " + notice.what + " " + notice.detail);
    }
    return out;
}

TEST_F(Talk, WhoHasToActAndWhoWaitsAreToldOnce) {
    node::Noticing at_msf({&four.msf().node(), &four.msf().exchange(), &four.msf().store()});
    node::Noticing at_fr({&four.fr().node(), &four.fr().exchange(), &four.fr().store()});
    ASSERT_TRUE(at_msf.begin(four.now));
    ASSERT_TRUE(at_fr.begin(four.now));
    const auto id = contest(four.fr(), house, {"msf"}, four.now);
    const RecordId said = tell(four.msf(), {"fr"}, four.now);
    four.rounds(2);
    EXPECT_EQ(told(four.msf(), at_msf, four.now), (Words{"msf message add", "fr challenge add"}));
    answer(four.msf(), *id, ReplyWord::refused, "fr", four.now);
    const Hash leaf = view_of(four.fr()).find_message(said)->version().position.leaf;
    reply(four.fr(), said, leaf, ReplyWord::noted, "msf", four.now, "duty");
    four.rounds(2);
    const Words at_last = told(four.fr(), at_fr, four.now);
    EXPECT_EQ(std::count(at_last.begin(), at_last.end(), "msf message add"), 1);
    EXPECT_EQ(std::count(at_last.begin(), at_last.end(), "msf challenge replied_refused"), 1);
    EXPECT_EQ(told(four.fr(), at_fr, four.now), at_last) << "once";
    const Words msf = told(four.msf(), at_msf, four.now);
    EXPECT_EQ(std::count(msf.begin(), msf.end(), "fr message replied_noted"), 1);
}

TEST_F(Talk, AChallengeThatIsOverdueIsToldToBothSidesOnce) {
    const auto noticing_of = [](Party& of) {
        return node::Noticing({&of.node(), &of.exchange(), &of.store()});
    };
    node::Noticing at_msf = noticing_of(four.msf()), at_fr = noticing_of(four.fr());
    node::Noticing at_un = noticing_of(four.un());
    for (node::Noticing* one : {&at_msf, &at_fr, &at_un}) ASSERT_TRUE(one->begin(four.now));
    const auto id = contest(four.fr(), house, {"msf", "un"}, four.now, four.now + 2 * hour);
    const auto answered = contest(four.fr(), house, {"msf"}, four.now, four.now + 2 * hour);
    ASSERT_TRUE(id && answered);
    four.rounds(2);
    answer(four.msf(), *answered, ReplyWord::accepted, "fr", four.now);
    four.rounds(2);
    const Words before = told(four.msf(), at_msf, four.now);
    EXPECT_EQ(std::count(before.begin(), before.end(), "fr challenge overdue"), 0);
    four.now += 3 * hour;
    Words after = before;
    after.push_back("fr challenge overdue");
    EXPECT_EQ(told(four.msf(), at_msf, four.now), after);
    EXPECT_EQ(told(four.msf(), at_msf, four.now + hour), after) << "once";
    node::Noticing again = noticing_of(four.msf());
    EXPECT_EQ(told(four.msf(), again, four.now + hour), after) << "and not after a start";
    EXPECT_EQ(told(four.fr(), at_fr, four.now).back(), "fr challenge overdue");
    EXPECT_EQ(told(four.un(), at_un, four.now), Words{"fr challenge add"})
        << "it is between two others";
    // One that comes when its time is past is told with that.
    ASSERT_TRUE(contest(four.fr(), house, {"msf"}, four.now, four.now + 2 * hour));
    four.now += 3 * hour;
    four.rounds(2);
    after.insert(after.end(), {"fr challenge add", "fr challenge overdue"});
    EXPECT_EQ(told(four.msf(), again, four.now), after);
    // An answer that comes late takes nothing back, and nothing is told of its clock any more.
    answer(four.msf(), *id, ReplyWord::refused, "fr", four.now);
    four.rounds(2);
    const Words at_last = told(four.fr(), at_fr, four.now + hour);
    EXPECT_EQ(std::count(at_last.begin(), at_last.end(), "fr challenge overdue"), 2);
    EXPECT_EQ(std::count(at_last.begin(), at_last.end(), "msf challenge replied_refused"), 1);
    EXPECT_EQ(told(four.fr(), at_fr, four.now + 9 * hour), at_last);
}

}  // namespace
}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// Rows of the outbox that are set aside: what cannot be read, and what cannot be sent.
#include <gtest/gtest.h>

#include "node/noticing.h"
#include "sim/draft_for_test.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

const std::string stream = watch::board_of("nadia");

TEST(Noticing, SetsARowAsideThatCannotBeReadAndSaysSo) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1);
    watch::Subscription subscription;
    subscription.owner = "nadia";
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    node::Additions rotten;
    rotten.outbox = {{stream, "{\"rotten\":1}"}, {node::dead_of("webhook/x"), "rotten too"}};
    ASSERT_TRUE(fr.store().add(rotten));
    ASSERT_TRUE(fr.say(hospital(100'000'000), {}, {}, noon));
    node::Noticing anew({&fr.node(), &fr.exchange(), &fr.store()});
    EXPECT_EQ(anew.make(subscribers, nullptr, noon).value(), 1u);
    const std::vector<std::string> streams{stream, "webhook/x"};
    const auto first = anew.first_of(streams).value();
    ASSERT_EQ(first.size(), 1u) << "the one does not stop the other";
    EXPECT_EQ(first.at(stream).notice.what, watch::what::record);
    const auto rows = anew.waiting(stream, 0, 9).value();
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[1].notice.what, node::unreadable);
    EXPECT_EQ(anew.count(stream).value(), 2u);
    EXPECT_TRUE(anew.dead("webhook/x").value().empty());
    EXPECT_EQ(anew.count(node::dead_of("webhook/x")).value(), 0u);
    EXPECT_EQ(anew.waiting("webhook/x", 0, 9).value().size(), 1u);
    EXPECT_EQ(fr.store().outbox_of(node::unread_of(stream), 0, 9).value().at(0).second.payload,
              "{\"rotten\":1}")
        << "kept as it is";
    std::vector<std::uint64_t> seqs;
    for (const auto& row : rows) seqs.push_back(row.seq);
    EXPECT_EQ(anew.acknowledge(stream, seqs).value(), 2u);
    node::Noticing later({&fr.node(), &fr.exchange(), &fr.store()});
    EXPECT_EQ(later.count(stream).value(), 0u);
    EXPECT_EQ(later.count("webhook/x").value(), 1u);
}

TEST(Noticing, SetsAsideWhatCannotBeSentAndKeepsItsPlace) {
    const Founders founders = found({"fr", "ru"}, statement::default_joint_terms(), 1);
    Party fr(founders, 0, 1);
    watch::Subscription subscription;
    subscription.id = "a2b3c4d5e6f7a2b3";
    subscription.route = {"webhook", "https://example.org/"};
    const std::string hook = watch::stream_of(subscription);
    const std::vector<node::Subscriber> subscribers{
        {std::make_shared<const watch::Matcher>(subscription)}};
    node::Noticing noticing({&fr.node(), &fr.exchange(), &fr.store()});
    ASSERT_TRUE(noticing.begin(noon));
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(fr.say(hospital(100'000'000), {}, {}, noon + i * 60s));
    EXPECT_EQ(noticing.make(subscribers, nullptr, noon).value(), 3u);
    const std::vector<std::string> streams{hook, "webhook/other"};
    const auto first = noticing.first_of(streams).value();
    ASSERT_EQ(first.size(), 1u);
    const node::WaitingNotice bad = first.at(hook);
    ASSERT_TRUE(noticing.set_aside(hook, bad, 20, "http_500", noon));
    ASSERT_TRUE(noticing.set_aside(hook, bad, 20, "http_500", noon)) << "it is there no more";
    node::Noticing anew({&fr.node(), &fr.exchange(), &fr.store()});
    EXPECT_EQ(anew.count(hook).value(), 2u);
    EXPECT_EQ(anew.count(node::dead_of(hook)).value(), 1u);
    const auto dead = anew.dead(hook).value();
    EXPECT_EQ(dead.at(0), (node::DeadLetter{bad.notice, bad.seq, 20, "http_500", noon}));
    EXPECT_FALSE(anew.retry(hook, node::notice_id(hook, "x")).value());
    EXPECT_TRUE(anew.retry(hook, bad.notice.id).value());
    EXPECT_TRUE(anew.dead(hook).value().empty());
    const auto waiting = anew.waiting(hook, 0, 9).value();
    ASSERT_EQ(waiting.size(), 3u);
    EXPECT_EQ(waiting.back().notice, bad.notice) << "behind what waits, under its id";
    ASSERT_TRUE(anew.set_aside(hook, waiting.front(), 1, "timeout", noon));
    EXPECT_TRUE(anew.drop(hook, waiting.front().notice.id).value());
    EXPECT_TRUE(anew.dead(hook).value().empty());
    EXPECT_EQ(anew.count(hook).value(), 2u);
    ASSERT_TRUE(anew.end(hook));
    EXPECT_TRUE(fr.store().outbox(0, 9).value().empty());
}

}  // namespace
}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// The desk: group commit, order on one record, and an index that is merged while others write;
// changes: every listener hears of each entry once, from whatever thread and wherever it resumes.
#include "net/desk.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "cli/desk_for_test.h"

namespace entente::net {
namespace {

using test::adds;
using test::confirms;
using test::Office;
using test::withdraws;

constexpr std::uint64_t founding = 2;  // entries of a new log

/// Whether a plan at the place of number i finds exactly this record.
bool finds(const Moment& moment, std::int64_t i, const RecordId& id, Instant now) {
    thread_local index::Scratch scratch;
    geo::Volume4D volume;
    volume.shape = test::place(i);
    const auto answer = check::answer(moment.view, moment.state.index, scratch, {{volume}, {}},
                                      moment.state.as_of, now);
    return answer.findings.size() == 1 && answer.findings[0].id == id;
}

TEST(Desk, WhatItAnswersIsInTheMoment) {
    Office office;
    const auto said = office.desk.say(adds(0));
    ASSERT_TRUE(said);
    EXPECT_EQ(said->version, 1u);
    EXPECT_EQ(said->entry.v, founding);
    EXPECT_EQ(said->size.v, founding + 1);
    const auto moment = office.desk.moment();
    EXPECT_EQ(moment->state.as_of.size, said->size);
    EXPECT_TRUE(finds(*moment, 0, said->id, office.desk.now()));
    EXPECT_EQ(moment->view.at(*moment->view.find(said->id)).history().back().leaf, said->leaf);
}

TEST(Desk, WhatWaitsTogetherIsOneCommit) {
    Office office;
    const int before = office.store.commits;
    std::vector<Saying> sayings;
    for (int i = 0; i < 100; ++i) sayings.push_back(adds(i));
    const auto all = office.desk.say_all(std::move(sayings));
    EXPECT_EQ(office.store.commits, before + 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        ASSERT_TRUE(all[i]);
        EXPECT_EQ(all[i]->entry.v, founding + i) << "in the order given";
        EXPECT_EQ(all[i]->size.v, founding + 100) << "under one head";
    }
}

TEST(Desk, ManyThreadsGetEntriesOfTheirOwn) {
    Office office;
    std::vector<std::thread> threads;
    std::vector<std::set<std::uint64_t>> entries(4);
    for (std::size_t t = 0; t < entries.size(); ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 50; ++i) {
                const auto said = office.desk.say(adds(static_cast<std::int64_t>(t) * 50 + i));
                if (said) entries[t].insert(said->entry.v);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::set<std::uint64_t> all;
    for (const auto& one : entries) all.insert(one.begin(), one.end());
    ASSERT_EQ(all.size(), 200u);
    EXPECT_EQ(*all.begin(), founding);
    EXPECT_EQ(*all.rbegin(), founding + 199);
}

TEST(Desk, StatementsOnOneRecordFollowEachOther) {
    Office office;
    const auto added = office.desk.say(adds(0));
    ASSERT_TRUE(added);
    std::vector<Saying> sayings;
    for (int i = 0; i < 3; ++i) sayings.push_back(confirms(added->id));
    sayings.push_back(adds(1));
    const auto all = office.desk.say_all(std::move(sayings));
    for (const auto& one : all) ASSERT_TRUE(one);
    EXPECT_EQ(all[0]->version, 2u);
    EXPECT_EQ(all[1]->version, 3u);
    EXPECT_EQ(all[2]->version, 4u);
    EXPECT_EQ(all[3]->version, 1u);
    EXPECT_LT(all[3]->entry.v, all[1]->entry.v) << "others do not wait for the second on a record";
}

TEST(Desk, AVersionThatHasMovedOnIsStale) {
    Office office;
    const auto added = office.desk.say(adds(0));
    ASSERT_TRUE(added);
    // Two who have seen version 1: the first one wins, in one batch as well.
    const auto both = office.desk.say_all({confirms(added->id, 1), confirms(added->id, 1)});
    ASSERT_TRUE(both[0]);
    ASSERT_FALSE(both[1]);
    EXPECT_EQ(both[1].error().code, Errc::stale);
    EXPECT_EQ(office.desk.say(confirms(added->id, 1)).error().code, Errc::stale);
    EXPECT_TRUE(office.desk.say(confirms(added->id, 2)));
    EXPECT_EQ(office.desk.say(confirms(RecordId{})).error().code, Errc::not_found);
    ASSERT_TRUE(office.desk.say(withdraws(added->id)));
    EXPECT_EQ(office.desk.say(withdraws(added->id)).error().code, Errc::refused);
    // What is refused harms nothing that stands in the same batch.
    const auto mixed = office.desk.say_all({withdraws(added->id), adds(1)});
    EXPECT_FALSE(mixed[0]);
    EXPECT_TRUE(mixed[1]);
}

TEST(Desk, ReadsItsLogBetweenStatements) {
    Office office;
    const auto added = office.desk.say(adds(0));
    ASSERT_TRUE(added);
    EXPECT_TRUE(office.desk.log_file("checkpoint"));
    EXPECT_TRUE(office.desk.prove(added->entry));
    EXPECT_EQ(office.desk.log_file("tile/0/999").error().code, Errc::not_found);
}

TEST(Desk, FindsWhatIsSaidWhileItsIndexIsMerged) {
    Office office;
    constexpr auto many = static_cast<std::int64_t>(index::Index::delta_max);
    std::vector<Saying> sayings;
    for (std::int64_t i = 0; i < many; ++i) sayings.push_back(adds(i));
    std::vector<RecordId> ids;
    for (const auto& one : office.desk.say_all(std::move(sayings))) {
        ASSERT_TRUE(one);
        ids.push_back(one->id);
    }
    // The merge runs from here on beside the statements, and is taken over with one of them.
    ASSERT_TRUE(office.desk.moment()->state.index.merge_due());
    ASSERT_TRUE(office.desk.say(withdraws(ids[1])));
    while (office.desk.moment()->state.index.merge_due()) {
        const auto i = static_cast<std::int64_t>(ids.size());
        const auto said = office.desk.say(adds(i));
        ASSERT_TRUE(said);
        ids.push_back(said->id);
        ASSERT_TRUE(finds(*office.desk.moment(), i, said->id, office.desk.now()));
    }
    const auto moment = office.desk.moment();
    const Instant now = office.desk.now();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        EXPECT_EQ(finds(*moment, static_cast<std::int64_t>(i), ids[i], now), i != 1) << i;
    }
}

// ---- changes ------------------------------------------------------------------------------------

/// The ids in a piece of an event stream; the text is nothing but whole events.
std::vector<std::uint64_t> ids_in(const std::string& text) {
    std::vector<std::uint64_t> out;
    EXPECT_TRUE(text.empty() || text.ends_with("\n\n"));
    for (std::size_t at = 0; (at = text.find("id: ", at)) != std::string::npos; at += 4) {
        if (at == 0 || text[at - 1] == '\n') out.push_back(std::stoull(text.substr(at + 4)));
    }
    return out;
}

/// Follows the desk up to event `end`, and resumes every so often as if it were another client.
std::vector<std::uint64_t> follow(Desk& desk, std::uint64_t end, std::uint64_t seed) {
    Rng rng(seed);
    std::vector<std::uint64_t> seen;
    std::uint64_t after = 0;
    std::shared_ptr<const Changes::Wake> wake;
    while (after < end) {
        const std::uint64_t more = desk.changes().size() - after;
        const auto moment = desk.moment();
        const std::string text =
            desk.changes().since(after, std::min(more, 1 + rng.below(40)), moment->view);
        for (const std::uint64_t id : ids_in(text)) seen.push_back(id);
        if (rng.below(4) == 0) after = seen.empty() ? 0 : seen.back();  // it connects again
        if (!text.empty() || after >= end) continue;
        const auto woken = std::make_shared<std::promise<void>>();
        auto future = woken->get_future();
        wake = std::make_shared<const Changes::Wake>([woken] { woken->set_value(); });
        desk.changes().on_more(after, wake);
        future.wait();
    }
    return seen;
}

TEST(Changes, EveryListenerHearsOfEachEntryOnce) {
    Office office;
    constexpr std::uint64_t statements = 600;
    std::vector<std::vector<std::uint64_t>> seen(6);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < seen.size(); ++t) {
        threads.emplace_back([&, t] { seen[t] = follow(office.desk, founding + statements, t); });
    }
    for (int t = 0; t < 2; ++t) {
        threads.emplace_back([&, t] {
            std::optional<RecordId> record;
            for (std::uint64_t i = 0; i < statements / 2; ++i) {
                const auto number = static_cast<std::int64_t>(i) * 2 + t;
                const auto said =
                    office.desk.say(i % 3 == 2 && record ? confirms(*record) : adds(number));
                if (said) record = said->id;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::vector<std::uint64_t> wanted;
    for (std::uint64_t id = founding + 1; id <= founding + statements; ++id) wanted.push_back(id);
    for (const auto& one : seen) EXPECT_EQ(one, wanted);
}

TEST(Changes, TellsWhatIsOlderThanItKeepsReady) {
    Office office;
    std::vector<Saying> sayings;
    for (std::int64_t i = 0; i < 5000; ++i) sayings.push_back(adds(i));
    (void)office.desk.say_all(std::move(sayings));
    ASSERT_EQ(office.desk.changes().size(), founding + 5000);
    EXPECT_EQ(follow(office.desk, founding + 5000, 1).size(), 5000u);
    Changes again;  // as after a restart: out of the register alone
    again.begin(office.desk.moment()->view, {founding + 5000});
    std::uint64_t after = 0;
    std::vector<std::uint64_t> ids;
    while (after < again.size()) {
        for (const auto id : ids_in(again.since(after, 999, office.desk.moment()->view))) {
            ids.push_back(id);
        }
    }
    ASSERT_EQ(ids.size(), 5000u);
    EXPECT_EQ(ids.front(), founding + 1);
    EXPECT_EQ(ids.back(), founding + 5000);
}

}  // namespace
}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// What is in the store when, over stores that fail, that are slow, and that count their commits.
#include "net/audit.h"

#include <gtest/gtest.h>

#include "people/memory_store.h"

namespace entente::net {
namespace {

using people::AuditLine;
using people::Reading;
using std::chrono::seconds;

const Instant noon = instant(1'800'000'000'000);

class Store final : public people::MemoryStore {
  public:
    std::atomic<bool> broken = false;
    std::atomic<int> commits = 0;
    Result<void> commit(const std::vector<people::Write>& writes,
                        const std::vector<Reading>& audit) override {
        const std::lock_guard lock(mutex_);
        ++commits;
        if (broken) return fail(Errc::unavailable, "the disk is full");
        return MemoryStore::commit(writes, audit);
    }
    std::vector<Reading> readings() {
        const std::lock_guard lock(mutex_);
        std::vector<Reading> out;
        const std::vector<AuditLine> lines = *audit(0, 100'000);
        for (const AuditLine& line : lines) out.push_back(*people::decode_reading(line.bytes));
        return out;
    }

  private:
    std::mutex mutex_;
};

Reading reading(const char* act, Instant time = noon, const char* who = "nadia") {
    Reading out;
    out.time = time;
    out.who = who;
    out.how = "session";
    out.act = act;
    return out;
}

RecordId id(std::uint64_t number) {
    RecordId out;
    for (int i = 0; i < 8; ++i) out.bytes[static_cast<std::size_t>(i)] = number >> 8 * i & 0xff;
    return out;
}

std::vector<RecordId> ids(std::uint64_t begin, std::uint64_t end) {
    std::vector<RecordId> out;
    for (std::uint64_t i = begin; i < end; ++i) out.push_back(id(i));
    return out;
}

TEST(Audit, HasTheLineOfASingleRecordBeforeItIsAnswered) {
    Store store;
    Audit audit(store);
    for (std::size_t i = 1; i <= 20; ++i) {
        Reading one = reading("show");
        one.records = {id(i).text()};
        ASSERT_TRUE(audit.record(one));
        ASSERT_EQ(store.readings().size(), i);
        EXPECT_EQ(store.readings().back(), one);
    }
}

TEST(Audit, RefusesASingleRecordWhereItCannotWrite) {
    Store store;
    Audit audit(store);
    store.broken = true;
    EXPECT_EQ(audit.record(reading("show")).error().code, Errc::unavailable);
    EXPECT_NE(audit.failing(), "");
    store.broken = false;
    EXPECT_TRUE(audit.record(reading("show")));
    EXPECT_EQ(audit.failing(), "");
    EXPECT_EQ(store.readings().size(), 1u) << "what was refused was not read";
}

TEST(Audit, GathersWhatChecksFound) {
    Store store;
    Audit audit(store);
    for (int i = 0; i < 1000; ++i) audit.note(reading("check"), ids(0, 3));
    audit.note(reading("check"), ids(2, 5));
    audit.note(reading("check"), {});
    audit.note(reading("check", noon, "omar"), ids(0, 1));
    ASSERT_TRUE(audit.flush());
    const std::vector<Reading> lines = store.readings();
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].who, "nadia");
    EXPECT_EQ(lines[0].count, 1001u) << "what showed nothing is no reading";
    std::vector<std::string> wanted;
    for (const RecordId& one : ids(0, 5)) wanted.push_back(one.text());
    EXPECT_EQ(lines[0].records, wanted);
    EXPECT_EQ(lines[1].who, "omar");
    EXPECT_LE(store.commits, 3);
}

TEST(Audit, SaysARecordOnceAMinuteForEachAsker) {
    Store store;
    Audit audit(store);
    const auto lines_after = [&](Instant time, std::vector<RecordId> found) {
        const std::size_t before = store.readings().size();
        audit.note(reading("check", time), found);
        EXPECT_TRUE(audit.flush());
        return store.readings().size() - before;
    };
    EXPECT_EQ(lines_after(noon, ids(0, 3)), 1u);
    EXPECT_EQ(lines_after(noon + seconds(59), ids(0, 3)), 0u);
    EXPECT_EQ(lines_after(noon + seconds(59), ids(2, 4)), 1u);
    EXPECT_EQ(store.readings().back().records, std::vector<std::string>{id(3).text()});
    EXPECT_EQ(store.readings().back().count, 2u) << "the answer before, which showed nothing new";
    EXPECT_EQ(lines_after(noon + seconds(60), ids(0, 3)), 1u);
    EXPECT_EQ(lines_after(noon, ids(0, 3)), 1u) << "a clock that went back hides nothing";
}

TEST(Audit, SplitsWhatIsTooMuchForALine) {
    Store store;
    Audit audit(store);
    audit.note(reading("check"), ids(0, 600));
    Reading list = reading("list");
    for (const RecordId& one : ids(0, 257)) list.records.push_back(one.text());
    ASSERT_TRUE(audit.record(list));
    std::vector<std::size_t> sizes;
    for (const Reading& line : store.readings()) sizes.push_back(line.records.size());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{256, 256, 88, 256, 1}));
}

TEST(Audit, KeepsWhatChecksFoundUntilItCanBeWritten) {
    Store store;
    {
        Audit audit(store);
        store.broken = true;
        audit.note(reading("check"), ids(0, 3));
        EXPECT_FALSE(audit.flush());
        audit.note(reading("check"), ids(3, 5));
        EXPECT_FALSE(audit.flush());
        store.broken = false;
    }
    std::size_t records = 0;
    for (const Reading& line : store.readings()) records += line.records.size();
    EXPECT_EQ(records, 5u) << "at its end it writes what it has";
}

TEST(Audit, CommitsThoseWhoWaitAtOnceAsOneGroup) {
    Store store;
    Audit audit(store);
    std::vector<std::thread> threads;
    std::atomic<int> written = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 100; ++j) written += audit.record(reading("show")) ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(written, 800);
    const std::vector<AuditLine> lines = *audit.lines(0, 1000);
    ASSERT_EQ(lines.size(), 800u);
    AuditLine last;
    for (const AuditLine& line : lines) {
        ASSERT_TRUE(people::follows(last, line));
        last = line;
    }
}

}  // namespace
}  // namespace entente::net

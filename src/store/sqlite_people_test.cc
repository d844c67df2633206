// SPDX-License-Identifier: Apache-2.0
// The contract of the local store, passed by memory and by SQLite; SQLite's file besides: its mode,
// two that write at once, a file of somebody else's.
#include "store/sqlite_people.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <thread>

#include "people/memory_store.h"
#include "store/files.h"
#include "store/sqlite_db.h"

namespace entente::store {
namespace {

using people::AuditLine;
using people::Reading;
using people::Table;
using people::Write;

Reading reading(std::uint64_t i) {
    Reading out;
    out.time = instant(static_cast<std::int64_t>(i));
    out.who = "nadia";
    out.how = "session";
    out.act = "show";
    out.records = {"mzxw6ytbmzxw6ytb"};
    return out;
}

struct Folder {
    std::string path;
    Folder() {
        char name[] = "/tmp/entente-people-XXXXXX";
        path = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file() const { return path + "/people.db"; }
};

using Rows = std::vector<std::tuple<Table, std::string, Bytes>>;

Rows rows(people::Store& store) {
    Rows out;
    EXPECT_TRUE(store.scan([&](Table table, const std::string& key, const Bytes& bytes) {
        out.emplace_back(table, key, bytes);
        return Result<void>();
    }));
    return out;
}

/// What every local store does.
void keeps_the_contract(people::Store& store) {
    EXPECT_EQ(rows(store), Rows());
    EXPECT_EQ(store.audit(0, 10)->size(), 0u);
    const Bytes odd("\0\xff'\"", 4);
    ASSERT_TRUE(store.commit(
        {{Table::account, "b", odd}, {Table::account, "a", Bytes()}, {Table::token, "a", "t"}},
        {reading(1), reading(2)}));
    ASSERT_TRUE(store.commit(
        {{Table::account, "b", "changed"}, {Table::token, "a", {}}, {Table::token, "none", {}}},
        {reading(3)}));
    EXPECT_EQ(rows(store), (Rows{{Table::account, "a", ""}, {Table::account, "b", "changed"}}));
    const std::vector<AuditLine> lines = *store.audit(0, 10);
    ASSERT_EQ(lines.size(), 3u);
    AuditLine last;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        EXPECT_TRUE(follows(last, lines[i]));
        EXPECT_EQ(*people::decode_reading(lines[i].bytes), reading(i + 1));
        last = lines[i];
    }
    EXPECT_EQ(*store.audit(1, 1), std::vector<AuditLine>{lines[1]});
    EXPECT_EQ(store.audit(~std::uint64_t{0}, 1)->size(), 0u);
    const auto stopped = store.scan([](Table, const std::string&, const Bytes&) -> Result<void> {
        return fail(Errc::refused, "enough");
    });
    EXPECT_EQ(stopped.error().code, Errc::refused);
    EXPECT_TRUE(store.commit({}, {})) << "a scan that was stopped leaves nothing open";
}

TEST(PeopleStore, InMemoryKeepsTheContract) {
    people::MemoryStore store;
    keeps_the_contract(store);
}

TEST(PeopleStore, InSqliteKeepsTheContract) {
    Folder folder;
    const auto store = open_people(folder.file());
    ASSERT_TRUE(store);
    keeps_the_contract(**store);
}

TEST(PeopleStore, IsThereAfterAnotherStartAndForNobodyElse) {
    Folder folder;
    Rows before;
    std::vector<AuditLine> lines;
    {
        const auto store = open_people(folder.file());
        ASSERT_TRUE(store);
        ASSERT_TRUE((*store)->commit({{Table::account, "a", "x"}}, {reading(1)}));
        before = rows(**store);
        lines = *(*store)->audit(0, 10);
        for (const char* end : {"", "-wal", "-shm"}) {
            struct stat info = {};
            ASSERT_EQ(::stat((folder.file() + end).c_str(), &info), 0) << end;
            EXPECT_EQ(info.st_mode & 0777, 0600u) << end;
        }
    }
    const auto again = open_people(folder.file());
    ASSERT_TRUE(again);
    EXPECT_EQ(rows(**again), before);
    EXPECT_EQ(*(*again)->audit(0, 10), lines);
}

TEST(PeopleStore, ChainsTheLinesOfThoseWhoWriteAtOnce) {
    Folder folder;
    constexpr int writers = 4;
    constexpr int each = 25;
    std::vector<std::thread> threads;
    std::atomic<int> failed = 0;
    for (int i = 0; i < writers; ++i) {
        threads.emplace_back([&] {  // each with a connection of its own, as processes have
            const auto store = open_people(folder.file());
            for (int j = 0; store && j < each; ++j) {
                if (!(*store)->commit({}, {reading(1)})) ++failed;
            }
            if (!store) ++failed;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    const auto store = open_people(folder.file());
    ASSERT_TRUE(store);
    const std::vector<AuditLine> lines = *(*store)->audit(0, 1000);
    EXPECT_EQ(lines.size(), std::size_t{writers * each});
    AuditLine last;
    for (const AuditLine& line : lines) {
        ASSERT_TRUE(follows(last, line)) << line.seq;
        last = line;
    }
}

TEST(PeopleStore, RefusesWhatIsNotIts) {
    Folder folder;
    ASSERT_TRUE(os_files().write(folder.file(), "not a database at all, but long enough to tell"));
    EXPECT_EQ(open_people(folder.file()).error().code, Errc::malformed);
    ASSERT_TRUE(os_files().write(folder.path + "/other.db", ""));
    {
        const auto db = Database::open(folder.path + "/other.db", Database::Access::write, nullptr);
        ASSERT_TRUE((*db)->run("PRAGMA user_version = 1; CREATE TABLE x (y)"));
    }
    EXPECT_EQ(open_people(folder.path + "/other.db").error().code, Errc::malformed);
    EXPECT_EQ(open_people(folder.path + "/none/people.db").error().code, Errc::unavailable);
}

}  // namespace
}  // namespace entente::store

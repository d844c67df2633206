// SPDX-License-Identifier: Apache-2.0
// What is SQLite's own among the stores: files that are not ours, damaged, locked, read-only, and
// disks that fill up or fail. Each error names the file and says what to do.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/dir_lock.h"
#include "store/disk_model.h"
#include "store/sqlite_db.h"
#include "store/sqlite_store.h"
#include "store/testing.h"

namespace entente::store {
namespace {

namespace fs = std::filesystem;

/// Expects an error with this code that names the file and has this text in it.
template <class T>
void expect_error(const Result<T>& result, Errc code, const std::string& path,
                  const std::string& text) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().detail;
    EXPECT_NE(result.error().detail.find(path), std::string::npos) << result.error().detail;
    EXPECT_NE(result.error().detail.find(text), std::string::npos) << result.error().detail;
}

class SqliteFile : public ::testing::Test {
  protected:
    TempDir dir_;
    const std::string path_ = dir_.path() + "/log.db";

    auto open(OpenMode mode) { return open_sqlite(path_, mode); }
    void make(std::uint64_t size) {
        const auto store = must(open(OpenMode::create));
        must(store->commit(commit_to(std::nullopt, size)));
    }
    void expect_all(Errc code, const std::string& text) {
        expect_error(open(OpenMode::read_write), code, path_, text);
        expect_error(open(OpenMode::read_only), code, path_, text);
    }
    /// Runs SQL on the file as a stranger would.
    void run(const std::string& sql) {
        auto db = must(Database::open(path_, Database::Access::write, nullptr));
        must(db->run(sql.c_str()));
    }
};

TEST_F(SqliteFile, IsThereAgainAndForItsOwnerOnly) {
    make(20);
    EXPECT_EQ(must(os_files().stat(path_))->mode, 0600u);
    EXPECT_FALSE(fs::exists(path_ + "-wal"));
    for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
        const auto store = must(open(mode));
        EXPECT_EQ(must(store->head(test_origin)), head_at(20));
        EXPECT_EQ(must(scan_all(*store, 0, 20)).size(), 20u);
    }
}

TEST_F(SqliteFile, IsNeverMadeOverAnother) {
    expect_error(open(OpenMode::read_write), Errc::not_found, path_, "entente init");
    make(3);
    expect_error(open(OpenMode::create), Errc::refused, path_, "exists already");
    std::ofstream(path_, std::ios::trunc) << "";
    expect_all(Errc::malformed, "init was cut short");
    make(2);  // what a crashed init left may be used
}

TEST_F(SqliteFile, MustBeADatabase) {
    std::ofstream(path_) << std::string(5000, 'x');
    expect_all(Errc::malformed, "not a database");
}

TEST_F(SqliteFile, MustBeOurs) {
    std::ofstream(path_) << "";
    run("CREATE TABLE t (a)");
    expect_all(Errc::malformed, "another program");
    run("PRAGMA application_id = 1234");
    expect_all(Errc::malformed, "1234");
    EXPECT_FALSE(fs::exists(path_ + "-wal"));
}

TEST_F(SqliteFile, MustNotBeNewer) {
    make(3);
    run("PRAGMA user_version = 4");
    expect_all(Errc::refused, "version 4");
}

TEST_F(SqliteFile, IsFoundCutShortOrDamaged) {
    make(400);
    const auto size = fs::file_size(path_);
    fs::resize_file(path_, size / 2);
    auto store = open(OpenMode::read_write);
    if (store) expect_error(scan_all(**store, 0, 400), Errc::malformed, path_, "backup");
    if (!store) expect_error(store, Errc::malformed, path_, "backup");
    fs::resize_file(path_, 40);
    expect_all(Errc::malformed, "database");
}

// Whatever page is overwritten, the store says so or gives other bytes (which the node's roots
// find), and never crashes.
TEST_F(SqliteFile, SurvivesAnyOverwrittenPage) {
    make(100);
    const Bytes good = *must(os_files().read(path_, 64u << 20));
    Rng rng(5);
    for (std::size_t at = 0; at < good.size(); at += 16384) {
        Bytes bad = good;
        for (std::size_t i = 0; i < 200; ++i) {
            bad[at + rng.below(16384)] = static_cast<char>(rng.next());
        }
        must(os_files().write(path_, bad));
        const auto store = open(OpenMode::read_only);
        if (!store) continue;
        static_cast<void>((*store)->head(test_origin));
        static_cast<void>(scan_all(**store, 0, 100));
    }
}

TEST_F(SqliteFile, HasOneWriterWhoIsNamed) {
    make(1);
    const auto writer = must(open(OpenMode::read_write));
    const std::string pid = "process " + std::to_string(::getpid());
    expect_error(open(OpenMode::read_write), Errc::unavailable, dir_.path(), pid);
    expect_error(open(OpenMode::read_only), Errc::unavailable, dir_.path(), pid);
}

TEST_F(SqliteFile, HasManyReadersAndThenNoWriter) {
    make(1);
    auto first = must(open(OpenMode::read_only));
    auto second = must(open(OpenMode::read_only));
    EXPECT_EQ(must(second->head(test_origin)), head_at(1));
    expect_error(open(OpenMode::read_write), Errc::unavailable, dir_.path(), "in use");
    EXPECT_EQ(first->commit(commit_to(head_at(1), 2)).error().code, Errc::refused);
    EXPECT_EQ(first->acknowledge("ru", 1).error().code, Errc::refused);
    first.reset();
    second.reset();
    must(must(open(OpenMode::read_write))->commit(commit_to(head_at(1), 2)));
}

/// Runs `work` in a child process and gives its exit status, or minus its signal.
int in_child(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// The lock dies with its process, and what the process committed does not.
TEST_F(SqliteFile, IsFreeAfterItsWriterWasKilled) {
    make(1);
    EXPECT_EQ(in_child([&] {
                  auto store = open(OpenMode::read_write);
                  if (!store || !(*store)->commit(commit_to(head_at(1), 9))) return 1;
                  ::raise(SIGKILL);
                  return 2;
              }),
              -SIGKILL);
    EXPECT_TRUE(fs::exists(path_ + "-wal"));
    {
        const auto reader = must(open(OpenMode::read_only));
        EXPECT_EQ(must(reader->head(test_origin)), head_at(9));
        EXPECT_EQ(reader->commit(commit_to(head_at(9), 10)).error().code, Errc::refused);
    }
    EXPECT_EQ(must(must(open(OpenMode::read_write))->head(test_origin)), head_at(9));
}

TEST_F(SqliteFile, SaysWhatMayNotBeWritten) {
    if (::getuid() != 0) {
        make(1);
        fs::permissions(dir_.path(), fs::perms(0500));
        expect_error(open(OpenMode::read_write), Errc::unavailable, dir_.path(), "chmod");
        fs::permissions(dir_.path(), fs::perms(0700));
        return;
    }
    make(1);
    fs::permissions(dir_.path(), fs::perms(0555));
    fs::permissions(path_, fs::perms(0444));
    fs::permissions(dir_.path() + "/lock", fs::perms(0444));
    EXPECT_EQ(in_child([&] {  // root may write anywhere: as another user
                  if (::setgid(65534) != 0 || ::setuid(65534) != 0) return 1;
                  const auto writer = open(OpenMode::read_write);
                  if (writer || writer.error().code != Errc::unavailable) return 2;
                  if (writer.error().detail.find("chmod") == std::string::npos) return 3;
                  if (open_sqlite(dir_.path() + "/x.db", OpenMode::create)) return 4;
                  const auto reader = open(OpenMode::read_only);
                  if (!reader) return 5;
                  return (*reader)->head(test_origin) == head_at(1) ? 0 : 6;
              }),
              0);
}

/// A store on a disk model, with a commit of `size` entries in it.
struct OnDisk {
    Disk disk;
    DiskFiles files{disk};
    DiskVfs vfs{disk};
    std::unique_ptr<node::Store> store;

    OnDisk() {
        store = must(open_sqlite("/log.db", OpenMode::create, engine()));
        must(store->commit(commit_to(std::nullopt, 5)));
    }
    Engine engine() { return {vfs.name(), &files, false, 6}; }
    std::uint64_t used() {
        std::uint64_t sum = 0;
        for (const char* path : {"/log.db", "/log.db-wal"}) {
            if (const auto there = must(files.stat(path))) sum += there->size;
        }
        return sum;
    }
};

// However little room is left, a commit says that the disk is full or succeeds, the head is the old
// or the new one, and with room again everything goes on.
TEST(SqliteDisk, FillsUpAtAnyPlace) {
    int refused = 0;
    for (std::uint64_t room = 0; room < 200'000; room += 3'700) {
        SCOPED_TRACE(room);
        OnDisk on;
        on.disk.capacity = on.used() + room;
        node::StoredHead head = head_at(5);
        for (int i = 0; i < 20; ++i) {
            const std::uint64_t size = head.size.v + 4;
            const auto done = on.store->commit(commit_to(head, size));
            if (!done) {
                ++refused;
                expect_error(done, Errc::unavailable, "/log.db", "free some space");
                head = *must(on.store->head(test_origin));
                EXPECT_TRUE(head == head_at(size) || head == head_at(size - 4));
                break;
            }
            head = head_at(size);
        }
        // Still full, a new process reads all of it.
        on.store.reset();
        on.store = must(open_sqlite("/log.db", OpenMode::read_only, on.engine()));
        EXPECT_EQ(must(on.store->head(test_origin)), head);
        EXPECT_EQ(must(scan_all(*on.store, 0, head.size.v)).size(), head.size.v);
        on.store.reset();
        on.store = must(open_sqlite("/log.db", OpenMode::read_write, on.engine()));
        on.disk.capacity = ~std::uint64_t{0};
        must(on.store->commit(commit_to(head, head.size.v + 30)));
        EXPECT_EQ(must(scan_all(*on.store, 0, head.size.v + 30)).back(),
                  entry_at(head.size.v + 29));
    }
    EXPECT_GT(refused, 10);
}

// A sync that fails leaves the commit in doubt; the head that is told next holds through a cut.
TEST(SqliteDisk, TellsOnlyADurableHeadAfterAFailedSync) {
    int in_doubt = 0;
    for (int sync = 1; sync <= 12; ++sync) {
        OnDisk on;
        node::StoredHead head = head_at(5);
        on.disk.failing_sync = sync;
        for (int i = 0; i < 6 && on.disk.failing_sync > 0; ++i) {
            const std::uint64_t size = head.size.v + 3;
            if (!on.store->commit(commit_to(head, size))) ++in_doubt;
            head = *must(on.store->head(test_origin));
            EXPECT_TRUE(head.size.v == size || head.size.v == size - 3);
        }
        Rng rng(3);
        Disk left = on.disk.cut(on.disk.operations(), Disk::Loss::everything, rng);
        DiskFiles files(left);
        DiskVfs vfs(left);
        const auto store =
            must(open_sqlite("/log.db", OpenMode::read_write, {vfs.name(), &files, false, 6}));
        EXPECT_EQ(must(store->head(test_origin)), head) << sync;
    }
    EXPECT_GT(in_doubt, 2);
}

TEST(DirLock, IsMadeInADirectoryThatExists) {
    TempDir dir;
    expect_error(DirLock::acquire(dir.path() + "/none", DirLock::Kind::writer), Errc::unavailable,
                 dir.path() + "/none/lock", "directory");
    EXPECT_TRUE(must(DirLock::acquire(dir.path(), DirLock::Kind::writer)).held());
    EXPECT_TRUE(must(DirLock::acquire(dir.path(), DirLock::Kind::reader)).held());
}

}  // namespace
}  // namespace entente::store

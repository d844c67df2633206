// SPDX-License-Identifier: Apache-2.0
// What a purge must not leave behind, and how earlier versions of the file become this one: what
// only the SQLite store must see to.
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <unordered_map>

#include "store/disk_model.h"
#include "store/sqlite_db.h"
#include "store/sqlite_store.h"
#include "store/testing.h"

namespace entente::store {
namespace {

namespace fs = std::filesystem;

bool is_long() {
    const char* value = std::getenv("ENTENTE_LONG");
    return value != nullptr && std::string(value) == "1";
}

Bytes drawn(Rng& rng, std::size_t size) {
    Bytes out(size, '\0');
    rng.bytes()(reinterpret_cast<std::uint8_t*>(out.data()), size);
    return out;
}

/// Every file of a directory, one after the other.
Bytes all_files(const std::string& dir) {
    Bytes out;
    for (const auto& file : fs::recursive_directory_iterator(dir)) {
        if (file.is_regular_file()) out += *must(os_files().read(file.path(), 16u << 20));
    }
    return out;
}

/// How many of the secrets, known by 8 bytes from their middle, stand somewhere in these files.
std::size_t count_held(const Bytes& files, const std::vector<Bytes>& secrets) {
    const auto word = [](const char* at) {
        std::uint64_t out = 0;
        std::memcpy(&out, at, sizeof out);
        return out;
    };
    std::unordered_map<std::uint64_t, bool> seen;
    for (const Bytes& secret : secrets) seen[word(secret.data() + secret.size() / 2)] = false;
    for (std::size_t i = 0; i + 8 <= files.size(); ++i) {
        const auto it = seen.find(word(files.data() + i));
        if (it != seen.end()) it->second = true;
    }
    std::size_t count = 0;
    for (const auto& [key, held] : seen) count += held ? 1 : 0;
    return count;
}

/// A life of bodies that come late, grow, shrink and are purged, with every key and ciphertext that
/// was ever replaced.
class Purging {
  public:
    explicit Purging(node::Store& store, std::uint64_t seed)
        : store_(store), rng_(seed + 1'000'000) {  // no entry_at() draws these
        node::Commit commit = commit_to(std::nullopt, entries);
        for (node::StoredEntry& entry : commit.entries) {
            entry.wrapped_keys.clear();
            entry.ciphertexts.clear();
            // Half of them are a party's own and have bodies at once.
            if (rng_.below(2) == 0) fill(entry.wrapped_keys, entry.ciphertexts, 1 + rng_.below(3));
            rows_[entry.index.v] = {test_origin, entry.index, entry.wrapped_keys,
                                    entry.ciphertexts};
        }
        must(store_.commit(commit));
    }

    void step() {
        node::Additions additions;
        std::vector<std::uint64_t> at;
        for (std::uint64_t n = 1 + rng_.below(20); n > 0; --n) {
            node::StoredBodies& row = rows_[rng_.below(entries)];
            if (!row.wrapped_keys.empty()) replaced.push_back(row.wrapped_keys);
            const std::uint64_t dice = rng_.below(4);
            if (dice == 0 && row.wrapped_keys.size() > 76) {  // purged: one key fewer
                row.wrapped_keys = drawn(rng_, row.wrapped_keys.size() - 32);
            } else if (dice == 1 && !row.wrapped_keys.empty()) {  // all purged, texts gone
                if (!row.ciphertexts.empty()) replaced.push_back(row.ciphertexts);
                row.wrapped_keys = drawn(rng_, 44);
                row.ciphertexts = drawn(rng_, 20);
            } else {  // released, or released again with more
                if (!row.ciphertexts.empty()) replaced.push_back(row.ciphertexts);
                fill(row.wrapped_keys, row.ciphertexts, 1 + rng_.below(3));
            }
            additions.bodies.push_back(row);
        }
        additions.local = {{"step", drawn(rng_, rng_.below(5000))}};
        must(store_.add(additions));
    }

    void expect_kept() {
        const auto rows = must(scan_all(store_, 0, entries));
        for (std::uint64_t i = 0; i < entries; ++i) {
            ASSERT_EQ(rows[i].wrapped_keys, rows_[i].wrapped_keys);
            ASSERT_EQ(rows[i].ciphertexts, rows_[i].ciphertexts);
        }
    }

    std::vector<Bytes> replaced;

  private:
    static constexpr std::uint64_t entries = 400;

    void fill(Bytes& keys, Bytes& texts, std::uint64_t slots) {
        keys = drawn(rng_, 44 + 32 * slots);
        texts = drawn(rng_, slots * (rng_.below(30) == 0 ? 20'000 : 60 + rng_.below(1300)));
    }

    node::Store& store_;
    Rng rng_;
    std::map<std::uint64_t, node::StoredBodies> rows_;
};

TEST(SqlitePurge, LeavesNoReplacedByteInAnyFile) {
    for (std::uint64_t seed = 1; seed <= (is_long() ? 40u : 2u); ++seed) {
        SCOPED_TRACE(seed);
        TempDir dir;
        auto store = must(open_sqlite(dir.path() + "/log.db", OpenMode::create));
        Purging life(*store, seed);
        std::size_t looked = 0;
        for (int round = 0; round < 4; ++round) {
            for (int i = 0; i < 25; ++i) life.step();
            // Until it is asked to, it may keep what was replaced; the test would see it.
            if (round == 0) {
                EXPECT_GT(count_held(all_files(dir.path()), life.replaced), 0u);
            }
            must(store->forget());
            looked += life.replaced.size();
            EXPECT_EQ(count_held(all_files(dir.path()), life.replaced), 0u)
                << "of " << life.replaced.size();
            life.expect_kept();
        }
        EXPECT_GT(looked, 2000u);
    }
}

// A killed process may leave the old bytes in the write-ahead log; the next start takes it away.
TEST(SqlitePurge, IsDoneByTheNextStartWhenTheProcessWasKilled) {
    Disk disk;
    DiskFiles files(disk);
    DiskVfs vfs(disk);
    const Engine engine{vfs.name(), &files, false, 1000};
    const auto on_disk = [&] {
        Bytes out;
        for (const char* path : {"/log.db", "/log.db-wal"}) {
            if (const auto file = must(files.read(path, 16u << 20))) out += *file;
        }
        return out;
    };
    auto store = must(open_sqlite("/log.db", OpenMode::create, engine));
    Purging life(*store, 9);
    for (int i = 0; i < 10; ++i) life.step();
    disk.kill_after(0);
    EXPECT_EQ(store->forget().error().code, Errc::unavailable);
    store.reset();
    disk.kill();
    disk.revive();
    ASSERT_GT(count_held(on_disk(), life.replaced), 0u);
    store = must(open_sqlite("/log.db", OpenMode::read_write, engine));
    EXPECT_EQ(count_held(on_disk(), life.replaced), 0u);
}

TEST(SqlitePurge, SaysThatItMustWait) {
    TempDir dir;
    const std::string path = dir.path() + "/log.db";
    auto store = must(open_sqlite(path, OpenMode::create));
    must(store->commit(commit_to(std::nullopt, 2)));
    must(store->scan(
        test_origin, EntryIndex{0}, EntryIndex{1}, [&](node::StoredEntry&&) -> Result<void> {
            const auto done = store->forget();
            EXPECT_EQ(detail(done), "unavailable: " + path + ": a scan is running; end it first");
            return {};
        }));
    must(store->forget());
    store.reset();
    store = must(open_sqlite(path, OpenMode::read_only));
    EXPECT_EQ(store->forget().error().code, Errc::refused);
}

TEST(SqlitePurge, OnAFullDiskSaysWhereTheBytesStand) {
    Disk disk;
    DiskFiles files(disk);
    DiskVfs vfs(disk);
    auto store = must(open_sqlite("/log.db", OpenMode::create, {vfs.name(), &files, false, 1000}));
    must(store->commit(commit_to(std::nullopt, 200)));
    disk.capacity = must(files.stat("/log.db"))->size + must(files.stat("/log.db-wal"))->size;
    const auto done = store->forget();
    ASSERT_FALSE(done);
    EXPECT_NE(detail(done).find("/log.db-wal"), std::string::npos) << detail(done);
    disk.capacity = ~std::uint64_t{0};
    must(store->forget());
    EXPECT_EQ(must(files.stat("/log.db-wal"))->size, 0u);
}

// The tables as version 1 wrote them; never changed.
constexpr const char* version_1 = R"(
PRAGMA page_size = 16384;
BEGIN;
CREATE TABLE head (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL,
    note   BLOB NOT NULL,
    epoch  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    origin TEXT NOT NULL,
    idx    INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (origin, idx)
) STRICT, WITHOUT ROWID;
CREATE TABLE body (
    origin       TEXT NOT NULL,
    idx          INTEGER NOT NULL,
    wrapped_keys BLOB NOT NULL,
    ciphertexts  BLOB NOT NULL,
    PRIMARY KEY (origin, idx)
) STRICT;
CREATE TABLE outbox (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    subscriber TEXT NOT NULL,
    payload    BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_by_subscriber ON outbox (subscriber, seq);
CREATE TABLE document (
    hash  BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
PRAGMA application_id = 1701737573;
PRAGMA user_version = 1;
)";

std::string literal(BytesView bytes) { return "x'" + to_hex(bytes) + "'"; }

/// A file as version 1 left it: 40 entries, two outbox rows, a document.
void write_version_1(const std::string& path, const char* vfs) {
    auto db = must(Database::open(path, Database::Access::write, vfs));
    must(db->run("PRAGMA locking_mode = EXCLUSIVE"));
    std::string sql = version_1;
    const std::string origin = "'" + test_origin.v + "'";
    for (std::uint64_t i = 0; i < 40; ++i) {
        const node::StoredEntry entry = entry_at(i);
        const std::string key = "(" + origin + ", " + std::to_string(i) + ", ";
        sql += "INSERT INTO entry VALUES " + key + literal(entry.entry) + ");\n";
        if (entry.ciphertexts.empty()) continue;
        sql += "INSERT INTO body VALUES " + key + literal(entry.wrapped_keys) + ", " +
               literal(entry.ciphertexts) + ");\n";
    }
    const node::StoredHead head = head_at(40);
    sql += "INSERT INTO head VALUES (" + origin + ", 40, " + literal(head.root.view()) + ", " +
           literal(head.note) + ", 1);\n";
    sql += "INSERT INTO outbox VALUES (5, 'ru', x'aa'), (7, 'un', x'');\n";
    sql += "INSERT INTO document VALUES (" + literal(root_of(1).view()) + ", x'31');\nCOMMIT;\n";
    must(db->run(sql.c_str()));
    must(db->run("PRAGMA journal_mode = WAL"));
}

void expect_version_1s_rows(node::Store& store) {
    EXPECT_EQ(must(store.head(test_origin)), head_at(40));
    const auto rows = must(scan_all(store, 0, 40));
    for (std::uint64_t i = 0; i < 40; ++i) EXPECT_EQ(rows[i], entry_at(i));
    const auto outbox = must(store.outbox(0, 9));
    ASSERT_EQ(outbox.size(), 2u);
    EXPECT_EQ(outbox[1], (std::pair{std::uint64_t{7}, node::OutboxRow{"un", ""}}));
    EXPECT_EQ(must(store.document(root_of(1))), "1");
}

TEST(SqliteMigration, BringsVersion1Along) {
    for (const OpenMode first : {OpenMode::read_write, OpenMode::read_only}) {
        TempDir dir;
        const std::string path = dir.path() + "/log.db";
        must(os_files().write(path, ""));
        write_version_1(path, nullptr);
        for (const OpenMode mode : {first, OpenMode::read_only, OpenMode::read_write}) {
            const auto store = must(open_sqlite(path, mode));
            expect_version_1s_rows(*store);
        }
        const auto store = must(open_sqlite(path, OpenMode::read_write));
        must(store->commit(commit_to(head_at(40), 41)));
        must(store->add({.local = {{"a", "1"}}}));
    }
}

/// What an exchange stored before cosignatures had marks: they are there, without one.
TEST(SqliteMigration, BringsVersion2Along) {
    TempDir dir;
    const std::string path = dir.path() + "/log.db";
    node::Commit commit = commit_to(std::nullopt, 40);
    node::StoredCosignature row{test_origin, TreeSize{2}, root_of(2), "un", instant(7), "line"};
    commit.additions.cosignatures = {row};
    commit.additions.local = {{"a", "1"}};
    must(must(open_sqlite(path, OpenMode::create))->commit(commit));
    {
        auto db = must(Database::open(path, Database::Access::write, nullptr));
        must(db->run("PRAGMA locking_mode = EXCLUSIVE"));
        must(db->run("ALTER TABLE cosignature DROP COLUMN mark; PRAGMA user_version = 2"));
    }
    for (const OpenMode mode : {OpenMode::read_only, OpenMode::read_write}) {
        const auto store = must(open_sqlite(path, mode));
        EXPECT_EQ(must(all_cosignatures(*store, test_origin)), std::vector{row});
        EXPECT_EQ(must(store->local("a")), "1");
        EXPECT_EQ(must(store->head(test_origin)), head_at(40));
    }
    row.mark = Bytes(16, 'm');
    const auto store = must(open_sqlite(path, OpenMode::read_write));
    must(store->add({.cosignatures = {row}}));
    EXPECT_EQ(must(all_cosignatures(*store, test_origin)), std::vector{row});
}

// Killed or cut off at any operation of the migration, the next start finds all of it, and a disk
// that has no room for it says so.
TEST(SqliteMigration, MayBeCutOffAnywhere) {
    std::uint64_t dies = 0;
    for (bool whole = false; !whole; ++dies) {
        SCOPED_TRACE(dies);
        Disk disk;
        {
            DiskVfs vfs(disk);
            disk.open("/log.db");
            write_version_1("/log.db", vfs.name());
            const Disk::Handle file = disk.open("/log.db");
            disk.sync(file);
            disk.sync_dir("/");
        }
        {
            DiskFiles files(disk);
            DiskVfs vfs(disk);
            disk.kill_after(dies);
            whole = open_sqlite("/log.db", OpenMode::read_write, {vfs.name(), &files, false, 6})
                        .has_value();
            disk.kill();
            disk.revive();
        }
        Rng rng(dies);
        for (const auto loss : {Disk::Loss::everything, Disk::Loss::nothing, Disk::Loss::torn}) {
            Disk left = disk.cut(disk.operations(), loss, rng);
            DiskFiles files(left);
            DiskVfs vfs(left);
            const auto store =
                must(open_sqlite("/log.db", OpenMode::read_write, {vfs.name(), &files, false, 6}));
            expect_version_1s_rows(*store);
            must(store->commit(commit_to(head_at(40), 41)));
        }
    }
    EXPECT_GT(dies, 5u);
}

// Whatever row nothing else proves is changed, reading it says which.
TEST(SqliteSums, FindAChangedRow) {
    TempDir dir;
    const std::string path = dir.path() + "/log.db";
    {
        const auto store = must(open_sqlite(path, OpenMode::create));
        node::Commit commit = commit_to(std::nullopt, 2);
        commit.outbox = {{"ru", "text"}};
        commit.additions.local = {{"a", "1"}};
        commit.additions.releases = {{test_origin, {"un"}, 0, "leaf"}};
        commit.additions.cosignatures = {
            {test_origin, TreeSize{2}, root_of(2), "un", instant(7), "line"}};
        must(store->commit(commit));
    }
    const auto read = [](node::Store& store) {
        std::string out;
        const auto note = [&](const auto& result) {
            if (!result) out += detail(result) + "\n";
        };
        note(store.head(test_origin));
        note(store.outbox(0, 9));
        note(all_releases(store, test_origin, {"un"}));
        note(all_cosignatures(store, test_origin));
        note(store.local("a"));
        return out;
    };
    EXPECT_EQ(read(*must(open_sqlite(path, OpenMode::read_only))), "");
    const std::pair<const char*, const char*> changes[] = {
        {"UPDATE head SET epoch = 2", "the head of log"},
        {"UPDATE head SET root = x'00'", "the head of log"},
        {"UPDATE outbox SET subscriber = 'un'", "outbox row 1"},
        {"UPDATE release SET leaf = x'00'", "release 0 of"},
        {"UPDATE release SET number = 1", "release 0 of"},
        {"UPDATE cosignature SET time = 6", "the cosignature of un over size 2"},
        {"UPDATE cosignature SET mark = x'01'", "the cosignature of un over size 2"},
        {"UPDATE cosignature SET root = x''", "the cosignature of un over size 2"},
        {"UPDATE local SET value = x'32'", "the local value a"},
        {"UPDATE local SET sum = x''", "the local value a"},
    };
    const Bytes good = *must(os_files().read(path, 1u << 26));
    for (const auto& [change, name] : changes) {
        SCOPED_TRACE(change);
        must(must(Database::open(path, Database::Access::write, nullptr))->run(change));
        const std::string said = read(*must(open_sqlite(path, OpenMode::read_only)));
        EXPECT_NE(said.find(name), std::string::npos) << said;
        EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
        must(os_files().write(path, good));
    }
}

}  // namespace
}  // namespace entente::store

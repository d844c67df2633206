// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_people.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "store/files.h"
#include "store/sqlite_db.h"

namespace entente::store {
namespace {

constexpr std::uint64_t application_id = 0x656e7470;  // "entp"; never change
constexpr std::uint64_t version = 1;                  // PRAGMA user_version

// FULL: the WAL is synced at every commit. Secure deletion: the hash of a token that was revoked,
// or of a password that was changed, does not linger in free space.
constexpr const char* connection = R"(
PRAGMA busy_timeout = 10000;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA temp_store = MEMORY;
PRAGMA journal_mode = WAL;
)";

constexpr const char* schema = R"(
CREATE TABLE row (
    kind  TEXT NOT NULL,
    id    TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
    seq   INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL,
    hash  BLOB NOT NULL
) STRICT;
)";

constexpr const char* scan_sql = "SELECT kind, id, bytes FROM row ORDER BY kind, id";
constexpr const char* put_sql =
    "INSERT INTO row (kind, id, bytes) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (kind, id) DO UPDATE SET bytes = ?3";
constexpr const char* drop_sql = "DELETE FROM row WHERE kind = ?1 AND id = ?2";
constexpr const char* last_sql = "SELECT seq, bytes, hash FROM audit ORDER BY seq DESC LIMIT 1";
constexpr const char* add_sql = "INSERT INTO audit (seq, bytes, hash) VALUES (?1, ?2, ?3)";
constexpr const char* audit_sql =
    "SELECT seq, bytes, hash FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2";

using people::AuditLine;
using people::Reading;
using people::Table;
using people::Write;

class SqlitePeople final : public people::Store {
  public:
    explicit SqlitePeople(std::unique_ptr<Database> db) : db_(std::move(db)) {}

    Result<void> scan(
        const std::function<Result<void>(Table, const std::string&, const Bytes&)>& row) override {
        const std::lock_guard lock(mutex_);
        TRY(all, db_->prepare(scan_sql));
        for (;;) {
            TRY(more, all.step());
            if (!more) return {};
            const auto table = people::parse_table(all.blob(0));
            if (!table) {
                return fail(Errc::malformed, db_->path() +
                                                 ": it holds rows that this entente does "
                                                 "not know; use the newer one");
            }
            const std::string id(all.blob(1));
            const Bytes bytes(all.blob(2));
            TRYV(row(*table, id, bytes));
        }
    }

    Result<void> commit(const std::vector<Write>& writes,
                        const std::vector<Reading>& audit) override {
        const std::lock_guard lock(mutex_);
        TRYV(db_->run("BEGIN IMMEDIATE"));
        auto written = write(writes, audit);
        if (written) written = db_->run("COMMIT");
        if (!written) db_->roll_back();
        return written;
    }

    Result<std::vector<AuditLine>> audit(std::uint64_t after, std::size_t most) override {
        const std::lock_guard lock(mutex_);
        TRY(lines, db_->prepare(audit_sql));
        lines.bind(1, std::min(after, std::uint64_t{0x7fff'ffff'ffff'ffff})).bind(2, most);
        std::vector<AuditLine> out;
        for (;;) {
            TRY(more, lines.step());
            if (!more) return out;
            TRY(line, line_of(lines));
            out.push_back(std::move(line));
        }
    }

  private:
    Result<AuditLine> line_of(const Statement& row) const {
        AuditLine out{row.integer(0), Bytes(row.blob(1)), {}};
        if (row.blob(2).size() != out.hash.bytes.size()) {
            return fail(Errc::bad_proof, db_->path() + ": audit line " + std::to_string(out.seq) +
                                             " has no hash; the file was changed");
        }
        out.hash = Hash::from(row.blob(2));
        return out;
    }

    Result<AuditLine> last() {
        TRY(newest, db_->prepare(last_sql));
        TRY(there, newest.step());
        if (!there) return AuditLine();
        return line_of(newest);
    }

    Result<void> write(const std::vector<Write>& writes, const std::vector<Reading>& audit) {
        for (const Write& one : writes) {
            TRY(statement, db_->prepare(one.bytes ? put_sql : drop_sql));
            const std::string kind = people::name(one.table);
            statement.bind_text(1, kind).bind_text(2, one.key);
            if (one.bytes) statement.bind_blob(3, *one.bytes);
            TRYV(statement.run());
        }
        if (audit.empty()) return {};
        TRY(line, last());
        TRY(add, db_->prepare(add_sql));
        for (const Reading& reading : audit) {
            line = people::chain(line, reading);
            add.bind(1, line.seq).bind_blob(2, line.bytes).bind_blob(3, line.hash.view());
            TRYV(add.run());
        }
        return {};
    }

    std::mutex mutex_;  // guards db_
    std::unique_ptr<Database> db_;
};

/// An empty file of ours, so that the mode is 0600. Another process may have just made it: then
/// nothing is truncated.
Result<void> make_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return errno == EEXIST ? Result<void>() : os_error("make", path, errno);
    (void)::close(file);
    return os_files().sync_dir(dir_of(path));
}

/// Makes the tables where there are none; two processes may begin at once.
Result<void> make_tables(Database& db) {
    TRYV(db.run("BEGIN IMMEDIATE"));
    auto made = [&]() -> Result<void> {
        TRY(there, db.integer("PRAGMA user_version"));
        if (there != 0) return {};
        TRYV(db.run(schema));
        TRYV(db.run(("PRAGMA application_id = " + std::to_string(application_id)).c_str()));
        return db.run(("PRAGMA user_version = " + std::to_string(version)).c_str());
    }();
    if (made) made = db.run("COMMIT");
    if (!made) db.roll_back();
    return made;
}

}  // namespace

Result<std::unique_ptr<people::Store>> open_people(const std::string& path) {
    Files& files = os_files();
    TRY(there, files.stat(path));
    if (!there) TRYV(make_file(path));
    TRY(db, Database::open(path, Database::Access::write, nullptr));
    TRYV(db->run(connection));
    TRY(there_version, db->integer("PRAGMA user_version"));
    if (there_version == 0) TRYV(make_tables(*db));
    TRY(id, db->integer("PRAGMA application_id"));
    TRY(found, db->integer("PRAGMA user_version"));
    if (id != application_id || found != version) {
        return fail(Errc::malformed, path +
                                         ": it is not a people.db of this entente (application "
                                         "id " +
                                         std::to_string(id) + ", version " + std::to_string(found) +
                                         ")");
    }
    return std::make_unique<SqlitePeople>(std::move(db));
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_db.h"

#include <sqlite3.h>

#include "base/assert.h"

namespace entente::store {
namespace {

constexpr int value_bytes_max = 64 * 1024 * 1024;  // of one row; SQLite's own default is 10^9

/// A file: URI for any path: SQLite decodes %HH and cuts at ? and #.
std::string uri(const std::string& path) {
    std::string out = "file:";
    for (const char c : path) {
        switch (c) {
            case '%': out += "%25"; break;
            case '?': out += "%3f"; break;
            case '#': out += "%23"; break;
            default: out += c;
        }
    }
    return out;
}

struct Said {
    Errc code;
    const char* what;
    const char* advice;
};

Said say(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return {Errc::unavailable, "the disk is full",
                    "free some space on that disk and try again"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {Errc::unavailable, "it is in use by another process",
                    "wait until that ends, or stop it, and try again"};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {Errc::unavailable, "it, or its directory, may not be written",
                    "run as the user who owns it, or give this user the right to it"};
        case SQLITE_CANTOPEN:
            return {Errc::unavailable, "it, or a file beside it, cannot be opened",
                    "check that it exists and that this user may read and write its directory"};
        case SQLITE_IOERR:
            return {Errc::unavailable, "the disk reports an error",
                    "look at the system log and at the disk, and try again"};
        case SQLITE_NOTADB:
            return {Errc::malformed, "it is not a database of entente",
                    "name the right directory, or restore it from a backup"};
        case SQLITE_CORRUPT:
            return {Errc::malformed, "it is damaged or cut short",
                    "keep it aside, look at the disk, and restore the directory from a backup"};
        default: return {Errc::unavailable, "SQLite failed", "see the reason given, and try again"};
    }
}

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* stmt) const { sqlite3_finalize(stmt); }
void Database::Close::operator()(sqlite3* db) const {
    const int code = sqlite3_close(db);
    ASSERT(code == SQLITE_OK);  // every statement was closed before its database
}

Statement& Statement::bind(int at, std::uint64_t value) {
    const int code = sqlite3_bind_int64(stmt_.get(), at, static_cast<sqlite3_int64>(value));
    ASSERT(code == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_text(int at, std::string_view text) {
    const int code = sqlite3_bind_text(stmt_.get(), at, text.data(), static_cast<int>(text.size()),
                                       SQLITE_STATIC);
    ASSERT(code == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_blob(int at, BytesView bytes) {
    // A null pointer would bind NULL, which is not the same as no bytes.
    const char* data = bytes.data() != nullptr ? bytes.data() : "";
    const int code = sqlite3_bind_blob64(stmt_.get(), at, data, bytes.size(), SQLITE_STATIC);
    ASSERT(code == SQLITE_OK || code == SQLITE_TOOBIG);  // step() then meets a NULL, and says so
    return *this;
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(stmt_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
        sqlite3_reset(stmt_.get());
        return false;
    }
    auto error = db_->error(code);
    sqlite3_reset(stmt_.get());
    return error;
}

Result<void> Statement::run() {
    TRY(row, step());
    ASSERT(!row);
    return {};
}

void Statement::reset() { sqlite3_reset(stmt_.get()); }

std::uint64_t Statement::integer(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(stmt_.get(), column));
}

BytesView Statement::blob(int column) const {
    const void* data = sqlite3_column_blob(stmt_.get(), column);
    const int size = sqlite3_column_bytes(stmt_.get(), column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Access access,
                                                 const char* vfs) {
    sqlite3* raw = nullptr;
    int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    std::string name = uri(path);
    if (access == Access::write) {
        flags |= SQLITE_OPEN_READWRITE;
    } else {
        flags |= SQLITE_OPEN_READONLY;
        name += "?immutable=1";
    }
    const int code = sqlite3_open_v2(name.c_str(), &raw, flags, vfs);
    std::unique_ptr<Database> db(new Database(path, raw));
    if (code != SQLITE_OK) return db->error(code);
    // SQLite falls back to reading when it may not write, and would say so only at the first
    // commit.
    if (access == Access::write && sqlite3_db_readonly(raw, "main") == 1) {
        return db->error(SQLITE_READONLY);
    }
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return db;
}

Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* stmt = nullptr;
    const int code =
        sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
    if (code != SQLITE_OK) return error(code);
    return Statement(this, stmt);
}

Result<void> Database::run(const char* sql) {
    const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return error(code);
    return {};
}

Result<std::uint64_t> Database::integer(const char* sql) {
    TRY(statement, prepare(sql));
    TRY(row, statement.step());
    ASSERT(row);
    return statement.integer(0);
}

void Database::roll_back() {
    if (sqlite3_get_autocommit(db_.get()) == 0) {
        sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

Result<bool> Database::checkpoint() {
    const int code =
        sqlite3_wal_checkpoint_v2(db_.get(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_FULL) return false;
    if (code != SQLITE_OK) return error(code);
    return true;
}

tl::unexpected<Error> Database::error(int code) const {
    const Said said = say(code);
    const bool known = db_ != nullptr && sqlite3_errcode(db_.get()) == code;
    const char* reason = known ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
    return fail(said.code, path_ + ": " + said.what + " (SQLite: " + reason + ", code " +
                               std::to_string(code) + "); " + said.advice);
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// One SQLite connection and its statements as values that close themselves, and SQLite's result
// codes as errors for people. Knows no table. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace entente::store {

class Database;

/// A prepared statement. Bound bytes are not copied: they must live until reset or the last step.
class Statement {
  public:
    Statement& bind(int at, std::uint64_t value);
    Statement& bind_text(int at, std::string_view text);
    Statement& bind_blob(int at, BytesView bytes);
    /// True: a row is there. False: done, and the statement is reset.
    Result<bool> step();
    /// Steps a statement that has no rows.
    Result<void> run();
    void reset();

    std::uint64_t integer(int column) const;
    /// Valid until the next step.
    BytesView blob(int column) const;

  private:
    friend class Database;
    struct Close {
        void operator()(sqlite3_stmt* stmt) const;
    };
    Statement(Database* db, sqlite3_stmt* stmt) : db_(db), stmt_(stmt) {}
    Database* db_;
    std::unique_ptr<sqlite3_stmt, Close> stmt_;
};

class Database {
  public:
    enum class Access { write, read_immutable };
    /// An existing file. `vfs`: the name of a registered one, or null for the system's.
    static Result<std::unique_ptr<Database>> open(const std::string& path, Access access,
                                                  const char* vfs);
    Result<Statement> prepare(const char* sql);
    Result<void> run(const char* sql);  // one or more statements, rows ignored
    Result<std::uint64_t> integer(const char* sql);
    /// Ends whatever transaction is open; harmless if none is.
    void roll_back();
    /// Copies the write-ahead log into the database file, syncs, and empties it. A full disk is not
    /// an error, because nothing is lost by waiting: false.
    Result<bool> checkpoint();

    const std::string& path() const { return path_; }
    /// The last result code as an error: what failed, on which file, what to do.
    tl::unexpected<Error> error(int code) const;

  private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    Database(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
    std::string path_;
    std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace entente::store

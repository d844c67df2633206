// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "store/commit.h"
#include "store/sqlite_open.h"
#include "store/sqlite_sql.h"

namespace entente::store {
namespace {

using node::StoredEntry;
using node::StoredHead;

/// The statements that every commit uses, prepared once for each connection.
struct Statements {
    Statement head, set_head, add_entry, add_body, add_outbox;

    static Result<Statements> prepare(Database& db) {
        TRY(head, db.prepare(sql::head));
        TRY(set_head, db.prepare(sql::set_head));
        TRY(add_entry, db.prepare(sql::add_entry));
        TRY(add_body, db.prepare(sql::add_body));
        TRY(add_outbox, db.prepare(sql::add_outbox));
        return Statements{std::move(head), std::move(set_head), std::move(add_entry),
                          std::move(add_body), std::move(add_outbox)};
    }
};

class SqliteStore : public node::Store {
  public:
    SqliteStore(std::string path, OpenMode mode, const Engine& engine, DirLock lock)
        : path_(std::move(path)), mode_(mode), engine_(engine), lock_(std::move(lock)) {}

    Result<void> use(std::unique_ptr<Database> db) {
        db_ = std::move(db);
        TRY(statements, Statements::prepare(*db_));
        statements_.emplace(std::move(statements));
        return {};
    }

    Result<std::optional<StoredHead>> head(const Origin& origin) override {
        TRYV(ready());
        return read_head(origin);
    }

    Result<void> commit(const node::Commit& commit) override {
        TRYV(check_form(commit));
        TRYV(writable());
        TRYV(db_->run("BEGIN IMMEDIATE"));
        auto written = write(commit);
        if (!written) {
            db_->roll_back();
            return written;
        }
        return end_transaction();
    }

    Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                      const std::function<Result<void>(StoredEntry&&)>& row) override;

    Result<void> put_document(const Hash& hash, BytesView bytes) override {
        TRYV(writable());
        TRY(stored, document(hash));
        if (stored && *stored != bytes) return other_document(hash);
        if (stored) return {};
        TRY(add, db_->prepare(sql::add_document));
        TRYV(db_->run("BEGIN IMMEDIATE"));
        auto added = add.bind_blob(1, hash.view()).bind_blob(2, bytes).run();
        if (!added) {
            db_->roll_back();
            return added;
        }
        return end_transaction();
    }

    Result<std::optional<Bytes>> document(const Hash& hash) override {
        TRYV(ready());
        TRY(find, db_->prepare(sql::document));
        TRY(found, find.bind_blob(1, hash.view()).step());
        if (!found) return std::optional<Bytes>();
        return std::optional<Bytes>(find.blob(0));
    }

    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox(
        std::uint64_t after, std::size_t most) override;

    Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) override {
        TRYV(writable());
        TRY(drop, db_->prepare(sql::acknowledge));
        TRYV(db_->run("BEGIN IMMEDIATE"));
        auto dropped = drop.bind_text(1, subscriber).bind(2, clip(up_to)).run();
        if (!dropped) {
            db_->roll_back();
            return dropped;
        }
        return end_transaction();
    }

  private:
    /// SQLite's integers end at 2^63 - 1, and so do trees (C2SP tlog-checkpoint).
    static std::uint64_t clip(std::uint64_t v) {
        return std::min(v, std::uint64_t{0x7fff'ffff'ffff'ffff});
    }

    /// A transaction whose end failed may be on the disk or not. Until the file has been opened
    /// anew, nothing is said about it.
    Result<void> ready() {
        if (!in_doubt_) return {};
        if (scans_ > 0) {
            return fail(Errc::unavailable, path_ + ": a commit failed during a scan; end the scan");
        }
        statements_.reset();
        db_.reset();
        TRY(db, reopen_database(path_, engine_));
        TRYV(use(std::move(db)));
        in_doubt_ = false;
        return {};
    }

    Result<void> writable() {
        if (mode_ != OpenMode::read_only) return ready();
        return fail(Errc::refused, path_ + " was opened for reading only");
    }

    Result<void> end_transaction() {
        auto ended = db_->run("COMMIT");
        if (!ended) {
            db_->roll_back();
            in_doubt_ = true;
        }
        return ended;
    }

    Result<std::optional<StoredHead>> read_head(const Origin& origin);
    Result<void> write(const node::Commit& commit);

    const std::string path_;
    const OpenMode mode_;
    const Engine engine_;
    const DirLock lock_;
    std::unique_ptr<Database> db_;
    std::optional<Statements> statements_;  // destroyed before db_
    bool in_doubt_ = false;
    int scans_ = 0;  // running now: their statements hold the connection open
};

/// Counts a scan while it runs.
class Running {
  public:
    explicit Running(int& count) : count_(count) { ++count_; }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { --count_; }

  private:
    int& count_;
};

Result<std::optional<StoredHead>> SqliteStore::read_head(const Origin& origin) {
    Statement& find = statements_->head;
    TRY(found, find.bind_text(1, origin.v).step());
    if (!found) return std::optional<StoredHead>();
    const BytesView root = find.blob(1);
    if (root.size() != 32) {
        find.reset();
        return fail(Errc::malformed, path_ + ": the head of log " + origin.v +
                                         " is damaged; restore the directory from a backup");
    }
    StoredHead head{origin, TreeSize{find.integer(0)}, Hash::from(root), Bytes(find.blob(2)),
                    find.integer(3)};
    find.reset();
    return std::optional<StoredHead>(std::move(head));
}

Result<void> SqliteStore::write(const node::Commit& commit) {
    const StoredHead& next = commit.next;
    TRY(stored, read_head(next.origin));
    TRYV(check_expected(commit, stored));
    for (const StoredEntry& entry : commit.entries) {
        TRYV(statements_->add_entry.bind_text(1, next.origin.v)
                 .bind(2, entry.index.v)
                 .bind_blob(3, entry.entry)
                 .run());
        if (entry.wrapped_keys.empty() && entry.ciphertexts.empty()) continue;
        TRYV(statements_->add_body.bind_text(1, next.origin.v)
                 .bind(2, entry.index.v)
                 .bind_blob(3, entry.wrapped_keys)
                 .bind_blob(4, entry.ciphertexts)
                 .run());
    }
    for (const node::OutboxRow& row : commit.outbox) {
        TRYV(statements_->add_outbox.bind_text(1, row.subscriber).bind_blob(2, row.payload).run());
    }
    return statements_->set_head.bind_text(1, next.origin.v)
        .bind(2, next.size.v)
        .bind_blob(3, next.root.view())
        .bind_blob(4, next.note)
        .bind(5, next.epoch)
        .run();
}

// Both tables are read in step, which costs one walk of each instead of one search per row. The
// statements are prepared for each scan, so that a callback may scan, too.
Result<void> SqliteStore::scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                               const std::function<Result<void>(StoredEntry&&)>& row) {
    TRYV(ready());
    if (begin >= end) return {};
    const Running running(scans_);
    TRY(entries, db_->prepare(sql::scan_entry));
    TRY(bodies, db_->prepare(sql::scan_body));
    for (Statement* s : {&entries, &bodies}) {
        s->bind_text(1, origin.v).bind(2, clip(begin.v)).bind(3, clip(end.v));
    }
    TRY(body_there, bodies.step());
    for (std::uint64_t want = begin.v; want < end.v; ++want) {
        TRY(there, entries.step());
        if (!there || entries.integer(0) != want) return missing_entry(origin, EntryIndex{want});
        while (body_there && bodies.integer(0) < want) {
            TRY(more, bodies.step());
            body_there = more;
        }
        StoredEntry entry{EntryIndex{want}, Bytes(entries.blob(1)), {}, {}};
        if (body_there && bodies.integer(0) == want) {
            entry.wrapped_keys = bodies.blob(1);
            entry.ciphertexts = bodies.blob(2);
        }
        TRYV(row(std::move(entry)));
    }
    return {};
}

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> SqliteStore::outbox(
    std::uint64_t after, std::size_t most) {
    TRYV(ready());
    TRY(find, db_->prepare(sql::outbox));
    find.bind(1, clip(after)).bind(2, clip(most));
    std::vector<std::pair<std::uint64_t, node::OutboxRow>> rows;
    for (;;) {
        TRY(there, find.step());
        if (!there) return rows;
        rows.emplace_back(find.integer(0),
                          node::OutboxRow{std::string(find.blob(1)), Bytes(find.blob(2))});
    }
}

}  // namespace

Result<std::unique_ptr<node::Store>> open_sqlite(const std::string& path, OpenMode mode,
                                                 const Engine& engine) {
    TRY(opened, open_database(path, mode, engine));
    auto store = std::make_unique<SqliteStore>(path, mode, engine, std::move(opened.lock));
    TRYV(store->use(std::move(opened.db)));
    return std::unique_ptr<node::Store>(std::move(store));
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.h"

#include <algorithm>
#include <utility>

#include "store/commit.h"
#include "store/sqlite_open.h"
#include "store/sqlite_sql.h"
#include "store/sqlite_write.h"

namespace entente::store {
namespace {

using node::StoredEntry;
using node::StoredHead;

class SqliteStore : public node::Store {
  public:
    SqliteStore(std::string path, OpenMode mode, const Engine& engine, DirLock lock)
        : path_(std::move(path)), mode_(mode), engine_(engine), lock_(std::move(lock)) {}

    Result<void> use(std::unique_ptr<Database> db) {
        db_ = std::move(db);
        TRY(writer, Writer::prepare(*db_));
        writer_.emplace(std::move(writer));
        return {};
    }

    Result<std::optional<StoredHead>> head(const Origin& origin) override {
        TRYV(ready());
        return writer_->head(origin);
    }

    Result<void> commit(const node::Commit& commit) override {
        TRYV(check_form(commit));
        return in_transaction([&] { return writer_->write(commit); });
    }

    Result<void> add(const node::Additions& additions) override {
        TRYV(check_form(additions));
        return in_transaction([&] { return writer_->write(additions); });
    }

    Result<std::vector<Origin>> origins() override;

    Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                      const std::function<Result<void>(StoredEntry&&)>& row) override;

    Result<void> put_document(const Hash& hash, BytesView bytes) override {
        TRYV(writable());
        TRY(stored, document(hash));
        if (stored && *stored == bytes) return {};
        node::Additions additions;
        additions.documents = {{hash, Bytes(bytes)}};
        return add(additions);
    }

    Result<std::optional<Bytes>> document(const Hash& hash) override {
        TRYV(ready());
        TRY(find, db_->prepare(sql::document));
        TRY(found, find.bind_blob(1, hash.view()).step());
        if (!found) return std::optional<Bytes>();
        return std::optional<Bytes>(find.blob(0));
    }

    Result<void> scan_releases(
        const Origin& author, const PartyId& recipient, std::uint64_t first,
        const std::function<Result<void>(node::StoredRelease&&)>& row) override;
    Result<void> scan_cosignatures(
        const Origin& origin,
        const std::function<Result<void>(node::StoredCosignature&&)>& row) override;
    Result<std::optional<Bytes>> local(const std::string& name) override;
    Result<void> forget() override;

    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox(
        std::uint64_t after, std::size_t most) override;

    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox_of(
        const std::string& subscriber, std::uint64_t after, std::size_t most) override;

    Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) override {
        TRYV(writable());
        TRY(drop, db_->prepare(sql::acknowledge));
        return in_transaction(
            [&] { return drop.bind_text(1, subscriber).bind(2, clip(up_to)).run(); });
    }

  private:
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox_rows(
        Statement& find) const;

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
        writer_.reset();
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

    template <class Work>
    Result<void> in_transaction(const Work& work) {
        TRYV(writable());
        TRYV(db_->run("BEGIN IMMEDIATE"));
        Result<void> done = work();
        if (!done) {
            db_->roll_back();
            return done;
        }
        done = db_->run("COMMIT");
        if (!done) {
            db_->roll_back();
            in_doubt_ = true;
        }
        return done;
    }

    const std::string path_;
    const OpenMode mode_;
    const Engine engine_;
    const DirLock lock_;
    std::unique_ptr<Database> db_;
    std::optional<Writer> writer_;  // destroyed before db_
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

Result<std::vector<Origin>> SqliteStore::origins() {
    TRYV(ready());
    TRY(find, db_->prepare(sql::origins));
    std::vector<Origin> out;
    for (;;) {
        TRY(there, find.step());
        if (!there) return out;
        out.push_back({std::string(find.blob(0))});
    }
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

Result<void> SqliteStore::scan_releases(
    const Origin& author, const PartyId& recipient, std::uint64_t first,
    const std::function<Result<void>(node::StoredRelease&&)>& row) {
    TRYV(ready());
    const Running running(scans_);
    TRY(find, db_->prepare(sql::scan_release));
    find.bind_text(1, author.v).bind_text(2, recipient.v).bind(3, clip(first));
    for (std::uint64_t number = first;; ++number) {
        TRY(there, find.step());
        if (!there) return {};
        node::StoredRelease release{author, recipient, number, Bytes(find.blob(1))};
        const std::string name = release_name(author, recipient, number);
        if (find.integer(0) != number) {
            return fail(Errc::malformed, path_ + ": " + name +
                                             " is missing; run entente scrub and restore the "
                                             "directory from a backup");
        }
        TRYV(check_sum(*db_, name, find.blob(2), release_sum(release)));
        TRYV(row(std::move(release)));
    }
}

Result<void> SqliteStore::scan_cosignatures(
    const Origin& origin, const std::function<Result<void>(node::StoredCosignature&&)>& row) {
    TRYV(ready());
    const Running running(scans_);
    TRY(find, db_->prepare(sql::scan_cosignature));
    find.bind_text(1, origin.v);
    for (;;) {
        TRY(there, find.step());
        if (!there) return {};
        node::StoredCosignature out{origin,
                                    TreeSize{find.integer(0)},
                                    {},
                                    std::string(find.blob(2)),
                                    instant(static_cast<std::int64_t>(find.integer(3))),
                                    Bytes(find.blob(4)),
                                    Bytes(find.blob(6))};
        const BytesView root = find.blob(1);
        if (root.size() == out.root.bytes.size()) out.root = Hash::from(root);
        TRYV(check_sum(*db_,
                       "the cosignature of " + out.cosigner + " over size " +
                           std::to_string(out.size.v) + " of " + origin.v,
                       find.blob(5), cosignature_sum(out)));
        TRYV(row(std::move(out)));
    }
}

Result<std::optional<Bytes>> SqliteStore::local(const std::string& name) {
    TRYV(ready());
    TRY(find, db_->prepare(sql::local));
    TRY(found, find.bind_text(1, name).step());
    if (!found) return std::optional<Bytes>();
    TRYV(check_sum(*db_, "the local value " + name, find.blob(1), local_sum(name, find.blob(0))));
    return std::optional<Bytes>(find.blob(0));
}

Result<void> SqliteStore::forget() {
    TRYV(writable());
    if (scans_ > 0) return fail(Errc::unavailable, path_ + ": a scan is running; end it first");
    TRY(done, db_->checkpoint());
    if (done) return {};
    return fail(Errc::unavailable, path_ +
                                       ": the disk is full, and what was purged still stands in " +
                                       path_ + "-wal; free some space on that disk and try again");
}

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> SqliteStore::outbox(
    std::uint64_t after, std::size_t most) {
    TRYV(ready());
    TRY(find, db_->prepare(sql::outbox));
    find.bind(1, clip(after)).bind(2, clip(most));
    return outbox_rows(find);
}

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> SqliteStore::outbox_of(
    const std::string& subscriber, std::uint64_t after, std::size_t most) {
    TRYV(ready());
    TRY(find, db_->prepare(sql::outbox_of));
    find.bind_text(1, subscriber).bind(2, clip(after)).bind(3, clip(most));
    return outbox_rows(find);
}

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> SqliteStore::outbox_rows(
    Statement& find) const {
    std::vector<std::pair<std::uint64_t, node::OutboxRow>> rows;
    for (;;) {
        TRY(there, find.step());
        if (!there) return rows;
        const std::uint64_t seq = find.integer(0);
        TRYV(check_sum(*db_, "outbox row " + std::to_string(seq), find.blob(3),
                       outbox_sum(seq, find.blob(1), find.blob(2))));
        rows.emplace_back(seq, node::OutboxRow{std::string(find.blob(1)), Bytes(find.blob(2))});
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

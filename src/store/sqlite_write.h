// SPDX-License-Identifier: Apache-2.0
// What the SQLite store writes, in prepared statements, and the head that a commit is compared
// with. Knows the tables, not transactions: each call runs inside its caller's.
//
// A purge must leave nothing behind (PROTOCOL 12). secure_delete zeroes what is overwritten or
// freed, but not the copies that stay in a page's gap when SQLite moves rows between pages to
// balance them (rebuildPage of btree.c zeroes nothing; with rows that grew in place,
// sqlite_purge_test.cc found 1 or 2 of 1,500 replaced keys). So no row of `body` is ever moved: new
// ones go to the end of the table, which splits no page; a row takes other bytes in place only if
// they need no more room; otherwise it is emptied where it stands, under the origin '' and its own
// number, and written anew at the end.
#pragma once

#include "node/ports.h"
#include "store/sqlite_db.h"

namespace entente::store {

/// The sums of rows (row_sum.h).
Bytes head_sum(const node::StoredHead& head);
Bytes outbox_sum(std::uint64_t seq, std::string_view subscriber, BytesView payload);
Bytes release_sum(const node::StoredRelease& release);
Bytes cosignature_sum(const node::StoredCosignature& cosignature);
Bytes local_sum(std::string_view name, BytesView value);
/// Errc::malformed, naming file and row, unless `stored` is the sum.
Result<void> check_sum(const Database& db, const std::string& row, BytesView stored,
                       const Bytes& sum);

class Writer {
  public:
    /// The database must outlive it.
    static Result<Writer> prepare(Database& db);

    Result<std::optional<node::StoredHead>> head(const Origin& origin);
    /// Errc::stale unless the stored head is the expected one.
    Result<void> write(const node::Commit& commit);
    Result<void> write(const node::Additions& additions);

  private:
    struct Statements {
        Statement head, set_head, add_entry, has_entry, find_body, add_body, set_body, document,
            add_document, add_outbox, sum_outbox, drop_outbox, next_release, add_release,
            add_cosignature, set_local;
    };
    Writer(Database& db, Statements statements) : db_(&db), s_(std::move(statements)) {}
    Result<void> write_outbox(const node::OutboxRow& row);
    Result<void> write_bodies(const node::StoredBodies& row);
    Result<void> write_release(const node::StoredRelease& release);
    Result<void> write_document(const Hash& hash, const Bytes& bytes);

    Database* db_;
    Statements s_;
};

}  // namespace entente::store

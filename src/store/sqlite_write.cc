// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_write.h"

#include "base/assert.h"
#include "store/commit.h"
#include "store/row_sum.h"
#include "store/sqlite_sql.h"

namespace entente::store {

using node::StoredHead;

Bytes head_sum(const StoredHead& head) {
    return row_sum("head", {head.origin.v, column(head.size.v), head.root.view(), head.note,
                            column(head.epoch)});
}

Bytes outbox_sum(std::uint64_t seq, std::string_view subscriber, BytesView payload) {
    return row_sum("outbox", {column(seq), subscriber, payload});
}

Bytes release_sum(const node::StoredRelease& release) {
    return row_sum("release",
                   {release.author.v, release.recipient.v, column(release.number), release.leaf});
}

/// Without a mark as version 2 had it.
Bytes cosignature_sum(const node::StoredCosignature& row) {
    const Bytes size = column(row.size.v), time = std::to_string(millis(row.time));
    if (row.mark.empty()) {
        return row_sum("cosignature",
                       {row.origin.v, size, row.root.view(), row.cosigner, time, row.line});
    }
    return row_sum("cosignature",
                   {row.origin.v, size, row.root.view(), row.cosigner, time, row.line, row.mark});
}

Bytes local_sum(std::string_view name, BytesView value) { return row_sum("local", {name, value}); }

Result<void> check_sum(const Database& db, const std::string& row, BytesView stored,
                       const Bytes& sum) {
    if (stored == sum) return {};
    return fail(Errc::malformed, db.path() + ": " + row +
                                     " is damaged (its checksum does not match); run entente scrub "
                                     "and restore the directory from a backup");
}

Result<Writer> Writer::prepare(Database& db) {
    TRY(head, db.prepare(sql::head));
    TRY(set_head, db.prepare(sql::set_head));
    TRY(add_entry, db.prepare(sql::add_entry));
    TRY(has_entry, db.prepare(sql::has_entry));
    TRY(find_body, db.prepare(sql::find_body));
    TRY(add_body, db.prepare(sql::add_body));
    TRY(set_body, db.prepare(sql::set_body));
    TRY(document, db.prepare(sql::document));
    TRY(add_document, db.prepare(sql::add_document));
    TRY(add_outbox, db.prepare(sql::add_outbox));
    TRY(sum_outbox, db.prepare(sql::set_outbox_sum));
    TRY(drop_outbox, db.prepare(sql::drop_outbox));
    TRY(next_release, db.prepare(sql::next_release));
    TRY(add_release, db.prepare(sql::add_release));
    TRY(add_cosignature, db.prepare(sql::add_cosignature));
    TRY(set_local, db.prepare(sql::set_local));
    return Writer(
        db, {std::move(head), std::move(set_head), std::move(add_entry), std::move(has_entry),
             std::move(find_body), std::move(add_body), std::move(set_body), std::move(document),
             std::move(add_document), std::move(add_outbox), std::move(sum_outbox),
             std::move(drop_outbox), std::move(next_release), std::move(add_release),
             std::move(add_cosignature), std::move(set_local)});
}

Result<std::optional<StoredHead>> Writer::head(const Origin& origin) {
    TRY(found, s_.head.bind_text(1, origin.v).step());
    if (!found) return std::optional<StoredHead>();
    const BytesView root = s_.head.blob(1);
    StoredHead head{
        origin, TreeSize{s_.head.integer(0)}, {}, Bytes(s_.head.blob(2)), s_.head.integer(3)};
    if (root.size() == head.root.bytes.size()) head.root = Hash::from(root);
    const Bytes sum(s_.head.blob(4));
    s_.head.reset();
    TRYV(check_sum(*db_, "the head of log " + origin.v, sum, head_sum(head)));
    return std::optional<StoredHead>(std::move(head));
}

Result<void> Writer::write(const node::Commit& commit) {
    const StoredHead& next = commit.next;
    TRY(stored, head(next.origin));
    TRYV(check_expected(commit, stored));
    for (const node::StoredEntry& entry : commit.entries) {
        TRYV(s_.add_entry.bind_text(1, next.origin.v)
                 .bind(2, entry.index.v)
                 .bind_blob(3, entry.entry)
                 .run());
        if (entry.wrapped_keys.empty() && entry.ciphertexts.empty()) continue;
        TRYV(s_.add_body.bind_text(1, next.origin.v)
                 .bind(2, entry.index.v)
                 .bind_blob(3, entry.wrapped_keys)
                 .bind_blob(4, entry.ciphertexts)
                 .run());
    }
    for (const node::OutboxRow& row : commit.outbox) TRYV(write_outbox(row));
    TRYV(write(commit.additions));
    const Bytes sum = head_sum(next);
    return s_.set_head.bind_text(1, next.origin.v)
        .bind(2, next.size.v)
        .bind_blob(3, next.root.view())
        .bind_blob(4, next.note)
        .bind(5, next.epoch)
        .bind_blob(6, sum)
        .run();
}

Result<void> Writer::write(const node::Additions& additions) {
    for (const node::StoredBodies& row : additions.bodies) TRYV(write_bodies(row));
    for (const node::StoredRelease& release : additions.releases) TRYV(write_release(release));
    for (const node::StoredCosignature& row : additions.cosignatures) {
        const Bytes sum = cosignature_sum(row);
        TRYV(s_.add_cosignature.bind_text(1, row.origin.v)
                 .bind(2, row.size.v)
                 .bind_blob(3, row.root.view())
                 .bind_text(4, row.cosigner)
                 .bind(5, static_cast<std::uint64_t>(millis(row.time)))
                 .bind_blob(6, row.line)
                 .bind_blob(7, sum)
                 .bind_blob(8, row.mark)
                 .run());
    }
    for (const auto& [hash, bytes] : additions.documents) TRYV(write_document(hash, bytes));
    for (const auto& [name, value] : additions.local) {
        const Bytes sum = local_sum(name, value);
        TRYV(s_.set_local.bind_text(1, name).bind_blob(2, value).bind_blob(3, sum).run());
    }
    for (const std::uint64_t seq : additions.outbox_done) {
        TRYV(s_.drop_outbox.bind(1, seq).run());
    }
    for (const node::OutboxRow& row : additions.outbox) TRYV(write_outbox(row));
    return {};
}

/// The number is SQLite's to give, and the sum covers it.
Result<void> Writer::write_outbox(const node::OutboxRow& row) {
    TRY(added, s_.add_outbox.bind_text(1, row.subscriber).bind_blob(2, row.payload).step());
    ASSERT(added);
    const std::uint64_t seq = s_.add_outbox.integer(0);
    s_.add_outbox.reset();
    const Bytes sum = outbox_sum(seq, row.subscriber, row.payload);
    return s_.sum_outbox.bind(1, seq).bind_blob(2, sum).run();
}

Result<void> Writer::write_bodies(const node::StoredBodies& row) {
    TRY(there, s_.has_entry.bind_text(1, row.origin.v).bind(2, row.index.v).step());
    if (!there) return no_entry_for(row);
    s_.has_entry.reset();
    TRY(found, s_.find_body.bind_text(1, row.origin.v).bind(2, row.index.v).step());
    if (found) {
        const std::uint64_t rowid = s_.find_body.integer(0);
        const std::uint64_t keys = s_.find_body.integer(1), texts = s_.find_body.integer(2);
        s_.find_body.reset();
        // The lengths stand before the values in as many bytes as they need, at most 4 more each.
        const bool same = keys == row.wrapped_keys.size() && texts == row.ciphertexts.size();
        const bool fits =
            same || row.wrapped_keys.size() + row.ciphertexts.size() + 8 <= keys + texts;
        const Bytes nothing;
        TRYV(s_.set_body.bind(1, rowid)
                 .bind_text(2, fits ? row.origin.v : nothing)
                 .bind(3, fits ? row.index.v : rowid)
                 .bind_blob(4, fits ? row.wrapped_keys : nothing)
                 .bind_blob(5, fits ? row.ciphertexts : nothing)
                 .run());
        if (fits) return {};
    }
    return s_.add_body.bind_text(1, row.origin.v)
        .bind(2, row.index.v)
        .bind_blob(3, row.wrapped_keys)
        .bind_blob(4, row.ciphertexts)
        .run();
}

Result<void> Writer::write_release(const node::StoredRelease& release) {
    TRY(row,
        s_.next_release.bind_text(1, release.author.v).bind_text(2, release.recipient.v).step());
    ASSERT(row);
    const std::uint64_t next = s_.next_release.integer(0);
    s_.next_release.reset();
    if (release.number != next) return not_the_next(release, next);
    const Bytes sum = release_sum(release);
    return s_.add_release.bind_text(1, release.author.v)
        .bind_text(2, release.recipient.v)
        .bind(3, release.number)
        .bind_blob(4, release.leaf)
        .bind_blob(5, sum)
        .run();
}

Result<void> Writer::write_document(const Hash& hash, const Bytes& bytes) {
    TRY(found, s_.document.bind_blob(1, hash.view()).step());
    if (found) {
        const bool same = s_.document.blob(0) == bytes;
        s_.document.reset();
        if (!same) return other_document(hash);
        return {};
    }
    return s_.add_document.bind_blob(1, hash.view()).bind_blob(2, bytes).run();
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_raw.h"

#include <algorithm>

#include "store/commit.h"
#include "store/sqlite_open.h"
#include "store/sqlite_write.h"

namespace entente::store {
namespace {

constexpr const char* all_heads = "SELECT origin, size, root, note, epoch, sum FROM head";
constexpr const char* all_origins =
    "SELECT origin FROM entry GROUP BY origin UNION SELECT origin FROM body WHERE origin <> '' "
    "GROUP BY origin";
constexpr const char* all_entries = "SELECT idx, bytes FROM entry WHERE origin = ?1 ORDER BY idx";
// By rowid, so that no index stands between the reader and a row.
constexpr const char* all_bodies =
    "SELECT idx, wrapped_keys, ciphertexts FROM body NOT INDEXED WHERE origin = ?1";
constexpr const char* all_documents = "SELECT hash, bytes FROM document NOT INDEXED";
constexpr const char* all_releases =
    "SELECT author, recipient, number, leaf, sum FROM release ORDER BY author, recipient, number";
constexpr const char* all_cosignatures =
    "SELECT origin, size, root, cosigner, time, line, sum, mark FROM cosignature";
constexpr const char* all_outbox = "SELECT seq, subscriber, payload, sum FROM outbox NOT INDEXED";
constexpr const char* all_local = "SELECT name, value, sum FROM local NOT INDEXED";
constexpr const char* put_entry =
    "INSERT INTO entry (origin, idx, bytes) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (origin, idx) DO UPDATE SET bytes = ?3";
constexpr const char* put_head =
    "INSERT INTO head (origin, size, root, note, epoch, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT (origin) DO UPDATE SET size = ?2, root = ?3, note = ?4, epoch = ?5, sum = ?6";

constexpr const char* put_local =
    "INSERT INTO local (name, value, sum) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (name) DO UPDATE SET value = ?2, sum = ?3";

constexpr const char* bad_sum = "its checksum does not match";

Hash hash_or_zero(BytesView bytes) { return bytes.size() == 32 ? Hash::from(bytes) : Hash{}; }

class SqliteRows : public RawRows {
  public:
    SqliteRows(OpenDatabase opened, OnDamage damage)
        : opened_(std::move(opened)), db_(*opened_.db), damage_(std::move(damage)) {}

    void pages() override {
        each("the database's pages", "PRAGMA integrity_check(1000)", {}, [&](Statement& row) {
            const std::string said(row.blob(0));
            if (said != "ok") damage_({"the database's pages", said});
        });
    }

    std::vector<RawHead> heads() override {
        std::vector<RawHead> out;
        each("table head", all_heads, {}, [&](Statement& row) {
            RawHead head{{{std::string(row.blob(0))},
                          TreeSize{row.integer(1)},
                          hash_or_zero(row.blob(2)),
                          Bytes(row.blob(3)),
                          row.integer(4)}};
            head.whole = row.blob(5) == head_sum(head.head);
            if (!head.whole) damage_({"the head of log " + head.head.origin.v, bad_sum});
            out.push_back(std::move(head));
        });
        return out;
    }

    std::vector<Origin> origins() override {
        std::vector<Origin> out;
        each("tables entry and body", all_origins, {},
             [&](Statement& row) { out.push_back({std::string(row.blob(0))}); });
        return out;
    }

    void entries(const Origin& origin,
                 const std::function<void(EntryIndex, Bytes&&)>& row) override {
        each("table entry, log " + origin.v, all_entries, origin.v,
             [&](Statement& s) { row(EntryIndex{s.integer(0)}, Bytes(s.blob(1))); });
    }

    void bodies(const Origin& origin,
                const std::function<void(node::StoredBodies&&)>& row) override {
        each("table body, log " + origin.v, all_bodies, origin.v, [&](Statement& s) {
            row({origin, EntryIndex{s.integer(0)}, Bytes(s.blob(1)), Bytes(s.blob(2))});
        });
    }

    void documents(const std::function<void(BytesView, BytesView)>& row) override {
        each("table document", all_documents, {}, [&](Statement& s) { row(s.blob(0), s.blob(1)); });
    }

    void releases(const std::function<void(node::StoredRelease&&)>& row) override;
    std::uint64_t others() override;
    std::optional<Bytes> local(const std::string& name) override {
        std::optional<Bytes> out;
        each("table local", all_local, {}, [&](Statement& s) {
            if (s.blob(0) == name && s.blob(2) == local_sum(s.blob(0), s.blob(1))) {
                out = Bytes(s.blob(1));
            }
        });
        return out;
    }
    Result<void> repair(const Repairs& repairs) override;

  private:
    /// Every row of a query; where it cannot be read on, that is named, with the row before.
    template <class Row>
    std::uint64_t each(const std::string& what, const char* sql, std::string_view text,
                       const Row& row) {
        std::uint64_t count = 0;
        const auto walked = [&]() -> Result<void> {
            TRY(find, db_.prepare(sql));
            if (!text.empty()) find.bind_text(1, text);
            for (;;) {
                TRY(there, find.step());
                if (!there) return {};
                row(find);
                ++count;
            }
        }();
        if (!walked) {
            damage_({what, "it cannot be read on after row " + std::to_string(count) + ": " +
                               walked.error().detail});
        }
        return count;
    }

    OpenDatabase opened_;
    Database& db_;
    OnDamage damage_;
};

void SqliteRows::releases(const std::function<void(node::StoredRelease&&)>& row) {
    std::string list;
    std::uint64_t next = 0;
    each("table release", all_releases, {}, [&](Statement& s) {
        node::StoredRelease release{
            {std::string(s.blob(0))}, {std::string(s.blob(1))}, s.integer(2), Bytes(s.blob(3))};
        const std::string name = release_name(release.author, release.recipient, release.number);
        const std::string of = release.author.v + "\n" + release.recipient.v;
        if (of != list) next = 0;
        list = of;
        if (release.number != next) {
            damage_({name, "the one before it, " + std::to_string(next) + ", is not there"});
        }
        next = release.number + 1;
        if (s.blob(4) != release_sum(release)) return damage_({name, bad_sum});
        row(std::move(release));
    });
}

std::uint64_t SqliteRows::others() {
    std::uint64_t rows = each("table cosignature", all_cosignatures, {}, [&](Statement& s) {
        const node::StoredCosignature row{{std::string(s.blob(0))},
                                          TreeSize{s.integer(1)},
                                          hash_or_zero(s.blob(2)),
                                          std::string(s.blob(3)),
                                          instant(static_cast<std::int64_t>(s.integer(4))),
                                          Bytes(s.blob(5)),
                                          Bytes(s.blob(7))};
        if (s.blob(6) == cosignature_sum(row)) return;
        damage_({"the cosignature of " + row.cosigner + " over size " + std::to_string(row.size.v) +
                     " of log " + row.origin.v,
                 bad_sum});
    });
    rows += each("table outbox", all_outbox, {}, [&](Statement& s) {
        if (s.blob(3) == outbox_sum(s.integer(0), s.blob(1), s.blob(2))) return;
        damage_({"outbox row " + std::to_string(s.integer(0)), bad_sum});
    });
    rows += each("table local", all_local, {}, [&](Statement& s) {
        if (s.blob(2) == local_sum(s.blob(0), s.blob(1))) return;
        damage_({"the local value " + std::string(s.blob(0)), bad_sum});
    });
    return rows;
}

Result<void> SqliteRows::repair(const Repairs& repairs) {
    TRY(entry, db_.prepare(put_entry));
    TRY(head, db_.prepare(put_head));
    TRY(value, db_.prepare(put_local));
    TRYV(db_.run("BEGIN IMMEDIATE"));
    const auto write = [&]() -> Result<void> {
        for (const auto& [origin, row] : repairs.entries) {
            TRYV(entry.bind_text(1, origin.v).bind(2, row.index.v).bind_blob(3, row.entry).run());
        }
        for (const node::StoredHead& row : repairs.heads) {
            const Bytes sum = head_sum(row);
            TRYV(head.bind_text(1, row.origin.v)
                     .bind(2, row.size.v)
                     .bind_blob(3, row.root.view())
                     .bind_blob(4, row.note)
                     .bind(5, row.epoch)
                     .bind_blob(6, sum)
                     .run());
        }
        for (const auto& [name, bytes] : repairs.local) {
            const Bytes sum = local_sum(name, bytes);
            TRYV(value.bind_text(1, name).bind_blob(2, bytes).bind_blob(3, sum).run());
        }
        return db_.run("COMMIT");
    };
    auto written = write();
    if (!written) db_.roll_back();
    return written;
}

}  // namespace

Result<std::unique_ptr<RawRows>> RawRows::open(const std::string& path, OnDamage damage,
                                               const Engine& engine) {
    TRY(opened, open_database(path, OpenMode::read_write, engine));
    return std::unique_ptr<RawRows>(
        std::make_unique<SqliteRows>(std::move(opened), std::move(damage)));
}

}  // namespace entente::store

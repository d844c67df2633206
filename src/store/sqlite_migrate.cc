// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_migrate.h"

#include "base/assert.h"
#include "store/sqlite_sql.h"
#include "store/sqlite_write.h"

namespace entente::store {
namespace {

/// Version 2: sums beside what nothing else proves, and the tables of an exchange. The rows of
/// version 1 are believed once, as they have been so far.
Result<void> to_version_2(Database& db) {
    TRYV(db.run(sql::columns_of_version_2));
    TRYV(db.run(sql::schema_of_version_2));
    TRY(heads, db.prepare(sql::all_heads));
    TRY(set_head, db.prepare(sql::set_head_sum));
    for (;;) {
        TRY(there, heads.step());
        if (!there) break;
        const node::StoredHead head{{std::string(heads.blob(0))},
                                    TreeSize{heads.integer(1)},
                                    heads.blob(2).size() == 32 ? Hash::from(heads.blob(2)) : Hash{},
                                    Bytes(heads.blob(3)),
                                    heads.integer(4)};
        const Bytes sum = head_sum(head);
        TRYV(set_head.bind_text(1, head.origin.v).bind_blob(2, sum).run());
    }
    TRY(outbox, db.prepare(sql::all_outbox));
    TRY(set_outbox, db.prepare(sql::set_outbox_sum));
    for (;;) {
        TRY(there, outbox.step());
        if (!there) return {};
        const Bytes sum = outbox_sum(outbox.integer(0), outbox.blob(1), outbox.blob(2));
        TRYV(set_outbox.bind(1, outbox.integer(0)).bind_blob(2, sum).run());
    }
}

}  // namespace

Result<void> migrate(Database& db, std::uint64_t from) {
    ASSERT(from >= 1 && from < 3 && sql::version == 3);
    TRYV(db.run("BEGIN IMMEDIATE"));
    auto done = from < 2 ? to_version_2(db) : Result<void>();
    if (done) done = db.run(sql::columns_of_version_3);
    if (done) {
        done = db.run(("PRAGMA user_version = " + std::to_string(sql::version)).c_str());
    }
    if (done) done = db.run("COMMIT");
    if (done) return {};
    db.roll_back();
    return at("its tables could not be brought to version " + std::to_string(sql::version),
              done.error());
}

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// Every word of SQL that the SQLite store speaks (PROTOCOL 31). Tables are plain and portable; what
// is SQLite's own is in the pragmas. A change of a table is a new sql::version and a migration.
#pragma once

namespace entente::store::sql {

constexpr int application_id = 0x656e7465;  // "ente"; never change
constexpr int version = 3;                  // PRAGMA user_version
constexpr int version_min = 1;              // the oldest that is migrated

// EXCLUSIVE: one process, and no shared memory file. FULL: the WAL is synced at every commit.
// Secure deletion: what a purge rewrites does not linger in free space of the file; sqlite_write.h
// says what else that takes.
constexpr const char* connection = R"(
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -65536;
)";

// The page size must come before the first page is written. Measured with entries of 230 B and
// bodies of 1.9 kB, 100,000 rows durable in batches of 1,000, rows written and scanned a second,
// bytes of file a row:
//     bodies WITHOUT ROWID   4 KiB pages    41,480    452,096   4,996  (each body overflows)
//                            8 KiB pages   112,456  1,225,515   2,376
//                           16 KiB pages   120,142  1,276,554   2,668
//     bodies by rowid        4 KiB pages   107,049    894,266   2,431
//                           16 KiB pages   141,537  1,440,617   2,440
// 32 KiB was no better, and neither was memory-mapping, which would turn a read error into a
// signal. One table of both, or numbers in place of origins, would gain a tenth and lose the plain
// tables that anybody can read.
constexpr const char* page_size = "PRAGMA page_size = 16384;";

// `sum` is row_sum.h's.
constexpr const char* schema = R"(
CREATE TABLE head (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL,
    note   BLOB NOT NULL,
    epoch  INTEGER NOT NULL,
    sum    BLOB NOT NULL
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
    payload    BLOB NOT NULL,
    sum        BLOB NOT NULL
) STRICT;
CREATE INDEX outbox_by_subscriber ON outbox (subscriber, seq);
CREATE TABLE document (
    hash  BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;
)";
constexpr const char* schema_of_version_2 = R"(
CREATE TABLE release (
    author    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    number    INTEGER NOT NULL,
    leaf      BLOB NOT NULL,
    sum       BLOB NOT NULL,
    PRIMARY KEY (author, recipient, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE cosignature (
    origin   TEXT NOT NULL,
    size     INTEGER NOT NULL,
    root     BLOB NOT NULL,
    cosigner TEXT NOT NULL,
    time     INTEGER NOT NULL,
    line     BLOB NOT NULL,
    sum      BLOB NOT NULL,
    PRIMARY KEY (origin, size, root, cosigner)
) STRICT, WITHOUT ROWID;
CREATE TABLE local (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL,
    sum   BLOB NOT NULL
) STRICT;
)";
// What was there in version 1; the sums are filled in by sqlite_migrate.cc.
constexpr const char* columns_of_version_2 = R"(
ALTER TABLE head ADD COLUMN sum BLOB NOT NULL DEFAULT x'';
ALTER TABLE outbox ADD COLUMN sum BLOB NOT NULL DEFAULT x'';
)";
constexpr const char* columns_of_version_3 =
    "ALTER TABLE cosignature ADD COLUMN mark BLOB NOT NULL DEFAULT x'';";

constexpr const char* head = "SELECT size, root, note, epoch, sum FROM head WHERE origin = ?1";
constexpr const char* set_head =
    "INSERT INTO head (origin, size, root, note, epoch, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT (origin) DO UPDATE SET size = ?2, root = ?3, note = ?4, epoch = ?5, sum = ?6";
constexpr const char* origins = "SELECT origin FROM head ORDER BY origin";
constexpr const char* has_entry = "SELECT 1 FROM entry WHERE origin = ?1 AND idx = ?2";
constexpr const char* add_entry = "INSERT INTO entry (origin, idx, bytes) VALUES (?1, ?2, ?3)";
constexpr const char* add_body =
    "INSERT INTO body (origin, idx, wrapped_keys, ciphertexts) VALUES (?1, ?2, ?3, ?4)";
constexpr const char* find_body =
    "SELECT rowid, length(wrapped_keys), length(ciphertexts) FROM body "
    "WHERE origin = ?1 AND idx = ?2";
constexpr const char* set_body =
    "UPDATE body SET origin = ?2, idx = ?3, wrapped_keys = ?4, ciphertexts = ?5 WHERE rowid = ?1";
constexpr const char* scan_entry =
    "SELECT idx, bytes FROM entry WHERE origin = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx";
constexpr const char* scan_body =
    "SELECT idx, wrapped_keys, ciphertexts FROM body "
    "WHERE origin = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx";
constexpr const char* add_document = "INSERT INTO document (hash, bytes) VALUES (?1, ?2)";
constexpr const char* document = "SELECT bytes FROM document WHERE hash = ?1";
constexpr const char* add_outbox =
    "INSERT INTO outbox (subscriber, payload, sum) VALUES (?1, ?2, x'') RETURNING seq";
constexpr const char* outbox =
    "SELECT seq, subscriber, payload, sum FROM outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2";
constexpr const char* outbox_of =
    "SELECT seq, subscriber, payload, sum FROM outbox WHERE subscriber = ?1 AND seq > ?2 "
    "ORDER BY seq LIMIT ?3";
constexpr const char* drop_outbox = "DELETE FROM outbox WHERE seq = ?1";
constexpr const char* acknowledge = "DELETE FROM outbox WHERE subscriber = ?1 AND seq <= ?2";
constexpr const char* next_release =
    "SELECT coalesce(max(number) + 1, 0) FROM release WHERE author = ?1 AND recipient = ?2";
constexpr const char* add_release =
    "INSERT INTO release (author, recipient, number, leaf, sum) VALUES (?1, ?2, ?3, ?4, ?5)";
constexpr const char* scan_release =
    "SELECT number, leaf, sum FROM release "
    "WHERE author = ?1 AND recipient = ?2 AND number >= ?3 ORDER BY number";
constexpr const char* add_cosignature =
    "INSERT INTO cosignature (origin, size, root, cosigner, time, line, sum, mark) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) "
    "ON CONFLICT (origin, size, root, cosigner) "
    "DO UPDATE SET time = ?5, line = ?6, sum = ?7, mark = ?8 "
    "WHERE time > ?5 OR (time = ?5 AND line = ?6 AND length(?8) > 0)";
constexpr const char* scan_cosignature =
    "SELECT size, root, cosigner, time, line, sum, mark FROM cosignature "
    "WHERE origin = ?1 ORDER BY size, root, cosigner";
constexpr const char* set_local =
    "INSERT INTO local (name, value, sum) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (name) DO UPDATE SET value = ?2, sum = ?3";
constexpr const char* local = "SELECT value, sum FROM local WHERE name = ?1";

// Migration.
constexpr const char* all_heads = "SELECT origin, size, root, note, epoch FROM head";
constexpr const char* set_head_sum = "UPDATE head SET sum = ?2 WHERE origin = ?1";
constexpr const char* all_outbox = "SELECT seq, subscriber, payload FROM outbox";
constexpr const char* set_outbox_sum = "UPDATE outbox SET sum = ?2 WHERE seq = ?1";

}  // namespace entente::store::sql

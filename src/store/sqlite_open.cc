// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_open.h"

#include "store/sqlite_migrate.h"
#include "store/sqlite_sql.h"

namespace entente::store {
namespace {

Files& files_of(const Engine& engine) {
    return engine.files != nullptr ? *engine.files : os_files();
}

/// The version of its tables, which this entente reads or can migrate.
Result<std::uint64_t> check_identity(Database& db) {
    TRY(id, db.integer("PRAGMA application_id"));
    TRY(version, db.integer("PRAGMA user_version"));
    if (id != sql::application_id) {
        return fail(Errc::malformed,
                    db.path() + ": it is a database of another program (application id " +
                        std::to_string(id) + "); name the directory that entente init made");
    }
    if (version < sql::version_min || version > sql::version) {
        return fail(Errc::refused, db.path() + ": it has version " + std::to_string(version) +
                                       ", and this entente reads versions " +
                                       std::to_string(sql::version_min) + " to " +
                                       std::to_string(sql::version) +
                                       "; use the entente that wrote it, or a newer one");
    }
    return version;
}

/// Makes the tables in a file that holds nothing. One transaction: a crash leaves an empty file or
/// a whole one.
Result<void> make_tables(Database& db) {
    TRYV(db.run(sql::page_size));
    TRYV(db.run("BEGIN EXCLUSIVE"));
    TRYV(db.run(sql::schema));
    TRYV(db.run(sql::schema_of_version_2));
    TRYV(db.run(sql::columns_of_version_3));
    TRYV(db.run(("PRAGMA application_id = " + std::to_string(sql::application_id)).c_str()));
    TRYV(db.run(("PRAGMA user_version = " + std::to_string(sql::version)).c_str()));
    return db.run("COMMIT");
}

Result<void> use_wal(Database& db, const Engine& engine) {
    TRYV(db.run("PRAGMA journal_mode = WAL"));
    return db.run(
        ("PRAGMA wal_autocheckpoint = " + std::to_string(engine.checkpoint_pages)).c_str());
}

Result<std::unique_ptr<Database>> create(const std::string& path, const Engine& engine) {
    Files& files = files_of(engine);
    TRY(there, files.stat(path));
    if (there && there->size > 0) {
        return fail(Errc::refused, path +
                                       " exists already; nothing was changed. Use it as it is, "
                                       "or name another directory");
    }
    if (!there) TRYV(files.write(path, ""));  // ours, so that the mode is 0600
    TRY(db, Database::open(path, Database::Access::write, engine.vfs));
    TRYV(db->run(sql::connection));
    TRYV(make_tables(*db));
    TRYV(use_wal(*db, engine));
    TRYV(files.sync_dir(dir_of(path)));
    return db;
}

Result<std::unique_ptr<Database>> open_writer(const std::string& path, const Engine& engine) {
    TRY(db, Database::open(path, Database::Access::write, engine.vfs));
    TRYV(db->run(sql::connection));
    TRY(version, check_identity(*db));
    TRYV(use_wal(*db, engine));
    if (version < sql::version) TRYV(migrate(*db, version));
    return db;
}

/// What cannot be read as it stands takes the writer's lock once; the orderly close at the end
/// leaves a file that many can read.
Result<OpenDatabase> open_reader_as_writer(const std::string& path, const Engine& engine,
                                           const char* why) {
    OpenDatabase out;
    if (engine.lock_dir) {
        TRY(lock, DirLock::acquire(dir_of(path), DirLock::Kind::writer));
        out.lock = std::move(lock);
    }
    auto db = open_writer(path, engine);
    if (!db) return at(why, db.error());
    out.db = std::move(*db);
    TRYV(out.db->run("PRAGMA query_only = ON"));
    return out;
}

Result<OpenDatabase> open_reader(const std::string& path, const Engine& engine) {
    OpenDatabase out;
    if (engine.lock_dir) {
        TRY(lock, DirLock::acquire(dir_of(path), DirLock::Kind::reader));
        out.lock = std::move(lock);
    }
    TRY(wal, files_of(engine).stat(path + "-wal"));
    if (wal && wal->size > 0) {
        out.lock = DirLock();
        return open_reader_as_writer(
            path, engine,
            "the last program that wrote here was killed, and what it left must be "
            "recovered by a user who may write to the directory");
    }
    TRY(db, Database::open(path, Database::Access::read_immutable, engine.vfs));
    TRY(version, check_identity(*db));
    if (version < sql::version) {
        db.reset();
        out.lock = DirLock();
        return open_reader_as_writer(
            path, engine,
            "an older entente wrote it, and its tables must be brought to this version by a user "
            "who may write to the directory");
    }
    out.db = std::move(db);
    return out;
}

}  // namespace

Result<std::unique_ptr<Database>> reopen_database(const std::string& path, const Engine& engine) {
    Files& files = files_of(engine);
    // A process that was killed between writing and syncing leaves commits that everybody sees and
    // the next power cut takes away. They are made durable here, before the node settles them.
    TRYV(files.sync(path + "-wal"));
    TRYV(files.sync_dir(dir_of(path)));
    TRY(db, open_writer(path, engine));
    // Once more by another way: after a failed fsync, Linux holds pages for clean that never
    // reached the disk, and a second fsync succeeds (LWN 752063). Copied into the database file,
    // they are written anew. Only on a full disk this has to wait.
    TRYV(db->checkpoint());
    return db;
}

Result<OpenDatabase> open_database(const std::string& path, OpenMode mode, const Engine& engine) {
    if (mode != OpenMode::create) {
        TRY(there, files_of(engine).stat(path));
        if (!there) {
            return fail(Errc::not_found,
                        path + " does not exist; name the directory that entente init made");
        }
        if (there->size == 0) {
            return fail(Errc::malformed, path +
                                             " is empty: init was cut short, or the file was; "
                                             "remove it and run entente init again, or restore "
                                             "it from a backup");
        }
    }
    if (mode == OpenMode::read_only) return open_reader(path, engine);
    OpenDatabase out;
    if (engine.lock_dir) {
        TRY(lock, DirLock::acquire(dir_of(path), DirLock::Kind::writer));
        out.lock = std::move(lock);
    }
    auto db = mode == OpenMode::create ? create(path, engine) : reopen_database(path, engine);
    if (!db) return tl::unexpected(std::move(db).error());
    out.db = std::move(*db);
    return out;
}

}  // namespace entente::store

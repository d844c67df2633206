// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_copy.h"

#include "store/sqlite_open.h"

namespace entente::store {
namespace {

Result<void> copy_into(Database& db, const std::string& to, Files& files) {
    TRY(there, files.stat(to));
    if (there) return fail(Errc::refused, to + " exists already; a copy never overwrites");
    TRYV(files.write(to, ""));  // ours, so that the mode is 0600
    TRY(copy, db.prepare("VACUUM INTO ?1"));
    TRYV(copy.bind_text(1, to).run());
    // SQLite leaves it to the system when the copy reaches the disk.
    TRYV(files.sync(to));
    return files.sync_dir(dir_of(to));
}

}  // namespace

Result<void> copy_store(const std::string& from, const std::string& to, const Engine& engine) {
    TRY(opened, open_database(from, OpenMode::read_only, engine));
    // A file that is read along with its write-ahead log was opened with query_only, which would
    // refuse the copy too.
    TRYV(opened.db->run("PRAGMA query_only = OFF"));
    return copy_into(*opened.db, to, engine.files != nullptr ? *engine.files : os_files());
}

Result<void> copy_database(const std::string& from, const std::string& to) {
    TRY(db, Database::open(from, Database::Access::write, nullptr));
    TRYV(db->run("PRAGMA busy_timeout = 10000"));
    return copy_into(*db, to, os_files());
}

}  // namespace entente::store

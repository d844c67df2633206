// SPDX-License-Identifier: Apache-2.0
// Opening the store's SQLite file: locks, pragmas, application id and version, and making sure that
// what a crash left behind is durable before anybody acts on it.
#pragma once

#include <memory>

#include "store/dir_lock.h"
#include "store/sqlite_db.h"
#include "store/sqlite_store.h"

namespace entente::store {

struct OpenDatabase {
    DirLock lock;  // first in, so last out
    std::unique_ptr<Database> db;
};

Result<OpenDatabase> open_database(const std::string& path, OpenMode mode, const Engine& engine);

/// Once more with the lock that is held, after a commit that may or may not have reached the disk.
Result<std::unique_ptr<Database>> reopen_database(const std::string& path, const Engine& engine);

}  // namespace entente::store

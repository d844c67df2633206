// SPDX-License-Identifier: Apache-2.0
// A copy of a database file as of one moment, whole and compact (SQLite's VACUUM INTO), for
// backups. Nothing that was purged is in it, not even in its free space.
#pragma once

#include <string>

#include "store/sqlite_store.h"

namespace entente::store {

/// The log's database. It is locked meanwhile against a writer; one that is open in another process
/// is Errc::unavailable. `to` must not exist; it is made with mode 0600 and is durable.
Result<void> copy_store(const std::string& from, const std::string& to, const Engine& engine = {});

/// Another database of ours, such as people.db, which others may have open.
Result<void> copy_database(const std::string& from, const std::string& to);

}  // namespace entente::store

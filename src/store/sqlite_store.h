// SPDX-License-Identifier: Apache-2.0
// The store in one SQLite file: write-ahead log, synchronous=FULL, exclusively locked, so that a
// second process is told who holds the directory. The path's directory is locked too (dir_lock.h).
// Not thread-safe.
//
//     TRY(store, open_sqlite(dir + "/log.db", OpenMode::read_write));
//     TRY(head, store->head(origin));
//
// A failed commit leaves the store in doubt; the next call closes and opens it again, and what it
// then says is durable. A callback of scan may commit.
#pragma once

#include <memory>
#include <string>

#include "node/ports.h"
#include "store/files.h"

namespace entente::store {

enum class OpenMode {
    create,      // the file must not hold anything yet; the directory must exist
    read_write,  // the file must exist
    read_only,   // several processes at a time, also on read-only media; commits are refused
};

/// What tests replace: the SQLite VFS by name, the files beside it, and the directory lock.
struct Engine {
    const char* vfs = nullptr;
    Files* files = nullptr;  // null: os_files()
    bool lock_dir = true;
    int checkpoint_pages = 1000;  // 16 MB of write-ahead log; 4,000 and 16,000 were slower
};

/// Errors: not a database, another program's, a newer version's, damaged, in use, read-only, full:
/// each says so, with the path and what to do.
Result<std::unique_ptr<node::Store>> open_sqlite(const std::string& path, OpenMode mode,
                                                 const Engine& engine = {});

}  // namespace entente::store

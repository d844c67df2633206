// SPDX-License-Identifier: Apache-2.0
// Every store that there is, for the contract's tests (store_test.cc, exchange_test.cc): add a row
// to `kinds` for a new one. Tests only.
#pragma once

#include "store/disk_model.h"
#include "store/fault_store.h"
#include "store/memory_store.h"
#include "store/sqlite_store.h"
#include "store/testing.h"

namespace entente::store {
inline namespace testing {

/// A store with all that it stands on.
struct World {
    virtual ~World() = default;
    virtual node::Store& store() = 0;
};

struct MemoryWorld : World {
    MemoryStore memory;
    node::Store& store() override { return memory; }
};

struct FaultWorld : World {
    MemoryStore memory;
    FaultStore fault{memory};
    node::Store& store() override { return fault; }
};

struct SqliteWorld : World {
    TempDir dir;
    std::unique_ptr<node::Store> sqlite =
        must(open_sqlite(dir.path() + "/log.db", OpenMode::create));
    node::Store& store() override { return *sqlite; }
};

struct DiskWorld : World {
    Disk disk;
    DiskFiles files{disk};
    DiskVfs vfs{disk};
    std::unique_ptr<node::Store> sqlite =
        must(open_sqlite("/log.db", OpenMode::create, {vfs.name(), &files, false, 6}));
    node::Store& store() override { return *sqlite; }
};

struct Kind {
    const char* name;
    std::unique_ptr<World> (*make)();
};

inline const Kind kinds[] = {
    {"Memory", []() -> std::unique_ptr<World> { return std::make_unique<MemoryWorld>(); }},
    {"Fault", []() -> std::unique_ptr<World> { return std::make_unique<FaultWorld>(); }},
    {"Sqlite", []() -> std::unique_ptr<World> { return std::make_unique<SqliteWorld>(); }},
    {"SqliteOnDisk", []() -> std::unique_ptr<World> { return std::make_unique<DiskWorld>(); }},
};

}  // namespace testing
}  // namespace entente::store

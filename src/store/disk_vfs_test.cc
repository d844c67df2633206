// SPDX-License-Identifier: Apache-2.0
// SQLite's VFS over the disk model. It does what SQLite's unix VFS does (os_unix.c of 3.40): bytes
// outside an interrupted write stay as they were (powersafe overwrite), and the first sync of a new
// journal or write-ahead log syncs its directory.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>

#include "base/assert.h"
#include "store/disk_model.h"
#include "store/sqlite_store.h"
#include "store/testing.h"

namespace entente::store {
namespace {

struct File {
    sqlite3_file base;  // must be first: SQLite sees only this
    Disk* disk;
    Disk::Handle handle;
    std::string* dir_to_sync;      // owned; null once it is synced, or if it need not be
    std::string* remove_at_close;  // owned; null if the file stays
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

int code_of(Disk::Io io, int otherwise) {
    if (io == Disk::Io::ok) return SQLITE_OK;
    return io == Disk::Io::full ? SQLITE_FULL : otherwise;
}

int close_file(sqlite3_file* base) {
    File& file = file_of(base);
    if (file.remove_at_close != nullptr) file.disk->remove(*file.remove_at_close);
    delete file.remove_at_close;
    delete file.dir_to_sync;
    return SQLITE_OK;
}

int read_file(sqlite3_file* base, void* out, int size, sqlite3_int64 offset) {
    const File& file = file_of(base);
    const Bytes& content = file.disk->content(file.handle.inode);
    const auto want = static_cast<std::size_t>(size);
    const auto at = std::min(static_cast<std::size_t>(offset), content.size());
    const std::size_t have = std::min(want, content.size() - at);
    std::memset(out, 0, want);
    std::memcpy(out, content.data() + at, have);
    return have == want ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* base, const void* bytes, int size, sqlite3_int64 offset) {
    const File& file = file_of(base);
    const BytesView view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return code_of(file.disk->write(file.handle, static_cast<std::uint64_t>(offset), view),
                   SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* base, sqlite3_int64 size) {
    const File& file = file_of(base);
    return code_of(file.disk->truncate(file.handle, static_cast<std::uint64_t>(size)),
                   SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* base, int) {
    File& file = file_of(base);
    const Disk::Io io = file.disk->sync(file.handle);
    if (io != Disk::Io::ok) return SQLITE_IOERR_FSYNC;
    if (file.dir_to_sync == nullptr) return SQLITE_OK;
    if (file.disk->sync_dir(*file.dir_to_sync) != Disk::Io::ok) return SQLITE_IOERR_DIR_FSYNC;
    delete file.dir_to_sync;
    file.dir_to_sync = nullptr;
    return SQLITE_OK;
}

int file_size(sqlite3_file* base, sqlite3_int64* out) {
    const File& file = file_of(base);
    *out = static_cast<sqlite3_int64>(file.disk->size(file.handle.inode));
    return SQLITE_OK;
}

int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int check_lock(sqlite3_file*, int* out) {
    *out = 0;
    return SQLITE_OK;
}
int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods methods = {
    1,         close_file, read_file,  write_file,   truncate_file, sync_file,       file_size,
    lock_file, lock_file,  check_lock, file_control, sector_size,   characteristics, nullptr,
    nullptr,   nullptr,    nullptr,    nullptr,      nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* base, int flags, int* out_flags) {
    Disk& disk = disk_of(vfs);
    File& file = file_of(base);
    file.base.pMethods = nullptr;
    if (path == nullptr) return SQLITE_CANTOPEN;  // temp_store = MEMORY: nobody asks
    const bool there = disk.exists(path);
    if (!there && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    if (!there && disk.dead()) return SQLITE_CANTOPEN;
    file.disk = &disk;
    file.handle = disk.open(path);
    const int new_name = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    const bool sync_name = !there && (flags & new_name) != 0;
    file.dir_to_sync = sync_name ? new std::string(dir_of(path)) : nullptr;
    const bool temporary = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    file.remove_at_close = temporary ? new std::string(path) : nullptr;
    file.base.pMethods = &methods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int sync_dir) {
    Disk& disk = disk_of(vfs);
    if (!disk.exists(path)) return SQLITE_IOERR_DELETE_NOENT;
    if (disk.remove(path) != Disk::Io::ok) return SQLITE_IOERR_DELETE;
    if (sync_dir == 0) return SQLITE_OK;
    return code_of(disk.sync_dir(dir_of(path)), SQLITE_IOERR_DIR_FSYNC);
}

int access_file(sqlite3_vfs* vfs, const char* path, int, int* out) {
    *out = disk_of(vfs).exists(path) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

// The salts of the write-ahead log: the same in every run, and never the same twice.
int randomness(sqlite3_vfs*, int size, char* out) {
    static Rng rng(1);
    for (int i = 0; i < size; ++i) out[i] = static_cast<char>(rng.next());
    return size;
}

int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* out) {
    *out = 2460000.5;
    return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

struct DiskVfs::Registered {
    std::string name;
    sqlite3_vfs vfs{};
};

DiskVfs::DiskVfs(Disk& disk) : registered_(std::make_unique<Registered>()) {
    static std::atomic<int> count{0};
    registered_->name = "entente-disk-" + std::to_string(++count);
    sqlite3_vfs& vfs = registered_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(File);
    vfs.mxPathname = 512;
    vfs.zName = registered_->name.c_str();
    vfs.pAppData = &disk;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep;
    vfs.xCurrentTime = current_time;
    vfs.xGetLastError = last_error;
    const int code = sqlite3_vfs_register(&vfs, 0);
    ASSERT(code == SQLITE_OK);
}

DiskVfs::~DiskVfs() { sqlite3_vfs_unregister(&registered_->vfs); }

const char* DiskVfs::name() const { return registered_->name.c_str(); }

namespace {

// The store works over the model, and what it wrote is there for the next process and, all synced,
// after the power is cut.
TEST(DiskVfs, CarriesTheStore) {
    Disk disk;
    DiskFiles files(disk);
    must(files.make_dir("/d"));
    must(files.sync_dir("/"));
    const auto open = [](DiskFiles& with, DiskVfs& on, OpenMode mode) {
        return must(open_sqlite("/d/log.db", mode, {on.name(), &with, false, 1000}));
    };
    DiskVfs vfs(disk);
    {
        const auto store = open(files, vfs, OpenMode::create);
        must(store->commit(commit_to(std::nullopt, 20)));
    }
    EXPECT_FALSE(disk.exists("/d/log.db-wal"));
    {
        const auto store = open(files, vfs, OpenMode::read_write);
        must(store->commit(commit_to(head_at(20), 30)));
        disk.kill();  // no orderly end: the write-ahead log stays
    }
    EXPECT_TRUE(disk.exists("/d/log.db-wal"));
    Rng rng(1);
    Disk left = disk.cut(disk.operations(), Disk::Loss::everything, rng);
    DiskFiles left_files(left);
    DiskVfs left_vfs(left);
    const auto store = open(left_files, left_vfs, OpenMode::read_write);
    EXPECT_EQ(must(store->head(test_origin)), head_at(30));
    EXPECT_EQ(must(scan_all(*store, 0, 30)).at(29), entry_at(29));
}

}  // namespace
}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// A disk in memory that loses power: every write, truncation, sync, new name, rename, removal and
// directory sync is logged, and `cut` builds what a real disk may hold after a power cut at any
// place in that log. The model is harsher than any one file system: data lies on the disk for
// certain only after a sync of its file, a name only after a sync of its directory; anything else
// may be there or not, each operation for itself, and an unsynced write may be torn in sectors.
// Tests only (disk_model_test.cc). Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "store/files.h"

namespace entente::store {

class Disk {
  public:
    using Inode = std::uint64_t;
    enum class Io { ok, dead, full, failed };

    // What a program sees. Paths are absolute; "/" exists. A handle belongs to the process that
    // was alive when it was opened, and is dead after kill().
    struct Handle {
        Inode inode = 0;
        std::uint64_t process = 0;
    };
    bool exists(const std::string& path) const { return names_.count(path) > 0; }
    std::uint64_t size(Inode inode) const { return contents_.at(inode).size(); }
    const Bytes& content(Inode inode) const { return contents_.at(inode); }
    /// The file, made if it is not there.
    Handle open(const std::string& path);
    Io write(Handle handle, std::uint64_t offset, BytesView bytes);
    Io truncate(Handle handle, std::uint64_t size);
    Io sync(Handle handle);
    Io rename(const std::string& from, const std::string& to);
    Io remove(const std::string& path);
    Io sync_dir(const std::string& dir);
    Io make_dir(const std::string& dir);

    // What the world does.
    /// The process dies: its handles do nothing more. What it wrote stays visible, synced or not.
    void kill() { ++process_; }
    /// It dies by itself after this many operations more.
    void kill_after(std::uint64_t operations) { dies_at_ = log_.size() + operations; }
    bool dead() const { return log_.size() >= dies_at_; }
    void revive() { dies_at_ = std::numeric_limits<std::uint64_t>::max(); }
    std::uint64_t process() const { return process_; }
    /// From now on, syncs (of files and directories) of a path for which this holds are a lie.
    std::function<bool(const std::string& path, bool directory)> lies;
    /// The n-th sync from now fails (1: the next; 0: none). As on Linux, what was written to that
    /// file before stays visible, counts as clean, and no later sync makes it durable (LWN 752063);
    /// the names of a directory wait for its next sync.
    int failing_sync = 0;
    /// Bytes that all files together may have.
    std::uint64_t capacity = std::numeric_limits<std::uint64_t>::max();

    // What is logged.
    std::size_t operations() const { return log_.size(); }
    /// A promise made here, e.g. "size 17 was acknowledged".
    void mark(std::uint64_t value);
    /// The newest promise before this place in the log, or 0.
    std::uint64_t marked(std::size_t before) const;

    enum class Loss { everything, nothing, later, some, torn };
    /// The disk after a power cut before operation `at`: what was synced, and of the rest what
    /// `loss` leaves (all lost, none lost, all later than a random place lost, each by chance, each
    /// and each sector by chance).
    Disk cut(std::size_t at, Loss loss, Rng& rng) const;

  private:
    enum class Kind { write, truncate, sync, failed_sync, name, sync_dir, mark };
    struct Operation {
        Kind kind;
        Inode inode = 0;                                   // write, truncate, sync, failed_sync
        std::uint64_t value = 0;                           // offset, size, mark
        Bytes bytes;                                       // write
        std::string dir;                                   // name, sync_dir
        std::vector<std::pair<std::string, Inode>> names;  // name: all or none; 0 removes
    };
    static constexpr Inode directory = 1;

    std::vector<bool> durable(std::size_t at) const;
    bool stopped(std::uint64_t process) const { return process != process_ || dead(); }
    Io name(const std::string& dir, std::vector<std::pair<std::string, Inode>> names);
    std::string path_of(Inode inode) const;
    static void apply(const Operation& op, Disk& disk);
    void apply_torn(const Operation& op, Rng& rng, Disk& disk) const;

    std::map<std::string, Inode> names_;
    std::map<Inode, Bytes> contents_{{0, {}}, {directory, {}}};
    Inode next_inode_ = directory + 1;
    std::uint64_t process_ = 1;
    std::uint64_t dies_at_ = std::numeric_limits<std::uint64_t>::max();
    std::vector<Operation> log_;
    std::map<std::string, Inode> base_names_;  // what was durable when the log began
    std::map<Inode, Bytes> base_contents_;
};

/// The store's files on such a disk, which must outlive them.
class DiskFiles : public Files {
  public:
    explicit DiskFiles(Disk& disk) : disk_(disk) {}
    Result<std::optional<Bytes>> read(const std::string& path, std::size_t most) override;
    Result<void> write(const std::string& path, BytesView bytes) override;
    Result<void> sync(const std::string& path) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    Result<void> remove(const std::string& path) override;
    Result<void> sync_dir(const std::string& dir) override;
    Result<void> make_dir(const std::string& dir) override;
    Result<std::optional<FileStat>> stat(const std::string& path) override;

  private:
    Disk& disk_;
};

/// SQLite's view of such a disk, registered while it lives. No shared memory and no locks.
class DiskVfs {
  public:
    explicit DiskVfs(Disk& disk);
    DiskVfs(const DiskVfs&) = delete;
    DiskVfs& operator=(const DiskVfs&) = delete;
    ~DiskVfs();
    const char* name() const;

  private:
    struct Registered;
    std::unique_ptr<Registered> registered_;
};

}  // namespace entente::store

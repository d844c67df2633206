// SPDX-License-Identifier: Apache-2.0
// The disk model itself, and tests that it loses what it may and keeps what it must.
#include "store/disk_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/assert.h"
#include "store/testing.h"

namespace entente::store {

Disk::Handle Disk::open(const std::string& path) {
    const auto it = names_.find(path);
    if (it != names_.end()) return {it->second, process_};
    if (stopped(process_)) return {0, 0};
    const Inode inode = next_inode_++;
    contents_[inode];
    name(dir_of(path), {{path, inode}});
    return {inode, process_};
}

Disk::Io Disk::write(Handle handle, std::uint64_t offset, BytesView bytes) {
    if (stopped(handle.process)) return Io::dead;
    std::uint64_t used = 0;
    for (const auto& [path, inode] : names_) used += contents_.at(inode).size();
    const std::uint64_t had = contents_.at(handle.inode).size();
    const std::uint64_t grows = offset + bytes.size() > had ? offset + bytes.size() - had : 0;
    // A full disk takes what fits and refuses the rest, as a real one does.
    const bool full = used + grows > capacity;
    if (full)
        bytes = bytes.substr(
            0, bytes.size() - std::min<std::uint64_t>(used + grows - capacity, bytes.size()));
    if (!bytes.empty()) {
        log_.push_back({Kind::write, handle.inode, offset, Bytes(bytes), {}, {}});
        apply(log_.back(), *this);
    }
    return full ? Io::full : Io::ok;
}

Disk::Io Disk::truncate(Handle handle, std::uint64_t size) {
    if (stopped(handle.process)) return Io::dead;
    log_.push_back({Kind::truncate, handle.inode, size, {}, {}, {}});
    apply(log_.back(), *this);
    return Io::ok;
}

Disk::Io Disk::sync(Handle handle) {
    if (stopped(handle.process)) return Io::dead;
    if (failing_sync > 0 && failing_sync-- == 1) {
        log_.push_back({Kind::failed_sync, handle.inode, 0, {}, {}, {}});
        return Io::failed;
    }
    if (lies && lies(path_of(handle.inode), false)) return Io::ok;
    log_.push_back({Kind::sync, handle.inode, 0, {}, {}, {}});
    return Io::ok;
}

Disk::Io Disk::name(const std::string& dir, std::vector<std::pair<std::string, Inode>> names) {
    if (stopped(process_)) return Io::dead;
    log_.push_back({Kind::name, 0, 0, {}, dir, std::move(names)});
    apply(log_.back(), *this);
    return Io::ok;
}

Disk::Io Disk::rename(const std::string& from, const std::string& to) {
    ASSERT(dir_of(from) == dir_of(to));
    return name(dir_of(to), {{to, names_.at(from)}, {from, 0}});
}

Disk::Io Disk::remove(const std::string& path) { return name(dir_of(path), {{path, 0}}); }

Disk::Io Disk::make_dir(const std::string& dir) { return name(dir_of(dir), {{dir, directory}}); }

Disk::Io Disk::sync_dir(const std::string& dir) {
    if (stopped(process_)) return Io::dead;
    if (failing_sync > 0 && failing_sync-- == 1) return Io::failed;
    if (lies && lies(dir, true)) return Io::ok;
    log_.push_back({Kind::sync_dir, 0, 0, {}, dir, {}});
    return Io::ok;
}

void Disk::mark(std::uint64_t value) { log_.push_back({Kind::mark, 0, value, {}, {}, {}}); }

std::uint64_t Disk::marked(std::size_t before) const {
    for (std::size_t i = before; i-- > 0;) {
        if (log_[i].kind == Kind::mark) return log_[i].value;
    }
    return 0;
}

std::string Disk::path_of(Inode inode) const {
    for (const auto& [path, named] : names_) {
        if (named == inode) return path;
    }
    return {};
}

void Disk::apply(const Operation& op, Disk& disk) {
    if (op.kind == Kind::write) {
        Bytes& content = disk.contents_[op.inode];
        const std::size_t end = op.value + op.bytes.size();
        if (content.size() < end) content.resize(end, '\0');
        content.replace(op.value, op.bytes.size(), op.bytes);
    } else if (op.kind == Kind::truncate) {
        disk.contents_[op.inode].resize(op.value, '\0');
    } else if (op.kind == Kind::name) {
        for (const auto& [path, inode] : op.names) {
            if (inode == 0) {
                disk.names_.erase(path);
            } else {
                disk.names_[path] = inode;
            }
        }
    }
}

/// Each sector of 512 bytes that the write touches is kept or lost for itself.
void Disk::apply_torn(const Operation& op, Rng& rng, Disk& disk) const {
    std::uint64_t at = op.value;
    const std::uint64_t end = op.value + op.bytes.size();
    while (at < end) {
        const std::uint64_t stop = std::min(end, (at / 512 + 1) * 512);
        if (rng.below(2) == 0) {
            apply({Kind::write, op.inode, at, op.bytes.substr(at - op.value, stop - at), {}, {}},
                  disk);
        }
        at = stop;
    }
}

/// Which operations before `at` a power cut there cannot take back: for data, the next sync of the
/// file succeeded; for names, a later sync of the directory did.
std::vector<bool> Disk::durable(std::size_t at) const {
    std::vector<bool> durable(at);
    std::map<Inode, bool> synced;
    std::map<std::string, bool> synced_dirs;
    for (std::size_t i = at; i-- > 0;) {
        const Operation& op = log_[i];
        switch (op.kind) {
            case Kind::sync: synced[op.inode] = true; break;
            case Kind::failed_sync: synced[op.inode] = false; break;
            case Kind::sync_dir: synced_dirs[op.dir] = true; break;
            case Kind::name: durable[i] = synced_dirs[op.dir]; break;
            case Kind::write:
            case Kind::truncate: durable[i] = synced[op.inode]; break;
            case Kind::mark: break;
        }
    }
    return durable;
}

Disk Disk::cut(std::size_t at, Loss loss, Rng& rng) const {
    const std::vector<bool> kept = durable(at);
    Disk disk;
    disk.names_ = base_names_;
    disk.contents_ = base_contents_;
    const std::size_t later = rng.below(at + 1);
    for (std::size_t i = 0; i < at; ++i) {
        const Operation& op = log_[i];
        const bool chance = loss == Loss::some || loss == Loss::torn;
        if (kept[i] || loss == Loss::nothing || (loss == Loss::later && i < later)) {
            apply(op, disk);
        } else if (loss == Loss::torn && op.kind == Kind::write) {
            apply_torn(op, rng, disk);
        } else if (chance && rng.below(2) == 0) {
            apply(op, disk);
        }
    }
    // A file without content ever synced or kept is empty, and one whose directory is gone is gone.
    for (auto it = disk.names_.begin(); it != disk.names_.end();) {
        const std::string dir = dir_of(it->first);
        const bool reachable = dir == "/" || disk.names_.count(dir) > 0;
        disk.contents_[it->second];
        it = reachable ? std::next(it) : disk.names_.erase(it);
    }
    disk.next_inode_ = next_inode_;
    disk.base_names_ = disk.names_;
    disk.base_contents_ = disk.contents_;
    return disk;
}

namespace {

Result<void> said(Disk::Io io, const char* verb, const std::string& path) {
    switch (io) {
        case Disk::Io::ok: return {};
        case Disk::Io::full: return os_error(verb, path, ENOSPC);
        case Disk::Io::dead:
        case Disk::Io::failed: return os_error(verb, path, EIO);
    }
    ASSERT(false);
}

}  // namespace

Result<std::optional<Bytes>> DiskFiles::read(const std::string& path, std::size_t most) {
    if (!disk_.exists(path)) return std::optional<Bytes>();
    const Bytes& bytes = disk_.content(disk_.open(path).inode);
    if (bytes.size() > most) return fail(Errc::too_large, path);
    return std::optional<Bytes>(bytes);
}

Result<void> DiskFiles::write(const std::string& path, BytesView bytes) {
    const Disk::Handle handle = disk_.open(path);
    if (disk_.size(handle.inode) > 0) TRYV(said(disk_.truncate(handle, 0), "write", path));
    TRYV(said(disk_.write(handle, 0, bytes), "write", path));
    return said(disk_.sync(handle), "sync", path);
}

Result<void> DiskFiles::sync(const std::string& path) {
    if (!disk_.exists(path)) return {};
    return said(disk_.sync(disk_.open(path)), "sync", path);
}

Result<void> DiskFiles::rename(const std::string& from, const std::string& to) {
    return said(disk_.rename(from, to), "rename to", to);
}

Result<void> DiskFiles::remove(const std::string& path) {
    if (!disk_.exists(path)) return {};
    return said(disk_.remove(path), "remove", path);
}

Result<void> DiskFiles::sync_dir(const std::string& dir) {
    return said(disk_.sync_dir(dir), "sync", dir);
}

Result<void> DiskFiles::make_dir(const std::string& dir) {
    if (disk_.exists(dir)) return {};
    return said(disk_.make_dir(dir), "make the directory", dir);
}

Result<std::optional<FileStat>> DiskFiles::stat(const std::string& path) {
    if (!disk_.exists(path)) return std::optional<FileStat>();
    return std::optional<FileStat>(FileStat{0600, disk_.size(disk_.open(path).inode)});
}

namespace {

using Loss = Disk::Loss;

/// The file's content after a cut at the end of the log, or "absent".
std::string after(const Disk& disk, const std::string& path, Loss loss, std::uint64_t seed = 1) {
    Rng rng(seed);
    Disk left = disk.cut(disk.operations(), loss, rng);
    return left.exists(path) ? left.content(left.open(path).inode) : "absent";
}

TEST(DiskModel, KeepsWhatWasSyncedWithItsName) {
    Disk disk;
    const Disk::Handle file = disk.open("/a");
    disk.write(file, 0, "one");
    disk.sync(file);
    EXPECT_EQ(after(disk, "/a", Loss::everything), "absent");
    disk.sync_dir("/");
    disk.write(file, 0, "two");
    EXPECT_EQ(after(disk, "/a", Loss::everything), "one");
    EXPECT_EQ(after(disk, "/a", Loss::nothing), "two");
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        seen.insert(after(disk, "/a", Loss::some, seed));
    }
    EXPECT_EQ(seen, (std::set<std::string>{"one", "two"}));
}

TEST(DiskModel, MayKeepARenameWithoutTheContent) {
    Disk disk;
    disk.write(disk.open("/a"), 0, "new");
    disk.rename("/a", "/b");
    disk.sync_dir("/");
    EXPECT_EQ(after(disk, "/b", Loss::everything), "");
    EXPECT_EQ(after(disk, "/a", Loss::everything), "absent");
}

TEST(DiskModel, TearsWritesInSectors) {
    Disk disk;
    const Disk::Handle file = disk.open("/a");
    disk.write(file, 0, std::string(2048, 'o'));
    disk.sync(file);
    disk.sync_dir("/");
    disk.write(file, 0, std::string(2048, 'n'));
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const std::string left = after(disk, "/a", Loss::torn, seed);
        std::string sectors;
        for (std::size_t at = 0; at < 2048; at += 512) {
            EXPECT_EQ(left.substr(at, 512), std::string(512, left[at]));
            sectors += left[at];
        }
        seen.insert(sectors);
    }
    EXPECT_EQ(seen.size(), 16u);
}

TEST(DiskModel, LosesFilesOfADirectoryThatWasNotSynced) {
    Disk disk;
    disk.make_dir("/d");
    disk.sync(disk.open("/d/a"));
    disk.sync_dir("/d");
    EXPECT_EQ(after(disk, "/d/a", Loss::everything), "absent");
    disk.sync_dir("/");
    EXPECT_EQ(after(disk, "/d/a", Loss::everything), "");
}

TEST(DiskModel, DoesNotMakeUpForAFailedSync) {
    Disk disk;
    const Disk::Handle file = disk.open("/a");
    disk.sync_dir("/");
    disk.write(file, 0, "one");
    disk.failing_sync = 1;
    EXPECT_EQ(disk.sync(file), Disk::Io::failed);
    EXPECT_EQ(disk.sync(file), Disk::Io::ok);
    EXPECT_EQ(disk.content(file.inode), "one");
    EXPECT_EQ(after(disk, "/a", Loss::everything), "");
    disk.write(file, 0, "two");
    disk.sync(file);
    EXPECT_EQ(after(disk, "/a", Loss::everything), "two");
}

TEST(DiskModel, StopsAHandleOfADeadProcess) {
    Disk disk;
    const Disk::Handle file = disk.open("/a");
    disk.kill();
    EXPECT_EQ(disk.write(file, 0, "x"), Disk::Io::dead);
    EXPECT_EQ(disk.write(disk.open("/a"), 0, "x"), Disk::Io::ok);
}

TEST(DiskModel, TakesWhatFitsWhenFull) {
    Disk disk;
    disk.capacity = 5;
    EXPECT_EQ(disk.write(disk.open("/a"), 0, "12345678"), Disk::Io::full);
    EXPECT_EQ(disk.content(disk.open("/a").inode), "12345");
    EXPECT_EQ(disk.write(disk.open("/a"), 0, "abc"), Disk::Io::ok);
}

}  // namespace
}  // namespace entente::store

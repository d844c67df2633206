// SPDX-License-Identifier: Apache-2.0
#include "store/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace entente::store {
namespace {

/// A file descriptor that closes itself.
class Fd {
  public:
    explicit Fd(int fd) : fd_(fd) {}
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }
    bool open() const { return fd_ >= 0; }

  private:
    int fd_;
};

const char* advice(int error_number) {
    switch (error_number) {
        case ENOSPC:
        case EDQUOT: return "free some space on that disk and try again";
        case EACCES:
        case EPERM:
            return "run as the user who owns it, or give this user the right to it (chown, chmod)";
        case EROFS: return "its file system is mounted read-only; use another place, or remount it";
        case ENOENT: return "check that the directory exists (entente init makes one)";
        case EIO:
            return "the disk reports errors: look at the system log and the disk before going on";
        default: return "look at the path and at the disk, and try again";
    }
}

class OsFiles : public Files {
  public:
    Result<std::optional<Bytes>> read(const std::string& path, std::size_t most) override {
        // O_NONBLOCK, so that a fifo in the file's place cannot hang the program.
        const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (!fd.open()) {
            if (errno == ENOENT) return std::optional<Bytes>();
            return os_error("read", path, errno);
        }
        struct stat st {};
        if (::fstat(fd.get(), &st) != 0) return os_error("read", path, errno);
        if (!S_ISREG(st.st_mode)) {
            return fail(Errc::malformed, "cannot read " + path + ": it is not a plain file");
        }
        // Room for what it has now, not for what it may have; what grows meanwhile is read on.
        Bytes bytes(std::min(static_cast<std::size_t>(st.st_size), most) + 1, '\0');
        std::size_t have = 0;
        while (have <= most) {
            if (have == bytes.size()) bytes.resize(std::min(2 * bytes.size(), most + 1));
            const ssize_t got = ::read(fd.get(), bytes.data() + have, bytes.size() - have);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return os_error("read", path, errno);
            if (got == 0) break;
            have += static_cast<std::size_t>(got);
        }
        if (have > most) {
            return fail(Errc::too_large, path + " has more than the " + std::to_string(most) +
                                             " bytes that such a file may have");
        }
        bytes.resize(have);
        return std::optional<Bytes>(std::move(bytes));
    }

    Result<void> write(const std::string& path, BytesView bytes) override {
        const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
        const Fd fd(::open(path.c_str(), flags, 0600));
        if (!fd.open()) return os_error("write", path, errno);
        // The mode of a file that was there already, and whatever the umask took away.
        if (::fchmod(fd.get(), 0600) != 0) return os_error("set the mode of", path, errno);
        while (!bytes.empty()) {
            const ssize_t put = ::write(fd.get(), bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return os_error("write", path, errno);
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        if (::fsync(fd.get()) != 0) return os_error("sync", path, errno);
        return {};
    }

    Result<void> sync(const std::string& path) override { return sync_open(path, O_RDONLY, true); }

    Result<void> rename(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) return os_error("rename to", to, errno);
        return {};
    }

    Result<void> remove(const std::string& path) override {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
            return os_error("remove", path, errno);
        }
        return {};
    }

    Result<void> sync_dir(const std::string& dir) override {
        return sync_open(dir, O_RDONLY | O_DIRECTORY, false);
    }

    Result<void> make_dir(const std::string& dir) override {
        if (::mkdir(dir.c_str(), 0700) == 0 || errno == EEXIST) return {};
        return os_error("make the directory", dir, errno);
    }

    Result<std::optional<FileStat>> stat(const std::string& path) override {
        struct stat st {};
        if (::stat(path.c_str(), &st) != 0) {
            if (errno == ENOENT) return std::optional<FileStat>();
            return os_error("look at", path, errno);
        }
        return std::optional<FileStat>(
            FileStat{st.st_mode & 07777u, static_cast<std::uint64_t>(st.st_size)});
    }

  private:
    static Result<void> sync_open(const std::string& path, int flags, bool may_be_absent) {
        const Fd fd(::open(path.c_str(), flags | O_CLOEXEC));
        if (!fd.open()) {
            if (may_be_absent && errno == ENOENT) return {};
            return os_error("open", path, errno);
        }
        if (::fsync(fd.get()) != 0) return os_error("sync", path, errno);
        return {};
    }
};

}  // namespace

Files& os_files() {
    static OsFiles files;
    return files;
}

Result<void> write_atomically(Files& files, const std::string& path, BytesView bytes) {
    const std::string temporary = path + ".tmp";
    TRYV(files.write(temporary, bytes));
    TRYV(files.rename(temporary, path));
    return files.sync_dir(dir_of(path));
}

std::string dir_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

tl::unexpected<Error> os_error(std::string_view verb, const std::string& path, int error_number) {
    return fail(Errc::unavailable, "cannot " + std::string(verb) + " " + path + ": " +
                                       std::system_category().message(error_number) + "; " +
                                       advice(error_number));
}

}  // namespace entente::store

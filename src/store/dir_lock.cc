// SPDX-License-Identifier: Apache-2.0
#include "store/dir_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "store/files.h"

namespace entente::store {
namespace {

/// The digits that the holder wrote, or nothing: the file is only for the message.
std::string holder(int fd) {
    std::array<char, 20> text{};
    const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
    std::string pid;
    for (ssize_t i = 0; i < size; ++i) {
        const char c = text[static_cast<std::size_t>(i)];
        if (c < '0' || c > '9') break;
        pid += c;
    }
    return pid;
}

tl::unexpected<Error> in_use(const std::string& dir, const std::string& pid) {
    const std::string who = pid.empty() ? "another process" : "process " + pid;
    return fail(Errc::unavailable, dir + " is in use by " + who +
                                       "; wait until it ends, or stop it, and try again "
                                       "(one process writes to a data directory at a time)");
}

}  // namespace

Result<DirLock> DirLock::acquire(const std::string& dir, Kind kind) {
    const std::string path = dir + "/lock";
    int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 && kind == Kind::reader && (errno == EACCES || errno == EROFS)) {
        fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0) return DirLock();
    }
    if (fd < 0) return os_error("lock", path, errno);
    DirLock lock(fd);
    const int wish = kind == Kind::writer ? LOCK_EX : LOCK_SH;
    while (::flock(fd, wish | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return in_use(dir, holder(fd));
        return os_error("lock", path, errno);
    }
    // Only the message depends on what follows, hence a full disk does not matter. A reader wipes
    // what an earlier writer left, so that nobody is told of a process that is long gone.
    const std::string pid = kind == Kind::writer ? std::to_string(::getpid()) + "\n" : "";
    if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
        errno = 0;
    }
    return lock;
}

DirLock& DirLock::operator=(DirLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

DirLock::~DirLock() {
    if (fd_ >= 0) ::close(fd_);
}

}  // namespace entente::store

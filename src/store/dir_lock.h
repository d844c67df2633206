// SPDX-License-Identifier: Apache-2.0
// The lock of a data directory: one process writes, or several only read. flock(2) on DIR/lock,
// which holds the writer's process id for the message; the kernel drops it with the process, so
// that no stale lock ever needs to be removed by hand. Local file systems only: over NFS it holds
// between Linux clients, which is not relied on.
#pragma once

#include <string>

#include "base/result.h"

namespace entente::store {

class DirLock {
  public:
    enum class Kind { writer, reader };

    /// Errc::unavailable naming the process that holds it. A reader in a directory where no lock
    /// file exists and none can be made gets an empty lock: nobody can be writing there as this
    /// user, and read-only media stay readable.
    static Result<DirLock> acquire(const std::string& dir, Kind kind);

    DirLock() = default;
    DirLock(DirLock&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    DirLock& operator=(DirLock&& other) noexcept;
    ~DirLock();
    bool held() const { return fd_ >= 0; }

  private:
    explicit DirLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

}  // namespace entente::store

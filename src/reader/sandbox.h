// SPDX-License-Identifier: Apache-2.0
// What a process that parses a stranger's file may still do: read a few files and write to the
// descriptors that it was given. Made before fork (it allocates), entered between fork and exec
// (it must not). Two nets, because either can be missing on a kernel: seccomp denies sockets, new
// processes, tracing, mounting and every way of writing or changing files; Landlock (Linux 5.13)
// allows reading below a few folders only. Linux, x86-64 and the other architectures of libseccomp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::reader {

class Sandbox {
  public:
    /// Errc::unavailable if the seccomp filter cannot be built: then nothing is started.
    static Result<Sandbox> make();

    struct Bounds {
        std::uint64_t memory_bytes_max;
        std::uint64_t cpu_seconds_max;
    };
    /// In the child. `readable_fds`: files and folders it may read beside the system's libraries.
    /// False if a bound that must hold could not be set; missing Landlock and namespaces are not
    /// that. Async-signal-safe.
    bool enter(const Bounds& bounds, const std::vector<int>& readable_fds) const;

  private:
    Bytes filter_;  // an array of sock_filter
};

}  // namespace entente::reader

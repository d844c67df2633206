// SPDX-License-Identifier: Apache-2.0
// One program run to its end in the sandbox, its output handed over as it comes. No shell; nothing
// is inherited but standard input (/dev/null), output and error (pipes) and the files named.
// Blocks. The child is killed when the wall clock runs out, when a callback fails, and when this
// process dies.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "reader/sandbox.h"

namespace entente::reader {

struct Command {
    std::vector<std::string> argv;  // argv[0] is the program's whole path
    std::vector<std::string> env;   // all of it
    std::string cwd;
    std::vector<int> fds;  // open in the child under the same numbers, readable
    Sandbox::Bounds bounds;
    std::chrono::milliseconds wall_max;
    std::uint64_t output_bytes_max;
};

struct Exit {
    int status = 0;        // of exit(), if it was not killed
    int signal = 0;        // that killed it, or 0
    std::string messages;  // standard error, at most 64 KiB
};

using OnOutput = std::function<Result<void>(BytesView)>;
/// Called every 100 ms or so while the child runs.
using OnTick = std::function<void(int pid)>;

/// Errc::unavailable if it could not be started; Errc::too_large for wall_max and output_bytes_max;
/// the error of `on_output` as it is.
Result<Exit> run(const Command& command, const OnOutput& on_output, const OnTick& on_tick);

}  // namespace entente::reader

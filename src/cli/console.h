// SPDX-License-Identifier: Apache-2.0
// What a verb needs of the world: the clock, chance, terminal and exit codes. The real clock is
// read here and nowhere else.
#pragma once

#include <cstdio>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace entente::cli {

/// Exit statuses (DESIGN 4); scripts rely on them.
enum class Exit : int {
    ok = 0,         // done; of a check: no registered conflict
    failure = 1,    // the world failed: disk, lock, damaged data
    bad_input = 2,  // what was given is wrong
    conflict = 10,
    caution = 11,
    incomplete = 12,
};

/// The exit status of a verdict's name; of anything else, a line that could not be read.
Exit exit_of_verdict(std::string_view verdict);

/// What every verb takes.
struct Common {
    std::string data;      // --data
    std::string actor;     // --actor
    std::string reason{};  // --reason: why something is read, for the audit
    bool json = false;
};

Instant now();
std::string login_name();

/// Prints `entente VERB: WHAT`, printable, on standard error and gives the exit status for its
/// code.
Exit report(const char* verb, const Error& error);
Exit exit_of(Errc code);

/// A question that only `yes` confirms; without a terminal the answer is no.
bool confirm(const std::string& question);

/// 155599 -> "155,599".
std::string grouped(std::uint64_t n);

/// A bar with an estimate on standard error, shown once a thing has taken a second: on a terminal a
/// line that redraws itself, otherwise a plain line every ten seconds. Gone when destroyed.
class ProgressBar {
  public:
    ProgressBar(std::string label, std::uint64_t total, std::string unit);
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;
    void at(std::uint64_t done);
    void at(std::uint64_t done, std::uint64_t total) {
        total_ = total;
        at(done);
    }

  private:
    void draw(std::uint64_t done, double elapsed);

    std::string label_;
    std::uint64_t total_;
    std::string unit_;
    std::chrono::steady_clock::time_point begin_;
    double drawn_ = 0;  // seconds after begin_
    bool terminal_;
    bool shown_ = false;
};

}  // namespace entente::cli

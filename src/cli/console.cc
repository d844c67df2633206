// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <iostream>

#include "base/assert.h"
#include "base/printable.h"
#include "check/answer.h"

namespace entente::cli {

Instant now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::string login_name() {
    const passwd* entry = getpwuid(geteuid());
    return entry ? entry->pw_name : fmt::format("uid-{}", geteuid());
}

Exit exit_of(Errc code) {
    switch (code) {
        case Errc::malformed:
        case Errc::not_canonical:
        case Errc::too_large:
        case Errc::not_found:
        case Errc::refused: return Exit::bad_input;
        case Errc::bad_signature:
        case Errc::bad_proof:
        case Errc::split_view:
        case Errc::stale:
        case Errc::unknown_key:
        case Errc::unavailable: return Exit::failure;
    }
    ASSERT(false);
}

Exit report(const char* verb, const Error& error) {
    fmt::print(stderr, "entente {}: {}\n", verb, printable(error.detail));
    return exit_of(error.code);
}

bool confirm(const std::string& question) {
    if (!isatty(STDIN_FILENO)) return false;
    fmt::print(stderr, "{} Type yes to go on: ", question);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "yes";
}

std::string grouped(std::uint64_t n) {
    std::string text = std::to_string(n);
    for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
    return text;
}

ProgressBar::ProgressBar(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)), total_(total), unit_(std::move(unit)),
      begin_(std::chrono::steady_clock::now()), terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressBar::~ProgressBar() {
    if (shown_ && terminal_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressBar::at(std::uint64_t done) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
    const double wait = !shown_ ? 1.0 : terminal_ ? 0.1 : 10.0;
    if (elapsed.count() - drawn_ < wait) return;
    drawn_ = elapsed.count();
    draw(done, drawn_);
}

void ProgressBar::draw(std::uint64_t done, double elapsed) {
    shown_ = true;
    std::string line;
    if (total_ > 0 && done > 0) {
        const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
        const double left = elapsed / share - elapsed;
        constexpr int width = 30;
        const int full = static_cast<int>(share * width);
        line = fmt::format("{} [{:#<{}}{:.<{}}] {:3.0f} %  {} of {} {}, about {:.0f} s left",
                           label_, "", full, "", width - full, share * 100, grouped(done),
                           grouped(total_), unit_, left);
    } else {
        line = fmt::format("{}: {} {}", label_, grouped(done), unit_);
    }
    fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line, terminal_ ? "" : "\n");
    std::fflush(stderr);
}

Exit exit_of_verdict(std::string_view verdict) {
    using check::Verdict;
    if (verdict == check::name(Verdict::no_registered_conflict)) return Exit::ok;
    if (verdict == check::name(Verdict::conflict)) return Exit::conflict;
    if (verdict == check::name(Verdict::caution)) return Exit::caution;
    if (verdict == check::name(Verdict::incomplete)) return Exit::incomplete;
    return Exit::bad_input;
}

}  // namespace entente::cli

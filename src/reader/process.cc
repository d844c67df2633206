// SPDX-License-Identifier: Apache-2.0
#include "reader/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

namespace entente::reader {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t messages_bytes_max = 64 * 1024;
constexpr int tick_ms = 100;
constexpr int pipe_bytes = 1024 * 1024;

/// A descriptor that closes itself.
class Fd {
  public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Fd& operator=(Fd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Fd() { reset(); }
    void reset() {
        if (fd_ >= 0) close(fd_);
        fd_ = -1;
    }
    int get() const { return fd_; }

  private:
    int fd_ = -1;
};

struct Pipe {
    Fd read, write;
};

Result<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return fail(Errc::unavailable, std::string("no pipe could be made: ") + strerror(errno));
    }
    return Pipe{Fd(ends[0]), Fd(ends[1])};
}

/// Everything that the child needs, laid out before fork: after it nothing may allocate.
struct Prepared {
    std::vector<char*> argv, env;
    int output, messages, failure, null;
    const Command* command;
    const Sandbox* sandbox;
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void be_child(const Prepared& p, pid_t parent) {
    int step = 0;
    auto give_up = [&] {
        int report[2] = {step, errno};
        (void)!write(p.failure, report, sizeof report);
        _exit(127);
    };
    setsid();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) give_up();
    step = 1;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);
    if (dup2(p.null, 0) < 0 || dup2(p.output, 1) < 0 || dup2(p.messages, 2) < 0) give_up();
    if (syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC) != 0) give_up();
    for (int fd : p.command->fds) {
        if (fcntl(fd, F_SETFD, 0) != 0) give_up();
    }
    step = 2;
    if (chdir(p.command->cwd.c_str()) != 0) give_up();
    step = 3;
    if (!p.sandbox->enter(p.command->bounds, p.command->fds)) give_up();
    step = 4;
    execve(p.argv[0], p.argv.data(), p.env.data());
    give_up();
    _exit(127);
}

/// Kills and reaps the child unless it was waited for.
class Child {
  public:
    explicit Child(pid_t pid) : pid_(pid) {}
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            wait();
        }
    }
    int wait() {
        int status = 0;
        while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }
    pid_t pid() const { return pid_; }

  private:
    pid_t pid_;
};

Result<void> report_failure(int fd, const Command& command) {
    int report[2] = {0, 0};
    ssize_t size = 0;
    while ((size = read(fd, report, sizeof report)) < 0 && errno == EINTR) {
    }
    if (size == 0) return {};  // closed by exec: it runs
    if (report[0] == 4 && report[1] == ENOENT) {
        return fail(Errc::unavailable, command.argv[0] + " is not installed; install gdal-bin");
    }
    static const char* const steps[] = {"bind it to this process", "give it its pipes",
                                        "enter its folder", "fence it in", "start it"};
    int step = report[0] >= 0 && report[0] <= 4 ? report[0] : 4;
    return fail(Errc::unavailable, command.argv[0] + " was not started: could not " + steps[step] +
                                       ": " + strerror(report[1]));
}

/// One read. False at the end.
Result<bool> pump(const Fd& fd, const std::function<Result<void>(BytesView)>& take) {
    static thread_local char piece[256 * 1024];
    ssize_t size = read(fd.get(), piece, sizeof piece);
    if (size < 0 && errno == EINTR) return true;
    if (size < 0) {
        return fail(Errc::unavailable, std::string("reading from a pipe: ") + strerror(errno));
    }
    if (size == 0) return false;
    TRYV(take(BytesView(piece, static_cast<std::size_t>(size))));
    return true;
}

Result<void> pump_all(const Command& command, Fd output, Fd messages, const OnOutput& on_output,
                      const std::function<void()>& tick, std::string& said) {
    const auto end = Clock::now() + command.wall_max;
    auto next_tick = Clock::now();
    std::uint64_t total = 0;
    auto take_output = [&](BytesView piece) -> Result<void> {
        total += piece.size();
        if (total > command.output_bytes_max) {
            return fail(Errc::too_large, "it unpacks to more than " +
                                             std::to_string(command.output_bytes_max) +
                                             " bytes (output_bytes_max); split it");
        }
        return on_output(piece);
    };
    auto take_messages = [&](BytesView piece) -> Result<void> {
        said += piece.substr(0, messages_bytes_max - std::min(messages_bytes_max, said.size()));
        return {};
    };
    while (output.get() >= 0 || messages.get() >= 0) {
        pollfd fds[2] = {{output.get(), POLLIN, 0}, {messages.get(), POLLIN, 0}};
        if (poll(fds, 2, tick_ms) < 0 && errno != EINTR) {
            return fail(Errc::unavailable, std::string("poll: ") + strerror(errno));
        }
        if (output.get() >= 0 && fds[0].revents != 0) {
            TRY(more, pump(output, take_output));
            if (!more) output.reset();
        }
        if (messages.get() >= 0 && fds[1].revents != 0) {
            TRY(more, pump(messages, take_messages));
            if (!more) messages.reset();
        }
        auto now = Clock::now();
        if (now > end) {
            return fail(Errc::too_large, "reading it took more than " +
                                             std::to_string(command.wall_max.count() / 1000) +
                                             " s (wall_max); split it");
        }
        if (tick && now >= next_tick) {
            tick();
            next_tick = now + std::chrono::milliseconds(tick_ms);
        }
    }
    return {};
}

}  // namespace

Result<Exit> run(const Command& command, const OnOutput& on_output, const OnTick& on_tick) {
    TRY(sandbox, Sandbox::make());
    TRY(output, make_pipe());
    TRY(messages, make_pipe());
    TRY(failure, make_pipe());
    Fd null(open("/dev/null", O_RDONLY | O_CLOEXEC));
    Prepared prepared{pointers(command.argv),
                      pointers(command.env),
                      output.write.get(),
                      messages.write.get(),
                      failure.write.get(),
                      null.get(),
                      &command,
                      &sandbox};
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        return fail(Errc::unavailable, std::string("no process could be made: ") + strerror(errno));
    }
    if (pid == 0) be_child(prepared, parent);
    Child child(pid);
    (void)fcntl(output.read.get(), F_SETPIPE_SZ, pipe_bytes);  // fewer changes of process
    output.write.reset();
    messages.write.reset();
    failure.write.reset();
    TRYV(report_failure(failure.read.get(), command));
    Exit exit;
    auto tick = [&] {
        if (on_tick) on_tick(pid);
    };
    TRYV(pump_all(command, std::move(output.read), std::move(messages.read), on_output, tick,
                  exit.messages));
    int status = child.wait();
    if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
    if (WIFEXITED(status)) exit.status = WEXITSTATUS(status);
    return exit;
}

}  // namespace entente::reader

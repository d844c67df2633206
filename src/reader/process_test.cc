// SPDX-License-Identifier: Apache-2.0
// The fence from inside: a program that may run any code, as a parser that a hostile file has taken
// over might, tries what must not be possible.
#include "reader/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace entente::reader {
namespace {

namespace fs = std::filesystem;

constexpr const char* python = "/usr/bin/python3";

struct Ran {
    Exit exit;
    std::string output;
};

/// Runs a line of Python in the sandbox, in a folder that it may read.
Result<Ran> run_python(const std::string& line, const std::string& folder,
                       std::uint64_t memory = 1ull << 30) {
    int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    Command command;
    command.argv = {python, "-I", "-S", "-B", "-c", line};
    command.env = {"LC_ALL=C.UTF-8"};
    command.cwd = folder;
    command.fds = {fd};
    command.bounds = {memory, 10};
    command.wall_max = std::chrono::seconds(60);
    command.output_bytes_max = 1000;
    Ran ran;
    auto collect = [&](BytesView piece) -> Result<void> {
        ran.output += piece;
        return {};
    };
    auto exit = run(command, collect, {});
    close(fd);
    if (!exit) return tl::unexpected(exit.error());
    ran.exit = *std::move(exit);
    return ran;
}

class Sandboxed : public testing::Test {
  protected:
    void SetUp() override {
        if (!fs::exists(python)) GTEST_SKIP() << "skips without python3";
        std::string pattern = fs::temp_directory_path() / "process-test-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        std::ofstream(folder_ / "readable") << "x";
    }
    void TearDown() override {
        if (!folder_.empty()) fs::remove_all(folder_);
    }
    void expect_denied(const std::string& line) {
        auto ran = run_python(line + "\nprint('done')", folder_);
        ASSERT_TRUE(ran) << ran.error().detail;
        EXPECT_EQ(ran->output, "") << line;
        EXPECT_NE(ran->exit.status, 0) << line;
        bool named = ran->exit.messages.find("PermissionError") != std::string::npos ||
                     ran->exit.messages.find("OSError") != std::string::npos ||
                     ran->exit.messages.find("BlockingIOError") != std::string::npos;
        EXPECT_TRUE(named) << line << ": " << ran->exit.messages;
    }
    fs::path folder_;
};

TEST_F(Sandboxed, MayReadItsFolderAndWriteToItsPipes) {
    auto ran =
        run_python("import sys; print(open('readable').read()); sys.stderr.write('e')", folder_);
    ASSERT_TRUE(ran) << ran.error().detail;
    EXPECT_EQ(ran->exit.status, 0) << ran->exit.messages;
    EXPECT_EQ(ran->output, "x\n");
    EXPECT_EQ(ran->exit.messages, "e");
}

TEST_F(Sandboxed, HasNoNetwork) {
    expect_denied("import socket; socket.socket()");
    expect_denied("import socket; socket.socketpair()");
    expect_denied("import socket; socket.socket(socket.AF_UNIX)");
}

TEST_F(Sandboxed, StartsNothing) {
    expect_denied("import os; os.fork()");
    expect_denied("import os; os.posix_spawn('/bin/true', ['true'], {})");
    expect_denied("import os; os.kill(os.getppid(), 0)");
}

TEST_F(Sandboxed, ChangesNoFile) {
    expect_denied("open('readable', 'w')");
    expect_denied("open('readable', 'r+')");
    expect_denied("open('new', 'x')");
    expect_denied("import os; os.unlink('readable')");
    expect_denied("import os; os.rename('readable', 'b')");
    expect_denied("import os; os.mkdir('d')");
    expect_denied("import os; os.truncate('readable', 0)");
    expect_denied("import os; os.chmod('readable', 0o777)");
    EXPECT_TRUE(fs::exists(folder_ / "readable"));
    EXPECT_EQ(fs::file_size(folder_ / "readable"), 1u);
}

TEST_F(Sandboxed, InheritsNothingElse) {
    const std::string other = folder_ / "readable";
    int stray = open(other.c_str(), O_RDONLY);  // without O_CLOEXEC, as a library might leave it
    auto ran = run_python("import os; os.fstat(" + std::to_string(stray) + ")", folder_);
    close(stray);
    ASSERT_TRUE(ran) << ran.error().detail;
    EXPECT_NE(ran->exit.messages.find("Bad file descriptor"), std::string::npos)
        << ran->exit.messages;
}

TEST_F(Sandboxed, StaysWithinItsMemoryOutputAndTime) {
    auto memory = run_python("b'x' * (1 << 30)", folder_, 300ull << 20);
    ASSERT_TRUE(memory) << memory.error().detail;
    EXPECT_NE(memory->exit.messages.find("MemoryError"), std::string::npos);
    auto output = run_python("print('x' * 100000)", folder_);
    ASSERT_FALSE(output);
    EXPECT_NE(output.error().detail.find("output_bytes_max"), std::string::npos);
}

TEST_F(Sandboxed, SaysWhenTheProgramIsMissing) {
    Command command;
    command.argv = {"/usr/bin/no-such-program"};
    command.cwd = folder_;
    command.bounds = {1ull << 30, 10};
    command.wall_max = std::chrono::seconds(60);
    command.output_bytes_max = 1000;
    auto exit = run(command, [](BytesView) -> Result<void> { return {}; }, {});
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, Errc::unavailable);
    EXPECT_NE(exit.error().detail.find("is not installed"), std::string::npos);
}

}  // namespace
}  // namespace entente::reader

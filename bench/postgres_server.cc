// SPDX-License-Identifier: Apache-2.0
#include "bench/postgres_server.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "bench/engine.h"

namespace entente::bench {
namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin/";
constexpr const char* huge_pages = "/proc/sys/vm/nr_hugepages";

void become_postgres() {
    if (geteuid() != 0) return;
    const passwd* user = getpwnam("postgres");
    if (user == nullptr || setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 ||
        setuid(user->pw_uid) != 0) {
        _exit(126);
    }
}

/// Starts a program as the server's user with its output in `log`.
pid_t launch(const std::vector<std::string>& words, const std::string& log) {
    std::vector<char*> argv;
    for (const std::string& w : words) argv.push_back(const_cast<char*>(w.c_str()));
    argv.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0) stop("fork failed");
    if (child > 0) return child;
    become_postgres();
    prctl(PR_SET_PDEATHSIG, SIGINT);  // after setuid, which forgets it; SIGINT is a fast shutdown
    if (getppid() != parent) _exit(125);
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (out < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0) _exit(124);
    execv(argv[0], argv.data());
    _exit(127);
}

void finish(pid_t child, const std::string& what, const std::string& log) {
    int status = 0;
    if (waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return;
    }
    std::ifstream in(log);
    std::string line, tail;
    while (std::getline(in, line)) tail = line;
    stop(what + " failed (" + tail + "); is postgresql-15 installed?");
}

}  // namespace

PostgresServer::PostgresServer(int shared_mb) : PostgresServer() {
    std::string pattern = std::filesystem::temp_directory_path() / "entente-bench-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) stop("no temporary folder could be made");
    folder_ = pattern;
    if (geteuid() == 0) {
        const passwd* user = getpwnam("postgres");
        if (user == nullptr || chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
            stop("there is no user postgres to run the server as");
        }
    }
    const std::string log = folder_ + "/log";
    finish(launch({std::string(programs) + "initdb", "-D", folder_ + "/data", "-U", "bench",
                   "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8"},
                  log),
           "initdb", log);
    reserve_huge_pages(shared_mb);
    start(shared_mb);
}

PostgresServer::~PostgresServer() {
    if (server_ > 0) {
        kill(server_, SIGINT);
        waitpid(server_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    if (!huge_pages_before_.empty()) std::ofstream(huge_pages) << huge_pages_before_;
}

std::string PostgresServer::connection() const {
    return "host=" + folder_ + " user=bench dbname=postgres";
}

/// Best effort: without them the server runs on ordinary pages (huge_pages=try).
void PostgresServer::reserve_huge_pages(int shared_mb) {
    std::ifstream in(huge_pages);
    std::string before;
    if (!std::getline(in, before)) return;
    std::ofstream out(huge_pages);
    if (out << (shared_mb / 2 + 128) << std::flush) huge_pages_before_ = before;
}

void PostgresServer::start(int shared_mb) {
    std::vector<std::string> words{std::string(programs) + "postgres", "-D", folder_ + "/data",
                                   "-k", folder_};
    for (const std::string& setting :
         {std::string("listen_addresses="), "shared_buffers=" + std::to_string(shared_mb) + "MB",
          std::string("huge_pages=try"), std::string("fsync=off"), std::string("jit=off"),
          std::string("autovacuum=off"), std::string("max_wal_size=8GB"),
          std::string("wal_level=minimal"), std::string("max_wal_senders=0"),
          std::string("max_parallel_workers_per_gather=0"), std::string("work_mem=64MB"),
          std::string("maintenance_work_mem=2GB"), std::string("random_page_cost=1.0"),
          std::string("effective_cache_size=12GB"), std::string("enable_seqscan=off"),
          std::string("plan_cache_mode=force_generic_plan"), std::string("checkpoint_timeout=1h"),
          std::string("track_activities=off")}) {
        words.insert(words.end(), {"-c", setting});
    }
    const std::string log = folder_ + "/log";
    server_ = launch(words, log);
    const std::string ready = folder_ + "/data/postmaster.pid";
    for (int tries = 0; tries < 600; ++tries) {
        std::ifstream in(ready);
        std::string line;
        for (int i = 0; i < 8 && std::getline(in, line); ++i) {
        }
        if (line.starts_with("ready")) return;
        if (waitpid(server_, nullptr, WNOHANG) == server_) {
            server_ = -1;
            finish(-1, "postgres", log);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    stop("postgres did not become ready within a minute");
}

}  // namespace entente::bench

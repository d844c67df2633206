// SPDX-License-Identifier: Apache-2.0
// What verifying one evidence file costs: four parties in one process say, release and acknowledge
// a record of so many versions, and its author makes the file. verify() reads it again and again
// with file and charter in memory; and, given the program, `entente verify` does as a process of
// its own, from its start to its end. Wall time and CPU time, because the machine may have other
// work. Writes Markdown to standard output.
//
//     evidence_bench [PROGRAM]
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "evidence/verify.h"
#include "node/gather.h"
#include "sim/party.h"

namespace entente::bench {
namespace {

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return *std::move(result);
}

node::Draft hospital(const char* act, int version) {
    node::Draft out;
    out.act = act;
    out.actor = "a.registrar";
    out.protection.protection_class = statement::ProtectionClass::hospital;
    geo::Place place;
    place.volume.shape = geo::Circle{{335'000'000 + version * 10'000, 363'000'000}, {250}};
    out.protection.where = {place};
    out.protection.names = {{"Hospital", "en", "Latn"}};
    return out;
}

struct World {
    sim::Founders founders =
        sim::found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1);
    std::vector<std::unique_ptr<sim::Party>> parties;
    Instant now = instant(1'448'539'200'000);

    World() {
        for (std::size_t i = 0; i < 4; ++i) {
            parties.push_back(std::make_unique<sim::Party>(founders, i, 100 + i));
        }
    }
    void round() {
        now += std::chrono::minutes(31);  // so that heads are quoted all the time
        for (auto& party : parties) {
            if (!party->exchange().tick(now)) throw std::runtime_error("tick");
        }
        for (auto& asker : parties) {
            for (auto& asked : parties) {
                if (asker != asked) sync(*asker, *asked, now);
            }
        }
    }
};

/// Milliseconds of one thing done once.
struct Took {
    double wall;
    double cpu;
};

struct Times {
    std::vector<double> wall, cpu;
    void add(Took took) {
        wall.push_back(took.wall);
        cpu.push_back(took.cpu);
    }
    /// `median (99 %) | median of CPU time`.
    void print() {
        std::sort(wall.begin(), wall.end());
        std::sort(cpu.begin(), cpu.end());
        std::printf(" %.1f (%.1f) | %.1f |", wall[wall.size() / 2], wall[wall.size() * 99 / 100],
                    cpu[cpu.size() / 2]);
    }
};

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}
double cpu_of(const rusage& used) {
    return 1e3 * (seconds(used.ru_utime) + seconds(used.ru_stime));
}

template <class Job>
Took time_of(Job job) {
    timespec before{}, after{};
    const auto begin = std::chrono::steady_clock::now();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    job();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    return {wall.count(), 1e3 * static_cast<double>(after.tv_sec - before.tv_sec) +
                              1e-6 * static_cast<double>(after.tv_nsec - before.tv_nsec)};
}

/// `entente verify FILE --charter CHARTER`, to its end.
Took run_program(const std::string& program, const std::filesystem::path& folder) {
    const std::string file = folder / "it.evidence", charter = folder / "charter.toml";
    std::vector<std::string> words{program, "verify", file, "--charter", charter};
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const auto begin = std::chrono::steady_clock::now();
    pid_t pid = 0;
    if (posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ) != 0) {
        throw std::runtime_error("cannot run " + program);
    }
    int status = 0;
    rusage used{};
    wait4(pid, &status, 0, &used);
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0) throw std::runtime_error(program + " refused the file");
    return {wall.count(), cpu_of(used)};
}

void measure(int versions, const std::string& program) {
    World world;
    sim::Party& msf = *world.parties[2];
    const node::Audience audience{{PartyId{"fr"}, node::Tier::exact},
                                  {PartyId{"ru"}, node::Tier::coarse},
                                  {PartyId{"un"}, node::Tier::exact}};
    world.round();
    std::optional<RecordId> id;
    for (int version = 1; version <= versions; ++version) {
        const char* act = id ? statement::act::amend : statement::act::add;
        id = need(msf.say(hospital(act, version), id, audience, world.now));
        world.round();
        world.round();
    }
    const Bytes file = evidence::format_file(
        need(node::gather({msf.node(), msf.exchange(), msf.store(), *msf.author().vault},
                          {*id, node::Tier::exact, world.now})));
    std::size_t lines = 0;
    Times inside;
    for (int i = 0; i < 200; ++i) {
        inside.add(time_of([&] {
            const auto report = need(evidence::verify(file, {&world.founders.charter_file, 1}));
            lines = 0;
            for (const auto& log : report.facts.logs) lines += log.cosigned.size();
        }));
    }
    std::printf("| %d | %zu | %zu |", versions, file.size(), lines);
    inside.print();
    if (!program.empty()) {
        const auto folder =
            std::filesystem::temp_directory_path() / ("evidence_bench." + std::to_string(getpid()));
        std::filesystem::create_directory(folder);
        std::ofstream(folder / "it.evidence", std::ios::binary) << file;
        std::ofstream(folder / "charter.toml", std::ios::binary) << world.founders.charter_file;
        Times whole;
        for (int i = 0; i < 100; ++i) whole.add(run_program(program, folder));
        std::filesystem::remove_all(folder);
        whole.print();
    }
    std::printf("\n");
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    const std::string program = argc > 1 ? argv[1] : "";
    std::printf(
        "| versions | file, bytes | cosignatures | verify, ms (99 %%) | its CPU |%s\n"
        "|---|---|---|---|---|%s\n",
        program.empty() ? "" : " process, ms (99 %) | its CPU |",
        program.empty() ? "" : "---|---|");
    for (const int versions : {1, 5, 20}) entente::bench::measure(versions, program);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// One node, whole: a register of invented points made through the same session as the command line
// uses (SQLite, file signer, both cores), then
//   * appending: composing statements, and logging them under one head a batch (group commit);
//   * a start: every entry verified from log and vault, register folded, index built, first answer;
//   * an Answer (findings, distances, reasons) by its number of findings;
//   * one protection added, and withdrawn: in the next check's answer, and what that costs.
// Writes Markdown to standard output, progress to standard error. bench/README.md has the method.
#include <sodium.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <future>
#include <map>
#include <numeric>

#include "bench/world.h"
#include "check/answer.h"
#include "cli/session.h"
#include "cli/verbs.h"

namespace entente::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Said = cli::Session::Said;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void stop(const std::string& why) { throw std::runtime_error(why); }

template <class T>
T need(Result<T> result) {
    if (!result) stop(result.error().detail);
    return *std::move(result);
}

struct Options {
    std::size_t entries = 1'000'000;
    std::size_t batch = 4096;
    std::size_t plans = 3'000;
    std::uint64_t seed = 1;
    std::string data;  // empty: a temporary directory
};

/// What stays the same over the whole run.
struct Bench {
    Options options;
    World world;
    cli::Common common;
};

Said said(const World& world, std::size_t id) {
    Said s;
    s.draft.act = "add";
    s.draft.actor = "bench";
    auto& p = s.draft.protection;
    p.protection_class = statement::ProtectionClass::clinic;
    p.names.push_back({"EXERCISE clinic " + std::to_string(id), "en", "Latn"});
    p.source = "bench";
    p.ref = std::to_string(id);
    p.contact = "duty desk";
    p.where.push_back(place(world, id));
    return s;
}

std::vector<Said> batch_of(const Bench& b, std::size_t first) {
    std::vector<Said> all;
    const std::size_t end = std::min(first + b.options.batch, b.world.size());
    for (std::size_t i = first; i < end; ++i) all.push_back(said(b.world, i));
    return all;
}

/// Logs the whole world in batches, one being composed while another is stored, as an import does.
void append(const Bench& b, cli::Session& session) {
    const Instant moment = cli::now();
    const auto start = Clock::now();
    double composing = 0;
    double logging = 0;
    const auto compose = [&](std::size_t first) {
        const std::vector<Said> drafts = batch_of(b, first);
        const auto begin = Clock::now();
        auto composed = session.compose(drafts, moment);
        composing += seconds_since(begin);
        return composed;
    };
    auto composed = compose(0);
    for (std::size_t next = b.options.batch;; next += b.options.batch) {
        std::future<Result<std::vector<node::Composed>>> ahead;
        if (next < b.world.size()) ahead = std::async(std::launch::async, compose, next);
        const auto begin = Clock::now();
        need(session.node().submit(need(std::move(composed)), moment));
        logging += seconds_since(begin);
        if (!ahead.valid()) break;
        composed = ahead.get();
        if (next / b.options.batch % 32 == 0) std::fprintf(stderr, "  %zu logged\n", next);
    }
    const double n = static_cast<double>(b.world.size());
    std::printf(
        "* %zu statements in batches of %zu, composed and logged side by side: %.1f s, "
        "%.0f statements/s\n",
        b.world.size(), b.options.batch, seconds_since(start), n / seconds_since(start));
    std::printf(
        "* of that, logging alone (roots twice, signer, SQLite FULL, register; with the "
        "other core composing): %.0f statements/s; composing alone: %.0f/s\n",
        n / logging, n / composing);
}

/// Logging with nothing beside it: everything is composed before.
void append_alone(const Bench& b, cli::Session& session, std::size_t count) {
    const Instant moment = cli::now();
    std::vector<std::vector<node::Composed>> ready;
    std::vector<Said> drafts;
    for (std::size_t i = 0; i < count; ++i) {
        Said s = said(b.world, i);
        s.draft.protection.ref += "-again";
        drafts.push_back(std::move(s));
        if (drafts.size() == 1000) {
            ready.push_back(need(session.compose(drafts, moment)));
            drafts.clear();
        }
    }
    const auto start = Clock::now();
    for (auto& batch : ready) need(session.node().submit(std::move(batch), moment));
    std::printf("* logging alone, %zu batches of 1,000: %.0f statements/s\n", ready.size(),
                static_cast<double>(ready.size()) * 1000.0 / seconds_since(start));
}

void print_start(double opened, double answered) {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "* start: everything verified and the index built after %.1f s, first answer after "
        "%.1f s; peak memory of this process %.2f GiB\n",
        opened, answered, static_cast<double>(usage.ru_maxrss) / 1048576.0);
}

struct Asker {
    view::View view;
    node::State state;
    index::Scratch scratch;
    check::Answer operator()(const geo::Volume4D& plan) {
        return check::answer(view, state.index, scratch, {{plan}, Metres{0}}, state.as_of,
                             cli::now());
    }
};

Asker asker(cli::Session& session) {
    return {session.view(), session.node().state(), index::Scratch()};
}

void answers(const Bench& b, cli::Session& session) {
    Asker ask = asker(session);
    std::map<std::size_t, std::vector<double>> us;  // by the least power of ten above the findings
    for (int pass = 0; pass < 3; ++pass) {
        for (const auto& plan : b.world.plans) {
            const auto start = Clock::now();
            const check::Answer a = ask(plan);
            const double taken = seconds_since(start) * 1e6;
            std::size_t bound = 1;
            while (a.findings_total >= bound) bound *= 10;
            us[bound].push_back(taken);
        }
    }
    std::printf("\n| findings in the answer | answers | p50 µs | p99 µs |\n|---|---:|---:|---:|\n");
    for (auto& [bound, all] : us) {
        std::sort(all.begin(), all.end());
        const auto at = [&](double share) {
            return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
        };
        const std::string range =
            bound == 1 ? "none" : std::to_string(bound / 10) + " to " + std::to_string(bound - 1);
        std::printf("| %s | %zu | %.1f | %.1f |\n", range.c_str(), all.size(), at(0.5), at(0.99));
    }
    std::printf("\n");
}

/// One change and the next check; says what each step cost.
void change(cli::Session& session, const Said& s, const geo::Volume4D& plan, const char* what,
            int expected) {
    Asker before = asker(session);
    const auto had = static_cast<long>(before(plan).findings_total);
    const Instant moment = cli::now();
    auto composed = need(session.compose({s}, moment));
    auto start = Clock::now();
    need(session.node().submit(std::move(composed), moment));
    const double logged = seconds_since(start) * 1e6;
    start = Clock::now();
    Asker after = asker(session);
    const double state = seconds_since(start) * 1e6;
    start = Clock::now();
    const auto has = static_cast<long>(after(plan).findings_total);
    const double answered = seconds_since(start) * 1e6;
    if (has - had != expected) {
        stop(std::string(what) + ": findings went from " + std::to_string(had) + " to " +
             std::to_string(has));
    }
    std::printf(
        "* %s: in the next answer (%ld -> %ld findings); durable, register and index "
        "%.0f µs, new snapshot %.1f µs, that answer %.1f µs\n",
        what, had, has, logged, state, answered);
}

/// What a change costs the index itself: the median of many, each on top of the last.
void print_index_cost(const index::Index& built) {
    index::Index index = built;
    std::vector<double> us;
    for (index::Slot i = 0; i < 1'000; ++i) {
        const std::int32_t lat = static_cast<std::int32_t>(i) * 1'000;
        const index::Item item{10'000'000 + i, {geo::Circle{{lat, 0}, {0}}, {}, {}}, Metres{500}};
        const index::IndexChange change{item.slot, {item}};
        const auto start = Clock::now();
        index = index.with({&change, 1});
        us.push_back(seconds_since(start) * 1e6);
    }
    std::nth_element(us.begin(), us.begin() + 500, us.end());
    std::printf(
        "* of such a change the index alone: %.1f µs (median of 1,000, one after the "
        "other)\n",
        us[500]);
}

void changes(const Bench& b, cli::Session& session) {
    // A place alone in the sea, and a plan over it at any time.
    Said s = said(b.world, 0);
    auto& p = s.draft.protection;
    p.ref = "alone";
    p.where[0].volume = {geo::Circle{{0, -300'000'000}, {0}}, {}, {}};
    const geo::Volume4D plan{geo::Circle{{100, -300'000'100}, {5'000}}, {}, {}};
    for (int i = 0; i < 3; ++i) {
        p.ref = "alone-" + std::to_string(i);
        change(session, s, plan, "one protection added", 1);
    }
    const view::View view = session.view();
    Asker ask = asker(session);
    print_index_cost(ask.state.index);
    const auto slot = ask(plan).findings.at(0).slot;
    Said withdraw;
    withdraw.draft.act = "withdraw";
    withdraw.draft.actor = "bench";
    const registry::Snapshot snapshot = session.node().snapshot();
    withdraw.record = &snapshot.at(slot);
    change(session, withdraw, plan, "one protection withdrawn", -1);
}

std::string fresh_directory(const Options& o) {
    if (!o.data.empty()) return o.data;
    std::string pattern = std::filesystem::temp_directory_path() / "entente-node-bench-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) stop("no temporary directory could be made");
    return pattern;
}

void run(const Options& o) {
    Bench b{o, make_points({o.entries, o.plans, o.seed}), {}};
    const std::string folder = fresh_directory(o);
    b.common.data = folder + "/register";
    b.common.actor = "bench";
    const bool there = std::filesystem::exists(b.common.data);
    std::printf("### node: %zu protections\n\n", o.entries);
    if (!there) {
        std::fflush(stdout);
        if (cli::init({b.common, "bench", "Bench", true}) != cli::Exit::ok) stop("init failed");
        auto session = need(cli::Session::open(b.common, {cli::Access::write, false, {}}));
        append(b, session);
        append_alone(b, session, std::min<std::size_t>(50'000, b.world.size()));
    }
    std::printf("* on disk: %.2f GiB\n",
                static_cast<double>(std::filesystem::file_size(b.common.data + "/entente.db")) /
                    1073741824.0);
    const auto start = Clock::now();
    auto session = need(cli::Session::open(b.common, {cli::Access::write, true, {}}));
    const double opened = seconds_since(start);
    {
        Asker ask = asker(session);
        ask(b.world.plans[0]);
    }
    print_start(opened, seconds_since(start));
    changes(b, session);
    answers(b, session);
    if (o.data.empty()) std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    entente::bench::Options o;
    CLI::App app("One node, whole; see bench/README.md.");
    app.add_option("--entries", o.entries, "protections (1,000,000)");
    app.add_option("--batch", o.batch, "statements under one head (4,096)");
    app.add_option("--plans", o.plans, "plans for the table of answers (3,000)");
    app.add_option("--seed", o.seed, "of the data (1)");
    app.add_option("--data", o.data, "a directory that is kept, and used again if it is there");
    CLI11_PARSE(app, argc, argv);
    if (sodium_init() < 0) return 1;
    try {
        entente::bench::run(o);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "node_bench: %s\n", e.what());
        return 1;
    }
}

// SPDX-License-Identifier: Apache-2.0
// The index beside its peers, over the same data and plans, on one pinned core, in interleaved
// rounds, result sets compared id by id. Writes Markdown to standard output (or --out), progress
// to standard error. bench/README.md says what the rows mean.
#include <sched.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "bench/compare.h"
#include "bench/postgres.h"
#include "bench/rounds.h"

namespace entente::bench {

void stop(const std::string& why) { throw std::runtime_error(why); }

namespace {
volatile std::sig_atomic_t told_to_stop = 0;
}
void stop_if_told() {
    if (told_to_stop != 0) stop("interrupted");
}

namespace {

struct Options {
    std::string set = "points";
    std::size_t entries = 0;  // 0: the set's own number
    std::size_t plans = 0;
    std::size_t rounds = 5;
    std::size_t brute_plans = 100;
    std::uint64_t seed = 1;
    int core = 0;
    std::string only;
    std::string out;
    bool any = false;
    bool no_postgres = false;
};

Options options(int argc, char** argv, CLI::App& app) {
    Options o;
    app.add_option("--set", o.set,
                   "points, wide (1,000,000, or 10,000,000 as dense, wide10) "
                   "or shapes (250,000)")
        ->check(CLI::IsMember({"points", "dense", "wide", "wide10", "shapes"}));
    app.add_option("--entries", o.entries, "another number of entries");
    app.add_option("--plans", o.plans, "another number of plans");
    app.add_option("--rounds", o.rounds, "interleaved rounds (5)");
    app.add_option("--brute-plans", o.brute_plans, "plans that brute force answers (100; 0: none)");
    app.add_option("--seed", o.seed, "of the data and plans (1)");
    app.add_option("--core", o.core, "the core to be pinned to (0)");
    app.add_option("--only", o.only, "only engines whose names contain one of these, by commas");
    app.add_option("--out", o.out, "append the tables to this file too");
    app.add_flag("--any", o.any, "ask only yes or no");
    app.add_flag("--no-postgres", o.no_postgres, "without PostgreSQL");
    app.parse(argc, argv);
    return o;
}

World make(const Options& o) {
    const bool ten = o.set == "dense" || o.set == "wide10";
    const bool shapes = o.set == "shapes";
    const Sizes sizes{
        o.entries != 0 ? o.entries : (ten ? 10'000'000u : (shapes ? 250'000u : 1'000'000u)),
        o.plans != 0 ? o.plans : (shapes || ten ? 3'000u : 10'000u), o.seed};
    if (shapes) return make_shapes(sizes);
    return o.set.starts_with("wide") ? make_wide(sizes) : make_points(sizes);
}

bool wanted(const Options& o, const std::string& name) {
    if (o.only.empty()) return true;
    for (const auto& part : CLI::detail::split(o.only, ',')) {
        if (name.find(part) != std::string::npos) return true;
    }
    return false;
}

/// The engines of one run, and how long each took to be made.
class Field {
  public:
    Field(const World& world, const Options& o) : world_(world), options_(o) {}

    /// Makes the engine, says how long that took, and keeps it.
    template <class Make>
    void add(const std::string& name, Make make, std::size_t plans = 0) {
        if (!wanted(options_, name)) return;
        stop_if_told();
        std::fprintf(stderr, "  %s: ", name.c_str());
        const auto start = std::chrono::steady_clock::now();
        EnginePtr engine = make();
        if (!engine) {
            std::fprintf(stderr, "this processor has no such code\n");
            return;
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        const double each = engine->bytes() / static_cast<double>(world_.size());
        std::fprintf(stderr, "ready after %.2f s, %.0f bytes an entry\n", taken.count(), each);
        char line[200];
        std::snprintf(line, sizeof line, "* %s: ready after %.2f s\n", engine->name().c_str(),
                      taken.count());
        loading += line;
        runners.emplace_back();
        runners.back().engine = std::move(engine);
        runners.back().plans = plans == 0 ? world_.plans.size() : plans;
    }

    std::vector<Runner> runners;
    std::string loading;

  private:
    const World& world_;
    const Options& options_;
};

void add_ours(Field& field, const World& world, bool any) {
    using index::Simd;
    const auto one = [&](const char* name, Simd simd, Order order) {
        field.add(name, [&, simd, order] { return make_ours(world, simd, order); });
    };
    one("entente avx512", Simd::avx512, Order::any);
    if (!any) one("entente avx512 sorted", Simd::avx512, Order::ascending);
    one("entente avx2", Simd::avx2, Order::any);
    one("entente plain", Simd::plain, Order::any);
}

void add_peers(Field& field, const World& world, const Options& o) {
    const bool shapes = world.points.empty();
    const bool ten = world.size() > 2'000'000;
    if (shapes) {
        field.add("boost best", [&] { return make_boost_shapes(world); });
    } else {
        field.add("boost best", [&] { return make_boost_best(world); });
        if (!ten) field.add("boost usual", [&] { return make_boost_usual(world); });
        field.add("s2 best", [&] { return make_s2_best(world); });
        if (!ten) field.add("s2 usual", [&] { return make_s2_usual(world); });
        if (!ten) field.add("sqlite", [&] { return make_sqlite(world); });
    }
    if (o.brute_plans != 0) {
        const auto few = std::min(o.brute_plans, world.plans.size());
        field.add(
            "brute", [&] { return shapes ? make_brute_shapes(world) : make_brute_force(world); },
            few);
    }
}

void add_postgres(Field& field, const World& world, const PostgresServer& server) {
    const auto one = [&](const char* name, PostgresForm form) {
        field.add(name, [&, form] { return make_postgres(world, server, form); });
    };
    one("postgis best", PostgresForm::best);
    if (world.size() <= 2'000'000) one("postgis usual", PostgresForm::usual);
    if (!world.points.empty()) one("postgres box", PostgresForm::box);
}

/// The first engine is the reference; each other's ids are set beside its.
void compare_all(const World& world, std::vector<Runner>& runners, const PostgresServer* server) {
    std::size_t most = 0;
    for (const Runner& r : runners) most = std::max(most, r.plans);
    const Answers reference = answers(*runners.front().engine, most);
    std::size_t ids = 0;
    for (const auto& a : reference) ids += a.size();
    char mean[100];
    std::snprintf(mean, sizeof mean, "the reference: %.1f ids a plan",
                  static_cast<double>(ids) / static_cast<double>(most));
    runners.front().note = mean;
    for (std::size_t k = 1; k < runners.size(); ++k) {
        Runner& r = runners[k];
        r.note = compare(world, reference, answers(*r.engine, r.plans), server).text();
        std::fprintf(stderr, "  %s: %s\n", r.engine->name().c_str(), r.note.c_str());
    }
}

/// Yes or no, beside whether the reference has any ids.
void compare_any(const World& world, std::vector<Runner>& runners) {
    const Answers reference = answers(*runners.front().engine, world.plans.size());
    for (Runner& r : runners) {
        std::size_t yes = 0;
        std::size_t differ = 0;
        for (std::size_t i = 0; i < r.plans; ++i) {
            stop_if_told();
            const bool any = r.engine->touches_any(i);
            yes += any ? 1U : 0U;
            differ += any == reference[i].empty() ? 1U : 0U;
        }
        r.note = std::to_string(yes) + " yes, " + std::to_string(differ) + " differ";
    }
}

std::vector<Base> bases(const std::vector<Runner>& runners) {
    std::vector<Base> found;
    for (std::size_t i = 0; i < runners.size(); ++i) {
        const std::string name = runners[i].engine->name();
        if (name.find("v3s") != std::string::npos) found.push_back({i, "PostGIS best"});
        if (name.find("v14") != std::string::npos) found.push_back({i, "box and chord"});
        if (name.starts_with("Boost") && name.find("usual") == std::string::npos) {
            found.push_back({i, "R*-tree best"});
        }
    }
    return found;
}

void pin(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(core), &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0) stop("could not be pinned to that core");
}

void run(const Options& o) {
    pin(o.core);  // the server and its backends inherit it: its best latency, as a client waits
    std::fprintf(stderr, "making the world\n");
    const World world = make(o);
    std::unique_ptr<PostgresServer> server;
    const bool ten = world.size() > 2'000'000;
    if (!o.no_postgres) server = std::make_unique<PostgresServer>(ten ? 6'000 : 1'500);
    Field field(world, o);
    add_ours(field, world, o.any);
    add_peers(field, world, o);
    if (server) add_postgres(field, world, *server);
    if (field.runners.empty()) stop("--only left no engine");
    if (o.any)
        compare_any(world, field.runners);
    else
        compare_all(world, field.runners, server.get());
    for (std::size_t i = 0; i < o.rounds; ++i) {
        run_round(field.runners, i, o.any ? Asking::any : Asking::ids);
    }
    char head[400];
    std::snprintf(head, sizeof head,
                  "### %s: %zu entries, %zu plans, %s, %zu rounds, seed %llu"
                  "\n\n",
                  o.set.c_str(), world.size(), world.plans.size(), o.any ? "yes or no" : "all ids",
                  o.rounds, static_cast<unsigned long long>(o.seed));
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    char tail[300];
    std::snprintf(tail, sizeof tail,
                  "\nOne reading of the clock: %.0f ns, inside every plan's "
                  "time once. Peak memory of this process: %.2f GiB. Loading and building:\n\n",
                  clock_ns(), static_cast<double>(usage.ru_maxrss) / 1048576.0);
    const std::vector<Base> by = bases(field.runners);
    const std::string text = head + table(field.runners, by, world.size()) + "\n" +
                             table_by_kind(field.runners, by, world) + tail + field.loading + "\n";
    std::fputs(text.c_str(), stdout);
    if (!o.out.empty()) std::ofstream(o.out, std::ios::app) << text;
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    // The server and its huge pages are given back on the way out, so the way out is taken.
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(number, [](int) { entente::bench::told_to_stop = 1; });
    }
    CLI::App app("The index beside its peers; see bench/README.md.");
    try {
        entente::bench::run(entente::bench::options(argc, argv, app));
        return 0;
    } catch (const CLI::ParseError& e) {
        return app.exit(e);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "index_bench: %s\n", e.what());
        return 1;
    }
}

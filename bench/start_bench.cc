// SPDX-License-Identifier: Apache-2.0
// What a start costs a party among four after so many minutes of beats: its node and exchange out
// of SQLite, where this node has marked the others' cosignatures as verified, and where the marks
// are gone. CPU time stands beside wall time because the machine may have other work. Writes
// Markdown to standard output.
//
//     start_bench [MINUTES]          2,000 unless given; the store is made anew in a temporary
//     folder
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "sim/party.h"
#include "store/sqlite_store.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().detail);
    return *std::move(result);
}
void need(const Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().detail);
}

struct Folder {
    std::string path = (fs::temp_directory_path() / "entente-start-XXXXXX").string();
    Folder() {
        if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
    }
    ~Folder() { fs::remove_all(path); }
    std::string file() const { return path + "/log.db"; }
};

/// Seconds since the process began.
struct Clock {
    std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
    double cpu = used();
    static double used() {
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        const auto seconds = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
        };
        return seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    double wall_since() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
    }
    double cpu_since() const { return used() - cpu; }
};

/// fr on SQLite, the other three in memory.
class World {
  public:
    World() : vault_(fr().vault), signer_(fr().log) {
        for (std::size_t i = 1; i < 4; ++i) {
            others_.push_back(std::make_unique<sim::Party>(founders_, i, 100 + i));
        }
        store_ = need(store::open_sqlite(folder_.file(), store::OpenMode::create));
        need(node::Node::create(*store_, signer_, founders_.charter_file, fr().entries));
        start();
    }
    void minute() {
        now_ += std::chrono::minutes(1);
        need(standing_.exchange->tick(now_));
        for (auto& other : others_) need(other->exchange().tick(now_));
        for (auto& asker : others_) {
            ask(asker->exchange(), *standing_.exchange);
            for (auto& asked : others_) {
                if (asker != asked) ask(asker->exchange(), asked->exchange());
            }
            ask(*standing_.exchange, asker->exchange());
        }
    }
    void stop() {
        standing_ = {};
        store_.reset();
    }
    void start() {
        if (!store_) {
            store_ = need(store::open_sqlite(folder_.file(), store::OpenMode::read_write));
        }
        need(sim::stand_up(standing_, {*store_, signer_, cosigned_}, fr(), founders_.charter_file,
                           vault_, rng_.bytes()));
    }
    std::pair<std::uint64_t, std::uint64_t> entries_and_cosignatures() {
        std::pair<std::uint64_t, std::uint64_t> out;
        for (const Origin& origin : need(store_->origins())) {
            out.first += need(store_->head(origin))->size.v;
            need(store_->scan_cosignatures(origin, [&](node::StoredCosignature&&) {
                ++out.second;
                return Result<void>();
            }));
        }
        return out;
    }
    /// A row takes the place of the one that is there if it states an earlier time; the line's is
    /// what counts.
    void forget_marks() {
        for (const Origin& origin : need(store_->origins())) {
            node::Additions rows;
            need(store_->scan_cosignatures(origin, [&](node::StoredCosignature&& row) {
                row.mark.clear();
                row.time -= std::chrono::milliseconds(1);
                rows.cosignatures.push_back(std::move(row));
                return Result<void>();
            }));
            need(store_->add(rows));
        }
    }

  private:
    const sim::Founder& fr() const { return founders_.parties.front(); }
    void ask(node::Exchange& asker, node::Exchange& asked) {
        node::Follow follow(asker, asked.self(), std::chrono::seconds(10));
        while (const auto step = follow.next(now_)) {
            auto answer = asked.answer(asker.self(), step->path);
            if (answer) {
                follow.take(node::StepAnswer{false, {}, std::move(*answer)}, now_);
            } else {
                follow.take(tl::unexpected(answer.error()), now_);
            }
            if (follow.due() > now_) break;
        }
    }

    sim::Founders founders_ =
        sim::found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1);
    Folder folder_;
    Rng rng_{1};
    seal::Vault vault_;
    store::MemorySigner signer_;
    store::MemoryCosignState cosigned_;
    std::unique_ptr<node::Store> store_;
    sim::Standing standing_;
    std::vector<std::unique_ptr<sim::Party>> others_;
    Instant now_ = instant(1'448'539'200'000);
};

void measure(World& world, const char* what) {
    world.stop();
    const Clock clock;
    world.start();
    std::printf("| %s | %.2f | %.2f |\n", what, clock.wall_since(), clock.cpu_since());
}

void run(int minutes) {
    World world;
    for (int i = 0; i < minutes; ++i) world.minute();
    const auto [entries, cosignatures] = world.entries_and_cosignatures();
    std::printf("%d minutes: %llu entries, %llu cosignatures\n\n", minutes,
                static_cast<unsigned long long>(entries),
                static_cast<unsigned long long>(cosignatures));
    std::printf("| start | s | its CPU |\n|---|---:|---:|\n");
    for (int i = 0; i < 3; ++i) measure(world, "all marked");
    world.forget_marks();
    measure(world, "no marks: all are verified, and marked");
    measure(world, "all marked");
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    try {
        entente::bench::run(argc > 1 ? std::atoi(argv[1]) : 2000);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "start_bench: %s\n", error.what());
        return 1;
    }
}

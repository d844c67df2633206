// SPDX-License-Identifier: Apache-2.0
// A log pulled into a mirror from a source in memory: what a core can verify, without network and
// disk. `pull` copies all of a log; `follow` takes a few new entries onto a large copy, as a node
// does all day; `load` verifies a stored copy again, as at every start. bench/README.md has the
// method. Google Benchmark; `items_per_second` are entries a second of processor time.
//
//     build/bench/bench/mirror_bench --benchmark_filter=pull
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "base/encode.h"
#include "base/random.h"
#include "mirror/pull.h"
#include "tlog/key.h"

namespace entente::bench {
namespace {

using mirror::Mirror;
using mirror::Pull;

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "mirror_bench: %s\n", what);
    std::exit(1);
}

/// Entries as a node writes them: canonical, sealed, all of one size, random.
Bytes sealed_entry(Rng& rng) {
    const auto hash = [&rng] {
        Bytes bytes(32, '\0');
        for (char& c : bytes) c = static_cast<char>(rng.next());
        return to_base64url(bytes);
    };
    return "{\"c\":[\"" + hash() + "\",\"" + hash() + "\",\"" + hash() + "\"],\"tag\":\"" + hash() +
           "\",\"v\":1}";
}

class Source {
  public:
    explicit Source(std::size_t entries) : key_(make_key()) {
        Rng rng(1);
        for (std::size_t i = 0; i < entries; ++i) {
            const Bytes entry = sealed_entry(rng);
            if (i % tlog::tile_width == 0) bundles_.emplace_back();
            require(tlog::append_to_bundle(bundles_.back(), entry).has_value(), "too large");
            tree_.append(tlog::leaf_hash(entry));
        }
    }
    const tlog::VerifierKey& log() const { return key_.verifier(); }
    const tlog::Tree& tree() const { return tree_; }

    tlog::SignedCheckpoint head(std::size_t size) const {
        const tlog::Checkpoint checkpoint{{log().name}, {size}, tree_.root({size}), {}};
        return tlog::sign_checkpoint(checkpoint, log(),
                                     key_.sign(tlog::format_checkpoint(checkpoint)))
            .value();
    }
    Bytes get(const std::string& path) const {
        const tlog::Tile tile = tlog::Tile::parse(path).value();
        if (tile.kind == tlog::Tile::Kind::hashes) return tlog::hash_tile(tree_, tile);
        const Bytes& bundle = bundles_[tile.index];
        // All entries are of one size.
        return bundle.substr(0, tile.width * entry_bytes());
    }
    std::size_t entry_bytes() const { return bundles_.front().size() / tlog::tile_width; }

  private:
    static tlog::LogKey make_key() {
        Rng rng(2);
        return tlog::LogKey::generate("bench-x/fr", rng.bytes()).value();
    }
    tlog::LogKey key_;
    tlog::Tree tree_;
    std::vector<Bytes> bundles_;
};

const Source& source(std::size_t entries) {
    static std::map<std::size_t, Source> sources;
    const auto found = sources.find(entries);
    return found != sources.end() ? found->second : sources.emplace(entries, entries).first->second;
}

std::size_t drain(Mirror& mirror, Pull& pull) {
    std::size_t bytes = 0;
    while (auto chunk = pull.chunk()) {
        auto step = mirror.advance(*std::move(chunk));
        require(step.has_value(), "a chunk was refused");
        // What a store would be handed.
        for (const auto& entry : step->entries()) bytes += entry.bytes().size();
        benchmark::DoNotOptimize(step->standing().bytes());
        require(mirror.adopt(*std::move(step)).has_value(), "a step was refused");
    }
    return bytes;
}

std::size_t pull_all(Mirror& mirror, const Bytes& note, const Source& from) {
    auto pull = Pull::begin(mirror, note).value();
    std::size_t requests = 0;
    drain(mirror, pull);
    while (const auto path = pull.want()) {
        require(pull.take(from.get(*path)).has_value(), "a file was refused");
        drain(mirror, pull);
        ++requests;
    }
    return requests;
}

void pull(benchmark::State& state) {
    const auto entries = static_cast<std::size_t>(state.range(0));
    const Source& from = source(entries);
    const Bytes note = from.head(entries).bytes();
    std::size_t requests = 0;
    for (auto _ : state) {
        Mirror copy(from.log());
        requests = pull_all(copy, note, from);
        require(copy.is_whole() && copy.tree().root() == from.tree().root(), "not the log");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(entries) * state.iterations());
    state.SetBytesProcessed(static_cast<std::int64_t>(entries * from.entry_bytes()) *
                            state.iterations());
    state.counters["requests"] = static_cast<double>(requests);
}

// A copy of some hundred thousand entries follows a log that grows by a few at a time.
void follow(benchmark::State& state) {
    const auto fresh = static_cast<std::size_t>(state.range(0));
    const Source& from = source(1'000'000);
    std::size_t size = 700'000;
    Mirror copy(from.log());
    pull_all(copy, from.head(size).bytes(), from);
    std::size_t requests = 0;
    for (auto _ : state) {
        state.PauseTiming();
        size += fresh;
        const Bytes note = from.head(size).bytes();
        state.ResumeTiming();
        requests += pull_all(copy, note, from);
    }
    require(copy.is_whole() && copy.size().v == size, "not the log");
    state.SetItemsProcessed(static_cast<std::int64_t>(fresh) * state.iterations());
    state.counters["requests"] =
        static_cast<double>(requests) / static_cast<double>(state.iterations());
}

void load(benchmark::State& state) {
    const auto entries = static_cast<std::size_t>(state.range(0));
    const Source& from = source(entries);
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < entries; ++i) leaves.push_back(from.tree().leaf({i}));
    const mirror::Standing standing{{entries}, {}, from.head(entries).note};
    for (auto _ : state) {
        require(Mirror::load(from.log(), leaves, standing).has_value(), "not the log");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(entries) * state.iterations());
}

BENCHMARK(pull)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(follow)->Arg(1)->Arg(10)->Iterations(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(follow)->Arg(10'000)->Iterations(20)->Unit(benchmark::kMicrosecond);
BENCHMARK(load)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace entente::bench

BENCHMARK_MAIN();

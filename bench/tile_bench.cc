// SPDX-License-Identifier: Apache-2.0
// Vector tiles of a register of invented records: at each zoom tiles that hold a random record (so
// that full tiles are asked for more often than empty ones), each made anew; the time and bytes of
// one tile, of the picture that they are made from, and of a change to it.
// Writes Markdown to standard output, progress to standard error. bench/README.md has the method.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/random.h"
#include "base/sha256.h"
#include "bench/world.h"
#include "formats/tile.h"
#include "formats/tile_place.h"
#include "formats/tile_plane.h"

namespace entente::bench {
namespace {

using Clock = std::chrono::steady_clock;
using formats::Picture;
using formats::TileAddress;

struct Options {
    std::size_t entries = 1'000'000;
    std::size_t tiles = 300;
    std::uint64_t seed = 1;
    std::string set = "points";
    int zoom = -1;  // all
};

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count() * 1e3;
}

/// Of this thread: what a tile takes on a processor that nobody else uses meanwhile.
double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double share(std::vector<double> all, double part) {
    const auto at = static_cast<std::size_t>(part * static_cast<double>(all.size() - 1));
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), all.end());
    return all[at];
}

World world_of(const Options& o) {
    const Sizes sizes{o.entries, 1, o.seed};
    if (o.set == "wide") return make_wide(sizes);
    return o.set == "shapes" ? make_shapes(sizes) : make_points(sizes);
}

const Instant moment = instant(1'767'225'600'000);

/// Statements as the register takes them; nothing is signed, sealed or logged.
class Register {
  public:
    Register() : registry_(charter(), PartyId{"bench"}) {}

    view::Slot say(std::size_t id, std::uint32_t version, geo::Place place) {
        registry::Understood u;
        u.position = {{next_++}, sha256("leaf " + std::to_string(next_))};
        statement::Head head;
        head.secret = sha256("secret " + std::to_string(id));
        const Origin origin{"solo/bench"};
        head.keys = {"solo", origin, statement::record_id(origin, head.secret), version};
        head.kind = "protection";
        head.act = version == 1 ? "add" : "amend";
        head.protects = true;
        head.time = moment;
        head.actor = "bench";
        u.head = std::move(head);
        auto content = std::make_shared<registry::Content>();
        auto& p = content->protection;
        p.protection_class =
            static_cast<statement::ProtectionClass>(id % statement::protection_class_count);
        p.names.push_back({"EXERCISE clinic " + std::to_string(id), "en", "Latn"});
        p.where.push_back(std::move(place));
        u.content = std::move(content);
        return *registry_.apply(u).slot;
    }
    view::View view() const { return {registry_.snapshot(), view::Reader{PartyId{"bench"}}}; }

  private:
    static statement::Charter charter() {
        statement::Charter out;
        out.id = "solo";
        out.terms = statement::default_terms();
        out.parties.push_back({PartyId{"bench"}, "Bench", Bytes(32, 'k'), {}, "", 1});
        return out;
    }

    registry::Registry registry_;
    std::uint64_t next_ = 0;
};

TileAddress tile_with(const geo::Place& place, std::uint32_t z) {
    const formats::PlaneCell cell =
        formats::cell_of(formats::to_plane(formats::point_of(place.volume.shape)));
    const auto at = [z](std::uint32_t v) { return z == 0 ? 0 : v >> (32 - z); };
    return {z, at(cell.x), at(cell.y)};
}

void zooms(const Options& o, const World& world, const Picture& picture) {
    std::printf(
        "\n| zoom | tiles | p50 ms | p99 ms | max ms | p99 ms of processor | p50 kB | max kB |\n"
        "|---:|---:|---:|---:|---:|---:|---:|---:|\n");
    Rng rng(o.seed);
    for (std::uint32_t z = 0; z <= 18; ++z) {
        if (o.zoom >= 0 && z != static_cast<std::uint32_t>(o.zoom)) continue;
        std::vector<double> ms, cpu, kb;
        for (std::size_t i = 0; i < o.tiles; ++i) {
            const TileAddress at = tile_with(place(world, rng.below(world.size())), z);
            const auto start = Clock::now();
            const double begin = cpu_ms();
            const Bytes mvt = formats::tile(picture, at, moment);
            cpu.push_back(cpu_ms() - begin);
            ms.push_back(ms_since(start));
            kb.push_back(static_cast<double>(mvt.size()) / 1000);
        }
        std::printf("| %u | %zu | %.2f | %.2f | %.2f | %.2f | %.1f | %.1f |\n", z, o.tiles,
                    share(ms, 0.5), share(ms, 0.99), share(ms, 1), share(cpu, 0.99), share(kb, 0.5),
                    share(kb, 1));
        std::fflush(stdout);
    }
    std::printf("\n");
}

/// One amendment after the other, each in a picture of its own.
void changes(const World& world, Register& said, std::shared_ptr<const Picture> picture) {
    std::vector<double> us;
    for (std::size_t i = 0; i < Picture::delta_max; ++i) {
        const view::Slot slot = said.say(i * 97 % world.size(), 2, place(world, i));
        const view::View view = said.view();
        const auto start = Clock::now();
        picture = picture->with(view, {&slot, 1});
        us.push_back(ms_since(start) * 1e3);
    }
    std::printf(
        "* one change, with the picture before it kept: median %.0f µs over %zu, the last "
        "%.0f µs\n",
        share(us, 0.5), us.size(), us.back());
    const auto start = Clock::now();
    std::size_t bytes = 0;
    for (int i = 0; i < 20; ++i) bytes += formats::tile(*picture, {0, 0, 0}, moment).size();
    std::printf("* tile 0/0/0 after all of them: %.2f ms, %.1f kB\n", ms_since(start) / 20,
                static_cast<double>(bytes) / 20e3);
}

void run(const Options& o) {
    const World world = world_of(o);
    Register said;
    for (std::size_t i = 0; i < world.size(); ++i) said.say(i, 1, place(world, i));
    std::fprintf(stderr, "  %zu records\n", world.size());
    std::printf("### tiles: %zu records, set `%s`, seed %llu\n\n", world.size(), o.set.c_str(),
                static_cast<unsigned long long>(o.seed));
    const auto start = Clock::now();
    const std::shared_ptr<const Picture> picture = Picture::build(said.view(), moment);
    std::printf("* picture built in %.2f s on one core\n", ms_since(start) / 1e3);
    zooms(o, world, *picture);
    changes(world, said, picture);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    entente::bench::Options o;
    CLI::App app("Vector tiles of a large register; see bench/README.md.");
    app.add_option("--entries", o.entries, "records (1,000,000)");
    app.add_option("--tiles", o.tiles, "tiles a zoom (300)");
    app.add_option("--seed", o.seed, "of the data and the tiles (1)");
    app.add_option("--zoom", o.zoom, "only this one");
    app.add_option("--set", o.set, "points, wide or shapes (points)");
    CLI11_PARSE(app, argc, argv);
    entente::bench::run(o);
    return 0;
}

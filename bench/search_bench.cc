// SPDX-License-Identifier: Apache-2.0
// The search index over one register of very many reports and incidents, their texts in several
// scripts and their places in towns all over the world: how long it takes to make, what it
// occupies, how long a question takes, and a change. One thread. Writes Markdown to standard
// output.
//
//     search_bench [REPORTS] [INCIDENTS]      1,000,000 and 100,000 unless given
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numbers>

#include "base/random.h"
#include "base/sha256.h"
#include "registry/registry.h"
#include "search/index.h"

namespace entente::bench {
namespace {

const Instant now = instant(1'800'000'000'000);

// Seventy words that many texts have, in the scripts that they come in.
const std::vector<std::string> common = {
    "the",        "of",       "and",          "near",         "road",     "bridge",  "hospital",
    "convoy",     "seen",     "moving",       "north",        "south",    "village", "shelling",
    "damage",     "reported", "civilians",    "school",       "market",   "water",   "vers",
    "hôpital",    "détruit",  "blessés",      "около",        "больница", "мост",    "дорога",
    "обстрел",    "школа",    "колонна",      "село",         "разрушен", "жители",  "قرب",
    "مستشفى",     "جسر",      "طريق",         "قصف",          "مدرسة",    "سوق",     "قرية",
    "مدنيين",     "دمار",     "近",           "医院",         "桥梁",     "学校",    "村庄",
    "炮击",       "平民",     "道路",         "בית",          "ספר",      "גשר",     "כביש",
    "νοσοκομείο", "γέφυρα",   "σχολείο",      "δρόμος",       "hastane",  "köprü",   "okul",
    "yol",        "köy",      "пострадавшие", "спостерігали", "міст",     "лікарня", "дорозі"};

constexpr std::size_t rare_count = 120'000;
constexpr std::size_t towns = 20'000;

/// Names that few texts have: syllables, some in Cyrillic or Arabic letters.
std::string rare_word(std::size_t number) {
    static const char* const latin[] = {"ka", "bu", "ri", "so", "na", "te", "mo", "lu",
                                        "ha", "zi", "do", "re", "fa", "gu", "li", "wa"};
    static const char* const cyrillic[] = {"ка", "бу", "ри", "со", "на", "те", "мо", "лу",
                                           "ха", "зи", "до", "ре", "фа", "гу", "ли", "ва"};
    static const char* const arabic[] = {"كا", "بو", "ري", "سو", "نا", "تي", "مو", "لو",
                                         "ها", "زي", "دو", "را", "فا", "غو", "لي", "وا"};
    const char* const* const of = number % 5 == 0 ? cyrillic : number % 5 == 1 ? arabic : latin;
    std::string out;
    for (std::size_t rest = number + 4096; rest > 0; rest /= 16) out += of[rest % 16];
    return out;
}

/// Zipf-like: the first are the most frequent.
std::size_t skewed(Rng& rng, std::size_t count) {
    return static_cast<std::size_t>(std::pow(static_cast<double>(count) + 1, rng.unit())) - 1;
}

class World {
  public:
    explicit World(std::uint64_t seed) : rng_(seed), registry_(charter(), PartyId{"un"}) {
        logs_ = {0, registry_.add_log({"bench/fr"}, PartyId{"fr"}),
                 registry_.add_log({"bench/ru"}, PartyId{"ru"})};
        for (std::size_t i = 0; i < towns; ++i) {
            towns_.push_back({static_cast<std::int32_t>(rng_.between(-5.5e8, 7e8)),
                              static_cast<std::int64_t>(rng_.between(-1.8e9, 1.8e9))});
        }
    }
    Rng& rng() { return rng_; }
    const registry::Snapshot& snapshot() {
        registry_.settle();
        return registry_.snapshot();
    }
    geo::LatLng somewhere() {
        geo::LatLng out = towns_[skewed(rng_, towns)];
        const double far = 50'000 * -std::log(1 - rng_.unit());  // 1e-7 degrees
        const double to = rng_.between(0, 2 * std::numbers::pi);
        out.lat_e7 += static_cast<std::int32_t>(far * std::cos(to));
        out.lng_e7 += static_cast<std::int64_t>(far * std::sin(to));
        return out;
    }
    std::string common_word() { return common[skewed(rng_, common.size())]; }
    std::string some_rare_word() { return rare_word(rng_.below(rare_count)); }

    void say(bool incident) {
        const std::uint64_t index = next_++;
        const std::size_t party = index % 2 == 0 ? 0 : 1 + index / 2 % 2;
        static const char* const names[] = {"un", "fr", "ru"};
        registry::Understood out;
        const Hash secret = sha256("s" + std::to_string(index));
        const Origin origin{std::string("bench/") + names[party]};
        out.position = {{index}, sha256("l" + std::to_string(index))};
        out.opened = 5;
        out.head.emplace();
        out.head->keys = {"bench", origin, statement::record_id(origin, secret), 1};
        out.head->secret = secret;
        out.head->act = statement::act::add;
        out.head->protects = false;
        out.head->time = now - std::chrono::seconds(rng_.below(100'000'000));
        statement::Dealt said = a_report(out.head->time);
        if (incident) said = an_incident(out.head->time);
        out.head->kind = kind_of(said);
        out.dealt = std::make_shared<const statement::Dealt>(std::move(said));
        registry_.apply(logs_[party], out);
    }

  private:
    static statement::Charter charter() {
        statement::Charter out;
        out.id = "bench";
        out.terms = statement::default_terms();
        for (const char* party : {"un", "fr", "ru"}) {
            statement::CharterParty one;
            one.id = PartyId{party};
            out.parties.push_back(one);
        }
        return out;
    }
    std::string text(std::size_t words) {
        std::string out;
        for (std::size_t i = 0; i < words; ++i) {
            if (i > 0) out += ' ';
            out += rng_.below(3) == 0 ? rare_word(skewed(rng_, rare_count)) : common_word();
        }
        return out;
    }
    std::vector<geo::Place> place() {
        if (rng_.below(20) == 0) return {};
        geo::Place out;
        out.volume.shape = geo::Circle{somewhere(), {static_cast<std::int64_t>(rng_.below(5000))}};
        return {out};
    }
    statement::Grade grade() {
        return {static_cast<char>('A' + rng_.below(6)), static_cast<char>('1' + rng_.below(6))};
    }
    statement::Report a_report(Instant time) {
        statement::Report out;
        out.topic = text(3);
        out.text = text(20);
        out.from = time - std::chrono::hours(1 + rng_.below(100));
        out.until = *out.from + std::chrono::minutes(10);
        out.volumes = place();
        out.grade = grade();
        out.contact = "desk";
        return out;
    }
    statement::Incident an_incident(Instant time) {
        statement::Incident out;
        out.sort = "shelling";
        out.text = text(30);
        out.from = time - std::chrono::hours(1 + rng_.below(100));
        out.until = *out.from + std::chrono::hours(24);
        out.volumes = place();
        out.objects = {{{}, text(3), "hospital"}};
        out.grade = grade();
        out.contact = "desk";
        return out;
    }

    Rng rng_;
    registry::Registry registry_;
    std::vector<registry::LogNumber> logs_;
    std::vector<geo::LatLng> towns_;
    std::uint64_t next_ = 0;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Of this thread on a processor: on a busy machine the wall's time is others' too.
double processor_ms() {
    timespec now_is{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now_is);
    return static_cast<double>(now_is.tv_sec) * 1e3 + static_cast<double>(now_is.tv_nsec) / 1e6;
}

/// Both clocks of what was done, sorted apart.
class Times {
  public:
    template <class Act>
    void add(Act act) {
        const auto wall = std::chrono::steady_clock::now();
        const double processor = processor_ms();
        act();
        processor_.push_back(processor_ms() - processor);
        wall_.push_back(seconds_since(wall) * 1e3);
    }
    void print(const char* name, double found) {
        std::sort(wall_.begin(), wall_.end());
        std::sort(processor_.begin(), processor_.end());
        const std::size_t n = wall_.size();
        std::printf("| %s | %.2f | %.2f | %.2f | %.2f | %.0f |\n", name, processor_[n / 2],
                    processor_[n * 99 / 100], wall_[n / 2], wall_[n * 99 / 100], found);
        std::fflush(stdout);
    }

  private:
    std::vector<double> wall_, processor_;
};

double resident_mib() {
    std::ifstream file("/proc/self/statm");
    double size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576;
}

geo::Place around(geo::LatLng centre, double metres) {
    geo::Place out;
    out.volume.shape = geo::Circle{centre, {static_cast<std::int64_t>(metres * 10)}};
    return out;
}

using Make = std::function<watch::Question(World&, search::Index&)>;

watch::Question of_words(search::Index& index, const std::string& text) {
    watch::Question out;
    out.words = *index.words_of(text);
    return out;
}

void measure(const char* name, World& world, search::Index& index, const Make& make) {
    constexpr int questions = 1000;
    Times times;
    double found = 0;
    for (int i = 0; i < questions; ++i) {
        const watch::Question question = make(world, index);
        const watch::Looking looking{watch::Reading::exact,
                                     i % 2 == 0 ? view::Depth::exact : view::Depth::coarse};
        search::Found answer;
        times.add([&] { answer = index.find(watch::Asked(question), looking, {}, now); });
        found += static_cast<double>(answer.total);
    }
    times.print(name, found / questions);
}

void measure_all(World& world, search::Index& index) {
    std::printf(
        "| question | p50 ms | p99 ms | p50 by the wall | p99 by the wall | found, mean "
        "|\n|---|---:|---:|---:|---:|---:|\n");
    measure("a rare word", world, index,
            [](World& w, search::Index& i) { return of_words(i, w.some_rare_word() + " "); });
    measure("a common word", world, index,
            [](World& w, search::Index& i) { return of_words(i, w.common_word() + " "); });
    measure("two common words", world, index, [](World& w, search::Index& i) {
        return of_words(i, w.common_word() + " " + w.common_word() + " ");
    });
    measure("a common word and a rare one, begun", world, index, [](World& w, search::Index& i) {
        const std::string rare = w.some_rare_word();
        return of_words(i, w.common_word() + " " + rare.substr(0, rare.size() / 4 * 2));
    });
    measure("two letters, begun", world, index, [](World& w, search::Index& i) {
        return of_words(i, rare_word(w.rng().below(rare_count) * 5 + 2).substr(0, 2));
    });
    for (const double metres : {2'000.0, 50'000.0, 500'000.0}) {
        const std::string title =
            "within " + std::to_string(static_cast<int>(metres / 1000)) + " km of a place";
        measure(title.c_str(), world, index, [metres](World& w, search::Index&) {
            watch::Question out;
            out.area = {around(w.somewhere(), metres)};
            return out;
        });
    }
    measure("a common word within 50 km, in a month, B2", world, index,
            [](World& w, search::Index& i) {
                watch::Question out = of_words(i, w.common_word() + " ");
                out.area = {around(w.somewhere(), 50'000)};
                const Instant from = now - std::chrono::hours(24 * w.rng().below(1000));
                out.window = {from, from + std::chrono::hours(24 * 30)};
                out.source = 'B';
                out.information = '2';
                return out;
            });
    measure("everything of one party in a month", world, index, [](World& w, search::Index&) {
        watch::Question out;
        out.parties = {PartyId{w.rng().below(2) == 0 ? "fr" : "un"}};
        const Instant from = now - std::chrono::hours(24 * w.rng().below(1000));
        out.window = {from, from + std::chrono::hours(24 * 30)};
        return out;
    });
}

void run(std::size_t reports, std::size_t incidents) {
    World world(1);
    for (std::size_t i = 0; i < reports + incidents; ++i) {
        world.say(i % ((reports + incidents) / incidents) == 0);
    }
    (void)world.snapshot();
    const double before = resident_mib();
    search::Index index;
    const double begin = processor_ms();
    double longest = 0;
    const registry::Snapshot snapshot = world.snapshot();
    search::Progress done;
    for (;;) {
        const double part = processor_ms();
        done = done.all == 0 ? index.follow(snapshot, 500, now) : index.more(500, now);
        const bool whole = done.whole();
        longest = std::max(longest, (processor_ms() - part) / 1e3);
        if (whole) break;
    }
    const double took = (processor_ms() - begin) / 1e3;
    const search::Held held = index.held();
    std::printf(
        "%zu things, %zu words, %zu entries of words; made in %.1f s of a processor (the longest "
        "part "
        "%.2f s); %.0f MiB beside the register's %.0f\n\n",
        held.things, held.words, held.entries, took, longest, resident_mib() - before, before);
    measure_all(world, index);
    Times times;
    for (int i = 0; i < 200; ++i) {
        world.say(false);
        const registry::Snapshot& snapshot = world.snapshot();
        times.add([&] { (void)index.follow(snapshot, 500, now); });
    }
    times.print("one thing more, until it is found", 1);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    const std::size_t reports = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
    const std::size_t incidents = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 100'000;
    entente::bench::run(reports, incidents);
}

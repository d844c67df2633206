// SPDX-License-Identifier: Apache-2.0
#include "sim/world.h"

#include "sim/checks.h"
#include "sim/remember.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

statement::CharterTerms terms(Rng& rng) {
    auto out = statement::default_joint_terms();
    out.reduce_delay = rng.below(2) == 0 ? Duration(5min) : Duration(1h);
    out.stop_next_desk = rng.below(2) == 0 ? Duration(1min) : Duration(2min);
    out.stop_escalate = rng.below(2) == 0 ? Duration(4min) : Duration(10min);
    return out;
}

/// At noon, or a while before a date, a year or a leap day begins.
Instant begin_of(Rng& rng) {
    constexpr const char* moments[] = {"2015-11-26T12:00:00Z", "2015-11-26T23:45:00Z",
                                       "2015-12-31T23:45:00Z", "2016-02-28T23:45:00Z"};
    return parse_rfc3339(moments[rng.below(4)]).value();
}

std::vector<std::string> names(Rng& rng, Theme theme) {
    std::vector<std::string> out{"fr", "msf", "ru", "un"};
    while (theme == Theme::known && out.size() < 20) {
        out.push_back(std::string("z") + static_cast<char>('a' + out.size()));
    }
    if (theme == Theme::known) return out;
    if (rng.below(4) == 0) out.push_back("us");
    return out;
}

}  // namespace

World::World(std::uint64_t seed, Theme theme)
    : theme_(theme), rng_(seed * 0x9E3779B97F4A7C15u + 1) {
    forget_signatures();
    const auto parties = names(rng_, theme);
    founders_ = found(parties, terms(rng_), rng_.next());
    now_ = begin_of(rng_);
    drop_ = rng_.between(0, 0.15);
    twice_ = rng_.between(0, 0.1);
    late_ = rng_.between(0, 0.05);
    month_ = rng_.below(8) == 0;
    std::uint64_t kind = rng_.below(4);  // 0: one lies, 1: one is two
    if (theme == Theme::known) kind = 2;
    fork_ = kind == 1;
    if (kind == 0) liar_.set(rng_.between(0.02, 0.5));
    for (std::size_t i = 0; i < parties.size(); ++i) {
        Seat seat;
        seat.party = std::make_unique<Party>(founders_, i, rng_.next());
        seat.founder = i;
        seat.honest = i != 0 || kind > 1;
        seat.camp = !fork_ ? 0 : i < 2 ? 1 : 2;
        seats_.push_back(std::move(seat));
    }
    if (fork_) {
        Seat second;
        second.party = std::make_unique<Party>(founders_, 0, rng_.next());
        second.honest = false;
        second.camp = 2;
        seats_.push_back(std::move(second));
    }
    for (std::size_t i = 0; i < parties.size(); ++i) {
        Reach one;
        for (const char* desk : duty_desks) {
            if (chance(0.6)) one.held.insert(desk);
        }
        one.addressed = chance(0.8);
        const std::size_t relay = rng_.below(parties.size());
        if (relay != i) one.relay = relay;
        reach_.push_back(std::move(one));
    }
    for (Seat& seat : seats_) {
        seat.listener = std::make_unique<Listener>(
            *seat.party, founders_.parties[(seat.founder + 1) % parties.size()].id);
        seat.skew = between(-50s, 50s);
        seat.links.resize(seats_.size());
        seat.party->stop();
        start(seat);
    }
}

World::~World() = default;

Outcome World::run() {
    const Instant begin = now_;
    if (fork_) {
        // Each camp sees its own branch first.
        ++out_.partitions;
        for (std::size_t i = 0; i < seats_.size(); ++i) {
            if (seats_[i].camp == 2) cut_ |= std::uint64_t{1} << i;
        }
        run_until(now_ + between(3min, 6min));
        cut_ = 0;
    }
    after(10s, [this] { act(); });
    after(20s, [this] { trouble(); });
    after(between(30s, 3min), [this] { partition(); });
    after(15s, [this] { show_head(); });
    after(1min, [this] { send_stick(); });
    after(1min, [this] { read_notices(); });
    while (out_.failure.empty() && goes_on()) {
        if (now_ > begin + 24h * 90) failed("the world does not get on");
        if (!step()) break;
    }
    heal();
    out_.step = sequence_;
    out_.witnessed = words_.size();
    out_.parties = founders_.parties.size();
    return out_;
}

/// A seed is about something: where parties come late, much is carried before much is said.
bool World::goes_on() const {
    constexpr std::uint64_t messages = 2000, crashes = 5, questions = 101, words = 90;
    if (theme_ == Theme::known && out_.statements < words) return true;
    return out_.delivered < messages || out_.crashes < crashes || out_.partitions == 0 ||
           out_.asked < questions || cut_ != 0 || month_;
}

/// Everything works again, nobody says anything more, and all that is owed gets through.
void World::heal() {
    if (!out_.failure.empty()) return;
    healing_ = true;
    drop_ = twice_ = late_ = 0;
    cut_ = 0;
    pace_ = 1;
    for (Seat& seat : seats_) {
        seat.party->kill().disarm();
        seat.party->faults().work();
        if (!seat.party->running()) start(seat);
    }
    // First all that was under way is given up, then everybody asks at once: who failed just now
    // would wait for minutes, as it should in a world that may still be broken.
    run_until(now_ + 30s);
    wake_all();
    run_until(now_ + 6min);
    // What keepers of parcels sign comes minutes later, and is acknowledged with a beat after it.
    for (int i = 0; i < 30 && !Checks(*this).all_acknowledged(); ++i) run_until(now_ + 1min);
    if (out_.failure.empty()) Checks(*this).at_the_end();
}

void World::failed(const std::string& what) {
    if (!out_.failure.empty()) return;
    out_.failure = what + " (" + format_rfc3339(now_) + ")";
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// Time and mail: events in order of (time, sequence), and questions and answers on their way.
#include "base/encode.h"
#include "base/sha256.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

constexpr Duration poll_every = 20s;
constexpr Duration patience = 20s;
constexpr std::uint64_t in_flight_max = 500;

}  // namespace

void World::after(Duration wait, std::function<void()> event) {
    events_.emplace(std::pair(now_ + wait, ++sequence_), std::move(event));
}

/// One event; false when there is none, or something did not hold.
bool World::step() {
    if (events_.empty() || !out_.failure.empty()) return false;
    auto next = events_.extract(events_.begin());
    now_ = std::max(now_, next.key().first);
    next.mapped()();
    if (in_flight_ > in_flight_max) failed("mail piles up");
    return out_.failure.empty();
}

void World::run_until(Instant end) {
    while (!events_.empty() && events_.begin()->first.first <= end) {
        if (!step()) return;
    }
    now_ = std::max(now_, end);
}

/// Of a party that is two, each side sees one.
bool World::linked(std::size_t a, std::size_t b) const {
    const Seat &one = seats_[a], &other = seats_[b];
    if (one.founder == other.founder) return false;
    return (one.honest && other.honest) || one.camp == other.camp;
}

bool World::cut(std::size_t a, std::size_t b) const { return ((cut_ >> a ^ cut_ >> b) & 1) != 0; }

void World::carry(std::size_t from, std::size_t to, const std::function<void()>& arrive) {
    if (cut(from, to) || chance(drop_)) return;
    const int copies = chance(twice_) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
        ++in_flight_;
        const Duration wait = chance(late_) ? between(5s, 90s) : between(5ms, 900ms);
        after(wait, [this, from, to, arrive] {
            --in_flight_;
            if (cut(from, to) || !seats_[to].party->running()) return;
            ++out_.delivered;
            arrive();
        });
    }
}

/// Everybody looks at the clock anew: after a start, and when the pace of the world changes.
void World::wake_all() {
    ++epoch_;
    for (Seat& seat : seats_) {
        if (seat.party->running()) wake(seat);
    }
}

void World::wake(Seat& seat) {
    const std::size_t self = number(seat);
    const auto [epoch, life] = std::pair(epoch_, seat.life);
    after(between(1ms, 2s), [this, self, epoch, life] { tick(self, epoch, life); });
    for (std::size_t other = 0; other < seats_.size(); ++other) {
        if (!linked(self, other)) continue;
        seat.links[other].follow->hurry();
        after(between(1ms, 2s), [this, self, other, epoch, life] {
            if (epoch == epoch_ && life == seats_[self].life) poke(self, other);
        });
    }
}

void World::poke(std::size_t asker, std::size_t asked) {
    Seat& seat = seats_[asker];
    Link& link = seat.links[asked];
    if (!seat.party->running() || link.asked != 0) return;
    if (const auto question = link.follow->next(clock(seat))) return ask(asker, asked, *question);
    Duration wait = std::max<Duration>(link.follow->due() - clock(seat), 1ms);
    if (pace_ > 1) wait = std::max<Duration>(wait, poll_every * pace_);
    after(wait, [this, asker, asked, epoch = epoch_, life = seat.life] {
        if (epoch == epoch_ && life == seats_[asker].life) poke(asker, asked);
    });
}

void World::ask(std::size_t asker, std::size_t asked, const node::Step& question) {
    Seat& seat = seats_[asker];
    const std::uint64_t id = ++questions_, life = seat.life;
    seat.links[asked].asked = id;
    carry(asker, asked, [=, this] { answer(asker, asked, id, life, question); });
    after(patience, [=, this] {
        Seat& again = seats_[asker];
        Link& link = again.links[asked];
        if (again.life != life || link.asked != id || !again.party->running()) return;
        link.asked = 0;
        link.follow->take(fail(Errc::unavailable, "no answer came"), clock(again));
        poke(asker, asked);
    });
}

void World::answer(std::size_t asker, std::size_t asked, std::uint64_t id, std::uint64_t life,
                   const node::Step& question) {
    Seat& seat = seats_[asked];
    auto body = seat.party->exchange().answer(seats_[asker].party->id(), question.path);
    Result<node::StepAnswer> out;
    if (body) {
        const std::string etag = to_hex(sha256(*body).view());
        const bool same = etag == question.etag;
        out = node::StepAnswer{same, etag, same ? Bytes() : std::move(*body)};
    } else {
        out = tl::unexpected(body.error());
    }
    if (!seat.honest && !fork_) {
        out = liar_.instead(question.path, std::move(out), rng_, out_.lies);
    }
    // Shared by the copies that may arrive.
    const auto sent = std::make_shared<const Result<node::StepAnswer>>(std::move(out));
    carry(asked, asker, [=, this] { take(asker, asked, id, life, *sent); });
}

void World::take(std::size_t asker, std::size_t asked, std::uint64_t id, std::uint64_t life,
                 const Result<node::StepAnswer>& answer) {
    Seat& seat = seats_[asker];
    Link& link = seat.links[asked];
    if (seat.life != life) return;
    const bool expected = link.asked == id;
    if (!expected && link.asked != 0) return;  // an edge tells answers apart
    link.asked = 0;
    // To nothing that was asked: the node itself must not care.
    guarded(seat, [&] { link.follow->take(answer, clock(seat)); });
    if (!seat.party->running()) return;
    Checks(*this).after(seat);
    tell(seat, {});
    if (!seat.party->running()) return;
    if (expected) poke(asker, asked);
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// What happens to the parties and what they do: ticks, deaths in the middle of a write, partitions,
// and statements.
#include "node/exchange.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

constexpr Duration tick_every = 30s;
constexpr Duration act_every = 12s;
constexpr double roads_share = 0.4;  // of what is said

}  // namespace

/// Work of a node that may die in it.
void World::guarded(Seat& seat, const std::function<void()>& work) {
    try {
        work();
    } catch (const Killed&) {
        crash(seat);
    }
}

void World::crash(Seat& seat) {
    ++out_.crashes;
    ++seat.life;
    for (Link& link : seat.links) {
        link.follow.reset();
        link.asked = 0;
    }
    seat.listener->stop();
    seat.party->stop();
    seat.party->kill().disarm();
    const std::uint64_t life = seat.life;
    after(between(1s, 90s), [this, self = number(seat), life] {
        if (seats_[self].life == life) start(seats_[self]);
    });
}

void World::start(Seat& seat) {
    ++seat.life;
    Result<void> started;
    guarded(seat, [&] { started = seat.party->start(); });
    if (!started) {
        return failed(seat.party->id().v + " does not start: " + started.error().detail);
    }
    if (!seat.party->running()) return;  // it died once more
    if (seat.if_stored && seat.party->node().log().size() > seat.size_before) seat.if_stored();
    seat.if_stored = nullptr;
    for (std::size_t other = 0; other < seats_.size(); ++other) {
        if (!linked(number(seat), other)) continue;
        seat.links[other].follow.emplace(seat.party->exchange(), seats_[other].party->id(), 20s);
    }
    wake(seat);
    Checks(*this).after(seat);
    guarded(seat, [&] { started = seat.listener->start(clock(seat)); });
    if (!started && started.error().code != Errc::unavailable) {
        failed(seat.party->id().v + " cannot go on telling: " + started.error().detail);
    }
}

void World::tick(std::size_t self, std::uint64_t epoch, std::uint64_t life) {
    Seat& seat = seats_[self];
    if (epoch != epoch_ || life != seat.life) return;
    Result<void> done;
    guarded(seat, [&] { done = seat.party->exchange().tick(clock(seat)); });
    if (!done && seat.honest && done.error().code != Errc::unavailable)
        failed(seat.party->id().v + ": tick: " + done.error().detail);
    if (!seat.party->running()) return;
    Checks(*this).after(seat);
    tell(seat, {});
    if (!seat.party->running()) return;
    after(tick_every * pace_, [=, this] { tick(self, epoch, life); });
}

/// Somebody dies: at once, or at one of the next writes, which is kept or lost.
void World::trouble() {
    if (healing_) return;
    Seat& seat = seats_[rng_.below(seats_.size())];
    if (seat.party->running()) {
        if (chance(0.3)) {
            // Kept or not, and the process lives on.
            constexpr store::Fault kinds[] = {store::Fault::not_persisted, store::Fault::persisted,
                                              store::Fault::disk_full};
            seat.party->faults().fail_commit(rng_.below(6), kinds[rng_.below(3)]);
            ++out_.faults;
        } else if (chance(0.25))
            crash(seat);
        else
            seat.party->kill().arm(rng_.below(8), chance(0.5));
    }
    after(between(30s, 2min) * pace_, [this] { trouble(); });
}

void World::partition() {
    if (healing_) return;
    if (cut_ != 0) {
        cut_ = 0;
        if (pace_ > 1) {
            pace_ = 1;
            wake_all();
        }
        after(between(1min, 5min), [this] { partition(); });
        return;
    }
    ++out_.partitions;
    const std::uint64_t all = (std::uint64_t{1} << seats_.size()) - 1;
    cut_ = 1 + rng_.below(all - 1);
    Duration lasts = between(30s, 4min);
    if (month_) {
        month_ = false;
        lasts = 24h * 30;
        pace_ = 2880;  // a day where it was 30 s
        wake_all();
    }
    after(lasts, [this] { partition(); });
}

void World::act() {
    if (healing_) return;
    after(act_every * pace_, [this] { act(); });
    Seat& seat = seats_[rng_.below(seats_.size())];
    if (!seat.party->running()) return;
    Checks(*this).ask();
    Checks(*this).ask_road();
    if (!seat.party->node().halted().empty()) return;  // a liar that was found out
    const std::uint64_t what = rng_.below(10);
    if (chance(roads_share))
        say_road(seat);
    else if (what < 4)
        say_new(seat);
    else if (what < 9)
        say_next(seat);
    else
        release_later(seat);
    if (rng_.below(10) == 0) Checks(*this).thorough();
}

/// The last two always get the same, and all that either says: what they hold must be equal.
std::map<PartyId, node::Tier> World::some_audience(const Seat& seat) {
    std::map<PartyId, node::Tier> out;
    const std::size_t first_twin = founders_.parties.size() - 2;
    const auto tier = [&] { return static_cast<node::Tier>(rng_.below(4)); };
    const node::Tier twins = seat.founder >= first_twin ? node::Tier::exact : tier();
    for (std::size_t i = 0; i < founders_.parties.size(); ++i) {
        if (i == seat.founder) continue;
        const node::Tier one = i >= first_twin ? twins : tier();
        if (one != node::Tier::none) out[founders_.parties[i].id] = one;
    }
    return out;
}

std::optional<RecordId> World::one_of(const Seat& seat, bool moves) {
    std::vector<RecordId> own;
    for (const auto& [id, told] : book_.records()) {
        if (told.author == number(seat) && !told.newer && told.moves == moves) own.push_back(id);
    }
    if (own.empty()) return std::nullopt;
    return own[rng_.below(own.size())];
}

void World::say(Seat& seat, const node::Draft& draft, const RecordId* record,
                Book::Meaning meaning) {
    Party& party = *seat.party;
    const registry::Record* before = nullptr;
    if (record != nullptr) {
        const auto slot = party.node().snapshot().find(*record);
        if (!slot) return failed(party.id().v + " has lost its own record " + record->text());
        before = &party.node().snapshot().at(*slot);
    }
    auto composed = node::compose(party.author(), draft, before, clock(seat), party.rng().bytes());
    const bool moves = meaning.kind == statement::movement_kind;
    if (!composed && moves) {
        return failed(party.id().v + " cannot say '" + meaning.act +
                      "' of a movement: " + composed.error().detail);
    }
    if (!composed) return;  // a move that is no move, and the like: nothing was said
    if (!moves && meaning.kind != statement::protection_kind) {
        composed = party.as_kind(*composed, meaning.kind);
        if (!composed) return failed("a statement of a newer kind: " + composed.error().detail);
    }
    meaning.author = number(seat);
    meaning.record = composed->id;
    seat.size_before = party.node().log().size();
    const EntryIndex entry{seat.size_before.v};
    seat.if_stored = [this, meaning, entry] {
        book_.say(meaning, entry);
        ++out_.statements;
        out_.legs += meaning.legs.size();
    };
    node::Batch batch;
    batch.statements.push_back(std::move(*composed));
    Result<node::Receipt> said;
    guarded(seat, [&] {
        said = party.exchange().log(std::move(batch), {meaning.audience}, clock(seat));
    });
    if (!party.running()) return;
    if (said) seat.if_stored();
    seat.if_stored = nullptr;
    if (!said && said.error().code != Errc::unavailable) {
        failed(party.id().v + " cannot speak: " + said.error().detail);
    }
    const auto slot = party.node().snapshot().find(meaning.record);
    if (said && slot) tell(seat, {*slot});
}

void World::say_new(Seat& seat) {
    Book::Meaning meaning{number(seat), {}, act_name::add,      "protection",
                          sites_++,     0,  some_audience(seat)};
    meaning.radius_dm = static_cast<std::int64_t>(rng_.below(4000));
    // Never by one of the last two: of a kind that is not understood nobody can work the coarse
    // body out of the exact one, so the author would hold more than the other.
    const bool twin = seat.founder + 2 >= founders_.parties.size();
    if (!twin && chance(0.15)) meaning.kind = "enclave";
    say(seat, Checks::draft(meaning), nullptr, meaning);
}

void World::say_next(Seat& seat) {
    const auto record = one_of(seat, false);
    if (!record) return say_new(seat);
    const Told& told = book_.records().at(*record);
    Book::Meaning meaning{number(seat),   *record, act_name::amend, "protection", told.site,
                          told.radius_dm, {}};
    const std::uint64_t what = rng_.below(6);
    if (what == 0) meaning.radius_dm += 500;
    if (what == 1) meaning.radius_dm /= 2;
    if (what == 2) meaning.site = sites_++;
    if (what == 3) meaning.act = act_name::confirm;
    if (what == 4) meaning.act = act_name::confirm_move;
    if (what == 5) meaning.act = act_name::withdraw;
    if (what == 0 && chance(0.3)) {
        meaning.audience = some_audience(seat);
    }
    node::Draft draft = Checks::draft(meaning);
    if (meaning.act == act_name::confirm) draft.until = clock(seat) + 24h;
    say(seat, draft, &*record, meaning);
}

void World::release_later(Seat& seat) {
    const auto record = one_of(seat, chance(roads_share));
    // Never to the last two: they would not have the same for a while.
    const std::size_t to = rng_.below(founders_.parties.size() - 2);
    if (!record || to == seat.founder) return;
    const PartyId party = founders_.parties[to].id;
    const auto tier = static_cast<node::Tier>(1 + rng_.below(3));
    seat.size_before = seat.party->node().log().size();
    seat.if_stored = [this, record, party, tier] { book_.release(*record, party, tier); };
    Result<node::Receipt> done;
    guarded(seat,
            [&] { done = seat.party->exchange().release({*record}, party, tier, clock(seat)); });
    if (!seat.party->running()) return;
    if (done) seat.if_stored();
    seat.if_stored = nullptr;
    if (!done && done.error().code != Errc::refused && done.error().code != Errc::unavailable) {
        failed(seat.party->id().v + " cannot release: " + done.error().detail);
    }
}

}  // namespace entente::sim

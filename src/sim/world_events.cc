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
constexpr Duration act_every = 10s, act_every_of_twenty = 3s;

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
    seat.replying.reset();
    seat.urgents.reset();
    seat.calling.clear();
    seat.kept_seen.clear();
    seat.unanswered.clear();
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
    if (auto loaded = load_urgents(seat); !loaded) {
        return failed(seat.party->id().v + " cannot read its STOPs: " + loaded.error().detail);
    }
    if (seat.if_stored && seat.party->node().log().size() > seat.size_before) {
        seat.if_stored({seat.size_before.v});
    }
    seat.if_stored = nullptr;
    for (std::size_t other = 0; other < seats_.size(); ++other) {
        if (!linked(number(seat), other)) continue;
        seat.links[other].follow.emplace(seat.party->exchange(), seats_[other].party->id(), 20s);
    }
    wake(seat);
    Checks(*this).after(seat);
    const auto heard = [self = number(seat), this] { return seats_[self].urgents->heard(); };
    guarded(seat, [&] { started = seat.listener->start(clock(seat), heard); });
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
    if (seat.party->running()) mind_urgency(seat);
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
    after((theme_ == Theme::known ? act_every_of_twenty : act_every) * pace_, [this] { act(); });
    Seat& seat = seats_[rng_.below(seats_.size())];
    if (!seat.party->running()) return;
    Checks(*this).ask();
    Checks(*this).ask_road();
    Checks(*this).ask_plan();
    Checks(*this).ask_stop();
    Checks(*this).ask_talk();
    Checks(*this).ask_presence();
    Checks(*this).ask_known();
    if (!seat.party->node().halted().empty()) return;  // a liar that was found out
    say_something(seat);
    if (rng_.below(theme_ == Theme::known ? 50 : 10) == 0) Checks(*this).thorough();
}

void World::say_something(Seat& seat) {
    const bool everything = theme_ == Theme::everything;
    const std::pair<double, void (World::*)(Seat&)> parts[] = {
        {everything ? 0.20 : 0, &World::say_road},
        {everything ? 0.20 : 0, &World::say_plan},
        {everything ? 0.09 : 0, &World::say_of_stops},
        {everything ? 0.13 : 0, &World::say_talk},
        {0.12, &World::say_of_groups},
        {0.12, &World::say_known},
        {0.14, &World::say_of_places}};
    double share = rng_.unit() * (everything ? 1 : 0.38);
    for (const auto& [part, say] : parts) {
        if (share < part) return (this->*say)(seat);
        share -= part;
    }
    say_of_places(seat);
}

void World::say_of_places(Seat& seat) {
    const std::uint64_t what = rng_.below(10);
    if (what < 4)
        say_new(seat);
    else if (what < 9)
        say_next(seat);
    else
        release_later(seat);
}

/// The last two always get the same, and all that either says: what they hold must be equal.
std::map<PartyId, node::Tier> World::some_audience(const Seat& seat) {
    std::map<PartyId, node::Tier> out;
    const std::size_t first_twin = founders_.parties.size() - 2;
    const auto tier = [&] {
        return theme_ == Theme::known ? node::Tier::exact : static_cast<node::Tier>(rng_.below(4));
    };
    const node::Tier twins = seat.founder >= first_twin ? node::Tier::exact : tier();
    for (std::size_t i = 0; i < founders_.parties.size(); ++i) {
        if (i == seat.founder) continue;
        const node::Tier one = i >= first_twin ? twins : tier();
        if (one != node::Tier::none) out[founders_.parties[i].id] = one;
    }
    return out;
}

/// A record of its own that may be spoken of again.
std::optional<RecordId> World::one_of(const Seat& seat, const std::string& kind) {
    std::vector<RecordId> own;
    for (const auto& [id, told] : book_.records()) {
        if (told.author == number(seat) && told.kind == kind) own.push_back(id);
    }
    if (own.empty()) return std::nullopt;
    return own[rng_.below(own.size())];
}

/// Work that logs something; whether it did and the process lives. The book learns it in any case,
/// at the latest when the process is up again.
bool World::stored(Seat& seat, std::function<void(EntryIndex)> if_stored,
                   const std::function<Result<node::Receipt>()>& work) {
    seat.size_before = seat.party->node().log().size();
    seat.if_stored = std::move(if_stored);
    Result<node::Receipt> done;
    guarded(seat, [&] { done = work(); });
    if (!seat.party->running()) return false;
    if (done) seat.if_stored({seat.size_before.v});
    seat.if_stored = nullptr;
    if (!done && done.error().code != Errc::unavailable) {
        failed(seat.party->id().v + " cannot speak: " + done.error().detail);
    }
    return done.has_value();
}

/// What the statements mean is said beside each.
bool World::log(Seat& seat, std::vector<node::Composed> composed,
                std::vector<Book::Meaning> meanings) {
    node::Batch batch;
    std::vector<node::Audience> audiences;
    for (std::size_t i = 0; i < composed.size(); ++i) {
        meanings[i].author = number(seat);
        meanings[i].record = composed[i].id;
        meanings[i].leaf = composed[i].understood.position.leaf;
        audiences.push_back(meanings[i].audience);
        batch.statements.push_back(std::move(composed[i]));
    }
    const auto learn_all = [this, meanings](EntryIndex first) {
        for (std::size_t i = 0; i < meanings.size(); ++i) learn(meanings[i], {first.v + i});
    };
    const Instant now = clock(seat);
    return stored(seat, learn_all,
                  [&] { return seat.party->exchange().log(std::move(batch), audiences, now); });
}

void World::learn(const Book::Meaning& meaning, EntryIndex entry) {
    if (meaning.answered) Checks(*this).said_by_itself(*meaning.answered);
    if (meaning.call) Checks(*this).called(meaning);
    book_.say(meaning, entry);
    ++out_.statements;
    out_.legs += meaning.legs.size();
    if (meaning.kind == statement::activity_kind) ++out_.plans;
    if (meaning.kind == statement::objection_kind) ++out_.objections;
    if (meaning.stop) ++out_.stops;
    if (meaning.call && meaning.call->automatic) ++out_.calls;
    if (meaning.kind == statement::challenge_kind) ++out_.contests;
    if (meaning.kind == statement::message_kind) ++out_.messages;
    if (meaning.kind == statement::airspace_kind) ++out_.zones;
    if (meaning.known) ++out_.known;
    if (meaning.kind == statement::position_kind) ++out_.positions;
    if (meaning.kind == statement::presence_kind) ++out_.presences;
    if (meaning.answered && meaning.answered->automatic) {
        ++out_.replies;
        out_.named += meaning.answered->entries.size();
    }
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
    if (!composed &&
        (meaning.kind == statement::movement_kind || meaning.kind == statement::objection_kind ||
         meaning.kind == statement::stop_kind)) {
        return failed(party.id().v + " cannot say '" + meaning.act + "' of its " + meaning.kind +
                      ": " + composed.error().detail);
    }
    if (!composed) return;  // a move that is no move, and the like: nothing was said
    if (meaning.kind == newer_kind) {
        composed = party.as_kind(*composed, meaning.kind);
        if (!composed) return failed("a statement of a newer kind: " + composed.error().detail);
    }
    const RecordId id = composed->id;
    std::vector<node::Composed> one;
    one.push_back(std::move(*composed));
    if (!log(seat, std::move(one), {std::move(meaning)})) return;
    if (const auto slot = party.node().snapshot().find(id)) tell(seat, {*slot});
}

void World::say_new(Seat& seat) {
    // Now and then where something is already, an activity perhaps.
    const int site = sites_ > 0 && chance(0.25)
                         ? static_cast<int>(rng_.below(static_cast<std::uint64_t>(sites_)))
                         : sites_++;
    Book::Meaning meaning{number(seat), {}, act_name::add,      "protection",
                          site,         0,  some_audience(seat)};
    meaning.radius_dm = static_cast<std::int64_t>(rng_.below(4000));
    meaning.allows = chance(0.4);
    if (chance(0.8)) meaning.contact = "desk " + std::to_string(rng_.below(3));
    // Never by one of the last two: of a kind that is not understood nobody can work the coarse
    // body out of the exact one, so the author would hold more than the other.
    const bool twin = theme_ == Theme::known || seat.founder + 2 >= founders_.parties.size();
    if (!twin && chance(0.15)) meaning.kind = newer_kind;
    say(seat, Checks::draft(meaning), nullptr, meaning);
}

void World::say_next(Seat& seat) {
    const auto record = one_of(seat, statement::protection_kind);
    if (!record) return say_new(seat);
    const Told& told = book_.records().at(*record);
    Book::Meaning meaning{number(seat),   *record, act_name::amend, "protection", told.site,
                          told.radius_dm, {}};
    meaning.contact = told.contact;
    meaning.allows = told.allows;
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
    const char* const kinds[] = {
        statement::protection_kind, statement::movement_kind, statement::objection_kind,
        statement::activity_kind,   statement::stop_kind,     statement::airspace_kind,
        statement::challenge_kind,  statement::presence_kind, statement::position_kind,
        statement::group_kind,      statement::incident_kind, statement::report_kind};
    const auto record = one_of(seat, kinds[rng_.below(std::size(kinds))]);
    // Never to the last two: they would not have the same for a while.
    const std::size_t to = rng_.below(founders_.parties.size() - 2);
    if (!record || to == seat.founder) return;
    const PartyId party = founders_.parties[to].id;
    const bool opens = book_.records().at(*record).deals();
    const auto tier = opens ? node::Tier::exact : static_cast<node::Tier>(1 + rng_.below(3));
    const auto& given = book_.records().at(*record).given;
    const auto has = given.find(party);
    if (has != given.end() && (bits_of(tier) & ~has->second) == 0) return;
    const auto learn = [this, record, party, tier](EntryIndex) {
        book_.release(*record, party, tier);
    };
    const bool done = stored(seat, learn, [&] {
        return seat.party->exchange().release({*record}, party, tier, clock(seat));
    });
    if (!done) return;
    const auto slot = seat.party->node().snapshot().find(*record);
    tell(seat, slot ? std::vector<registry::Slot>{*slot} : std::vector<registry::Slot>());
}

}  // namespace entente::sim

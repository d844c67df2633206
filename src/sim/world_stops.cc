// SPDX-License-Identifier: Apache-2.0
// What the parties of a world say of STOPs: they say and lift them, answer them or do not, and tell
// of whom they reached by voice. What must be refused is tried too. How a STOP is carried is in
// world_calls.cc.
#include "node/compose_dealing.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

constexpr std::size_t stops_max = 3;  // of one party: each is called for long

}  // namespace

void World::say_of_stops(Seat& seat) {
    const std::vector<RecordId> own = stops_of(seat);
    const std::uint64_t what = rng_.below(10);
    if (what < 6 && answer_stop(seat)) return;
    if (own.empty() || (what < 8 && own.size() < stops_max)) return say_stop(seat);
    const RecordId& one = own[rng_.below(own.size())];
    switch (rng_.below(3)) {
        case 0: return lift_stop(seat, one);
        case 1: return say_what_is_no_stop(seat, one);
        default: tell_of_call(seat, one);
    }
}

std::vector<RecordId> World::stops_of(const Seat& seat) const {
    std::vector<RecordId> out;
    for (const auto& [id, stop] : book_.stops()) {
        if (stop.author == number(seat)) out.push_back(id);
    }
    return out;
}

std::size_t World::founder_of(const PartyId& party) const {
    const auto& all = founders_.parties;
    const auto is_it = [&](const Founder& one) { return one.id == party; };
    return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), is_it) - all.begin());
}

/// Of any other party, in the hours about now; its first desk is called at once.
void World::say_stop(Seat& seat) {
    const std::size_t others = founders_.parties.size() - 1;
    const std::size_t to = (seat.founder + 1 + rng_.below(others)) % (others + 1);
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::stop_kind;
    meaning.contact = "duty";
    meaning.audience = some_audience(seat);
    meaning.audience[founders_.parties[to].id] = node::Tier::exact;
    if (to + 2 >= founders_.parties.size()) tell_twins(seat, meaning.audience);
    StopSaid stop;
    stop.to = founders_.parties[to].id;
    stop.said = clock(seat);
    stop.volume = some_volume(seat);
    const std::size_t first = rng_.below(duty_desks.size());
    for (std::size_t n = 1 + rng_.below(duty_desks.size()), i = 0; i < n; ++i) {
        stop.desks.emplace_back(duty_desks[(first + i) % duty_desks.size()]);
    }
    meaning.stop = std::move(stop);
    node::Draft draft = Checks::stop(meaning);
    const auto seen = chance(0.3) ? activity_of_another(seat) : std::nullopt;
    if (seen) draft.protection.stop->activity = statement::Stopped{seen->id(), seen->leaf()};
    say(seat, draft, nullptr, std::move(meaning));
    if (seat.party->running()) begin_calls(seat);
}

void World::lift_stop(Seat& seat, const RecordId& record) {
    if (book_.stops().at(record).lifted) return say_what_is_no_stop(seat, record);
    Book::Meaning meaning;
    meaning.act = act_name::lift;
    meaning.kind = statement::stop_kind;
    if (chance(0.2)) meaning.audience = some_audience(seat);
    const node::Draft draft = Checks::stop(meaning);
    say(seat, draft, &record, std::move(meaning));
}

/// What a node refuses to say, whoever asks it to.
void World::say_what_is_no_stop(Seat& seat, const RecordId& record) {
    const StopSaid& before = book_.stops().at(record);
    Book::Meaning meaning;
    meaning.stop = before;
    meaning.act = before.lifted ? act_name::lift : act_name::amend;
    std::string what = before.lifted ? "lifts a STOP twice" : "amends a STOP";
    node::Draft draft = Checks::stop(meaning);
    bool anew = false;
    if (chance(0.5)) {
        anew = true;
        draft.act = act_name::add;
        statement::Stop& stop = *draft.protection.stop;
        switch (rng_.below(4)) {
            case 0:
                stop.text.clear();
                what = "says a STOP that does not say what is wrong";
                break;
            case 1:
                stop.desks.clear();
                what = "says a STOP to no desk";
                break;
            case 2:
                stop.desks.push_back(stop.desks.front());
                what = "says a STOP to one desk twice";
                break;
            default:
                draft.protection.where.front().buffer = Decimetres{100};
                what = "says a STOP around which there is a buffer";
        }
    }
    Party& party = *seat.party;
    const auto& snapshot = party.node().snapshot();
    const auto slot = snapshot.find(record);
    if (!slot) return failed(party.id().v + " has lost its own STOP " + record.text());
    if (node::compose(party.author(), draft, anew ? nullptr : &snapshot.at(*slot), clock(seat),
                      party.rng().bytes())) {
        return failed(party.id().v + " " + what);
    }
    ++out_.refused;
}

/// A person who was asked to stop says something, or one who was only told of it: that is no
/// answer. Whether there was anything to answer.
bool World::answer_stop(Seat& seat) {
    std::vector<RecordId> some;
    const bool asked = chance(0.8);
    for (const auto& [id, stop] : book_.stops()) {
        const bool to_it = stop.to == seat.party->id();
        if (to_it != asked || seats_[stop.author].founder == seat.founder) continue;
        if (Checks(*this).knows_stop(seat, id, stop.leaf)) some.push_back(id);
    }
    if (some.empty()) return false;
    const RecordId& one = some[rng_.below(some.size())];
    const StopSaid& stop = book_.stops().at(one);
    ++out_.answers;
    reply_to(seat, seats_[stop.author].party->id(), {one, stop.leaf},
             static_cast<statement::ReplyWord>(rng_.below(3)), false);
    return true;
}

/// What a person did to reach somebody, and whether they did: it moves no clock, but where somebody
/// answered.
void World::tell_of_call(Seat& seat, const RecordId& record) {
    using statement::AttemptOutcome;
    const StopSaid& stop = book_.stops().at(record);
    const bool reached = chance(0.3);
    statement::Attempt attempt;
    attempt.of = record;
    attempt.to = stop.leaf;
    attempt.desks = {stop.desks[rng_.below(stop.desks.size())]};
    attempt.at = clock(seat);
    attempt.tried = {{statement::Route::voice,
                      {},
                      reached ? AttemptOutcome::answered : AttemptOutcome::no_answer,
                      "EXERCISE"}};
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::attempt_kind;
    meaning.audience[stop.to] = node::Tier::exact;
    tell_twins(seat, meaning.audience);
    meaning.call = StopCall{record, {}, attempt.at, attempt.desks, false, false, reached};
    deal(seat,
         node::compose_attempt(seat.party->author(), std::move(attempt), "a.duty", clock(seat),
                               seat.party->rng().bytes()),
         std::move(meaning));
}

/// A dealing that its party may say; whether it was logged, and the process lives.
bool World::deal(Seat& seat, Result<node::Composed> made, Book::Meaning meaning) {
    if (!made) {
        failed(seat.party->id().v + " cannot say '" + meaning.act + "' of its " + meaning.kind +
               ": " + made.error().detail);
        return false;
    }
    std::vector<node::Composed> one;
    one.push_back(std::move(*made));
    if (!log(seat, std::move(one), {std::move(meaning)})) return false;
    tell(seat, {});
    return seat.party->running();
}

/// To who says something, and to nobody else.
bool World::reply_to(Seat& seat, const PartyId& to, const Version& of, statement::ReplyWord word,
                     bool automatic) {
    node::DueReply one{to, {}};
    one.reply.to = of.leaf;
    one.reply.of = of.record;
    one.reply.word = word;
    one.reply.automatic = automatic;
    if (!automatic) {
        one.reply.text = "EXERCISE";
        one.reply.contact = "floor";
    }
    std::vector<node::DueReply> due;
    due.push_back(std::move(one));
    if (!say_replies(seat, std::move(due), automatic ? "node" : "a.duty")) return false;
    tell(seat, {});
    return seat.party->running();
}

}  // namespace entente::sim

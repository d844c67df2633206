// SPDX-License-Identifier: Apache-2.0
// How the STOPs of a world are carried, as by a served node (net/caller.cc, net/desk_urgent.cc): at
// every tick a node calls whom the register says, over every route at once, and logs what came of
// it ten seconds later, if it is alive then; what it takes for another party it keeps, and carries
// on; what others keep for it it asks for.
#include "base/sha256.h"
#include "node/compose_dealing.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using statement::AttemptOutcome;
using statement::Route;

constexpr Duration route_max = 10s;

}  // namespace

/// A call that is under way. Shared by what is on its way.
struct World::Ringing {
    std::size_t author = 0, to = 0;  // seats
    std::uint64_t life = 0;          // of the author
    statement::Attempt attempt;
    PartyId called;
    Bytes of, box;
    bool ended = false;
};

Result<void> World::load_urgents(Seat& seat) {
    Party& party = *seat.party;
    TRY(loaded, node::Urgents::load({&party.node(), &party.exchange(), &party.writes(),
                                     &party.vault(), &party.keys(), party.rng().bytes()}));
    seat.urgents.emplace(std::move(loaded));
    return {};
}

/// The seat of this party that this one can reach; nothing where there is none.
std::optional<std::size_t> World::seat_of(std::size_t seen_from, std::size_t founder) const {
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        if (seats_[i].founder == founder && linked(seen_from, i)) return i;
    }
    return std::nullopt;
}

void World::mind_urgency(Seat& seat) {
    reply_to_stops(seat);
    if (seat.party->running()) begin_calls(seat);
    if (seat.party->running()) ask_for_kept(seat);
}

/// What the register has by now is heard no more; what fails is due again.
void World::settle_urgents(Seat& seat) {
    guarded(seat, [&] { (void)seat.urgents->settle(); });
}

void World::begin_calls(Seat& seat) {
    if (healing_ || !seat.party->node().halted().empty()) return;
    for (const RecordId& id : stops_of(seat)) {
        if (!out_.failure.empty()) return;
        node::Calling calling;
        const auto next = Checks(*this).next_call(seat, id, calling);
        if (!next || next->due > clock(seat) || !seat.calling.insert(id).second) continue;
        call(seat, calling, next->desks);
    }
}

void World::call(Seat& seat, const node::Calling& calling, const std::vector<std::string>& desks) {
    const std::size_t self = number(seat);
    auto box = seat.urgents->make(calling, desks, clock(seat));
    if (!box) return failed(seat.party->id().v + " cannot call: " + box.error().detail);
    const auto ringing = std::make_shared<Ringing>();
    ringing->author = self;
    ringing->life = seat.life;
    ringing->called = calling.to;
    ringing->box = std::move(*box);
    ringing->of = Bytes(sha256({"entente/urgent/of/v1\n", calling.leaf.view()}).view());
    ringing->attempt.of = calling.stop;
    ringing->attempt.to = calling.leaf;
    ringing->attempt.desks = desks;
    ringing->attempt.at = clock(seat);
    ringing->attempt.automatic = true;
    const std::size_t called = founder_of(calling.to);
    ringing->to = seat_of(self, called).value_or(seats_.size());
    auto& tried = ringing->attempt.tried;
    std::vector<std::size_t> vias;
    for (std::size_t i = 0; i < founders_.parties.size(); ++i) {
        const auto via = seat_of(self, i);
        if (!via || !reach_[i].addressed) continue;
        const bool relays = reach_[called].relay == i;
        const Route route = i == called ? Route::direct : relays ? Route::relay : Route::party;
        tried.push_back({route, founders_.parties[i].id.v, AttemptOutcome::failed, {}});
        vias.push_back(*via);
    }
    if (tried.empty()) tried.push_back({Route::other, {}, AttemptOutcome::failed, "no address"});
    for (std::size_t i = 0; i < vias.size(); ++i) push(ringing, i, vias[i]);
    after(route_max, [this, ringing] { end_call(ringing); });
}

/// One route. Whoever's node it is, the box is for the party that is called.
void World::push(const std::shared_ptr<Ringing>& ringing, std::size_t line, std::size_t via) {
    carry(ringing->author, via, [=, this] {
        const bool direct = via == ringing->to;
        const bool handed =
            direct ? take_urgent(via, {ringing->box})
                   : keep_urgent(ringing->author, via, ringing->to, ringing->of, ringing->box);
        if (!handed) return;
        carry(via, ringing->author, [=, this] {
            if (ringing->ended || ringing->life != seats_[ringing->author].life) return;
            statement::Tried& tried = ringing->attempt.tried[line];
            tried.outcome = AttemptOutcome::handed;
            if (!direct) return;
            // It says of each desk whether somebody holds it.
            const auto& held = reach_[founder_of(ringing->called)].held;
            const auto& desks = ringing->attempt.desks;
            if (std::none_of(desks.begin(), desks.end(),
                             [&](const auto& desk) { return held.contains(desk); })) {
                tried.outcome = AttemptOutcome::no_answer;
                tried.detail = "nobody holds any of these";
            }
        });
    });
}

/// What came of it is logged; where that fails it is called again.
void World::end_call(const std::shared_ptr<Ringing>& ringing) {
    Seat& seat = seats_[ringing->author];
    ringing->ended = true;
    if (seat.life != ringing->life || !seat.party->running()) return;
    seat.calling.erase(ringing->attempt.of);
    if (!seat.party->node().halted().empty()) return;
    const auto& tried = ringing->attempt.tried;
    Book::Meaning meaning;
    meaning.act = statement::act::add;
    meaning.kind = statement::attempt_kind;
    meaning.audience[ringing->called] = node::Tier::exact;
    tell_twins(seat, meaning.audience);
    meaning.call =
        StopCall{ringing->attempt.of, {}, ringing->attempt.at, ringing->attempt.desks, true};
    meaning.call->empty = std::any_of(tried.begin(), tried.end(), [](const auto& one) {
        return one.outcome == AttemptOutcome::no_answer;
    });
    deal(seat,
         node::compose_attempt(seat.party->author(), ringing->attempt, "node", clock(seat),
                               seat.party->rng().bytes()),
         std::move(meaning));
}

/// As a carrier hands it on: one that lies has changed it perhaps.
World::Box World::carried(const Seat& by, const Bytes& box) {
    Box out{box};
    if (by.honest || fork_ || !chance(0.3)) return out;
    ++out_.lies;
    out.spoiled = true;
    out.bytes[rng_.below(box.size())] ^= static_cast<char>(1 << rng_.below(8));
    return out;
}

/// Whether it says that it has it. Then it does, whatever dies.
bool World::take_urgent(std::size_t at, const Box& box) {
    Seat& seat = seats_[at];
    Result<node::TakenUrgent> taken = fail(Errc::unavailable, "it died");
    guarded(seat, [&] { taken = seat.urgents->take(box.bytes, clock(seat)); });
    seat.died_taking |= !seat.party->running();
    if (!seat.party->running()) return false;
    if (taken && box.spoiled) failed(seat.party->id().v + " believes a STOP that was changed");
    if (!taken) {
        if (taken.error().code != Errc::unavailable && !box.spoiled) {
            failed(seat.party->id().v + " does not take a STOP: " + taken.error().detail);
        }
        return false;
    }
    const node::HeardStop& stop = taken->stop;
    seat.boxes.emplace(stop.leaf, stop.record);
    if (taken->first) ++out_.urgent;
    if (taken->reply_due && seat.party->node().halted().empty()) {
        reply_to(seat, stop.from, {stop.record, stop.leaf}, statement::ReplyWord::noted, true);
    }
    if (!seat.party->running()) return false;
    tell(seat, {});
    if (!seat.party->running()) return false;
    Checks(*this).after(seat);
    Checks(*this).taken(seat, stop.record);
    for (std::size_t i = 0; i < seats_.size(); ++i) {
        if (seats_[i].party->id() == stop.from && linked(at, i)) seat.links[i].follow->hurry();
    }
    return true;
}

/// For a third party, to which it is carried on at once; whether it has it.
bool World::keep_urgent(std::size_t from, std::size_t at, std::size_t to, const Bytes& of,
                        const Bytes& box) {
    if (to == seats_.size()) return false;
    Seat& seat = seats_[at];
    Result<bool> news = fail(Errc::unavailable, "it died");
    guarded(seat, [&] {
        news = seat.urgents->keep(seats_[from].party->id(), seats_[to].party->id(), of, box,
                                  clock(seat));
    });
    if (!seat.party->running()) return false;
    if (!news) {
        const Errc code = news.error().code;
        if (code != Errc::unavailable && code != Errc::too_large) {
            failed(seat.party->id().v + " does not keep a STOP: " + news.error().detail);
        }
        return false;
    }
    if (*news) ++out_.kept;
    const auto next = seat_of(at, seats_[to].founder);
    if (*news && next && reach_[seats_[to].founder].addressed) {
        carry(at, *next, [=, this, one = carried(seat, box)] { (void)take_urgent(*next, one); });
    }
    return true;
}

/// Of everybody who can be asked. Where nobody was ever asked to stop there is nothing.
void World::ask_for_kept(Seat& seat) {
    const std::size_t self = number(seat);
    const PartyId& party = seat.party->id();
    const bool any = std::any_of(book_.stops().begin(), book_.stops().end(),
                                 [&](const auto& one) { return one.second.to == party; });
    if (!any || (reach_[seat.founder].addressed && chance(0.5))) return;
    for (std::size_t i = 0; i < founders_.parties.size(); ++i) {
        const auto other = seat_of(self, i);
        if (!other || !reach_[i].addressed) continue;
        carry(self, *other, [=, this] {
            Seat& keeper = seats_[*other];
            Result<Bytes> kept = fail(Errc::unavailable, "it died");
            guarded(keeper, [&] { kept = keeper.urgents->kept(party, clock(keeper)); });
            if (!keeper.party->running()) return;
            if (!kept) return failed("what is kept for " + party.v + ": " + kept.error().detail);
            if (kept->empty() || *kept == seats_[self].kept_seen[*other]) return;
            carry(*other, self, [=, this] {
                const auto boxes = node::urgent_boxes(*kept);
                if (!boxes) return failed("boxes are cut short: " + boxes.error().detail);
                bool all = true;
                for (const Bytes& box : *boxes) {
                    if (!seats_[self].party->running()) return;
                    const bool taken = take_urgent(self, carried(seats_[*other], box));
                    all = all && taken;
                    if (taken) ++out_.fetched;
                }
                if (all && seats_[self].party->running()) seats_[self].kept_seen[*other] = *kept;
            });
        });
    }
}

/// That it has each STOP to it, whichever way it came, unless somebody here has said anything.
void World::reply_to_stops(Seat& seat) {
    if (!seat.party->node().halted().empty()) return;
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    std::vector<std::pair<PartyId, Version>> due;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        const statement::Stop* stop = seen.stops() && !seen.own() ? seen.stop() : nullptr;
        if (stop == nullptr || stop->to != seat.party->id()) continue;
        const Hash leaf = seen.history().front().leaf;
        const auto replies = view.replies(seen.id(), {&leaf, 1});
        const bool said = std::any_of(replies.begin(), replies.end(), [&](const auto& one) {
            return one.newest && one.party == seat.party->id();
        });
        if (!said) due.push_back({seen.party(), {seen.id(), leaf}});
    }
    for (const auto& [to, of] : due) {
        if (!reply_to(seat, to, of, statement::ReplyWord::noted, true)) return;
    }
}

}  // namespace entente::sim

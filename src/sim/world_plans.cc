// SPDX-License-Identifier: Apache-2.0
// What the parties of a world say of activities, their own and others'. Windows lie about the
// moment when it is said, so that activities begin, run over and lapse while the world lasts; often
// they lie where something is protected. What must be refused is tried too.
#include "node/compose_dealing.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

constexpr std::size_t volumes_max = 3;
constexpr std::uint64_t recent_sites = 30;

Instant end_of(const std::vector<PlanVolume>& volumes) {
    Instant out = Instant::min();
    for (const PlanVolume& one : volumes) out = std::max(out, one.end);
    return out;
}

Instant start_of(const std::vector<PlanVolume>& volumes) {
    Instant out = Instant::max();
    for (const PlanVolume& one : volumes) out = std::min(out, one.start);
    return out;
}

}  // namespace

/// Of each sort of statement about as many.
void World::say_plan(Seat& seat) {
    const std::uint64_t what = rng_.below(10);
    if (what < 4) return object(seat);
    if (what == 4) return answer_in_person(seat);
    std::vector<RecordId> own, all;
    for (const auto& [id, plan] : book_.plans()) {
        if (plan.author != number(seat)) continue;
        all.push_back(id);
        // Nothing is said any more of what is over by its own words.
        const bool over = plan.over() || lapses_at(plan.versions.back()) <= clock(seat) + 1s;
        if (!over) own.push_back(id);
    }
    if (!all.empty() && chance(0.15)) return say_what_is_no_plan(seat, all[rng_.below(all.size())]);
    if (own.empty() || chance(0.4)) return declare(seat);
    go_on_with(seat, own[rng_.below(own.size())]);
}

/// Under way, about to begin, or of tomorrow; where something is already, or elsewhere.
PlanVolume World::some_volume(const Seat& seat) {
    const Instant now = clock(seat);
    const auto sites = static_cast<std::uint64_t>(sites_);
    PlanVolume out;
    out.site = sites > 0 && chance(0.8)
                   ? sites_ - 1 - static_cast<int>(rng_.below(std::min(sites, recent_sites)))
                   : sites_++;
    out.radius_dm = 500 + static_cast<std::int64_t>(rng_.below(3500));
    out.start = now + (chance(0.8) ? between(-30min, 15min) : between(1h, 30h));
    out.end = out.start + between(5min, 6h);
    if (out.end < now + 2min) out.end = now + 2min;
    return out;
}

/// What one of the last two holds or says, the other is told as well (some_audience).
void World::tell_twins(const Seat& seat, std::map<PartyId, node::Tier>& audience) const {
    const std::size_t first_twin = founders_.parties.size() - 2;
    bool any = seat.founder >= first_twin;
    for (std::size_t i = first_twin; i < founders_.parties.size(); ++i) {
        any = any || audience.contains(founders_.parties[i].id);
    }
    for (std::size_t i = first_twin; any && i < founders_.parties.size(); ++i) {
        if (i != seat.founder) audience[founders_.parties[i].id] = node::Tier::exact;
    }
}

/// To whom it is declared; nobody: it is sealed.
std::map<PartyId, node::Tier> World::some_told(const Seat& seat) {
    std::map<PartyId, node::Tier> out;
    const double each = theme_ == Theme::known ? 1 : chance(0.2) ? 0 : 0.5;
    for (std::size_t i = 0; i < founders_.parties.size(); ++i) {
        if (i != seat.founder && chance(each)) out[founders_.parties[i].id] = node::Tier::exact;
    }
    tell_twins(seat, out);
    return out;
}

void World::declare(Seat& seat) {
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.audience = some_told(seat);
    for (std::uint64_t n = 1 + rng_.below(2); n > 0; --n) {
        meaning.volumes.push_back(some_volume(seat));
    }
    say_activity(seat, nullptr, std::move(meaning));
}

/// As its planner would: checked on its own node, and said with what that rested on.
Result<node::Composed> World::composed(Seat& seat, const RecordId* record,
                                       const Book::Meaning& meaning) {
    Party& party = *seat.party;
    const Instant now = clock(seat);
    node::ActivityDraft draft{meaning.act, "a.planner", {}, {}};
    draft.activity.contact = party.id().v + " operations";
    const registry::Dealing* dealing = nullptr;
    std::set<PartyId> told;
    for (const auto& [to, tier] : meaning.audience) told.insert(to);
    if (record != nullptr) {
        const auto& dealings = party.node().snapshot().dealings();
        const auto slot = dealings.find(*record);
        if (!slot) return fail(Errc::not_found, "it has lost activity " + record->text());
        dealing = &dealings.at(*slot);
        for (const auto& [to, bits] : book_.records().at(*record).given) told.insert(to);
    }
    check::Question question;
    draft.activity.volumes = Checks::places_of(meaning.volumes);
    for (const geo::Place& place : draft.activity.volumes) question.volumes.push_back(place.volume);
    if (!question.volumes.empty()) {
        draft.checked = node::declared_of(party.ask(question, now), told);
    }
    return node::compose_activity(party.author(), draft, dealing, now, party.rng().bytes());
}

void World::say_activity(Seat& seat, const RecordId* record, Book::Meaning meaning) {
    meaning.kind = statement::activity_kind;
    meaning.time = clock(seat);
    auto made = composed(seat, record, meaning);
    if (!made) {
        return failed(seat.party->id().v + " cannot say '" + meaning.act +
                      "' of an activity: " + made.error().detail);
    }
    std::vector<node::Composed> one;
    one.push_back(std::move(*made));
    if (log(seat, std::move(one), {std::move(meaning)})) tell(seat, {});
}

/// The next thing that happens to an activity.
void World::go_on_with(Seat& seat, const RecordId& record) {
    const PlanVersion& before = book_.plans().at(record).versions.back();
    Book::Meaning meaning;
    meaning.act = act_name::amend;
    meaning.volumes = before.volumes;
    meaning.started = before.started;
    const std::uint64_t what = rng_.below(10);
    if (what == 0 || (what < 4 && before.started)) {
        meaning.act = before.started && what != 0 ? act_name::end : act_name::cancel;
        meaning.volumes.clear();
        meaning.started.reset();
    } else if (what < 6 && !before.started && start_of(before.volumes) <= clock(seat)) {
        meaning.act = act_name::start;
        meaning.started = clock(seat);
    } else {
        amend(seat, meaning.volumes);
        if (chance(0.3)) meaning.audience = some_told(seat);
    }
    say_activity(seat, &record, std::move(meaning));
}

void World::amend(const Seat& seat, std::vector<PlanVolume>& volumes) {
    PlanVolume& one = volumes[rng_.below(volumes.size())];
    switch (rng_.below(5)) {
        case 0: one.end += between(1ms, 2h); break;
        case 1: one.radius_dm += 500; break;
        case 2: one = some_volume(seat); break;
        case 3:
            if (volumes.size() < volumes_max) volumes.push_back(some_volume(seat));
            break;
        default:
            if (volumes.size() > 1) volumes.erase(volumes.begin());
    }
    if (end_of(volumes) <= clock(seat) + 1s) volumes.front().end = clock(seat) + 10min;
}

/// What a node refuses to say, whoever asks it to.
void World::say_what_is_no_plan(Seat& seat, const RecordId& record) {
    const PlanVersion& before = book_.plans().at(record).versions.back();
    Book::Meaning meaning;
    meaning.volumes = before.volumes;
    std::string what = "goes on with an activity that is over";
    if (before.volumes.empty() || lapses_at(before) <= clock(seat)) {
        const char* const acts[] = {act_name::amend, act_name::start, act_name::end,
                                    act_name::cancel};
        meaning.act = acts[rng_.below(4)];
        meaning.volumes = {some_volume(seat)};
    } else if (chance(0.3)) {
        meaning.act = act_name::amend;
        for (PlanVolume& one : meaning.volumes) {
            one.end = clock(seat) - 1ms;
            one.start = one.end - 1h;
        }
        what = "amends an activity into the past";
    } else if (!before.started) {
        meaning.act = act_name::end;
        what = "ends an activity that has not started";
    } else {
        meaning.act = act_name::start;
        what = "starts an activity twice";
    }
    if (composed(seat, &record, meaning)) return failed(seat.party->id().v + " " + what);
    ++out_.refused;
}

/// One that this seat sees and that may still happen.
std::optional<view::SeenActivity> World::activity_of_another(const Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    std::vector<view::SeenActivity> some;
    for (const view::SeenActivity& one : view.activities()) {
        if (one.own() || !view::may_happen(one.state(clock(seat)))) continue;
        some.emplace_back(seat.party->node().snapshot(), one.slot());
    }
    if (some.empty()) return std::nullopt;
    return some[rng_.below(some.size())];
}

/// To what it sees, as it sees it; told to the activity's author mostly.
void World::object(Seat& seat) {
    const auto own = one_of(seat, statement::objection_kind);
    if (own && chance(0.5)) return go_on_objecting(seat, *own);
    const auto seen = activity_of_another(seat);
    if (!seen) return;
    const auto plan = book_.plans().find(seen->id());
    if (plan == book_.plans().end()) return;  // the checks say that nobody said it
    const std::uint32_t version = plan->second.number_of(seen->leaf());
    if (version == 0) return;
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::objection_kind;
    meaning.activity = seen->id();
    meaning.volumes = plan->second.versions[version - 1].volumes;
    meaning.audience = some_audience(seat);
    if (chance(0.7)) {
        meaning.audience[seen->party()] = node::Tier::exact;
        const bool twin = seats_[plan->second.author].founder + 2 >= founders_.parties.size();
        if (twin) tell_twins(seat, meaning.audience);
    }
    node::Draft draft = Checks::objection(meaning);
    draft.protection.objection->entry = seen->leaf();
    say(seat, draft, nullptr, std::move(meaning));
}

/// Lifted, or said again: of the same or of more, for longer.
void World::go_on_objecting(Seat& seat, const RecordId& record) {
    const Told& told = book_.records().at(record);
    Book::Meaning meaning;
    meaning.kind = statement::objection_kind;
    meaning.activity = told.activity;
    meaning.volumes = told.volumes;
    meaning.act = act_name::amend;
    if (told.withdrawn || chance(0.6)) {
        meaning.act = act_name::lift;
        meaning.volumes.clear();
    } else if (chance(0.5)) {
        for (PlanVolume& one : meaning.volumes) {
            one.radius_dm += 500;
            one.end += 10min;
        }
    } else if (meaning.volumes.size() < volumes_max) {
        meaning.volumes.push_back(some_volume(seat));
    }
    if (chance(0.2)) meaning.audience = some_audience(seat);
    const node::Draft draft = Checks::objection(meaning);
    if (!told.withdrawn) return say(seat, draft, &record, std::move(meaning));
    Party& party = *seat.party;
    const auto& snapshot = party.node().snapshot();
    const auto slot = snapshot.find(record);
    if (!slot) return failed(party.id().v + " has lost its own objection " + record.text());
    if (node::compose(party.author(), draft, &snapshot.at(*slot), clock(seat),
                      party.rng().bytes())) {
        return failed(party.id().v + " lifts an objection twice");
    }
    ++out_.refused;
}

}  // namespace entente::sim

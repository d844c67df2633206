// SPDX-License-Identifier: Apache-2.0
// Challenges, hot-line messages and boundaries of a world: what the parties say of them, what they
// answer, and what must be refused. A challenge is said between two equal questions: what they are
// answered may not differ.
#include "node/compose_airspace.h"
#include "node/compose_challenge.h"
#include "sim/checks.h"
#include "sim/some.h"
#include "sim/world.h"
#include "view/airspace.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using statement::ReplyWord;
namespace act_name = statement::act;

}  // namespace

void World::say_talk(Seat& seat) {
    switch (rng_.below(12)) {
        case 0:
        case 1:
        case 2: return contest(seat);
        case 3: return go_on_contesting(seat);
        case 4:
        case 5: return answer_challenge(seat);
        case 6:
        case 7: return send_message(seat);
        case 8:
        case 9: return acknowledge(seat);
        default: return say_zone(seat);
    }
}

/// As its own register has it; null where it is lost.
const registry::Dealing* World::own_dealing(Seat& seat, const RecordId& record) {
    const auto& dealings = seat.party->node().snapshot().dealings();
    const auto slot = dealings.find(record);
    if (slot) return &dealings.at(*slot);
    failed(seat.party->id().v + " has lost what it said in " + record.text());
    return nullptr;
}

/// What another party says of a place or a movement, as it is held here: an area is enough.
void World::contest(Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    std::vector<view::Slot> some;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        if (!seen.own() && !seen.objects() && seen.tier() != view::Tier::none) some.push_back(slot);
    }
    const view::Slot* slot = sim::one_of(some, rng_);
    if (slot == nullptr) return;
    const view::Seen seen = view.at(*slot);
    const RecordId of = seen.id();
    if (!book_.records().contains(of)) return;  // the checks say that nobody said it
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::challenge_kind;
    meaning.contests = of;
    meaning.answer_by = clock(seat) + between(1h, 6h);
    meaning.text = "EXERCISE " + std::to_string(rng_.below(1000));
    meaning.audience = some_told(seat);
    meaning.audience[seen.party()] = node::Tier::exact;
    tell_twins(seat, meaning.audience);
    node::ChallengeDraft draft{act_name::add, "a.liaison", {}, meaning.answer_by};
    draft.challenge.of = of;
    draft.challenge.to = seen.history().back().leaf;
    draft.challenge.grounds = static_cast<statement::Grounds>(rng_.below(7));
    draft.challenge.text = meaning.text;
    draft.challenge.contact = "liaison";
    Party& party = *seat.party;
    if (chance(0.2)) {
        // Nobody is given less than an hour, and nobody contests without a word.
        if (chance(0.5))
            draft.answer_by = clock(seat) + 59min;
        else
            draft.challenge.text.clear();
        if (node::compose_challenge(party.author(), draft, nullptr, clock(seat),
                                    party.rng().bytes())) {
            return failed(party.id().v + " contests what it may not");
        }
        ++out_.refused;
        return;
    }
    const std::string before = Checks(*this).answer_about(seat, of);
    const bool said = deal(seat,
                           node::compose_challenge(party.author(), std::move(draft), nullptr,
                                                   clock(seat), party.rng().bytes()),
                           std::move(meaning));
    if (said && Checks(*this).answer_about(seat, of) != before) {
        failed(party.id().v + " answers otherwise since it contests " + of.text());
    }
}

void World::go_on_contesting(Seat& seat) {
    const auto own = own_of(book_.contests(), number(seat));
    const RecordId* id = sim::one_of(own, rng_);
    const registry::Dealing* dealing = id != nullptr ? own_dealing(seat, *id) : nullptr;
    if (dealing == nullptr) return;
    const Contest& contest = book_.contests().at(*id);
    Book::Meaning meaning;
    meaning.kind = statement::challenge_kind;
    meaning.act = chance(0.5) ? act_name::amend : act_name::withdraw;
    meaning.contests = contest.of;
    meaning.answer_by = clock(seat) + between(1h, 6h);
    meaning.text = "EXERCISE " + std::to_string(rng_.below(1000));
    node::ChallengeDraft draft{meaning.act, "a.liaison", {}, meaning.answer_by};
    draft.challenge.text = meaning.text;
    draft.challenge.contact = "liaison";
    const auto* said = dealing->said();
    if (const auto* before = said ? std::get_if<statement::Challenge>(said) : nullptr) {
        draft.challenge.to = before->to;
    }
    Party& party = *seat.party;
    auto made = node::compose_challenge(party.author(), std::move(draft), dealing, clock(seat),
                                        party.rng().bytes());
    if (contest.versions.back().withdrawn) {
        if (made) return failed(party.id().v + " goes on with a challenge that is withdrawn");
        ++out_.refused;
        return;
    }
    deal(seat, std::move(made), std::move(meaning));
}

/// The author of what is contested decides, or only notes it; words of others are no answer.
void World::answer_challenge(Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    std::vector<Version> some;
    std::vector<PartyId> authors;
    const bool its_own = chance(0.8);
    for (const view::SeenChallenge& one : view.challenges()) {
        if (one.own() || one.withdrawn() || (one.author() == seat.party->id()) != its_own) continue;
        some.push_back({one.id(), one.leaf()});
        authors.push_back(one.party());
    }
    if (some.empty()) return;
    const std::size_t i = rng_.below(some.size());
    reply_to(seat, authors[i], some[i], static_cast<ReplyWord>(rng_.below(3)), false);
}

void World::send_message(Seat& seat) {
    Party& party = *seat.party;
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::message_kind;
    meaning.text = "EXERCISE " + std::to_string(rng_.below(1000));
    meaning.audience = some_told(seat);
    const std::size_t others = founders_.parties.size() - 1;
    const std::size_t to = (seat.founder + 1 + rng_.below(others)) % (others + 1);
    meaning.audience[founders_.parties[to].id] = node::Tier::exact;
    tell_twins(seat, meaning.audience);
    statement::Message said;
    said.from = "liaison";
    said.desks = {"duty", "floor"};
    said.text = meaning.text;
    const view::View view(party.node().snapshot(), {party.id()});
    const auto seen = view.messages();
    if (!seen.empty() && chance(0.4)) said.answers = seen[rng_.below(seen.size())].id();
    if (chance(0.1)) {
        if (chance(0.5))
            said.text.clear();
        else
            said.desks.clear();
        if (node::compose_message(party.author(), said, "a.liaison", clock(seat),
                                  party.rng().bytes())) {
            return failed(party.id().v + " says nothing, or to nobody");
        }
        ++out_.refused;
        return;
    }
    deal(seat,
         node::compose_message(party.author(), std::move(said), "a.liaison", clock(seat),
                               party.rng().bytes()),
         std::move(meaning));
}

/// Noted mostly; no other word acknowledges anything.
void World::acknowledge(Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    std::vector<Version> some;
    std::vector<PartyId> authors;
    for (const view::SeenMessage& one : view.messages()) {
        if (one.own()) continue;
        some.push_back({one.id(), one.version().position.leaf});
        authors.push_back(one.party());
    }
    if (some.empty()) return;
    const std::size_t i = rng_.below(some.size());
    const ReplyWord word = chance(0.9) ? ReplyWord::noted : ReplyWord::accepted;
    reply_to(seat, authors[i], some[i], word, chance(0.3));
}

/// A boundary or zone: said, said otherwise, withdrawn. What is withdrawn is said anew.
void World::say_zone(Seat& seat) {
    const auto own = own_of(book_.zones(), number(seat));
    const RecordId* id = chance(0.3) ? nullptr : sim::one_of(own, rng_);
    const registry::Dealing* dealing = id != nullptr ? own_dealing(seat, *id) : nullptr;
    Book::Meaning meaning;
    meaning.kind = statement::airspace_kind;
    meaning.act = dealing == nullptr ? act_name::add
                  : chance(0.3)      ? act_name::withdraw
                                     : act_name::amend;
    meaning.volumes = {some_volume(seat)};
    if (meaning.act != act_name::withdraw) meaning.audience = some_told(seat);
    if (dealing != nullptr && chance(0.7)) meaning.audience.clear();
    node::AirspaceDraft draft{meaning.act, "a.airspace", {}};
    draft.airspace.name = "EXERCISE border " + std::to_string(rng_.below(3));
    draft.airspace.contact = "air";
    draft.airspace.volumes = Checks::places_of(meaning.volumes);
    Party& party = *seat.party;
    const bool over = dealing != nullptr && book_.zones().at(*id).versions.back().withdrawn;
    const bool nonsense = !over && chance(0.1);
    if (nonsense) draft.airspace.volumes.clear();
    auto made = node::compose_airspace(party.author(), std::move(draft), dealing, clock(seat),
                                       party.rng().bytes());
    if (over || (nonsense && meaning.act != act_name::withdraw)) {
        if (made) {
            return failed(party.id().v + (over ? " goes on with a boundary that is withdrawn"
                                               : " says a boundary that is nowhere"));
        }
        ++out_.refused;
        return;
    }
    deal(seat, std::move(made), std::move(meaning));
}

}  // namespace entente::sim

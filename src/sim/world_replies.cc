// SPDX-License-Identifier: Apache-2.0
// What the nodes of a world reply by themselves to activities that were declared to them, as a
// served node does after every commit, at every tick and at a start (net/desk_dealing.cc); and what
// people reply.
#include "node/compose_dealing.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {

/// Which activities are to be looked at, now that these records and what deals are other than
/// before; after a start all of them.
void World::note_concerned(Seat& seat, const std::vector<registry::Slot>& changed) {
    Party& party = *seat.party;
    std::vector<view::DealingSlot> all = party.node().take_changed_dealings();
    const view::View view(party.node().snapshot(), {party.id()});
    if (!seat.replying) {
        seat.replying.emplace(party.exchange());
        seat.replying->look(party.exchange().state(), nullptr);
        all.clear();
        for (const view::SeenActivity& one : view.activities()) all.push_back(one.slot());
    } else if (!changed.empty()) {
        const node::State state = party.exchange().state();
        seat.replying->look(state, &changed);
        const auto some = seat.replying->concerned(state, changed, clock(seat));
        all.insert(all.end(), some.begin(), some.end());
    }
    for (const view::DealingSlot slot : all) {
        const bool is_one = view::is_activity(party.node().snapshot(), slot);
        if (is_one && !view.activity(slot).own()) seat.unanswered.insert(slot);
    }
}

/// What is due; whether anything was said. What fails now is due at the next tick.
bool World::reply(Seat& seat) {
    Party& party = *seat.party;
    if (seat.unanswered.empty() || !party.node().halted().empty()) return false;
    const std::vector<view::DealingSlot> some(seat.unanswered.begin(), seat.unanswered.end());
    auto due = seat.replying->due(party.exchange().state(), some, clock(seat));
    if (!due) {
        failed(party.id().v + " cannot tell what to reply: " + due.error().detail);
        return false;
    }
    const bool any = !due->empty();
    if (any && !say_replies(seat, std::move(*due), "node")) return false;
    seat.unanswered.clear();
    return any;
}

bool World::say_replies(Seat& seat, std::vector<node::DueReply> due, const std::string& actor) {
    Party& party = *seat.party;
    std::vector<node::Composed> all;
    std::vector<Book::Meaning> meanings;
    for (node::DueReply& one : due) {
        Book::Meaning meaning;
        meaning.act = statement::act::add;
        meaning.kind = statement::reply_kind;
        meaning.audience[one.to] = node::Tier::exact;
        tell_twins(seat, meaning.audience);
        meaning.answered = Answered{number(seat),
                                    one.to,
                                    one.reply.of,
                                    one.reply.to,
                                    statement::name(one.reply.word),
                                    one.reply.contact,
                                    {one.reply.entries.begin(), one.reply.entries.end()},
                                    one.reply.automatic,
                                    clock(seat)};
        auto composed = node::compose_reply(party.author(), std::move(one.reply), actor,
                                            clock(seat), party.rng().bytes());
        if (!composed) {
            failed(party.id().v + " cannot reply: " + composed.error().detail);
            return false;
        }
        all.push_back(std::move(*composed));
        meanings.push_back(std::move(meaning));
    }
    return log(seat, std::move(all), std::move(meanings));
}

void World::answer_in_person(Seat& seat) {
    const auto seen = activity_of_another(seat);
    if (!seen) return;
    node::DueReply one{seen->party(), {}};
    one.reply.to = seen->leaf();
    one.reply.of = seen->id();
    one.reply.word = static_cast<statement::ReplyWord>(rng_.below(3));
    one.reply.text = "EXERCISE";
    std::vector<node::DueReply> due;
    due.push_back(std::move(one));
    if (say_replies(seat, std::move(due), "a.liaison")) tell(seat, {});
}

}  // namespace entente::sim

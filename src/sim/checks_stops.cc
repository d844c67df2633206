// SPDX-License-Identifier: Apache-2.0
// STOPs beside the book (doc/protocol/stop.md): one that was taken is known from then on, before
// its log shows it, over every crash, and acts in every answer; nobody has heard one that was not
// said to it; and whom a node calls next is what the book counts, whatever has died.
#include <algorithm>

#include "sim/checks.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

const check::Reason* reason_of(const check::Answer& answer, const char* code,
                               const PartyId& party) {
    for (const check::Reason& one : answer.reasons) {
        if (one.code == code && one.party == party) return &one;
    }
    return nullptr;
}

Book::Meaning meant(const StopSaid& stop) {
    Book::Meaning out;
    out.act = statement::act::add;
    out.stop = stop;
    return out;
}

}  // namespace

node::Draft Checks::stop(const Book::Meaning& meaning) {
    node::Draft out;
    out.act = meaning.act;
    out.actor = "a.duty";
    if (!meaning.stop) return out;  // it is lifted
    out.protection.contact = "duty";
    out.protection.where = places_of({meaning.stop->volume});
    for (geo::Place& place : out.protection.where) place.buffer = place.accuracy = Decimetres{0};
    out.protection.stop = statement::Stop{meaning.stop->to, meaning.stop->desks, "EXERCISE", {}};
    return out;
}

/// Whether a log shows it here, or it has been heard.
bool Checks::knows_stop(Seat& seat, const RecordId& record, const Hash& leaf) const {
    const auto& heard = seat.urgents->heard();
    const auto is_it = [&](const node::HeardStop& one) { return one.leaf == leaf; };
    if (std::any_of(heard.begin(), heard.end(), is_it)) return true;
    const auto slot = seat.party->node().snapshot().find(record);
    if (!slot) return false;
    const auto& versions = seat.party->node().snapshot().at(*slot).versions;
    return std::any_of(versions.begin(), versions.end(), [&](const registry::Version& one) {
        return one.position.leaf == leaf && one.content != nullptr;
    });
}

/// What it has said it took it has, at every moment of every life.
void Checks::boxes(Seat& seat) {
    for (const auto& [leaf, record] : seat.boxes) {
        if (!knows_stop(seat, record, leaf)) {
            return failed(seat, "it took STOP " + record.text() + " and has lost it");
        }
    }
}

/// Nothing that nobody said, or not to it.
void Checks::heard(Seat& seat) {
    for (const node::HeardStop& one : seat.urgents->heard()) {
        const auto stop = world_.book_.stops().find(one.record);
        if (stop == world_.book_.stops().end() || stop->second.leaf != one.leaf) {
            return failed(seat, "it has heard STOP " + one.record.text() + ", which nobody said");
        }
        if (stop->second.to != seat.party->id() ||
            one.from != world_.seats_[stop->second.author].party->id() ||
            one.said.where != this->stop(meant(stop->second)).protection.where) {
            return failed(seat, "it has heard STOP " + one.record.text() + " as it was not said");
        }
        acts(seat, one.record, stop->second);
    }
}

/// Who asks there in its hours is told of a conflict, and elsewhere that there is one.
void Checks::acts(Seat& seat, const RecordId& record, const StopSaid& stop) {
    ++world_.out_.stops_asked;
    const PartyId& party = world_.seats_[stop.author].party->id();
    const Instant now = world_.clock(seat);
    const geo::Window hour{stop.volume.start, stop.volume.start + 1ms};
    const auto ask = [&](int site, std::int64_t north_dm) {
        const geo::Circle circle{place_of(site, north_dm), {10}};
        return seat.party->ask({{{circle, {}, hour}}, {0}}, now);
    };
    const check::Answer there = ask(stop.volume.site, stop.volume.radius_dm * 9 / 10);
    if (there.verdict != check::Verdict::conflict ||
        reason_of(there, "open_stop_unlogged", party) == nullptr) {
        failed(seat, "it has heard STOP " + record.text() + ", which its answers do not heed");
    }
    const check::Answer elsewhere = ask(stop.volume.site + 299, 0);
    if (elsewhere.verdict < check::Verdict::caution ||
        (reason_of(elsewhere, "stop_unlogged", party) == nullptr &&
         reason_of(elsewhere, "open_stop_unlogged", party) == nullptr)) {
        failed(seat, "it has heard STOP " + record.text() + " and does not say so elsewhere");
    }
}

void Checks::taken(Seat& seat, const RecordId& record) {
    if (!seat.honest || !world_.out_.failure.empty()) return;
    heard(seat);
    const auto stop = world_.book_.stops().find(record);
    if (stop == world_.book_.stops().end()) {
        return failed(seat, "it took STOP " + record.text() + ", which nobody said");
    }
    const auto& all = seat.urgents->heard();
    const bool waits =
        std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.record == record; });
    // Where its store failed just now, people are told at the next tick.
    if (!waits || seat.untold) return;
    if (!seat.listener->has(stop->second.leaf, "heard")) {
        failed(seat, "nobody is told of STOP " + record.text() + ", which came urgently");
    }
}

void Checks::ask_stop() {
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (!seat.party->running() || !seat.honest) return;
    heard(seat);
}

bool Checks::has_reply(const Seat& seat, const Hash& leaf) const {
    const auto& dealings = seat.party->node().snapshot().dealings();
    const auto slot = dealings.find(world_.book_.with_leaf(leaf)->record);
    return slot && dealings.at(*slot).said() != nullptr;
}

/// By persons of the party that was asked, as far as they have come to its author.
std::vector<StopAnswer> Checks::answers(Seat& seat, const RecordId& record, const StopSaid& stop) {
    std::vector<StopAnswer> out;
    for (const auto& [leaf, reply] : world_.book_.answered()) {
        if (reply.of != record || reply.version != stop.leaf || reply.automatic) continue;
        if (world_.seats_[reply.by].party->id() != stop.to || !has_reply(seat, leaf)) continue;
        out.push_back({reply.time, leaf, reply.word});
    }
    return out;
}

std::optional<node::NextCall> Checks::next_call(Seat& seat, const RecordId& record,
                                                node::Calling& calling) {
    const StopSaid& stop = world_.book_.stops().at(record);
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto slot = view.find(record);
    const Instant now = world_.clock(seat);
    const auto found = slot ? node::calling_of(view, *slot, now) : std::nullopt;
    if (!found) {
        failed(seat, "it has lost its own STOP " + record.text());
        return std::nullopt;
    }
    calling = *found;
    const statement::CharterTerms& terms = world_.founders_.charter.terms;
    const auto next = node::next_call(calling, terms, now);
    calling.attempts.clear();
    calling.replies.clear();
    if (!seat.honest) return next;
    std::set<Hash> meant, has;
    for (const StopCall& one : stop.calls) meant.insert(one.leaf);
    for (const view::SeenAttempt& one : view.attempts(record)) has.insert(one.leaf);
    if (meant != has) {
        failed(seat, "it has made " + std::to_string(meant.size()) + " attempts for STOP " +
                         record.text() + " and knows of " + std::to_string(has.size()));
    }
    const auto due = next_due(stop, answers(seat, record, stop),
                              {terms.stop_next_desk, terms.stop_escalate}, now);
    const auto is = next ? std::optional(StopDue{next->desks, next->due}) : std::nullopt;
    if (is != due) {
        const auto text = [](const std::optional<StopDue>& one) {
            return one ? std::to_string(one->desks.size()) + " desks from " + one->desks.front() +
                             " at " + format_rfc3339(one->at)
                       : "nobody";
        };
        failed(seat, "for STOP " + record.text() + " it would call " + text(is) +
                         ", and by its clock that is " + text(due));
    }
    return next;
}

/// One call is made of one instant, and none before it is due.
void Checks::called(const Book::Meaning& meaning) {
    const Seat& seat = world_.seats_[meaning.author];
    if (!seat.honest || !meaning.call->automatic) return;
    for (const StopCall& one : world_.book_.stops().at(meaning.call->stop).calls) {
        if (one.automatic && one.at >= meaning.call->at) {
            failed(seat, "it says one call of STOP " + meaning.call->stop.text() + " twice");
        }
    }
}

/// Its node says once that it has it, of what was said to it.
void Checks::replied_to_stop(const Answered& reply) {
    const Seat& seat = world_.seats_[reply.by];
    const StopSaid& stop = world_.book_.stops().at(reply.of);
    const std::string what = "its node notes STOP " + reply.of.text();
    if (stop.to != seat.party->id() || stop.leaf != reply.version || reply.word != "noted") {
        return failed(seat, what + ", which is another's");
    }
    for (const auto& [leaf, one] : world_.book_.answered()) {
        if (one.by == reply.by && one.of == reply.of) return failed(seat, what + " once more");
    }
}

/// When all is quiet: what was heard a log has shown, its author knows that it was noted, and the
/// party that was asked knows of every call.
void Checks::stopped(Seat& seat) {
    for (const node::HeardStop& one : seat.urgents->heard()) {
        if (!honest(one.from)) continue;
        return failed(seat, "STOP " + one.record.text() + " is heard still, and its log is here");
    }
    for (const auto& [record, stop] : world_.book_.stops()) {
        if (stop.author == world_.number(seat)) {
            node::Calling calling;
            (void)next_call(seat, record, calling);
        }
        const Seat& author = world_.seats_[stop.author];
        if (!author.honest || stop.to != seat.party->id()) continue;
        const view::View view(seat.party->node().snapshot(), {seat.party->id()});
        if (view.attempts(record).size() != stop.calls.size()) {
            return failed(seat, "it does not know of all calls of STOP " + record.text());
        }
        const view::View its(author.party->node().snapshot(), {author.party->id()});
        const auto replies = its.replies(record, {&stop.leaf, 1});
        if (std::none_of(replies.begin(), replies.end(), [&](const auto& one) {
                return one.newest && one.party == seat.party->id();
            })) {
            return failed(author, "it does not know that " + seat.party->id().v + " has STOP " +
                                      record.text());
        }
    }
}

}  // namespace entente::sim

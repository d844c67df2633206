// SPDX-License-Identifier: Apache-2.0
// Challenges, hot-line messages and boundaries beside the book (doc/protocol/dealings.md): nobody
// sees what was not given to them, and others what was meant; a record is contested exactly for
// those who see an open challenge to it, and weighs as much as before.
#include <algorithm>

#include "sim/checks.h"
#include "view/airspace.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

/// The newest version of a dealing that is here, as its author meant it; null where a version is
/// here that is none of these.
template <class Versions>
auto newest_here(const registry::Dealing& dealing, const Versions& versions) -> const
    typename Versions::value_type* {
    std::uint32_t newest = 0;
    for (const registry::DealingVersion& shown : dealing.versions) {
        const std::uint32_t number = number_of(versions, shown.position.leaf);
        if (number != shown.number) return nullptr;
        newest = std::max(newest, number);
    }
    return &versions[newest - 1];
}

}  // namespace

/// Whether it may see this dealing, and does. A liar may have given the head and kept the body.
bool Checks::shows(Seat& seat, const RecordId& record, std::size_t author, bool seen) {
    ++world_.out_.talk_asked;
    const std::string what = world_.book_.records().at(record).kind + " " + record.text() + " of " +
                             world_.seats_[author].party->id().v;
    if (!holds(seat, record)) {
        if (seen) failed(seat, "it shows " + what + ", which was not given to it");
        return false;
    }
    if (!seen && author == world_.number(seat)) failed(seat, "it has lost its " + what);
    if (!seen || world_.seats_[author].honest) return seen;
    const auto& dealings = seat.party->node().snapshot().dealings();
    return dealings.at(*dealings.find(record)).versions.back().said != nullptr;
}

void Checks::ask_talk() {
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (!seat.party->running() || !seat.honest) return;
    const auto some = [&](const auto& all, const auto& use) {
        if (all.empty()) return;
        const auto n = static_cast<std::ptrdiff_t>(world_.rng_.below(all.size()));
        const auto& [record, said] = *std::next(all.begin(), n);
        use(record, said);
    };
    const Instant at = world_.clock(seat) + world_.between(0ms, 8h);
    some(world_.book_.contests(), [&](const RecordId& record, const Contest& one) {
        contest(seat, record, one, at);
        contested(seat, one.of);
    });
    some(world_.book_.records(),
         [&](const RecordId& record, const auto&) { contested(seat, record); });
    some(world_.book_.messages(),
         [&](const RecordId& record, const MessageSaid& one) { message(seat, record, one); });
    some(world_.book_.zones(),
         [&](const RecordId& record, const Zone& one) { zone(seat, record, one); });
}

/// Its words, and how it stands by its clock and by what its record's author has answered.
void Checks::contest(Seat& seat, const RecordId& record, const Contest& contest, Instant at) {
    const registry::Snapshot& snapshot = seat.party->node().snapshot();
    const view::View view(snapshot, {seat.party->id()});
    const auto seen = view.find_challenge(record);
    if (!shows(seat, record, contest.author, seen.has_value())) return;
    const std::string which = "challenge " + record.text();
    const ContestVersion* newest = newest_here(seen->dealing(), contest.versions);
    if (newest == nullptr) return failed(seat, which + " has a version that nobody said");
    const statement::Challenge* said = seen->challenge();
    if (!newest->withdrawn &&
        (said == nullptr || said->of != contest.of || said->text != newest->text ||
         said->answer_by != newest->answer_by)) {
        return failed(seat, which + " says what was not meant");
    }
    const PartyId& party = seat.party->id();
    const PartyId& of_author = world_.seats_[contest.of_author].party->id();
    bool answered = false;
    for (const auto& [leaf, reply] : world_.book_.answered()) {
        const bool decides = reply.word == "accepted" || reply.word == "refused";
        answered |= reply.of == record && reply.version == newest->leaf && !reply.automatic &&
                    decides && world_.seats_[reply.by].party->id() == of_author &&
                    has_reply(seat, leaf);
    }
    answered = answered && snapshot.find(contest.of);  // whose it is is known there
    const bool ours = contest.author == world_.number(seat) || of_author == party;
    const std::string should = newest->withdrawn        ? "withdrawn"
                               : answered               ? "answered"
                               : !ours                  ? "elsewhere"
                               : at < newest->answer_by ? "open"
                                                        : "overdue";
    const std::string is = view::name(seen->state(at));
    if (is != should) {
        failed(seat,
               which + " is called " + is + " at " + format_rfc3339(at) + " and is " + should);
    }
}

bool Checks::is_contested(const Seat& seat, const RecordId& record) const {
    const auto& dealings = seat.party->node().snapshot().dealings();
    for (const auto& [id, contest] : world_.book_.contests()) {
        if (contest.of != record) continue;
        if (world_.seats_[contest.author].founder == world_.seats_[contest.of_author].founder) {
            continue;
        }
        const auto slot = dealings.find(id);
        if (!slot) continue;
        const ContestVersion* newest = newest_here(dealings.at(*slot), contest.versions);
        const auto& shown = dealings.at(*slot).versions;
        const bool any = std::any_of(shown.begin(), shown.end(),
                                     [](const auto& one) { return one.said != nullptr; });
        if (any && newest != nullptr && !newest->withdrawn) return true;
    }
    return false;
}

/// Flagged where a challenge is open that is seen there, nowhere else, and as heavy as before.
void Checks::contested(Seat& seat, const RecordId& record) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto slot = view.find(record);
    if (!slot) return;
    ++world_.out_.contested_asked;
    const view::Seen seen = view.at(*slot);
    // Who contests what cannot be read yet may contest an objection: that is flagged nowhere.
    const bool should =
        (is_contested(seat, record) && !seen.objects()) || differs(seat, seen, record);
    if (seen.contested(world_.clock(seat)) != should) {
        return failed(seat, "record " + record.text() +
                                (should ? " is contested, and is not called so"
                                        : " is called contested, and is not"));
    }
    // What a presence weighs is the parties' to say, contested or not (checks_sides.cc).
    if (!should || seen.is_presence()) return;
    const Instant now = world_.clock(seat);
    for (const view::SeenPlace& place : seen.places(now)) {
        if (place.coarse || place.objects) continue;
        const check::Answer answer = seat.party->ask({{place.reached->place.volume}, {0}}, now);
        const auto is_it = [&](const auto& one) { return one.id == record; };
        const auto found = std::find_if(answer.findings.begin(), answer.findings.end(), is_it);
        const bool listed = found != answer.findings.end();
        if (!listed && answer.findings_total > answer.findings.size()) continue;
        const auto wanted = seen.over_budget() ? check::Verdict::caution : check::Verdict::conflict;
        if (!listed || found->weight < wanted || answer.verdict < wanted ||
            !found->flags.has(view::Flag::contested)) {
            return failed(seat, "record " + record.text() +
                                    " is contested, and weighs less for it or is not called so");
        }
    }
}

std::string Checks::answer_about(Seat& seat, const RecordId& record) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto slot = view.find(record);
    const Instant now = world_.clock(seat);
    check::Question question;
    if (slot) {
        for (const view::SeenPlace& place : view.at(*slot).places(now)) {
            question.volumes.push_back(place.reached->place.volume);
        }
    }
    if (question.volumes.empty()) return {};
    const check::Answer answer = seat.party->ask(question, now);
    std::string out = check::name(answer.verdict);
    for (const check::Reason& one : answer.reasons) {
        out += "\n" + one.code + " " + one.text + " " + std::to_string(one.count) + one.party.v;
    }
    for (const auto* some : {&answer.findings, &answer.objections, &answer.nearby}) {
        for (const check::Finding& one : *some) {
            out += "\n" + one.id.text() + check::name(one.weight) + view::name(one.state) +
                   std::to_string(one.volume) + std::to_string(one.distance.v);
        }
        out += "\n";
    }
    return out;
}

/// Its words, and by whom it is acknowledged as far as that has come here.
void Checks::message(Seat& seat, const RecordId& record, const MessageSaid& message) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto seen = view.find_message(record);
    if (!shows(seat, record, message.author, seen.has_value())) return;
    const std::string which = "message " + record.text();
    if (seen->message() == nullptr || seen->message()->text != message.text ||
        seen->version().position.leaf != message.leaf) {
        return failed(seat, which + " says what was not meant");
    }
    const PartyId& author = world_.seats_[message.author].party->id();
    std::set<Hash> meant, has;
    for (const auto& [leaf, reply] : world_.book_.answered()) {
        const bool notes = reply.of == record && reply.word == "noted" && !reply.automatic;
        if (notes && world_.seats_[reply.by].party->id() != author && has_reply(seat, leaf)) {
            meant.insert(leaf);
        }
    }
    for (const view::SeenReply& one : seen->acknowledgements()) has.insert(one.leaf);
    if (meant == has) return;
    failed(seat, which + " has " + std::to_string(has.size()) +
                     " acknowledgements, and there are " + std::to_string(meant.size()));
}

/// What is in force of it is the newest version that is here.
void Checks::zone(Seat& seat, const RecordId& record, const Zone& zone) {
    const registry::Snapshot& snapshot = seat.party->node().snapshot();
    const auto seen = view::find_airspace(snapshot, record);
    if (!shows(seat, record, zone.author, seen.has_value())) return;
    const std::string which = "boundary " + record.text();
    const ZoneVersion* newest = newest_here(seen->dealing(), zone.versions);
    if (newest == nullptr) return failed(seat, which + " has a version that nobody said");
    const auto in_force = seen->in_force();
    const bool withdrawn = seen->state() == view::AirspaceState::withdrawn;
    // Its author's node may hand over the head alone, or a body that is not the entry's.
    if (!newest->withdrawn && seen->dealing().versions.back().said == nullptr) {
        if (seen->state() == view::AirspaceState::not_understood) return;
        return failed(seat, which + " cannot be read, and is called " + view::name(seen->state()));
    }
    if (withdrawn != newest->withdrawn || in_force.size() != (newest->withdrawn ? 0u : 1u)) {
        return failed(seat, which + " is called " + view::name(seen->state()) + ", with " +
                                std::to_string(in_force.size()) + " versions in force");
    }
    if (newest->withdrawn) return;
    if (in_force[0].version->position.leaf != newest->leaf ||
        in_force[0].airspace->volumes != places_of({newest->volume})) {
        failed(seat, which + " is in force in a version that is not the newest");
    }
}

/// When all is quiet: everybody has the newest of all that they were given, and what is said of it
/// holds.
void Checks::talk(Seat& seat) {
    const Instant now = world_.clock(seat);
    for (const auto& [record, one] : world_.book_.contests()) {
        has_newest(seat, record, one.author, one.versions.size());
        for (const Duration later : {Duration(0), Duration(4h), Duration(12h)}) {
            contest(seat, record, one, now + later);
        }
    }
    for (const auto& [record, one] : world_.book_.messages()) {
        has_newest(seat, record, one.author, 1);
        message(seat, record, one);
        if (one.author != world_.number(seat)) continue;
        // Who sent it knows of every honest party that has acknowledged it.
        for (const auto& [leaf, reply] : world_.book_.answered()) {
            if (reply.of != record || !world_.seats_[reply.by].honest) continue;
            if (!has_reply(seat, leaf)) failed(seat, "an answer to its message has not come");
        }
    }
    for (const auto& [record, one] : world_.book_.zones()) {
        has_newest(seat, record, one.author, one.versions.size());
        zone(seat, record, one);
    }
    for (const auto& [record, told] : world_.book_.records()) {
        if (!told.deals()) contested(seat, record);
    }
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// What a node shows of activities, what it replies to them by itself, and what objections do,
// beside the book: nobody sees what was not declared to them; nothing is said twice, and nothing
// named that was not released; and both sides know the same of it in the end.
#include <algorithm>

#include "base/limits.h"
#include "sim/checks.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

constexpr Bits exact = 4, some_place = 6;

bool same(const std::vector<geo::Place>& shown, const std::vector<PlanVolume>& meant) {
    return shown == Checks::places_of(meant);
}

const check::Reason* reason_of(const check::Answer& answer, const char* code,
                               const PartyId& party) {
    for (const check::Reason& one : answer.reasons) {
        if (one.code == code && one.party == party) return &one;
    }
    return nullptr;
}

}  // namespace

std::vector<geo::Place> Checks::places_of(const std::vector<PlanVolume>& volumes) {
    std::vector<geo::Place> out;
    for (const PlanVolume& one : volumes) {
        geo::Place place;
        place.volume.shape = geo::Circle{place_of(one.site, 0), {one.radius_dm}};
        place.volume.window = {one.start, one.end};
        out.push_back(std::move(place));
    }
    return out;
}

node::Draft Checks::objection(const Book::Meaning& meaning) {
    node::Draft out;
    out.act = meaning.act;
    out.actor = "a.planner";
    out.protection.contact = meaning.contact;
    out.protection.where = places_of(meaning.volumes);
    for (geo::Place& place : out.protection.where) place.buffer = place.accuracy = Decimetres{0};
    out.protection.objection = statement::Objection{meaning.activity, {}, "EXERCISE", {}, false};
    return out;
}

/// Whether whoever asks there is cautioned, or where it is a STOP told of a conflict, in its hours
/// and at any: of one party's objections so many are listed, and all are counted.
bool Checks::objected(Seat& seat, const Claim& claim, std::int64_t north_dm, Instant at) {
    ++world_.out_.objections_asked;
    const PartyId& party = world_.seats_[claim.author].party->id();
    const geo::Circle circle{place_of(claim.site, north_dm), {10}};
    const PlanVolume& hours = *claim.objects;
    for (const geo::Window& window : {geo::Window{}, geo::Window{hours.start, hours.start + 1ms},
                                      geo::Window{hours.end - 1ms, hours.end}}) {
        const check::Answer answer = seat.party->ask({{{circle, {}, window}}, {0}}, at);
        const check::Reason* reason =
            reason_of(answer, claim.stops ? "open_stop" : "open_objection", party);
        const auto wanted = claim.stops ? check::Verdict::conflict : check::Verdict::caution;
        if (reason == nullptr || answer.verdict < wanted) return false;
        const auto is_it = [&](const check::Finding& one) { return one.id == claim.record; };
        const bool listed = std::any_of(answer.objections.begin(), answer.objections.end(), is_it);
        if (!listed && reason->count <= limits::objections_listed_max) return false;
        // What is objected to is no place that is protected.
        if (std::any_of(answer.findings.begin(), answer.findings.end(), is_it)) return false;
    }
    return true;
}

/// Whether its party was released the exact body of some version, or said it.
bool Checks::holds(const Seat& seat, const RecordId& record) const {
    const Told& told = world_.book_.records().at(record);
    if (told.author == world_.number(seat)) return true;
    const auto given = told.given.find(seat.party->id());
    return given != told.given.end() && (given->second & exact) != 0;
}

void Checks::ask_plan() {
    const auto& plans = world_.book_.plans();
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (plans.empty() || !seat.party->running() || !seat.honest) return;
    const auto& [record, plan] =
        *std::next(plans.begin(), static_cast<std::ptrdiff_t>(world_.rng_.below(plans.size())));
    Instant at = world_.clock(seat);
    if (world_.chance(0.5)) at += world_.between(-1h, 12h);
    activity(seat, record, plan, at);
}

void Checks::activity(Seat& seat, const RecordId& record, const Plan& plan, Instant at) {
    ++world_.out_.plans_asked;
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto seen = view.find_activity(record);
    const std::string which =
        "activity " + record.text() + " of " + world_.seats_[plan.author].party->id().v;
    if (!holds(seat, record)) {
        if (seen) failed(seat, "it shows " + which + ", which was not declared to it");
        return;
    }
    if (!seen) {
        if (plan.author == world_.number(seat)) failed(seat, "it has lost its " + which);
        return;  // on its way
    }
    for (const registry::DealingVersion& shown : seen->versions()) {
        const Said* said = world_.book_.with_leaf(shown.position.leaf);
        if (said == nullptr || said->record != record) {
            return failed(seat, which + " has a version that nobody said");
        }
        version(seat, *said, shown, plan);
    }
    const std::uint32_t newest = seen->version();
    const std::string is = view::name(seen->state(at));
    const std::string should = standing(plan.versions[newest - 1], at);
    const bool of_liar = is == "not_understood" && !world_.seats_[plan.author].honest;
    if (is != should && !of_liar) {
        failed(seat, which + ", version " + std::to_string(newest) + ", is called " + is + " at " +
                         format_rfc3339(at) + " and is " + should);
    }
    replies(seat, *seen);
}

void Checks::version(Seat& seat, const Said& said, const registry::DealingVersion& shown,
                     const Plan& plan) {
    const std::uint32_t number = plan.number_of(shown.position.leaf);
    const std::string which =
        "version " + std::to_string(shown.number) + " of activity " + said.record.text();
    const auto allowed = said.allowed.find(seat.party->id());
    const bool may = plan.author == world_.number(seat) ||
                     (allowed != said.allowed.end() && (allowed->second & exact) != 0);
    if (!may) return failed(seat, "it shows " + which + ", which was not released to it");
    if (number != shown.number) {
        return failed(seat, which + " is the " + std::to_string(number) + "th that was said");
    }
    const PlanVersion& meant = plan.versions[number - 1];
    const auto* content = shown.said ? std::get_if<statement::Activity>(shown.said.get()) : nullptr;
    // Of a liar a body may be none of its entry's.
    const bool equal =
        content == nullptr
            ? meant.volumes.empty() || !world_.seats_[plan.author].honest
            : same(content->volumes, meant.volumes) && content->started == meant.started;
    if (shown.act != meant.act || !equal) failed(seat, which + " says what was not meant");
}

/// Each is as it was said, and here because it was said to this party, or by it, or shown to it.
void Checks::replies(Seat& seat, const view::SeenActivity& seen) {
    for (const view::SeenReply& one : seen.replies()) {
        const Said* said = world_.book_.with_leaf(one.leaf);
        const auto found = world_.book_.answered().find(one.leaf);
        if (said == nullptr || found == world_.book_.answered().end()) {
            return failed(seat, "it has a reply of " + one.party.v + " that nobody said");
        }
        const Answered& reply = found->second;
        if (reply.by != world_.number(seat) && !said->allowed.contains(seat.party->id())) {
            return failed(seat, "it has a reply of " + one.party.v + " to " + reply.to.v);
        }
        const std::set<Hash> entries(one.reply->entries.begin(), one.reply->entries.end());
        if (one.party != world_.seats_[reply.by].party->id() || one.reply->to != reply.version ||
            one.reply->of != reply.of || statement::name(one.reply->word) != reply.word ||
            one.reply->contact != reply.contact || entries != reply.entries ||
            one.reply->automatic != reply.automatic) {
            return failed(seat, "a reply of " + one.party.v + " says what was not meant");
        }
    }
}

/// All of them, and no others.
void Checks::plans(Seat& seat) {
    if (!seat.party->running()) return;
    const Instant now = world_.clock(seat);
    for (const auto& [record, plan] : world_.book_.plans()) activity(seat, record, plan, now);
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    for (const view::SeenActivity& one : view.activities()) {
        if (world_.book_.plans().contains(one.id())) continue;
        failed(seat, "it shows activity " + one.id().text() + " that nobody said");
    }
}

void Checks::said_by_itself(const Answered& reply) {
    const Seat& seat = world_.seats_[reply.by];
    if (!seat.honest || !reply.automatic || world_.book_.messages().contains(reply.of)) return;
    if (world_.book_.stops().contains(reply.of)) return replied_to_stop(reply);
    const std::string what = "its node replies '" + reply.word + "' to activity " +
                             reply.of.text() + " of " + reply.to.v;
    const auto before = world_.book_.said_before(reply);
    if (before &&
        std::includes(before->begin(), before->end(), reply.entries.begin(), reply.entries.end())) {
        return failed(seat, what + " once more, and has said so");
    }
    const auto plan = world_.book_.plans().find(reply.of);
    const std::uint32_t number =
        plan == world_.book_.plans().end() ? 0 : plan->second.number_of(reply.version);
    if (number == 0) return failed(seat, what + ", which has no such version");
    const PlanVersion& version = plan->second.versions[number - 1];
    if (world_.seats_[plan->second.author].party->id() != reply.to) {
        return failed(seat, what + ", which is another's");
    }
    const auto touches = [&](const RecordId& record) {
        return std::any_of(version.volumes.begin(), version.volumes.end(),
                           [&](const auto& one) { return world_.book_.was_at(record, one.site); });
    };
    for (const Hash& leaf : reply.entries) {
        const Said* said = world_.book_.with_leaf(leaf);
        if (said == nullptr || said->author != reply.by) {
            return failed(seat, what + " and names what is not its own");
        }
        const auto allowed = said->allowed.find(reply.to);
        if (allowed == said->allowed.end() || (allowed->second & some_place) == 0) {
            return failed(seat, what + " and names entry of record " + said->record.text() +
                                    ", which was not released there");
        }
        if (!touches(said->record)) {
            return failed(seat, what + " and names what is elsewhere");
        }
    }
    if (!reply.entries.empty()) return;
    // It names nothing: then it is of what allows to be answered so.
    const auto& all = world_.book_.records();
    const bool any = std::any_of(all.begin(), all.end(), [&](const auto& one) {
        return one.second.author == reply.by && one.second.allows && touches(one.first);
    });
    if (!any || reply.word != "conflict") failed(seat, what + " for nothing that allows it");
}

/// Both sides have the same replies to the same versions.
void Checks::agree(Seat& seat, const RecordId& record, const Plan& plan) {
    const Seat& author = world_.seats_[plan.author];
    if (!author.honest || &seat == &author || !holds(seat, record)) return;
    std::set<Hash> meant;
    for (const auto& [leaf, reply] : world_.book_.answered()) {
        if (reply.of == record && reply.by == world_.number(seat)) meant.insert(leaf);
    }
    for (const Seat* side : {&author, static_cast<const Seat*>(&seat)}) {
        const view::View view(side->party->node().snapshot(), {side->party->id()});
        const auto seen = view.find_activity(record);
        if (!seen) return failed(*side, "it does not show activity " + record.text());
        if (seen->version() != plan.versions.size()) {
            return failed(*side,
                          "it does not have the newest version of activity " + record.text());
        }
        std::set<Hash> has;
        for (const view::SeenReply& one : seen->replies()) {
            if (one.party == seat.party->id()) has.insert(one.leaf);
        }
        if (has == meant) continue;
        return failed(*side, "it has " + std::to_string(has.size()) + " replies of " +
                                 seat.party->id().v + " to activity " + record.text() +
                                 ", and there are " + std::to_string(meant.size()));
    }
}

/// What touches an activity that may still happen, and has not been meant to end, was replied.
void Checks::replied(Seat& seat, const RecordId& record, const Plan& plan) {
    const Seat& author = world_.seats_[plan.author];
    const PlanVersion& newest = plan.versions.back();
    const Instant now = world_.clock(seat);
    if (!author.honest || &seat == &author || !holds(seat, record)) return;
    if (!may_happen(standing(newest, now))) return;
    for (const Claim& claim : world_.book_.claims()) {
        const Told& told = world_.book_.records().at(claim.record);
        if (claim.author != world_.number(seat) || !claim.ended_by.empty()) continue;
        if (told.is(newer_kind)) continue;
        if (told.is(statement::presence_kind) && now >= told.from + 13 * 24h) continue;
        const bool touches =
            std::any_of(newest.volumes.begin(), newest.volumes.end(), [&](const auto& one) {
                const Instant start = claim.objects ? claim.objects->start : Instant::min();
                const Instant end = claim.objects ? claim.objects->end : Instant::max();
                return one.site == claim.site &&
                       std::max({one.start, start, now}) < std::min(one.end, end);
            });
        const auto& allowed = world_.book_.said(claim.author, claim.entry)->allowed;
        const auto given = allowed.find(author.party->id());
        const bool held = given != allowed.end() && (given->second & some_place) != 0;
        if (!touches || (!held && !told.allows)) continue;
        ++world_.out_.replies_due;
        if (has_named(seat, newest, claim.record, told, held)) continue;
        return failed(seat, "it has not said to " + author.party->id().v + " that activity " +
                                record.text() + " touches " + told.kind + " " +
                                claim.record.text() + (held ? "" : ", which allows that"));
    }
}

bool Checks::has_named(const Seat& seat, const PlanVersion& version, const RecordId& record,
                       const Told& told, bool held) const {
    const std::string desk = told.contact.empty() ? "duty" : told.contact;
    for (const auto& [leaf, reply] : world_.book_.answered()) {
        if (!reply.automatic || reply.by != world_.number(seat) || reply.version != version.leaf ||
            reply.word != "conflict" || reply.contact != desk) {
            continue;
        }
        const bool named = std::any_of(
            reply.entries.begin(), reply.entries.end(),
            [&](const Hash& one) { return world_.book_.with_leaf(one)->record == record; });
        if (named || !held) return true;
    }
    return false;
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// Notices of activities, challenges and messages: what was said of one and what was replied to it;
// and alarms, where a version of a record that is told just now touches an activity that may still
// happen, of this party or declared to it. An alarm has a cause of its own for each activity, so it
// is durable and told once like the others, and is no line in a list of something else.
#include <algorithm>
#include <numeric>

#include "check/activity.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using registry::Dealing;
using registry::DealingVersion;

/// What a version says of a STOP.
struct SaidOfStop {
    RecordId stop;
    std::string detail;
    std::optional<registry::Slot> slot = {};  // nothing while no log shows it here
    std::vector<std::string> desks = {};      // of a call those that are called
};

/// What a person of this party answered to a STOP that it has heard, before its log shows it.
std::optional<SaidOfStop> answered_unlogged(const std::vector<HeardStop>& heard,
                                            const registry::Snapshot& snapshot, const PartyId& by,
                                            const statement::Reply& reply) {
    const bool is_one = std::any_of(heard.begin(), heard.end(), [&](const HeardStop& one) {
        return one.record == reply.of && one.leaf == reply.to;
    });
    if (!is_one || by != snapshot.party() || reply.automatic) return std::nullopt;
    return SaidOfStop{reply.of, std::string("replied_") + statement::name(reply.word)};
}

/// What this version says of a STOP, and of which: what a person answered who was asked to stop,
/// or that another's node calls desks of this party.
std::optional<SaidOfStop> answered_by(const std::vector<HeardStop>& heard,
                                      const registry::Snapshot& snapshot, const PartyId& by,
                                      const DealingVersion& version) {
    const auto* reply = version.said ? std::get_if<statement::Reply>(version.said.get()) : nullptr;
    const auto* attempt =
        version.said ? std::get_if<statement::Attempt>(version.said.get()) : nullptr;
    if (reply == nullptr && attempt == nullptr) return std::nullopt;
    const auto slot = snapshot.find(reply != nullptr ? reply->of : attempt->of);
    const statement::Stop* stop = slot ? view::Seen(snapshot, *slot).stop() : nullptr;
    if (stop == nullptr && reply != nullptr) {
        return answered_unlogged(heard, snapshot, by, *reply);
    }
    if (stop == nullptr) return std::nullopt;
    const view::Seen seen(snapshot, *slot);
    if (attempt != nullptr) {
        const bool calls = by == seen.party() && stop->to == snapshot.party() &&
                           attempt->automatic && !decided(snapshot, attempt->of, attempt->to);
        return calls ? std::optional(SaidOfStop{seen.id(), "called", *slot, attempt->desks})
                     : std::nullopt;
    }
    if (reply->automatic || by != stop->to) return std::nullopt;
    return SaidOfStop{seen.id(), std::string("replied_") + statement::name(reply->word), *slot};
}

/// What is said by a version of a dealing; of what is not listed here a notice says nothing.
struct SaidBy {
    const char* what = nullptr;  // watch::what
    RecordId of;                 // the activity, challenge or message
    std::string detail;
    std::optional<registry::Slot> slot = {};  // of the record that is contested
    std::vector<std::string> desks = {};      // to which a message is addressed
};

/// What notices of a dealing are called; null for those that are told of in no notice.
const char* what_of(const Dealing& dealing) {
    if (view::is_of_kind(dealing, statement::activity_kind)) return watch::what::activity;
    if (view::is_of_kind(dealing, statement::challenge_kind)) return watch::what::challenge;
    if (view::is_of_kind(dealing, statement::message_kind)) return watch::what::message;
    return nullptr;
}

/// The record that a challenge contests, so that whoever is told of its place is told of this.
std::optional<registry::Slot> contested(const registry::Snapshot& snapshot,
                                        const Dealing& dealing) {
    const statement::Dealt* said = dealing.said();
    const auto* challenge = said ? std::get_if<statement::Challenge>(said) : nullptr;
    return challenge != nullptr ? snapshot.find(challenge->of) : std::nullopt;
}

/// Of a message: it, and its acknowledgements, concern the desks to which it is addressed here.
std::vector<std::string> desks_at(const registry::Snapshot& snapshot, registry::DealingSlot slot) {
    if (!view::is_message(snapshot, slot)) return {};
    return desks_of(view::SeenMessage(snapshot, slot));
}

std::optional<SaidBy> said_by(const registry::Snapshot& snapshot, registry::DealingSlot slot,
                              const DealingVersion& version) {
    const Dealing& dealing = snapshot.dealings().at(slot);
    const auto* reply = version.said ? std::get_if<statement::Reply>(version.said.get()) : nullptr;
    if (reply != nullptr) {
        const auto of = snapshot.dealings().find(reply->of);
        const char* const what = of ? what_of(snapshot.dealings().at(*of)) : nullptr;
        if (what == nullptr) return std::nullopt;
        return SaidBy{what, reply->of, std::string("replied_") + statement::name(reply->word),
                      contested(snapshot, snapshot.dealings().at(*of)), desks_at(snapshot, *of)};
    }
    const char* const what = what_of(dealing);
    if (what == nullptr) return std::nullopt;
    const bool known = statement::canon::is_key(version.act);
    return SaidBy{what, dealing.id, known ? version.act : "unknown", contested(snapshot, dealing),
                  desks_at(snapshot, slot)};
}

Notice notice_of(const registry::LogState& log, const DealingVersion& version, SaidBy said,
                 Instant moment) {
    Notice out;
    out.what = said.what;
    out.party = log.party;
    out.origin = log.origin;
    out.index = version.position.index;
    out.leaf = version.position.leaf;
    out.detail = std::move(said.detail);
    out.time = moment;
    (said.what == std::string_view(watch::what::activity) ? out.activity : out.talk) = said.of;
    return out;
}

Notice answer_to_stop(const registry::LogState& log, const DealingVersion& version,
                      const SaidOfStop& answered, Instant moment) {
    Notice out;
    out.what = watch::what::stop;
    out.party = log.party;
    out.origin = log.origin;
    out.index = version.position.index;
    out.leaf = version.position.leaf;
    out.detail = answered.detail;
    out.record = answered.stop;
    out.version = 1;
    out.time = moment;
    return out;
}

/// Whether the version protects at most what the one before it did: then nobody needs to hear that
/// it touches what that one touched.
bool adds_nothing(const registry::Record& record, std::uint32_t number) {
    const registry::Version* version = nullptr;
    const registry::Version* before = nullptr;
    for (const registry::Version& one : record.versions) {
        if (one.number == number) version = &one;
        if (one.number < number && one.coarse_only == false) before = &one;
    }
    if (version == nullptr || version->places.empty()) return true;
    const auto of_group = [](const registry::Version& one) {
        return one.content ? one.content->protection.presence : std::nullopt;
    };
    // The same place may be another group's now, and another party's word may protect that.
    if (before != nullptr && of_group(*before) != of_group(*version)) return false;
    return before != nullptr && registry::covers(before->places, version->places);
}

}  // namespace

void Noticing::note_stated(const registry::LogState& log, registry::DealingSlot slot,
                           const DealingVersion& version, const std::vector<std::uint64_t>& numbers,
                           Pass& pass) {
    const bool known = statement::canon::is_key(version.act);
    Notice notice;
    notice.what = watch::what::match;
    notice.party = log.party;
    notice.origin = log.origin;
    notice.index = version.position.index;
    notice.leaf = version.position.leaf;
    notice.detail = known ? version.act : "unknown";
    notice.version = version.number;
    notice.time = pass.moment;
    for (const std::uint64_t number : numbers) {
        Cause cause{(log.number == 0 ? "match/entry/" : "match/release/") + log.origin.v + "/" +
                        std::to_string(number),
                    notice,
                    {}};
        cause.matches = true;
        cause.statement = slot;
        pass.stated.push_back(std::move(cause));
    }
}

/// Dealings to look at, ascending: of a million those that changed since the pass before.
std::vector<registry::DealingSlot> Noticing::dealt(const Pass& pass) const {
    std::vector<registry::DealingSlot> out;
    if (pass.everywhere) {
        out.resize(of_.node->snapshot().dealings().size());
        std::iota(out.begin(), out.end(), registry::DealingSlot{0});
        return out;
    }
    const auto& changed = of_.node->changed_dealings();
    out.assign(changed.begin() + static_cast<std::ptrdiff_t>(dealt_), changed.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// Of one's own log an entry, of another's the release that shows it.
void Noticing::activity_causes(Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const Origin& own = of_.node->origin();
    const std::uint64_t begin = pass.told(own).entries, end = pass.now[own].entries;
    if (begin >= end && pass.released.empty()) return;
    std::map<std::pair<registry::LogNumber, std::uint64_t>, Cause> found;  // in order of each log
    const auto heard = of_.heard_stops ? of_.heard_stops() : std::vector<HeardStop>();
    for (const registry::DealingSlot slot : dealt(pass)) {
        const Dealing& dealing = snapshot.dealings().at(slot);
        const registry::LogState& log = snapshot.log(dealing.log);
        const auto released = pass.released.find(dealing.log);
        for (const DealingVersion& version : dealing.versions) {
            const std::uint64_t index = version.position.index.v;
            std::vector<std::uint64_t> numbers;
            if (dealing.log == 0 && index >= begin && index < end) numbers = {index};
            if (released != pass.released.end()) {
                const auto given = released->second.find(version.position.leaf);
                if (given != released->second.end()) numbers = given->second;
            }
            if (numbers.empty()) continue;
            if (says_of_groups(dealing)) pass.stood.emplace(slot, version.number);
            if (view::is_statement(snapshot, slot)) {
                note_stated(log, slot, version, numbers, pass);
                if (version.kind == statement::incident_kind) pass.struck.insert(slot);
                continue;
            }
            const auto said = said_by(snapshot, slot, version);
            const auto answered = answered_by(heard, snapshot, log.party, version);
            if (!said && !answered) continue;
            if (version.kind == statement::activity_kind) pass.said.emplace(slot, version.number);
            if (version.kind == statement::challenge_kind) pass.asked.emplace(slot, version.number);
            for (const std::uint64_t number : numbers) {
                const std::string key = (dealing.log == 0 ? "entry/" : "release/") + log.origin.v +
                                        "/" + std::to_string(number);
                found.emplace(std::pair(dealing.log, number),
                              answered
                                  ? Cause{key, answer_to_stop(log, version, *answered, pass.moment),
                                          answered->slot, answered->desks}
                                  : Cause{key, notice_of(log, version, *said, pass.moment),
                                          said->slot, said->desks});
            }
        }
    }
    for (auto& [number, cause] : found) pass.causes.push_back(std::move(cause));
}

void Noticing::alarm_causes(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    if (pass.fresh.empty() || activities == nullptr) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    index::Scratch scratch;
    for (const auto& [slot, number] : pass.fresh) {
        const registry::Record& record = snapshot.at(slot);
        const view::Seen seen(snapshot, slot);
        if ((seen.objects() && !seen.stops()) || adds_nothing(record, number)) continue;
        for (const registry::Version& version : record.versions) {
            if (version.number != number) continue;
            for (const view::DealingSlot one :
                 check::touched(view, *activities, scratch, seen, pass.moment)) {
                const view::SeenActivity activity = view.activity(one);
                const std::string key = "alarm/" + activity.id().text() + "/" + seen.origin().v +
                                        "/" + std::to_string(version.position.index.v) + "/" +
                                        std::to_string(version.opened);
                Notice notice;
                notice.what = watch::what::alarm;
                notice.party = seen.party();
                notice.origin = seen.origin();
                notice.index = version.position.index;
                notice.leaf = version.position.leaf;
                notice.detail = view::name(activity.state(pass.moment));
                notice.record = seen.id();
                notice.version = number;
                notice.time = pass.moment;
                notice.activity = activity.id();
                pass.causes.push_back({key, notice, slot});
            }
        }
    }
}

/// An activity that touches what protects when it is said, amended or started: whoever was between
/// the check and the log is told so. And when it is overdue: it touches more by that.
void Noticing::declared_alarms(Pass& pass) const {
    if ((pass.said.empty() && pass.overdue.empty()) || !of_.protections) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const index::Index protections = of_.protections();
    index::Scratch scratch;
    const auto ring = [&](registry::DealingSlot slot, const char* why) {
        const view::SeenActivity seen(snapshot, slot);
        const auto question = check::question_of(seen, pass.moment);
        if (!question || !view::may_happen(seen.state(pass.moment))) return;
        const bool touches = std::any_of(
            question->volumes.begin(), question->volumes.end(), [&](const auto& volume) {
                return protections.touches_any({volume, question->margin}, scratch);
            });
        if (!touches) return;
        const registry::LogState& log = snapshot.log(seen.dealing().log);
        const DealingVersion& version = seen.versions().back();
        Notice notice = notice_of(
            log, version, {watch::what::activity, seen.id(), view::name(seen.state(pass.moment))},
            pass.moment);
        notice.what = watch::what::alarm;
        pass.causes.push_back({"alarm/" + seen.id().text() + "/" + log.origin.v + "/" +
                                   std::to_string(version.position.index.v) + why,
                               notice,
                               {}});
    };
    for (const auto& [slot, number] : pass.said) {
        if (view::SeenActivity(snapshot, slot).version() == number) ring(slot, "");
    }
    for (const registry::DealingSlot slot : pass.overdue) {
        const std::uint32_t number = view::SeenActivity(snapshot, slot).version();
        if (!pass.said.contains({slot, number})) ring(slot, "/overdue");
    }
}

/// What a log had said to end or to be less protects again once it is seen to contradict itself
/// (PROTOCOL 25): an activity that was planned since may touch it.
void Noticing::fork_alarms(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    const registry::Snapshot& snapshot = of_.node->snapshot();
    std::set<registry::LogNumber> forked;
    for (const auto& log : snapshot.logs()) {
        if (log->forked && !pass.told(log->origin).forked) forked.insert(log->number);
    }
    if (forked.empty() || activities == nullptr) return;
    const view::View view(snapshot, {snapshot.party()});
    index::Scratch scratch;
    for (registry::Slot slot = 0; slot < snapshot.size(); ++slot) {
        const registry::Record& record = snapshot.at(slot);
        if (!forked.contains(record.log) || record.versions.size() < 2) continue;
        const view::Seen seen = view.at(slot);
        if (seen.objects() && !seen.stops()) continue;
        const registry::LogState& log = snapshot.log(record.log);
        for (const view::DealingSlot one :
             check::touched(view, *activities, scratch, seen, pass.moment)) {
            Cause cause =
                alarm_of(log, record.newest().position, seen, view.activity(one), pass.moment);
            cause.key = "alarm/" + view.activity(one).id().text() + "/forked/" + log.origin.v +
                        "/" + record.id.text();
            cause.slot = slot;
            pass.causes.push_back(std::move(cause));
        }
    }
}

}  // namespace entente::node

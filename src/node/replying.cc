// SPDX-License-Identifier: Apache-2.0
#include "node/replying.h"

#include <algorithm>

#include "check/activity.h"
#include "geo/box.h"
#include "geo/box_size.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::node {
namespace {

using statement::Activity;
using statement::Reply;
using statement::ReplyWord;

constexpr const char* any_desk = "duty";  // where the record names none
constexpr Duration budget_for = std::chrono::hours(24);

std::string desk_of(const view::Seen& seen) {
    std::string out = seen.contact().empty() ? any_desk : seen.contact();
    // A reply's is one line.
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c >= 0 && c < ' '; }, ' ');
    return out;
}

/// All that this node has said by itself about the newest version: by word and desk, what it named.
using SaidBefore = std::map<std::pair<ReplyWord, std::string>, std::set<Hash>>;

SaidBefore said_before(const view::SeenActivity& seen, const PartyId& self) {
    SaidBefore out;
    for (const view::SeenReply& one : seen.replies()) {
        if (one.party != self || !one.newest || !one.reply->automatic) continue;
        auto& named = out[{one.reply->word, one.reply->contact}];
        named.insert(one.reply->entries.begin(), one.reply->entries.end());
    }
    return out;
}

double area_km2(const Activity& activity) {
    double out = 0;
    for (const geo::Place& place : activity.volumes) {
        out += geo::size_of(geo::bounding_box(place.volume.shape)).area_km2;
    }
    return out;
}

bool touches(const check::Question& question, const std::vector<geo::Place>& areas) {
    for (const geo::Volume4D& volume : question.volumes) {
        const geo::Prepared shape(volume.shape);
        for (const geo::Place& area : areas) {
            if (geo::overlap(volume.window, area.volume.window) &&
                geo::within(shape, geo::Prepared(area.volume.shape), question.margin)) {
                return true;
            }
        }
    }
    return false;
}

std::vector<Hash> sorted(const std::set<Hash>& leaves) {
    std::vector<Hash> out(leaves.begin(), leaves.end());
    if (out.size() > statement::reply_entries_max) out.resize(statement::reply_entries_max);
    return out;
}

}  // namespace

struct Replying::Subject {
    const view::View& view;
    const Peer& peer;
    view::SeenActivity seen;
    const Activity& activity;
    check::Question question;
    check::Answer answer;
    SaidBefore before;

    bool said(ReplyWord word, const std::string& desk, const std::set<Hash>& entries) const {
        const auto found = before.find({word, desk});
        return found != before.end() && std::includes(found->second.begin(), found->second.end(),
                                                      entries.begin(), entries.end());
    }
    Reply reply(ReplyWord word, std::string desk, const std::set<Hash>& entries) const {
        Reply out;
        out.to = seen.leaf();
        out.of = seen.id();
        out.word = word;
        out.contact = std::move(desk);
        out.entries = sorted(entries);
        out.automatic = true;
        return out;
    }
};

void Replying::look(const State& state, const std::vector<registry::Slot>* changed) {
    const auto one = [&](registry::Slot slot) {
        const registry::Record& record = state.snapshot.at(slot);
        const registry::Content* content = record.content();
        coarse_.erase(slot);
        if (content == nullptr || !state.snapshot.log(record.log).own) return;
        const auto& texts = content->protection.texts;
        const auto allows = texts.find(statement::automatic_reply_field);
        if (allows == texts.end() || allows->second != statement::automatic_reply_coarse) return;
        coarse_[slot] = content->coarse.where;
    };
    if (changed != nullptr) {
        std::for_each(changed->begin(), changed->end(), one);
        return;
    }
    coarse_.clear();
    for (registry::Slot slot = 0; slot < state.snapshot.size(); ++slot) one(slot);
}

Result<std::vector<DueReply>> Replying::due(const State& state, index::Scratch& scratch,
                                            const std::vector<view::DealingSlot>& activities,
                                            Instant now) const {
    std::vector<DueReply> out;
    const view::View view(state.snapshot, {state.snapshot.party()});
    for (const view::DealingSlot slot : activities) {
        if (!view::is_activity(state.snapshot, slot)) continue;
        const view::SeenActivity seen = view.activity(slot);
        const Peer* const peer = seen.own() ? nullptr : exchange_.peer(seen.party());
        const Activity* const activity = seen.activity();
        if (peer == nullptr || activity == nullptr || !view::may_happen(seen.state(now))) continue;
        auto question = check::question_of(seen, now);
        if (!question) continue;
        check::Answer answer =
            check::answer(view, state.index, scratch, *question, state.as_of, now);
        const Subject subject{view,
                              *peer,
                              seen,
                              *activity,
                              std::move(*question),
                              std::move(answer),
                              said_before(seen, exchange_.self())};
        TRYV(reply_to(subject, out));
    }
    return out;
}

Result<void> Replying::reply_to(const Subject& subject, std::vector<DueReply>& out) const {
    TRYV(add_missing(subject, out));
    add_conflicts(subject, out);
    return {};
}

/// Leaves of what was released to the party after what it says to have checked against. A list that
/// is none of ours counts as nothing.
Result<std::set<Hash>> Replying::released_since(const Peer& peer, const Activity& activity) const {
    std::uint64_t held = 0;
    const Origin& origin = exchange_.node().origin();
    for (const statement::CheckedLog& log : activity.checked.logs) {
        if (log.origin != origin || log.released.size > peer.given.size()) continue;
        if (peer.given.root(log.released.size) == log.released.root) held = log.released.size.v;
    }
    std::set<Hash> out;
    if (held == peer.given.size().v) return out;
    TRYV(exchange_.store().scan_releases(origin, peer.id, held,
                                         [&](StoredRelease&& row) -> Result<void> {
                                             TRY(release, seal::parse_release(row.leaf));
                                             out.insert(release.leaf);
                                             return {};
                                         }));
    return out;
}

Result<void> Replying::add_missing(const Subject& subject, std::vector<DueReply>& out) const {
    TRY(since, released_since(subject.peer, subject.activity));
    std::set<Hash> missing;
    for (const check::Finding& finding : subject.answer.findings) {
        const view::Seen seen = subject.view.at(finding.slot);
        if (seen.own() && since.contains(finding.leaf)) missing.insert(finding.leaf);
    }
    if (missing.empty() || subject.said(ReplyWord::missing, "", missing)) return {};
    out.push_back({subject.peer.id, subject.reply(ReplyWord::missing, "", missing)});
    return {};
}

/// The desks whose records allow it and whose coarse areas are touched.
std::vector<std::string> Replying::desks_by_area(const Subject& subject) const {
    std::vector<std::string> out;
    for (const auto& [slot, areas] : coarse_) {
        const view::Seen seen = subject.view.at(slot);
        if (subject.peer.given_slots.contains(seen.id())) continue;
        if (touches(subject.question, areas)) out.push_back(desk_of(seen));
    }
    return out;
}

/// By the volumes that it has declared to us, this one among them: those whose window is over for
/// less than a day, whatever became of them and whenever it claims to have said so.
bool Replying::within_budget(const Subject& subject) {
    double area = 0;
    for (const view::SeenActivity& one : subject.view.activities()) {
        if (one.party() != subject.seen.party()) continue;
        for (const registry::DealingVersion& version : one.versions()) {
            const auto* said = version.said ? std::get_if<Activity>(version.said.get()) : nullptr;
            if (said == nullptr) continue;
            if (said->end() + budget_for > subject.answer.as_of.asked_at) area += area_km2(*said);
        }
    }
    return area <= reply_area_km2_max;
}

void Replying::add_conflicts(const Subject& subject, std::vector<DueReply>& out) const {
    std::map<std::string, std::set<Hash>> by_desk;  // with what the party was given
    for (const check::Finding& finding : subject.answer.findings) {
        const view::Seen seen = subject.view.at(finding.slot);
        if (!seen.own() || !subject.peer.given_slots.contains(seen.id())) continue;
        by_desk[desk_of(seen)].insert(finding.leaf);
    }
    if (!coarse_.empty() && within_budget(subject)) {
        for (const std::string& desk : desks_by_area(subject)) by_desk[desk];
    }
    for (const auto& [desk, entries] : by_desk) {
        if (subject.said(ReplyWord::conflict, desk, entries)) continue;
        out.push_back({subject.peer.id, subject.reply(ReplyWord::conflict, desk, entries)});
    }
}

}  // namespace entente::node

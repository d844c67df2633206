// SPDX-License-Identifier: Apache-2.0
#include "node/replying.h"

#include <algorithm>
#include <limits>

#include "base/breaks.h"
#include "check/activity.h"
#include "geo/band.h"
#include "geo/box.h"
#include "geo/box_size.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::node {
namespace {

using statement::Activity;
using statement::Reply;
using statement::ReplyWord;

constexpr Slots coarse_slot = 2, exact_slot = 4;
constexpr const char* any_desk = "duty";  // where the record names none
constexpr Duration budget_for = std::chrono::hours(24);
constexpr double volume_km2_min = 2;  // a cell of the coarse grid (PROTOCOL 13), and some more

std::string desk_of(const view::Seen& seen) {
    std::string out = seen.contact().empty() ? any_desk : seen.contact();
    // A reply's is one line.
    std::replace_if(
        out.begin(), out.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }, ' ');
    return out;
}

/// All that this node has said by itself about the newest version: by word and desk, what it named.
using SaidBefore = std::map<std::pair<ReplyWord, std::string>, std::set<Hash>>;

SaidBefore said_before(const view::SeenActivity& seen, const PartyId& self) {
    SaidBefore out;
    if (broken(Break::forget_replies)) return out;
    for (const view::SeenReply& one : seen.replies()) {
        if (one.party != self || !one.newest || !one.reply->automatic) continue;
        auto& named = out[{one.reply->word, one.reply->contact}];
        named.insert(one.reply->entries.begin(), one.reply->entries.end());
    }
    return out;
}

/// Of the boxes around its volumes, as far as who acts may be outside them.
double area_km2(const Activity& activity) {
    double out = 0;
    for (const geo::Place& place : activity.volumes) {
        const Metres off = place.accuracy ? metres(*place.accuracy) : Metres{0};
        const geo::Box box = geo::bounding_box(place.volume.shape, off);
        out += std::max(volume_km2_min, geo::size_of(box).area_km2);
    }
    return out;
}

/// Whatever its height: a coarse area has none.
bool touches_area(const check::Question& question, const geo::Place& area) {
    const geo::Prepared shape(area.volume.shape);
    return std::any_of(question.volumes.begin(), question.volumes.end(), [&](const auto& volume) {
        return geo::overlap(volume.window, area.volume.window) &&
               geo::within(geo::Prepared(volume.shape), shape, question.margin);
    });
}

bool touches_exactly(const check::Question& question, const registry::Reached& place) {
    const geo::Volume4D& there = place.place.volume;
    const geo::Prepared shape(there.shape);
    return std::any_of(question.volumes.begin(), question.volumes.end(), [&](const auto& volume) {
        return geo::overlap(volume.window, there.window) && geo::overlap(volume.band, there.band) &&
               geo::within(geo::Prepared(volume.shape), shape, question.margin + place.reach());
    });
}

bool allows(const registry::Record& record) {
    const registry::Content* content = record.content();
    if (content == nullptr) return false;
    const auto& texts = content->protection.texts;
    const auto found = texts.find(statement::automatic_reply_field);
    return found != texts.end() && found->second == statement::automatic_reply_coarse;
}

Slots held_by(const Peer& peer, const RecordId& record) {
    const auto found = peer.given_slots.find(record);
    return found == peer.given_slots.end() ? Slots{0} : found->second;
}

/// Use(version, area) for each coarse area of a version that protects at `now`.
template <class Use>
void each_area(const registry::Snapshot& snapshot, const registry::Record& record, Instant now,
               Use use) {
    for (const registry::Version& version : record.versions) {
        if (!version.content || snapshot.log(record.log).end_of(version) <= now) continue;
        for (const geo::Place& area : version.content->coarse.where) use(version, area);
    }
}

void unite(std::vector<view::DealingSlot>& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

struct Replying::Subject {
    const State& state;
    const view::View& view;
    const Peer& peer;
    view::SeenActivity seen;
    const Activity& activity;
    check::Question question;
    Instant now;
    SaidBefore before;

    bool said(ReplyWord word, const std::string& desk, const std::set<Hash>& entries) const {
        const auto found = before.find({word, desk});
        return found != before.end() && std::includes(found->second.begin(), found->second.end(),
                                                      entries.begin(), entries.end());
    }
    /// As many replies as it takes to name all of them; one where there is nothing to name.
    void say(ReplyWord word, const std::string& desk, const std::set<Hash>& entries,
             std::vector<DueReply>& out) const {
        if (said(word, desk, entries)) return;
        auto next = entries.begin();
        do {
            Reply reply;
            reply.to = seen.leaf();
            reply.of = seen.id();
            reply.word = word;
            reply.contact = desk;
            reply.automatic = true;
            while (next != entries.end() && reply.entries.size() < statement::reply_entries_max) {
                reply.entries.push_back(*next++);
            }
            out.push_back({peer.id, std::move(reply)});
        } while (next != entries.end());
    }
};

void Replying::look(const State& state, const std::vector<registry::Slot>* changed) {
    std::vector<index::IndexChange> changes;
    const auto one = [&](registry::Slot slot) {
        const registry::Record& record = state.snapshot.at(slot);
        index::IndexChange change{slot, {}};
        const bool own = state.snapshot.log(record.log).own;
        bool compared = own && allows(record);
        for (const auto& peer : exchange_.peers()) {
            if (!own || compared) break;
            // Of what it holds exactly by now it may hold an earlier version as an area.
            const Slots held = held_by(*peer, record.id);
            compared = (held & coarse_slot) != 0 &&
                       ((held & exact_slot) == 0 || record.versions.size() > 1);
        }
        if (compared) {
            each_area(state.snapshot, record, registry::at_once, [&](const auto&, geo::Place area) {
                area.volume.band = {};
                change.items.push_back({slot, std::move(area.volume), Metres{0}});
            });
        }
        if (changed != nullptr || compared) changes.push_back(std::move(change));
    };
    if (changed == nullptr) {
        areas_ = index::Index();
        for (registry::Slot slot = 0; slot < state.snapshot.size(); ++slot) one(slot);
    } else {
        std::for_each(changed->begin(), changed->end(), one);
    }
    areas_ = areas_.with(changes);
    if (areas_.merge_due()) areas_ = areas_.merged();
}

std::vector<view::DealingSlot> Replying::concerned(const State& state,
                                                   const std::vector<registry::Slot>& records,
                                                   Instant now) {
    const view::View view(state.snapshot, {state.snapshot.party()});
    std::vector<view::DealingSlot> out;
    std::vector<index::Slot> touched;
    for (const registry::Slot slot : records) {
        const auto exactly = check::concerned(view, state.activities, scratch_, view.at(slot), now);
        out.insert(out.end(), exactly.begin(), exactly.end());
        const registry::Record& record = state.snapshot.at(slot);
        if (!state.snapshot.log(record.log).own) continue;
        each_area(state.snapshot, record, now, [&](const auto&, geo::Place area) {
            area.volume.band = {};
            state.activities.touching({std::move(area.volume), Metres{0}}, scratch_, touched);
            out.insert(out.end(), touched.begin(), touched.end());
        });
    }
    unite(out);
    return out;
}

Result<std::vector<DueReply>> Replying::due(const State& state,
                                            const std::vector<view::DealingSlot>& activities,
                                            Instant now) {
    std::vector<DueReply> out;
    Round round;
    const view::View view(state.snapshot, {state.snapshot.party()});
    for (const view::DealingSlot slot : activities) {
        if (!view::is_activity(state.snapshot, slot)) continue;
        const view::SeenActivity seen = view.activity(slot);
        const Peer* const peer = seen.own() ? nullptr : exchange_.peer(seen.party());
        const Activity* const activity = seen.activity();
        if (peer == nullptr || activity == nullptr || !view::may_happen(seen.state(now))) continue;
        auto question = check::question_of(seen, now);
        if (!question) continue;
        const Subject subject{state,     view,
                              *peer,     seen,
                              *activity, std::move(*question),
                              now,       said_before(seen, exchange_.self())};
        TRY(by_desk, touched(subject, round));
        TRY(since, released_since(subject, round));
        std::set<Hash> missing;
        for (const auto& [desk, leaves] : by_desk) {
            for (const Hash& leaf : leaves) {
                if (since->contains(leaf)) missing.insert(leaf);
            }
        }
        if (!missing.empty()) subject.say(ReplyWord::missing, "", missing, out);
        for (const auto& [desk, leaves] : by_desk) {
            subject.say(ReplyWord::conflict, desk, leaves, out);
        }
    }
    return out;
}

/// Leaves of what was released to the party after what it says to have checked against. A list that
/// is none of ours counts as nothing.
Result<const std::set<Hash>*> Replying::released_since(const Subject& subject, Round& round) const {
    std::uint64_t held = 0;
    const Peer& peer = subject.peer;
    const Origin& origin = exchange_.node().origin();
    for (const statement::CheckedLog& log : subject.activity.checked.logs) {
        if (log.origin != origin || log.released.size > peer.given.size()) continue;
        if (peer.given.root(log.released.size) == log.released.root) held = log.released.size.v;
    }
    const auto [found, is_new] = round.released.try_emplace({peer.id, held});
    std::set<Hash>& out = found->second;
    if (!is_new || held == peer.given.size().v) return static_cast<const std::set<Hash>*>(&out);
    TRYV(exchange_.store().scan_releases(origin, peer.id, held,
                                         [&](StoredRelease&& row) -> Result<void> {
                                             TRY(release, seal::parse_release(row.leaf));
                                             out.insert(release.leaf);
                                             return {};
                                         }));
    return static_cast<const std::set<Hash>*>(&out);
}

/// What the activity's party was given of this version. Who has a record was given its newest one
/// as far; an earlier one that protects still may have been said before it was told of any.
Result<Slots> Replying::held(const Subject& subject, const registry::Record& record,
                             const registry::Position& version, Round& round) const {
    const Slots most = held_by(subject.peer, record.id);
    if (most == 0 || record.newest().position.leaf == version.leaf) return most;
    const auto [found, is_new] = round.given.try_emplace(subject.peer.id);
    std::map<Hash, Slots>& given = found->second;
    if (is_new) {
        TRYV(exchange_.store().scan_releases(exchange_.node().origin(), subject.peer.id, 0,
                                             [&](StoredRelease&& row) -> Result<void> {
                                                 TRY(release, seal::parse_release(row.leaf));
                                                 Slots& slots = given[release.leaf];
                                                 slots = static_cast<Slots>(
                                                     slots | slots_of(release.slots));
                                                 return {};
                                             }));
    }
    const auto slots = given.find(version.leaf);
    return slots == given.end() ? Slots{0} : static_cast<Slots>(slots->second & most);
}

Result<Replying::ByDesk> Replying::touched(const Subject& subject, Round& round) {
    ByDesk out;
    TRYV(by_exact(subject, round, out));
    TRYV(by_area(subject, round, out));
    return out;
}

/// What the party holds exactly tells it nothing new.
Result<void> Replying::by_exact(const Subject& subject, Round& round, ByDesk& out) {
    std::vector<index::Slot> slots, some;
    for (const geo::Volume4D& volume : subject.question.volumes) {
        subject.state.index.touching({volume, subject.question.margin}, scratch_, some);
        slots.insert(slots.end(), some.begin(), some.end());
    }
    unite(slots);
    for (const index::Slot slot : slots) {
        const view::Seen seen = subject.view.at(slot);
        if (!seen.own() || (held_by(subject.peer, seen.id()) & exact_slot) == 0) continue;
        for (const view::SeenPlace& place : seen.places(subject.now)) {
            if (!touches_exactly(subject.question, *place.reached)) continue;
            TRY(has, held(subject, subject.state.snapshot.at(slot), *place.position, round));
            if ((has & exact_slot) != 0) out[desk_of(seen)].insert(place.position->leaf);
        }
    }
    return {};
}

/// What it holds as an area, by that; what it does not hold, if its author allows it.
Result<void> Replying::by_area(const Subject& subject, Round& round, ByDesk& out) {
    std::vector<index::Slot> slots, some;
    for (geo::Volume4D volume : subject.question.volumes) {
        volume.band = {};
        areas_.candidates({std::move(volume), subject.question.margin}, scratch_, some);
        slots.insert(slots.end(), some.begin(), some.end());
    }
    unite(slots);
    for (const index::Slot slot : slots) {
        const registry::Record& record = subject.state.snapshot.at(slot);
        const std::string desk = desk_of(subject.view.at(slot));
        std::map<Hash, registry::Position> touching;
        each_area(subject.state.snapshot, record, subject.now,
                  [&](const registry::Version& version, const geo::Place& area) {
                      if (!touches_area(subject.question, area)) return;
                      touching.emplace(version.position.leaf, version.position);
                  });
        for (const auto& [leaf, version] : touching) {
            TRY(has, held(subject, record, version, round));
            if ((has & exact_slot) != 0) continue;
            const bool is_held = (has & coarse_slot) != 0;
            if (!is_held && (!allows(record) || !within_budget(subject, round))) continue;
            std::set<Hash>& named = out[desk];
            if (is_held || broken(Break::name_what_is_not_held)) named.insert(leaf);
        }
    }
    return {};
}

/// By the volumes that it has declared to us, this one among them: those whose window is over for
/// less than a day, whatever became of them and whenever it claims to have said so.
bool Replying::within_budget(const Subject& subject, Round& round) {
    const auto [found, is_new] = round.areas.try_emplace(subject.peer.id, 0);
    if (is_new) {
        const auto is_past = [&](const Activity& said) {
            return said.end() + budget_for <= subject.now;
        };
        for (const view::SeenActivity& one : subject.view.activities()) {
            if (one.party() != subject.peer.id) continue;
            const auto* last = one.activity();
            const bool counted =
                one.dealing().not_kept() == 0 || (last != nullptr && is_past(*last));
            // What was not kept cannot be counted: nobody amends one for ever to ask for nothing.
            if (!counted) found->second = std::numeric_limits<double>::infinity();
            for (const registry::DealingVersion& version : one.versions()) {
                const auto* said =
                    version.said ? std::get_if<Activity>(version.said.get()) : nullptr;
                if (said == nullptr || is_past(*said)) continue;
                found->second += area_km2(*said);
            }
        }
    }
    return found->second <= reply_area_km2_max;
}

}  // namespace entente::node

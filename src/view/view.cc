// SPDX-License-Identifier: Apache-2.0
#include "view/view.h"

#include <algorithm>

#include "base/assert.h"
#include "geo/coarse.h"
#include "geo/valid.h"
#include "view/acts.h"

namespace entente::view {

const char* name(State state) {
    switch (state) {
        case State::in_force: return "in_force";
        case State::unconfirmed: return "unconfirmed";
        case State::pending_relaxation: return "pending_relaxation";
        case State::not_understood: return "not_understood";
        case State::withdrawn: return "withdrawn";
    }
    ASSERT(false);
}

const statement::Protection* Seen::protection() const {
    const registry::Content* content = record_->content();
    return content == nullptr ? nullptr : &content->protection;
}

const char* name(Tier tier) {
    switch (tier) {
        case Tier::exact: return "exact";
        case Tier::coarse: return "coarse";
        case Tier::none: return "none";
    }
    ASSERT(false);
}

std::string Seen::class_name() const {
    if (const statement::Protection* content = protection()) {
        return statement::name(content->protection_class);
    }
    const registry::CoarseContent* coarse = record_->coarse();
    // A class that is not known here is a stranger's text.
    const bool known = coarse != nullptr && statement::parse_class(coarse->protection_class);
    return known ? coarse->protection_class : "not understood";
}

const std::string& Seen::contact() const {
    static const std::string none;
    if (const statement::Protection* content = protection()) return content->contact;
    const registry::CoarseContent* coarse = record_->coarse();
    return coarse != nullptr ? coarse->contact : none;
}

bool Seen::objects() const {
    return std::all_of(record_->versions.begin(), record_->versions.end(),
                       [](const registry::Version& one) { return one.objects(); });
}

bool Seen::stops() const {
    return std::all_of(record_->versions.begin(), record_->versions.end(),
                       [](const registry::Version& one) { return one.stops(); });
}

const statement::Stop* Seen::stop() const {
    const statement::Protection* content = protection();
    return stops() && content != nullptr && content->stop ? &*content->stop : nullptr;
}

const statement::Objection* Seen::objection() const {
    const statement::Protection* content = protection();
    return objects() && content != nullptr && content->objection ? &*content->objection : nullptr;
}

bool Seen::is_presence() const {
    return std::all_of(
        record_->versions.begin(), record_->versions.end(),
        [](const registry::Version& one) { return one.sort == registry::Sort::presence; });
}

const statement::Presence* Seen::presence() const {
    const statement::Protection* content = protection();
    return is_presence() && content != nullptr && content->presence ? &*content->presence : nullptr;
}

std::optional<GroupStands> Seen::group_stands(Instant now) const {
    const statement::Presence* said = presence();
    if (said == nullptr) return std::nullopt;
    return view::group_stands(*snapshot_, said->group, now, now);
}

Tier Seen::tier() const {
    // The newest version that shows a place; a withdrawal shows none.
    for (auto v = record_->versions.rbegin(); v != record_->versions.rend(); ++v) {
        if (!v->places.empty()) return v->coarse_only ? Tier::coarse : Tier::exact;
    }
    return Tier::none;
}

Flags Seen::flags(Instant now) const {
    Flags out;
    bool any = false;
    for (const registry::Version& version : record_->versions) {
        if (log_->end_of(version) <= now) continue;
        if (!version.understood) out.set(Flag::not_understood);
        if (version.places.empty()) continue;
        any = true;
        if (version.coarse_only) out.set(Flag::coarse);
        if (&version != &record_->newest()) out.set(Flag::pending_relaxation);
    }
    const statement::Protection* content = protection();
    const bool late = content != nullptr && content->reconfirm_by && *content->reconfirm_by <= now;
    out.set(Flag::unconfirmed, any && (late || log_->author_left()));
    out.set(Flag::author_left, log_->author_left());
    out.set(Flag::over_budget, record_->over_budget);
    out.set(Flag::newer_withheld, record_->newer_withheld);
    out.set(Flag::tag_reused, record_->tag_reused);
    out.set(Flag::contested, contested(now));
    return out;
}

bool Seen::contested(Instant now) const {
    if (is_contested(*snapshot_, *record_) && !objects()) return true;
    const auto stands = group_stands(now);
    return stands && stands->differ();
}

std::vector<SeenPlace> Seen::places_ever() const { return places(registry::at_once); }

std::vector<SeenPlace> Seen::places(Instant now) const {
    std::vector<SeenPlace> out;
    each_place(now, [&](const SeenPlace& place) { out.push_back(place); });
    return out;
}

State Seen::state(Instant now) const {
    bool any = false;
    bool pending = false;
    for (const registry::Version& version : record_->versions) {
        if (log_->end_of(version) <= now) continue;
        if (!version.understood) return State::not_understood;
        if (version.places.empty()) continue;
        any = true;
        pending |= &version != &record_->newest();
    }
    if (!any) return State::withdrawn;
    if (pending) return State::pending_relaxation;
    const statement::Protection* content = protection();
    if (content != nullptr && content->reconfirm_by && *content->reconfirm_by <= now) {
        return State::unconfirmed;
    }
    if (log_->author_left()) return State::unconfirmed;
    return State::in_force;
}

Instant Seen::acts(const registry::Version& version) const { return acts_at(version, *log_); }

std::vector<SeenVersion> Seen::history() const {
    std::vector<SeenVersion> out;
    for (const registry::Version& v : record_->versions) {
        out.push_back({v.number, v.position.index, v.position.leaf, v.time, v.act, v.actor,
                       v.approved, acts(v), log_->end_of(v)});
    }
    return out;
}

/// The coarse area of one exact place: its author's, or else the one that the protocol makes.
std::unique_ptr<const registry::Reached> Seen::area(const registry::Version& version,
                                                    std::size_t place) const {
    const registry::Reached& exact = version.places[place];
    auto out = std::make_unique<registry::Reached>();
    if (version.content && place < version.content->coarse.where.size()) {
        out->place = version.content->coarse.where[place];
        if (geo::validate(out->place.volume)) return out;
    }
    out->place = {};
    out->place.volume.shape = geo::coarse_area(exact.place.volume.shape, exact.reach());
    return out;
}

Drawn Seen::drawn_ever() const {
    Drawn out;
    const auto newest = record_->versions.rbegin();
    for (auto v = newest; v != record_->versions.rend(); ++v) {
        const Instant until = log_->end_of(*v);
        if (until == registry::at_once) continue;
        for (std::size_t i = 0; i < v->places.size(); ++i) {
            SeenPlace place = seen(*v, i, until, v == newest);
            if (!bulk_exact() && !v->coarse_only) {
                out.areas.push_back(area(*v, i));
                place.reached = out.areas.back().get();
            }
            out.places.push_back(place);
        }
    }
    return out;
}

namespace {

/// What of a content says nothing of where it is.
statement::Protection without_position(const statement::Protection& exact) {
    statement::Protection out;
    out.protection_class = exact.protection_class;
    out.names = exact.names;
    out.ref = exact.ref;
    out.source = exact.source;
    out.contact = exact.contact;
    out.reconfirm_by = exact.reconfirm_by;
    return out;
}

}  // namespace

const statement::Protection* Seen::listed(statement::Protection& room) const {
    if (bulk_exact()) return protection();
    for (auto v = record_->versions.rbegin(); v != record_->versions.rend(); ++v) {
        if (v->places.empty()) continue;
        room = log_->own && protection() != nullptr ? without_position(*protection())
                                                    : statement::Protection{};
        if (auto known = statement::parse_class(class_name())) room.protection_class = *known;
        room.contact = contact();
        if (const statement::Presence* said = presence()) room.presence = *said;
        for (std::size_t i = 0; i < v->places.size(); ++i) {
            room.where.push_back(v->coarse_only ? v->places[i].place : area(*v, i)->place);
        }
        return &room;
    }
    return nullptr;
}

View::View(registry::Snapshot snapshot, const Reader& reader)
    : snapshot_(std::move(snapshot)), depth_(reader.depth) {
    ASSERT(reader.party == snapshot_.party());
}

std::vector<SeenActivity> View::activities() const {
    std::vector<SeenActivity> out;
    for (const DealingSlot slot : snapshot_.dealings().of_kind(statement::activity_kind)) {
        out.emplace_back(snapshot_, slot);
    }
    return out;
}

std::vector<SeenCheck> View::sealed_checks() const {
    std::vector<SeenCheck> out;
    for (const DealingSlot slot : snapshot_.dealings().of_kind(statement::sealed_check_kind)) {
        if (auto seen = sealed_check(snapshot_, slot)) out.push_back(std::move(*seen));
    }
    return out;
}

std::optional<SeenCheck> View::find_sealed_check(const RecordId& id) const {
    const auto slot = snapshot_.dealings().find(id);
    return slot ? sealed_check(snapshot_, *slot) : std::nullopt;
}

std::optional<DealingSlot> View::root_of(DealingSlot slot) const {
    const registry::Dealing& dealing = snapshot_.dealings().at(slot);
    const statement::Dealt* said = dealing.said();
    const bool replies = said != nullptr && std::holds_alternative<statement::Reply>(*said);
    return replies ? snapshot_.dealings().find(statement::about(*said).front()) : slot;
}

std::vector<SeenChallenge> View::challenges() const {
    std::vector<SeenChallenge> out;
    for (const DealingSlot slot : snapshot_.dealings().of_kind(statement::challenge_kind)) {
        out.emplace_back(snapshot_, slot);
    }
    return out;
}

std::optional<SeenChallenge> View::find_challenge(const RecordId& id) const {
    const auto slot = snapshot_.dealings().find(id);
    if (!slot || !is_challenge(snapshot_, *slot)) return std::nullopt;
    return SeenChallenge(snapshot_, *slot);
}

std::vector<SeenChallenge> View::challenges_to(Slot slot) const {
    std::vector<SeenChallenge> out;
    for (const DealingSlot one : open_challenges(snapshot_, snapshot_.at(slot))) {
        out.emplace_back(snapshot_, one);
    }
    return out;
}

std::vector<SeenMessage> View::messages() const {
    std::vector<SeenMessage> out;
    for (const DealingSlot slot : snapshot_.dealings().of_kind(statement::message_kind)) {
        out.emplace_back(snapshot_, slot);
    }
    return out;
}

std::optional<SeenMessage> View::find_message(const RecordId& id) const {
    const auto slot = snapshot_.dealings().find(id);
    if (!slot || !is_message(snapshot_, *slot)) return std::nullopt;
    return SeenMessage(snapshot_, *slot);
}

bool View::knows(const RecordId& id) const {
    return snapshot_.find(id) || snapshot_.dealings().find(id);
}

std::optional<SeenActivity> View::find_activity(const RecordId& id) const {
    const auto slot = snapshot_.dealings().find(id);
    if (!slot || !is_activity(snapshot_, *slot)) return std::nullopt;
    return SeenActivity(snapshot_, *slot);
}

}  // namespace entente::view

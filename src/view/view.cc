// SPDX-License-Identifier: Apache-2.0
#include "view/view.h"

#include <algorithm>

#include "base/assert.h"

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

std::string Seen::class_name() const {
    const statement::Protection* content = protection();
    return content == nullptr ? "not understood" : statement::name(content->protection_class);
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
    return State::in_force;
}

Instant Seen::acts(const registry::Version& version) const {
    if (!log_->relaxing.when_final || !version.may_act()) return version.acts;
    const auto final = log_->finality->of(version.position.index);
    return final ? std::max(*final + log_->relaxing.delay, version.time) : registry::never;
}

std::vector<SeenVersion> Seen::history() const {
    std::vector<SeenVersion> out;
    for (const registry::Version& v : record_->versions) {
        out.push_back({v.number, v.position.index, v.position.leaf, v.time, v.act, v.actor,
                       v.approved, acts(v), log_->end_of(v)});
    }
    return out;
}

View::View(registry::Snapshot snapshot, const Reader& reader) : snapshot_(std::move(snapshot)) {
    // Only one's own register exists so far; a reader of another party would see nothing of it.
    ASSERT(reader.party == snapshot_.party());
}

}  // namespace entente::view

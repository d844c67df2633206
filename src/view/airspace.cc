// SPDX-License-Identifier: Apache-2.0
#include "view/airspace.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"

namespace entente::view {
namespace {

using registry::DealingVersion;

const statement::Airspace* airspace_of(const DealingVersion& version) {
    return version.said ? std::get_if<statement::Airspace>(version.said.get()) : nullptr;
}

bool withdraws(const DealingVersion& version) { return version.act == statement::act::withdraw; }

}  // namespace

const char* name(AirspaceState state) {
    switch (state) {
        case AirspaceState::in_force: return "in_force";
        case AirspaceState::withdrawn: return "withdrawn";
        case AirspaceState::not_understood: return "not_understood";
    }
    ASSERT(false);
}

bool is_airspace(const registry::Snapshot& snapshot, registry::DealingSlot slot) {
    const auto& versions = snapshot.dealings().at(slot).versions;
    return std::any_of(versions.begin(), versions.end(), [](const DealingVersion& version) {
        return version.kind == statement::airspace_kind;
    });
}

std::vector<SeenAirspace> airspaces(const registry::Snapshot& snapshot) {
    std::vector<SeenAirspace> out;
    for (const registry::DealingSlot slot : snapshot.dealings().of_kind(statement::airspace_kind)) {
        out.emplace_back(snapshot, slot);
    }
    return out;
}

std::optional<SeenAirspace> find_airspace(const registry::Snapshot& snapshot, const RecordId& id) {
    const auto slot = snapshot.dealings().find(id);
    if (!slot || !is_airspace(snapshot, *slot)) return std::nullopt;
    return SeenAirspace(snapshot, *slot);
}

std::vector<AirspaceVersion> SeenAirspace::versions() const {
    std::vector<AirspaceVersion> out;
    for (const DealingVersion& one : dealing_->versions) out.push_back({&one, airspace_of(one)});
    return out;
}

const statement::Airspace* SeenAirspace::airspace() const {
    const auto& all = dealing_->versions;
    const auto last = std::find_if(all.rbegin(), all.rend(), airspace_of);
    return last == all.rend() ? nullptr : airspace_of(*last);
}

AirspaceState SeenAirspace::state() const {
    const auto newest = dealing_->newest();
    if (std::all_of(newest.begin(), newest.end(), withdraws)) return AirspaceState::withdrawn;
    const bool read = std::any_of(newest.begin(), newest.end(), airspace_of);
    return read ? AirspaceState::in_force : AirspaceState::not_understood;
}

std::vector<AirspaceVersion> SeenAirspace::in_force() const {
    std::vector<AirspaceVersion> out;
    if (broken(Break::keep_older_boundary)) {
        for (const AirspaceVersion& one : versions()) {
            if (one.airspace != nullptr) out.push_back(one);
        }
        return out;
    }
    bool unread = false;
    for (const DealingVersion& one : dealing_->newest()) {
        const statement::Airspace* airspace = airspace_of(one);
        if (airspace != nullptr && !withdraws(one)) out.push_back({&one, airspace});
        unread |= airspace == nullptr && !withdraws(one);
    }
    if (!out.empty() || !unread) return out;
    const auto& all = dealing_->versions;
    const auto last = std::find_if(all.rbegin(), all.rend(), airspace_of);
    if (last != all.rend() && !withdraws(*last)) out.push_back({&*last, airspace_of(*last)});
    return out;
}

}  // namespace entente::view

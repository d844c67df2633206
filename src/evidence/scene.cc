// SPDX-License-Identifier: Apache-2.0
#include "evidence/scene.h"

#include <algorithm>

#include "geo/valid.h"
#include "view/anywhere.h"

namespace entente::evidence {

Metres accuracy_of(const geo::Place& volume) {
    return volume.accuracy ? metres(*volume.accuracy) : Metres{0};
}

std::optional<Scene> scene_of(const view::SeenStatement& incident) {
    const registry::DealingVersion* shown = incident.shown();
    if (incident.kind() != statement::incident_kind || shown == nullptr) return std::nullopt;
    Scene out;
    if (const statement::Tear* torn = incident.torn()) {
        out = {{torn->from, torn->until}, torn->volumes, torn->place_precision, true};
    } else {
        const auto* said = std::get_if<statement::Incident>(shown->said.get());
        if (said == nullptr) return std::nullopt;
        out = {{said->from, said->until}, said->volumes, said->place_precision, false};
        out.said = said;
    }
    out.anywhere = view::was_anywhere(incident);
    out.version = shown->number;
    out.leaf = shown->position.leaf;
    // Altitudes are not compared: who was there and how high something fell from is not known.
    for (geo::Place& place : out.volumes) place.volume.band = {};
    std::erase_if(out.volumes, [](const geo::Place& one) { return !geo::validate(one.volume); });
    return out;
}

}  // namespace entente::evidence

// SPDX-License-Identifier: Apache-2.0
// Where and when an incident was, as far as a reader may see it: by its exact body, or by its tear
// line where that is all that is open. What is joined to it is decided by this (evidence/join.h).
#pragma once

#include <optional>
#include <vector>

#include "view/statement.h"

namespace entente::evidence {

struct Scene {
    geo::Window window;  // surely holds all of it; an end that is not known here is open
    std::vector<geo::Place> volumes;  // valid; empty: nobody says where
    statement::PlacePrecision precision = statement::PlacePrecision::unstated;
    bool coarse = false;        // by its tear line
    bool anywhere = false;      // known by its district at best: what is there it may have reached
    std::uint32_t version = 0;  // that it is of: the newest that is open here
    Hash leaf;
    const statement::Incident* said = nullptr;  // null where it is coarse; as long as the view
};

/// How well a place of an incident is known; one that says nothing is taken at its word.
Metres accuracy_of(const geo::Place& volume);

/// By the newest version that is open here. Nothing for what is no incident, and where none is.
std::optional<Scene> scene_of(const view::SeenStatement& incident);

}  // namespace entente::evidence

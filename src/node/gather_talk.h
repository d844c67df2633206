// SPDX-License-Identifier: Apache-2.0
// What was said about a record in statements of their own, as far as it is evidence of it: of a
// STOP each call that its author logged, and of any record what others answered to its versions.
// Internal to gather.cc.
#pragma once

#include <vector>

#include "registry/snapshot.h"

namespace entente::node {

struct Spoken {
    Origin origin;
    registry::Position position;
};

/// Of those that are open here, in order of their logs: of calls the first calls_shown_max, of
/// answers of one party to one version the first and the newest with each word, by people and by
/// nodes apart: who repeats what was said says nothing.
std::vector<Spoken> spoken_about(const registry::Snapshot& snapshot,
                                 const registry::Record& record);
constexpr std::size_t calls_shown_max = 1024;

}  // namespace entente::node

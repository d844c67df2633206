// SPDX-License-Identifier: Apache-2.0
// When a version acts as a relaxation (PROTOCOL 15): by its author's claim where nothing waits for
// finality, otherwise its delay after it became final; never where it may not act.
#pragma once

#include <algorithm>

#include "registry/snapshot.h"

namespace entente::view {

inline Instant acts_at(const registry::Version& version, const registry::LogState& log) {
    if (!log.relaxing.when_final || !version.may_act()) return version.acts;
    const auto final = log.finality->of(version.position.index);
    if (!final) return registry::never;
    return std::max(*final + log.relaxing.delay_of(version.prompt.value_or(false)), version.time);
}

}  // namespace entente::view

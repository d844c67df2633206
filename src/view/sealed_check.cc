// SPDX-License-Identifier: Apache-2.0
#include "view/sealed_check.h"

namespace entente::view {

std::optional<SeenCheck> sealed_check(const registry::Snapshot& snapshot,
                                      registry::DealingSlot slot) {
    const registry::Dealing& dealing = snapshot.dealings().at(slot);
    if (dealing.kind() != statement::sealed_check_kind) return std::nullopt;
    const registry::LogState& log = snapshot.log(dealing.log);
    const registry::DealingVersion& version = dealing.versions.back();
    const statement::Dealt* said = dealing.said();
    return SeenCheck{dealing.id,
                     log.party,
                     log.own,
                     version.position.leaf,
                     version.position.index,
                     version.time,
                     version.actor,
                     said != nullptr ? std::get_if<statement::SealedCheck>(said) : nullptr};
}

}  // namespace entente::view

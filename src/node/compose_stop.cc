// SPDX-License-Identifier: Apache-2.0
#include "node/compose_stop.h"

namespace entente::node {

Result<std::optional<statement::Protection>> next_of_stop(const Draft& draft,
                                                          const registry::Record& record) {
    const std::string id = "STOP " + record.id.text();
    if (record.newest().withdraws) {
        return fail(Errc::refused, id + " was lifted already; say a new one");
    }
    if (draft.act != statement::act::lift) {
        return fail(Errc::refused, id + ": it is lifted, not '" + draft.act +
                                       "'; to say it otherwise, say a new one");
    }
    return std::optional<statement::Protection>();
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Joins of incidents, on the desk's thread: what was told to whom is read where it is kept.
#include "net/desk.h"

namespace entente::net {

Result<std::optional<Desk::Joined>> Desk::join(const RecordId& incident, Metres within) {
    Result<std::optional<Joined>> out = std::optional<Joined>();
    TRYV(inside([&](const Inside&) {
        const auto of = moment();
        const auto seen = of->view.find_statement(incident);
        if (!seen || !evidence::scene_of(*seen)) return;
        auto join = joining_.join({of->state, of->view, join_scratch_}, *seen, within);
        if (join)
            out = Joined{of, std::move(*join)};
        else
            out = tl::unexpected(join.error());
    }));
    return out;
}

}  // namespace entente::net

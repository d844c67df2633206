// SPDX-License-Identifier: Apache-2.0
// Urgent statements as the store keeps them, and as one node gives them to another: parts with
// their length before them. For this room's urgent.cc, but for urgent_boxes().
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace entente::node {

/// A box as it is stored.
struct UrgentRow {
    std::string from;  // whose statement it is; of what is kept for others, who brought it
    Bytes of;          // leaf hash of the statement; of what is kept for others, what its bringer
                       // calls it
    Instant came;
    std::vector<std::string> desks;  // called by then, in order; none of what is kept for others
    Bytes box;
};

Bytes encode_urgent_rows(const std::vector<UrgentRow>& rows);
/// Only what encode_urgent_rows makes.
Result<std::vector<UrgentRow>> decode_urgent_rows(BytesView bytes);

Bytes join_urgent_boxes(const std::vector<BytesView>& boxes);
/// The boxes of join_urgent_boxes(). Errc::malformed for any other bytes.
Result<std::vector<Bytes>> urgent_boxes(BytesView joined);

}  // namespace entente::node

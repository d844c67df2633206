// SPDX-License-Identifier: Apache-2.0
// A log ends, and what it protects is stated anew in another (PROTOCOL 8): what joining, adopting
// and a successor log have in common.
#pragma once

#include "cli/session.h"

namespace entente::cli {

/// Logs them in batches, each released to whoever has the record that it states anew; those of one
/// record are never apart, so that after a crash a record is stated anew wholly or not at all. How
/// many records.
Result<std::size_t> state_anew(Session& session, std::vector<node::Draft> drafts, Instant moment);

/// The log's last entry; `next` is where the party goes on, or empty.
Result<void> end_log(Session& session, const std::string& reason, Origin next);

}  // namespace entente::cli

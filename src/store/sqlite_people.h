// SPDX-License-Identifier: Apache-2.0
// The local store in a SQLite file of its own (PROTOCOL 30), DIR/people.db: WAL, synced at every
// commit. Unlike the log's database it is not held by one process alone: verbs that only read the
// register may run at the same time, and each writes its lines of the audit. Safe from any thread.
#pragma once

#include <memory>
#include <string>

#include "people/store.h"

namespace entente::store {

/// Makes the file where there is none. Errc::unavailable where it cannot be written.
Result<std::unique_ptr<people::Store>> open_people(const std::string& path);

}  // namespace entente::store

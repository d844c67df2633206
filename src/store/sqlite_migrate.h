// SPDX-License-Identifier: Apache-2.0
// From an older version of the store's tables to this one, in one transaction: a crash leaves the
// old version or the new one.
#pragma once

#include "store/sqlite_db.h"

namespace entente::store {

/// Precondition: the file has version `from`, sql::version_min <= from < sql::version.
Result<void> migrate(Database& db, std::uint64_t from);

}  // namespace entente::store

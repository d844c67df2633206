// SPDX-License-Identifier: Apache-2.0
// The checksum that a row carries where nothing else proves its content: heads' epochs, releases,
// cosignatures, outbox rows and a node's small values. Entries have their tree, bodies their tags,
// documents their hash, and carry none. It finds damage, not malice.
#pragma once

#include <initializer_list>

#include "base/bytes.h"

namespace entente::store {

/// The first 16 bytes of SHA-256 over the table's name and the columns, each after its length.
Bytes row_sum(BytesView table, std::initializer_list<BytesView> columns);

/// A number as a column of row_sum: decimal.
inline Bytes column(std::uint64_t v) { return std::to_string(v); }

}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// The bounds that an evidence file meets (doc/protocol/evidence.md), by the names that errors give
// them; those of what stands in it are base/limits.h's.
#pragma once

#include "base/limits.h"

namespace entente::limits {

constexpr std::size_t evidence_bytes_max = 32 * 1024 * 1024;
constexpr std::size_t evidence_logs_max = 64;
constexpr std::size_t evidence_statements_max = 4096;  // of one log
constexpr std::size_t evidence_earlier_max = 1024;     // heads of one log, sizes of one list
constexpr std::size_t evidence_releases_max = 4096;    // under one slot
constexpr std::size_t evidence_lines_max = 2048;       // cosignatures of all heads: 0.1 s

}  // namespace entente::limits

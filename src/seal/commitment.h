// SPDX-License-Identifier: Apache-2.0
// Commitments: what a log entry shows of a body (PROTOCOL 2). Binding and, by the salt, hiding.
#pragma once

#include "base/bytes.h"

namespace entente::seal {

/// SHA-256("entente/commit/v1\n" || salt || body).
Hash commitment(const Hash& salt, BytesView body);

}  // namespace entente::seal

// SPDX-License-Identifier: Apache-2.0
// The kinds of statements that the register knows. A kind that it does not know makes a record like
// a protection's, not understood: its `where` protects, and without one it is counted as unplaced
// (PROTOCOL 18). A new kind is a file beside this and a row in kinds.cc.
#pragma once

#include "registry/understand.h"

namespace entente::registry {

struct Kind {
    const char* name;
    /// Whether this statement, though of this kind, is one that makes no protection record. What
    /// the kind's form does not allow is not believed to be harmless.
    bool (*beside)(const Understood& u);
};

/// Null for a kind that is not known here.
const Kind* kind_of(const std::string& name);

/// Whether the statement makes no record among protections. Precondition: u.head.
bool stands_beside(const Understood& u);

}  // namespace entente::registry

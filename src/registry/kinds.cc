// SPDX-License-Identifier: Apache-2.0
#include "registry/kinds.h"

namespace entente::registry {
namespace {

bool never_beside(const Understood&) { return false; }

/// Version 1 of a record of its own that protects nothing (doc/protocol/exchange.md).
bool protects_nothing(const Understood& u) {
    return !u.head->protects && u.head->keys.version == 1 && u.unknown_where.empty();
}

constexpr Kind kinds[] = {
    {"protection", never_beside},
    {"receipt", protects_nothing},
    {"recall", protects_nothing},
    {"purge", protects_nothing},
    {"field_pack", protects_nothing},
};

}  // namespace

const Kind* kind_of(const std::string& name) {
    for (const Kind& kind : kinds) {
        if (name == kind.name) return &kind;
    }
    return nullptr;
}

bool stands_beside(const Understood& u) {
    const Kind* kind = kind_of(u.head->kind);
    return kind != nullptr && kind->beside(u);
}

}  // namespace entente::registry

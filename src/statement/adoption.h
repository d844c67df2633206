// SPDX-License-Identifier: Apache-2.0
// The open entry by which a log adopts a version of the charter (PROTOCOL 8): entry 0 the one that
// the log was begun under, later ones those that followed.
#pragma once

#include "statement/charter.h"
#include "statement/entry.h"

namespace entente::statement {

constexpr const char* charter_kind = "charter";

struct Adoption {
    std::string charter;  // its id
    std::uint32_t version = 1;
    Hash hash;
    bool operator==(const Adoption&) const = default;
};

Bytes encode_adoption(const Adoption& adoption);
Result<Adoption> decode_adoption(const OpenEntry& entry);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
// Dealings: the statements that restrain nothing by themselves, beside protections, movements and
// objections, which do. Head and exact body, no coarse one; `protects` is false and no body has a
// `where`, so whoever does not know the kind keeps it and loses no protection. A new kind is a file
// like activity.h, a type in the variant and a row in dealing.cc.
#pragma once

#include <variant>

#include "statement/activity.h"
#include "statement/reply.h"
#include "statement/sealed_check.h"

namespace entente::statement {

using Dealt = std::variant<Activity, Reply, SealedCheck>;

/// Whether statements of this kind are dealings that are known here.
bool is_dealing(std::string_view kind);
const char* kind_of(const Dealt& dealt);
const BodyKeys& keys_of(const Dealt& dealt);
void set_keys(Dealt& dealt, const BodyKeys& keys);

Result<void> validate(const Dealt& dealt);
Bytes encode_dealt(const Dealt& dealt);
/// The exact body of a statement of this kind. Precondition: is_dealing(kind).
Result<Dealt> decode_dealt(std::string_view kind, BytesView bytes);

/// What it speaks of: the record that a reply is to; nothing of the others.
std::optional<RecordId> about(const Dealt& dealt);

}  // namespace entente::statement

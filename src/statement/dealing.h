// SPDX-License-Identifier: Apache-2.0
// Dealings: the statements that restrain nothing by themselves, beside protections, movements,
// objections and STOPs, which do. Head and exact body, no coarse one; `protects` is false and no
// body has a `where`, so whoever does not know the kind keeps it and loses no protection. A new
// kind is a file like activity.h, a type in the variant and a row in dealing.cc.
#pragma once

#include <array>
#include <variant>

#include "statement/activity.h"
#include "statement/airspace.h"
#include "statement/attempt.h"
#include "statement/challenge.h"
#include "statement/message.h"
#include "statement/reply.h"
#include "statement/sealed_check.h"

namespace entente::statement {

using Dealt = std::variant<Activity, Reply, SealedCheck, Attempt, Message, Challenge, Airspace>;

/// Whether statements of this kind are dealings that are known here.
bool is_dealing(std::string_view kind);
/// All of them, in the order of the variant.
std::array<const char*, std::variant_size_v<Dealt>> dealing_kinds();
const char* kind_of(const Dealt& dealt);
const BodyKeys& keys_of(const Dealt& dealt);
void set_keys(Dealt& dealt, const BodyKeys& keys);

Result<void> validate(const Dealt& dealt);
Bytes encode_dealt(const Dealt& dealt);
/// The exact body of a statement of this kind. Precondition: is_dealing(kind).
Result<Dealt> decode_dealt(std::string_view kind, BytesView bytes);

/// The record that it speaks of: that a reply is to, an attempt carried, a challenge contests, a
/// message answers; nothing of the others.
std::optional<RecordId> about(const Dealt& dealt);

}  // namespace entente::statement

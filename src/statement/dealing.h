// SPDX-License-Identifier: Apache-2.0
// Dealings: the statements that restrain nothing by themselves, beside protections, movements,
// objections and STOPs, which do. Head and exact body, and where a kind may be torn (tears()) a
// coarse one; `protects` is false and no body has a `where`, so whoever does not know the kind
// keeps it and loses no protection. A new kind is a file like report.h, a type in the variant and a
// row in dealing.cc.
#pragma once

#include <array>
#include <variant>

#include "statement/activity.h"
#include "statement/airspace.h"
#include "statement/assessment.h"
#include "statement/attempt.h"
#include "statement/challenge.h"
#include "statement/control.h"
#include "statement/group.h"
#include "statement/incident.h"
#include "statement/link.h"
#include "statement/message.h"
#include "statement/position.h"
#include "statement/reply.h"
#include "statement/report.h"
#include "statement/request.h"
#include "statement/responsibility.h"
#include "statement/sealed_check.h"
#include "statement/tear.h"

namespace entente::statement {

using Dealt =
    std::variant<Activity, Reply, SealedCheck, Attempt, Message, Challenge, Airspace, Report,
                 Assessment, Incident, Responsibility, Link, Group, Position, Control, Request>;

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

/// The records that it speaks of, the first of them the one that it belongs to: that a reply is to,
/// an attempt carried, a challenge contests, a message answers, an assessment assesses; that a
/// report is about and rests on, that were affected by an incident; two that a link joins.
std::vector<RecordId> about(const Dealt& dealt);

/// Whether statements of this kind may have a coarse body, a tear line (tear.h).
bool tears(std::string_view kind);
/// Walks the members of what names them (members.h). Precondition: has_members().
void members(Members& m, Dealt& dealt);
bool has_members(std::string_view kind);
/// A statement of this kind that says nothing yet. Precondition: is_dealing(kind).
Dealt empty_dealt(std::string_view kind);
/// What of it goes into a tear line. Precondition: tears(kind_of(dealt)).
TearOf tear_of(const Dealt& dealt);

}  // namespace entente::statement

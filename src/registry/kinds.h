// SPDX-License-Identifier: Apache-2.0
// The kinds of statements that the register knows. A kind that it does not know makes a record like
// a protection's, not understood: its `where` protects, and without one it is counted as unplaced
// (PROTOCOL 18). A new kind is a file beside this and a row in kinds.cc.
#pragma once

#include <span>

#include "registry/understand.h"

namespace entente::registry {

/// What a version is of, among those that have places. What is not known here counts as a
/// protection, which it may be.
enum class Sort : std::uint8_t { protection, movement, objection, stop, presence };

struct Kind {
    const char* name;
    Sort sort;
    /// What its versions do; none where each is the only one of its record.
    std::span<const char* const> acts;
    /// Whether this statement, though of this kind, is one that makes no protection record. What
    /// the kind's form does not allow is not believed to be harmless.
    bool (*beside)(const Understood& u);
};

/// Null for a kind that is not known here.
const Kind* kind_of(const std::string& name);

/// Whether the statement makes no record among protections. Precondition: u.head.
bool stands_beside(const Understood& u);

/// Whether the statement is a dealing (statement/dealing.h), by its head alone: whatever else of it
/// is open, the answer is the same. Precondition: u.head.
bool deals(const Understood& u);
/// Whether a body that is open shows a place. A dealing has none; one that has protects as well.
bool shows_places(const Understood& u);

/// Whether statements of this kind make records of places, and what this act does to one is known.
/// An act that is not known may mean anything: it must not end what stands.
bool is_act_of(const std::string& kind, const std::string& act);
/// Of statements of this kind; of one that is not known here, protection.
Sort sort_of(const std::string& kind);
/// The kind of what makes records of this sort.
const char* kind_of(Sort sort);
/// Whether statements of this kind make records of places, with coarse bodies.
bool has_places(const std::string& kind);
/// Whether a version by this act, where it protects nothing, is the end of its record.
bool ends_all(const std::string& act);

}  // namespace entente::registry

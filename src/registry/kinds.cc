// SPDX-License-Identifier: Apache-2.0
#include "registry/kinds.h"

#include <algorithm>

#include "base/assert.h"
#include "statement/dealing.h"
#include "statement/field_pack.h"

namespace entente::registry {
namespace {

bool never_beside(const Understood&) { return false; }

/// Version 1 of a record of its own that protects nothing (doc/protocol/exchange.md).
bool protects_nothing(const Understood& u) {
    return !u.head->protects && u.head->keys.version == 1 && u.unknown_where.empty();
}

namespace act = statement::act;
constexpr const char* protection_acts[] = {act::add, act::amend, act::confirm, act::confirm_move,
                                           act::withdraw};
constexpr const char* objection_acts[] = {act::add, act::amend, act::lift};
constexpr const char* stop_acts[] = {act::add, act::lift};
constexpr const char* movement_acts[] = {act::add, act::amend, act::start, act::end, act::cancel};

constexpr Kind kinds[] = {
    {statement::protection_kind, Sort::protection, protection_acts, never_beside},
    {statement::movement_kind, Sort::movement, movement_acts, never_beside},
    {statement::objection_kind, Sort::objection, objection_acts, never_beside},
    {statement::stop_kind, Sort::stop, stop_acts, never_beside},
    {statement::presence_kind, Sort::presence, protection_acts, never_beside},
    {statement::receipt_kind, Sort::protection, {}, protects_nothing},
    {statement::recall_kind, Sort::protection, {}, protects_nothing},
    {statement::purge_kind, Sort::protection, {}, protects_nothing},
    {statement::field_pack_kind, Sort::protection, {}, protects_nothing},
};

}  // namespace

const Kind* kind_of(const std::string& name) {
    for (const Kind& kind : kinds) {
        if (name == kind.name) return &kind;
    }
    return nullptr;
}

Sort sort_of(const std::string& name) {
    const Kind* kind = kind_of(name);
    return kind != nullptr ? kind->sort : Sort::protection;
}

const char* kind_of(Sort sort) {
    for (const Kind& kind : kinds) {
        if (kind.sort == sort && !kind.acts.empty()) return kind.name;
    }
    ASSERT(false);
}

bool has_places(const std::string& name) {
    const Kind* kind = kind_of(name);
    return kind != nullptr && !kind->acts.empty();
}

bool is_act_of(const std::string& name, const std::string& act) {
    if (!has_places(name)) return false;
    const auto acts = kind_of(name)->acts;
    return std::find(acts.begin(), acts.end(), act) != acts.end();
}

bool ends_all(const std::string& act) {
    return act == act::withdraw || act == act::cancel || act == act::end || act == act::lift;
}

bool deals(const Understood& u) { return statement::is_dealing(u.head->kind) && !u.head->protects; }

bool shows_places(const Understood& u) { return u.content || u.coarse || !u.unknown_where.empty(); }

bool stands_beside(const Understood& u) {
    const Kind* kind = kind_of(u.head->kind);
    return kind != nullptr && kind->beside(u);
}

}  // namespace entente::registry

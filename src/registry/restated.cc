// SPDX-License-Identifier: Apache-2.0
#include "registry/restated.h"

#include <algorithm>

namespace entente::registry {
namespace {

bool succeeds(const LogState& later, const LogState& earlier) {
    return later.party == earlier.party && later.succession > earlier.succession;
}

}  // namespace

bool Restatements::ends(const Records& records,
                        std::span<const std::shared_ptr<const LogState>> logs, const Record& record,
                        const Version& version) const {
    const auto found = by_.find(record.id);
    // What is withheld may say more: an answer that touches the record is to say so (PROTOCOL 4).
    if (found == by_.end() || record.newer_withheld) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](const RecordId& id) {
        const auto slot = records.find(id);
        if (!slot) return false;
        const Record& by = records.at(*slot);
        // One that is over the budget where the first was not would make less of it.
        const bool as_much = !by.over_budget || record.over_budget;
        return as_much && succeeds(*logs[by.log], *logs[record.log]) && states_again(by, version);
    });
}

void Restatements::settle(Records& records, std::span<const std::shared_ptr<const LogState>> logs,
                          std::vector<Slot>& changed) const {
    if (by_.empty()) return;
    std::set<Slot> todo;
    for (const Slot slot : changed) {
        const Record& record = records.at(slot);
        if (by_.contains(record.id)) todo.insert(slot);
        const auto& was = record.versions.front().was;
        const auto before = was ? records.find(*was) : std::nullopt;
        if (before) todo.insert(*before);
    }
    for (const Slot slot : todo) {
        Record record = records.at(slot);
        bool other = false;
        for (Version& version : record.versions) {
            const bool restated = ends(records, logs, record, version);
            other |= restated != version.restated;
            version.restated = restated;
        }
        if (!other) continue;
        records.replace(slot, std::move(record));
        changed.push_back(slot);
    }
}

}  // namespace entente::registry

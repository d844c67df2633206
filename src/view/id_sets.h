// SPDX-License-Identifier: Apache-2.0
// Sets of records that grow together; the least id stands for all of a set, so that the order in
// which they are joined does not matter.
#pragma once

#include <map>
#include <utility>

#include "base/ids.h"

namespace entente::view {

class IdSets {
  public:
    /// Who stands for it; itself, where it was not here yet.
    RecordId root(RecordId id) {
        parent_.emplace(id, id);
        for (RecordId* parent = &parent_.at(id); *parent != id; parent = &parent_.at(id)) {
            *parent = parent_.at(*parent);  // half the way for whoever comes next
            id = *parent;
        }
        return id;
    }
    /// Whether they were apart.
    bool join(const RecordId& a, const RecordId& b) {
        const RecordId one = root(a), other = root(b);
        if (one == other) return false;
        parent_[std::max(one, other)] = std::min(one, other);
        return true;
    }
    /// use(id) for each that is here, ascending.
    template <class Use>
    void each(Use use) const {
        for (const auto& [id, parent] : parent_) use(id);
    }

  private:
    std::map<RecordId, RecordId> parent_;
};

}  // namespace entente::view

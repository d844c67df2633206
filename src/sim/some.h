// SPDX-License-Identifier: Apache-2.0
// What a world picks by chance.
#pragma once

#include <map>
#include <vector>

#include "base/ids.h"
#include "base/random.h"

namespace entente::sim {

/// One of them; null where there is none.
template <class T>
const T* one_of(const std::vector<T>& some, Rng& rng) {
    return some.empty() ? nullptr : &some[rng.below(some.size())];
}

/// Those that the party in this seat said.
template <class Said>
std::vector<RecordId> own_of(const std::map<RecordId, Said>& all, std::size_t author) {
    std::vector<RecordId> out;
    for (const auto& [id, said] : all) {
        if (said.author == author) out.push_back(id);
    }
    return out;
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
#include "net/connections.h"

#include <algorithm>

namespace entente::net {

Connections::At Connections::add() {
    ++size_;
    return list_.emplace(list_.end());
}

void Connections::remove(At at) {
    list_.erase(at);
    --size_;
}

void Connections::waits(At at) {
    at->doing = Doing::waiting;
    list_.splice(list_.end(), list_, at);
}

/// Closes the one that has been doing this for longest.
bool Connections::close_first(Doing doing, const std::string* party) {
    for (Connected& one : list_) {
        if (one.doing != doing || (party != nullptr && one.party != *party)) continue;
        one.doing = Doing::working;  // it ends as soon as its read hears of it
        one.close();
        return true;
    }
    return false;
}

bool Connections::make_room() {
    return list_.size() < most_ || close_first(Doing::greeting, nullptr) ||
           close_first(Doing::waiting, nullptr) || close_first(Doing::reading, nullptr);
}

bool Connections::belongs_to(At at, const std::string& party) {
    const auto count = std::count_if(list_.begin(), list_.end(),
                                     [&](const Connected& one) { return one.party == party; });
    const bool full = static_cast<std::size_t>(count) >= most_of_a_party_;
    if (full && !close_first(Doing::waiting, &party) && !close_first(Doing::reading, &party)) {
        return false;
    }
    at->party = party;
    return true;
}

void Connections::finish() {
    for (Connected& one : list_) {
        const bool idle = one.doing == Doing::waiting || one.doing == Doing::greeting;
        if (idle && one.close) one.close();
        if (one.doing == Doing::streaming && one.wake) one.wake();
    }
}

}  // namespace entente::net

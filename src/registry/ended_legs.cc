// SPDX-License-Identifier: Apache-2.0
#include "registry/ended_legs.h"

#include "base/breaks.h"
#include "base/limits.h"
#include "geo/covers.h"

namespace entente::registry {
namespace {

/// A movement has so many legs, each of which starts once and ends once.
constexpr std::uint32_t steps_max = 2 * limits::places_max;

/// Its legs stand beside its places, which are valid.
bool shows_legs(const Version& version) {
    return version.understood && version.sort == Sort::movement && version.content &&
           version.places.size() == version.content->protection.legs.size();
}

/// What stands for the leg with this number; null where there is none.
const Reached* place_of(const Version& version, std::uint32_t number) {
    const auto& legs = version.content->protection.legs;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        if (legs[i].number == number) return &version.places[i];
    }
    return nullptr;
}

/// Whether `after` leaves out just one leg of `before` where it ends one, none where it starts one,
/// and protects the others as they were.
bool is_step(const Version& before, const Version& after) {
    const bool ends = after.act == statement::act::end;
    if (!ends && after.act != statement::act::start) return false;
    if (!shows_legs(before) || (!shows_legs(after) && !after.withdraws)) return false;
    std::size_t gone = 0;
    const auto& legs = before.content->protection.legs;
    for (std::size_t i = 0; i < legs.size(); ++i) {
        const Reached* now = after.withdraws ? nullptr : place_of(after, legs[i].number);
        if (now == nullptr) {
            if (!legs[i].started) return false;
            ++gone;
            continue;
        }
        const Reached& was = before.places[i];
        if (!geo::covers(now->place, now->reach(), was.place, was.reach())) return false;
    }
    return gone == (ends ? 1 : 0);
}

/// The one version with this number before versions[i]; null where there is none, or several.
const Version* only_one(const Record& record, std::uint32_t number, std::size_t i) {
    const Version* out = nullptr;
    for (std::size_t k = 0; k < i; ++k) {
        if (record.versions[k].number != number) continue;
        if (out != nullptr) return nullptr;
        out = &record.versions[k];
    }
    return out;
}

}  // namespace

bool only_legs_ended(const Record& record, std::size_t k, std::size_t i) {
    const Version& earlier = record.versions[k];
    const Version* after = &record.versions[i];
    if (after->act != statement::act::end || after->sort != Sort::movement || !after->approved ||
        !after->understood || after->number <= earlier.number ||
        after->number - earlier.number > steps_max) {
        return false;
    }
    while (after != &earlier) {
        const Version* before = only_one(record, after->number - 1, i);
        if (before == nullptr) return false;
        if (!is_step(*before, *after) && !broken(Break::hasten_amended_leg)) return false;
        after = before;
        if (after->number <= earlier.number && after != &earlier) return false;
    }
    return true;
}

}  // namespace entente::registry

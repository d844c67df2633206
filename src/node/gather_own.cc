// SPDX-License-Identifier: Apache-2.0
#include "node/gather_own.h"

#include <algorithm>

#include "node/exchange_state.h"

namespace entente::node {
namespace {

constexpr std::uint64_t told_searched_max = 1u << 20;  // entries

}  // namespace

const OwnBeat* OwnBeats::first_with(const PartyId& to, EntryIndex entry,
                                    std::uint64_t number) const {
    for (const OwnBeat& beat : told) {
        const auto content = beat.contents.find(to);
        if (beat.index <= entry || content == beat.contents.end()) continue;
        if (content->second.released.size.v > number) return &beat;
    }
    return nullptr;
}

Result<OwnBeats> own_beats(Store& store, const Origin& origin, std::uint32_t number,
                           EntryIndex begin, TreeSize size) {
    OwnBeats out;
    TRY(newest, store.local(own_beat_name(number)));
    if (newest) {
        TRY(beat, parse_own_beat(*newest));
        out.newest = std::move(beat);
    }
    std::vector<EntryIndex> open;
    const EntryIndex end{std::min(size.v, begin.v + told_searched_max)};
    TRYV(store.scan(origin, begin, end, [&](StoredEntry&& row) -> Result<void> {
        if (!is_sealed(row.entry)) open.push_back(row.index);
        return {};
    }));
    for (const EntryIndex index : open) {
        TRY(stored, store.local(told_beat_name(number, index)));
        if (!stored) continue;
        TRY(beat, parse_own_beat(*stored));
        out.told.push_back(std::move(beat));
    }
    return out;
}

}  // namespace entente::node

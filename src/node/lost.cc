// SPDX-License-Identifier: Apache-2.0
#include "node/lost.h"

#include <algorithm>

#include "node/exchange_state.h"

namespace entente::node {

Bytes format_lost(const LostBodies& lost) {
    Bytes out;
    for (const EntryRange& one : lost) {
        out += std::to_string(one.begin.v) + " " + std::to_string(one.end.v) + "\n";
    }
    return out;
}

Result<LostBodies> parse_lost(BytesView text) {
    LostBodies out;
    const auto until = [&](char end) -> Result<std::uint64_t> {
        const std::size_t at = text.find(end);
        if (at == BytesView::npos) return fail(Errc::malformed, "what is lost is cut short");
        TRY(number, parse_number(text.substr(0, at)));
        text.remove_prefix(at + 1);
        return number;
    };
    while (!text.empty()) {
        TRY(begin, until(' '));
        TRY(end, until('\n'));
        if (begin >= end || (!out.empty() && begin < out.back().end.v)) {
            return fail(Errc::malformed, "what is lost does not ascend");
        }
        out.push_back({{begin}, {end}});
    }
    return out;
}

Result<LostBodies> read_lost(Store& store, const std::string& name) {
    TRY(row, store.local(name));
    if (!row) return LostBodies();
    auto out = parse_lost(*row);
    if (!out) return at("the local value " + name, out.error());
    return out;
}

bool is_lost(const LostBodies& lost, EntryIndex entry) {
    return std::any_of(lost.begin(), lost.end(), [&](const EntryRange& one) {
        return one.begin <= entry && entry < one.end;
    });
}

}  // namespace entente::node

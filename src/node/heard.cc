// SPDX-License-Identifier: Apache-2.0
#include "node/heard.h"

namespace entente::node {

bool HeardBook::news(const statement::Receipt& receipt, TreeSize given,
                     const std::function<bool(const Hash&)>& released) {
    const std::size_t weight =
        1 + receipt.entries.size() + receipt.exceptions.size() + receipt.read_back.size();
    if (weight_ + weight > weight_max) return false;
    const Step step{receipt.rung, receipt.unit + "\n" + receipt.voice + "\n" + receipt.reason};
    // Coordinates that came back may differ from those of the time before.
    const bool reads = receipt.rung == statement::Rung::loaded && !receipt.read_back.empty();
    bool out = false;
    for (const Hash& entry : receipt.entries) {
        if (released(entry)) out |= entries_.emplace(step, entry).second || reads;
    }
    if (receipt.list && receipt.list->size <= given) {
        const auto known = lists_.find(step);
        const Listed said{receipt.list->size, receipt.exceptions.size()};
        const bool more =
            known == lists_.end() || known->second.size < said.size ||
            (known->second.size == said.size && said.exceptions < known->second.exceptions);
        if (more) lists_.insert_or_assign(step, said);
        out |= more;
    }
    if (out) weight_ += weight;
    return out;
}

}  // namespace entente::node

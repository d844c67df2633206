// SPDX-License-Identifier: Apache-2.0
// Outside witnesses of one's own log: what they are asked, what becomes of their answers, and how
// it stands with each.
#include <algorithm>

#include "node/exchange_state.h"

namespace entente::node {

Result<void> Exchange::meet_witnesses() {
    for (const statement::OutsideWitness& one : node_.charter().witnesses) {
        TRY(key, tlog::CosignerKey::parse(one.vkey));
        outside_.push_back(
            {one.name, one.url, key, mirror::AskWitness(node_.verifier(), key), {}, {}, {}});
    }
    return {};
}

OutsideWitness* Exchange::outside(const std::string& name) {
    const auto found = std::find_if(outside_.begin(), outside_.end(),
                                    [&](const OutsideWitness& one) { return one.name == name; });
    return found == outside_.end() ? nullptr : &*found;
}

std::optional<Bytes> Exchange::ask_witness(const std::string& name) {
    OutsideWitness* const witness = outside(name);
    if (witness == nullptr || !node_.halted().empty()) return std::nullopt;
    return witness->ask.request(node_.head(), node_.log().tree());
}

Result<void> Exchange::take_witness(const std::string& name, Result<WitnessResponse> response,
                                    Instant now) {
    OutsideWitness* const witness = outside(name);
    if (witness == nullptr) return fail(Errc::not_found, "the charter names no witness " + name);
    auto taken = response ? take_cosignature(*witness, *response, now)
                          : Result<void>(tl::unexpected(std::move(response).error()));
    witness->trouble.reset();
    witness->troubled.reset();
    if (!taken) {
        witness->trouble = taken.error();
        witness->troubled = now;
    }
    return taken;
}

Result<void> Exchange::take_cosignature(OutsideWitness& witness, const WitnessResponse& response,
                                        Instant now) {
    TRY(line, witness.ask.take(response.status, response.body));
    if (!line) return {};  // it has named the size from which it wants a proof
    // Who cosigns ahead of all clocks would bound nothing.
    if (line->time > now + clock_skew_max) {
        return fail(Errc::refused, "witness " + witness.name +
                                       " cosigns ahead of the clock here, at " +
                                       format_rfc3339(line->time));
    }
    const tlog::Checkpoint& head = witness.ask.head().checkpoint;
    Additions additions;
    additions.cosignatures.push_back(row_of(head, witness.key, *line));
    TRYV(store_.add(additions));
    keep_cosignature(nullptr, head, *line);
    witness.answered = now;
    return {};
}

std::vector<WitnessStatus> Exchange::witnesses() const {
    std::vector<WitnessStatus> out;
    for (const OutsideWitness& one : outside_) {
        out.push_back({one.name, one.url, own_heads_.size_of(one.key.name).value_or(TreeSize{0}),
                       node_.head().checkpoint.size, one.answered,
                       one.trouble ? one.trouble->detail : std::string(), one.troubled});
    }
    return out;
}

}  // namespace entente::node

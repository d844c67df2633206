// SPDX-License-Identifier: Apache-2.0
#include "node/gather_talk.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace entente::node {
namespace {

using registry::LogNumber;
using registry::Position;

struct At {
    LogNumber log;
    Position position;
    bool operator<(const At& other) const {
        return std::tie(log, position.index, position.leaf) <
               std::tie(other.log, other.position.index, other.position.leaf);
    }
};
/// Who says which word to which version, and whether a node did.
using Words = std::tuple<PartyId, Hash, statement::ReplyWord, bool>;

}  // namespace

std::vector<Spoken> spoken_about(const registry::Snapshot& snapshot,
                                 const registry::Record& record) {
    const PartyId& author = snapshot.log(record.log).party;
    std::vector<At> calls;
    std::map<Words, std::vector<At>> answers;
    for (const registry::DealingSlot slot : snapshot.dealings().about(record.id)) {
        const registry::Dealing& dealing = snapshot.dealings().at(slot);
        const PartyId& party = snapshot.log(dealing.log).party;
        for (const registry::DealingVersion& version : dealing.versions) {
            const statement::Dealt* said = version.said.get();
            if (said == nullptr) continue;
            const auto* attempt = std::get_if<statement::Attempt>(said);
            const auto* reply = std::get_if<statement::Reply>(said);
            const At at{dealing.log, version.position};
            if (attempt != nullptr && attempt->of == record.id && party == author) {
                calls.push_back(at);
            }
            if (reply != nullptr && reply->of == record.id && party != author) {
                answers[{party, reply->to, reply->word, reply->automatic}].push_back(at);
            }
        }
    }
    std::sort(calls.begin(), calls.end());
    if (calls.size() > calls_shown_max) calls.resize(calls_shown_max);
    std::vector<At> all = std::move(calls);
    for (const auto& [words, said] : answers) {
        const auto [first, newest] = std::minmax_element(said.begin(), said.end());
        all.push_back(*first);
        all.push_back(*newest);
    }
    std::sort(all.begin(), all.end());
    std::vector<Spoken> out;
    for (const At& one : all) {
        const Spoken here{snapshot.log(one.log).origin, one.position};
        const bool again = !out.empty() && out.back().origin == here.origin &&
                           out.back().position.index == here.position.index;
        if (!again) out.push_back(here);
    }
    return out;
}

}  // namespace entente::node

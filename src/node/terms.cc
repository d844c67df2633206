// SPDX-License-Identifier: Apache-2.0
#include "node/terms.h"

#include <algorithm>
#include <sstream>

#include "base/encode.h"
#include "node/exchange_state.h"

namespace entente::node {
namespace {

/// The oldest version that some other party may still go by. Of whom nothing is known, it is the
/// one before ours.
Result<std::uint32_t> oldest_adopted(Store& store, const statement::Charter& charter,
                                     const PartyId& self) {
    std::uint32_t out = charter.version;
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id == self) continue;
        TRY(row, store.local(adopted_name(party.id)));
        std::uint64_t version = charter.version - 1;
        if (row) {
            TRY(number, parse_number(*row));
            version = number;
        }
        out = static_cast<std::uint32_t>(std::min<std::uint64_t>(out, version));
    }
    return std::max(1u, out);
}

}  // namespace

std::string adopted_name(const PartyId& party) { return "charter/adopted/" + party.v; }

Result<std::vector<Bytes>> stored_proposals(Store& store) {
    std::vector<Bytes> out;
    TRY(rows, store.local(proposals_name));
    if (!rows) return out;
    std::istringstream lines(*rows);
    for (std::string line; std::getline(lines, line);) {
        TRY(hash, hash_from_base64(line));
        TRY(file, store.document(hash));
        if (file) out.push_back(*std::move(file));
    }
    return out;
}

Result<statement::CharterTerms> terms_in_force(Store& store, const Chain& chain,
                                               const PartyId& self) {
    const statement::Charter& charter = chain.charter;
    statement::CharterTerms out = charter.terms;
    if (charter.solo) return out;
    TRY(oldest, oldest_adopted(store, charter, self));
    for (std::uint32_t version = oldest; version < charter.version; ++version) {
        TRY(file, store.document(chain.hashes[version - 1]));
        if (!file) continue;
        TRY(before, statement::parse_charter(*file));
        out = statement::stricter(before.terms, out);
    }
    TRY(proposals, stored_proposals(store));
    for (const Bytes& file : proposals) {
        TRY(next, statement::parse_charter(file));
        if (next.version > charter.version) out = statement::stricter(next.terms, out);
    }
    return out;
}

}  // namespace entente::node

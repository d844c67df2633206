// SPDX-License-Identifier: Apache-2.0
#include "node/terms.h"

#include <algorithm>
#include <sstream>

#include "base/encode.h"
#include "node/exchange_state.h"
#include "statement/charter_chain.h"

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

/// The documents that a row names by hash, one a line.
Result<std::vector<Bytes>> stored_files(Store& store, const std::string& name) {
    std::vector<Bytes> out;
    TRY(rows, store.local(name));
    if (!rows) return out;
    std::istringstream lines(*rows);
    for (std::string line; std::getline(lines, line);) {
        TRY(hash, hash_from_base64(line));
        TRY(file, store.document(hash));
        if (file) out.push_back(*std::move(file));
    }
    return out;
}

}  // namespace

std::string adopted_name(const PartyId& party) { return "charter/adopted/" + party.v; }

Result<std::vector<Bytes>> stored_proposals(Store& store) {
    return stored_files(store, proposals_name);
}

Result<std::vector<Bytes>> stored_rivals(Store& store) { return stored_files(store, rivals_name); }

Result<void> check_unrivalled(Store& store, std::uint32_t version, const Hash& hash) {
    TRY(known, stored_proposals(store));
    TRY(rivals, stored_rivals(store));
    known.insert(known.end(), rivals.begin(), rivals.end());
    for (const Bytes& file : known) {
        TRY(charter, statement::parse_charter(file));
        TRY(other, statement::charter_hash(file));
        if (charter.version != version || other == hash) continue;
        return fail(Errc::refused,
                    "version " + std::to_string(version) +
                        " of the charter has two texts, and another party's log adopts the one "
                        "with the hash " +
                        to_base64(other.view()) + "; neither is in force, version " +
                        std::to_string(version - 1) +
                        " stands until the parties agree which it is (then: --despite-rivals)");
    }
    return {};
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
    TRY(others, stored_proposals(store));
    TRY(rivals, stored_rivals(store));
    others.insert(others.end(), rivals.begin(), rivals.end());
    for (const Bytes& file : others) {
        TRY(other, statement::parse_charter(file));
        TRY(hash, statement::charter_hash(file));
        const bool adopted =
            other.version <= charter.version && chain.hashes[other.version - 1] == hash;
        // Of a version that all have left behind a rival says nothing any more.
        if (!adopted && other.version >= oldest) out = statement::stricter(other.terms, out);
    }
    return out;
}

}  // namespace entente::node

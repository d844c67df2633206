// SPDX-License-Identifier: Apache-2.0
// Which log each party goes on in (PROTOCOL 25, 26). The charter names one; a key entry that the
// root signed names the one after it (statement/succession.h). Those entries are kept in
// Store::local, one row each, and verified at every start. What is in force is the charter with the
// newest log in each card.
//
//     TRY(known, stored_successions(store, chain.charter, chain.hashes));
//     name_newest(known, chain.charter);                      // now charter.origin() is the newest
#pragma once

#include <map>

#include "node/genesis.h"
#include "node/ports.h"
#include "statement/succession.h"

namespace entente::node {

/// A party's logs are numbered up to this.
constexpr std::uint32_t log_number_max = 32;

struct KnownSuccession {
    statement::Succession said;
    Bytes entry;                 // as the root signed it
    std::optional<Bytes> rival;  // another one of this number, which it signed as well
};
/// By party and number of the new log.
using Successions = std::map<std::pair<PartyId, std::uint32_t>, KnownSuccession>;

/// A row of Store::local that belongs to one's own log of this number: the name itself for the
/// first log, so that what an earlier program wrote is found.
std::string own_row(std::uint32_t number, const std::string& name);

std::string succession_row(const PartyId& party, std::uint32_t number);
std::string rival_row(const PartyId& party, std::uint32_t number);

/// Errc::bad_signature names a row that no root of any version of the charter signed.
/// `hashes`: of the charter's versions from 1 on.
Result<Successions> stored_successions(Store& store, const statement::Charter& charter,
                                       std::span<const Hash> hashes);

/// Puts the newest log of each party into its card.
void name_newest(const Successions& known, statement::Charter& charter);

/// A log that a party kept before: the card that names it, and where its root says that it ended.
struct FormerLog {
    statement::CharterParty card;
    std::optional<statement::LogHead>
        last;  // of logs that a version of the charter succeeded: none
};
/// Of all versions of the charter the logs that are not in force; of each the newest card.
/// Precondition: `charter` names the newest ones.
Result<std::vector<FormerLog>> former_logs(Store& store, const statement::Charter& charter,
                                           std::span<const Hash> hashes, const Successions& known);

/// `entente/successors/v1\n`, then per entry `<bytes>\n` and the entry: in order of party and
/// number.
Bytes format_successors(const Successions& known);
/// Views into `frame`. Errc::too_large beyond successors_bytes_max.
Result<std::vector<BytesView>> parse_successors(BytesView frame);
constexpr std::size_t successors_bytes_max = 1024 * 1024;

/// The key entries that the officers who speak at the end of a log get in its successor, since they
/// name the origin.
Result<std::vector<Bytes>> officers_anew(Store& store, const statement::Charter& charter,
                                         const PartyId& party, const Origin& next,
                                         const SecretKey& root);

/// The chain, and in its charter the newest logs.
Result<Chain> read_newest(Store& store, std::string_view charter_file);

/// The log that a party of this charter would go on in. Errc::too_large beyond log_number_max.
Result<Origin> next_log(const statement::Charter& charter, const PartyId& party);

/// How it begins: its first entries, and what is stored with them.
struct NewLog {
    std::vector<Bytes> entries;
    Additions additions;
};
/// Precondition: `chain` is read_newest()'s, before. Errc::not_found where the store has nothing of
/// the log that is to be followed.
Result<NewLog> succeed(Store& store, const Chain& chain, const PartyId& party, const PublicKey& key,
                       const SecretKey& root);

}  // namespace entente::node

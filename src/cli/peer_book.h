// SPDX-License-Identifier: Apache-2.0
// DIR/peers.toml: where other parties are reached, as this node knows it. Who is in, and by which
// keys, is the charter's matter alone; an address may be newer than the charter, or such as only
// this node uses (a tunnel, a name in its own network).
//
//     TRY(book, read_peer_book(dir));
//     const Reach ru = reach_of(*charter.party(PartyId{"ru"}), book);
#pragma once

#include <map>

#include "cli/data_dir.h"
#include "statement/charter.h"

namespace entente::cli {

/// How a party is reached. What is empty here is as the charter says.
struct Reach {
    std::string address;
    std::string relay;
    bool operator==(const Reach&) const = default;
};
using PeerBook = std::map<PartyId, Reach>;

/// Empty where there is no such file. Errors name its line.
Result<PeerBook> read_peer_book(const DataDir& dir);
Result<void> write_peer_book(const DataDir& dir, const PeerBook& book);

/// What the book says, otherwise the charter.
Reach reach_of(const statement::CharterParty& party, const PeerBook& book);

/// Errc::malformed unless it is `https://host[:port]` as PeerOptions takes it.
Result<void> check_address(const std::string& address);

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// The parties of a simulated exchange: keys of all roles and one charter that all roots signed, the
// same from the same seed. What `entente charter` makes with people and files.
#pragma once

#include <vector>

#include "node/exchange.h"
#include "statement/charter.h"
#include "tlog/key.h"

namespace entente::sim {

struct Founder {
    PartyId id;
    SecretKey root;
    std::vector<SecretKey> officers;
    tlog::LogKey log;
    node::ExchangeKeys keys;
    Secret vault;
    std::vector<Bytes> entries;  // its log begins with these
};

struct Founders {
    std::string charter_file;
    statement::Charter charter;
    std::vector<Founder> parties;
    std::vector<std::string> earlier = {};  // the charter's versions before, oldest first
};

/// `names` in the charter's order. Terms are the joint defaults but for those given.
Founders found(const std::vector<std::string>& names, const statement::CharterTerms& terms,
               std::uint64_t seed, const std::vector<statement::OutsideWitness>& witnesses = {});

}  // namespace entente::sim

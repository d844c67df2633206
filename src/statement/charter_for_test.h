// SPDX-License-Identifier: Apache-2.0
// Parties with all their keys, and charters of them, out of a seed. Included by tests only.
#pragma once

#include "base/sha256.h"
#include "base/x25519.h"
#include "statement/charter.h"
#include "statement/vkey.h"

namespace entente::statement::samples {

/// A party's secret halves beside its card.
struct Founder {
    SecretKey root;
    SecretKey root_next;
    SecretKey log;
    SecretKey witness;
    SecretKey mirror;
    Secret sealing;
    SecretKey channel;
    SecretKey duty;
    CharterParty party;
};

inline Founder founder(const Charter& charter, const std::string& id, std::uint64_t seed) {
    Rng rng(seed);
    const Random random = rng.bytes();
    auto key = [&] { return SecretKey::generate(random); };
    Founder out{key(), key(), key(), key(), key(), Secret::generate(random), key(), key(), {}};
    const PartyId party{id};
    auto vkey = [](const std::string& name, VkeyType type, const SecretKey& secret) {
        return Vkey{name, type, secret.public_key()}.text();
    };
    out.party.id = party;
    out.party.name = "Party " + id;
    out.party.root = Bytes(out.root.public_key().view());
    out.party.root_next = sha256(out.root_next.public_key().view());
    out.party.log = vkey(charter.base_name(party), VkeyType::log, out.log);
    out.party.officers = joint_officers_default;
    out.party.witness = vkey(charter.witness_name(party), VkeyType::cosigner, out.witness);
    out.party.mirror = vkey(charter.mirror_name(party), VkeyType::cosigner, out.mirror);
    out.party.sealing = x25519_public(out.sealing);
    out.party.channel = Bytes(out.channel.public_key().view());
    out.party.duty = Bytes(out.duty.public_key().view());
    out.party.address = "https://127.0.0.1:" + std::to_string(8700 + seed % 1000);
    return out;
}

struct World {
    Charter charter;
    std::vector<Founder> founders;
};

/// Version 1 of a charter of these parties, unsigned.
inline World world(const std::vector<std::string>& parties = {"fr", "ru", "msf"}) {
    World out;
    out.charter.id = "joint-abcdefghijklmnop";
    out.charter.terms = default_joint_terms();
    for (std::size_t i = 0; i < parties.size(); ++i) {
        out.founders.push_back(founder(out.charter, parties[i], 100 + i));
        out.charter.parties.push_back(out.founders.back().party);
    }
    out.charter.terms.quorum = majority(parties.size());
    return out;
}

/// The file of `charter`, signed by the roots of those named.
inline std::string signed_by(Charter charter, const std::vector<Founder>& founders,
                             const std::vector<std::string>& signers) {
    charter.signatures.clear();
    const Hash hash = charter_hash(format_charter(charter)).value();
    for (const Founder& one : founders) {
        for (const std::string& signer : signers) {
            if (one.party.id.v != signer) continue;
            charter.signatures.emplace(signer, one.root.sign(charter_message(hash)));
        }
    }
    return format_charter(charter);
}

}  // namespace entente::statement::samples

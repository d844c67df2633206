// SPDX-License-Identifier: Apache-2.0
#include "sim/founders.h"

#include "base/sha256.h"
#include "node/genesis.h"
#include "registry/registry.h"

namespace entente::sim {
namespace {

Founder make_founder(const std::string& name, const statement::Charter& charter,
                     const Random& random) {
    const PartyId id = PartyId::parse(name).value();
    return {id,
            SecretKey::generate(random),
            {SecretKey::generate(random)},
            tlog::LogKey::generate(charter.base_name(id), random).value(),
            {tlog::CosignerSecret::generate(charter.witness_name(id), random).value(),
             tlog::CosignerSecret::generate(charter.mirror_name(id), random).value(),
             SealingSecret::generate(random), SecretKey::generate(random)},
            Secret::generate(random),
            {}};
}

/// Gives it a duty key as well.
statement::CharterParty card_of(Founder& founder, const Random& random) {
    statement::CharterParty card;
    card.id = founder.id;
    card.name = founder.id.v;
    card.root = Bytes(founder.root.public_key().view());
    card.root_next = sha256(SecretKey::generate(random).public_key().view());
    card.log = founder.log.verifier().text();
    card.officers = static_cast<int>(founder.officers.size());
    card.witness = founder.keys.witness.key().text();
    card.mirror = founder.keys.mirror.key().text();
    card.sealing = Bytes(founder.keys.sealing.public_key().view());
    card.channel = Bytes(founder.keys.channel.public_key().view());
    founder.keys.duty = SecretKey::generate(random);
    card.duty = Bytes(founder.keys.duty->public_key().view());
    return card;
}

}  // namespace

Founders found(const std::vector<std::string>& names, const statement::CharterTerms& terms,
               std::uint64_t seed, const std::vector<statement::OutsideWitness>& witnesses) {
    Rng rng(seed);
    const Random random = rng.bytes();
    Founders out;
    statement::Charter& charter = out.charter;
    Bytes chance(10, '\0');
    random(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());
    charter.id = statement::charter_id("sim", chance).value();
    charter.exercise = true;
    charter.terms = terms;
    charter.witnesses = witnesses;
    charter.terms.quorum = statement::majority(names.size());
    for (const std::string& name : names) {
        out.parties.push_back(make_founder(name, charter, random));
        charter.parties.push_back(card_of(out.parties.back(), random));
    }
    const Hash hash = statement::charter_hash(statement::format_charter(charter)).value();
    for (const Founder& founder : out.parties) {
        charter.signatures.emplace(founder.id.v,
                                   founder.root.sign(statement::charter_message(hash)));
    }
    out.charter_file = statement::format_charter(charter);
    for (Founder& founder : out.parties) {
        const Origin origin = charter.origin(founder.id);
        founder.entries.push_back(node::charter_entry(charter, hash));
        for (const SecretKey& officer : founder.officers) {
            founder.entries.push_back(statement::encode_entry(registry::make_key_entry(
                {"officer", officer.public_key(), 0}, origin, founder.root)));
        }
    }
    return out;
}

}  // namespace entente::sim

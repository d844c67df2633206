// SPDX-License-Identifier: Apache-2.0
// Enrolling under a charter of several, what a log then begins with, and which charter a node
// believes.
#include "node/genesis.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/sha256.h"
#include "base/x25519.h"
#include "statement/adoption.h"
#include "statement/charter_chain.h"
#include "statement/charter_policy.h"
#include "statement/key_entry.h"
#include "statement/vkey.h"
#include "tlog/policy.h"

namespace entente::node {
namespace {

statement::Charter draft() {
    statement::Charter out;
    out.id = "joint-abcdefghijklmnop";
    out.exercise = true;
    out.terms = statement::default_joint_terms();
    return out;
}

/// Three parties that enrolled under one draft.
struct World {
    Rng rng{5};
    statement::Charter charter = draft();
    std::map<std::string, Enrolment> parties;

    World() {
        for (const char* id : {"fr", "ru", "un"}) {
            auto one =
                enrol(charter, {PartyId{id}, id, "https://127.0.0.1:8711", "", "", 2}, rng.bytes());
            EXPECT_TRUE(one) << one.error().detail;
            parties.emplace(id, *one);
        }
        for (const auto& [id, one] : parties) charter.parties.push_back(one.card.party);
        charter.terms.quorum = 2;
    }
    std::string sign(const statement::Charter& version, const std::set<std::string>& signers) {
        std::string file = statement::format_charter(version);
        const Bytes message = statement::charter_message(statement::charter_hash(file).value());
        for (const std::string& id : signers) {
            file = statement::with_signature(file, PartyId{id}, parties.at(id).root.sign(message))
                       .value();
        }
        return file;
    }
};

TEST(Enrol, MakesTheKeysThatTheCardNames) {
    World world;
    EXPECT_TRUE(statement::check_charter(world.charter))
        << statement::check_charter(world.charter).error().detail;
    const Enrolment& fr = world.parties.at("fr");
    const statement::CharterParty& card = fr.card.party;
    EXPECT_EQ(fr.card.charter, world.charter.id);
    EXPECT_TRUE(fr.card.exercise);
    EXPECT_EQ(card.log, fr.log.verifier().text());
    EXPECT_EQ(fr.log.verifier().name, world.charter.origin(card.id).v);
    EXPECT_EQ(statement::parse_vkey(card.witness).value().key, fr.witness.public_key());
    EXPECT_EQ(statement::parse_vkey(card.mirror).value().key, fr.mirror.public_key());
    EXPECT_EQ(card.sealing, x25519_public(fr.sealing));
    EXPECT_EQ(card.channel, fr.channel.public_key().view());
    EXPECT_EQ(card.duty, fr.duty.public_key().view());
    EXPECT_EQ(card.root, fr.root.public_key().view());
    EXPECT_EQ(card.root_next, sha256(fr.root_next.public_key().view()));
    EXPECT_EQ(fr.officers.size(), 2u);
    EXPECT_EQ(statement::parse_card(statement::format_card(fr.card)).value(), fr.card);
    Rng rng(6);
    EXPECT_FALSE(enrol(world.charter, {PartyId{"us"}, "", "", "", "", 2}, rng.bytes()));
    EXPECT_FALSE(enrol(world.charter, {PartyId{"us"}, "US", "http://x", "", "", 2}, rng.bytes()));
}

TEST(FoundingEntries, AdoptTheCharterAndGiveTheOfficersTheirRight) {
    World world;
    const Hash hash = statement::charter_hash(statement::format_charter(world.charter)).value();
    const Enrolment& fr = world.parties.at("fr");
    const auto entries = founding_entries(world.charter, hash, PartyId{"fr"}, fr.key_entries);
    ASSERT_TRUE(entries) << entries.error().detail;
    ASSERT_EQ(entries->size(), 3u);
    EXPECT_EQ(adopted_charter((*entries)[0]).value(), hash);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto open =
            std::get<statement::OpenEntry>(statement::decode_entry((*entries)[i + 1]).value());
        const auto key = statement::read_key_entry(open, world.charter.origin(PartyId{"fr"}),
                                                   fr.root.public_key());
        ASSERT_TRUE(key) << key.error().detail;
        EXPECT_EQ(key->key, fr.officers[i].public_key());
        EXPECT_EQ(key->name, "fr officer " + std::to_string(i + 1));
    }
    const std::vector<Bytes> one = {fr.key_entries[0], fr.key_entries[0]};
    EXPECT_FALSE(founding_entries(world.charter, hash, PartyId{"fr"}, one))
        << "one officer cannot be two";
    EXPECT_FALSE(founding_entries(world.charter, hash, PartyId{"ru"}, fr.key_entries));
    EXPECT_FALSE(founding_entries(world.charter, hash, PartyId{"us"}, fr.key_entries));
}

TEST(ReadCharter, BelievesAVersionBackToTheFirst) {
    World world;
    std::vector<std::string> files = {world.sign(world.charter, {"fr", "ru", "un"})};
    for (std::uint32_t version = 2; version <= 4; ++version) {
        statement::Charter next = world.charter;
        next.version = version;
        next.previous = statement::charter_hash(files.back()).value();
        next.points_agreed = {"point " + std::to_string(version)};
        files.push_back(world.sign(next, {"fr", "un"}));
    }
    std::map<Hash, Bytes> known;
    const EarlierCharter earlier = [&](const Hash& hash) -> Result<std::optional<Bytes>> {
        const auto found = known.find(hash);
        if (found == known.end()) return std::optional<Bytes>();
        return std::optional(found->second);
    };
    EXPECT_TRUE(read_charter(files[0]));
    EXPECT_EQ(read_charter(files[3], earlier).error().code, Errc::not_found);
    for (const std::string& file : files) known[statement::charter_hash(file).value()] = file;
    const auto chain = read_chain(files[3], earlier);
    ASSERT_TRUE(chain) << chain.error().detail;
    EXPECT_EQ(chain->charter.version, 4u);
    ASSERT_EQ(chain->hashes.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(chain->hashes[i], statement::charter_hash(files[i]).value());
    }
    // One link that too few signed breaks all that follow.
    const Hash second = statement::charter_hash(files[1]).value();
    statement::Charter unsigned_one = statement::parse_charter(files[1]).value();
    unsigned_one.signatures.clear();
    known[second] = world.sign(unsigned_one, {"fr"});
    EXPECT_EQ(read_charter(files[3], earlier).error().code, Errc::bad_signature);
    known[second] = files[0];
    EXPECT_EQ(read_charter(files[3], earlier).error().code, Errc::bad_proof);
}

// Read by the parser and judge of policies, which shares nothing with what writes them.
TEST(Policy, MeansSoManyOfTheOthersMirrors) {
    World world;
    Rng rng(9);
    const auto msf = enrol(world.charter, {PartyId{"msf-sd"}, "MSF", "", "", "", 1}, rng.bytes());
    world.charter.parties.push_back(msf->card.party);
    const auto text = statement::tlog_policy(world.charter, PartyId{"fr"}).value();
    const auto policy = tlog::parse_policy(text);
    ASSERT_TRUE(policy) << policy.error().detail << text;
    ASSERT_EQ(policy->logs.size(), 1u);
    EXPECT_EQ(policy->logs[0].key, world.parties.at("fr").log.verifier());
    EXPECT_EQ(policy->logs[0].url, "https://127.0.0.1:8711/log");
    ASSERT_EQ(policy->witnesses.size(), 3u);
    EXPECT_EQ(policy->witnesses[0].key.key, world.parties.at("ru").mirror.public_key());
    EXPECT_EQ(policy->witnesses[2].key.name, world.charter.mirror_name(PartyId{"msf-sd"}));
    const std::string names[] = {"mirror-ru", "mirror-un", "mirror-msf-sd"};
    for (unsigned set = 0; set < 8; ++set) {
        std::map<std::string, Instant> cosigned;
        for (unsigned i = 0; i < 3; ++i) {
            if ((set >> i & 1) != 0) cosigned[names[i]] = instant(i);
        }
        EXPECT_EQ(policy->enough_at(cosigned).has_value(),
                  cosigned.size() >= statement::mirrors_needed(3))
            << set;
    }
}

}  // namespace
}  // namespace entente::node

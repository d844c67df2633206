// SPDX-License-Identifier: Apache-2.0
#include "node/genesis.h"

#include <set>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/x25519.h"
#include "statement/adoption.h"
#include "statement/charter_chain.h"
#include "statement/key_entry.h"
#include "statement/vkey.h"

namespace entente::node {

Result<Genesis> found(const Founding& founding, const Random& random) {
    if (founding.name.empty() || founding.name.size() > limits::text_bytes_max ||
        !is_utf8(founding.name)) {
        return fail(Errc::malformed, "a party's name is 1 to 1024 bytes of UTF-8");
    }
    Bytes chance(10, '\0');
    random(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());

    statement::Charter charter;
    charter.id = "solo-" + to_base32(chance);
    charter.exercise = founding.exercise;
    charter.solo = true;
    charter.terms = founding.terms;
    const Origin origin = charter.origin(founding.party);
    TRY(log, tlog::LogKey::generate(origin.v, random));
    const SecretKey root = SecretKey::generate(random);
    const SecretKey root_next = SecretKey::generate(random);
    const SecretKey officer = SecretKey::generate(random);
    statement::CharterParty party;
    party.id = founding.party;
    party.name = founding.name;
    party.root = Bytes(root.public_key().view());
    party.root_next = sha256(root_next.public_key().view());
    party.log = log.verifier().text();
    party.officers = founding.officers;
    charter.parties.push_back(std::move(party));
    TRY(hash, statement::charter_hash(statement::format_charter(charter)));
    charter.signatures.emplace(founding.party.v, root.sign(statement::charter_message(hash)));

    Genesis out{charter, statement::format_charter(charter), root, root_next, officer,
                log,     Secret::generate(random),           {}};
    out.entries.push_back(charter_entry(charter, hash));
    out.entries.push_back(statement::encode_entry(
        statement::make_key_entry({"officer", officer.public_key(), 0}, origin, root)));
    return out;
}

Result<Enrolment> enrol(const statement::Charter& draft, const Applicant& applicant,
                        const Random& random) {
    namespace role = statement::key_role;
    const PartyId& party = applicant.party;
    const Origin origin{draft.base_name(party)};
    TRY(log, tlog::LogKey::generate(origin.v, random));
    const auto key = [&] { return SecretKey::generate(random); };
    Enrolment out{{draft.id, draft.exercise, {}},
                  key(),
                  key(),
                  log,
                  key(),
                  key(),
                  Secret::generate(random),
                  key(),
                  key(),
                  {},
                  Secret::generate(random),
                  {}};
    const auto cosigner = [](const std::string& name, const SecretKey& secret) {
        return statement::Vkey{name, statement::VkeyType::cosigner, secret.public_key()}.text();
    };
    const auto raw = [](const SecretKey& secret) { return Bytes(secret.public_key().view()); };
    statement::CharterParty& card = out.card.party;
    card.id = party;
    card.name = applicant.name;
    card.root = raw(out.root);
    card.root_next = sha256(out.root_next.public_key().view());
    card.log = log.verifier().text();
    card.officers = applicant.officers;
    card.witness = cosigner(draft.witness_name(party), out.witness);
    card.mirror = cosigner(draft.mirror_name(party), out.mirror);
    card.sealing = x25519_public(out.sealing);
    card.channel = raw(out.channel);
    card.duty = raw(out.duty);
    card.address = applicant.address;
    card.relay = applicant.relay;
    card.sponsor = applicant.sponsor;
    for (int i = 1; i <= applicant.officers; ++i) {
        out.officers.push_back(key());
        const std::string name = party.v + " officer " + std::to_string(i);
        out.key_entries.push_back(statement::encode_entry(statement::make_key_entry(
            {role::officer, out.officers.back().public_key(), 0, false, name, {}}, origin,
            out.root)));
    }
    TRYV(statement::check_card(out.card));
    return out;
}

Result<std::vector<Bytes>> founding_entries(const statement::Charter& charter, const Hash& hash,
                                            const PartyId& party,
                                            std::span<const Bytes> key_entries) {
    const statement::CharterParty* card = charter.party(party);
    if (card == nullptr) {
        return fail(Errc::not_found, "charter " + charter.id + " names no party " + party.v);
    }
    TRY(root, PublicKey::from(card->root));
    std::vector<Bytes> out = {charter_entry(charter, hash)};
    std::set<PublicKey> officers;
    for (const Bytes& bytes : key_entries) {
        TRY(entry, statement::decode_entry(bytes));
        const auto* open = std::get_if<statement::OpenEntry>(&entry);
        if (open == nullptr) return fail(Errc::refused, "a founding entry that is no key entry");
        TRY(key, statement::read_key_entry(*open, charter.origin(party), root));
        if (key.role == statement::key_role::officer && !key.revokes) officers.insert(key.key);
        out.push_back(bytes);
    }
    if (officers.size() < static_cast<std::size_t>(card->officers)) {
        return fail(Errc::refused, "the charter says that a relaxation of " + party.v + " needs " +
                                       std::to_string(card->officers) +
                                       " officers, and keys are given to " +
                                       std::to_string(officers.size()));
    }
    return out;
}

Result<Chain> read_chain(std::string_view file, const EarlierCharter& earlier) {
    std::vector<std::string> files = {std::string(file)};  // newest first
    Chain out;
    while (true) {
        TRY(charter, statement::parse_charter(files.back()));
        if (!charter.previous) break;
        if (files.size() == limits::charter_versions_max) {
            return fail(Errc::too_large, "a charter has at most charter_versions_max = " +
                                             std::to_string(limits::charter_versions_max) +
                                             " versions");
        }
        std::optional<Bytes> before;
        if (earlier) {
            TRY(found, earlier(*charter.previous));
            before = std::move(found);
        }
        const std::string name = "charter " + charter.id + ": version " +
                                 std::to_string(charter.version - 1) + " (hash " +
                                 to_base64(charter.previous->view()) + ")";
        if (!before) return fail(Errc::not_found, name + " is needed to judge the one after it");
        TRY(hash, statement::charter_hash(*before));
        if (hash != *charter.previous) return fail(Errc::bad_proof, name + " has another hash");
        files.push_back(*std::move(before));
    }
    TRY(charter, statement::verify_first(files.back()));
    for (std::size_t i = files.size(); i-- > 0;) {
        TRY(hash, statement::charter_hash(files[i]));
        out.hashes.push_back(hash);
        if (i == 0) break;
        TRY(next, statement::verify_successor(files[i], files[i - 1]));
        charter = std::move(next);
    }
    out.charter = std::move(charter);
    return out;
}

Result<statement::Charter> read_charter(std::string_view file, const EarlierCharter& earlier) {
    TRY(chain, read_chain(file, earlier));
    return chain.charter;
}

Bytes charter_entry(const statement::Charter& charter, const Hash& hash) {
    return statement::encode_adoption({charter.id, charter.version, hash});
}

Result<Hash> adopted_charter(BytesView bytes) {
    TRY(entry, statement::decode_entry(bytes));
    const auto* open = std::get_if<statement::OpenEntry>(&entry);
    if (open == nullptr) return fail(Errc::malformed, "entry 0 does not adopt a charter");
    TRY(adoption, statement::decode_adoption(*open));
    return adoption.hash;
}

}  // namespace entente::node

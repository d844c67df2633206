// SPDX-License-Identifier: Apache-2.0
#include "node/genesis.h"

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "registry/registry.h"
#include "statement/entry.h"

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
    charter.parties.push_back(std::move(party));
    TRY(hash, statement::charter_hash(statement::format_charter(charter)));
    charter.signatures.emplace(founding.party.v, root.sign(statement::charter_message(hash)));

    Genesis out{charter, statement::format_charter(charter), root, root_next, officer,
                log,     Secret::generate(random),           {}};
    out.entries.push_back(charter_entry(charter, hash));
    out.entries.push_back(statement::encode_entry(
        registry::make_key_entry({"officer", officer.public_key(), 0}, origin, root)));
    return out;
}

Result<statement::Charter> read_charter(std::string_view file) {
    TRY(charter, statement::parse_charter(file));
    TRY(hash, statement::charter_hash(file));
    for (const statement::CharterParty& party : charter.parties) {
        TRY(root, PublicKey::from(party.root));
        const auto signature = charter.signatures.find(party.id.v);
        if (signature == charter.signatures.end() ||
            !verify(root, statement::charter_message(hash), signature->second)) {
            return fail(Errc::bad_signature,
                        "charter " + charter.id + ": the root of " + party.id.v +
                            " did not sign this text; a byte of it was changed, or it is another "
                            "version");
        }
    }
    return charter;
}

Bytes charter_entry(const statement::Charter& charter, const Hash& hash) {
    statement::OpenEntry entry{"charter", {}};
    entry.fields.set("hash", to_base64url(hash.view()));
    entry.fields.set("id", charter.id);
    entry.fields.set("version", std::int64_t{charter.version});
    return statement::encode_entry(entry);
}

Result<Hash> adopted_charter(BytesView bytes) {
    TRY(entry, statement::decode_entry(bytes));
    const auto* open = std::get_if<statement::OpenEntry>(&entry);
    const auto* hash = open && open->kind == "charter" ? open->fields.find("hash") : nullptr;
    if (hash == nullptr || hash->text() == nullptr) {
        return fail(Errc::malformed, "entry 0 does not adopt a charter");
    }
    return hash_from_base64url(*hash->text());
}

}  // namespace entente::node

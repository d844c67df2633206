// SPDX-License-Identifier: Apache-2.0
// Histories of a party's statements for tests, told in a line each: `History h; h.say({...})`.
// Entries are really committed to and understood; nothing is logged or sealed. Keys are letters:
// 'r' the root, 'o' and 'p' officers, 's' a stranger. Included by tests only.
#pragma once

#include <string>
#include <vector>

#include "base/assert.h"
#include "base/sha256.h"
#include "geo/box.h"
#include "geo/valid.h"
#include "registry/registry.h"
#include "seal/approval.h"
#include "seal/commitment.h"

namespace entente::registry::test {

inline const Instant noon = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z

inline SecretKey key(char letter) {
    Rng rng(static_cast<std::uint64_t>(letter));
    return SecretKey::generate(rng.bytes());
}

/// A circle at one of the places 0, 1, 2 …, a tenth of a degree apart.
inline geo::Place circle_at(int at, std::int64_t radius_dm) {
    geo::Place out;
    out.volume.shape = geo::Circle{{at * 1'000'000, 0}, {radius_dm}};
    return out;
}

/// One statement. `spoil` makes it wrong in the named way.
struct Said {
    std::string kind = "protection";
    std::string act = "add";
    int record = 0;
    std::uint32_t version = 1;
    Instant time = noon;
    std::int64_t radius_dm = 100;
    int at = 0;
    int earlier_at = -1;              // a second place, from before a move
    std::optional<Instant> end = {};  // of the window
    int bodies = 2;                   // 0: only the head is open, 1: the coarse one too, 2: all
    std::string approvals = {};       // one letter a key
    std::string class_name = "hospital";
    std::optional<std::vector<geo::Place>> where = {};  // instead of circles
    std::optional<Instant> reconfirm_by = {};
    std::string spoil = {};
};

class History {
  public:
    explicit History(Duration reduce_delay = Duration(0), int officers = 1,
                     int relaxations_min = 100, int relaxations_percent = 0)
        : registry_(charter(reduce_delay, officers, relaxations_min, relaxations_percent),
                    PartyId{"fr"}) {
        this->key('o', 0, 'r');
    }

    Registry& registry() { return registry_; }
    const Registry& registry() const { return registry_; }
    const Record& record(int number = 0) const {
        const auto slot = registry_.snapshot().find(id(number));
        ASSERT(slot);
        return registry_.snapshot().at(*slot);
    }
    static RecordId id(int record) { return statement::record_id(origin(), secret(record)); }
    void skip_to(std::uint64_t index) { index_ = index; }

    Understood say(const Said& said) {
        const Understood made = make(said);
        apply(made);
        return made;
    }
    void apply(const Understood& made) { last_ = registry_.apply(made); }
    Change last() const { return last_; }

    void key(char letter, std::uint64_t from, char signer) {
        const SecretKey officer = test::key(letter), by = test::key(signer);
        registry_.apply(position("key"),
                        make_key_entry({"officer", officer.public_key(), from}, origin(), by));
    }

    Understood make(const Said& said) {
        seal::Bodies bodies;
        statement::SealedEntry entry;
        statement::Head head = head_of(said);
        const auto put = [&](std::size_t slot, Bytes body) {
            const Hash salt = salt_of(slot);
            entry.commitments[slot] = seal::commitment(salt, body);
            bodies[slot] = seal::SaltedBody{salt, std::move(body)};
        };
        if (head.protects) {
            const statement::Exact exact = exact_of(said, head.keys);
            put(1, with_class(said, statement::encode_coarse(statement::coarse_of(exact))));
            put(2, exact_bytes(said, exact));
        }
        approve(said, entry, head);
        put(0, statement::encode_head(head));
        entry.tag = statement::version_tag(head.secret, said.version + (said.spoil == "tag"));
        if (said.bodies < 1) bodies[1].reset();
        if (said.bodies < 2) bodies[2].reset();
        if (said.spoil == "head bytes") bodies[0]->body += ' ';
        if (said.spoil == "exact bytes") bodies[2]->body += ' ';
        return understand({origin(), "solo"}, position(bodies[0]->body), entry, bodies);
    }

  private:
    static Origin origin() { return {"solo/fr"}; }
    static Hash secret(int record) { return sha256("secret of " + std::to_string(record)); }
    static Hash salt_of(std::size_t slot) { return sha256("salt " + std::to_string(slot)); }

    static statement::Charter charter(Duration reduce_delay, int officers, int min, int percent) {
        statement::Charter out;
        out.id = "solo";
        out.terms = statement::default_terms();
        out.terms.reduce_delay = reduce_delay;
        out.terms.relaxations_min = min;
        out.terms.relaxations_percent = percent;
        statement::CharterParty party;
        party.id = PartyId{"fr"};
        party.name = "France";
        party.root = Bytes(test::key('r').public_key().view());
        party.officers = officers;
        out.parties.push_back(std::move(party));
        return out;
    }

    Position position(BytesView what) {
        return {{index_++}, sha256({"leaf", what, std::to_string(index_)})};
    }

    static statement::Head head_of(const Said& said) {
        statement::Head head;
        head.secret = secret(said.record);
        head.keys = {said.spoil == "charter" ? "other" : "solo", origin(), id(said.record),
                     said.version};
        if (said.spoil == "origin") head.keys.origin.v = "solo/de";
        if (said.spoil == "record") head.keys.record = id(said.record + 1);
        head.kind = said.kind;
        head.act = said.act;
        head.protects = said.act != "withdraw";
        head.used = {true, head.protects, head.protects};
        head.time = said.time;
        head.actor = "test";
        return head;
    }

    static statement::Exact exact_of(const Said& said, const statement::BodyKeys& keys) {
        statement::Exact exact;
        exact.keys = keys;
        exact.protection.protection_class =
            statement::parse_class(said.class_name).value_or(statement::ProtectionClass::hospital);
        exact.protection.reconfirm_by = said.reconfirm_by;
        exact.coarse.salt = salt_of(1);
        std::vector<geo::Place> where = {circle_at(said.at, said.radius_dm)};
        if (said.earlier_at >= 0) where.push_back(circle_at(said.earlier_at, said.radius_dm));
        if (said.where) where = *said.where;
        for (geo::Place& place : where) {
            if (said.end) place.volume.window.end = said.end;
            geo::Place coarse;
            coarse.volume.shape = geo::padded_box(place.volume.shape, {1000});
            exact.coarse.where.push_back(coarse);
        }
        exact.protection.where = where;
        return exact;
    }

    static Bytes exact_bytes(const Said& said, statement::Exact exact) {
        if (said.spoil == "exact record") exact.keys.record = id(said.record + 1);
        if (said.spoil == "exact version") ++exact.keys.version;
        Bytes out = with_class(said, statement::encode_exact(exact));
        if (said.spoil == "exact slot") out.replace(out.find("\"slot\":3"), 8, "\"slot\":2");
        return out;
    }

    /// A class that this version does not know cannot be encoded, only put into the bytes.
    static Bytes with_class(const Said& said, Bytes body) {
        if (statement::parse_class(said.class_name)) return body;
        const std::string known = "\"class\":\"hospital\"";
        return body.replace(body.find(known), known.size(),
                            "\"class\":\"" + said.class_name + "\"");
    }

    static void approve(const Said& said, const statement::SealedEntry& entry,
                        statement::Head& head) {
        const seal::Approved what{sha256(statement::encode_head_unapproved(head)),
                                  entry.commitments[1], entry.commitments[2]};
        for (const char letter : said.approvals) {
            const SecretKey by = test::key(letter);
            head.approvals.push_back(
                {Bytes(by.public_key().view()), seal::sign_approval(by, what)});
        }
    }

    Registry registry_;
    std::uint64_t index_ = 0;
    Change last_;
};

}  // namespace entente::registry::test

// SPDX-License-Identifier: Apache-2.0
// What a party says, for tests, in a line each: `Teller fr("fr"); Made made = fr.make({...})`.
// Entries are really committed to and understood; nothing is logged or sealed. Keys are letters:
// 'r' the root, 'o' and 'p' officers, 's' a stranger. Included by tests only.
#pragma once

#include <string>
#include <vector>

#include "base/assert.h"
#include "base/sha256.h"
#include "geo/box.h"
#include "geo/valid.h"
#include "registry/understand.h"
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
    std::optional<RecordId> was = {};
    std::vector<statement::Leg> legs = {};             // of a movement, beside `where`
    std::string grounds = {};                          // of an objection: then its body says one
    std::optional<statement::Presence> presence = {};  // then of a window that is one's
};

/// One entry with all of its bodies.
struct Made {
    Context context;
    Position position;
    statement::SealedEntry entry;
    seal::Bodies bodies;

    /// As far as these slots are open (bits, as Understood::opened).
    Understood open(unsigned slots = 7) const {
        seal::Bodies some = bodies;
        for (std::size_t i = 0; i < some.size(); ++i) {
            if ((slots >> i & 1) == 0) some[i].reset();
        }
        return understand(context, position, entry, some);
    }
};

/// One party's way of making statements.
class Teller {
  public:
    explicit Teller(std::string party, std::string charter = "solo")
        : charter_(std::move(charter)), origin_{charter_ + "/" + party} {}

    const Origin& origin() const { return origin_; }
    RecordId id(int record) const { return statement::record_id(origin_, secret(record)); }
    void skip_to(std::uint64_t index) { index_ = index; }

    /// Where the next entry stands; `what` makes its leaf its own.
    Position position(BytesView what) {
        return {{index_++}, sha256({"leaf", what, std::to_string(index_)})};
    }

    Made make(const Said& said) {
        Made out;
        out.context = {origin_, charter_};
        seal::Bodies& bodies = out.bodies;
        statement::SealedEntry& entry = out.entry;
        statement::Head head = head_of(said);
        const auto put = [&](std::size_t slot, Bytes body) {
            const Hash salt = salt_of(slot);
            entry.commitments[slot] = seal::commitment(salt, body);
            bodies[slot] = seal::SaltedBody{salt, std::move(body)};
        };
        if (head.protects) {
            const statement::Exact exact = exact_of(said, head.keys);
            put(1, with_class(said, statement::encode_coarse(statement::coarse_of(exact))));
            if (said.spoil == "coarse other") bodies[1]->salt = entry.commitments[1] = salt_of(7);
            put(2, exact_bytes(said, exact));
        }
        if (said.spoil == "says it protects nothing") head.protects = false;
        approve(said, entry, head);
        put(0, statement::encode_head(head));
        entry.tag = statement::version_tag(head.secret, said.version + (said.spoil == "tag"));
        if (said.bodies < 1) bodies[1].reset();
        if (said.bodies < 2) bodies[2].reset();
        if (said.spoil == "head bytes") bodies[0]->body += ' ';
        if (said.spoil == "exact bytes") bodies[2]->body += ' ';
        out.position = position(bodies[0]->body);
        return out;
    }

  private:
    static Hash secret(int record) { return sha256("secret of " + std::to_string(record)); }
    static Hash salt_of(std::size_t slot) { return sha256("salt " + std::to_string(slot)); }

    statement::Head head_of(const Said& said) const {
        statement::Head head;
        head.secret = secret(said.record);
        head.keys = {said.spoil == "charter" ? "other" : charter_, origin_, id(said.record),
                     said.version};
        if (said.spoil == "origin") head.keys.origin.v = "solo/de";
        if (said.spoil == "record") head.keys.record = id(said.record + 1);
        head.kind = said.kind;
        head.act = said.act;
        head.protects = said.act != "withdraw" && said.act != "cancel" && said.act != "lift" &&
                        !(said.where && said.where->empty());
        head.used = {true, head.protects, head.protects};
        head.time = said.time;
        head.actor = "test";
        head.was = said.was;
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
            coarse.volume.shape = geo::padded_box(place.volume.shape, {3000});
            if (said.spoil == "coarse elsewhere") coarse = circle_at(said.at + 3, 0);
            exact.coarse.where.push_back(coarse);
        }
        if (!said.grounds.empty()) {
            exact.protection.protection_class = statement::ProtectionClass::other;
            exact.protection.objection = {
                Teller("ru").id(1), sha256("the activity"), said.grounds, {}, false};
            for (geo::Place& place : where) place.buffer = Decimetres{0};
        }
        if (said.presence) {
            exact.protection.protection_class = statement::ProtectionClass::group_area;
            exact.protection.presence = said.presence;
            for (geo::Place& place : where) {
                auto& window = place.volume.window;
                if (!window.end) window.end = noon + std::chrono::hours(48);
                if (!window.start) window.start = *window.end - statement::presence_span_max;
            }
        }
        exact.protection.where = where;
        exact.protection.legs = said.legs;
        return exact;
    }

    Bytes exact_bytes(const Said& said, statement::Exact exact) const {
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

    std::string charter_;
    Origin origin_;
    std::uint64_t index_ = 0;
};

}  // namespace entente::registry::test

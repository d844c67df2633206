// SPDX-License-Identifier: Apache-2.0
// Who must have signed a version: all of the first, a quorum of the version before for a later one,
// and nobody's keys without him. The table goes through every set of signers.
#include "statement/charter_chain.h"

#include <gtest/gtest.h>

#include <functional>

#include "statement/charter_for_test.h"

namespace entente::statement {
namespace {

using samples::Founder;
using samples::signed_by;
using Names = std::vector<std::string>;

constexpr std::string_view signatures_line = "\n[signatures]\n";

/// Every set of these names.
std::vector<Names> sets_of(const Names& names) {
    std::vector<Names> out(1u << names.size());
    for (std::size_t set = 0; set < out.size(); ++set) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if ((set >> i & 1) != 0) out[set].push_back(names[i]);
        }
    }
    return out;
}

bool has(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

struct Chain {
    samples::World world = samples::world({"fr", "ru", "msf"});  // quorum 2
    std::string first = signed_by(world.charter, world.founders, {"fr", "ru", "msf"});

    /// Version 2, as `change` makes it of version 1.
    Charter next(const std::function<void(Charter&)>& change = {}) const {
        Charter out = world.charter;
        out.version = 2;
        out.previous = charter_hash(first).value();
        if (change) change(out);
        return out;
    }
    std::string sign(const Charter& charter, const Names& names) const {
        return signed_by(charter, world.founders, names);
    }
};

TEST(CharterChain, TheFirstVersionIsSignedByAll) {
    const Chain chain;
    for (const Names& names : sets_of({"fr", "ru", "msf"})) {
        const std::string file = chain.sign(chain.world.charter, names);
        EXPECT_EQ(verify_first(file).has_value(), names.size() == 3) << names.size();
        const Standing found = standing(file, std::nullopt).value();
        EXPECT_EQ(found.signers.size(), names.size());
        EXPECT_EQ(found.missing.size(), 3 - names.size());
    }
    EXPECT_FALSE(verify_first(chain.sign(chain.next(), {"fr", "ru", "msf"})));
}

TEST(CharterChain, ASoloCharterIsSignedByItsParty) {
    Chain chain;
    Charter solo = chain.world.charter;
    solo.solo = true;
    solo.parties.resize(1);
    CharterParty bare;
    bare.id = solo.parties[0].id;
    bare.name = solo.parties[0].name;
    bare.root = solo.parties[0].root;
    bare.root_next = solo.parties[0].root_next;
    bare.log = solo.parties[0].log;
    solo.parties[0] = bare;
    solo.terms = default_terms();
    EXPECT_TRUE(verify_first(chain.sign(solo, {"fr"})));
    EXPECT_FALSE(verify_first(chain.sign(solo, {})));
    EXPECT_FALSE(verify_first(chain.sign(solo, {"fr", "ru"}))) << "ru is no party of it";
}

TEST(CharterChain, OtherTermsNeedTheQuorumOfTheVersionBefore) {
    const Chain chain;
    // The quorum that counts is the old one: a version cannot lower the bar for itself.
    for (const int quorum : {1, 3}) {
        const Charter next = chain.next([&](Charter& c) { c.terms.quorum = quorum; });
        for (const Names& names : sets_of({"fr", "ru", "msf"})) {
            EXPECT_EQ(verify_successor(chain.first, chain.sign(next, names)).has_value(),
                      names.size() >= 2);
        }
    }
}

TEST(CharterChain, AVersionFollowsTheOneBeforeOnly) {
    const Chain chain;
    const Names all = {"fr", "ru", "msf"};
    const std::function<void(Charter&)> spoilt[] = {
        [](Charter& c) { c.version = 3; },
        [](Charter& c) { c.version = 1, c.previous.reset(); },
        [](Charter& c) { c.previous = sha256("another"); },
        [](Charter& c) { c.parties.resize(1), c.terms.quorum = 1, c.solo = false, c.version = 9; },
    };
    for (const auto& spoil : spoilt) {
        const auto refused = verify_successor(chain.first, chain.sign(chain.next(spoil), all));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, Errc::bad_proof) << refused.error().detail;
    }
    const samples::World exercise = [] {
        samples::World out;
        out.charter.id = "joint-abcdefghijklmnop";
        out.charter.exercise = true;
        out.charter.terms = default_joint_terms();
        out.founders.push_back(samples::founder(out.charter, "fr", 100));
        out.charter.parties.push_back(out.founders[0].party);
        out.charter.version = 2;
        return out;
    }();
    Charter other = exercise.charter;
    other.previous = charter_hash(chain.first).value();
    EXPECT_FALSE(verify_successor(chain.first, signed_by(other, exercise.founders, {"fr"})));
}

TEST(CharterChain, AChangedByteVoidsEverySignature) {
    const Chain chain;
    const std::string next = chain.sign(chain.next(), {"fr", "ru"});
    ASSERT_TRUE(verify_successor(chain.first, next));
    const std::size_t end = next.find(signatures_line);
    for (std::size_t i = 0; i < end; i += 7) {
        std::string changed = next;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(verify_successor(chain.first, changed)) << i;
    }
    std::string changed = chain.first;
    changed[changed.find("Party ru")] = 'p';
    EXPECT_FALSE(verify_first(changed));
}

TEST(CharterChain, WhoJoinsSignsBesideTheQuorum) {
    Chain chain;
    chain.world.founders.push_back(samples::founder(chain.world.charter, "un", 200));
    const CharterParty un = chain.world.founders.back().party;
    const Charter next = chain.next([&](Charter& c) {
        c.parties.push_back(un);
        c.parties.back().sponsor = "msf";
    });
    for (const Names& names : sets_of({"fr", "ru", "msf", "un"})) {
        const std::size_t votes = names.size() - (has(names, "un") ? 1 : 0);
        const auto verified = verify_successor(chain.first, chain.sign(next, names));
        EXPECT_EQ(verified.has_value(), votes >= 2 && has(names, "un"));
        if (has(names, "un")) continue;
        EXPECT_EQ(standing(chain.sign(next, names), chain.first).value().missing,
                  std::vector<PartyId>{PartyId{"un"}});
    }
}

TEST(CharterChain, AQuorumMayDropAPartyAndMayNotChangeItsCard) {
    const Chain chain;
    const Charter without = chain.next([](Charter& c) { c.parties.pop_back(); });
    EXPECT_TRUE(verify_successor(chain.first, chain.sign(without, {"fr", "ru"})));
    EXPECT_TRUE(verify_successor(chain.first, chain.sign(without, {"fr", "msf"})))
        << "who goes may agree to it";
    EXPECT_FALSE(verify_successor(chain.first, chain.sign(without, {"fr"})));

    const Founder other = samples::founder(chain.world.charter, "msf", 300);
    const std::function<void(CharterParty&)> changes[] = {
        [&](CharterParty& p) { p.log = other.party.log; },
        [&](CharterParty& p) { p.mirror = other.party.mirror; },
        [&](CharterParty& p) { p.sealing = other.party.sealing; },
        [&](CharterParty& p) { p.channel = other.party.channel; },
        [&](CharterParty& p) { p.root_next = other.party.root_next; },
        [&](CharterParty& p) { p.officers = 1; },
        [&](CharterParty& p) { p.address = "https://127.0.0.1:1"; },
    };
    for (const auto& change : changes) {
        const Charter next = chain.next([&](Charter& c) { change(c.parties[2]); });
        EXPECT_FALSE(verify_successor(chain.first, chain.sign(next, {"fr", "ru"})));
        EXPECT_TRUE(verify_successor(chain.first, chain.sign(next, {"fr", "msf"})));
        EXPECT_FALSE(verify_successor(chain.first, chain.sign(next, {"msf"})));
    }
}

TEST(CharterChain, ATieToWhoHasLeftMayGoWithoutASignature) {
    Chain chain;
    chain.world.charter.parties[0].sponsor = "msf";
    chain.world.charter.parties[0].relay = "msf";
    chain.first = chain.sign(chain.world.charter, {"fr", "ru", "msf"});
    const Charter next = chain.next([](Charter& c) {
        c.parties.pop_back();
        c.parties[0].sponsor = c.parties[0].relay = "";
    });
    EXPECT_TRUE(verify_successor(chain.first, chain.sign(next, {"ru", "msf"})));
    const Charter still = chain.next([](Charter& c) { c.parties[0].sponsor = ""; });
    EXPECT_FALSE(verify_successor(chain.first, chain.sign(still, {"ru", "msf"})));
}

TEST(CharterChain, ARootGivesWayToItsCommittedSuccessorOnly) {
    Chain chain;
    const Founder& fr = chain.world.founders[0];
    const SecretKey stranger = SecretKey::from_seed(Secret::from(Bytes(32, 'x')).value());
    const auto rotated = [&](const SecretKey& root) {
        return chain.next([&](Charter& c) {
            c.parties[0].root = Bytes(root.public_key().view());
            c.parties[0].root_next = sha256("the next but one");
        });
    };
    const auto refused =
        verify_successor(chain.first, chain.sign(rotated(stranger), {"fr", "ru", "msf"}));
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("the root of fr"), std::string::npos);
    // The successor signs where the root itself is lost.
    const Charter next = rotated(fr.root_next);
    EXPECT_FALSE(verify_successor(chain.first, chain.sign(next, {"ru", "msf"})));
    const Bytes message = charter_message(charter_hash(chain.sign(next, {"ru"})).value());
    const auto signed_file =
        with_signature(chain.sign(next, {"ru"}), PartyId{"fr"}, fr.root_next.sign(message));
    EXPECT_TRUE(verify_successor(chain.first, signed_file.value()));
    EXPECT_TRUE(verify_successor(chain.first, chain.sign(next, {"fr", "ru"})));
}

TEST(CharterChain, AStrangersSignatureIsNobodys) {
    const Chain chain;
    const std::string file = chain.sign(chain.next(), {"fr", "ru"});
    const auto with = with_signature(file, PartyId{"us"}, Bytes(64, 's')).value();
    EXPECT_EQ(verify_successor(chain.first, with).error().code, Errc::bad_signature);
    const auto bad = with_signature(file, PartyId{"msf"}, Bytes(64, 's')).value();
    EXPECT_EQ(verify_successor(chain.first, bad).error().code, Errc::bad_signature);
}

TEST(Rivals, ConvictThoseWhoSignedBoth) {
    const Chain chain;
    const Charter one = chain.next([](Charter& c) { c.terms.quorum = 1; });
    const Charter other = chain.next([](Charter& c) { c.terms.quorum = 3; });
    const Names all = {"fr", "ru", "msf"};
    for (const Names& a : sets_of(all)) {
        for (const Names& b : sets_of(all)) {
            std::vector<PartyId> both;
            for (const std::string& name : all) {
                if (has(a, name) && has(b, name)) both.push_back(PartyId{name});
            }
            EXPECT_EQ(convicted(chain.first, chain.sign(one, a), chain.sign(other, b)).value(),
                      both);
        }
    }
    const std::string twice = chain.sign(one, all);
    EXPECT_TRUE(convicted(chain.first, twice, chain.sign(one, {"fr"})).value().empty())
        << "one text is no rival of itself, whoever signed which copy";
    const Charter third = [&] {
        Charter c = other;
        c.version = 3;
        return c;
    }();
    EXPECT_TRUE(convicted(chain.first, twice, chain.sign(third, all)).value().empty());
}

TEST(Rivals, AreOnlyBelievedUnderRootsThatAreTrusted) {
    const Chain chain;
    // Somebody writes two charters with a root of his own in the place of fr's.
    const Founder forged = samples::founder(chain.world.charter, "fr", 999);
    const auto forge = [&](int quorum) {
        const Charter c = chain.next([&](Charter& next) {
            next.parties[0] = forged.party;
            next.terms.quorum = quorum;
        });
        return signed_by(c, {forged}, {"fr"});
    };
    EXPECT_TRUE(convicted(chain.first, forge(1), forge(2)).value().empty());
    // The successor that fr committed to is fr's.
    const Founder& fr = chain.world.founders[0];
    const auto rotated = [&](int quorum) {
        const Charter c = chain.next([&](Charter& next) {
            next.parties[0].root = Bytes(fr.root_next.public_key().view());
            next.parties[0].root_next = sha256("later");
            next.terms.quorum = quorum;
        });
        const std::string bare = format_charter(c);
        return with_signature(bare, PartyId{"fr"},
                              fr.root_next.sign(charter_message(charter_hash(bare).value())))
            .value();
    };
    EXPECT_EQ(convicted(chain.first, rotated(1), rotated(2)).value(),
              std::vector<PartyId>{PartyId{"fr"}});
    // Two first versions, judged by the one that was adopted.
    const Charter rival = [&] {
        Charter c = chain.world.charter;
        c.points_agreed = {"another point"};
        return c;
    }();
    EXPECT_EQ(convicted(chain.first, chain.first, chain.sign(rival, {"ru"})).value(),
              std::vector<PartyId>{PartyId{"ru"}});
}

}  // namespace
}  // namespace entente::statement

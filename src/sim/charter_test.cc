// SPDX-License-Identifier: Apache-2.0
// A newer version of the charter that one party's log adopts (PROTOCOL 8): whoever does not give
// it, or gives one that too few signed, harms nobody; a valid one is kept, and its stricter limits
// hold.
#include <gtest/gtest.h>

#include "node/genesis.h"
#include "node/terms.h"
#include "sim/draft_for_test.h"
#include "statement/beat.h"

namespace entente::sim {
namespace {

const PartyId msf{"msf"};

class Change {
  public:
    Change() : founders_(found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1)) {
        for (std::size_t i = 0; i < 4; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 100 + i));
        }
    }
    Party& fr() { return *parties_[0]; }
    Party& author() { return *parties_[2]; }

    /// Version 2, signed by so many of the parties in their order.
    std::string version(std::size_t signers, double policy_distance_m) const {
        statement::Charter next = founders_.charter;
        next.version = 2;
        next.previous = statement::charter_hash(founders_.charter_file).value();
        next.signatures.clear();
        next.terms.policy_distance = Metres{policy_distance_m};
        std::string file = statement::format_charter(next);
        const Bytes message = statement::charter_message(statement::charter_hash(file).value());
        for (std::size_t i = 0; i < signers; ++i) {
            const Founder& one = founders_.parties[i];
            file = statement::with_signature(file, one.id, one.root.sign(message)).value();
        }
        return file;
    }
    /// msf's log says that it adopts this.
    void adopts(const std::string& file, Instant now = noon) {
        const auto charter = statement::parse_charter(file).value();
        const Bytes entry = node::charter_entry(charter, statement::charter_hash(file).value());
        ASSERT_TRUE(author().node().log({{}, {entry}, {}}, now));
        ASSERT_TRUE(author().exchange().tick(now));  // a beat shows the new head
    }
    void start_again() {
        fr().stop();
        ASSERT_TRUE(fr().start());
    }
    bool has_misdeed(const std::string& code, const PartyId& of = msf) {
        for (const node::Misdeed& one : fr().exchange().peer(of)->misdeeds) {
            if (one.code == code) return true;
        }
        return false;
    }

  private:
    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
};

TEST(CharterNews, WhoDoesNotGiveItKeepsNothingElseBack) {
    Change change;
    change.adopts(change.version(3, 100));
    // msf's own node has version 1 alone, and answers 404.
    EXPECT_TRUE(sync(change.fr(), change.author(), noon));
    EXPECT_EQ(change.fr().exchange().peer(msf)->adopted, 2u);
    EXPECT_TRUE(change.fr().exchange().proposals().empty());
    EXPECT_FALSE(change.fr().exchange().wants_charter(msf)) << "not again before the next start";
    EXPECT_TRUE(change.fr().exchange().peer(msf)->misdeeds.empty());
    change.start_again();
    EXPECT_EQ(change.fr().exchange().wants_charter(msf), 2u);
}

TEST(CharterNews, WhatDoesNotFollowFromOursIsOnItsAccount) {
    Change change;
    change.adopts(change.version(3, 100));
    EXPECT_TRUE(sync(change.fr(), change.author(), noon));
    std::string altered = change.version(3, 100);
    altered.replace(altered.find("policy_distance_m = 100"), 23, "policy_distance_m = 900");
    for (const std::string& file :
         {std::string("garbage"), std::string(), change.version(2, 100), altered}) {
        change.start_again();
        EXPECT_FALSE(change.fr().exchange().take_charter(msf, file, noon));
        EXPECT_TRUE(change.has_misdeed("bad_charter"));
        EXPECT_TRUE(change.fr().exchange().proposals().empty());
    }
    change.start_again();
    EXPECT_EQ(change.fr().node().charter().terms.policy_distance, Metres{500});
}

TEST(CharterNews, AValidOneIsKeptAndOnlyWhatIsStricterOfItHolds) {
    for (const double distance : {100.0, 900.0}) {
        Change change;
        const std::string file = change.version(3, distance);
        change.adopts(file);
        EXPECT_TRUE(sync(change.fr(), change.author(), noon));
        change.start_again();
        ASSERT_TRUE(change.fr().exchange().take_charter(msf, file, noon));
        EXPECT_TRUE(change.fr().exchange().take_charter(msf, file, noon)) << "once more: nothing";
        change.start_again();
        ASSERT_EQ(change.fr().exchange().proposals().size(), 1u);
        EXPECT_EQ(change.fr().exchange().proposals().front().file, file);
        EXPECT_EQ(change.fr().node().charter().version, 1u) << "never adopted by itself";
        EXPECT_EQ(change.fr().node().charter().terms.policy_distance,
                  Metres{std::max(500.0, distance)});
    }
}

TEST(CharterNews, ARivalTextIsNamed) {
    Change change;
    const std::string known = change.version(3, 900);
    const std::string rival = change.version(4, 100);
    change.adopts(known);
    EXPECT_TRUE(sync(change.fr(), change.author(), noon));
    change.start_again();
    EXPECT_FALSE(change.fr().exchange().take_charter(msf, rival, noon)) << "not what it adopts";
    EXPECT_TRUE(change.has_misdeed("bad_charter"));
    change.start_again();
    ASSERT_TRUE(change.fr().exchange().take_charter(msf, known, noon));
    const Instant later = noon + std::chrono::minutes(5);
    change.adopts(rival, later);
    EXPECT_TRUE(sync(change.fr(), change.author(), later));
    EXPECT_TRUE(change.has_misdeed("other_charter"));
}

/// fr knows `known`, and msf's log adopts another text of version 2.
void rivalled(Change& change, const std::string& known, const std::string& rival) {
    change.adopts(known);
    EXPECT_TRUE(sync(change.fr(), change.author(), noon));
    change.start_again();
    ASSERT_TRUE(change.fr().exchange().take_charter(msf, known, noon));
    const Instant later = noon + std::chrono::minutes(5);
    change.adopts(rival, later);
    EXPECT_TRUE(sync(change.fr(), change.author(), later));
    change.start_again();
    EXPECT_EQ(change.fr().exchange().wants_charter(msf), 2u) << "the text is the proof";
}

TEST(CharterNews, RivalTextsConvictWhoSignedBothAndNeitherIsInForce) {
    Change change;
    const std::string known = change.version(3, 900);
    const std::string rival = change.version(4, 1200);
    rivalled(change, known, rival);
    ASSERT_TRUE(change.fr().exchange().take_charter(msf, rival, noon));
    EXPECT_FALSE(change.fr().exchange().wants_charter(msf));
    for (int start = 0; start < 2; ++start) {
        // fr, ru and msf signed both; fr is not on its own list.
        for (const char* party : {"ru", "msf"}) {
            EXPECT_TRUE(change.has_misdeed("signed_rivals", PartyId{party})) << party;
        }
        EXPECT_FALSE(change.has_misdeed("signed_rivals", PartyId{"un"}));
        change.start_again();
    }
    EXPECT_EQ(change.fr().node().charter().version, 1u);
    EXPECT_EQ(change.fr().node().charter().terms.policy_distance, Metres{1200})
        << "of all that may hold somewhere the strictest";
    for (const std::string& text : {known, rival}) {
        const Hash hash = statement::charter_hash(text).value();
        const auto may = node::check_unrivalled(change.fr().store(), 2, hash);
        ASSERT_FALSE(may);
        EXPECT_NE(may.error().detail.find("version 1 stands"), std::string::npos);
    }
    EXPECT_TRUE(node::check_unrivalled(change.fr().store(), 3, Hash{}));
}

TEST(CharterNews, WhatIsNoRivalConvictsNobody) {
    Change change;
    const std::string known = change.version(3, 900);
    const std::string rival = change.version(4, 100);
    rivalled(change, known, rival);
    for (const std::string& file :
         {std::string("garbage"), known, change.version(2, 100), change.version(4, 101)}) {
        change.start_again();
        EXPECT_FALSE(change.fr().exchange().take_charter(msf, file, noon));
        EXPECT_TRUE(change.has_misdeed("bad_charter"));
        EXPECT_FALSE(change.fr().exchange().wants_charter(msf)) << "not before the next start";
        for (const char* party : {"ru", "msf", "un"}) {
            EXPECT_FALSE(change.has_misdeed("signed_rivals", PartyId{party}));
        }
    }
}

/// A text that too few signed is adopted by a log: that is on the account of that log alone.
TEST(CharterNews, ARivalThatTooFewSignedIsOnItsAccount) {
    Change change;
    const std::string known = change.version(3, 900);
    const std::string rival = change.version(2, 100);
    rivalled(change, known, rival);
    EXPECT_FALSE(change.fr().exchange().take_charter(msf, rival, noon));
    EXPECT_TRUE(change.has_misdeed("bad_charter"));
    EXPECT_FALSE(change.has_misdeed("signed_rivals", PartyId{"ru"}));
}

/// `un` is in from version 2 on.
class Joined {
  public:
    Joined() : all_(found({"fr", "ru", "msf", "un"}, statement::default_joint_terms(), 1)) {
        first_ = all_;
        sign(first_, 3);
        all_.charter.version = 2;
        all_.charter.previous = statement::charter_hash(first_.charter_file).value();
        all_.earlier = {first_.charter_file};
        sign(all_, 4);
        for (std::size_t i = 0; i < 3; ++i) {
            parties_.push_back(std::make_unique<Party>(first_, i, 200 + i));
        }
        parties_.push_back(std::make_unique<Party>(all_, 3, 203));
    }
    Party& fr() { return *parties_[0]; }
    Party& ru() { return *parties_[1]; }
    Party& un() { return *parties_[3]; }
    const std::string& second() const { return all_.charter_file; }

    /// un hears of fr by ru, who is under version 2.
    void un_hears_of_fr(Instant now) {
        EXPECT_TRUE(fr().exchange().tick(now));
        EXPECT_TRUE(sync(ru(), fr(), now));
        EXPECT_TRUE(ru().exchange().tick(now));
        EXPECT_TRUE(sync(un(), ru(), now));
    }
    const node::Peer& fr_at_un() { return *un().exchange().peer(PartyId{"fr"}); }

  private:
    /// By the first so many, who are all that are in it; their logs begin with it.
    static void sign(Founders& founders, std::size_t parties) {
        statement::Charter& charter = founders.charter;
        charter.parties.resize(parties);
        charter.signatures.clear();
        charter.terms.quorum = statement::majority(parties);
        const Hash hash = statement::charter_hash(statement::format_charter(charter)).value();
        for (std::size_t i = 0; i < parties; ++i) {
            Founder& one = founders.parties[i];
            charter.signatures.emplace(one.id.v, one.root.sign(statement::charter_message(hash)));
            one.entries.front() = node::charter_entry(charter, hash);
        }
        founders.charter_file = statement::format_charter(charter);
    }

    Founders all_;
    Founders first_;
    std::vector<std::unique_ptr<Party>> parties_;
};

TEST(CharterNews, WhoJoinedIsOwedASlotByWhoAdoptedTheVersionThatNamesIt) {
    Joined joined;
    ASSERT_TRUE(joined.ru().adopt(joined.second(), noon));
    joined.un_hears_of_fr(noon);
    EXPECT_EQ(joined.fr_at_un().adopted, 1u);
    EXPECT_TRUE(joined.fr_at_un().misdeeds.empty());
    EXPECT_FALSE(joined.fr_at_un().beat) << "and so its view stays incomplete";
    ASSERT_TRUE(joined.fr().adopt(joined.second(), noon + std::chrono::minutes(5)));
    joined.un_hears_of_fr(noon + std::chrono::minutes(10));
    EXPECT_EQ(joined.fr_at_un().adopted, 2u);
    EXPECT_TRUE(joined.fr_at_un().misdeeds.empty());
    EXPECT_TRUE(joined.fr_at_un().beat);
    statement::Beat without;
    without.time = noon + std::chrono::minutes(15);
    ASSERT_TRUE(joined.fr().node().log({{}, {statement::encode_beat(without)}, {}}, without.time));
    joined.un_hears_of_fr(noon + std::chrono::minutes(15));
    ASSERT_FALSE(joined.fr_at_un().misdeeds.empty());
    EXPECT_EQ(joined.fr_at_un().misdeeds.back().code, "bad_beat");
}

}  // namespace
}  // namespace entente::sim

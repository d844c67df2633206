// SPDX-License-Identifier: Apache-2.0
// The charter file: what is written is read again, every byte above [signatures] is under the hash,
// what is unknown, missing, out of range or contradicts itself is refused by its name.
#include "statement/charter.h"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "base/encode.h"
#include "base/limits.h"
#include "statement/charter_for_test.h"

namespace entente::statement {
namespace {

constexpr std::string_view signatures_line = "\n[signatures]\n";

Charter sample() {
    Charter out = samples::world({"fr", "msf-sd"}).charter;
    out.exercise = true;
    out.version = 3;
    out.previous = sha256("version 2");
    out.parties.clear();
    for (const char* id : {"fr", "msf-sd"}) {
        out.parties.push_back(samples::founder(out, id, id[0] == 'f' ? 1 : 2).party);
    }
    out.parties[1].officers = 1;
    out.parties[1].address = "";
    out.parties[1].relay = "fr";
    out.parties[1].sponsor = "fr";
    out.terms.quorum = 2;
    out.terms.accuracies[4] = Decimetres{120};
    out.terms.budget_records[0] = 5000;
    out.terms.budget_area_km2[1] = 70;
    out.terms.extent_m[19] = 900;
    out.terms.stop_extent_m = 70'000;
    out.terms.stop_area_km2 = 8'000;
    out.terms.stop_next_desk = std::chrono::seconds(90);
    out.terms.stop_escalate = std::chrono::seconds(91);
    out.terms.receipt_due = std::chrono::seconds(92);
    out.terms.heads_every = std::chrono::seconds(93);
    const SecretKey outside = SecretKey::from_seed(Secret::from(Bytes(32, 'o')).value());
    out.witnesses.push_back(
        {"geomys.org-w1",
         Vkey{"witness.example/w1", VkeyType::cosigner, outside.public_key()}.text(),
         "https://witness.example/w1"});
    out.points_agreed = {"strike only \"what\" is agreed", "back\\slash"};
    out.points_of_difference = {"which groups", "кто"};
    return out;
}

Charter signed_sample() {
    Charter out = sample();
    const Hash hash = charter_hash(format_charter(out)).value();
    out.signatures.emplace("fr", samples::founder(out, "fr", 1).root.sign(charter_message(hash)));
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
}

std::string solo_file() {
    std::ifstream file("testdata/vectors/solo_charter.toml");
    EXPECT_TRUE(file) << "run from the source root";
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Charter, WhatIsWrittenIsReadAgain) {
    for (const Charter& charter : {sample(), signed_sample()}) {
        const std::string file = format_charter(charter);
        const auto back = parse_charter(file);
        ASSERT_TRUE(back) << back.error().detail << "\n" << file;
        EXPECT_EQ(*back, charter) << file;
        EXPECT_EQ(format_charter(*back), file);
    }
}

// The file is one that the release before several parties wrote; the hash was worked out apart, by
// `sha256sum` over the prefix and the bytes above [signatures].
TEST(Charter, ASoloCharterOfBeforeIsReadWithTheSameHash) {
    const std::string file = solo_file();
    const auto charter = parse_charter(file);
    ASSERT_TRUE(charter) << charter.error().detail;
    EXPECT_TRUE(charter->solo);
    EXPECT_EQ(to_base64(charter_hash(file).value().view()),
              "HiT2bg+/2VgDxDD5C8WBKgVMed03eJfuteTzjKpNN4M=");
    EXPECT_EQ(format_charter(*charter), file);
    EXPECT_EQ(charter->terms, default_terms());
    EXPECT_EQ(charter->parties[0].name, "MSF \"Soudan\" é");
    EXPECT_TRUE(charter->parties[0].witness.empty());
    const CharterParty& party = charter->parties[0];
    EXPECT_TRUE(verify(PublicKey::from(party.root).value(),
                       charter_message(charter_hash(file).value()),
                       charter->signatures.at("msf-sd")));
}

TEST(Charter, TheSoloFormIsOfOnePartyAndOfVersionsThatNameTheOneBefore) {
    const std::string file = solo_file();
    EXPECT_FALSE(parse_charter(replaced(file, "version = 1", "version = 2")));
    const std::string hash = to_base64(sha256("1").view());
    const auto second =
        parse_charter(replaced(file, "version = 1", "version = 2\nprevious = \"" + hash + "\""));
    ASSERT_TRUE(second) << second.error().detail;
    EXPECT_EQ(second->previous, sha256("1"));
    EXPECT_EQ(parse_charter(format_charter(*second)).value(), *second);
    // A charter of two that left out what several need is no solo charter.
    std::string two = format_charter(sample());
    const std::size_t stop = two.find("[stop]"), budget = two.find("# How much one party");
    two.erase(stop, budget - stop);
    const auto refused = parse_charter(two);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("[stop] is missing"), std::string::npos);
}

TEST(Charter, ItsHashIsOverTheBytesBeforeTheSignatures) {
    const std::string bare = format_charter(sample());
    const std::string file = format_charter(signed_sample());
    const Hash hash = charter_hash(file).value();
    EXPECT_EQ(charter_hash(bare).value(), hash) << "a signature must not change what it signs";
    const std::size_t cut = file.find(signatures_line);
    EXPECT_EQ(hash, sha256("entente/charter/v1\n" + file.substr(0, cut + 1)));
    EXPECT_EQ(charter_message(hash), "entente/v1/charter\n" + Bytes(hash.view()));
    EXPECT_FALSE(charter_hash(file.substr(0, cut)));
}

TEST(Charter, ASignatureIsAddedWithoutAChangeAbove) {
    // As a person left it: own comment, own order of lines, no order of signatures.
    const std::string file = replaced(format_charter(signed_sample()), "\n[stop]\n",
                                      "\n# agreed on the third day\n[stop]\n");
    const auto more = with_signature(file, PartyId{"msf-sd"}, Bytes(64, 's'));
    ASSERT_TRUE(more) << more.error().detail;
    const std::size_t cut = file.find(signatures_line);
    EXPECT_EQ(more->substr(0, cut), file.substr(0, cut));
    const Charter read = parse_charter(*more).value();
    EXPECT_EQ(read.signatures.size(), 2u);
    EXPECT_EQ(read.signatures.at("fr"), signed_sample().signatures.at("fr"));
    EXPECT_EQ(read.signatures.at("msf-sd"), Bytes(64, 's'));
    EXPECT_FALSE(with_signature("id = 5", PartyId{"fr"}, Bytes(64, 's')));
}

TEST(Charter, AChangedByteAboveTheSignaturesIsAnotherCharter) {
    std::string file = format_charter(signed_sample());
    const Hash hash = charter_hash(file).value();
    const std::size_t cut = file.find(signatures_line);
    for (std::size_t i = 0; i <= cut; ++i) {
        for (const int flip : {1, 0x20}) {
            file[i] = static_cast<char>(file[i] ^ flip);
            const auto changed = charter_hash(file);
            EXPECT_TRUE(!changed || *changed != hash) << "byte " << i;
            file[i] = static_cast<char>(file[i] ^ flip);
        }
    }
}

TEST(Charter, ALineThatOnlyLooksLikeSignaturesCannotHideTerms) {
    // Whoever reads the file must see as terms exactly what the hash is over: were the first
    // [signatures] line inside a text, the terms after it would be signed by nobody.
    std::string file = format_charter(signed_sample());
    EXPECT_FALSE(parse_charter(file + "\n[terms2]\nquorum = 1\n"));
    const std::string id = "id = \"joint-abcdefghijklmnop\"";
    EXPECT_FALSE(parse_charter(replaced(file, id, id + "\nnote = \"\"\"\n[signatures]\n\"\"\"")));
    EXPECT_FALSE(parse_charter(replaced(file, "\"Party fr\"", "\"\"\"\n[signatures]\n\"\"\"")))
        << "terms below a [signatures] line in a text are under no hash";
}

TEST(Charter, UnknownMissingAndOutOfRangeAreRefusedByName) {
    const std::string file = format_charter(signed_sample());
    struct Case {
        const char* from;
        const char* to;
        const char* word;
    };
    const Case table[] = {
        {"quorum = 2", "quorums = 2", "quorum"},
        {"quorum = 2", "quorum = 0", "quorum"},
        {"quorum = 2", "quorum = \"2\"", "quorum"},
        {"quorum = 2", "quorum = 2\nbudget = 3", "budget"},
        {"version = 3", "version = 0", "version"},
        {"version = 3", "version = 1", "previous"},
        {"version = 3", "version = 3\nlanguage = \"en\"", "language"},
        {"previous = \"", "previous = \"\" # \"", "previous"},
        {"exercise = true", "exercise = 1", "exercise"},
        {"officers = 2", "officers = 0", "officers"},
        {"officers = 2", "officers = 2\nweapons = 1", "weapons"},
        {"witness = \"", "witnes = \"", "witness"},
        {"sealing = \"", "sealing = \"AAAA\" # \"", "sealing"},
        {"duty = \"", "# duty = \"", "duty"},
        {"address = \"", "# address = \"", "address"},
        {"id = \"fr\"", "id = \"FR\"", "FR"},
        {"root = \"", "root = \"AA", "root"},
        {"receipt_due_s = 92", "", "receipt_due_s"},
        {"escalate_after_s", "escalate_s", "escalate"},
        {"extent_m = 70000", "", "stop.extent_m"},
        {"area_km2 = 8000", "area_km2 = -8000", "stop.area_km2"},
        {"hospital = 500", "hospital = -1", "hospital"},
        {"hospital = 500", "hospitals = 500", "hospital"},
        {"[buffers_m]", "[buffers]", "buffers"},
        {"[extent_m]", "[extents]", "extent"},
        {"other = 900", "", "extent_m.other"},
        {"[accuracies_m]\n", "[accuracies_m]\nmoon = 5\n", "moon"},
        {"vkey = ", "key = ", "vkey"},
        {"\n[signatures]\n", "\n[signature]\n", "signatures"},
        {"\nfr = \"", "\nfr = 5 # \"", "signature"},
        {"\nfr = \"", "\n\"f r\" = \"", "f r"},
        {"points_agreed = [", "points_agreed = [5, ", "points_agreed"},
    };
    for (const Case& one : table) {
        const auto result = parse_charter(replaced(file, one.from, one.to));
        ASSERT_FALSE(result) << one.from << " -> " << one.to;
        EXPECT_NE(result.error().detail.find(one.word), std::string::npos)
            << one.to << ": " << result.error().detail;
    }
    const std::string large(limits::charter_bytes_max + 1, '#');
    EXPECT_EQ(parse_charter(large).error().code, Errc::too_large);
    EXPECT_FALSE(parse_charter(""));
    for (std::size_t size = 0; size + 1 < file.size(); size += 13) {
        const auto cut = parse_charter(std::string_view(file).substr(0, size));
        EXPECT_FALSE(cut && *cut == signed_sample()) << size;
    }
}

/// What becomes of the sample where one thing is spoilt.
struct Spoilt {
    const char* name;
    std::function<void(Charter&)> spoil;
    const char* word;  // of the message
};

std::string vkey_named(const std::string& name, VkeyType type, char seed) {
    const SecretKey key = SecretKey::from_seed(Secret::from(Bytes(32, seed)).value());
    return Vkey{name, type, key.public_key()}.text();
}

const Spoilt spoilt_table[] = {
    {"a weak root", [](Charter& c) { c.parties[0].root = Bytes(32, '\0'); }, "root key of fr"},
    {"a weak duty key", [](Charter& c) { c.parties[1].duty = Bytes(32, '\0'); },
     "duty key of msf-sd"},
    {"a sealing key of small order", [](Charter& c) { c.parties[0].sealing = Bytes(32, '\0'); },
     "sealing key of fr"},
    {"a sealing key written otherwise",
     [](Charter& c) {
         c.parties[0].sealing[31] = static_cast<char>(c.parties[0].sealing[31] | 0x80);
     },
     "sealing key of fr"},
    {"one key in two roles", [](Charter& c) { c.parties[0].duty = c.parties[0].channel; },
     "the channel key of fr"},
    {"one key of two parties", [](Charter& c) { c.parties[1].channel = c.parties[0].root; },
     "the root key of fr"},
    {"one key as log and witness",
     [](Charter& c) {
         const PublicKey key = parse_vkey(c.parties[0].log).value().key;
         c.parties[0].witness =
             Vkey{c.witness_name(c.parties[0].id), VkeyType::cosigner, key}.text();
     },
     "the log key of fr"},
    {"one successor of two", [](Charter& c) { c.parties[1].root_next = c.parties[0].root_next; },
     "root_next of fr"},
    {"a successor that is the root",
     [](Charter& c) { c.parties[0].root_next = sha256(c.parties[0].root); }, "root_next of fr"},
    {"another's witness name",
     [](Charter& c) {
         c.parties[0].witness =
             vkey_named(c.witness_name(c.parties[1].id), VkeyType::cosigner, 'w');
     },
     "not of joint-abcdefghijklmnop/exercise/fr/witness"},
    {"a mirror of another charter",
     [](Charter& c) {
         c.parties[0].mirror =
             vkey_named("other-abcdefghijklmnop/fr/mirror", VkeyType::cosigner, 'w');
     },
     "not of joint-abcdefghijklmnop/exercise/fr/mirror"},
    {"a mirror of the log's type",
     [](Charter& c) {
         c.parties[0].mirror = vkey_named(c.mirror_name(c.parties[0].id), VkeyType::log, 'w');
     },
     "0x04"},
    {"a log of the cosigner's type",
     [](Charter& c) {
         c.parties[0].log = vkey_named(c.base_name(c.parties[0].id), VkeyType::cosigner, 'w');
     },
     "0x01"},
    {"a log of another's name",
     [](Charter& c) {
         c.parties[0].log = vkey_named(c.base_name(c.parties[0].id) + "/2x", VkeyType::log, 'w');
     },
     "the log key of fr"},
    {"a vkey with another id",
     [](Charter& c) {
         std::string& log = c.parties[0].log;
         char& digit = log[log.find('+') + 1];
         digit = digit == '0' ? '1' : '0';
     },
     "the log key of fr"},
    {"a party twice", [](Charter& c) { c.parties[1].id = c.parties[0].id; }, "twice"},
    {"a party with the id of a word", [](Charter& c) { c.parties[1].id.v = "exercise"; },
     "exercise"},
    {"a name with a bell", [](Charter& c) { c.parties[0].name = "a\x7F"; }, "party fr"},
    {"an unknown sponsor", [](Charter& c) { c.parties[0].sponsor = "us"; }, "sponsor \"us\""},
    {"its own sponsor", [](Charter& c) { c.parties[0].sponsor = "fr"; }, "sponsor \"fr\""},
    {"an unknown relay", [](Charter& c) { c.parties[0].relay = "us"; }, "relay \"us\""},
    {"a relay without address", [](Charter& c) { c.parties[0].relay = "msf-sd"; },
     "relay msf-sd has no address"},
    {"a quorum out of reach", [](Charter& c) { c.terms.quorum = 3; }, "quorum"},
    {"a witness named twice", [](Charter& c) { c.witnesses.push_back(c.witnesses[0]); },
     "witness \"geomys.org-w1\""},
    {"a witness with a party's key", [](Charter& c) { c.witnesses[0].vkey = c.parties[0].mirror; },
     "the mirror key of fr"},
    {"a witness without url", [](Charter& c) { c.witnesses[0].url = "w.example"; }, "url"},
    {"a witness of no name", [](Charter& c) { c.witnesses[0].name = "a b"; }, "witness \"a b\""},
    {"an id of no chance", [](Charter& c) { c.id = "joint"; }, "id"},
    {"an id with a slash", [](Charter& c) { c.id = "jo/nt-abcdefghijklmnop"; }, "id"},
};

TEST(Charter, WhatContradictsItselfIsRefusedByWhoAndWhat) {
    ASSERT_TRUE(check_charter(sample())) << check_charter(sample()).error().detail;
    for (const Spoilt& one : spoilt_table) {
        Charter charter = sample();
        one.spoil(charter);
        const auto checked = check_charter(charter);
        ASSERT_FALSE(checked) << one.name;
        EXPECT_NE(checked.error().detail.find(one.word), std::string::npos)
            << one.name << ": " << checked.error().detail;
    }
}

TEST(Charter, AnAddressIsSchemeHostAndPort) {
    Charter charter = sample();
    for (const char* good :
         {"", "https://127.0.0.1:8711", "https://[::1]:1", "https://a-b.example:65535"}) {
        charter.parties[1].address = good;
        EXPECT_TRUE(check_charter(charter)) << good;
    }
    for (const char* bad : {"http://a:1", "https://a", "https://a:0", "https://a:65536",
                            "https://a:1/", "https://:1", "https://u@a:1", "https://a b:1",
                            "https://a:01", "https://[:1", "a:1", "https://a:1\n"}) {
        charter.parties[1].address = bad;
        EXPECT_FALSE(check_charter(charter)) << bad;
    }
}

TEST(Charter, AtMostSoManyParties) {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < limits::parties_max; ++i) ids.push_back("p" + std::to_string(i));
    EXPECT_TRUE(parse_charter(format_charter(samples::world(ids).charter)));
    ids.push_back("more");
    const auto refused = parse_charter(format_charter(samples::world(ids).charter));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::too_large);
}

TEST(Charter, ADraftMayStillBeWithoutParties) {
    Charter draft;
    draft.id = charter_id("moscow-2015", Bytes(10, '\0')).value();
    draft.terms = default_joint_terms();
    EXPECT_EQ(draft.id, "moscow-2015-aaaaaaaaaaaaaaaa");
    const std::string file = format_charter(draft);
    EXPECT_EQ(parse_draft(file).value(), draft);
    EXPECT_FALSE(parse_charter(file));
    for (const char* bad : {"", "Moscow", "-a", "a b", "a/b", "é"}) {
        EXPECT_FALSE(charter_id(bad, Bytes(10, '\0'))) << bad;
    }
    EXPECT_FALSE(charter_id(std::string(65, 'a'), Bytes(10, '\0')));
}

TEST(Charter, KnowsItsPartiesAndTheirNames) {
    Charter charter = sample();
    EXPECT_EQ(charter.party(PartyId{"msf-sd"}), &charter.parties[1]);
    EXPECT_EQ(charter.party(PartyId{"us"}), nullptr);
    EXPECT_EQ(charter.origin(PartyId{"fr"}).v, "joint-abcdefghijklmnop/exercise/fr");
    EXPECT_EQ(charter.witness_name(PartyId{"fr"}), "joint-abcdefghijklmnop/exercise/fr/witness");
    EXPECT_EQ(charter.mirror_name(PartyId{"fr"}), "joint-abcdefghijklmnop/exercise/fr/mirror");
    charter.parties[0].log =
        vkey_named(charter.base_name(PartyId{"fr"}) + "/2", VkeyType::log, 'l');
    EXPECT_TRUE(check_charter(charter)) << "a successor log";
    EXPECT_EQ(charter.origin(PartyId{"fr"}).v, "joint-abcdefghijklmnop/exercise/fr/2");
    charter.exercise = false;
    EXPECT_EQ(charter.origin(PartyId{"us"}).v, "joint-abcdefghijklmnop/us");
}

TEST(Card, WhatIsWrittenIsReadAgain) {
    const Charter charter = sample();
    for (const CharterParty& party : charter.parties) {
        const Card card{charter.id, true, party};
        const auto back = parse_card(format_card(card));
        ASSERT_TRUE(back) << back.error().detail << format_card(card);
        EXPECT_EQ(*back, card);
    }
    const std::string file = format_card({charter.id, true, charter.parties[0]});
    EXPECT_FALSE(parse_card(file + "\n[[party]]\nid = \"us\"\n"));
    EXPECT_FALSE(parse_card(replaced(file, "exercise = true", "exercise = false")))
        << "the names of its keys are those of an exercise";
    EXPECT_FALSE(parse_card(replaced(file, charter.id, "other-abcdefghijklmnop")));
    EXPECT_FALSE(parse_card(std::string(limits::card_bytes_max + 1, '#')));
    EXPECT_FALSE(parse_card(""));
}

TEST(Terms, TheStricterOfTwoVersionsProtectsMore) {
    CharterTerms before = default_joint_terms(), now = default_joint_terms();
    before.reduce_delay = std::chrono::hours(2);
    before.budget_records[0] = 10;
    now.budget_records[0] = 0;  // no limit any more
    before.budget_records[1] = 10;
    now.budget_records[1] = 5;
    now.age_limit = std::chrono::hours(5);
    now.buffers[0] = Decimetres{1};
    now.buffers[1] = Decimetres{99'999};
    now.relaxations_min = 1000;
    now.quorum = 9;
    const CharterTerms both = stricter(before, now);
    EXPECT_EQ(both.budget_records[0], 0) << "over a budget is only a caution";
    EXPECT_EQ(both.budget_records[1], 10);
    EXPECT_EQ(both.reduce_delay, std::chrono::hours(2));
    EXPECT_EQ(both.age_limit, before.age_limit);
    EXPECT_EQ(both.buffers[0], before.buffers[0]);
    EXPECT_EQ(both.buffers[1], now.buffers[1]);
    EXPECT_EQ(both.relaxations_min, 100);
    EXPECT_EQ(both.quorum, 9);
    EXPECT_EQ(stricter(now, now), now);
}

TEST(Terms, ANewCharterOfSeveralGivesTimeToObject) {
    EXPECT_EQ(default_joint_terms().reduce_delay, std::chrono::hours(1));
    EXPECT_EQ(default_terms().reduce_delay, Duration{});
    EXPECT_EQ(majority(0), 1);
    EXPECT_EQ(majority(4), 3);
    EXPECT_EQ(majority(5), 3);
    for (const Decimetres& buffer : default_terms().buffers) EXPECT_GT(buffer.v, 0);
}

}  // namespace
}  // namespace entente::statement

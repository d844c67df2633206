// SPDX-License-Identifier: Apache-2.0
// The charter file: what is written is read again, every byte above [signatures] is under the hash,
// what is unknown, missing or out of range is refused by its name.
#include "statement/charter.h"

#include <gtest/gtest.h>

#include "base/ed25519.h"
#include "base/limits.h"
#include "base/sha256.h"

namespace entente::statement {
namespace {

constexpr std::string_view signatures_line = "\n[signatures]\n";

SecretKey root_key() {
    Rng rng(7);
    return SecretKey::generate(rng.bytes());
}

Charter sample() {
    Charter out;
    out.id = "joint-abcdefghijklmnop";
    out.exercise = true;
    out.version = 3;
    out.terms = default_terms();
    out.terms.reduce_delay = std::chrono::minutes(60);
    out.terms.quorum = 2;
    out.terms.accuracies[4] = Decimetres{120};
    out.points_agreed = {"strike only \"what\" is agreed", "back\\slash"};
    out.points_of_difference = {"which groups"};
    for (const char* id : {"fr", "ru"}) {
        out.parties.push_back({PartyId{id}, std::string("Party ") + id,
                               Bytes(root_key().public_key().view()), sha256(std::string(id)),
                               std::string("log-of-") + id, 2});
    }
    return out;
}

Charter signed_sample() {
    Charter out = sample();
    const Hash hash = charter_hash(format_charter(out)).value();
    out.signatures.emplace("fr", root_key().sign(charter_message(hash)));
    return out;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t place = text.find(from);
    EXPECT_NE(place, std::string::npos) << from;
    return text.replace(place, from.size(), to);
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

TEST(Charter, ItsHashIsOverTheBytesBeforeTheSignatures) {
    const std::string bare = format_charter(sample());
    const std::string file = format_charter(signed_sample());
    const Hash hash = charter_hash(file).value();
    EXPECT_EQ(charter_hash(bare).value(), hash) << "a signature must not change what it signs";
    const std::size_t cut = file.find(signatures_line);
    EXPECT_EQ(hash, sha256("entente/charter/v1\n" + file.substr(0, cut + 1)));
    EXPECT_EQ(charter_message(hash), "entente/v1/charter\n" + Bytes(hash.view()));
    EXPECT_TRUE(verify(root_key().public_key(), charter_message(hash),
                       parse_charter(file).value().signatures.at("fr")));
    EXPECT_FALSE(charter_hash(file.substr(0, cut)));
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
    const std::string more = file + "\n[terms2]\nquorum = 1\n";
    EXPECT_FALSE(parse_charter(more));
    const std::string inside =
        replaced(file, "id = \"joint-abcdefghijklmnop\"",
                 "id = \"joint-abcdefghijklmnop\"\nnote = \"\"\"\n[signatures]\n\"\"\"");
    EXPECT_FALSE(parse_charter(inside));
    const std::string in_text = replaced(file, "\"Party fr\"", "\"\"\"\n[signatures]\n\"\"\"");
    const auto read = parse_charter(in_text);
    EXPECT_FALSE(read) << "terms below a [signatures] line in a text are under no hash";
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
        {"version = 3", "version = 3\nlanguage = \"en\"", "language"},
        {"exercise = true", "exercise = 1", "exercise"},
        {"officers = 2", "officers = 0", "officers"},
        {"officers = 2", "officers = 2\nweapons = 1", "weapons"},
        {"id = \"fr\"", "id = \"FR\"", "FR"},
        {"id = \"ru\"", "id = \"fr\"", "party"},
        {"root = \"", "root = \"AA", ""},
        {"hospital = 500", "hospital = -1", "hospital"},
        {"hospital = 500", "hospitals = 500", "hospital"},
        {"[buffers_m]", "[buffers]", "buffers"},
        {"[accuracies_m]\n", "[accuracies_m]\nmoon = 5\n", "moon"},
        {"\n[signatures]\n", "\n[signature]\n", "signatures"},
        {"fr = \"", "fr = 5 # \"", "signature"},
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

TEST(Charter, KnowsItsPartiesAndOrigins) {
    const Charter charter = sample();
    EXPECT_EQ(charter.party(PartyId{"ru"}), &charter.parties[1]);
    EXPECT_EQ(charter.party(PartyId{"us"}), nullptr);
    EXPECT_EQ(charter.origin(PartyId{"fr"}).v, "joint-abcdefghijklmnop/exercise/fr");
    Charter real = charter;
    real.exercise = false;
    EXPECT_EQ(real.origin(PartyId{"fr"}).v, "joint-abcdefghijklmnop/fr");
}

TEST(Charter, EveryClassHasADefaultBuffer) {
    for (const Decimetres& buffer : default_terms().buffers) EXPECT_GT(buffer.v, 0);
}

}  // namespace
}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
#include "tlog/checkpoint.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "tlog/key.h"
#include "tlog/merkle.h"
#include "tlog/proof.h"

namespace entente::tlog {
namespace {

const std::string root64 = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

LogKey key_named(const char* name, std::uint64_t seed) {
    Rng rng(seed);
    return LogKey::generate(name, rng.bytes()).value();
}

// The example of C2SP tlog-checkpoint.
TEST(Checkpoint, ReadsTheExampleOfC2sp) {
    const std::string text = "example.com/behind-the-sofa\n20852163\n" + root64 + "\n";
    const Checkpoint head = parse_checkpoint(text).value();
    EXPECT_EQ(head.origin.v, "example.com/behind-the-sofa");
    EXPECT_EQ(head.size.v, 20852163u);
    EXPECT_EQ(to_base64(head.root.view()), root64);
    EXPECT_EQ(format_checkpoint(head), text);
}

TEST(Checkpoint, KeepsExtensionLines) {
    const std::string text = "o\n0\n" + root64 + "\nx \u00e9\n y\n";
    const Checkpoint head = parse_checkpoint(text).value();
    EXPECT_EQ(head.extensions, (std::vector<std::string>{"x \u00e9", " y"}));
    EXPECT_EQ(format_checkpoint(head), text);
    EXPECT_TRUE(parse_checkpoint("o\n9223372036854775807\n" + root64 + "\n"));
}

TEST(Checkpoint, RefusesMalformedTexts) {
    struct Row {
        const char* what;
        std::string text;
    };
    const Row rows[] = {
        {"empty", ""},
        {"one line", "o\n"},
        {"two lines", "o\n1\n"},
        {"no final newline", "o\n1\n" + root64},
        {"empty origin", "\n1\n" + root64 + "\n"},
        {"leading zero", "o\n01\n" + root64 + "\n"},
        {"double zero", "o\n00\n" + root64 + "\n"},
        {"sign", "o\n+1\n" + root64 + "\n"},
        {"negative", "o\n-1\n" + root64 + "\n"},
        {"space", "o\n 1\n" + root64 + "\n"},
        {"hexadecimal", "o\n0x1\n" + root64 + "\n"},
        {"fraction", "o\n1.0\n" + root64 + "\n"},
        {"2^63", "o\n9223372036854775808\n" + root64 + "\n"},
        {"2^64", "o\n18446744073709551616\n" + root64 + "\n"},
        {"empty size", "o\n\n" + root64 + "\n"},
        {"root of 31 bytes", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"},
        {"root without padding", "o\n1\n" + root64.substr(0, 43) + "\n"},
        {"root in base64url", "o\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n"},
        {"empty extension", "o\n1\n" + root64 + "\n\n"},
        {"empty line amid extensions", "o\n1\n" + root64 + "\nx\n\ny\n"},
        {"control character", "o\n1\n" + root64 + "\nx\ty\n"},
        {"not UTF-8", "o\xFF\n1\n" + root64 + "\n"},
    };
    for (const Row& row : rows) {
        const auto head = parse_checkpoint(row.text);
        ASSERT_FALSE(head) << row.what;
        EXPECT_EQ(head.error().code, Errc::malformed) << row.what;
    }
    EXPECT_EQ(parse_checkpoint(std::string(256, 'o') + "\n1\n" + root64 + "\n").error().code,
              Errc::too_large);
}

TEST(SignedCheckpoint, OpensWhatItSigned) {
    const LogKey key = key_named("entente-x/un", 1);
    const Checkpoint head{
        .origin = {"entente-x/un"}, .size = {5}, .root = leaf_hash("r"), .extensions = {}};
    const Bytes signature = key.sign(format_checkpoint(head));
    const auto made = sign_checkpoint(head, key.verifier(), signature).value();
    EXPECT_EQ(made.checkpoint, head);
    const auto opened = open_checkpoint(made.bytes(), head.origin, key.verifier()).value();
    EXPECT_EQ(opened, made);

    const LogKey other = key_named("entente-x/un", 2);
    EXPECT_EQ(open_checkpoint(made.bytes(), head.origin, other.verifier()).error().code,
              Errc::unknown_key);
    EXPECT_EQ(open_checkpoint(made.bytes(), {"else"}, key.verifier()).error().code, Errc::refused);
    EXPECT_EQ(sign_checkpoint(head, other.verifier(), signature).error().code, Errc::bad_signature);
    EXPECT_FALSE(sign_checkpoint(head, key.verifier(), "too short"));
}

TEST(SignedCheckpoint, EveryFlippedBitIsRefused) {
    const LogKey key = key_named("o/un", 1);
    const Checkpoint head{
        .origin = {"o/un"}, .size = {5}, .root = leaf_hash("r"), .extensions = {"ext"}};
    Bytes bytes =
        sign_checkpoint(head, key.verifier(), key.sign(format_checkpoint(head))).value().bytes();
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << i % 8));
        EXPECT_FALSE(open_checkpoint(bytes, head.origin, key.verifier())) << i;
        bytes[i / 8] = static_cast<char>(bytes[i / 8] ^ (1 << i % 8));
    }
}

TEST(SignedCheckpoint, AnEmptyLogHasTheEmptyRoot) {
    const LogKey key = key_named("o", 1);
    const auto sign = [&](const Hash& root) {
        const Checkpoint head{.origin = {"o"}, .size = {0}, .root = root, .extensions = {}};
        return sign_checkpoint(head, key.verifier(), key.sign(format_checkpoint(head)));
    };
    EXPECT_TRUE(sign(empty_root()));
    EXPECT_EQ(sign(leaf_hash("")).error().code, Errc::bad_proof);
}

class ProofTest : public ::testing::Test {
  protected:
    ProofTest() : key(key_named("o/un", 4)) {
        for (int i = 0; i < 10; ++i) tree.append(leaf_hash(std::to_string(i)));
        const Checkpoint at7{
            .origin = origin, .size = {7}, .root = tree.root({7}), .extensions = {}};
        head = sign_checkpoint(at7, key.verifier(), key.sign(format_checkpoint(at7))).value();
    }
    const Origin origin{"o/un"};
    LogKey key;
    Tree tree;
    SignedCheckpoint head;
};

TEST_F(ProofTest, ProvesEveryEntryUnderAnOlderHead) {
    for (std::uint64_t i = 0; i < 7; ++i) {
        InclusionProof proof = prove(tree, {i}, head).value();
        if (i % 2 == 1) proof.extra = "opaque" + std::to_string(i);
        const Bytes bytes = format_proof(proof);
        const InclusionProof parsed = parse_proof(bytes).value();
        EXPECT_EQ(parsed, proof);
        EXPECT_EQ(format_proof(parsed), bytes);
        const Hash leaf = leaf_hash(std::to_string(i));
        EXPECT_EQ(verify_proof(parsed, leaf, origin, key.verifier()).value(), head);
        EXPECT_EQ(verify_proof(parsed, leaf_hash("no"), origin, key.verifier()).error().code,
                  Errc::bad_proof);
        EXPECT_FALSE(verify_proof(parsed, leaf, {"other"}, key.verifier()));
        EXPECT_FALSE(verify_proof(parsed, leaf, origin, key_named("o/un", 5).verifier()));
    }
    EXPECT_EQ(prove(tree, {7}, head).error().code, Errc::not_found);
    Tree other = tree;
    other.truncate({6});
    other.append(leaf_hash("forged"));
    EXPECT_EQ(prove(other, {1}, head).error().code, Errc::bad_proof);
}

TEST_F(ProofTest, LooksAsC2spWritesIt) {
    InclusionProof proof = prove(tree, {6}, head).value();
    proof.extra = "x";
    const std::string text = format_proof(proof);
    EXPECT_EQ(text.rfind("c2sp.org/tlog-proof@v1\nextra eA==\nindex 6\n", 0), 0u);
    EXPECT_EQ(text.substr(text.find("\n\n") + 2), head.bytes());
}

TEST_F(ProofTest, EveryFlippedBitIsRefused) {
    const InclusionProof proof = prove(tree, {3}, head).value();
    const Hash leaf = leaf_hash("3");
    Bytes bytes = format_proof(proof);
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        const char old = bytes[i / 8];
        bytes[i / 8] = static_cast<char>(old ^ (1 << i % 8));
        const auto parsed = parse_proof(bytes);
        EXPECT_FALSE(parsed && verify_proof(*parsed, leaf, origin, key.verifier())) << i;
        bytes[i / 8] = old;
    }
}

TEST_F(ProofTest, RefusesMalformedFiles) {
    const std::string good = format_proof(prove(tree, {3}, head).value());
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string out = good;
        return out.replace(out.find(from), from.size(), to);
    };
    const std::string hash = good.substr(good.find("index 3\n") + 8, 45);
    std::string many;
    for (int i = 0; i < 61; ++i) many += hash;
    const std::string rows[] = {
        "",
        "\n",
        "c2sp.org/tlog-proof@v1\n",
        with("@v1", "@v2"),
        with("index 3", "index 03"),
        with("index 3", "index -3"),
        with("index 3", "index "),
        with("index 3", "Index 3"),
        with("index 3\n", ""),
        with("index 3", "extra !\nindex 3"),
        with("index 3", "extra eA==\nextra eA==\nindex 3"),
        with("index 3\n", "index 3\nextra eA==\n"),
        with(hash, "AAAA\n"),
        with("\n\n", "\n"),
        with("\n\n", "\n\n\n"),
        good + "\n",
        good.substr(0, good.size() - 1),
        with("index 3\n", "index 3\n" + many),
        with("index 3\n", "index 3\r\n"),
        std::string(2'000'000, 'a'),
    };
    for (const std::string& row : rows) EXPECT_FALSE(parse_proof(row)) << row.substr(0, 300);
}

}  // namespace
}  // namespace entente::tlog

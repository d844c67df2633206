// SPDX-License-Identifier: Apache-2.0
#include "tlog/witness_wire.h"

#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/limits.h"
#include "tlog/key.h"

namespace entente::tlog {
namespace {

// The examples of C2SP tlog-witness.
const std::string text =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const std::string request =
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n" +
    text +
    "\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7"
    "u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\xE2\x80\x94 example.com/behind-the-sofa "
    "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2W"
    "ks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
const std::string response =
    "\xE2\x80\x94 witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZ"
    "TSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n"
    "\xE2\x80\x94 witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHjyWpW7VcE3SiOlVlbQN"
    "t64vWhO+DlkL0+UfzuOBMh9ChdMkP1vi/lCAsmlw==\n";

CosignerSecret witness(const std::string& name, std::uint64_t seed) {
    Rng rng(seed);
    return CosignerSecret::generate(name, rng.bytes()).value();
}

TEST(AddCheckpoint, ReadsTheExampleOfC2sp) {
    const AddCheckpoint parsed = parse_add_checkpoint(request).value();
    EXPECT_EQ(parsed.old_size.v, 20852014u);
    EXPECT_EQ(parsed.proof.size(), 4u);
    EXPECT_EQ(parsed.checkpoint.size.v, 20852163u);
    EXPECT_EQ(parsed.note.signatures.size(), 2u);
    EXPECT_EQ(format_add_checkpoint(parsed), request);
    // First contact: no proof, old size 0.
    const std::string first = "old 0\n" + request.substr(request.find("\n\n") + 1);
    EXPECT_EQ(format_add_checkpoint(parse_add_checkpoint(first).value()), first);
}

TEST(AddCheckpoint, RefusesEveryOtherSpelling) {
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string out = request;
        return out.replace(out.find(from), from.size(), to);
    };
    const std::string hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
    std::string many;
    for (int i = 0; i < 60; ++i) many += hash;
    const std::string rows[] = {
        "",
        "\n",
        "old 0\n",
        "old 0\n\n",
        with("old 20852014", "old 020852014"),
        with("old 20852014", "old -1"),
        with("old 20852014", "old  20852014"),
        with("old 20852014", "old 20852014 "),
        with("old 20852014", "Old 20852014"),
        with("old 20852014", "20852014"),
        with("old 20852014", "old 9223372036854775808"),
        with("old 20852014", "old 20852164"),
        with("old 20852014\n", "old 20852014\r\n"),
        with("PlRN", "PlR_"),
        with(hash, "AAAA\n"),
        with(hash, hash + many),
        with("\n\n", "\n"),
        with("\n\n", "\n\n\n"),
        request + "\n",
        request.substr(0, request.size() - 1),
        "old 0\n\nno checkpoint\n\n\xE2\x80\x94 a AAAAAAAA\n",
        Bytes(limits::add_checkpoint_bytes_max + 1, 'a'),
    };
    for (const std::string& row : rows) {
        const auto parsed = parse_add_checkpoint(row);
        ASSERT_FALSE(parsed) << row.substr(0, 200);
        EXPECT_TRUE(parsed.error().code == Errc::malformed ||
                    parsed.error().code == Errc::too_large);
    }
    EXPECT_TRUE(parse_add_checkpoint(with("old 20852014", "old 20852163")));
}

TEST(WitnessReply, LinesAreWrittenAsC2spDoes) {
    std::vector<NoteSignature> lines;
    std::string_view rest = response;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        lines.push_back(parse_signature_line(rest.substr(0, end)).value());
        rest.remove_prefix(end + 1);
    }
    EXPECT_EQ(lines.size(), 2u);
    EXPECT_EQ(format_signature_lines(lines), response);
    EXPECT_EQ(format_size_line({20852014}), "20852014\n");
}

TEST(WitnessReply, TakesTheLineOfItsWitnessAmidOthers) {
    const CosignerSecret ours = witness("w1", 1), other = witness("w2", 2);
    const NoteSignature line = ours.sign(instant(9000), text).value();
    const Bytes good = format_signature_line(line);
    const Bytes strange = format_signature_line(other.sign(instant(9000), text).value());
    NoteSignature broken = line;
    broken.signature.back() ^= 1;
    const Bytes bad = format_signature_line(broken);
    const Bytes rows[] = {
        good,
        strange + good,
        response + good + strange,
        "\n" + good + "\n",
        good.substr(0, good.size() - 1),           // no newline at the end
        good.substr(0, good.size() - 1) + "\r\n",  // a gateway's
        "garbage\n" + good,
        bad + good,
    };
    for (const Bytes& row : rows) {
        const auto reply = read_witness_reply(200, row, ours.key(), text);
        ASSERT_TRUE(reply) << row;
        EXPECT_EQ(std::get<Cosignature>(*reply).line(), line);
    }
    const auto why = [&](const Bytes& body) {
        return read_witness_reply(200, body, ours.key(), text).error().code;
    };
    EXPECT_EQ(why(""), Errc::unknown_key);
    EXPECT_EQ(why(strange), Errc::unknown_key);
    EXPECT_EQ(why(bad), Errc::bad_signature);
    EXPECT_EQ(why(Bytes(limits::add_checkpoint_bytes_max + 1, 'x')), Errc::too_large);
    EXPECT_FALSE(read_witness_reply(200, good, ours.key(), text + "x\n"));
}

TEST(WitnessReply, EveryStatusHasItsMeaning) {
    const CosignerKey key = witness("w1", 1).key();
    const auto read = [&](int status, const char* body) {
        return read_witness_reply(status, body, key, text);
    };
    for (const char* body : {"17\n", "17", "17\r\n"}) {
        EXPECT_EQ(std::get<TreeSize>(read(409, body).value()), TreeSize{17});
    }
    EXPECT_EQ(std::get<TreeSize>(read(409, "0\n").value()), TreeSize{0});
    for (const char* body : {"", "x", "017\n", "17 18\n", "9223372036854775808"}) {
        EXPECT_EQ(read(409, body).error().code, Errc::split_view) << body;
    }
    EXPECT_EQ(read(400, "").error().code, Errc::malformed);
    EXPECT_EQ(read(403, "").error().code, Errc::unknown_key);
    EXPECT_EQ(read(404, "").error().code, Errc::not_found);
    EXPECT_EQ(read(422, "").error().code, Errc::bad_proof);
    for (const int status : {0, 100, 204, 301, 429, 500, 503}) {
        EXPECT_EQ(read(status, "").error().code, Errc::unavailable) << status;
    }
}

}  // namespace
}  // namespace entente::tlog

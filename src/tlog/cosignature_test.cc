// SPDX-License-Identifier: Apache-2.0
#include "tlog/cosignature.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tlog/key.h"

namespace entente::tlog {
namespace {

const std::string text =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const Instant then = instant(1'679'315'147'000);

// Made with Python's `cryptography` from the seed 00 01 … 1f, which shares no code with ours.
const std::string vkey = "witness.example/w1+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";
const std::string private_key =
    "PRIVATE+KEY+witness.example/w1+e75f6532+BAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
const std::string line =
    "\xE2\x80\x94 witness.example/w1 519lMgAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS83rE1n"
    "FZsVE8YiWV6Ngr7lV8H6bdoBQGP/l73euDMQ9k+bBQ==\n";

CosignerSecret secret(const std::string& name, std::uint64_t seed) {
    Rng rng(seed);
    return CosignerSecret::generate(name, rng.bytes()).value();
}

// A checkpoint of `text` signed by its log, with further lines.
class Head {
  public:
    Head() : log(make_log()) {
        head =
            sign_checkpoint(parse_checkpoint(text).value(), log.verifier(), log.sign(text)).value();
    }
    Head& add(const NoteSignature& more) {
        head.note.signatures.push_back(more);
        return *this;
    }
    Head& add(const CosignerSecret& who, int second) {
        return add(who.sign(then + std::chrono::seconds(second), text).value());
    }
    LogKey log;
    SignedCheckpoint head;

  private:
    static LogKey make_log() {
        Rng rng(7);
        return LogKey::generate("example.com/behind-the-sofa", rng.bytes()).value();
    }
};

TEST(CosignerKey, ReadsAndWritesVkeys) {
    const CosignerKey key = CosignerKey::parse(vkey).value();
    EXPECT_EQ(key.name, "witness.example/w1");
    EXPECT_EQ(key.id(), 0xe75f6532u);
    EXPECT_EQ(key.text(), vkey);
    EXPECT_EQ(CosignerKey::make(key.name, key.key.view()).value(), key);
    // A witness of the public network, from the tests of transparency-dev/formats.
    const std::string remora =
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    EXPECT_EQ(CosignerKey::parse(remora).value().text(), remora);
}

TEST(CosignerKey, IsNoLogKeyAndNoLogKeyIsOne) {
    const Head world;
    EXPECT_EQ(VerifierKey::parse(vkey).error().code, Errc::unknown_key);
    EXPECT_EQ(CosignerKey::parse(world.log.verifier().text()).error().code, Errc::unknown_key);
    EXPECT_FALSE(LogKey::parse(private_key));
    EXPECT_FALSE(CosignerSecret::parse(world.log.text()));
    // One key under one name has two ids, so that a line says by which of them it was made.
    const CosignerKey same{world.log.verifier().name, world.log.verifier().key};
    EXPECT_NE(same.id(), world.log.verifier().id());
}

TEST(CosignerKey, RefusesWhatWasMistyped) {
    for (std::size_t i = 0; i < vkey.size(); ++i) {
        std::string bad = vkey;
        bad[i] = bad[i] == 'e' ? 'f' : 'e';
        EXPECT_FALSE(CosignerKey::parse(bad)) << bad;
    }
    EXPECT_FALSE(CosignerKey::parse(""));
    EXPECT_FALSE(CosignerKey::parse(vkey + "A"));
    EXPECT_EQ(CosignerKey::parse(std::string(400, 'a')).error().code, Errc::too_large);
    EXPECT_EQ(CosignerKey::make("a", Bytes(32, '\0')).error().code, Errc::refused);
}

TEST(Cosignature, MatchesAnIndependentSigner) {
    const CosignerSecret signer = CosignerSecret::parse(private_key).value();
    EXPECT_EQ(signer.key().text(), vkey);
    EXPECT_EQ(signer.text(), private_key);
    Note note{text, {signer.sign(then + Duration(999), text).value()}};
    EXPECT_EQ(format_note(note), text + "\n" + line);
    const auto found = cosignatures_of(note, std::vector{signer.key()}).value();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].time, then);
    EXPECT_EQ(found[0].line(), note.signatures[0]);
}

// The example of C2SP tlog-cosignature; its witness's key is not published.
TEST(Cosignature, ReadsTheExampleOfC2sp) {
    const Note note =
        parse_note(text +
                   "\n\xE2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+"
                   "ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
                   "\xE2\x80\x94 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
                   "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n")
            .value();
    EXPECT_FALSE(Cosignature::parse(note.signatures[0]));
    const Cosignature cosignature = Cosignature::parse(note.signatures[1]).value();
    EXPECT_EQ(cosignature.name, "witness.example.com/w1");
    EXPECT_EQ(cosignature.key_id, 0x8d66cf3fu);
    EXPECT_EQ(cosignature.time, then);
    EXPECT_EQ(cosigned_message(then, text), "cosignature/v1\ntime 1679315147\n" + text);
}

TEST(Cosignature, EveryFlippedBitOfAKnownLineIsAnError) {
    const CosignerSecret signer = CosignerSecret::parse(private_key).value();
    const std::vector known{signer.key()};
    Note note{text, {signer.sign(then, text).value()}};
    Bytes& payload = note.signatures[0].signature;
    for (std::size_t i = 0; i < payload.size() * 8; ++i) {
        payload[i / 8] = static_cast<char>(payload[i / 8] ^ (1 << i % 8));
        EXPECT_FALSE(cosignatures_of(note, known)) << i;
        payload[i / 8] = static_cast<char>(payload[i / 8] ^ (1 << i % 8));
    }
    ASSERT_TRUE(cosignatures_of(note, known));
    note.text[0] ^= 1;
    EXPECT_EQ(cosignatures_of(note, known).error().code, Errc::bad_signature);
}

TEST(Cosignature, StrangersAreIgnoredWhateverTheySay) {
    const CosignerSecret a = secret("a", 1), b = secret("b", 2);
    Head world;
    world.add(a, 0).add({"b", b.key().id(), "too short"}).add({"a", 1, Bytes(72, 'x')});
    EXPECT_EQ(cosignatures_of(world.head.note, std::vector{a.key()}).value().size(), 1u);
    EXPECT_TRUE(cosignatures_of(world.head.note, {}).value().empty());
    EXPECT_EQ(cosignatures_of(world.head.note, std::vector{a.key(), b.key()}).error().code,
              Errc::malformed);
}

TEST(Cosignature, ImpossibleTimesAreRefused) {
    const CosignerSecret a = secret("a", 1);
    EXPECT_EQ(a.sign(instant(999), text).error().code, Errc::refused);
    EXPECT_EQ(a.sign(instant(-1), text).error().code, Errc::refused);
    EXPECT_EQ(a.sign(instant(253'402'300'800'000), text).error().code, Errc::refused);
    EXPECT_TRUE(a.sign(instant(253'402'300'799'999), text));
    EXPECT_TRUE(a.sign(instant(1000), text));
    const Bytes rest(64, 'x');
    EXPECT_FALSE(Cosignature::parse({"a", 1, Bytes(8, '\0') + rest}));
    EXPECT_FALSE(Cosignature::parse({"a", 1, Bytes(8, '\xFF') + rest}));
    EXPECT_FALSE(Cosignature::parse({"a", 1, Bytes("\x7F") + Bytes(7, '\xFF') + rest}));
}

TEST(Cosignature, VerifyNamesAnotherCosigner) {
    const CosignerSecret a = secret("a", 1), b = secret("b", 2);
    const Cosignature made = Cosignature::parse(a.sign(then, text).value()).value();
    EXPECT_TRUE(verify_cosignature(a.key(), made, text));
    EXPECT_EQ(verify_cosignature(b.key(), made, text).error().code, Errc::unknown_key);
    EXPECT_EQ(verify_cosignature(a.key(), made, text + "x\n").error().code, Errc::bad_signature);
}

TEST(MergeCosignatures, KeepsTheEarliestOfEachAndStrangersLast) {
    const CosignerSecret a = secret("a", 1), b = secret("b", 2), c = secret("c", 3);
    const std::vector known{a.key(), b.key()};
    const Head ours = Head().add(c, 5).add(b, 9).add(a, 3);
    const Head theirs = Head().add(a, 7).add(b, 4).add({"x", 1, "?"}).add(c, 5);
    const SignedCheckpoint merged =
        merge_cosignatures(ours.head, theirs.head.note, ours.log.verifier(), known).value();
    const auto at = [](int second) { return then + std::chrono::seconds(second); };
    const std::vector<NoteSignature> wanted = {
        ours.head.note.signatures[0], a.sign(at(3), text).value(), b.sign(at(4), text).value(),
        c.sign(at(5), text).value(),  NoteSignature{"x", 1, "?"},
    };
    EXPECT_EQ(merged.note.signatures, wanted);
    EXPECT_EQ(merged.checkpoint, ours.head.checkpoint);
    // Again, and the other way round: nothing changes among those that are known.
    EXPECT_EQ(merge_cosignatures(merged, theirs.head.note, ours.log.verifier(), known), merged);
    const auto other =
        merge_cosignatures(theirs.head, ours.head.note, ours.log.verifier(), known).value();
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(other.note.signatures[i], merged.note.signatures[i]);
    }
}

TEST(MergeCosignatures, TakesNothingFromANoteWithOneBadLine) {
    const CosignerSecret a = secret("a", 1), b = secret("b", 2);
    const std::vector known{a.key(), b.key()};
    NoteSignature bad = b.sign(then, text).value();
    bad.signature.back() ^= 1;
    const Head ours, theirs = Head().add(a, 1).add(bad);
    EXPECT_EQ(
        merge_cosignatures(ours.head, theirs.head.note, ours.log.verifier(), known).error().code,
        Errc::bad_signature);
    Note other = theirs.head.note;
    other.text += "x\n";
    EXPECT_EQ(merge_cosignatures(ours.head, other, ours.log.verifier(), known).error().code,
              Errc::refused);
}

TEST(MergeCosignatures, StrangersCannotCrowdOutTheKnown) {
    const CosignerSecret a = secret("a", 1);
    Head ours, theirs;
    for (int i = 0; i < 98; ++i) theirs.add({"stranger" + std::to_string(i), 1, Bytes(72, 'x')});
    theirs.add(a, 1);
    const auto merged =
        merge_cosignatures(ours.head, theirs.head.note, ours.log.verifier(), std::vector{a.key()})
            .value();
    EXPECT_EQ(merged.note.signatures.size(), 2 + limits::stranger_lines_max);
    EXPECT_EQ(merged.note.signatures[1].name, "a");
    EXPECT_TRUE(parse_note(merged.bytes()));

    Head large;
    for (int i = 0; i < 3; ++i)
        large.add({std::string(1, static_cast<char>('p' + i)), 1, Bytes(9000, 'x')});
    const auto bounded =
        merge_cosignatures(ours.head, large.head.note, ours.log.verifier(), {}).value();
    EXPECT_EQ(bounded.note.signatures.size(), 2u);
}

TEST(WithoutCosignatures, LeavesTheLogsOwnLine) {
    const Head world = Head().add(secret("a", 1), 1).add({"example.com/behind-the-sofa", 1, "?"});
    const SignedCheckpoint bare = without_cosignatures(world.head, world.log.verifier());
    EXPECT_EQ(bare, Head().head);
    EXPECT_TRUE(open_checkpoint(bare.bytes(), bare.checkpoint.origin, world.log.verifier()));
}

}  // namespace
}  // namespace entente::tlog

// SPDX-License-Identifier: Apache-2.0
// A log that asks, against the witness of witness.h that answers, and against witnesses that lie.
#include "mirror/ask_witness.h"

#include <gtest/gtest.h>

#include "mirror/witness.h"
#include "mirror/world.h"

namespace entente::mirror {
namespace {

using test::World;

tlog::CosignerSecret make_secret() {
    Rng rng(7);
    return tlog::CosignerSecret::generate("witness.example.org", rng.bytes()).value();
}

/// A witness that keeps its word.
class Witness final : public CosignerPort {
  public:
    explicit Witness(const tlog::VerifierKey& key) { log_.key = key; }
    Result<std::optional<CosignedLog>> log(const Origin& origin) override {
        if (origin.v != log_.key.name) return std::optional<CosignedLog>();
        return std::optional(log_);
    }
    Result<void> remember(const std::optional<tlog::SignedCheckpoint>&,
                          const tlog::SignedCheckpoint& next) override {
        log_.last = next;
        return {};
    }
    Result<tlog::NoteSignature> sign(std::string_view text) override {
        return secret_.sign(instant(1'800'000'000'000), text);
    }
    tlog::CosignerKey key() const { return secret_.key(); }
    TreeSize size() const { return log_.last ? log_.last->checkpoint.size : TreeSize{0}; }

  private:
    CosignedLog log_;
    tlog::CosignerSecret secret_ = make_secret();
};

/// Asks until there is nothing to ask: how often, and what it brought.
std::pair<int, std::vector<tlog::Cosignature>> ask_all(AskWitness& ask, Witness& witness,
                                                       const World& world, std::size_t size) {
    std::pair<int, std::vector<tlog::Cosignature>> out;
    while (const auto body = ask.request(world.head(size), world.tree())) {
        const WitnessAnswer answer = answer_add_checkpoint(*body, witness);
        const auto taken = ask.take(answer.status, answer.body);
        EXPECT_TRUE(taken) << taken.error().detail;
        if (!taken || ++out.first > 5) break;
        if (*taken) out.second.push_back(**taken);
    }
    return out;
}

TEST(AskWitness, BringsOneCosignatureAHead) {
    const World world(70);
    Witness witness(world.log());
    AskWitness ask(world.log(), witness.key());
    for (const std::size_t size : {1u, 2u, 7u, 8u, 64u, 70u}) {
        const auto [asked, lines] = ask_all(ask, witness, world, size);
        EXPECT_EQ(asked, 1) << size;
        ASSERT_EQ(lines.size(), 1u) << size;
        EXPECT_TRUE(tlog::verify_cosignature(witness.key(), lines[0], world.head(size).note.text));
        EXPECT_EQ(witness.size().v, size);
        EXPECT_EQ(ask.cosigned().v, size);
        EXPECT_EQ(ask_all(ask, witness, world, size).first, 0) << "it has that head";
    }
}

TEST(AskWitness, LearnsAfterARestartFromWhichSizeAProofIsWanted) {
    const World world(70);
    for (const std::size_t before : {1u, 5u, 32u, 70u}) {
        Witness witness(world.log());
        AskWitness first(world.log(), witness.key());
        (void)ask_all(first, witness, world, before);
        AskWitness again(world.log(), witness.key());
        const auto [asked, lines] = ask_all(again, witness, world, 70);
        EXPECT_EQ(asked, 2) << before;
        EXPECT_EQ(lines.size(), 1u) << before;
    }
}

TEST(AskWitness, IsToldWhenItsLogIsAnOldCopy) {
    const World world(70);
    Witness witness(world.log());
    AskWitness before(world.log(), witness.key());
    (void)ask_all(before, witness, world, 70);
    AskWitness restored(world.log(), witness.key());
    const auto body = restored.request(world.head(40), world.tree());
    ASSERT_TRUE(body);
    const WitnessAnswer answer = answer_add_checkpoint(*body, witness);
    const auto taken = restored.take(answer.status, answer.body);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::stale);
    EXPECT_NE(taken.error().detail.find("70 entries"), std::string::npos);
}

TEST(AskWitness, SendsOnlyTheLogsOwnLine) {
    const World world(3);
    Witness witness(world.log());
    tlog::SignedCheckpoint head = world.head(3);
    head.note.signatures.push_back(witness.sign(head.note.text).value());
    AskWitness ask(world.log(), witness.key());
    const auto parsed = tlog::parse_add_checkpoint(*ask.request(head, world.tree()));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->note, world.head(3).note);
}

TEST(AskWitness, IsNotLedRoundByAWitnessThatNamesSizes) {
    const World world(70);
    AskWitness ask(world.log(), make_secret().key());
    const auto answer = [&](const char* size) {
        EXPECT_TRUE(ask.request(world.head(70), world.tree()));
        return ask.take(409, size);
    };
    EXPECT_EQ(answer("0\n").error().code, Errc::split_view) << "that is what it was given";
    EXPECT_TRUE(answer("5\n"));
    EXPECT_EQ(answer("6\n").error().code, Errc::split_view) << "one correction a head";
    EXPECT_EQ(answer("71\n").error().code, Errc::stale);
    EXPECT_EQ(answer("").error().code, Errc::split_view);
}

TEST(AskWitness, TakesNoCosignatureOfAnotherHeadOrKey) {
    const World world(70);
    Witness witness(world.log());
    AskWitness ask(world.log(), witness.key());
    ASSERT_TRUE(ask.request(world.head(7), world.tree()));
    const auto other_head = witness.sign(world.head(6).note.text).value();
    EXPECT_FALSE(ask.take(200, tlog::format_signature_line(other_head)));
    Rng rng(8);
    const auto stranger =
        tlog::CosignerSecret::generate("witness.example.org", rng.bytes()).value();
    const auto line = stranger.sign(instant(1'000'000), world.head(7).note.text).value();
    EXPECT_FALSE(ask.take(200, tlog::format_signature_line(line)));
    EXPECT_TRUE(ask.request(world.head(7), world.tree())) << "it is asked again";
}

TEST(AskWitness, AsksNothingOfAnEmptyLog) {
    const World world(0);
    AskWitness ask(world.log(), make_secret().key());
    EXPECT_FALSE(ask.request(world.head(0), world.tree()));
}

}  // namespace
}  // namespace entente::mirror

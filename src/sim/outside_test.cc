// SPDX-License-Identifier: Apache-2.0
// Outside witnesses that the charter names: they cosign a party's heads, everybody keeps what they
// signed, it makes nothing final, and it stands in evidence. The witness here is the decision of
// mirror/witness.h with a key of its own; src/cli/tests/witness_test.py has one of another hand.
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "evidence/verify.h"
#include "mirror/witness.h"
#include "node/gather.h"
#include "sim/party.h"

namespace entente::sim {
namespace {

constexpr const char* witness_name = "harbour";

tlog::CosignerSecret secret_of(std::uint64_t seed) {
    Rng rng(seed);
    return tlog::CosignerSecret::generate("witness.example.org/harbour", rng.bytes()).value();
}

class Witness final : public mirror::CosignerPort {
  public:
    Result<std::optional<mirror::CosignedLog>> log(const Origin& origin) override {
        const auto known = logs.find(origin);
        if (known == logs.end()) return std::optional<mirror::CosignedLog>();
        return std::optional(known->second);
    }
    Result<void> remember(const std::optional<tlog::SignedCheckpoint>&,
                          const tlog::SignedCheckpoint& next) override {
        logs.at(next.checkpoint.origin).last = next;
        return {};
    }
    Result<tlog::NoteSignature> sign(std::string_view text) override {
        return secret.sign(now, text);
    }

    std::map<Origin, mirror::CosignedLog> logs;
    tlog::CosignerSecret secret = secret_of(7);
    Instant now;
};

class Outside : public testing::Test {
  protected:
    Outside()
        : founders_(found({"fr", "ru", "msf"}, statement::default_joint_terms(), 3,
                          {{witness_name, secret_of(7).key().text(), "https://w.example"}})) {
        for (std::size_t i = 0; i < 3; ++i) {
            parties_.push_back(std::make_unique<Party>(founders_, i, 40 + i));
            witness_.logs[parties_.back()->node().origin()].key =
                parties_.back()->node().verifier();
        }
    }
    Party& msf() { return *parties_[2]; }

    void tick() {
        now_ += std::chrono::minutes(2);
        witness_.now = now_;
        for (auto& party : parties_) ASSERT_TRUE(party->exchange().tick(now_));
    }
    void sync_all() {
        for (auto& asker : parties_) {
            for (auto& asked : parties_) {
                if (asker == asked) continue;
                EXPECT_TRUE(sync(*asker, *asked, now_));
            }
        }
    }
    /// Asks until there is nothing to ask; how often.
    int ask(Party& party) {
        int count = 0;
        while (const auto body = party.exchange().ask_witness(witness_name)) {
            const auto answer = mirror::answer_add_checkpoint(*body, witness_);
            const auto taken = party.exchange().take_witness(
                witness_name, node::WitnessResponse{answer.status, answer.body}, now_);
            EXPECT_TRUE(taken) << taken.error().detail;
            if (!taken || ++count > 5) break;
        }
        return count;
    }
    node::WitnessStatus status(Party& party) { return party.exchange().witnesses().at(0); }

    Founders founders_;
    std::vector<std::unique_ptr<Party>> parties_;
    Witness witness_;
    Instant now_ = instant(1'448'539'200'000);
};

TEST_F(Outside, CosignsEachHeadOnce) {
    tick();
    EXPECT_EQ(status(msf()).cosigned.v, 0u);
    EXPECT_EQ(ask(msf()), 1);
    EXPECT_EQ(status(msf()).cosigned, msf().node().log().size());
    EXPECT_EQ(status(msf()).answered, now_);
    EXPECT_EQ(ask(msf()), 0);
    tick();
    EXPECT_LT(status(msf()).cosigned, status(msf()).size);
    EXPECT_EQ(ask(msf()), 1);
    EXPECT_EQ(status(msf()).cosigned, status(msf()).size);
}

// It remembers nothing of the witness over a start but what that signed, and learns the rest.
TEST_F(Outside, IsAskedOnAfterARestart) {
    tick();
    ask(msf());
    const TreeSize before = status(msf()).cosigned;
    msf().stop();
    ASSERT_TRUE(msf().start());
    EXPECT_EQ(status(msf()).cosigned, before);
    tick();
    EXPECT_EQ(ask(msf()), 2) << "one answer that names the size, one that cosigns";
    EXPECT_EQ(status(msf()).cosigned, msf().node().log().size());
}

TEST_F(Outside, MakesNothingFinalAndIsKeptByTheOthers) {
    tick();
    ask(msf());
    const auto final_of_msf = [&] {
        for (const auto& one : parties_[0]->exchange().status(now_)) {
            if (one.party.v == "msf") return one.final_size;
        }
        return TreeSize{999};
    };
    EXPECT_TRUE(sync(*parties_[0], msf(), now_));
    const TreeSize alone = final_of_msf();
    EXPECT_EQ(alone.v, 0u) << "fr's own mirror of the two that are needed";
    const Bytes note =
        parties_[0]->exchange().mirror_file(sha256(msf().node().origin().v), "checkpoint").value();
    EXPECT_NE(note.find("witness.example.org/harbour"), Bytes::npos)
        << "whoever asks fr for msf's head is given the witness's line too";
    sync_all();
    sync_all();  // so that fr has heard what ru signed
    EXPECT_GT(final_of_msf().v, 0u);
}

TEST_F(Outside, StandsInEvidenceAsAClockOfItsOwn) {
    node::Draft draft;
    draft.act = statement::act::add;
    draft.actor = "a.registrar";
    draft.protection.protection_class = statement::ProtectionClass::hospital;
    geo::Place place;
    place.volume.shape = geo::Circle{{335'000'000, 363'000'000}, {250}};
    draft.protection.where = {place};
    tick();
    const RecordId id = msf().say(draft, {}, {{PartyId{"fr"}, node::Tier::exact}}, now_).value();
    witness_.now = now_ + std::chrono::seconds(1);
    ask(msf());
    now_ += std::chrono::seconds(30);
    sync_all();
    const auto file =
        node::gather({msf().node(), msf().exchange(), msf().store(), *msf().author().vault},
                     {id, node::Tier::exact, now_});
    ASSERT_TRUE(file) << file.error().detail;
    const auto report =
        evidence::verify(evidence::format_file(*file), {&founders_.charter_file, 1});
    ASSERT_TRUE(report) << report.error().detail;
    ASSERT_TRUE(report->said[0].bounds.before);
    EXPECT_EQ(report->said[0].bounds.before->clock, "witness.example.org/harbour");
    EXPECT_EQ(report->said[0].bounds.before->at, witness_.now);
}

class Lying : public Outside {
  protected:
    /// What the one answer does.
    Error answer(int status, const Bytes& body) {
        EXPECT_TRUE(msf().exchange().ask_witness(witness_name));
        const auto taken =
            msf().exchange().take_witness(witness_name, node::WitnessResponse{status, body}, now_);
        EXPECT_FALSE(taken);
        EXPECT_EQ(status_trouble(), taken.error().detail);
        EXPECT_EQ(msf().exchange().witnesses().at(0).cosigned.v, 0u);
        EXPECT_TRUE(msf().node().halted().empty()) << "what no key signed halts nothing";
        return taken.error();
    }
    std::string status_trouble() { return msf().exchange().witnesses().at(0).trouble; }
};

TEST_F(Lying, HarmsNothingAndIsNamed) {
    tick();
    EXPECT_EQ(answer(200, "").code, Errc::unknown_key);
    EXPECT_EQ(answer(200, "\xE2\x80\x94 somebody AAAA\n").code, Errc::unknown_key);
    EXPECT_EQ(answer(404, "").code, Errc::not_found);
    EXPECT_EQ(answer(500, "").code, Errc::unavailable);
    EXPECT_NE(answer(409, "999999\n").detail.find("has cosigned 999999 entries"),
              std::string::npos);
    const Error gone{Errc::unavailable, "unreachable: nobody listens there"};
    EXPECT_FALSE(msf().exchange().take_witness(witness_name, tl::unexpected(gone), now_));
    EXPECT_EQ(status_trouble(), gone.detail);
    EXPECT_EQ(ask(msf()), 1) << "and one that tells the truth again is believed again";
    EXPECT_TRUE(status_trouble().empty());
}

TEST_F(Lying, AheadOfAllClocksBoundsNothing) {
    tick();
    witness_.now = now_ + std::chrono::hours(1);
    const auto body = msf().exchange().ask_witness(witness_name);
    ASSERT_TRUE(body);
    const auto answered = mirror::answer_add_checkpoint(*body, witness_);
    ASSERT_EQ(answered.status, 200);
    EXPECT_NE(answer(answered.status, answered.body).detail.find("ahead of the clock"),
              std::string::npos);
}

TEST_F(Outside, OfAnotherNameIsNobody) {
    EXPECT_FALSE(msf().exchange().ask_witness("nobody"));
    EXPECT_FALSE(msf().exchange().take_witness("nobody", node::WitnessResponse{200, ""}, now_));
}

}  // namespace
}  // namespace entente::sim

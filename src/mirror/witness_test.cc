// SPDX-License-Identifier: Apache-2.0
#include "mirror/witness.h"

#include <gtest/gtest.h>

#include <functional>

#include "mirror/world.h"

namespace entente::mirror {
namespace {

using test::mirror_of;
using test::World;
using tlog::SignedCheckpoint;

tlog::CosignerSecret make_secret() {
    Rng rng(77);
    return tlog::CosignerSecret::generate("demo-x/un/witness", rng.bytes()).value();
}

// A cosigner whose disk and process can be made to fail at any step, and what it signed in all its
// lives.
class Edge : public CosignerPort {
  public:
    explicit Edge(const tlog::VerifierKey& key) : secret(make_secret()) { disk.key = key; }

    enum class Crash { never, before_read, before_write, after_write, before_sign, after_sign };
    Crash crash = Crash::never;
    std::function<void()> meanwhile;  // once, between reading and writing

    Result<std::optional<CosignedLog>> log(const Origin& origin) override {
        if (crash == Crash::before_read) return dead();
        std::optional<CosignedLog> out;
        if (origin.v == disk.key.name) out = disk;
        return out;
    }
    Result<void> remember(const std::optional<SignedCheckpoint>& expected,
                          const SignedCheckpoint& next) override {
        if (meanwhile) std::exchange(meanwhile, nullptr)();
        if (crash == Crash::before_write) return dead();
        if (disk.last != expected) return fail(Errc::stale, "moved");
        disk.last = next;
        ++writes;
        if (crash == Crash::after_write) return dead();
        return {};
    }
    Result<tlog::NoteSignature> sign(std::string_view text) override {
        if (crash == Crash::before_sign) return dead();
        auto line = secret.sign(instant(++clock_ * 1000), text).value();
        given.push_back(tlog::parse_checkpoint(text).value());
        if (crash == Crash::after_sign) return dead();
        return line;
    }

    CosignedLog disk;
    tlog::CosignerSecret secret;
    std::vector<tlog::Checkpoint> given;  // whatever was signed may have got out
    int writes = 0;

  private:
    static tl::unexpected<Error> dead() { return fail(Errc::unavailable, "killed"); }
    std::int64_t clock_ = 1'000'000;
};

Bytes request(const World& world, std::size_t older, std::size_t newer) {
    return tlog::format_add_checkpoint({.old_size = {older},
                                        .proof = world.proof(older, newer),
                                        .checkpoint = {},
                                        .note = world.head(newer).note});
}

// Reads an answer as a client does.
Result<tlog::WitnessReply> reply(const Edge& edge, const WitnessAnswer& answer,
                                 const SignedCheckpoint& head) {
    return tlog::read_witness_reply(answer.status, answer.body, edge.secret.key(), head.note.text);
}

TEST(Witness, CosignsWhatExtendsWhatItSigned) {
    const World world(70);
    Edge edge(world.log());
    std::size_t last = 0;
    for (const std::size_t next : {1u, 1u, 2u, 7u, 8u, 8u, 64u, 70u}) {
        const auto answer = answer_add_checkpoint(request(world, last, next), edge);
        ASSERT_EQ(answer.status, 200) << answer.detail;
        const auto cosignature = reply(edge, answer, world.head(next));
        ASSERT_TRUE(cosignature && std::holds_alternative<tlog::Cosignature>(*cosignature));
        EXPECT_EQ(edge.disk.last, world.head(next));
        last = next;
    }
    // A head that was signed before gets a fresh time, and nothing has to be remembered.
    EXPECT_EQ(edge.writes, 6);
    EXPECT_EQ(edge.given.size(), 8u);
}

TEST(Witness, EveryStatusOfC2spInItsOrder) {
    const World world(70), forked(70, 5), other(70, 0, "demo-x/unhcr");
    Edge edge(world.log());
    ASSERT_EQ(answer_add_checkpoint(request(world, 0, 20), edge).status, 200);
    const auto status = [&](const Bytes& body) {
        const int writes = edge.writes;
        const std::size_t given = edge.given.size();
        const auto answer = answer_add_checkpoint(body, edge);
        EXPECT_EQ(edge.writes, writes);
        EXPECT_EQ(edge.given.size(), given);
        EXPECT_FALSE(answer.body.empty());
        return answer.status;
    };
    const auto with = [&](Bytes body, std::string_view from, std::string_view to) {
        return body.replace(body.find(from), from.size(), to);
    };
    const Bytes good = request(world, 20, 30);
    EXPECT_EQ(status(""), 400);
    EXPECT_EQ(status(with(good, "old 20", "old 31")), 400);
    EXPECT_EQ(status(with(good, "old 20", "old 020")), 400);
    EXPECT_EQ(status(request(other, 20, 30)), 404);
    EXPECT_EQ(status(request(other, 0, 30)), 404);
    SignedCheckpoint not_signed = world.head(30);
    not_signed.note.signatures[0].signature[7] ^= 1;
    const auto as_request = [&](std::size_t old, const SignedCheckpoint& head) {
        return tlog::format_add_checkpoint(
            {{old}, world.proof(old, head.checkpoint.size.v), {}, head.note});
    };
    EXPECT_EQ(status(as_request(20, not_signed)), 403);
    not_signed.note.signatures[0].key_id ^= 1;
    EXPECT_EQ(status(as_request(20, not_signed)), 403);
    EXPECT_EQ(status(as_request(19, not_signed)), 403);  // before 409
    EXPECT_EQ(status(request(world, 19, 30)), 409);
    EXPECT_EQ(status(request(world, 0, 30)), 409);
    EXPECT_EQ(status(request(world, 0, 0)), 409);
    EXPECT_EQ(status(as_request(0, world.signed_head(0, Hash{}))), 409);  // before 422
    EXPECT_EQ(status(request(forked, 20, 30)), 422);
    EXPECT_EQ(status(request(forked, 20, 20)), 422);
    EXPECT_EQ(status(tlog::format_add_checkpoint({{20}, {}, {}, world.head(30).note})), 422);
    EXPECT_EQ(status(tlog::format_add_checkpoint({{20}, {Hash{}}, {}, world.head(20).note})), 422);

    Edge fresh(world.log());
    EXPECT_EQ(answer_add_checkpoint(
                  tlog::format_add_checkpoint({{0}, {Hash{}}, {}, world.head(30).note}), fresh)
                  .status,
              422);
    EXPECT_EQ(answer_add_checkpoint(as_request(0, world.signed_head(0, Hash{})), fresh).status,
              422);
    EXPECT_EQ(answer_add_checkpoint(request(world, 0, 0), fresh).status, 200);
    EXPECT_EQ(answer_add_checkpoint(request(world, 0, 5), fresh).status, 200);
}

TEST(Witness, NamesTheSizeFromWhichItWantsAProof) {
    const World world(70);
    Edge edge(world.log());
    ASSERT_EQ(answer_add_checkpoint(request(world, 0, 20), edge).status, 200);
    const auto answer = answer_add_checkpoint(request(world, 0, 30), edge);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(answer.body, "20\n");
    const auto read = reply(edge, answer, world.head(30)).value();
    EXPECT_EQ(std::get<TreeSize>(read), TreeSize{20});
    EXPECT_EQ(answer_add_checkpoint(request(world, 20, 30), edge).status, 200);
}

TEST(Witness, ARequestThatConvictsItsLogIsKept) {
    const World world(70), forked(70, 5);
    for (std::size_t last = 1; last <= 40; ++last) {
        Edge edge(world.log());
        ASSERT_EQ(answer_add_checkpoint(request(world, 0, last), edge).status, 200);
        for (const std::size_t newer : {last, std::size_t{41}, std::size_t{70}}) {
            const auto answer = answer_add_checkpoint(request(forked, last, newer), edge);
            if (last <= 5 && newer == last) {
                EXPECT_EQ(answer.status, 200);  // before the branch it is the same log
                continue;
            }
            if (last <= 5) break;
            EXPECT_EQ(answer.status, 422);
            // RFC 6962's proof from a power of two shows no root that could differ.
            const bool shown = newer == last || (last & (last - 1)) != 0;
            EXPECT_EQ(answer.fork.has_value(), shown) << last << " " << newer;
            if (answer.fork) {
                EXPECT_TRUE(verify_fork(*answer.fork, world.log()));
            }
        }
    }
}

TEST(Witness, ExtensionLinesAreNotCosigned) {
    const World world(9);
    tlog::Checkpoint checkpoint = world.head(9).checkpoint;
    checkpoint.extensions = {"x"};
    const std::string text = tlog::format_checkpoint(checkpoint);
    const tlog::Note note{text, {{world.log().name, world.log().id(), world.key().sign(text)}}};
    Edge edge(world.log());
    EXPECT_EQ(answer_add_checkpoint(tlog::format_add_checkpoint({{0}, {}, {}, note}), edge).status,
              400);
}

TEST(Witness, ARaceIsDecidedAnew) {
    const World world(70);
    Edge edge(world.log());
    ASSERT_EQ(answer_add_checkpoint(request(world, 0, 20), edge).status, 200);
    // Between reading and writing, another request brings the log to 40.
    edge.meanwhile = [&] {
        EXPECT_EQ(answer_add_checkpoint(request(world, 20, 40), edge).status, 200);
    };
    const auto answer = answer_add_checkpoint(request(world, 20, 30), edge);
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.body, "40\n");
    EXPECT_EQ(edge.disk.last, world.head(40));
}

TEST(Mirrored, ASignatureSaysThatAllOfItIsHere) {
    const World world(70);
    Edge edge(world.log());
    EXPECT_FALSE(cosign_mirrored(Mirror(world.log()), edge).value());
    EXPECT_FALSE(cosign_mirrored(mirror_of(world, 19, 20), edge).value());
    EXPECT_TRUE(cosign_mirrored(mirror_of(world, 20, 20), edge).value());
    EXPECT_EQ(edge.disk.last, world.head(20));
    EXPECT_FALSE(cosign_mirrored(mirror_of(world, 20, 30), edge).value());
    EXPECT_TRUE(cosign_mirrored(mirror_of(world, 30, 30), edge).value());
    // An old backup of the copy: nothing until it has caught up.
    EXPECT_FALSE(cosign_mirrored(mirror_of(world, 25, 25), edge).value());
    EXPECT_EQ(edge.disk.last, world.head(30));
    EXPECT_TRUE(cosign_mirrored(mirror_of(world, 30, 30), edge).value());
    const World other(9, 0, "demo-x/unhcr");
    EXPECT_EQ(cosign_mirrored(mirror_of(other, 9, 9), edge).error().reason, Reason::other_log);
}

TEST(Mirrored, ACopyOfTheOtherBranchConvicts) {
    const World world(70), forked(70, 5);
    Edge edge(world.log());
    ASSERT_TRUE(cosign_mirrored(mirror_of(world, 16, 16), edge).value());
    for (const std::size_t size : {16u, 17u, 64u, 70u}) {
        const auto line = cosign_mirrored(mirror_of(forked, size, size), edge);
        ASSERT_FALSE(line);
        ASSERT_EQ(line.error().reason, Reason::fork);
        EXPECT_TRUE(verify_fork(*line.error().fork, world.log()));
    }
    EXPECT_EQ(edge.disk.last, world.head(16));
}

// Whether all of these can be heads of one log, which is one of the branches.
bool is_one_log(const std::vector<tlog::Checkpoint>& given, const std::vector<World>& branches) {
    return std::any_of(branches.begin(), branches.end(), [&](const World& branch) {
        return std::all_of(given.begin(), given.end(), [&](const tlog::Checkpoint& each) {
            return branch.tree().root(each.size) == each.root;
        });
    });
}

// Four branches of one log send requests, good and bad, while the witness is killed between any two
// steps and requests overtake each other: whatever it signed in all its lives is one log's.
TEST(Witness, NeverSignsTwoBranchesWhereverItIsKilled) {
    std::vector<World> branches;
    for (const std::size_t branch : {100u, 3u, 9u, 20u}) branches.emplace_back(40, branch);
    Rng rng(9);
    const int rounds = test::is_long() ? 1'000 : 50;
    std::size_t answered = 0, killed = 0, signatures = 0;
    for (int round = 0; round < rounds; ++round) {
        Edge edge(branches[0].log());
        const auto send = [&] {
            const World& branch = branches[rng.below(branches.size())];
            const std::size_t newer = rng.below(41);
            std::size_t older = edge.disk.last ? edge.disk.last->checkpoint.size.v : 0;
            if (rng.below(4) == 0) older = rng.below(41);
            if (rng.below(6) == 0 && newer > 0) {
                const auto line = cosign_mirrored(mirror_of(branch, newer, newer), edge);
                return line && *line ? 200 : 503;
            }
            Bytes body = request(branch, std::min(older, newer), newer);
            if (rng.below(8) == 0) body[rng.below(body.size())] ^= 1;
            return answer_add_checkpoint(body, edge).status;
        };
        for (int step = 0; step < 40; ++step) {
            edge.crash = Edge::Crash(rng.below(3) == 0 ? rng.below(6) : 0);
            if (rng.below(5) == 0) edge.meanwhile = [&] { send(); };
            const int status = send();
            answered += status == 200;
            killed += status == 503;
            edge.meanwhile = nullptr;
            ASSERT_TRUE(is_one_log(edge.given, branches)) << round << "/" << step;
            // What was signed is never beyond what is remembered.
            for (const tlog::Checkpoint& each : edge.given) {
                ASSERT_LE(each.size, edge.disk.last->checkpoint.size);
            }
        }
        signatures += edge.given.size();
    }
    EXPECT_GT(answered, static_cast<std::size_t>(rounds));
    EXPECT_GT(killed, static_cast<std::size_t>(rounds));
    EXPECT_GT(signatures, static_cast<std::size_t>(rounds));
}

// The model can see the fault that it is there for: a witness that signs before it remembers.
TEST(Witness, TheModelSeesAWitnessThatSignsFirst) {
    std::vector<World> branches;
    for (const std::size_t branch : {100u, 3u}) branches.emplace_back(40, branch);
    Edge edge(branches[0].log());
    for (const World& branch : branches) {
        const auto log = edge.log({branch.log().name}).value();
        const auto decision =
            decide(tlog::parse_add_checkpoint(request(branch, 0, 10)).value(), log);
        ASSERT_TRUE(decision.cosign);
        ASSERT_TRUE(edge.sign(decision.cosign->note.text));  // and killed before remember()
    }
    EXPECT_FALSE(is_one_log(edge.given, branches));
}

}  // namespace
}  // namespace entente::mirror

// SPDX-License-Identifier: Apache-2.0
// PROTOCOL 26 on real stores: a process that is killed (SIGKILL) at a write of its SQLite store,
// its signer's or its cosigner's memory, and started again, while another party shows it two
// branches of one log. What it has ever answered is never of both. 1,000 kills with ENTENTE_LONG=1,
// else 50.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "node/peer_wire.h"
#include "sim/draft_for_test.h"
#include "store/file_cosign_state.h"
#include "store/file_signer.h"
#include "store/sqlite_store.h"
#include "tlog/cosignature.h"
#include "tlog/witness_wire.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

constexpr int kills_sample = 50, kills_whole = 1000, kills_a_game = 50;

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

/// One node on real stores (fr), a log that is two (ru), and an honest party (msf).
class Game {
  public:
    explicit Game(std::uint64_t seed) : rng_(seed) {
        const Founder& founder = founders_.parties[0];
        EXPECT_TRUE(store::create_file_signer(dir_ / "signer", founder.log));
        EXPECT_TRUE(store::create_file_cosign_state(dir_ / "cosigned"));
        auto store = store::open_sqlite(dir_ / "log.db", store::OpenMode::create);
        auto signer = store::open_file_signer(dir_ / "signer");
        EXPECT_TRUE(store && signer);
        EXPECT_TRUE(node::Node::create(**store, **signer, founders_.charter_file, founder.entries));
    }

    /// One life of the process. True if it was killed.
    bool live() {
        now_ += 60s;
        for (Party* other : {&one_, &two_, &msf_}) {
            EXPECT_TRUE(other->exchange().tick(now_));
            EXPECT_TRUE(other->say(clinic(static_cast<std::int32_t>(rng_.below(600'000'000))), {},
                                   {{PartyId{"fr"}, node::Tier::exact}}, now_));
        }
        life_ = rng_.next();
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            in_child(ends[1]);
            ::_exit(0);
        }
        ::close(ends[1]);
        Bytes answers;
        char buffer[65536];
        for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
            answers.append(buffer, static_cast<std::size_t>(n));
        }
        ::close(ends[0]);
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        look_at(answers);
        const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
        return killed;
    }

    /// What was answered, all lives together.
    void judge() {
        for (const auto& [cosigner, heads] : cosigned_) {
            bool only_one = false, only_two = false;
            for (const SignedSize& head : heads) {
                const bool one = holds(one_, head), two = holds(two_, head);
                EXPECT_TRUE(one || two) << cosigner << " cosigned what never was";
                only_one |= one && !two;
                only_two |= two && !one;
            }
            EXPECT_FALSE(only_one && only_two) << cosigner << " contradicted itself";
            both_ += only_one || only_two;
        }
        auto store = store::open_sqlite(dir_ / "log.db", store::OpenMode::read_write);
        auto signer = store::open_file_signer(dir_ / "signer");
        auto cosigned = store::open_file_cosign_state(dir_ / "cosigned");
        ASSERT_TRUE(store && signer && cosigned);
        Standing fr;
        const auto up = stand_up(fr, {**store, **signer, **cosigned}, founders_.parties[0],
                                 founders_.charter_file, vault_, rng_.bytes());
        ASSERT_TRUE(up) << up.error().detail;
        EXPECT_EQ(fr.node->halted(), "");
        for (const SignedSize& head : own_) {
            ASSERT_LE(head.first, fr.node->log().size());
            EXPECT_EQ(fr.node->log().tree().root(head.first), head.second) << "its own log";
        }
    }

    std::size_t answered() const { return own_.size() + cosigned_.size(); }
    /// Cosigners that had to choose between the branches.
    std::size_t chose() const { return both_; }

  private:
    using SignedSize = std::pair<TreeSize, Hash>;

    static statement::CharterTerms terms() { return statement::default_joint_terms(); }

    static bool holds(Party& party, const SignedSize& head) {
        const tlog::Log& log = party.node().log();
        return head.first <= log.size() && log.tree().root(head.first) == head.second;
    }

    // ---- in the child ----
    static void say(int fd, BytesView bytes) {
        const Bytes framed = std::to_string(bytes.size()) + "\n" + Bytes(bytes);
        if (::write(fd, framed.data(), framed.size()) != static_cast<ssize_t>(framed.size())) {
            ::_exit(3);
        }
    }

    void in_child(int fd) {
        Rng rng(life_);
        KillSwitch kill;
        kill.die_by([] { ::kill(::getpid(), SIGKILL); });
        kill.arm(rng.below(24), rng.below(4) != 0);
        auto store = store::open_sqlite(dir_ / "log.db", store::OpenMode::read_write);
        auto signer = store::open_file_signer(dir_ / "signer");
        auto cosigned = store::open_file_cosign_state(dir_ / "cosigned");
        if (!store || !signer || !cosigned) ::_exit(4);
        KillStore kill_store(**store, kill);
        KillSigner kill_signer(**signer, kill);
        KillCosignState kill_cosigned(**cosigned, kill);
        Standing fr;
        const auto up = stand_up(fr, {kill_store, kill_signer, kill_cosigned}, founders_.parties[0],
                                 founders_.charter_file, vault_, rng.bytes());
        if (!up) {
            std::fprintf(stderr, "%s\n", up.error().detail.c_str());
            ::_exit(5);
        }
        std::vector<Party*> others{&one_, &two_, &msf_};
        for (std::size_t i = others.size(); i > 1; --i) {
            std::swap(others[i - 1], others[rng.below(i)]);
        }
        for (Party* other : others) {
            if (rng.below(2) == 0) ask_for_word(*fr.exchange, **cosigned, *other, fd);
            follow(*fr.exchange, *other);
            say(fd, fr.exchange->answer(PartyId{"msf"}, "/peer/v1/heads").value());
            if (!fr.exchange->tick(now_)) ::_exit(6);
        }
        say(fd, fr.exchange->answer(PartyId{"msf"}, "/peer/v1/heads").value());
    }

    void follow(node::Exchange& exchange, Party& other) {
        node::Follow follow(exchange, other.id(), 10s);
        for (int steps = 0; steps < 200; ++steps) {
            const auto step = follow.next(now_);
            if (!step) return;
            auto answer = other.exchange().answer(PartyId{"fr"}, step->path);
            if (answer) {
                follow.take(node::StepAnswer{false, {}, std::move(*answer)}, now_);
            } else {
                follow.take(tl::unexpected(answer.error()), now_);
            }
        }
    }

    void ask_for_word(node::Exchange& exchange, node::CosignState& cosigned, Party& other, int fd) {
        const tlog::SignedCheckpoint& head = other.node().head();
        const auto last = cosigned.last(other.node().origin(), node::CosignRole::witness);
        const TreeSize old = last && *last ? (*last)->size : TreeSize{0};
        const auto proof =
            old.v == 0 ? Result<tlog::Proof>(tlog::Proof())
                       : other.node().log().tree().consistency_proof(old, head.checkpoint.size);
        if (!proof) return;
        const auto answer = exchange.add_checkpoint(
            tlog::format_add_checkpoint({old, *proof, head.checkpoint, head.note}), now_);
        if (answer.status != 200) return;
        const Bytes note = tlog::format_checkpoint(head.checkpoint) + "\n" + answer.body;
        say(fd, node::format_heads({{note}}, {}));
    }

    // ---- in the parent ----
    void look_at(const Bytes& answers) {
        for (std::size_t at = 0; at < answers.size();) {
            const std::size_t end = answers.find('\n', at);
            const std::size_t size = std::stoul(answers.substr(at, end - at));
            const Bytes frame = answers.substr(end + 1, size);
            at = end + 1 + size;
            if (frame.size() < size) return;  // killed while it said that
            const auto heads = node::parse_heads(frame);
            ASSERT_TRUE(heads);
            for (const BytesView bytes : heads->notes) look_at_note(bytes);
        }
    }

    void look_at_note(BytesView bytes) {
        const auto note = tlog::parse_note(bytes);
        ASSERT_TRUE(note);
        const auto head = tlog::parse_checkpoint(note->text);
        ASSERT_TRUE(head);
        const Founder& fr = founders_.parties[0];
        if (head->origin.v == fr.log.verifier().name) {
            EXPECT_TRUE(tlog::open_checkpoint(bytes, head->origin, fr.log.verifier()));
            own_.emplace(head->size, head->root);
        }
        if (head->origin != one_.node().origin()) return;
        for (const auto& key : {fr.keys.witness.key(), fr.keys.mirror.key()}) {
            const auto lines = tlog::cosignatures_of(*note, {&key, 1});
            ASSERT_TRUE(lines);
            if (!lines->empty()) cosigned_[key.name].emplace(head->size, head->root);
        }
    }

    Rng rng_;
    Folder dir_;
    Founders founders_ = found({"fr", "ru", "msf"}, terms(), 1);
    seal::Vault vault_{founders_.parties[0].vault};
    Party one_{founders_, 1, 11}, two_{founders_, 1, 12}, msf_{founders_, 2, 13};
    Instant now_ = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z
    std::uint64_t life_ = 0;
    std::map<std::string, std::set<SignedSize>> cosigned_;
    std::set<SignedSize> own_;
    std::size_t both_ = 0;
};

TEST(DoneWhen7, KillsNeverYieldTwoInconsistentCosignatures) {
    const int wanted = std::getenv("ENTENTE_LONG") != nullptr ? kills_whole : kills_sample;
    int kills = 0, lives = 0;
    std::size_t answered = 0, chose = 0;
    for (std::uint64_t seed = 1; kills < wanted && !testing::Test::HasFailure(); ++seed) {
        Game game(seed);
        for (int here = 0; here < kills_a_game && kills < wanted; ++lives) {
            if (!game.live()) continue;
            ++kills;
            ++here;
            if (testing::Test::HasFailure()) break;
        }
        game.judge();
        answered += game.answered();
        chose += game.chose();
    }
    EXPECT_EQ(kills, wanted);
    EXPECT_GT(answered, 0u);
    EXPECT_GT(chose, 0u) << "nobody ever had a choice";
    std::printf("%d kills in %d lives\n", kills, lives);
}

}  // namespace
}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// The contract of node::CosignState, its files, power cuts, and kills between persisting and
// answering: whatever happens, no two contradicting heads are cosigned.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>

#include "store/disk_model.h"
#include "store/file_cosign_state.h"
#include "store/memory_cosign_state.h"
#include "store/testing.h"

namespace entente::store {
namespace {

using node::CosignRole;
using node::SignedHead;

bool is_long() {
    const char* value = std::getenv("ENTENTE_LONG");
    return value != nullptr && std::string(value) == "1";
}

const Origin other{"test.abcdefghijklmnop/exercise/ru"};

std::optional<SignedHead> at(std::uint64_t size) {
    return SignedHead{TreeSize{size}, root_of(size)};
}
std::optional<SignedHead> fork_at(std::uint64_t size) {
    return SignedHead{TreeSize{size}, sha256("fork at " + std::to_string(size))};
}

struct StateWorld {
    virtual ~StateWorld() = default;
    virtual node::CosignState& state() = 0;
};
struct MemoryStateWorld : StateWorld {
    MemoryCosignState memory;
    node::CosignState& state() override { return memory; }
};
struct FileStateWorld : StateWorld {
    TempDir dir;
    std::unique_ptr<node::CosignState> file;
    FileStateWorld() {
        must(create_file_cosign_state(dir.path() + "/cosigned"));
        file = must(open_file_cosign_state(dir.path() + "/cosigned"));
    }
    node::CosignState& state() override { return *file; }
};

struct StateKind {
    const char* name;
    std::unique_ptr<StateWorld> (*make)();
};
const StateKind state_kinds[] = {
    {"Memory",
     []() -> std::unique_ptr<StateWorld> { return std::make_unique<MemoryStateWorld>(); }},
    {"File", []() -> std::unique_ptr<StateWorld> { return std::make_unique<FileStateWorld>(); }},
};

class CosignState : public ::testing::TestWithParam<StateKind> {
  protected:
    std::unique_ptr<StateWorld> world_ = GetParam().make();
    node::CosignState& state_ = world_->state();

    Result<void> replace(const std::optional<SignedHead>& last, const SignedHead& next) {
        return state_.replace(test_origin, CosignRole::witness, last, next);
    }
    std::optional<SignedHead> last() { return must(state_.last(test_origin, CosignRole::witness)); }
};
INSTANTIATE_TEST_SUITE_P(All, CosignState, ::testing::ValuesIn(state_kinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(CosignState, RemembersTheLast) {
    EXPECT_EQ(last(), std::nullopt);
    must(replace(std::nullopt, *at(0)));
    EXPECT_EQ(last(), at(0));
    must(replace(at(0), *at(7)));
    must(replace(at(7), *at(7)));  // the same again may be signed again
    EXPECT_EQ(last(), at(7));
}

TEST_P(CosignState, ComparesBeforeItSets) {
    EXPECT_EQ(replace(at(1), *at(2)).error().code, Errc::stale);
    must(replace(std::nullopt, *at(5)));
    EXPECT_EQ(replace(std::nullopt, *at(6)).error().code, Errc::stale);
    EXPECT_EQ(replace(at(4), *at(6)).error().code, Errc::stale);
    EXPECT_EQ(replace(fork_at(5), *at(6)).error().code, Errc::stale);
    EXPECT_EQ(last(), at(5));
}

TEST_P(CosignState, NeverShrinksAndNeverForksAtASize) {
    must(replace(std::nullopt, *at(5)));
    EXPECT_EQ(replace(at(5), *at(4)).error().code, Errc::refused);
    EXPECT_EQ(replace(at(5), *fork_at(5)).error().code, Errc::refused);
    EXPECT_EQ(last(), at(5));
}

TEST_P(CosignState, KeepsLogsAndRolesApart) {
    must(replace(std::nullopt, *at(5)));
    EXPECT_EQ(must(state_.last(test_origin, CosignRole::mirror)), std::nullopt);
    EXPECT_EQ(must(state_.last(other, CosignRole::witness)), std::nullopt);
    must(state_.replace(test_origin, CosignRole::mirror, std::nullopt, *at(3)));
    must(state_.replace(other, CosignRole::witness, std::nullopt, *fork_at(9)));
    EXPECT_EQ(last(), at(5));
    EXPECT_EQ(must(state_.last(test_origin, CosignRole::mirror)), at(3));
    EXPECT_EQ(must(state_.last(other, CosignRole::witness)), fork_at(9));
}

TEST(FileCosignState, IsThereAgain) {
    TempDir dir;
    const std::string path = dir.path() + "/cosigned";
    must(create_file_cosign_state(path));
    must(must(open_file_cosign_state(path))
             ->replace(test_origin, CosignRole::mirror, std::nullopt, *at(8)));
    must(create_file_cosign_state(path));  // leaves what is there
    EXPECT_EQ(must(must(open_file_cosign_state(path))->last(test_origin, CosignRole::mirror)),
              at(8));
    const std::string file = path + "/" + to_hex(sha256(test_origin.v).view()) + ".mirror";
    EXPECT_EQ(must(os_files().stat(file))->mode, 0600u);
}

// A restored node has no memory; it must not take an empty one for granted.
TEST(FileCosignState, IsNeverMadeByOpening) {
    TempDir dir;
    const auto opened = open_file_cosign_state(dir.path() + "/cosigned");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::not_found);
    EXPECT_NE(detail(opened).find("peers"), std::string::npos);
}

TEST(FileCosignState, RefusesADamagedOrExchangedMemory) {
    TempDir dir;
    const std::string path = dir.path() + "/cosigned";
    must(create_file_cosign_state(path));
    const auto state = must(open_file_cosign_state(path));
    must(state->replace(test_origin, CosignRole::witness, std::nullopt, *at(8)));
    must(state->replace(other, CosignRole::witness, std::nullopt, *at(3)));
    const auto file = [&](const Origin& origin, const char* role) {
        return path + "/" + to_hex(sha256(origin.v).view()) + "." + role;
    };
    const Bytes good = *must(os_files().read(file(test_origin, "witness"), 1024));
    for (std::size_t bit = 0; bit < good.size() * 8; bit += 5) {
        Bytes bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
        must(os_files().write(file(test_origin, "witness"), bad));
        ASSERT_FALSE(state->last(test_origin, CosignRole::witness)) << bit;
        ASSERT_FALSE(state->replace(test_origin, CosignRole::witness, at(8), *at(9)));
        ASSERT_FALSE(state->replace(test_origin, CosignRole::witness, std::nullopt, *at(9)));
    }
    must(os_files().rename(file(other, "witness"), file(test_origin, "witness")));
    EXPECT_NE(detail(state->last(test_origin, CosignRole::witness)).find("about another"),
              std::string::npos);
    must(os_files().rename(file(test_origin, "witness"), file(other, "mirror")));
    EXPECT_FALSE(state->last(other, CosignRole::mirror));
}

const std::string cut_dir = "/data/cosigned";

using Lie = std::function<bool(const std::string&, bool)>;

/// A life with kills and failing syncs, cut at many places: what was acknowledged before a cut is
/// remembered after it. The number of cuts after which it was not.
int forgotten(std::uint64_t seed, int cuts, const Lie& lie) {
    Rng rng(seed);
    Disk disk;
    DiskFiles files(disk);
    must(files.make_dir("/data"));
    must(files.sync_dir("/"));
    disk.lies = lie;
    must(create_file_cosign_state(cut_dir, files));
    const std::size_t first = disk.operations();
    auto state = must(open_file_cosign_state(cut_dir, files));
    for (int i = 0; i < 40; ++i) {
        const std::uint64_t dice = rng.below(8);
        if (dice == 0) disk.kill_after(rng.below(6));
        if (dice == 1) disk.failing_sync = 1 + static_cast<int>(rng.below(3));
        const auto last = must(state->last(test_origin, CosignRole::witness));
        const std::uint64_t size = last ? last->size.v + rng.below(3) : 1;
        const auto done = state->replace(test_origin, CosignRole::witness, last, *at(size));
        if (done) disk.mark(size);
        if (disk.dead() || dice == 0) {
            disk.kill();
            disk.revive();
            state = must(open_file_cosign_state(cut_dir, files));
        }
        disk.failing_sync = 0;
    }
    int lost = 0;
    for (int i = 0; i < cuts; ++i) {
        const std::size_t where = first + rng.below(disk.operations() - first + 1);
        Disk left = disk.cut(where, static_cast<Disk::Loss>(rng.below(5)), rng);
        DiskFiles left_files(left);
        const std::uint64_t promised = disk.marked(where);
        const auto again = open_file_cosign_state(cut_dir, left_files);
        if (!again) {
            ++lost;
            continue;
        }
        const auto last = (*again)->last(test_origin, CosignRole::witness);
        const std::uint64_t found = last && *last ? (*last)->size.v : 0;
        if (!last || found < promised || (*last && *last != at(found))) ++lost;
    }
    return lost;
}

TEST(CosignStateCut, ForgetsNothingThatWasAcknowledged) {
    const std::uint64_t lives = is_long() ? 400 : 20;
    for (std::uint64_t seed = 0; seed < lives; ++seed) {
        EXPECT_EQ(forgotten(seed, is_long() ? 50 : 20, {}), 0) << seed;
    }
}

// Each sync that is needed, taken out: the harness sees the loss.
TEST(CosignStateCut, NeedsEachSync) {
    const std::pair<const char*, Lie> lies[] = {
        {"content", [](const std::string& path, bool dir) { return !dir && path != cut_dir; }},
        {"names", [](const std::string& path, bool dir) { return dir && path == cut_dir; }},
        {"the directory's name",
         [](const std::string& path, bool dir) { return dir && path == "/data"; }},
    };
    for (const auto& [name, lie] : lies) {
        int lost = 0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) lost += forgotten(seed, 20, lie);
        EXPECT_GT(lost, 0) << name;
    }
}

/// The operating system's files, and a process that dies before its n-th change of them.
class DyingFiles : public Files {
  public:
    explicit DyingFiles(std::uint64_t changes) : left_(changes) {}
    Result<std::optional<Bytes>> read(const std::string& path, std::size_t most) override {
        return os_files().read(path, most);
    }
    Result<void> write(const std::string& path, BytesView bytes) override {
        return next([&] { return os_files().write(path, bytes); });
    }
    Result<void> sync(const std::string& path) override {
        return next([&] { return os_files().sync(path); });
    }
    Result<void> rename(const std::string& from, const std::string& to) override {
        return next([&] { return os_files().rename(from, to); });
    }
    Result<void> remove(const std::string& path) override {
        return next([&] { return os_files().remove(path); });
    }
    Result<void> sync_dir(const std::string& dir) override {
        return next([&] { return os_files().sync_dir(dir); });
    }
    Result<void> make_dir(const std::string& dir) override { return os_files().make_dir(dir); }
    Result<std::optional<FileStat>> stat(const std::string& path) override {
        return os_files().stat(path);
    }
    /// Between persisting and answering, too.
    void step() {
        if (left_-- == 0) ::raise(SIGKILL);
    }

  private:
    template <class Work>
    Result<void> next(const Work& work) {
        step();
        return work();
    }
    std::uint64_t left_;
};

/// An answer as it leaves the process: one write to a pipe.
struct Said {
    std::uint64_t log;
    std::uint64_t branch;  // 0: before the fork
    std::uint64_t size;
    Hash root;
};

/// Two branches of one log, the same up to size 3.
SignedHead head_on(std::uint64_t branch, std::uint64_t size) {
    if (size <= 3) return *at(size);
    return {TreeSize{size}, sha256(std::to_string(branch) + "/" + std::to_string(size))};
}

struct Run {
    std::string dir;
    std::uint64_t log;
    std::uint64_t branch;        // which a liar shows to this process
    std::uint64_t dies_before;   // change of files
    bool answers_first = false;  // the mistake that the test must find
};

/// A cosigner's process: it signs what extends its last head, and is dead sooner or later.
void cosign(const Run& run, int answers) {
    DyingFiles files(run.dies_before);
    auto state = must(open_file_cosign_state(run.dir, files));
    const Origin origin{"log/" + std::to_string(run.log)};
    for (int i = 0; i < 12; ++i) {
        const auto last = must(state->last(origin, CosignRole::witness));
        const std::uint64_t size = last ? last->size.v + 1 : 1;
        // The proof of consistency fails where the last head is on the other branch.
        if (last && *last != head_on(run.branch, last->size.v)) return;
        const SignedHead next = head_on(run.branch, size);
        const Said said{run.log, size <= 3 ? 0 : run.branch, size, next.root};
        const auto answer = [&] {
            files.step();
            if (::write(answers, &said, sizeof said) != sizeof said) ::_exit(3);
        };
        if (run.answers_first) answer();
        must(state->replace(origin, CosignRole::witness, last, next));
        if (!run.answers_first) answer();
    }
}

/// Runs it in a process, killed from outside after some answers or by itself; what it said.
std::vector<Said> run_and_kill(const Run& run, std::uint64_t kill_after) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        cosign(run, ends[1]);
        ::_exit(0);
    }
    ::close(ends[1]);
    std::vector<Said> out;
    Said said{};
    while (::read(ends[0], &said, sizeof said) == sizeof said) {
        out.push_back(said);
        if (out.size() == kill_after) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return out;
}

/// So many kills; the number of logs of which two contradicting heads were cosigned.
std::size_t contradicted(std::uint64_t kills, bool answers_first) {
    TempDir dir;
    const std::string path = dir.path() + "/cosigned";
    must(create_file_cosign_state(path));
    Rng rng(20151126);
    std::map<std::uint64_t, std::set<std::uint64_t>> branches;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::set<Hash>> roots;
    std::size_t answers = 0;
    for (std::uint64_t i = 0; i < kills; ++i) {
        const bool by_itself = i % 2 == 0;
        const Run run{path, i / 5, 1 + rng.below(2), by_itself ? rng.below(40) : ~std::uint64_t{0},
                      answers_first};
        for (const Said& said : run_and_kill(run, by_itself ? 0 : 1 + rng.below(6))) {
            ++answers;
            if (said.branch != 0) branches[said.log].insert(said.branch);
            roots[{said.log, said.size}].insert(said.root);
        }
    }
    EXPECT_GT(answers, kills);
    std::set<std::uint64_t> bad;
    for (const auto& [log, seen] : branches) {
        if (seen.size() > 1) bad.insert(log);
    }
    for (const auto& [where, seen] : roots) {
        if (seen.size() > 1) bad.insert(where.first);
    }
    return bad.size();
}

TEST(CosignStateKill, NeverYieldsTwoContradictingCosignatures) {
    EXPECT_EQ(contradicted(is_long() ? 1000 : 50, false), 0u);
}

// Who answers before he remembers is found by the same test.
TEST(CosignStateKill, FindsWhoAnswersFirst) { EXPECT_GT(contradicted(100, true), 0u); }

}  // namespace
}  // namespace entente::store

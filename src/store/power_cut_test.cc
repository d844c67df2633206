// SPDX-License-Identifier: Apache-2.0
// The power goes at any place: store and file signer on a disk that loses whatever was not synced.
// After every cut, no acknowledged commit is lost, the head is the signer's last or next, entries
// have no gap, nothing is damaged, and work goes on. The same test must find the loss when any
// needed sync is taken out. ENTENTE_LONG=1: 20,000 cuts instead of 200.
#include <gtest/gtest.h>

#include "store/disk_model.h"
#include "store/file_signer.h"
#include "store/sqlite_db.h"
#include "store/sqlite_store.h"
#include "store/testing.h"
#include "store/tiny_node.h"

namespace entente::store {
namespace {

using node::StoredHead;

bool is_long() {
    const char* value = std::getenv("ENTENTE_LONG");
    return value != nullptr && std::string(value) == "1";
}

const std::string database = "/data/log.db";
const std::string signer_dir = "/data/signer";

/// A node's process on a disk: opened, worked with, closed in order or killed.
class Process {
  public:
    explicit Process(Disk& disk) : disk_(disk), files_(disk), vfs_(disk) {}
    ~Process() { close(); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    Result<void> init() {
        TRYV(files_.make_dir("/data"));
        TRYV(files_.sync_dir("/"));
        TRYV(create_file_signer(signer_dir, tiny_key(), files_));
        TRY(store, open_sqlite(database, OpenMode::create, engine()));
        store_ = std::move(store);
        return begin();
    }

    Result<void> open() {
        TRY(store, open_sqlite(database, OpenMode::read_write, engine()));
        store_ = std::move(store);
        return begin();
    }

    /// One commit, acknowledged: the disk's mark is the size.
    Result<void> work(std::uint64_t entries) {
        const std::uint64_t size = head_ ? head_->size.v + entries : entries;
        TRY(head, advance(*store_, *signer_, head_, size));
        head_ = head;
        disk_.mark(size);
        return {};
    }

    /// After an error, without ending: the state is asked again until the world answers.
    Result<void> recover() {
        TRY(found, start(*store_, *signer_));
        head_ = found.head;
        halted_ = found.halted;
        return {};
    }

    void close() {
        signer_.reset();
        store_.reset();
    }

    /// Dead at once: not even SQLite's orderly close reaches the disk.
    void die() {
        disk_.kill_after(0);
        close();
        disk_.kill();
        disk_.revive();
    }

    node::Store& store() { return *store_; }
    node::Signer& signer() { return *signer_; }
    const std::optional<StoredHead>& head() const { return head_; }
    const std::string& halted() const { return halted_; }
    Engine engine() { return {vfs_.name(), &files_, false, 6}; }

  private:
    Result<void> begin() {
        TRY(signer, open_file_signer(signer_dir, files_));
        signer_ = std::move(signer);
        return recover();
    }

    Disk& disk_;
    DiskFiles files_;
    DiskVfs vfs_;
    std::unique_ptr<node::Store> store_;
    std::unique_ptr<node::Signer> signer_;
    std::optional<StoredHead> head_;
    std::string halted_;
};

/// What a start on this disk finds wrong, or nothing.
std::string violation(Disk& disk, std::uint64_t acknowledged) {
    Process process(disk);
    const auto opened = process.open();
    if (!opened) return "does not open: " + detail(opened);
    if (!process.halted().empty()) return "halted: " + process.halted();
    const std::uint64_t size = process.head() ? process.head()->size.v : 0;
    if (size < acknowledged) {
        return "lost: " + std::to_string(acknowledged) + " acknowledged, " + std::to_string(size) +
               " found";
    }
    if (process.head() && process.head() != head_at(size)) return "another head";
    const auto rows = scan_all(process.store(), 0, size);
    if (!rows) return "scan: " + detail(rows);
    for (std::uint64_t i = 0; i < size; ++i) {
        if ((*rows)[i] != entry_at(i)) return "another entry " + std::to_string(i);
    }
    if (scan_all(process.store(), size, size + 1)) return "entries beyond the head";
    const auto outbox = process.store().outbox(0, 100000);
    if (!outbox) return "outbox: " + detail(outbox);
    const std::string newest = outbox->empty() ? "0" : outbox->back().second.payload;
    if (newest != std::to_string(size)) return "the outbox ends at " + newest;
    const auto on = process.work(3);
    if (!on) return "does not go on: " + detail(on);
    process.close();

    auto db = Database::open(database, Database::Access::write, process.engine().vfs);
    if (!db) return detail(db);
    static_cast<void>((*db)->run("PRAGMA locking_mode = EXCLUSIVE"));
    auto check = (*db)->prepare("PRAGMA integrity_check");
    if (!check || !check->step()) return "integrity_check fails";
    const std::string said(check->blob(0));
    check->reset();
    return said == "ok" ? "" : "integrity_check: " + said;
}

/// Some time in the life of a node: commits, orderly restarts, kills at any operation, failing
/// syncs.
void live(Disk& disk, Process& process, Rng& rng, int steps) {
    for (int i = 0; i < steps; ++i) {
        const std::uint64_t dice = rng.below(20);
        if (dice == 0) {
            process.close();
            must(process.open());
        } else if (dice <= 2) {
            disk.kill_after(rng.below(25));
            while (process.work(1 + rng.below(4))) {
            }
            process.die();
            must(process.open());
        } else if (dice == 3) {
            disk.failing_sync = 1 + static_cast<int>(rng.below(8));
            // Not every failed sync fails a commit: SQLite's own checkpoints are repeated later.
            while (disk.failing_sync > 0 && process.work(1 + rng.below(4))) {
            }
            // It goes on by itself, or ends and is started again.
            if (rng.below(2) == 0) {
                must(process.recover());
            } else {
                process.close();
                must(process.open());
            }
        } else {
            must(process.work(1 + rng.below(4)));
        }
        ASSERT_EQ(process.halted(), "");
    }
}

using Lie = std::function<bool(const std::string&, bool)>;

struct Tally {
    int cuts = 0;
    int violations = 0;
    std::string first;
};

/// Lives one life, with syncs left out if a lie is given (in init, and after it), cuts it at many
/// places, and looks.
void cut_life(std::uint64_t seed, int cuts, const Lie& in_init, const Lie& later, Tally& tally) {
    Rng rng(seed);
    Disk disk;
    disk.lies = in_init;
    auto process = std::make_unique<Process>(disk);
    must(process->init());
    disk.lies = later;
    const std::size_t first = disk.operations();
    live(disk, *process, rng, in_init ? 1 : 30);  // a lie in init shows at once or never
    // Half the lives end with the process still there; the others with its orderly end.
    if (seed % 2 == 0) process->close();
    const std::size_t last = disk.operations();
    for (int i = 0; i < cuts; ++i) {
        const std::size_t at = first + rng.below(last - first + 1);
        const auto loss = static_cast<Disk::Loss>(rng.below(5));
        Disk left = disk.cut(at, loss, rng);
        const std::string wrong = violation(left, disk.marked(at));
        ++tally.cuts;
        if (wrong.empty()) continue;
        if (tally.violations++ == 0) {
            tally.first = "seed " + std::to_string(seed) + ", cut " + std::to_string(i) + " at " +
                          std::to_string(at) + " of " + std::to_string(last) + ", loss " +
                          std::to_string(static_cast<int>(loss)) + ": " + wrong;
        }
    }
}

TEST(PowerCut, LosesNothingThatWasAcknowledged) {
    const int lives = is_long() ? 400 : 10;
    const int cuts = is_long() ? 50 : 20;
    Tally tally;
    for (int i = 0; i < lives; ++i) {
        cut_life(10 + static_cast<std::uint64_t>(i), cuts, {}, {}, tally);
    }
    EXPECT_EQ(tally.cuts, lives * cuts);
    EXPECT_EQ(tally.violations, 0) << tally.first;
}

// The signer alone: a settling whose directory was never synced, then the next proposal. Whatever
// names the cut keeps, `last` and `next` belong together.
TEST(PowerCut, NeverKeepsALaterNextWithoutTheSettlingBefore) {
    const auto text = [](const node::SignedHead& head) {
        return test_origin.v + "\n" + std::to_string(head.size.v) + "\n" +
               to_base64(head.root.view()) + "\n";
    };
    const auto at = [](std::uint64_t size) {
        return node::SignedHead{TreeSize{size}, root_of(size)};
    };
    Disk disk;
    DiskFiles files(disk);
    must(create_file_signer("/signer", tiny_key(), files));
    auto signer = must(open_file_signer("/signer", files));
    must(signer->propose(at(1), text(at(1))));
    must(signer->settle());
    must(signer->propose(at(2), text(at(2))));
    disk.failing_sync = 1;
    EXPECT_FALSE(signer->settle());  // renamed, not synced; a kill does the same
    const std::size_t first = disk.operations();
    must(signer->propose(at(3), text(at(3))));
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Rng rng(seed);
        Disk left = disk.cut(first + rng.below(disk.operations() - first), Disk::Loss::some, rng);
        DiskFiles left_files(left);
        const auto state = must(must(open_file_signer("/signer", left_files))->state());
        EXPECT_FALSE(state.last == at(1) && state.next == at(3)) << seed;
    }
}

/// Each sync that is needed, taken out: the harness must see the loss, or it proves nothing.
struct Needed {
    const char* name;
    Lie lie;
    bool in_init;  // or ever after
};

bool in_signer(const std::string& path) { return path.starts_with(signer_dir + "/"); }
bool key_file(const std::string& path, bool dir) { return !dir && in_signer(path); }
bool signer_names(const std::string& path, bool dir) { return dir && path == signer_dir; }
bool data_names(const std::string& path, bool dir) { return dir && path == "/data"; }
bool root_names(const std::string& path, bool dir) { return dir && path == "/"; }
bool wal(const std::string& path, bool dir) { return !dir && path == database + "-wal"; }
bool main_file(const std::string& path, bool dir) { return !dir && path == database; }

const Needed needed_syncs[] = {
    {"OfTheKey", key_file, true},
    {"OfTheKeysName", signer_names, true},
    {"OfTheNewDatabase", main_file, true},
    {"OfTheNamesInTheDataDirectory", data_names, true},
    {"OfTheDataDirectorysName", root_names, true},
    {"OfTheNextHead", key_file, false},
    {"OfTheNextHeadsName", signer_names, false},
    {"OfTheWal", wal, false},
    {"OfTheDatabaseAtACheckpoint", main_file, false},
    {"OfTheWalsName", data_names, false},
};

class PowerCutWithoutSync : public ::testing::TestWithParam<Needed> {};
INSTANTIATE_TEST_SUITE_P(All, PowerCutWithoutSync, ::testing::ValuesIn(needed_syncs),
                         [](const auto& needed) { return needed.param.name; });

TEST_P(PowerCutWithoutSync, FindsTheLoss) {
    const Needed& needed = GetParam();
    const Lie honest;
    Tally tally;
    for (std::uint64_t seed = 0; seed < 40 && tally.violations == 0; ++seed) {
        cut_life(seed, 20, needed.in_init ? needed.lie : honest,
                 needed.in_init ? honest : needed.lie, tally);
    }
    EXPECT_GT(tally.violations, 0) << "nothing found in " << tally.cuts << " cuts";
    RecordProperty("found", tally.first);
}

// A process that was killed between writing the log and syncing it leaves a commit that the next
// process sees. If opening did not make it durable, it would be acknowledged and then lost.
std::string cut_after_kill(int failing_sync, bool honest_open) {
    Disk disk;
    Process process(disk);
    must(process.init());
    must(process.work(1));
    disk.failing_sync = failing_sync;
    static_cast<void>(process.work(1));
    disk.failing_sync = 0;
    process.die();
    if (!honest_open) {
        disk.lies = [](const std::string& path, bool dir) {
            return wal(path, dir) || main_file(path, dir);
        };
    }
    must(process.open());
    Rng rng(1);
    Disk left = disk.cut(disk.operations(), Disk::Loss::everything, rng);
    return violation(left, process.head()->size.v);
}

TEST(PowerCut, CannotTakeWhatAKilledProcessLeftAndTheNextAcknowledged) {
    int lost = 0;
    for (int sync = 1; sync <= 6; ++sync) {
        EXPECT_EQ(cut_after_kill(sync, true), "") << sync;
        if (!cut_after_kill(sync, false).empty()) ++lost;
    }
    EXPECT_GT(lost, 0);  // or nothing was tested
}

}  // namespace
}  // namespace entente::store

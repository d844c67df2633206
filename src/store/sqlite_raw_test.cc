// SPDX-License-Identifier: Apache-2.0
// Rows of a damaged file, its copy, and a signer without a key. What a whole register makes of them
// is in cli/tests/scrub_test.py and backup_test.py.
#include "store/sqlite_raw.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/file_signer.h"
#include "store/sqlite_copy.h"
#include "store/sqlite_db.h"
#include "store/testing.h"
#include "store/tiny_node.h"

namespace entente::store {
namespace {

class Raw : public ::testing::Test {
  protected:
    TempDir dir_;
    const std::string path_ = dir_.path() + "/log.db";
    std::vector<Damage> damage_;

    void SetUp() override {
        const auto store = must(open_sqlite(path_, OpenMode::create));
        node::Commit commit = commit_to(std::nullopt, 20);
        commit.additions.releases = {{test_origin, {"un"}, 0, "a"}, {test_origin, {"un"}, 1, "b"}};
        must(store->commit(commit));
    }
    std::unique_ptr<RawRows> open() {
        return must(RawRows::open(path_, [this](Damage d) { damage_.push_back(std::move(d)); }));
    }
    void run(const char* sql) {
        must(must(Database::open(path_, Database::Access::write, nullptr))->run(sql));
    }
};

TEST_F(Raw, ReadsPastADamagedRow) {
    run("UPDATE release SET leaf = x'00' WHERE number = 0; UPDATE head SET epoch = 9;"
        "DELETE FROM entry WHERE idx = 3");
    const auto rows = open();
    const auto heads = rows->heads();
    ASSERT_EQ(heads.size(), 1u);
    EXPECT_FALSE(heads[0].whole);
    EXPECT_EQ(heads[0].head.root, root_of(20));
    std::vector<std::uint64_t> seen;
    rows->entries(test_origin, [&](EntryIndex index, Bytes&& bytes) {
        seen.push_back(index.v);
        EXPECT_EQ(bytes, entry_at(index.v).entry);
    });
    EXPECT_EQ(seen.size(), 19u);
    std::vector<Bytes> leaves;
    rows->releases([&](node::StoredRelease&& row) { leaves.push_back(row.leaf); });
    EXPECT_EQ(leaves, std::vector<Bytes>{"b"});
    ASSERT_EQ(damage_.size(), 2u);
    EXPECT_EQ(damage_[0].row, "the head of log " + test_origin.v);
    EXPECT_EQ(damage_[1].row, "release 0 of " + test_origin.v + " to un");
}

TEST_F(Raw, NamesAGapInAList) {
    run("DELETE FROM release WHERE number = 0");
    open()->releases([](node::StoredRelease&&) {});
    ASSERT_EQ(damage_.size(), 1u);
    EXPECT_NE(damage_[0].what.find("not there"), std::string::npos);
}

TEST_F(Raw, RepairsAllOrNothing) {
    run("DELETE FROM entry WHERE idx = 3; UPDATE entry SET bytes = x'00' WHERE idx = 4");
    const auto entry = [](std::uint64_t index) { return std::pair{test_origin, entry_at(index)}; };
    must(open()->repair({{entry(3), entry(4)}, {head_at(20)}}));
    const auto store = must(open_sqlite(path_, OpenMode::read_only));
    const auto rows = must(scan_all(*store, 0, 20));
    for (std::uint64_t i = 0; i < 20; ++i) EXPECT_EQ(rows[i], entry_at(i));
}

// A page of the table that was overwritten: the rest is read, and what could not be is said.
TEST_F(Raw, SaysWhereItCouldNotReadOn) {
    Bytes file = *must(os_files().read(path_, 16u << 20));
    const std::size_t at = file.find(entry_at(5).entry);
    ASSERT_NE(at, Bytes::npos);
    const std::size_t page = at / 16384 * 16384;
    for (std::size_t i = 0; i < 8; ++i) file[page + i] = '\xff';
    must(os_files().write(path_, file));
    const auto rows = open();
    rows->pages();
    EXPECT_FALSE(damage_.empty());
    damage_.clear();
    rows->entries(test_origin, [](EntryIndex, Bytes&&) {});
    ASSERT_EQ(damage_.size(), 1u);
    EXPECT_NE(damage_[0].what.find("cannot be read on"), std::string::npos);
    std::uint64_t bodies = 0;
    rows->bodies(test_origin, [&](node::StoredBodies&&) { ++bodies; });
    EXPECT_GT(bodies, 10u);
}

TEST_F(Raw, ACopyIsTheSameAndForItsOwnerOnly) {
    const std::string to = dir_.path() + "/copy.db";
    must(copy_store(path_, to));
    EXPECT_EQ(must(os_files().stat(to))->mode, 0600u);
    EXPECT_EQ(copy_store(path_, to).error().code, Errc::refused);
    std::filesystem::create_directory(dir_.path() + "/b");
    std::filesystem::rename(to, dir_.path() + "/b/log.db");
    const auto store = must(open_sqlite(dir_.path() + "/b/log.db", OpenMode::read_write));
    EXPECT_EQ(must(store->head(test_origin)), head_at(20));
    EXPECT_EQ(must(scan_all(*store, 0, 20)).size(), 20u);
    must(store->commit(commit_to(head_at(20), 21)));
}

// What was purged is in no copy, though it may still stand in the file's write-ahead log.
TEST_F(Raw, ACopyHoldsNothingThatWasPurged) {
    auto store = must(open_sqlite(path_, OpenMode::read_write));
    const node::StoredEntry old = entry_at(0);
    must(store->add({.bodies = {{test_origin, EntryIndex{0}, "new keys", "new texts"}}}));
    store.reset();
    const std::string to = dir_.path() + "/copy.db";
    must(copy_store(path_, to));
    const Bytes copy = *must(os_files().read(to, 16u << 20));
    EXPECT_EQ(copy.find(old.wrapped_keys.substr(20, 16)), Bytes::npos);
    EXPECT_NE(copy.find("new keys"), Bytes::npos);
}

TEST(KeylessSigner, KnowsItsLogAndSignsNothing) {
    TempDir dir;
    const std::string path = dir.path() + "/signer";
    const std::string vkey = tiny_key().verifier().text();
    EXPECT_FALSE(create_keyless_signer(path, "nonsense"));
    must(create_keyless_signer(path, vkey));
    const auto signer = must(open_file_signer(path));
    EXPECT_EQ(must(signer->vkey()), vkey);
    EXPECT_EQ(must(signer->state()).last, std::nullopt);
    EXPECT_EQ(signer->propose({TreeSize{1}, root_of(1)}, "text").error().code, Errc::refused);
    EXPECT_EQ(signer->settle().error().code, Errc::refused);
    // The key comes back.
    must(create_file_signer(path, tiny_key()));
    EXPECT_EQ(must(must(open_file_signer(path))->vkey()), vkey);
    must(os_files().remove(path + "/key"));
    must(os_files().write(path + "/vkey", "x\n"));
    EXPECT_FALSE(open_file_signer(path));
}

}  // namespace
}  // namespace entente::store

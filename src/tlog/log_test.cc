// SPDX-License-Identifier: Apache-2.0
#include "tlog/log.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/random.h"
#include "tlog/oracle.h"

namespace entente::tlog {

// A memory that has lost a bit, in either half of the log's state.
struct FrontierFault {
    static void flip(Frontier& frontier) { frontier.peaks_.front().hash.bytes[3] ^= 4; }
};
struct LogFault {
    static Frontier& frontier(Log& log) { return log.frontier_; }
    static Tree& tree(Log& log) { return log.tree_; }
};

namespace {

const Origin origin{"entente-x/un"};

Log log_of(std::span<const Bytes> entries) {
    std::vector<Hash> leaves;
    for (const Bytes& entry : entries) leaves.push_back(leaf_hash(entry));
    return Log::load(origin, leaves).value();
}

TEST(Log, GrowsByBatchesToTheSameRootAsTheDefinition) {
    const std::vector<Bytes> entries = oracle::entries(700);
    Rng rng(5);
    Log log(origin);
    EXPECT_EQ(log.checkpoint().root, empty_root());
    while (log.size().v < entries.size()) {
        const std::size_t begin = log.size().v;
        const std::size_t most = entries.size() - begin;
        const auto batch = std::span(entries).subspan(begin, 1 + rng.below(most) % 97);
        const Pending pending = log.prepare(oracle::views(batch)).value();
        EXPECT_EQ(log.size().v, begin);  // not adopted yet
        EXPECT_EQ(pending.checkpoint.origin, origin);
        EXPECT_EQ(pending.checkpoint.size.v, begin + batch.size());
        ASSERT_TRUE(log.adopt(pending));
        const auto all = std::span(entries).first(log.size().v);
        ASSERT_EQ(log.checkpoint().root, oracle::mth(all));
        ASSERT_EQ(log.checkpoint(), pending.checkpoint);
        ASSERT_EQ(log_of(all).checkpoint(), pending.checkpoint);
    }
}

TEST(Log, ABatchThatIsNotAdoptedLeavesNothing) {
    const std::vector<Bytes> entries = oracle::entries(40);
    Log log = log_of(std::span(entries).first(20));
    const Checkpoint before = log.checkpoint();
    const auto one = log.prepare(oracle::views(std::span(entries).subspan(20, 5))).value();
    EXPECT_EQ(log.checkpoint(), before);
    const auto two = log.prepare(oracle::views(std::span(entries).subspan(20, 20))).value();
    ASSERT_TRUE(log.adopt(two));
    EXPECT_EQ(log.checkpoint().root, oracle::mth(entries));
    EXPECT_EQ(log.adopt(one).error().code, Errc::stale);
    EXPECT_EQ(log.adopt(two).error().code, Errc::stale);
    EXPECT_EQ(log.checkpoint(), two.checkpoint);
    Log other(Origin{"entente-x/ru"});
    const auto theirs = other.prepare(oracle::views(entries)).value();
    Log empty(origin);
    EXPECT_EQ(empty.adopt(theirs).error().code, Errc::stale);
}

TEST(Log, RefusesEmptyBatchesAndLongEntries) {
    Log log(origin);
    EXPECT_EQ(log.prepare({}).error().code, Errc::refused);
    const Bytes longest(limits::entry_bytes_max, 'x');
    const Bytes longer = longest + "x";
    EXPECT_TRUE(log.prepare(std::vector<BytesView>{longest}));
    EXPECT_EQ(log.prepare(std::vector<BytesView>{longest, longer}).error().code, Errc::too_large);
    EXPECT_EQ(log.size().v, 0u);
}

TEST(Log, ADamagedHalfStopsTheSignature) {
    const std::vector<Bytes> entries = oracle::entries(25);
    const std::vector<BytesView> batch = oracle::views(std::span(entries).subspan(20));
    Log log = log_of(std::span(entries).first(20));
    const Checkpoint before = log.checkpoint();
    FrontierFault::flip(LogFault::frontier(log));
    EXPECT_EQ(log.prepare(batch).error().code, Errc::bad_proof);
    EXPECT_EQ(log.checkpoint(), before);
    FrontierFault::flip(LogFault::frontier(log));
    Pending pending = log.prepare(batch).value();

    pending.leaves[2].bytes[0] ^= 1;
    EXPECT_EQ(log.adopt(pending).error().code, Errc::bad_proof);
    EXPECT_EQ(log.checkpoint(), before);
    pending.leaves[2].bytes[0] ^= 1;
    FrontierFault::flip(LogFault::frontier(log));
    EXPECT_EQ(log.adopt(pending).error().code, Errc::bad_proof);
    EXPECT_EQ(log.checkpoint(), before);
    FrontierFault::flip(LogFault::frontier(log));
    ASSERT_TRUE(log.adopt(pending));
    EXPECT_EQ(log.checkpoint().root, oracle::mth(entries));
}

TEST(Log, ADamagedTreeStopsTheSignature) {
    const std::vector<Bytes> entries = oracle::entries(12);
    Log log = log_of(std::span(entries).first(11));
    Tree& tree = LogFault::tree(log);
    tree.truncate({10});
    tree.append(leaf_hash("not entry 10"));
    EXPECT_EQ(log.prepare(oracle::views(std::span(entries).subspan(11))).error().code,
              Errc::bad_proof);
}

}  // namespace
}  // namespace entente::tlog

// SPDX-License-Identifier: Apache-2.0
// What a start verifies of the cosignatures that are stored: nothing of what this node has marked
// as verified, and everything else.
#include <gtest/gtest.h>

#include "base/encode.h"
#include "base/sha256.h"
#include "node/exchange_state.h"
#include "sim/four_for_test.h"
#include "sim/remember.h"
#include "store/testing.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
using Rows = std::vector<node::StoredCosignature>;

class Started : public Four {
  public:
    Rows rows_of(Party& of, const Origin& origin) {
        return store::testing::must(store::testing::all_cosignatures(of.store(), origin));
    }
    Rows rows(const Origin& origin) { return rows_of(fr(), origin); }
    Origin msf_log() { return msf().node().origin(); }
    /// Of all logs.
    std::size_t row_count() {
        std::size_t out = 0;
        for (Party* one : {&fr(), &ru(), &msf(), &un()}) out += rows(one->node().origin()).size();
        return out;
    }
    std::size_t marked_count() {
        std::size_t out = 0;
        for (Party* one : {&fr(), &ru(), &msf(), &un()}) {
            for (const auto& row : rows(one->node().origin())) out += row.mark.empty() ? 0u : 1u;
        }
        return out;
    }
    /// A row takes the place of the one that is there if it states an earlier time; the time that
    /// counts is the line's.
    void replace(node::StoredCosignature row) {
        row.time -= 1s;
        ASSERT_TRUE(fr().store().add({.cosignatures = {row}}));
    }
    void unmark_all() {
        for (Party* one : {&fr(), &ru(), &msf(), &un()}) {
            for (auto row : rows(one->node().origin())) {
                row.mark.clear();
                replace(row);
            }
        }
    }
    Result<void> start() {
        fr().stop();
        const std::uint64_t before = signatures_asked();
        auto done = fr().start();
        asked = signatures_asked() - before;
        return done;
    }
    void expect_bad(const node::StoredCosignature& row) {
        replace(row);
        const auto started = start();
        ASSERT_FALSE(started);
        EXPECT_EQ(started.error().code, Errc::bad_signature) << started.error().detail;
    }
    std::uint64_t asked = 0;  // signatures, by the last start
};

TEST(Start, VerifiesNoCosignatureThatThisNodeHasMarked) {
    Started world;
    world.rounds(5);
    ASSERT_TRUE(world.start());
    const std::uint64_t few = world.asked;
    const std::size_t rows = world.row_count();
    world.rounds(25);
    EXPECT_GT(world.row_count(), rows + 100);
    ASSERT_TRUE(world.start());
    EXPECT_EQ(world.asked, few) << "not one for any of " << world.row_count() << " rows";
    EXPECT_EQ(world.marked_count(), world.row_count());
}

TEST(Start, VerifiesAndMarksWhatHasNoMark) {
    Started world;
    world.rounds(5);
    ASSERT_TRUE(world.start());
    const std::uint64_t few = world.asked;
    const std::size_t rows = world.row_count();
    world.unmark_all();
    EXPECT_EQ(world.marked_count(), 0u);
    ASSERT_TRUE(world.start());
    EXPECT_EQ(world.asked, few + rows);
    EXPECT_EQ(world.marked_count(), rows);
    ASSERT_TRUE(world.start());
    EXPECT_EQ(world.asked, few);
}

/// A full disk keeps nobody from checks: what could not be marked is verified again the next time.
TEST(Start, GoesOnWhereMarksCannotBeStored) {
    Started world;
    world.rounds(5);
    const std::size_t rows = world.row_count();
    world.unmark_all();
    for (std::uint64_t i = 0; i < 4; ++i)
        world.fr().faults().fail_commit(i, store::Fault::disk_full);
    ASSERT_TRUE(world.start());
    EXPECT_EQ(world.marked_count(), 0u);
    EXPECT_GE(world.asked, rows);
    world.fr().faults().work();
    ASSERT_TRUE(world.start());
    EXPECT_GE(world.asked, rows);
    EXPECT_EQ(world.marked_count(), rows);
}

TEST(Start, WhoOnlyReadsVerifiesAndWritesNothing) {
    Started world;
    world.rounds(5);
    world.unmark_all();
    Party& fr = world.fr();
    const std::uint64_t before = signatures_asked();
    ASSERT_TRUE(node::Exchange::open(fr.node(), fr.store(), fr.cosigned(), nullptr, fr.vault(),
                                     fr.rng().bytes()));
    EXPECT_GE(signatures_asked() - before, world.row_count());
    EXPECT_EQ(world.marked_count(), 0u);
}

/// Whatever mark stands there but this node's own for this very row, the signature is verified.
TEST(Start, BelievesNoOtherMark) {
    Started world;
    world.rounds(5);
    ASSERT_TRUE(world.start());
    const std::uint64_t few = world.asked;
    const Rows rows = world.rows(world.msf_log());
    ASSERT_GE(rows.size(), 4u);
    std::vector<Bytes> marks = {Bytes(16, '\0'), rows[1].mark, rows[0].mark.substr(1),
                                rows[0].mark + '\0'};
    for (std::size_t bit = 0; bit < 128; bit += 13) {
        marks.push_back(rows[0].mark);
        marks.back()[bit / 8] = static_cast<char>(marks.back()[bit / 8] ^ 1 << bit % 8);
    }
    // Another node's, of the same line.
    for (const auto& row : world.rows_of(world.un(), world.msf_log())) {
        if (row.line == rows[0].line) marks.push_back(row.mark);
    }
    ASSERT_EQ(marks.size(), 15u);
    for (const Bytes& mark : marks) {
        node::StoredCosignature row = world.rows(world.msf_log())[0];
        row.mark = mark;
        world.replace(row);
        ASSERT_TRUE(world.start());
        EXPECT_EQ(world.asked, few + 1) << to_hex(mark);
        EXPECT_EQ(world.rows(world.msf_log())[0].mark, rows[0].mark) << "and marked";
    }
}

/// A mark that was right for something else makes nothing of it believed: refused by its signature.
TEST(Start, RefusesALineThatIsNotOverItsHead) {
    Started world;
    world.rounds(5);
    const Rows rows = world.rows(world.msf_log());
    node::StoredCosignature other_head = rows.front();
    other_head.size = rows.back().size;
    other_head.root = rows.back().root;
    ASSERT_NE(other_head.size, rows.front().size);
    world.expect_bad(other_head);
}

TEST(Start, RefusesALineWithAnotherTime) {
    Started world;
    world.rounds(5);
    node::StoredCosignature row = world.rows(world.msf_log()).front();
    auto line = tlog::Cosignature::parse(node::parse_line(row.line).value()).value();
    line.time -= 24h;  // then what it covers would be final since yesterday
    row.line = node::format_line(line.line());
    world.expect_bad(row);
}

TEST(Start, RefusesALineOfAnotherLog) {
    Started world;
    world.rounds(5);
    node::StoredCosignature row = world.rows(world.ru().node().origin()).front();
    const Rows rows = world.rows(world.msf_log());
    for (const auto& there : rows) {
        if (there.cosigner != row.cosigner) continue;
        row.origin = there.origin;
        row.size = there.size;
        row.root = there.root;
        row.time = there.time;
        return world.expect_bad(row);
    }
    FAIL() << "who cosigns both logs?";
}

}  // namespace
}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// The contract of node::Store, run against every store that there is (store_worlds.h): one's own
// log. What an exchange adds is in exchange_test.cc, what only one store does in its own test.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/store_worlds.h"

namespace entente::store {
namespace {

using node::StoredHead;

class Store : public ::testing::TestWithParam<Kind> {
  protected:
    std::unique_ptr<World> world_ = GetParam().make();
    node::Store& store_ = world_->store();

    StoredHead grow(const std::optional<StoredHead>& from, std::uint64_t size,
                    const Origin& origin = test_origin) {
        must(store_.commit(commit_to(from, size, origin)));
        return head_at(size, origin);
    }
};
INSTANTIATE_TEST_SUITE_P(All, Store, ::testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(Store, IsEmptyAtFirst) {
    EXPECT_EQ(must(store_.head(test_origin)), std::nullopt);
    EXPECT_EQ(scan_all(store_, 0, 1).error().code, Errc::not_found);
    EXPECT_TRUE(must(scan_all(store_, 0, 0)).empty());
    EXPECT_TRUE(must(store_.outbox(0, 10)).empty());
    EXPECT_EQ(must(store_.document(root_of(1))), std::nullopt);
}

TEST_P(Store, GivesBackWhatWasCommitted) {
    StoredHead head = grow(std::nullopt, 5);
    head = grow(head, 40);
    EXPECT_EQ(must(store_.head(test_origin)), head);
    const auto rows = must(scan_all(store_, 0, 40));
    ASSERT_EQ(rows.size(), 40u);
    for (std::uint64_t i = 0; i < 40; ++i) EXPECT_EQ(rows[i], entry_at(i)) << i;
    EXPECT_EQ(must(scan_all(store_, 7, 9)), (std::vector{entry_at(7), entry_at(8)}));
}

TEST_P(Store, KeepsAnEmptyLogApartFromNone) {
    const StoredHead head = grow(std::nullopt, 0);
    EXPECT_EQ(must(store_.head(test_origin)), head);
    EXPECT_EQ(store_.commit(commit_to(std::nullopt, 0)).error().code, Errc::stale);
}

TEST_P(Store, RefusesAnotherExpectedHead) {
    const StoredHead head = grow(std::nullopt, 5);
    StoredHead other = head;
    other.root = root_of(99);
    StoredHead fenced = head;
    fenced.epoch = 2;
    EXPECT_EQ(store_.commit(commit_to(std::nullopt, 6)).error().code, Errc::stale);
    EXPECT_EQ(store_.commit(commit_to(head_at(4), 6)).error().code, Errc::stale);
    EXPECT_EQ(store_.commit(commit_to(other, 6)).error().code, Errc::stale);
    node::Commit late = commit_to(fenced, 6);
    late.next.epoch = 2;
    EXPECT_EQ(store_.commit(late).error().code, Errc::stale);
    EXPECT_EQ(must(store_.head(test_origin)), head);
    EXPECT_EQ(scan_all(store_, 5, 6).error().code, Errc::not_found);
}

TEST_P(Store, FencesAWriterOfAnEarlierEpoch) {
    const StoredHead head = grow(std::nullopt, 5);
    node::Commit take_over = commit_to(head, 5);
    take_over.next.epoch = 2;
    must(store_.commit(take_over));
    const auto late = store_.commit(commit_to(head, 6));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, Errc::stale);
    EXPECT_NE(late.error().detail.find("epoch 2"), std::string::npos) << late.error().detail;
}

TEST_P(Store, RefusesACommitThatIsNotOneStep) {
    const StoredHead head = grow(std::nullopt, 5);
    node::Commit gap = commit_to(head, 8);
    gap.entries[1].index.v = 9;
    node::Commit short_of = commit_to(head, 8);
    short_of.entries.pop_back();
    node::Commit shrinks = commit_to(head, 5);
    shrinks.next = head_at(4);
    node::Commit large = commit_to(head, 6);
    large.entries[0].entry.assign(limits::entry_bytes_max + 1, 'x');
    node::Commit other_root = commit_to(head, 5);
    other_root.next.root = root_of(9);
    node::Commit other_log = commit_to(head, 5);
    other_log.next.origin.v += "2";
    node::Commit falls = commit_to(head, 6);
    falls.next.epoch = 0;
    for (const node::Commit* bad :
         {&gap, &short_of, &shrinks, &large, &other_root, &other_log, &falls}) {
        const auto done = store_.commit(*bad);
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, Errc::malformed) << done.error().detail;
    }
    EXPECT_EQ(must(store_.head(test_origin)), head);
}

TEST_P(Store, TakesTheLargestEntryAndAnyBytes) {
    node::Commit commit = commit_to(std::nullopt, 2);
    commit.entries[0].entry.assign(limits::entry_bytes_max, '\xff');
    commit.entries[1].entry = std::string("\0'\";--\n", 7);
    commit.entries[1].ciphertexts.assign(3 * limits::body_bytes_max, '\0');
    commit.next.note = std::string("\xe2\x80\x94\0", 4);
    commit.outbox = {{"peer'--", std::string("\0", 1)}};
    must(store_.commit(commit));
    EXPECT_EQ(must(store_.head(test_origin)), commit.next);
    EXPECT_EQ(must(scan_all(store_, 0, 2)), commit.entries);
    EXPECT_EQ(must(store_.outbox(0, 9)).at(0).second, commit.outbox[0]);
}

TEST_P(Store, KeepsLogsApart) {
    const Origin other{test_origin.v + "/2"};
    const StoredHead first = grow(std::nullopt, 3);
    const StoredHead second = grow(std::nullopt, 1, other);
    EXPECT_EQ(must(store_.head(test_origin)), first);
    EXPECT_EQ(must(store_.head(other)), second);
    EXPECT_EQ(scan_all(store_, 0, 2, other).error().code, Errc::not_found);
    EXPECT_EQ(must(scan_all(store_, 0, 3)).size(), 3u);
}

TEST_P(Store, StopsAScanAtTheFirstError) {
    grow(std::nullopt, 10);
    int seen = 0;
    const auto done = store_.scan(test_origin, EntryIndex{0}, EntryIndex{10},
                                  [&](node::StoredEntry&&) -> Result<void> {
                                      if (++seen == 3) return fail(Errc::bad_proof, "third");
                                      return {};
                                  });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error(), (Error{Errc::bad_proof, "third"}));
    EXPECT_EQ(seen, 3);
}

TEST_P(Store, LetsAScanScanAndCommit) {
    const StoredHead head = grow(std::nullopt, 4);
    int seen = 0;
    must(store_.scan(test_origin, EntryIndex{0}, EntryIndex{4},
                     [&](node::StoredEntry&& entry) -> Result<void> {
                         ++seen;
                         TRY(again, scan_all(store_, entry.index.v, entry.index.v + 1));
                         EXPECT_EQ(again.at(0), entry);
                         if (entry.index.v == 1) return store_.commit(commit_to(head, 9));
                         return {};
                     }));
    EXPECT_EQ(seen, 4);
    EXPECT_EQ(must(store_.head(test_origin))->size.v, 9u);
}

TEST_P(Store, ScansToTheEndOfTheNumbers) {
    grow(std::nullopt, 2);
    EXPECT_EQ(scan_all(store_, 0, ~std::uint64_t{0}).error().code, Errc::not_found);
    EXPECT_EQ(scan_all(store_, ~std::uint64_t{0} - 1, ~std::uint64_t{0}).error().code,
              Errc::not_found);
}

TEST_P(Store, KeepsDocumentsForEver) {
    const Bytes text = std::string("charter\0text", 12);
    must(store_.put_document(root_of(1), text));
    must(store_.put_document(root_of(1), text));
    must(store_.put_document(root_of(2), ""));
    EXPECT_EQ(must(store_.document(root_of(1))), text);
    EXPECT_EQ(must(store_.document(root_of(2))), "");
    EXPECT_EQ(store_.put_document(root_of(1), "other").error().code, Errc::refused);
    EXPECT_EQ(must(store_.document(root_of(1))), text);
}

TEST_P(Store, DeliversTheOutboxInOrderUntilAcknowledged) {
    node::Commit commit = commit_to(std::nullopt, 1);
    commit.outbox = {{"ru", "1"}, {"msf", "2"}, {"ru", "3"}, {"ru", "4"}};
    must(store_.commit(commit));
    const auto rows = must(store_.outbox(0, 10));
    ASSERT_EQ(rows.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(rows[i].second, commit.outbox[i]);
        EXPECT_LT(i == 0 ? 0 : rows[i - 1].first, rows[i].first);
    }
    EXPECT_EQ(must(store_.outbox(rows[1].first, 1)).at(0), rows[2]);
    EXPECT_TRUE(must(store_.outbox(0, 0)).empty());

    must(store_.acknowledge("ru", rows[2].first));
    must(store_.acknowledge("nobody", ~std::uint64_t{0}));
    EXPECT_EQ(must(store_.outbox(0, 10)), (std::vector{rows[1], rows[3]}));
}

TEST_P(Store, AddsOutboxRowsAndDropsThemWithWhatElseIsAdded) {
    node::Additions first;
    first.outbox = {{"ru", "1"}, {"msf", "2"}, {"ru", "3"}};
    first.local = {{"told", "a"}};
    ASSERT_TRUE(store_.add(first));
    const auto rows = must(store_.outbox(0, 9));
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(must(store_.outbox_of("ru", 0, 9)), (std::vector{rows[0], rows[2]}));
    EXPECT_EQ(must(store_.outbox_of("ru", 0, 1)), (std::vector{rows[0]}));
    EXPECT_EQ(must(store_.outbox_of("ru", rows[0].first, 9)), (std::vector{rows[2]}));
    EXPECT_TRUE(must(store_.outbox_of("un", 0, 9)).empty());
    node::Additions moved;
    moved.outbox_done = {rows[0].first, 12'345};
    moved.outbox = {{"dead", "1"}};
    ASSERT_TRUE(store_.add(moved));
    const auto left = must(store_.outbox(0, 9));
    ASSERT_EQ(left.size(), 3u);
    EXPECT_EQ(left[0], rows[1]);
    EXPECT_EQ(left[1], rows[2]);
    EXPECT_EQ(left[2].second, (node::OutboxRow{"dead", "1"}));
    EXPECT_GT(left[2].first, rows[2].first);
    // All of it or nothing: a release that is not the next keeps the row as well.
    node::Additions wrong;
    wrong.outbox_done = {rows[1].first};
    wrong.outbox = {{"ru", "4"}};
    wrong.releases = {{Origin{"o"}, PartyId{"fr"}, 7, "leaf"}};
    EXPECT_FALSE(store_.add(wrong));
    EXPECT_EQ(must(store_.outbox(0, 9)), left);
    node::Additions nobody;
    nobody.outbox = {{"", "1"}};
    EXPECT_FALSE(store_.add(nobody));
}

TEST_P(Store, NeverUsesAnOutboxNumberTwice) {
    node::Commit commit = commit_to(std::nullopt, 1);
    commit.outbox = {{"ru", "1"}, {"ru", "2"}};
    must(store_.commit(commit));
    const std::uint64_t last = must(store_.outbox(0, 10)).back().first;
    must(store_.acknowledge("ru", last));
    commit = commit_to(head_at(1), 2);
    commit.outbox = {{"ru", "3"}};
    must(store_.commit(commit));
    EXPECT_GT(must(store_.outbox(0, 10)).at(0).first, last);
}

TEST_P(Store, StoresNothingOfAStaleCommit) {
    grow(std::nullopt, 1);
    node::Commit stale = commit_to(std::nullopt, 2);
    stale.outbox = {{"ru", "1"}};
    EXPECT_FALSE(store_.commit(stale));
    EXPECT_TRUE(must(store_.outbox(0, 10)).empty());
    EXPECT_EQ(scan_all(store_, 1, 2).error().code, Errc::not_found);
}

TEST(FaultStore, FailsTheCommitThatItWasTold) {
    MemoryStore memory;
    FaultStore store(memory);
    store.fail_commit(1, Fault::not_persisted);
    store.fail_commit(2, Fault::persisted);
    store.fail_commit(3, Fault::disk_full);
    must(store.commit(commit_to(std::nullopt, 1)));
    EXPECT_EQ(store.commit(commit_to(head_at(1), 2)).error().code, Errc::unavailable);
    EXPECT_EQ(must(store.head(test_origin)), head_at(1));
    EXPECT_EQ(store.commit(commit_to(head_at(1), 2)).error().code, Errc::unavailable);
    EXPECT_EQ(must(store.head(test_origin)), head_at(2));
    EXPECT_NE(detail(store.commit(commit_to(head_at(2), 3))).find("No space"), std::string::npos);
    must(store.commit(commit_to(head_at(2), 3)));
}

}  // namespace
}  // namespace entente::store

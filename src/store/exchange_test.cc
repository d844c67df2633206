// SPDX-License-Identifier: Apache-2.0
// The contract of node::Store for what comes in beside entries, run against every store that there
// is: mirrored logs, released bodies, releases, cosignatures, small values.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "store/store_worlds.h"

namespace entente::store {
namespace {

using node::Additions;
using node::StoredBodies;
using node::StoredCosignature;
using node::StoredHead;
using node::StoredRelease;

const Origin other{"test.abcdefghijklmnop/exercise/ru"};
const PartyId un{"un"}, msf{"msf"};

StoredRelease release_at(std::uint64_t number, const PartyId& to = un,
                         const Origin& author = test_origin) {
    return {author, to, number, "leaf " + std::to_string(number) + " to " + to.v};
}

StoredCosignature cosignature(std::uint64_t size, std::string by, std::int64_t time,
                              const Origin& origin = test_origin) {
    return {origin, TreeSize{size}, root_of(size),
            by,     instant(time),  "line of " + by + " at " + std::to_string(time)};
}

StoredBodies bodies_at(std::uint64_t index, std::size_t size, const Origin& origin = test_origin) {
    return {origin, EntryIndex{index}, Bytes(size / 10, 'k'), Bytes(size, 'c')};
}

class Exchange : public ::testing::TestWithParam<Kind> {
  protected:
    std::unique_ptr<World> world_ = GetParam().make();
    node::Store& store_ = world_->store();

    /// A mirror of entries without bodies.
    StoredHead mirror(std::uint64_t size, const Origin& origin = test_origin) {
        node::Commit commit = commit_to(std::nullopt, size, origin);
        for (node::StoredEntry& entry : commit.entries) {
            entry.wrapped_keys.clear();
            entry.ciphertexts.clear();
        }
        must(store_.commit(commit));
        return commit.next;
    }
    node::StoredEntry entry(std::uint64_t index, const Origin& origin = test_origin) {
        return must(scan_all(store_, index, index + 1, origin)).at(0);
    }
    void expect(const Result<void>& done, Errc code, const std::string& text) {
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, code) << detail(done);
        EXPECT_NE(detail(done).find(text), std::string::npos) << detail(done);
    }
};
INSTANTIATE_TEST_SUITE_P(All, Exchange, ::testing::ValuesIn(kinds),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(Exchange, IsEmptyAtFirst) {
    EXPECT_TRUE(must(store_.origins()).empty());
    EXPECT_TRUE(must(all_releases(store_, test_origin, un)).empty());
    EXPECT_TRUE(must(all_cosignatures(store_, test_origin)).empty());
    EXPECT_EQ(must(store_.local("x")), std::nullopt);
    must(store_.add({}));
    must(store_.forget());
}

// A mirror holds 4 of the 9 entries whose head it verified; it goes on from there.
TEST_P(Exchange, AMirrorMayHoldLessThanItsSignedHeadSays) {
    StoredHead head = mirror(4, other);
    node::Commit newer{head, head, {}, {}};
    newer.next.note = "note of 9\n";
    must(store_.commit(newer));
    EXPECT_EQ(must(store_.head(other))->note, "note of 9\n");
    EXPECT_EQ(must(store_.head(other))->size.v, 4u);
    node::Commit more = commit_to(newer.next, 7, other);
    more.next.note = newer.next.note;
    must(store_.commit(more));
    EXPECT_EQ(must(store_.head(other)), more.next);
    EXPECT_EQ(must(scan_all(store_, 0, 7, other)).size(), 7u);
    EXPECT_EQ(scan_all(store_, 7, 8, other).error().code, Errc::not_found);
}

TEST_P(Exchange, NamesEveryLogInOrder) {
    mirror(1, other);
    mirror(0, {"a"});
    mirror(3);
    EXPECT_EQ(must(store_.origins()), (std::vector{Origin{"a"}, test_origin, other}));
}

TEST_P(Exchange, BodiesComeToAnEntryThatIsThere) {
    mirror(5, other);
    const StoredBodies first = bodies_at(3, 500, other);
    must(store_.add({.bodies = {first}}));
    EXPECT_EQ(entry(3, other).wrapped_keys, first.wrapped_keys);
    EXPECT_EQ(entry(3, other).ciphertexts, first.ciphertexts);
    EXPECT_EQ(entry(3, other).entry, entry_at(3).entry);
    EXPECT_EQ(entry(2, other).ciphertexts, "");
    expect(store_.add({.bodies = {bodies_at(5, 1, other)}}), Errc::not_found, "entry 5");
    expect(store_.add({.bodies = {bodies_at(0, 1)}}), Errc::not_found, test_origin.v);
}

// Larger, smaller, equal and empty in place of what is there, again and again, by a random walk;
// the neighbours stay.
TEST_P(Exchange, BodiesTakeThePlaceOfOthers) {
    must(store_.commit(commit_to(std::nullopt, 30)));
    std::vector<node::StoredEntry> want = must(scan_all(store_, 0, 30));
    Rng rng(4);
    for (int i = 0; i < 300; ++i) {
        Additions additions;
        for (std::uint64_t n = 1 + rng.below(3); n > 0; --n) {
            const std::uint64_t size = rng.below(4) == 0 ? rng.below(60'000) : rng.below(900);
            const StoredBodies row = bodies_at(rng.below(30), rng.below(9) == 0 ? 0 : size);
            want[row.index.v].wrapped_keys = row.wrapped_keys;
            want[row.index.v].ciphertexts = row.ciphertexts;
            additions.bodies.push_back(row);
        }
        must(store_.add(additions));
    }
    EXPECT_EQ(must(scan_all(store_, 0, 30)), want);
    must(store_.forget());
    EXPECT_EQ(must(scan_all(store_, 0, 30)), want);
    must(store_.commit(commit_to(head_at(30), 31)));
}

TEST_P(Exchange, ACommitBringsBodiesForItsOwnEntries) {
    node::Commit commit = commit_to(std::nullopt, 3);
    commit.additions.bodies = {bodies_at(2, 70)};
    commit.additions.local = {{"a", "1"}};
    commit.additions.releases = {release_at(0)};
    must(store_.commit(commit));
    EXPECT_EQ(entry(2).ciphertexts, Bytes(70, 'c'));
    EXPECT_EQ(entry(1), entry_at(1));
    EXPECT_EQ(must(store_.local("a")), "1");
    EXPECT_EQ(must(all_releases(store_, test_origin, un)).size(), 1u);
}

TEST_P(Exchange, NothingOfAFailedCommitIsAdded) {
    must(store_.commit(commit_to(std::nullopt, 2)));
    node::Commit stale = commit_to(std::nullopt, 3);
    stale.additions.local = {{"a", "1"}};
    EXPECT_EQ(store_.commit(stale).error().code, Errc::stale);
    node::Commit gap = commit_to(head_at(2), 3);
    gap.additions.local = {{"a", "1"}};
    gap.additions.releases = {release_at(1)};
    EXPECT_EQ(store_.commit(gap).error().code, Errc::stale);
    node::Commit beyond = commit_to(head_at(2), 3);
    beyond.additions.bodies = {bodies_at(3, 9)};
    EXPECT_EQ(store_.commit(beyond).error().code, Errc::not_found);
    EXPECT_EQ(must(store_.head(test_origin)), head_at(2));
    EXPECT_EQ(scan_all(store_, 2, 3).error().code, Errc::not_found);
    EXPECT_EQ(must(store_.local("a")), std::nullopt);
}

// Whichever part cannot be added, the others are not either.
TEST_P(Exchange, AddsAllOrNothing) {
    mirror(2);
    must(store_.put_document(root_of(1), "text"));
    const Additions good{{bodies_at(0, 90)},
                         {release_at(0)},
                         {cosignature(2, "un", 5)},
                         {{root_of(2), "two"}},
                         {{"a", "1"}}};
    Additions bad[4] = {good, good, good, good};
    bad[0].bodies.push_back(bodies_at(2, 1));
    bad[1].releases.push_back(release_at(2));
    bad[2].documents.push_back({root_of(1), "other"});
    bad[3].documents.push_back({root_of(2), "not two"});
    for (const Additions& additions : bad) {
        EXPECT_FALSE(store_.add(additions));
        EXPECT_EQ(entry(0).ciphertexts, "");
        EXPECT_TRUE(must(all_releases(store_, test_origin, un)).empty());
        EXPECT_TRUE(must(all_cosignatures(store_, test_origin)).empty());
        EXPECT_EQ(must(store_.document(root_of(2))), std::nullopt);
        EXPECT_EQ(must(store_.local("a")), std::nullopt);
    }
    must(store_.add(good));
    EXPECT_EQ(entry(0).ciphertexts, good.bodies[0].ciphertexts);
    EXPECT_EQ(must(all_releases(store_, test_origin, un)), good.releases);
    EXPECT_EQ(must(all_cosignatures(store_, test_origin)), good.cosignatures);
    EXPECT_EQ(must(store_.document(root_of(2))), "two");
    EXPECT_EQ(must(store_.local("a")), "1");
}

TEST_P(Exchange, AListOfReleasesHasNoGap) {
    must(store_.add({.releases = {release_at(0), release_at(0, msf), release_at(1)}}));
    expect(store_.add({.releases = {release_at(3)}}), Errc::stale, "which is 2");
    expect(store_.add({.releases = {release_at(1)}}), Errc::stale, "which is 2");
    expect(store_.add({.releases = {release_at(2), release_at(2)}}), Errc::stale, "which is 3");
    must(store_.add({.releases = {release_at(2), release_at(3), release_at(0, un, other)}}));
    EXPECT_EQ(must(all_releases(store_, test_origin, un)),
              (std::vector{release_at(0), release_at(1), release_at(2), release_at(3)}));
    EXPECT_EQ(must(all_releases(store_, test_origin, un, 3)), std::vector{release_at(3)});
    EXPECT_TRUE(must(all_releases(store_, test_origin, un, 4)).empty());
    EXPECT_TRUE(must(all_releases(store_, test_origin, un, ~std::uint64_t{0})).empty());
    EXPECT_EQ(must(all_releases(store_, test_origin, msf)), std::vector{release_at(0, msf)});
    EXPECT_EQ(must(all_releases(store_, other, un)), std::vector{release_at(0, un, other)});
}

TEST_P(Exchange, ACosignatureIsMarkedLater) {
    const StoredCosignature bare = cosignature(5, "un", 70);
    StoredCosignature marked = bare, again = bare;
    marked.mark = Bytes(16, 'm');
    again.mark = Bytes(16, 'n');
    must(store_.add({.cosignatures = {bare, cosignature(6, "un", 1)}}));
    // Also while they are read.
    must(store_.scan_cosignatures(test_origin, [&](StoredCosignature&& row) -> Result<void> {
        if (row == bare) return store_.add({.cosignatures = {marked}});
        return {};
    }));
    const auto first = [&] { return must(all_cosignatures(store_, test_origin)).at(0); };
    EXPECT_EQ(first(), marked);
    must(store_.add({.cosignatures = {bare}}));
    EXPECT_EQ(first(), marked) << "no mark takes none away";
    must(store_.add({.cosignatures = {again}}));
    EXPECT_EQ(first(), again);
    StoredCosignature later = cosignature(5, "un", 80), earlier = cosignature(5, "un", 60);
    later.mark = Bytes(16, 'l');
    must(store_.add({.cosignatures = {later}}));
    EXPECT_EQ(first(), again);
    must(store_.add({.cosignatures = {earlier}}));
    EXPECT_EQ(first(), earlier) << "a mark is of its own line alone";
    EXPECT_EQ(must(all_cosignatures(store_, test_origin)).size(), 2u);
    later.mark = Bytes(65, 'l');
    expect(store_.add({.cosignatures = {later}}), Errc::too_large, "mark");
}

TEST_P(Exchange, OfTwoCosignaturesTheEarlierIsKept) {
    must(store_.add({.cosignatures = {cosignature(5, "un", 70), cosignature(4, "msf", 90)}}));
    must(store_.add({.cosignatures = {cosignature(5, "un", 80), cosignature(4, "msf", -20),
                                      cosignature(4, "un", 60), cosignature(1, "x", 1, other)}}));
    EXPECT_EQ(must(all_cosignatures(store_, test_origin)),
              (std::vector{cosignature(4, "msf", -20), cosignature(4, "un", 60),
                           cosignature(5, "un", 70)}));
    EXPECT_EQ(must(all_cosignatures(store_, other)), std::vector{cosignature(1, "x", 1, other)});
    // Another root at the same size is another head.
    StoredCosignature fork = cosignature(5, "un", 1);
    fork.root = root_of(6);
    must(store_.add({.cosignatures = {fork}}));
    EXPECT_EQ(must(all_cosignatures(store_, test_origin)).size(), 4u);
}

TEST_P(Exchange, SmallValuesAreReplaced) {
    const Bytes zero("\0'--", 4);
    must(store_.add({.local = {{"a", "1"}, {zero, ""}, {"a", "2"}}}));
    EXPECT_EQ(must(store_.local("a")), "2");
    EXPECT_EQ(must(store_.local(zero)), "");
    must(store_.add({.local = {{zero, Bytes(2'000'000, '\0')}, {"a", ""}}}));
    EXPECT_EQ(must(store_.local(zero)), Bytes(2'000'000, '\0'));
    EXPECT_EQ(must(store_.local("a")), "");
}

TEST_P(Exchange, AScanMayAddAndScan) {
    must(store_.add({.releases = {release_at(0), release_at(1)},
                     .cosignatures = {cosignature(1, "a", 1), cosignature(2, "a", 2)}}));
    int seen = 0;
    must(store_.scan_releases(test_origin, un, 0, [&](StoredRelease&& row) -> Result<void> {
        ++seen;
        EXPECT_EQ(must(all_releases(store_, test_origin, un, row.number)).at(0), row);
        if (row.number != 0) return {};
        return store_.add({.local = {{"seen", row.leaf}}});
    }));
    EXPECT_EQ(seen, 2);
    EXPECT_EQ(must(store_.local("seen")), release_at(0).leaf);
    const auto stopped =
        store_.scan_cosignatures(test_origin, [&](StoredCosignature&&) -> Result<void> {
            ++seen;
            return fail(Errc::bad_proof, "first");
        });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error(), (Error{Errc::bad_proof, "first"}));
    EXPECT_EQ(seen, 3);
}

TEST_P(Exchange, KeepsLimits) {
    mirror(1);
    const std::string long_name(256, 'n');
    StoredRelease leaf = release_at(0);
    leaf.leaf.assign(limits::release_leaf_bytes_max + 1, 'x');
    StoredCosignature by = cosignature(1, long_name, 1);
    StoredCosignature line = cosignature(1, "un", 1);
    line.line.assign(limits::note_bytes_max + 1, 'x');
    StoredBodies large = bodies_at(0, 9);
    large.ciphertexts.assign(4 * limits::body_bytes_max + 1, 'x');
    expect(store_.add({.releases = {leaf}}), Errc::too_large, "release_leaf_bytes_max");
    expect(store_.add({.releases = {release_at(0, PartyId{""})}}), Errc::malformed, "recipient");
    expect(store_.add({.releases = {release_at(0, un, {long_name})}}), Errc::malformed, "author");
    expect(store_.add({.releases = {release_at(~std::uint64_t{0})}}), Errc::malformed, "number");
    expect(store_.add({.cosignatures = {by}}), Errc::malformed, "cosigner");
    expect(store_.add({.cosignatures = {line}}), Errc::too_large, "note_bytes_max");
    expect(store_.add({.bodies = {large}}), Errc::too_large, "entry 0");
    expect(store_.add({.local = {{"", "x"}}}), Errc::malformed, "name");
    expect(store_.add({.local = {{"x", Bytes(limits::local_value_bytes_max + 1, 'x')}}}),
           Errc::too_large, "local_value_bytes_max");
    node::Commit commit = commit_to(head_at(1), 2);
    commit.additions.local = {{"", "x"}};
    EXPECT_EQ(store_.commit(commit).error().code, Errc::malformed);
}

TEST(FaultStore, FailsTheAdditionThatItWasTold) {
    MemoryStore memory;
    FaultStore store(memory);
    store.fail_commit(0, Fault::not_persisted);
    store.fail_commit(2, Fault::persisted);
    EXPECT_EQ(store.add({.local = {{"a", "1"}}}).error().code, Errc::unavailable);
    EXPECT_EQ(must(memory.local("a")), std::nullopt);
    must(store.commit(commit_to(std::nullopt, 1)));
    EXPECT_EQ(store.add({.local = {{"a", "1"}}}).error().code, Errc::unavailable);
    EXPECT_EQ(must(memory.local("a")), "1");
}

}  // namespace
}  // namespace entente::store

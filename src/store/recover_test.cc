// SPDX-License-Identifier: Apache-2.0
// Store and signer together: whichever step fails or is the last, a start finds `last` or `next`
// in the database and goes on; what cannot come from a crash halts.
#include <gtest/gtest.h>

#include "store/fault_store.h"
#include "store/memory_signer.h"
#include "store/memory_store.h"
#include "store/testing.h"
#include "store/tiny_node.h"
#include "tlog/checkpoint.h"

namespace entente::store {

using node::SignedHead;
using node::StoredHead;

tlog::LogKey tiny_key() {
    Rng rng(12);
    return must(tlog::LogKey::generate(test_origin.v, rng.bytes()));
}

Result<Start> start(node::Store& store, node::Signer& signer) {
    TRY(head, store.head(test_origin));
    TRY(state, signer.state());
    std::optional<SignedHead> stored;
    if (head) stored = SignedHead{head->size, head->root};
    if (state.next && stored == state.next) {
        TRYV(signer.settle());
        return Start{head, ""};
    }
    if (stored == state.last) {
        if (state.next) TRYV(signer.drop());
        return Start{head, ""};
    }
    const auto size = [](const auto& of) { return of ? std::to_string(of->size.v) : "none"; };
    return Start{head, "database at " + size(stored) + ", signer's last " + size(state.last) +
                           ", next " + size(state.next)};
}

Result<StoredHead> advance(node::Store& store, node::Signer& signer,
                           const std::optional<StoredHead>& head, std::uint64_t size) {
    node::Commit commit = commit_to(head, size);
    commit.outbox = {{"peer", std::to_string(size)}};
    const SignedHead next{commit.next.size, commit.next.root};
    TRY(signature,
        signer.propose(next, tlog::format_checkpoint({test_origin, next.size, next.root, {}})));
    TRYV(store.commit(commit));
    TRYV(signer.settle());
    return commit.next;
}

namespace {

std::optional<SignedHead> signed_head(std::uint64_t size) {
    return SignedHead{TreeSize{size}, root_of(size)};
}

struct Tiny {
    MemoryStore memory;
    MemorySigner key{tiny_key()};
    FaultStore store{memory};
    FaultSigner signer{key};

    std::uint64_t size() { return must(memory.head(test_origin))->size.v; }
};

// propose, commit, settle: each fails in each way, and the next start goes on.
TEST(Recover, GoesOnAfterAnyFailedStep) {
    for (const int step : {0, 1, 2}) {
        for (const Fault fault : {Fault::not_persisted, Fault::persisted, Fault::disk_full}) {
            SCOPED_TRACE(std::to_string(step) + "/" + std::to_string(static_cast<int>(fault)));
            Tiny tiny;
            StoredHead head = must(advance(tiny.store, tiny.signer, std::nullopt, 1));
            head = must(advance(tiny.store, tiny.signer, head, 4));
            if (step == 0) tiny.signer.fail_write(0, fault);
            if (step == 1) tiny.store.fail_commit(0, fault);
            if (step == 2) tiny.signer.fail_write(1, fault);
            EXPECT_EQ(advance(tiny.store, tiny.signer, head, 6).error().code, Errc::unavailable);

            const bool stored = step == 2 || (step == 1 && fault == Fault::persisted);
            const Start found = must(start(tiny.store, tiny.signer));
            EXPECT_EQ(found.halted, "");
            EXPECT_EQ(found.head, head_at(stored ? 6 : 4));
            EXPECT_EQ(must(tiny.signer.state()).last, signed_head(stored ? 6 : 4));
            EXPECT_EQ(must(tiny.signer.state()).next, std::nullopt);
            must(advance(tiny.store, tiny.signer, found.head, 9));
            EXPECT_EQ(tiny.size(), 9u);
        }
    }
}

// The start itself may fail at its only write, and be repeated.
TEST(Recover, MayFailAndBeRepeated) {
    for (const Fault commit : {Fault::not_persisted, Fault::persisted}) {
        for (const Fault fault : {Fault::not_persisted, Fault::persisted}) {
            Tiny tiny;
            const StoredHead head = must(advance(tiny.store, tiny.signer, std::nullopt, 1));
            tiny.store.fail_commit(0, commit);
            EXPECT_FALSE(advance(tiny.store, tiny.signer, head, 2));
            tiny.signer.fail_write(0, fault);
            EXPECT_FALSE(start(tiny.store, tiny.signer));
            const Start found = must(start(tiny.store, tiny.signer));
            EXPECT_EQ(found.halted, "");
            EXPECT_EQ(found.head, head_at(commit == Fault::persisted ? 2 : 1));
        }
    }
}

TEST(Recover, HaltsOnARestoredDatabase) {
    Tiny tiny;
    StoredHead head = must(advance(tiny.store, tiny.signer, std::nullopt, 1));
    MemoryStore backup = tiny.memory;
    head = must(advance(tiny.store, tiny.signer, head, 2));
    EXPECT_NE(must(start(backup, tiny.signer)).halted, "");
    MemoryStore none;
    EXPECT_NE(must(start(none, tiny.signer)).halted, "");
}

TEST(Recover, HaltsOnARestoredSigner) {
    Tiny tiny;
    StoredHead head = must(advance(tiny.store, tiny.signer, std::nullopt, 1));
    MemorySigner backup = tiny.key;
    head = must(advance(tiny.store, tiny.signer, head, 2));
    EXPECT_NE(must(start(tiny.store, backup)).halted, "");
    MemorySigner fresh(tiny_key());
    EXPECT_NE(must(start(tiny.store, fresh)).halted, "");
}

}  // namespace
}  // namespace entente::store

// SPDX-License-Identifier: Apache-2.0
// A desk over a party in memory, for tests: each call of its clock is a millisecond later. It lies
// in cli, the first room that may see both a desk and a store.
#pragma once

#include <gtest/gtest.h>

#include <atomic>

#include "net/desk.h"
#include "node/genesis.h"
#include "store/memory_signer.h"
#include "store/memory_store.h"

namespace entente::net::test {

/// Counts what is committed.
class CountingStore final : public store::MemoryStore {
  public:
    std::atomic<int> commits = 0;
    Result<void> commit(const node::Commit& commit) override {
        ++commits;
        return MemoryStore::commit(commit);
    }
};

template <class T>
T must(Result<T> result) {
    if (!result) {
        ADD_FAILURE() << result.error().detail;
        std::abort();
    }
    return std::move(*result);
}

struct Office {
    Rng rng{1};
    std::atomic<std::int64_t> ms = 1'800'000'000'000;
    node::Genesis genesis;
    CountingStore store;
    store::MemorySigner signer;
    seal::Vault vault;
    node::Node node;
    Desk desk;

    Office()
        : genesis(found(rng)), signer(genesis.log), vault(genesis.vault), node(open()),
          desk({&node,
                [this] { return author(); },
                [] { return std::string(); },
                [this] { return instant(++ms); },
                rng.bytes(),
                nullptr,
                {},
                {},
                &store}) {}

    static node::Genesis found(Rng& rng) {
        node::Founding founding{PartyId{"fr"}, "France"};
        founding.terms.reduce_delay = Duration(0);
        return must(node::found(founding, rng.bytes()));
    }
    node::Node open() {
        const auto made = node::Node::create(store, signer, genesis.charter_file, genesis.entries);
        EXPECT_TRUE(made);
        auto opening = must(node::Opening::begin(store, signer, genesis.charter_file));
        const registry::Context context = opening.context();
        auto add = [&](node::StoredEntry&& row) -> Result<void> {
            TRY(opened, node::open_row(context, vault, row));
            return opening.add(std::move(opened));
        };
        const auto scanned = store.scan(opening.origin(), {0}, {opening.size().v}, add);
        EXPECT_TRUE(scanned);
        return must(std::move(opening).finish(true));
    }
    node::Author author() const {
        return {{genesis.log.verifier().name},
                genesis.charter.id,
                &genesis.charter.terms,
                &vault,
                &genesis.officer,
                nullptr};
    }
};

/// The place of number i: 0.1 degrees from the next, no buffer.
inline geo::Circle place(std::int64_t i) {
    return {{static_cast<std::int32_t>((i / 1000) * 1'000'000), (i % 1000) * 1'000'000},
            Decimetres{100}};
}

inline Saying adds(std::int64_t i) {
    statement::Protection protection;
    protection.names = {{"place " + std::to_string(i), "", ""}};
    geo::Place where;
    where.volume.shape = place(i);
    where.buffer = Decimetres{0};
    protection.where = {where};
    return {{statement::act::add, "test", std::move(protection), {}}, {}, {}};
}

inline Saying confirms(const RecordId& record, std::optional<std::uint32_t> version = {}) {
    return {{statement::act::confirm, "test", {}, instant(2'000'000'000'000)}, record, version};
}

inline Saying withdraws(const RecordId& record) {
    return {{statement::act::withdraw, "test", {}, {}}, record, {}};
}

}  // namespace entente::net::test

// SPDX-License-Identifier: Apache-2.0
// A store in memory, for tests, simulation and dry runs: the same promises as SQLite's but for
// durability, which lasts as long as the object. Not thread-safe.
#pragma once

#include <map>
#include <tuple>

#include "node/ports.h"

namespace entente::store {

class MemoryStore : public node::Store {
  public:
    Result<std::optional<node::StoredHead>> head(const Origin& origin) override;
    Result<void> commit(const node::Commit& commit) override;
    Result<void> add(const node::Additions& additions) override;
    Result<std::vector<Origin>> origins() override;
    Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                      const std::function<Result<void>(node::StoredEntry&&)>& row) override;
    Result<void> put_document(const Hash& hash, BytesView bytes) override;
    Result<std::optional<Bytes>> document(const Hash& hash) override;
    Result<void> scan_releases(
        const Origin& author, const PartyId& recipient, std::uint64_t first,
        const std::function<Result<void>(node::StoredRelease&&)>& row) override;
    Result<void> scan_cosignatures(
        const Origin& origin,
        const std::function<Result<void>(node::StoredCosignature&&)>& row) override;
    Result<std::optional<Bytes>> local(const std::string& name) override;
    Result<void> forget() override { return {}; }
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox(
        std::uint64_t after, std::size_t most) override;
    Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) override;
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox_of(
        const std::string& subscriber, std::uint64_t after, std::size_t most) override;

  private:
    struct Log {
        node::StoredHead head;
        std::vector<node::StoredEntry> entries;
    };
    using List = std::pair<Origin, PartyId>;
    using Cosigned = std::tuple<Origin, TreeSize, Hash, std::string>;
    Result<void> check(const node::Additions& additions, const node::StoredHead* next);
    void apply(const node::Additions& additions);

    std::map<Origin, Log> logs_;
    std::map<List, std::vector<Bytes>> releases_;
    std::map<Cosigned, node::StoredCosignature> cosignatures_;
    std::map<std::string, Bytes> local_;
    std::map<Hash, Bytes> documents_;
    std::map<std::uint64_t, node::OutboxRow> outbox_;
    std::uint64_t outbox_last_ = 0;  // never falls, so that a seq is never used twice
};

}  // namespace entente::store

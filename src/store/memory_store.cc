// SPDX-License-Identifier: Apache-2.0
#include "store/memory_store.h"

#include "store/commit.h"

namespace entente::store {

Result<std::optional<node::StoredHead>> MemoryStore::head(const Origin& origin) {
    const auto it = logs_.find(origin);
    if (it == logs_.end()) return std::optional<node::StoredHead>();
    return std::optional<node::StoredHead>(it->second.head);
}

Result<void> MemoryStore::commit(const node::Commit& commit) {
    TRYV(check_form(commit));
    TRY(stored, head(commit.next.origin));
    TRYV(check_expected(commit, stored));
    Log& log = logs_[commit.next.origin];
    log.head = commit.next;
    log.entries.insert(log.entries.end(), commit.entries.begin(), commit.entries.end());
    for (const node::OutboxRow& row : commit.outbox) outbox_.emplace(++outbox_last_, row);
    return {};
}

Result<void> MemoryStore::scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                               const std::function<Result<void>(node::StoredEntry&&)>& row) {
    for (std::uint64_t i = begin.v; i < end.v; ++i) {
        // Looked up for each row: the callback may commit, which may move the entries.
        const auto it = logs_.find(origin);
        if (it == logs_.end() || i >= it->second.entries.size()) {
            return missing_entry(origin, EntryIndex{i});
        }
        TRYV(row(node::StoredEntry(it->second.entries[i])));
    }
    return {};
}

Result<void> MemoryStore::put_document(const Hash& hash, BytesView bytes) {
    const auto [it, added] = documents_.emplace(hash, bytes);
    if (!added && it->second != bytes) return other_document(hash);
    return {};
}

Result<std::optional<Bytes>> MemoryStore::document(const Hash& hash) {
    const auto it = documents_.find(hash);
    if (it == documents_.end()) return std::optional<Bytes>();
    return std::optional<Bytes>(it->second);
}

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> MemoryStore::outbox(
    std::uint64_t after, std::size_t most) {
    std::vector<std::pair<std::uint64_t, node::OutboxRow>> rows;
    for (auto it = outbox_.upper_bound(after); it != outbox_.end() && rows.size() < most; ++it) {
        rows.emplace_back(*it);
    }
    return rows;
}

Result<void> MemoryStore::acknowledge(const std::string& subscriber, std::uint64_t up_to) {
    for (auto it = outbox_.begin(); it != outbox_.end() && it->first <= up_to;) {
        it = it->second.subscriber == subscriber ? outbox_.erase(it) : std::next(it);
    }
    return {};
}

}  // namespace entente::store

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
    TRYV(check(commit.additions, &commit.next));
    Log& log = logs_[commit.next.origin];
    log.head = commit.next;
    log.entries.insert(log.entries.end(), commit.entries.begin(), commit.entries.end());
    for (const node::OutboxRow& row : commit.outbox) outbox_.emplace(++outbox_last_, row);
    apply(commit.additions);
    return {};
}

Result<void> MemoryStore::add(const node::Additions& additions) {
    TRYV(check_form(additions));
    TRYV(check(additions, nullptr));
    apply(additions);
    return {};
}

/// Whether all of it can be added; `next` is the head that is about to be stored, or null.
Result<void> MemoryStore::check(const node::Additions& additions, const node::StoredHead* next) {
    for (const node::StoredBodies& row : additions.bodies) {
        const auto log = logs_.find(row.origin);
        const std::uint64_t size = next != nullptr && next->origin == row.origin ? next->size.v
                                   : log == logs_.end()                          ? 0
                                                        : log->second.head.size.v;
        if (row.index.v >= size) return no_entry_for(row);
    }
    std::map<List, std::uint64_t> added;
    for (const node::StoredRelease& release : additions.releases) {
        const List list{release.author, release.recipient};
        const auto stored = releases_.find(list);
        const std::uint64_t there = stored == releases_.end() ? 0 : stored->second.size();
        const std::uint64_t number = there + added[list]++;
        if (release.number != number) return not_the_next(release, number);
    }
    std::map<Hash, Bytes> documents;
    for (const auto& [hash, bytes] : additions.documents) {
        const auto stored = documents_.find(hash);
        if (stored != documents_.end() && stored->second != bytes) return other_document(hash);
        if (documents.emplace(hash, bytes).first->second != bytes) return other_document(hash);
    }
    return {};
}

void MemoryStore::apply(const node::Additions& additions) {
    for (const node::StoredBodies& row : additions.bodies) {
        node::StoredEntry& entry = logs_[row.origin].entries[row.index.v];
        entry.wrapped_keys = row.wrapped_keys;
        entry.ciphertexts = row.ciphertexts;
    }
    for (const node::StoredRelease& release : additions.releases) {
        releases_[{release.author, release.recipient}].push_back(release.leaf);
    }
    for (const node::StoredCosignature& row : additions.cosignatures) {
        const auto [it, fresh] =
            cosignatures_.emplace(Cosigned{row.origin, row.size, row.root, row.cosigner}, row);
        if (fresh) continue;
        const bool same = row.time == it->second.time && row.line == it->second.line;
        if (row.time < it->second.time || (same && !row.mark.empty())) it->second = row;
    }
    for (const auto& [hash, bytes] : additions.documents) documents_.emplace(hash, bytes);
    for (const auto& [name, value] : additions.local) local_[name] = value;
    for (const std::uint64_t seq : additions.outbox_done) outbox_.erase(seq);
    for (const node::OutboxRow& row : additions.outbox) outbox_.emplace(++outbox_last_, row);
}

Result<std::vector<Origin>> MemoryStore::origins() {
    std::vector<Origin> out;
    for (const auto& [origin, log] : logs_) out.push_back(origin);
    return out;
}

Result<void> MemoryStore::scan_releases(
    const Origin& author, const PartyId& recipient, std::uint64_t first,
    const std::function<Result<void>(node::StoredRelease&&)>& row) {
    for (std::uint64_t number = first;; ++number) {
        // Looked up for each row, as in scan().
        const auto it = releases_.find({author, recipient});
        if (it == releases_.end() || number >= it->second.size()) return {};
        TRYV(row({author, recipient, number, it->second[number]}));
    }
}

Result<void> MemoryStore::scan_cosignatures(
    const Origin& origin, const std::function<Result<void>(node::StoredCosignature&&)>& row) {
    // A map's iterators stay good when a callback adds.
    for (auto it = cosignatures_.lower_bound({origin, {}, {}, {}});
         it != cosignatures_.end() && it->second.origin == origin; ++it) {
        TRYV(row(node::StoredCosignature(it->second)));
    }
    return {};
}

Result<std::optional<Bytes>> MemoryStore::local(const std::string& name) {
    const auto it = local_.find(name);
    if (it == local_.end()) return std::optional<Bytes>();
    return std::optional<Bytes>(it->second);
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

Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> MemoryStore::outbox_of(
    const std::string& subscriber, std::uint64_t after, std::size_t most) {
    std::vector<std::pair<std::uint64_t, node::OutboxRow>> rows;
    for (auto it = outbox_.upper_bound(after); it != outbox_.end() && rows.size() < most; ++it) {
        if (it->second.subscriber == subscriber) rows.emplace_back(*it);
    }
    return rows;
}

}  // namespace entente::store

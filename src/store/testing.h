// SPDX-License-Identifier: Apache-2.0
// What several of this room's tests share: a directory that removes itself, and commits that look
// like a node's. Included by tests only. Roots are hashes of the size: stores do not check them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/encode.h"
#include "base/random.h"
#include "base/sha256.h"
#include "node/ports.h"

namespace entente::store {
inline namespace testing {

class TempDir {
  public:
    TempDir() {
        std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        path_ = name;
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

inline const Origin test_origin{"test.abcdefghijklmnop/exercise/fr"};

inline Hash root_of(std::uint64_t size) { return sha256("root of " + std::to_string(size)); }

/// The entry that always stands at this index; every seventh is open and has no body.
inline node::StoredEntry entry_at(std::uint64_t index, std::size_t body_bytes = 300) {
    Rng rng(index);
    const auto bytes = [&](std::size_t size) {
        Bytes out(size, '\0');
        rng.bytes()(reinterpret_cast<std::uint8_t*>(out.data()), size);
        return out;
    };
    node::StoredEntry entry{EntryIndex{index}, bytes(230), {}, {}};
    if (index % 7 == 3) return entry;
    entry.wrapped_keys = bytes(index % 5 == 2 ? 0 : 120);
    entry.ciphertexts = bytes(body_bytes);
    return entry;
}

inline node::StoredHead head_at(std::uint64_t size, const Origin& origin = test_origin) {
    return {origin, TreeSize{size}, root_of(size), "note of " + std::to_string(size) + "\n", 1};
}

/// From one head, or from no log, to `size`.
inline node::Commit commit_to(const std::optional<node::StoredHead>& expected, std::uint64_t size,
                              const Origin& origin = test_origin) {
    node::Commit commit{expected, head_at(size, origin), {}, {}};
    for (std::uint64_t i = expected ? expected->size.v : 0; i < size; ++i) {
        commit.entries.push_back(entry_at(i));
    }
    return commit;
}

inline Result<std::vector<node::StoredEntry>> scan_all(node::Store& store, std::uint64_t begin,
                                                       std::uint64_t end,
                                                       const Origin& origin = test_origin) {
    std::vector<node::StoredEntry> rows;
    TRYV(store.scan(origin, EntryIndex{begin}, EntryIndex{end},
                    [&](node::StoredEntry&& entry) -> Result<void> {
                        rows.push_back(std::move(entry));
                        return {};
                    }));
    return rows;
}

/// What a scan of one list, or of one log's cosignatures, gives.
inline Result<std::vector<node::StoredRelease>> all_releases(node::Store& store,
                                                             const Origin& author,
                                                             const PartyId& recipient,
                                                             std::uint64_t first = 0) {
    std::vector<node::StoredRelease> rows;
    TRYV(store.scan_releases(author, recipient, first,
                             [&](node::StoredRelease&& row) -> Result<void> {
                                 rows.push_back(std::move(row));
                                 return {};
                             }));
    return rows;
}
inline Result<std::vector<node::StoredCosignature>> all_cosignatures(node::Store& store,
                                                                     const Origin& origin) {
    std::vector<node::StoredCosignature> rows;
    TRYV(store.scan_cosignatures(origin, [&](node::StoredCosignature&& row) -> Result<void> {
        rows.push_back(std::move(row));
        return {};
    }));
    return rows;
}

template <class T>
std::string detail(const Result<T>& result) {
    return result ? "no error"
                  : std::string(name(result.error().code)) + ": " + result.error().detail;
}

/// For tests where a failure is the end of the test.
template <class T>
T must(Result<T> result) {
    if (!result) {
        ADD_FAILURE() << detail(result);
        std::abort();
    }
    return std::move(*result);
}
inline void must(const Result<void>& result) { ASSERT_TRUE(result) << detail(result); }

}  // namespace testing
}  // namespace entente::store

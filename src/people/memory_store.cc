// SPDX-License-Identifier: Apache-2.0
#include "people/memory_store.h"

#include <algorithm>
#include <array>

namespace entente::people {
namespace {

constexpr std::array<const char*, 8> table_names = {
    "account", "session", "token", "officer", "proposal", "duty", "subscription", "sheet"};

}  // namespace

const char* name(Table table) { return table_names[static_cast<std::size_t>(table)]; }

std::optional<Table> parse_table(std::string_view text) {
    for (std::size_t i = 0; i < table_names.size(); ++i) {
        if (text == table_names[i]) return static_cast<Table>(i);
    }
    return std::nullopt;
}

Result<void> MemoryStore::scan(
    const std::function<Result<void>(Table, const std::string&, const Bytes&)>& row) {
    for (const auto& [key, bytes] : rows_) TRYV(row(key.first, key.second, bytes));
    return {};
}

Result<void> MemoryStore::commit(const std::vector<Write>& writes,
                                 const std::vector<Reading>& audit) {
    for (const Write& write : writes) {
        if (write.bytes) {
            rows_[{write.table, write.key}] = *write.bytes;
        } else {
            rows_.erase({write.table, write.key});
        }
    }
    for (const Reading& reading : audit) {
        audit_.push_back(chain(audit_.empty() ? AuditLine() : audit_.back(), reading));
    }
    return {};
}

Result<std::vector<AuditLine>> MemoryStore::audit(std::uint64_t after, std::size_t most) {
    const auto begin =
        audit_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(after, audit_.size()));
    const auto count = std::min<std::size_t>(most, static_cast<std::size_t>(audit_.end() - begin));
    return std::vector<AuditLine>(begin, begin + static_cast<std::ptrdiff_t>(count));
}

}  // namespace entente::people

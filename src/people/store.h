// SPDX-License-Identifier: Apache-2.0
// The port of the local store (PROTOCOL 30): accounts, sessions, tokens, what waits for officers,
// the duty roster, subscriptions, sheets that wait to be read back, and the audit. Apart from log
// and vault: losing it loses no statement, and nothing in it is signed. Whoever implements it sits
// at the edge (`store`).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "people/audit.h"

namespace entente::people {

enum class Table : std::uint8_t {
    account,
    session,
    token,
    officer,
    proposal,
    duty,
    subscription,
    sheet,
};
const char* name(Table table);
std::optional<Table> parse_table(std::string_view text);

/// One row as it is to be from now on; without bytes: gone.
struct Write {
    Table table;
    std::string key;
    std::optional<Bytes> bytes;  // canonical JSON
};

/// Safe from any thread.
class Store {
  public:
    virtual ~Store() = default;
    /// Every row but the audit's, tables in their order, keys in theirs.
    virtual Result<void> scan(const std::function<Result<void>(Table table, const std::string& key,
                                                               const Bytes& bytes)>& row) = 0;
    /// All or nothing, durable when it returns; the audit's lines are chained in this order.
    virtual Result<void> commit(const std::vector<Write>& writes,
                                const std::vector<Reading>& audit) = 0;
    /// The audit's lines with seq > after, at most `most`, in order.
    virtual Result<std::vector<AuditLine>> audit(std::uint64_t after, std::size_t most) = 0;
};

}  // namespace entente::people

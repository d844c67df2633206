// SPDX-License-Identifier: Apache-2.0
// The local store in memory: for tests, and for a directory where nothing may be written.
// Not for several threads unless whoever owns it guards it.
#pragma once

#include <map>

#include "people/store.h"

namespace entente::people {

class MemoryStore : public Store {
  public:
    Result<void> scan(const std::function<Result<void>(Table table, const std::string& key,
                                                       const Bytes& bytes)>& row) override;
    Result<void> commit(const std::vector<Write>& writes,
                        const std::vector<Reading>& audit) override;
    Result<std::vector<AuditLine>> audit(std::uint64_t after, std::size_t most) override;

  private:
    std::map<std::pair<Table, std::string>, Bytes> rows_;
    std::vector<AuditLine> audit_;
};

}  // namespace entente::people

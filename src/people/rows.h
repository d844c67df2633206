// SPDX-License-Identifier: Apache-2.0
// Rows of the local store as canonical JSON, and back. What is read is this node's own, yet a disk
// may lie: form is checked, and a row that is not whole is an error that names it.
#pragma once

#include <string>
#include <vector>

#include "people/account.h"
#include "statement/canon.h"

namespace entente::people {

namespace canon = statement::canon;

constexpr std::size_t row_bytes_max = 512 * 1024;

/// Reads members one by one; end() says whether all were there and none besides.
class RowReader {
  public:
    static Result<RowReader> open(BytesView bytes);
    bool has(const char* key) const { return object_.find(key) != nullptr; }
    std::string text(const char* key);
    std::int64_t integer(const char* key);
    bool boolean(const char* key);
    std::vector<std::string> texts(const char* key);
    Bytes base64(const char* key);
    Hash hash(const char* key);
    Roles roles(const char* key);
    std::vector<canon::Object> objects(const char* key);
    Result<void> end(std::string_view what) const;

    explicit RowReader(canon::Object object) : object_(std::move(object)) {}

  private:
    const canon::Value* take(const char* key);
    const canon::Array& array(const char* key);  // empty where it is none
    void bad(const char* key);

    canon::Object object_;
    std::size_t taken_ = 0;
    std::string fault_;  // the first member that is not there or of another kind
};

canon::Array texts(const std::vector<std::string>& list);

Bytes encode(const Account& account);
Bytes encode(const Session& session);
Bytes encode(const Token& token);
Result<Account> decode_account(BytesView bytes);
Result<Session> decode_session(BytesView bytes);
Result<Token> decode_token(BytesView bytes);

}  // namespace entente::people

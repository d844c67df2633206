// SPDX-License-Identifier: Apache-2.0
// The canonical form of entries and bodies: RFC 8785 narrowed (PROTOCOL 3). UTF-8; objects with
// sorted, unique, ASCII snake_case keys; integers within ±(2^53-1); strings, booleans, arrays;
// no floats, no null; depth at most limits::json_depth_max; text never normalised.
// One value has exactly one spelling, so hashes and signatures mean the value.
//
//     TRY(value, canon::decode(bytes));       // refuses any other spelling of the same value
//     canon::encode(value) == bytes;          // always
//
// Plain values; const use is thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::statement::canon {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

/// Members sorted by key, keys unique.
class Object {
  public:
    /// Precondition: the key is snake_case and not yet there.
    void set(std::string key, Value value);
    const Value* find(std::string_view key) const;
    void reserve(std::size_t members);
    const std::vector<Member>& members() const { return members_; }
    bool operator==(const Object&) const;

  private:
    std::vector<Member> members_;
};

class Value {
  public:
    Value(bool v) : v_(v) {}
    Value(std::int64_t v) : v_(v) {}
    Value(int v) : v_(std::int64_t{v}) {}
    Value(std::string v) : v_(std::move(v)) {}
    Value(std::string_view v) : v_(std::string(v)) {}
    Value(const char* v) : v_(std::string(v)) {}
    Value(Array v) : v_(std::move(v)) {}
    Value(Object v) : v_(std::move(v)) {}

    const bool* boolean() const { return std::get_if<bool>(&v_); }
    const std::int64_t* integer() const { return std::get_if<std::int64_t>(&v_); }
    const std::string* text() const { return std::get_if<std::string>(&v_); }
    const Array* array() const { return std::get_if<Array>(&v_); }
    const Object* object() const { return std::get_if<Object>(&v_); }
    bool operator==(const Value&) const;

  private:
    std::variant<bool, std::int64_t, std::string, Array, Object> v_;
};

/// Precondition: integers in range, text well-formed UTF-8.
Bytes encode(const Value& value);

/// Errc::too_large above `bytes_max`; malformed; not_canonical for another spelling of a value.
Result<Value> decode(BytesView bytes, std::size_t bytes_max);

/// Whether a key is snake_case ASCII: [a-z][a-z0-9_]*, at most 64 bytes.
bool is_key(std::string_view key);

}  // namespace entente::statement::canon

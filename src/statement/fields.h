// SPDX-License-Identifier: Apache-2.0
// Reading the members of a canonical object with errors that name the key. For the codecs of this
// room and of evidence files; it knows JSON types, not meanings.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/time.h"
#include "base/units.h"
#include "statement/canon.h"

namespace entente::statement {

/// One object being read. Absent optional members are std::nullopt; a member of another type, or an
/// absent required one, is Errc::malformed.
class Fields {
  public:
    explicit Fields(const canon::Object& object) : object_(object) {}
    static Result<Fields> of(const canon::Value& value, const char* what);

    bool has(std::string_view key) const { return object_.find(key) != nullptr; }
    Result<std::string> text(const char* key) const;
    Result<std::string> text_or_empty(const char* key) const;
    Result<std::int64_t> integer(const char* key) const;
    Result<std::optional<std::int64_t>> optional_integer(const char* key) const;
    Result<std::optional<Decimetres>> optional_length(const char* key) const;
    Result<Instant> time(const char* key) const;
    Result<std::optional<Instant>> optional_time(const char* key) const;
    Result<RecordId> record(const char* key) const;
    Result<std::optional<RecordId>> optional_record(const char* key) const;
    Result<bool> boolean(const char* key) const;
    /// Absent: false.
    Result<bool> flag(const char* key) const;
    Result<Hash> hash(const char* key) const;
    Result<const canon::Array*> array(const char* key) const;
    Result<const canon::Object*> object(const char* key) const;
    const std::vector<canon::Member>& members() const { return object_.members(); }

  private:
    Result<const canon::Value*> required(const char* key) const;

    const canon::Object& object_;
};

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
#include "statement/fields.h"

#include "base/encode.h"

namespace entente::statement {
namespace {

tl::unexpected<Error> wrong(const char* key, const char* type) {
    return fail(Errc::malformed, "'" + std::string(key) + "' is not " + type);
}

}  // namespace

Result<Fields> Fields::of(const canon::Value& value, const char* what) {
    if (value.object() == nullptr) return wrong(what, "an object");
    return Fields(*value.object());
}

Result<const canon::Value*> Fields::required(const char* key) const {
    const canon::Value* value = object_.find(key);
    if (value == nullptr) return fail(Errc::malformed, "'" + std::string(key) + "' is missing");
    return value;
}

Result<std::string> Fields::text(const char* key) const {
    TRY(value, required(key));
    if (value->text() == nullptr) return wrong(key, "text");
    return *value->text();
}

Result<std::string> Fields::text_or_empty(const char* key) const {
    if (!has(key)) return std::string();
    return text(key);
}

Result<std::int64_t> Fields::integer(const char* key) const {
    TRY(value, required(key));
    if (value->integer() == nullptr) return wrong(key, "an integer");
    return *value->integer();
}

Result<std::optional<std::int64_t>> Fields::optional_integer(const char* key) const {
    if (!has(key)) return std::optional<std::int64_t>();
    TRY(value, integer(key));
    return std::optional(value);
}

Result<std::optional<Decimetres>> Fields::optional_length(const char* key) const {
    TRY(value, optional_integer(key));
    if (!value) return std::optional<Decimetres>();
    return std::optional(Decimetres{*value});
}

Result<Instant> Fields::time(const char* key) const {
    TRY(value, integer(key));
    return instant(value);
}

Result<std::optional<Instant>> Fields::optional_time(const char* key) const {
    TRY(value, optional_integer(key));
    if (!value) return std::optional<Instant>();
    return std::optional(instant(*value));
}

Result<RecordId> Fields::record(const char* key) const {
    TRY(value, text(key));
    auto id = RecordId::parse(value);
    if (!id) return at(key, id.error());
    return *id;
}

Result<std::optional<RecordId>> Fields::optional_record(const char* key) const {
    if (!has(key)) return std::optional<RecordId>();
    TRY(id, record(key));
    return std::optional(id);
}

Result<bool> Fields::boolean(const char* key) const {
    TRY(value, required(key));
    if (value->boolean() == nullptr) return wrong(key, "true or false");
    return *value->boolean();
}

Result<bool> Fields::flag(const char* key) const {
    if (!has(key)) return false;
    return boolean(key);
}

Result<Hash> Fields::hash(const char* key) const {
    TRY(value, text(key));
    auto hash = hash_from_base64url(value);
    if (!hash) return at(key, hash.error());
    return *hash;
}

Result<const canon::Array*> Fields::array(const char* key) const {
    TRY(value, required(key));
    if (value->array() == nullptr) return wrong(key, "an array");
    return value->array();
}

Result<const canon::Object*> Fields::object(const char* key) const {
    TRY(value, required(key));
    if (value->object() == nullptr) return wrong(key, "an object");
    return value->object();
}

}  // namespace entente::statement

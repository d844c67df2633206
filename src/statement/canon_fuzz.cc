// SPDX-License-Identifier: Apache-2.0
// The strict reader against itself (decode, encode, compare) and against Boost.JSON: whatever we
// accept, Boost must read too, and Boost's meaning must serialise back to the same value.
#include <boost/json.hpp>
#include <cstdlib>

#include "base/limits.h"
#include "statement/canon.h"

namespace canon = entente::statement::canon;

namespace {

/// Whether Boost read the same value.
bool same(const canon::Value& ours, const boost::json::value& theirs) {
    if (const bool* b = ours.boolean()) return theirs.is_bool() && theirs.get_bool() == *b;
    if (const std::int64_t* n = ours.integer()) {
        return theirs.is_int64() && theirs.get_int64() == *n;
    }
    if (const std::string* text = ours.text()) {
        return theirs.is_string() && std::string_view(theirs.get_string()) == *text;
    }
    if (const canon::Array* array = ours.array()) {
        if (!theirs.is_array() || theirs.get_array().size() != array->size()) return false;
        for (std::size_t i = 0; i < array->size(); ++i) {
            if (!same((*array)[i], theirs.get_array()[i])) return false;
        }
        return true;
    }
    const canon::Object& object = *ours.object();
    if (!theirs.is_object() || theirs.get_object().size() != object.members().size()) return false;
    for (const auto& [key, value] : object.members()) {
        const boost::json::value* other = theirs.get_object().if_contains(key);
        if (other == nullptr || !same(value, *other)) return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const entente::BytesView bytes(reinterpret_cast<const char*>(data), size);
    const auto value = canon::decode(bytes, entente::limits::body_bytes_max);
    if (!value) return 0;
    if (canon::encode(*value) != bytes) std::abort();
    boost::json::error_code error;
    const boost::json::value theirs = boost::json::parse({bytes.data(), bytes.size()}, error);
    if (error || !same(*value, theirs)) std::abort();
    return 0;
}

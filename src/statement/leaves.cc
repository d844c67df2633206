// SPDX-License-Identifier: Apache-2.0
#include "statement/leaves.h"

#include <algorithm>

#include "base/encode.h"

namespace entente::statement {

Result<void> check_leaves(const std::vector<Hash>& leaves, std::size_t most, const char* what) {
    if (leaves.size() > most) {
        return fail(Errc::too_large, std::string("'") + what + "' has more than " +
                                         std::to_string(most) + " leaf hashes");
    }
    if (std::adjacent_find(leaves.begin(), leaves.end(), std::greater_equal<>()) != leaves.end()) {
        return fail(Errc::malformed, std::string("'") + what + "' ascends, each leaf hash once");
    }
    return {};
}

canon::Array encode_leaves(const std::vector<Hash>& leaves) {
    canon::Array out;
    for (const Hash& leaf : leaves) out.emplace_back(to_base64url(leaf.view()));
    return out;
}

Result<std::vector<Hash>> decode_leaves(const Fields& fields, const char* key, std::size_t most) {
    std::vector<Hash> out;
    if (!fields.has(key)) return out;
    TRY(array, fields.array(key));
    if (array->size() > most) {
        return fail(Errc::too_large, std::string("'") + key + "' has more than " +
                                         std::to_string(most) + " leaf hashes");
    }
    for (const canon::Value& value : *array) {
        if (value.text() == nullptr) return fail(Errc::malformed, "a leaf hash is text");
        TRY(leaf, hash_from_base64url(*value.text()));
        out.push_back(leaf);
    }
    return out;
}

}  // namespace entente::statement

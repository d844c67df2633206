// SPDX-License-Identifier: Apache-2.0
#include "store/row_sum.h"

#include "base/sha256.h"

namespace entente::store {

Bytes row_sum(BytesView table, std::initializer_list<BytesView> columns) {
    Bytes text;
    const auto put = [&](BytesView part) {
        text += std::to_string(part.size());
        text += ':';
        text += part;
    };
    put(table);
    for (const BytesView part : columns) put(part);
    return Bytes(sha256(text).view().substr(0, 16));
}

}  // namespace entente::store

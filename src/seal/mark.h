// SPDX-License-Identifier: Apache-2.0
// Marks: what this node has verified it marks before it stores it, so that it need not be verified
// again at every start. A mark is a keyed hash (BLAKE2b) under a key that comes from the vault key:
// who can write the store, or hands one back as a backup, and has not that key, can make none. It
// proves nothing to anybody else.
//
//     Marker marker(vault, "entente/vault/cosignature/v1\n");
//     row.mark = marker.mark(bytes);                       // once they are verified
//     if (!marker.is_mark(bytes, row.mark)) TRYV(verify(bytes));
//
// Half a microsecond each. Const methods are safe from several threads.
#pragma once

#include "seal/vault.h"

namespace entente::seal {

constexpr std::size_t mark_bytes = 16;

class Marker {
  public:
    /// `use` names what is marked: a mark for one use is none for another.
    Marker(const Vault& vault, BytesView use) : key_(vault.derive(use)) {}

    Bytes mark(BytesView verified) const;
    bool is_mark(BytesView verified, BytesView mark) const;

  private:
    Secret key_;
};

}  // namespace entente::seal

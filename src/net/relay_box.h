// SPDX-License-Identifier: Apache-2.0
// Where a node keeps what one party left for another that it cannot ask (PROTOCOL 28): sealed
// packs, one for each ordered pair, the newest in place of the one before. It is no truth of this
// node's: who left it leaves it again with its next beat. An edge keeps it (cli/relay_files.h).
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace entente::net {

class RelayBox {
  public:
    virtual ~RelayBox() = default;
    /// Durable when it returns.
    virtual Result<void> put(const PartyId& from, const PartyId& to, BytesView pack) = 0;
    /// Errc::not_found where nothing is kept.
    virtual Result<Bytes> get(const PartyId& from, const PartyId& to) = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// What other parties left here for each other (net/relay_box.h), as files: DIR/relay/FROM.TO.pack.
// Sealed to who fetches it; in no backup, and may be thrown away at any time. At most
// node::relay_pack_bytes_max for each ordered pair of the charter.
#pragma once

#include "cli/data_dir.h"
#include "net/relay_box.h"

namespace entente::cli {

class RelayFiles final : public net::RelayBox {
  public:
    explicit RelayFiles(const DataDir& dir) : folder_(dir.path + "/relay") {}
    Result<void> put(const PartyId& from, const PartyId& to, BytesView pack) override;
    Result<Bytes> get(const PartyId& from, const PartyId& to) override;

  private:
    std::string file(const PartyId& from, const PartyId& to) const {
        return folder_ + "/" + from.v + "." + to.v + ".pack";  // no id has a dot
    }
    std::string folder_;
};

}  // namespace entente::cli

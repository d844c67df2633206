// SPDX-License-Identifier: Apache-2.0
// The copies of logs that other parties' nodes serve, as sources for scrub: no peer is trusted, and
// what it sends counts only as far as it leads to a head that the log itself signed.
//
//     TRY(copies, PeerCopies::make(dir, charter, self));
//     std::vector<Source> sources = copies->of(origin, key);       // asks everybody for its head
#pragma once

#include <memory>

#include "cli/data_dir.h"
#include "cli/scrub_log.h"
#include "net/peer_client.h"
#include "statement/charter.h"

namespace entente::cli {

class PeerCopies {
  public:
    /// Errors: no channel key, no other party, a configuration that cannot be read.
    static Result<std::unique_ptr<PeerCopies>> make(const DataDir& dir,
                                                    const statement::Charter& charter,
                                                    const PartyId& self);
    /// Of each peer that serves a copy of this log under a head that its key signed: largest first.
    /// The sources ask on when they are read, and live as long as this.
    std::vector<Source> of(const Origin& origin, const tlog::VerifierKey& key);
    /// Who could not be asked, or answered wrong, and why: a line each.
    const std::vector<std::string>& troubles() const { return troubles_; }

  private:
    struct Peer {
        std::string name;
        std::unique_ptr<net::PeerClient> client;
        bool gone = false;  // it did not answer; it is not asked for every log again
    };
    PeerCopies() = default;
    Result<Bytes> ask(Peer& peer, const std::string& path, std::size_t most);

    std::vector<std::unique_ptr<Peer>> peers_;
    std::vector<std::string> troubles_;
};

}  // namespace entente::cli

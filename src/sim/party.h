// SPDX-License-Identifier: Apache-2.0
// One simulated party: its ports in memory, and the node and exchange that stand on them, which can
// be killed and started again. No clock and no chance of its own.
#pragma once

#include <memory>
#include <optional>

#include "node/follow.h"
#include "sim/founders.h"
#include "sim/kill.h"
#include "store/fault_store.h"
#include "store/memory_cosign_state.h"
#include "store/memory_signer.h"
#include "store/memory_store.h"

namespace entente::sim {

/// A node and its exchange on these ports, as `entente serve` opens them.
struct Ports {
    node::Store& store;
    node::Signer& signer;
    node::CosignState& cosigned;
};
struct Standing {
    std::optional<node::Node> node;
    std::unique_ptr<node::Exchange> exchange;
};
Result<void> stand_up(Standing& out, const Ports& ports, const Founder& founder,
                      const std::string& charter_file, const seal::Vault& vault,
                      const Random& random);

class Party {
  public:
    /// Makes its log, and starts.
    Party(const Founders& founders, std::size_t number, std::uint64_t seed);
    Party(const Party&) = delete;
    Party& operator=(const Party&) = delete;

    const PartyId& id() const { return founder_.id; }
    node::Node& node() { return *standing_.node; }
    node::Exchange& exchange() { return *standing_.exchange; }
    store::MemoryStore& store() { return store_; }
    node::CosignState& cosigned() { return cosigned_; }
    const seal::Vault& vault() const { return vault_; }
    const node::ExchangeKeys& keys() const { return founder_.keys; }
    KillSwitch& kill() { return kill_; }
    /// Writes that fail and leave the process alive.
    store::FaultStore& faults() { return faults_; }
    /// The store as its node writes to it: a write may be its last.
    node::Store& writes() { return kill_store_; }
    Rng& rng() { return rng_; }
    node::Author author() const;

    /// Everything in memory goes; what the ports hold stays.
    void stop();
    Result<void> start();
    bool running() const { return standing_.exchange != nullptr; }
    /// Starts on an earlier store of its own, without the memory of what it signed, as after a
    /// restore (PROTOCOL 26).
    Result<void> put_back(const store::MemoryStore& earlier);
    /// Starts on copies of everything that another node of this party has and remembers.
    Result<void> stand_on(const Party& other);

    /// Goes on in a successor log, as `entente key rotate log` does: nothing of the signer before
    /// is needed. `forgets`: what it cosigned is lost with it.
    Result<void> rotate(Instant now, bool forgets = false);
    /// Goes on under the next version of the charter, as `entente charter adopt` does.
    Result<void> adopt(const std::string& charter_file, Instant now);

    /// Says one thing; `record` is what it follows.
    Result<RecordId> say(const node::Draft& draft, const std::optional<RecordId>& record,
                         const node::Audience& audience, Instant now);
    /// The same statement under another kind, as a party with a newer program says it: nobody here
    /// understands it, and what it names protects all the same (PROTOCOL 18).
    Result<node::Composed> as_kind(const node::Composed& composed, const std::string& kind);
    check::Answer ask(const check::Question& question, Instant now);

  private:
    const Founder& founder_;
    std::string charter_file_;
    Rng rng_;
    store::MemoryStore store_;
    store::MemorySigner signer_;
    store::MemoryCosignState cosigned_;
    store::FaultStore faults_{store_};
    KillSwitch kill_;
    KillStore kill_store_{faults_, kill_};
    KillSigner kill_signer_{signer_, kill_};
    KillCosignState kill_cosigned_{cosigned_, kill_};
    seal::Vault vault_;
    Standing standing_;
};

/// Lets `asker` ask `asked` until there is nothing more to ask before its due time: a link without
/// loss or delay. False if the round ended in trouble.
bool sync(Party& asker, Party& asked, Instant now);

}  // namespace entente::sim

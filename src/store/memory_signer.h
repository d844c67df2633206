// SPDX-License-Identifier: Apache-2.0
// A signer in memory, for tests and simulation. Copy it to play a crash: the copy remembers what
// was durable. Not thread-safe.
#pragma once

#include "node/ports.h"
#include "tlog/key.h"

namespace entente::store {

class MemorySigner : public node::Signer {
  public:
    explicit MemorySigner(tlog::LogKey key) : key_(std::move(key)) {}
    Result<std::string> vkey() override { return key_.verifier().text(); }
    Result<node::SignerState> state() override { return state_; }
    Result<Bytes> propose(const node::SignedHead& next, BytesView text) override;
    Result<void> settle() override;
    Result<void> drop() override;

  private:
    tlog::LogKey key_;
    node::SignerState state_;
};

}  // namespace entente::store

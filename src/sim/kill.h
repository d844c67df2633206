// SPDX-License-Identifier: Apache-2.0
// A process that dies at a chosen call of a port, with that write kept or lost: the ports of a
// simulated party, around real ones. Death is an exception, so that nothing of the node runs after
// it; whoever catches it throws the node away.
#pragma once

#include <functional>
#include <optional>

#include "node/cosign_state.h"

namespace entente::sim {

/// Thrown where the process died.
struct Killed {};

class KillSwitch {
  public:
    /// Dies at the n-th write from now (0: the next).
    void arm(std::uint64_t n, bool kept) { armed_ = Armed{n, kept}; }
    void disarm() { armed_.reset(); }
    /// What is done in place of an exception: the end of a real process.
    void die_by(std::function<void()> end) { end_ = std::move(end); }

    template <class Work>
    auto around(const Work& work) -> decltype(work()) {
        if (armed_ && armed_->left-- == 0) {
            const bool kept = armed_->kept;
            armed_.reset();
            if (kept) (void)work();
            if (end_) end_();
            throw Killed{};
        }
        return work();
    }

  private:
    struct Armed {
        std::uint64_t left;
        bool kept;
    };
    std::optional<Armed> armed_;
    std::function<void()> end_;
};

class KillStore : public node::Store {
  public:
    KillStore(node::Store& store, KillSwitch& kill) : store_(store), kill_(kill) {}
    Result<std::optional<node::StoredHead>> head(const Origin& origin) override {
        return store_.head(origin);
    }
    Result<void> commit(const node::Commit& commit) override {
        return kill_.around([&] { return store_.commit(commit); });
    }
    Result<void> add(const node::Additions& additions) override {
        return kill_.around([&] { return store_.add(additions); });
    }
    Result<std::vector<Origin>> origins() override { return store_.origins(); }
    Result<void> scan(const Origin& origin, EntryIndex begin, EntryIndex end,
                      const std::function<Result<void>(node::StoredEntry&&)>& row) override {
        return store_.scan(origin, begin, end, row);
    }
    Result<void> put_document(const Hash& hash, BytesView bytes) override {
        return store_.put_document(hash, bytes);
    }
    Result<std::optional<Bytes>> document(const Hash& hash) override {
        return store_.document(hash);
    }
    Result<void> scan_releases(
        const Origin& author, const PartyId& recipient, std::uint64_t first,
        const std::function<Result<void>(node::StoredRelease&&)>& row) override {
        return store_.scan_releases(author, recipient, first, row);
    }
    Result<void> scan_cosignatures(
        const Origin& origin,
        const std::function<Result<void>(node::StoredCosignature&&)>& row) override {
        return store_.scan_cosignatures(origin, row);
    }
    Result<std::optional<Bytes>> local(const std::string& name) override {
        return store_.local(name);
    }
    Result<void> forget() override { return store_.forget(); }
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox(
        std::uint64_t after, std::size_t most) override {
        return store_.outbox(after, most);
    }
    Result<void> acknowledge(const std::string& subscriber, std::uint64_t up_to) override {
        return kill_.around([&] { return store_.acknowledge(subscriber, up_to); });
    }
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox_of(
        const std::string& subscriber, std::uint64_t after, std::size_t most) override {
        return store_.outbox_of(subscriber, after, most);
    }

  private:
    node::Store& store_;
    KillSwitch& kill_;
};

class KillSigner : public node::Signer {
  public:
    KillSigner(node::Signer& signer, KillSwitch& kill) : signer_(signer), kill_(kill) {}
    Result<std::string> vkey() override { return signer_.vkey(); }
    Result<node::SignerState> state() override { return signer_.state(); }
    Result<Bytes> propose(const node::SignedHead& next, BytesView text) override {
        return kill_.around([&] { return signer_.propose(next, text); });
    }
    Result<void> settle() override {
        return kill_.around([&] { return signer_.settle(); });
    }
    Result<void> drop() override {
        return kill_.around([&] { return signer_.drop(); });
    }

  private:
    node::Signer& signer_;
    KillSwitch& kill_;
};

class KillCosignState : public node::CosignState {
  public:
    KillCosignState(node::CosignState& state, KillSwitch& kill) : state_(state), kill_(kill) {}
    Result<std::optional<node::SignedHead>> last(const Origin& origin,
                                                 node::CosignRole role) override {
        return state_.last(origin, role);
    }
    Result<void> replace(const Origin& origin, node::CosignRole role,
                         const std::optional<node::SignedHead>& last,
                         const node::SignedHead& next) override {
        return kill_.around([&] { return state_.replace(origin, role, last, next); });
    }

  private:
    node::CosignState& state_;
    KillSwitch& kill_;
};

}  // namespace entente::sim

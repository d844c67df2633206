// SPDX-License-Identifier: Apache-2.0
// A store and a signer that fail when told to, around real ones, for tests and simulation: the
// world fails in the ways that PROTOCOL 26 and 31 must survive. Not thread-safe.
#pragma once

#include <map>

#include "node/ports.h"

namespace entente::store {

enum class Fault {
    not_persisted,  // an error, and nothing was written
    persisted,      // an error, and everything was written
    disk_full,      // an error that says so, and nothing was written
};

/// Errc::unavailable with a text for people.
tl::unexpected<Error> fault_error(Fault fault);

class FaultStore : public node::Store {
  public:
    /// `store` must outlive this.
    explicit FaultStore(node::Store& store) : store_(store) {}
    /// The n-th commit or addition from now (0: the next) fails in this way.
    void fail_commit(std::uint64_t n, Fault fault) { faults_[commits_ + n] = fault; }
    /// Works from here on.
    void work() { faults_.clear(); }

    Result<std::optional<node::StoredHead>> head(const Origin& origin) override {
        return store_.head(origin);
    }
    Result<void> commit(const node::Commit& commit) override;
    Result<void> add(const node::Additions& additions) override;
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
        return store_.acknowledge(subscriber, up_to);
    }
    Result<std::vector<std::pair<std::uint64_t, node::OutboxRow>>> outbox_of(
        const std::string& subscriber, std::uint64_t after, std::size_t most) override {
        return store_.outbox_of(subscriber, after, most);
    }

  private:
    node::Store& store_;
    std::uint64_t commits_ = 0;
    std::map<std::uint64_t, Fault> faults_;
};

class FaultSigner : public node::Signer {
  public:
    /// `signer` must outlive this.
    explicit FaultSigner(node::Signer& signer) : signer_(signer) {}
    /// The n-th write from now (propose, settle and drop count alike; 0: the next) fails so.
    void fail_write(std::uint64_t n, Fault fault) { faults_[writes_ + n] = fault; }

    Result<std::string> vkey() override { return signer_.vkey(); }
    Result<node::SignerState> state() override { return signer_.state(); }
    Result<Bytes> propose(const node::SignedHead& next, BytesView text) override;
    Result<void> settle() override;
    Result<void> drop() override;

  private:
    std::optional<Fault> next_fault();
    node::Signer& signer_;
    std::uint64_t writes_ = 0;
    std::map<std::uint64_t, Fault> faults_;
};

}  // namespace entente::store

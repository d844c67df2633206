// SPDX-License-Identifier: Apache-2.0
// A data directory opened for one verb: lock, store, signer, keys, and the node with its whole log
// verified on all cores. Threads begin and end here.
#pragma once

#include <memory>

#include "cli/console.h"
#include "cli/data_dir.h"
#include "node/exchange.h"
#include "node/gather.h"
#include "node/node.h"
#include "node/urgent.h"
#include "view/view.h"

namespace entente::cli {

enum class Access { read, write };

struct OpenOptions {
    Access access = Access::read;
    bool index = false;       // build it: for checks
    std::string root_file;    // --root: the root's key, for relaxations beyond the daily limit
    std::string charter{};    // the text of a next version of the charter; empty: charter.toml
    bool ask_peers = false;   // without a node: other parties' nodes are asked from this process
    std::string only_peer{};  // then this party alone
    bool may_wait = false;    // also a node that signs nothing until its peers have told
    std::string signer{};     // that of a successor log; empty: DIR/signer
};

class Session {
  public:
    static Result<Session> open(const Common& common, const OpenOptions& options);

    node::Node& node() { return *node_; }
    /// The root's key, where `root_file` was given.
    const SecretKey* root() const { return root_.get(); }
    /// The node among the other parties of its charter; of a solo charter it only passes on.
    node::Exchange& exchange() { return *exchange_; }
    node::Store& store() { return *store_; }
    /// What is urgent, as this node sends and takes it; null for a solo charter.
    node::Urgents* urgents() { return urgents_ ? &*urgents_ : nullptr; }
    /// The evidence file of a record (session_exchange.cc). Nothing is signed for it.
    Result<Bytes> evidence(const node::Gathering& wanted) const;
    const std::string& data() const { return data_; }
    view::View view() const;
    node::Author author() const;
    /// Keeps a newer version of the charter where people find it (PROTOCOL 8).
    std::function<void(const node::Proposal&)> keeper() const;
    /// Why a reduction said now would never act, or empty.
    std::string cannot_reduce() const;

    /// Composes the drafts on all cores and logs them under one head.
    struct Said {
        node::Draft draft;
        const registry::Record* record = nullptr;  // what it follows
    };
    Result<node::Receipt> say(const std::vector<Said>& statements);
    /// The two halves of say(), so that a long import composes one batch while another is stored.
    Result<std::vector<node::Composed>> compose(const std::vector<Said>& statements,
                                                Instant moment) const;

  private:
    Session() = default;
    /// `signer`: its directory, beside which what was cosigned is remembered.
    Result<void> open_exchange(const DataDir& dir, const std::string& signer, bool write);
    static Result<Session> open_with(const DataDir& dir, const Bytes& charter_file,
                                     const OpenOptions& options);

    std::string data_;
    std::unique_ptr<node::Store> store_;
    std::unique_ptr<node::Signer> signer_;
    std::unique_ptr<seal::Vault> vault_;
    std::unique_ptr<SecretKey> officer_;
    std::unique_ptr<SecretKey> root_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<node::CosignState> cosigned_;
    std::unique_ptr<node::ExchangeKeys> keys_;
    std::unique_ptr<node::Exchange> exchange_;
    std::optional<node::Urgents> urgents_;
};

}  // namespace entente::cli

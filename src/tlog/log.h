// SPDX-License-Identifier: Apache-2.0
// The own log's state: its tree, and its right edge as a second way to the root. It stores and
// signs nothing; the order of work is node's:
//
//     TRY(pending, log.prepare(entries));                    // root derived twice, compared
//     TRY(signature, signer.propose(..., format_checkpoint(pending.checkpoint)));
//     TRYV(store.commit(...));
//     TRYV(log.adopt(pending));                              // only now is it the log's head
//
// A batch that fails anywhere on the way is simply not adopted: nothing has changed. One writer.
#pragma once

#include <span>
#include <vector>

#include "tlog/checkpoint.h"
#include "tlog/merkle.h"

namespace entente::tlog {

/// A batch that the log could take, and the head it would then have.
struct Pending {
    TreeSize base;             // the log's size when it was prepared
    std::vector<Hash> leaves;  // of the batch, in order
    Checkpoint checkpoint;     // may be signed: both code paths led to this root
};

class Log {
  public:
    explicit Log(Origin origin) : origin_(std::move(origin)) {}
    /// From the leaf hashes of all entries. Errc::bad_proof if the two code paths disagree.
    static Result<Log> load(Origin origin, std::span<const Hash> leaves);

    const Origin& origin() const { return origin_; }
    TreeSize size() const { return tree_.size(); }
    /// The log's state as a checkpoint, not signed.
    Checkpoint checkpoint() const;
    const Tree& tree() const { return tree_; }

    /// Hashes the entries and derives the new root twice: by Tree, and by Frontier from the
    /// entries' bytes again. Errc::bad_proof if they differ (a broken memory or processor: nothing
    /// of the batch may be signed), Errc::too_large for an entry beyond
    /// limits::entry_bytes_max, Errc::refused for an empty batch. The log stays as it was.
    Result<Pending> prepare(std::span<const BytesView> entries);
    /// Makes the batch part of the log. Errc::stale if the log has moved since prepare,
    /// Errc::bad_proof if the batch no longer leads to its root; then the log stays as it was.
    Result<void> adopt(const Pending& pending);

  private:
    friend struct LogFault;  // log_test.cc damages a half to see that it is noticed
    Origin origin_;
    Tree tree_;
    Frontier frontier_;
};

}  // namespace entente::tlog

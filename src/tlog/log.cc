// SPDX-License-Identifier: Apache-2.0
#include "tlog/log.h"

#include "base/assert.h"
#include "base/limits.h"

namespace entente::tlog {
namespace {

Result<void> same(const Hash& by_tree, const Hash& by_frontier, TreeSize size) {
    if (by_tree == by_frontier) return {};
    // Yeti 2022 died of one flipped bit that was signed into its tree: stop before the signature.
    return fail(Errc::bad_proof,
                "two derivations of the root at size " + std::to_string(size.v) +
                    " disagree: memory or processor are at fault; nothing was signed. Restart, "
                    "and test this machine's memory before going on");
}

}  // namespace

Result<Log> Log::load(Origin origin, std::span<const Hash> leaves) {
    Log log(std::move(origin));
    log.tree_.reserve({leaves.size()});
    log.tree_.append(leaves);
    for (const Hash& leaf : leaves) log.frontier_.append(leaf);
    TRYV(same(log.tree_.root(), log.frontier_.root(), log.size()));
    return log;
}

Checkpoint Log::checkpoint() const {
    return {.origin = origin_, .size = size(), .root = tree_.root(), .extensions = {}};
}

Result<Pending> Log::prepare(std::span<const BytesView> entries) {
    if (entries.empty()) return fail(Errc::refused, "a batch holds at least one entry");
    Pending pending{.base = size(), .leaves = {}, .checkpoint = checkpoint()};
    pending.leaves.reserve(entries.size());
    for (const BytesView entry : entries) {
        if (entry.size() > limits::entry_bytes_max) {
            return fail(Errc::too_large, "an entry has at most " +
                                             std::to_string(limits::entry_bytes_max) +
                                             " bytes (entry_bytes_max); this one has " +
                                             std::to_string(entry.size()));
        }
        pending.leaves.push_back(leaf_hash(entry));
    }
    // First way: the tree itself, which then gives the leaves back.
    tree_.append(pending.leaves);
    pending.checkpoint.size = tree_.size();
    pending.checkpoint.root = tree_.root();
    tree_.truncate(pending.base);
    // Second way: from the entries' bytes, so that a damaged leaf hash shows too.
    Frontier frontier = frontier_;
    for (const BytesView entry : entries) frontier.append(leaf_hash(entry));
    ASSERT(frontier.size() == pending.checkpoint.size);
    TRYV(same(pending.checkpoint.root, frontier.root(), pending.checkpoint.size));
    return pending;
}

Result<void> Log::adopt(const Pending& pending) {
    if (pending.base != size() || pending.checkpoint.origin != origin_) {
        return fail(Errc::stale, "the batch was prepared at size " +
                                     std::to_string(pending.base.v) + " of " +
                                     pending.checkpoint.origin.v + "; this log is " + origin_.v +
                                     " at size " + std::to_string(size().v));
    }
    Frontier frontier = frontier_;
    for (const Hash& leaf : pending.leaves) frontier.append(leaf);
    tree_.append(pending.leaves);
    auto agreed = same(tree_.root(), frontier.root(), tree_.size());
    if (agreed && tree_.root() != pending.checkpoint.root) {
        agreed = fail(Errc::bad_proof, "the batch does not lead to the root it was signed with");
    }
    if (!agreed) {
        tree_.truncate(pending.base);
        return agreed;
    }
    frontier_ = std::move(frontier);
    return {};
}

}  // namespace entente::tlog

// SPDX-License-Identifier: Apache-2.0
// What of the log anybody may have: its files and proofs.
#include "node/log_files.h"
#include "node/node.h"
#include "tlog/proof.h"

namespace entente::node {

Result<Bytes> Node::log_file(std::string_view path) const {
    if (path == "checkpoint") return head_.bytes();
    return tile_file({*store_, origin(), log_.tree()}, path);
}

Result<Bytes> Node::prove(EntryIndex entry) const {
    TRY(proof, tlog::prove(log_.tree(), entry, head_));
    return tlog::format_proof(proof);
}

}  // namespace entente::node

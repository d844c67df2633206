// SPDX-License-Identifier: Apache-2.0
// The files of a log, one's own or a copy of another's, by their C2SP tlog-tiles path: hash tiles
// out of the tree, bundles out of the store.
#pragma once

#include "node/ports.h"
#include "tlog/merkle.h"

namespace entente::node {

struct LogFiles {
    Store& store;
    const Origin& origin;
    const tlog::Tree& tree;
};

/// `tile/0/000`, `tile/entries/000.p/17`. Errc::not_found for what the tree does not have,
/// malformed for what is no such path.
Result<Bytes> tile_file(const LogFiles& log, std::string_view path);

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// The paths by which nodes ask each other (doc/protocol/exchange.md, "What a node asks of
// another"): over the network, and as names in a pack.
#pragma once

#include <string>

#include "base/encode.h"
#include "base/ids.h"
#include "base/sha256.h"

namespace entente::node {

inline const std::string heads_path = "/peer/v1/heads";
/// After it the mark of the heads that the asker has.
inline const std::string heads_after_path = "/peer/v1/heads?after=";
inline const std::string logs_path = "/peer/v1/log/";
inline const std::string packs_path = "/peer/v1/packs";
inline const std::string packs_from_path = "/peer/v1/packs?from=";
inline const std::string charter_path = "/peer/v1/charter";
inline const std::string charter_version_path = "/peer/v1/charter?version=";
/// Key entries by which parties go on in other logs (succession.h).
inline const std::string successors_path = "/peer/v1/successors";
inline const std::string releases_path = "/peer/v1/releases?after=";

/// Of a log that this node's party kept before: after it the log's number, and that.
inline const std::string former_path = "/peer/v1/releases?log=";
inline const std::string former_after = "&after=";
inline std::string former_releases_path(std::uint32_t log, TreeSize held) {
    return former_path + std::to_string(log) + former_after + std::to_string(held.v);
}
/// Of the asker's own releases to this node.
inline const std::string received_path = "/peer/v1/received?after=";
inline const std::string deposits_path = "/peer/v1/deposits";
inline const std::string deposit_path = "/peer/v1/deposits?for=";
inline const std::string held_path = "/peer/v1/held?of=";

/// Before the tile paths of C2SP tlog-tiles.
inline std::string log_path(const Origin& origin) {
    return logs_path + to_hex(sha256(origin.v).view()) + "/";
}

}  // namespace entente::node

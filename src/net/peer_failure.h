// SPDX-License-Identifier: Apache-2.0
// What libcurl says of a request that failed, as the reason that people and programs read.
#pragma once

#include <string>

#include "net/peer_client.h"
#include "net/reason.h"

namespace entente::net {

struct Outcome {
    int code = 0;      // CURLcode
    std::string said;  // libcurl's own sentence
    PeerLimits limits;
    bool pinned = false;     // a node with a channel key; otherwise authorities decide
    bool mismatch = false;   // it showed another key
    bool connected = false;  // a connection was ready
};

Failure failure_of(const Outcome& outcome);

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Asks a node over DIR/node.sock: one connection, one request after the other. Not for peers.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"
#include "net/message.h"

namespace entente::net {

class Client {
  public:
    virtual ~Client() = default;
    /// Errc::not_found if nobody listens there: no node, or one that was killed.
    static Result<std::unique_ptr<Client>> connect(const std::string& socket);

    /// Errc::unavailable if the connection breaks. What the request does is then not known, unless
    /// it only reads.
    virtual Result<Response> ask(const Request& request) = 0;
    /// The same for a response that comes piece by piece.
    virtual Result<Response> ask(const Request& request,
                                 const std::function<void(std::string_view)>& piece) = 0;
};

}  // namespace entente::net

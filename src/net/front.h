// SPDX-License-Identifier: Apache-2.0
// What stands behind the sockets of a listener: the API for people and programs (api.h), or the one
// for other nodes (peer_api.h). Sockets know nothing else of either.
#pragma once

#include <functional>
#include <optional>

#include "base/time.h"
#include "net/message.h"

namespace entente::net {

/// What the header alone decides: a refusal, or how the request goes on.
struct Way {
    std::optional<Response> refusal;
    std::size_t body_max = 0;  // bytes
    bool slow = false;         // may take more than a millisecond: not on a thread of sockets
    /// Once the body is there, at most once, from any thread. Empty where it is refused.
    std::function<Response(const Request& request)> answer;
};

/// Any thread.
class Front {
  public:
    virtual ~Front() = default;
    virtual Way admit(const Request& request) = 0;
    /// Counts a response that was given without answer().
    virtual void count(const Response& response) = 0;
    virtual Instant now() const = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// One HTTP request and its response as values, so that everything behind the socket is a function
// from one to the other and is tested without any. The server fills in requests and writes
// responses out; it alone knows about connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"

namespace entente::net {

enum class Method : std::uint8_t { get, post, patch, del, other };
const char* name(Method method);

/// By which door a request came in.
enum class Door : std::uint8_t {
    tcp,     // any program on the network that reaches the listening address
    socket,  // DIR/node.sock: only the owner of the data directory can open it
};

struct Request {
    Method method = Method::get;
    bool head = false;   // HEAD: answered as GET, without its body
    std::string target;  // as sent: path and query
    Door door = Door::tcp;
    bool tls = false;
    std::string peer;              // address of the other end, for the rate limit and the audit
    std::optional<PartyId> party;  // between nodes: whose channel key the other end showed
    std::string host;
    std::string origin;         // Origin, empty if absent
    std::string authorization;  // Authorization
    std::string cookie;
    std::string content_type;
    std::string accept;
    std::string accept_encoding;
    std::string if_match;
    std::string if_none_match;
    std::string last_event_id;
    std::string actor;   // Entente-Actor: who acts, for the record
    std::string reason;  // Entente-Reason: why something is read, for the audit
    std::string body;
};

/// A body that comes piece by piece: events, the batches of an import. One reader; pull() and
/// on_ready() from the thread of the connection.
class Source {
  public:
    virtual ~Source() = default;
    /// What there is now; empty: nothing yet. Nothing: the end.
    virtual std::optional<std::string> pull() = 0;
    /// `wake` is called, from any thread, at most once, when pull() has more.
    virtual void on_ready(std::function<void()> wake) = 0;
    /// Written where nothing else was for a while, so that a dead peer is noticed; may be empty.
    virtual std::string heart_beat() const { return {}; }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Response {
    int status = 200;
    std::string type;  // Content-Type; empty: no body
    Headers headers;
    std::string body;
    std::shared_ptr<const std::string> shared;  // instead of body: bytes that many responses share
    std::shared_ptr<Source> source;             // instead of body: written as it comes
    std::string etag;                           // with quotes; empty: none

    const std::string& bytes() const { return shared ? *shared : body; }
};

}  // namespace entente::net

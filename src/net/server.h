// SPDX-License-Identifier: Apache-2.0
// The sockets of a node: HTTP/1.1 over TCP, TLS, and DIR/node.sock. It reads requests within
// limits, hands them to the Api, and writes what comes back; it knows no route. Nothing that one
// peer does (slow, broken, gone) holds up another.
//
//     TRY(server, Server::listen(options));   // has its port; nobody is answered yet
//     server->serve(api);
//     ...
//     server->stop();                         // what is under way is finished first
//
// People and programs have one Server; other nodes have another, with channel keys, limits and
// threads of its own, so that neither side can keep the other waiting.
//
// One thread a core runs sockets; what takes long runs on as many others.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "net/api.h"
#include "net/front.h"
#include "net/limits.h"
#include "net/tls.h"

namespace entente::net {

struct ServerOptions {
    std::string address = "127.0.0.1";  // numeric; empty: no TCP
    std::uint16_t port = 0;             // 0: any that is free
    std::string socket;                 // path of the Unix socket; empty: none
    std::string tls_cert;               // PEM files; empty: no TLS
    std::string tls_key;
    std::shared_ptr<Tls> tls{};  // instead of files: between nodes (channel.h)
    Limits limits;
    unsigned threads = 2;
};

class Server {
  public:
    virtual ~Server() = default;
    /// Errc::unavailable if the address or the socket's path cannot be listened on; malformed for
    /// what is no address or no certificate.
    static Result<std::unique_ptr<Server>> listen(const ServerOptions& options);

    /// Begins to answer. What answers must live until stop() has returned.
    virtual void serve(Api& api) = 0;
    virtual void serve(Front& front) = 0;

    virtual std::uint16_t port() const = 0;
    /// Takes nothing new, finishes what is under way (at most limits.stop_max), ends its threads.
    virtual void stop() = 0;
    virtual Gauges gauges() const = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Asks another node, or an outside witness, over HTTPS. Whatever is at the other end (nobody, a
// stranger, something slow, endless, broken or lying) costs at most the limits, and comes back as a
// Failure with its reason. One request at a time over one connection that stays open between them.
//
//     TRY(client, PeerClient::make({.url = "https://192.0.2.7:8701", .own = channel,
//                                   .keys = {key of the charter}}));
//     Reply reply = client->get("/peer/v1/heads", etag);       // 200, or 304 while it is the same
//
// A node is known by its channel key (channel.h); what has no keys here is known by the system's
// certificate authorities. Redirects are not followed, the environment's proxies not used. libcurl
// is in peer_client.cc alone.
//
// get() and post() from one thread at a time; stop() from any.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/channel.h"
#include "net/message.h"
#include "net/reason.h"

namespace entente::net {

struct PeerLimits {
    std::chrono::milliseconds connect_max{15'000};  // until TLS is ready
    std::chrono::milliseconds total_max{3'600'000};
    /// An answer during which less than bytes_per_second_min came for slow_max is given up. Slow
    /// links stay usable: 16 bytes a second are a tenth of the slowest modem.
    std::chrono::seconds slow_max{60};
    long bytes_per_second_min = 16;
    std::size_t body_max = 24u << 20;  // unpacked; a parcel of 16 MiB, and what is around it
    std::size_t header_max = 16 * 1024;
};

struct PeerOptions {
    std::string url;                     // `https://host[:port][/prefix]`
    std::shared_ptr<const Channel> own;  // null: this node shows no key
    std::vector<PublicKey> keys;         // any of these; none: certificate authorities decide
    std::string proxy;                   // `socks5h://host:port`, `http://host:port`; empty: none
    PeerLimits limits;
    bool loopback_http = false;  // `http://` to 127.0.0.1, ::1 and localhost too
    std::string authorities;     // PEM file in place of the system's; empty: the system's
};

using Reply = tl::expected<Response, Failure>;

class PeerClient {
  public:
    virtual ~PeerClient() = default;
    /// Errc::malformed for an URL that is not as PeerOptions says.
    static Result<std::unique_ptr<PeerClient>> make(PeerOptions options);

    /// Any status; `path` begins with a slash. With `etag`, 304 where nothing has changed. A body
    /// of more than body_max is not read; 0: the limit of PeerLimits, which holds in any case.
    virtual Reply get(const std::string& path, const std::string& etag = {},
                      std::size_t body_max = 0) = 0;
    virtual Reply post(const std::string& path, const std::string& type, BytesView body) = 0;
    /// What is under way ends at once, and so does what is asked later: Reason::stopped.
    virtual void stop() = 0;
    /// Bytes of answers so far, as they came over the wire. Any thread.
    virtual std::uint64_t bytes_in() const = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Who may ask and who may write. A program shows the token that stands in the data directory (mode
// 0600); a browser has a session, which a one-time link began. Another page open in the same
// browser can do neither: its requests carry a foreign Origin, and a name that was bent to point
// here carries a foreign Host (DNS rebinding).
//
// Safe from any thread. Secrets are kept and compared as hashes.
#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "base/bytes.h"
#include "base/random.h"
#include "base/time.h"
#include "net/message.h"

namespace entente::net {

/// What a route asks of a request.
enum class Right : std::uint8_t { anyone, read, write };

class Access {
  public:
    struct Options {
        std::string token;            // what programs show; at least 32 characters
        std::set<std::string> hosts;  // lower-case `name` or `name:port` that this node answers to
        std::string cookie;           // name of the session cookie, one a port
    };
    Access(Options options, Random random);

    /// Nothing if the request may do this, or the problem to answer with: 401, 403, 421.
    std::optional<Response> refuse(const Request& request, Right right, Instant now);

    /// A code for a one-time link; the newest codes_max of them are good for an hour.
    std::string make_code(Instant now);
    /// Set-Cookie for a new session, or nothing if the code is not (or no longer) good.
    std::optional<std::string> begin_session(const std::string& code, bool tls, Instant now);
    /// Ends the request's session; Set-Cookie that removes the cookie.
    std::string end_session(const Request& request);
    /// Whether this request shows the token (then it is a program, and its Entente-Actor counts).
    bool shows_token(const Request& request) const;

    static constexpr std::size_t codes_max = 16;
    static constexpr std::size_t sessions_max = 64;
    static constexpr Duration code_life = std::chrono::hours(1);
    static constexpr Duration session_life = std::chrono::hours(12);

  private:
    struct Secret {
        Hash hash;
        Instant until;
    };
    std::string draw() const;
    std::optional<Hash> session_of(const Request& request) const;
    bool in_session(const Request& request, Instant now);

    Options options_;
    Random random_;
    Hash token_hash_;
    std::mutex mutex_;  // guards what follows
    std::deque<Secret> codes_;
    std::deque<Secret> sessions_;
};

}  // namespace entente::net

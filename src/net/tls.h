// SPDX-License-Identifier: Apache-2.0
// A certificate with its key, ready for handshakes: TLS 1.2 and 1.3, OpenSSL's own choice of
// ciphers.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct ssl_ctx_st;

namespace entente::net {

class Tls {
  public:
    /// Takes ownership.
    explicit Tls(ssl_ctx_st* context) : context_(context) {}
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;
    ~Tls();
    /// One more reference for whoever asks.
    ssl_ctx_st* share() const;

  private:
    ssl_ctx_st* context_;
};

/// PEM files. Errc::malformed if either is none, or if they do not belong together.
Result<std::shared_ptr<Tls>> load_tls(const std::string& certificate, const std::string& key);

}  // namespace entente::net

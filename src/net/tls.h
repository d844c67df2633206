// SPDX-License-Identifier: Apache-2.0
// What a listener needs for handshakes. For people and programs: a certificate with its key from
// files, TLS 1.2 and 1.3, OpenSSL's own choice of ciphers. Between nodes: channel.h.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ed25519.h"
#include "base/ids.h"
#include "base/result.h"

struct ssl_ctx_st;

namespace entente::net {

class Tls {
  public:
    using PartyOf = std::function<std::optional<PartyId>(const PublicKey&)>;
    /// Takes ownership of the context. With `party_of`, everybody shows a key that it knows.
    explicit Tls(ssl_ctx_st* context, std::shared_ptr<const PartyOf> party_of = nullptr)
        : context_(context), party_of_(std::move(party_of)) {}
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;
    ~Tls();
    /// One more reference for whoever asks. The connections that use it must not outlive this.
    ssl_ctx_st* share() const;
    /// Whose key a connection showed in its handshake, as of now; null for a listener that asks
    /// for none.
    std::optional<PartyId> party_of(const PublicKey& key) const {
        return party_of_ ? (*party_of_)(key) : std::nullopt;
    }
    bool asks_for_keys() const { return party_of_ != nullptr; }

  private:
    ssl_ctx_st* context_;
    std::shared_ptr<const PartyOf> party_of_;
};

/// PEM files. Errc::malformed if either is none, or if they do not belong together.
Result<std::shared_ptr<Tls>> load_tls(const std::string& certificate, const std::string& key);

}  // namespace entente::net

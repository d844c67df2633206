// SPDX-License-Identifier: Apache-2.0
// Channel keys: by which key each side of a connection between nodes is known. TLS 1.3 and nothing
// older, an Ed25519 key on both sides, and the charter's keys instead of any authority: who shows
// another key, or none, is refused in the handshake (PROTOCOL 7). Names, dates and chains in
// certificates are not looked at; nothing is resumed, so that each connection proves its keys anew.
//
//     TRY(own, Channel::make(key));                         // its certificate, made in memory
//     TRY(tls, own->listening([&](const PublicKey& shown) { return party_of(shown); }));
//     own->calling(context, pin);                           // for the client, in its SSL_CTX
//
// A Channel is immutable; any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/ed25519.h"
#include "base/ids.h"
#include "net/tls.h"

struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_st;

namespace entente::net {

/// Whose channel key this is, by the charter in force; nothing: nobody's. Called from the threads
/// of sockets, in each handshake and again for each request: who has left is not served any more.
using PartyOf = Tls::PartyOf;

/// What a client asks of the key at the other end, and what it found. Lives as long as the SSL_CTX.
struct Pin {
    std::vector<PublicKey> keys;  // any of these; two while a party changes its key
    bool mismatch = false;        // another one was shown
};

class Channel {
  public:
    static Result<std::shared_ptr<const Channel>> make(const SecretKey& key);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// For a listener: asks everybody for a key that `party_of` knows.
    Result<std::shared_ptr<Tls>> listening(PartyOf party_of) const;
    /// Sets up a client's context; false if OpenSSL cannot.
    bool calling(ssl_ctx_st* context, Pin& pin) const;

    /// The certificate in DER: the same bytes each time for the same key.
    Bytes certificate() const;

  private:
    Channel() = default;
    bool begin(ssl_ctx_st* context) const;

    x509_st* certificate_ = nullptr;
    evp_pkey_st* key_ = nullptr;
};

/// The Ed25519 key of the certificate that the other side of a connection showed, if it did.
std::optional<PublicKey> shown_key(ssl_st* connection);

/// SubjectPublicKeyInfo of an Ed25519 key in DER (RFC 8410 4).
Bytes spki(const PublicKey& key);

}  // namespace entente::net

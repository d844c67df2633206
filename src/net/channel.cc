// SPDX-License-Identifier: Apache-2.0
#include "net/channel.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>

namespace entente::net {
namespace {

constexpr long certificate_bytes_max = 4096;  // our own has some 300

tl::unexpected<Error> cannot(const char* what) {
    char why[256] = "";
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    ERR_clear_error();
    return fail(Errc::unavailable, std::string("OpenSSL cannot ") + what + " (" + why + ")");
}

std::optional<PublicKey> key_of(X509* certificate) {
    EVP_PKEY* key = certificate != nullptr ? X509_get0_pubkey(certificate) : nullptr;
    if (key == nullptr || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519) return std::nullopt;
    PublicKey out;
    std::size_t size = out.bytes.size();
    if (EVP_PKEY_get_raw_public_key(key, out.bytes.data(), &size) != 1 || size != 32) {
        return std::nullopt;
    }
    return out;
}

/// In place of OpenSSL's whole verification of a chain: only the key of the certificate shown
/// counts. That the other side holds its secret half is proven by TLS itself (RFC 8446 4.4.3).
int answer(X509_STORE_CTX* shown, bool good) {
    X509_STORE_CTX_set_error(shown, good ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return good ? 1 : 0;
}
int check_caller(X509_STORE_CTX* shown, void* party_of) {
    const auto key = key_of(X509_STORE_CTX_get0_cert(shown));
    return answer(shown, key && (*static_cast<const PartyOf*>(party_of))(*key).has_value());
}
int check_called(X509_STORE_CTX* shown, void* argument) {
    Pin& pin = *static_cast<Pin*>(argument);
    const auto key = key_of(X509_STORE_CTX_get0_cert(shown));
    const bool good = key && std::find(pin.keys.begin(), pin.keys.end(), *key) != pin.keys.end();
    pin.mismatch = !good;
    return answer(shown, good);
}

/// A version 3 certificate that says nothing but the key, signed by itself; valid at all times,
/// because a clock that is wrong must not cut a party off.
bool fill(X509* certificate, EVP_PKEY* key) {
    const auto name = reinterpret_cast<const unsigned char*>("entente channel");
    X509_NAME* subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
           ASN1_TIME_set_string_X509(X509_getm_notBefore(certificate), "19700101000000Z") == 1 &&
           ASN1_TIME_set_string_X509(X509_getm_notAfter(certificate), "99991231235959Z") == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 &&
           X509_set_pubkey(certificate, key) == 1 && X509_sign(certificate, key, nullptr) > 0;
}

}  // namespace

Channel::~Channel() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
}

Result<std::shared_ptr<const Channel>> Channel::make(const SecretKey& key) {
    const std::shared_ptr<Channel> out(new Channel);
    const Secret seed = key.seed();
    out->key_ = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes.data(),
                                             seed.bytes.size());
    out->certificate_ = X509_new();
    if (out->key_ == nullptr || out->certificate_ == nullptr ||
        !fill(out->certificate_, out->key_)) {
        return cannot("make a certificate for the channel key");
    }
    return std::shared_ptr<const Channel>(out);
}

/// What both sides have in common.
bool Channel::begin(ssl_ctx_st* context) const {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(context, certificate_bytes_max);
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
           SSL_CTX_set1_sigalgs_list(context, "ed25519") == 1 &&
           SSL_CTX_use_certificate(context, certificate_) == 1 &&
           SSL_CTX_use_PrivateKey(context, key_) == 1;
}

Result<std::shared_ptr<Tls>> Channel::listening(PartyOf party_of) const {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    auto known = std::make_shared<const PartyOf>(std::move(party_of));
    auto tls = std::make_shared<Tls>(context, known);
    if (context == nullptr || !begin(context) || SSL_CTX_set_num_tickets(context, 0) != 1 ||
        SSL_CTX_set1_client_sigalgs_list(context, "ed25519") != 1) {
        return cannot("begin with the channel key");
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_cert_verify_callback(context, check_caller, const_cast<PartyOf*>(known.get()));
    return tls;
}

bool Channel::calling(ssl_ctx_st* context, Pin& pin) const {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, check_called, &pin);
    return begin(context);
}

Bytes Channel::certificate() const {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate_, &der);
    Bytes out(reinterpret_cast<const char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
    OPENSSL_free(der);
    return out;
}

std::optional<PublicKey> shown_key(ssl_st* connection) {
    return key_of(SSL_get0_peer_certificate(connection));
}

Bytes spki(const PublicKey& key) {
    return Bytes("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12) + Bytes(key.view());
}

}  // namespace entente::net

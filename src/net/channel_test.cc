// SPDX-License-Identifier: Apache-2.0
// The certificate of a channel key, read by OpenSSL's own parser; handshakes are in
// peer_client_test.cc and peer_api_test.cc.
#include "net/channel.h"

#include <gtest/gtest.h>
#include <openssl/x509.h>

namespace entente::net {
namespace {

SecretKey secret(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes());
}

TEST(Channel, ShowsItsKeyAndSignsForIt) {
    const SecretKey key = secret(1);
    const Bytes der = (*Channel::make(key))->certificate();
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    X509* certificate = d2i_X509(nullptr, &bytes, static_cast<long>(der.size()));
    ASSERT_NE(certificate, nullptr);
    unsigned char* info = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &info);
    ASSERT_GT(size, 0);
    EXPECT_EQ(Bytes(reinterpret_cast<char*>(info), static_cast<std::size_t>(size)),
              spki(key.public_key()));
    EXPECT_EQ(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
    EXPECT_LT(X509_cmp_current_time(X509_get0_notBefore(certificate)), 0);
    EXPECT_GT(X509_cmp_current_time(X509_get0_notAfter(certificate)), 0);
    OPENSSL_free(info);
    X509_free(certificate);
}

TEST(Channel, HasOneCertificateAKey) {
    EXPECT_EQ((*Channel::make(secret(1)))->certificate(),
              (*Channel::make(secret(1)))->certificate());
    EXPECT_NE((*Channel::make(secret(1)))->certificate(),
              (*Channel::make(secret(2)))->certificate());
}

}  // namespace
}  // namespace entente::net

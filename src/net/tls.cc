// SPDX-License-Identifier: Apache-2.0
#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace entente::net {
namespace {

tl::unexpected<Error> refused(const std::string& path, const char* what) {
    char why[256] = "";
    ERR_error_string_n(ERR_get_error(), why, sizeof why);
    ERR_clear_error();
    return fail(Errc::malformed, path + ": " + what + " (" + why + ")");
}

}  // namespace

Tls::~Tls() { SSL_CTX_free(context_); }

ssl_ctx_st* Tls::share() const {
    (void)SSL_CTX_up_ref(context_);
    return context_;
}

Result<std::shared_ptr<Tls>> load_tls(const std::string& certificate, const std::string& key) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    auto tls = std::make_shared<Tls>(context);
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        return refused(certificate, "OpenSSL cannot begin");
    }
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return refused(certificate, "no certificate chain in PEM");
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return refused(key, "no private key in PEM for that certificate");
    }
    return tls;
}

}  // namespace entente::net

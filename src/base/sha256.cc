// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace entente {
namespace {

// One context a thread: making one costs more than hashing a Merkle node.
EVP_MD_CTX* context() {
    struct Holder {
        EVP_MD_CTX* ctx = EVP_MD_CTX_new();
        ~Holder() { EVP_MD_CTX_free(ctx); }
    };
    thread_local Holder holder;
    return holder.ctx;
}

const EVP_MD* algorithm() {
    static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return md;
}

}  // namespace

Hash sha256(std::initializer_list<BytesView> parts) {
    Hash out;
    EVP_MD_CTX* const ctx = context();
    ASSERT(ctx != nullptr && EVP_DigestInit_ex2(ctx, algorithm(), nullptr) == 1);
    for (BytesView part : parts) ASSERT(EVP_DigestUpdate(ctx, part.data(), part.size()) == 1);
    ASSERT(EVP_DigestFinal_ex(ctx, out.bytes.data(), nullptr) == 1);
    return out;
}

}  // namespace entente

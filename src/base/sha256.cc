// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>

#include <vector>

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

Hash sha256_of(const std::function<std::size_t(char* out, std::size_t most)>& next) {
    // Not the thread's context: `next` may hash as well.
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> ctx(EVP_MD_CTX_new(),
                                                                      &EVP_MD_CTX_free);
    ASSERT(ctx != nullptr && EVP_DigestInit_ex2(ctx.get(), algorithm(), nullptr) == 1);
    std::vector<char> buffer(64 * 1024);
    while (const std::size_t got = next(buffer.data(), buffer.size())) {
        ASSERT(EVP_DigestUpdate(ctx.get(), buffer.data(), got) == 1);
    }
    Hash out;
    ASSERT(EVP_DigestFinal_ex(ctx.get(), out.bytes.data(), nullptr) == 1);
    return out;
}

}  // namespace entente

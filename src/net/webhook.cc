// SPDX-License-Identifier: Apache-2.0
#include "net/webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"
#include "base/encode.h"

namespace entente::net {

Post signed_post(const Webhook& webhook, Instant now) {
    const std::string seconds = std::to_string(millis(now) / 1000);
    const std::string text = webhook.id + "." + seconds + "." + webhook.body;
    Bytes mac(EVP_MAX_MD_SIZE, '\0');
    unsigned size = 0;
    const auto* done =
        HMAC(EVP_sha256(), webhook.secret.data(), static_cast<int>(webhook.secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(),
             reinterpret_cast<unsigned char*>(mac.data()), &size);
    ASSERT(done != nullptr);
    mac.resize(size);
    return {webhook.url,
            {"Content-Type: application/json", "webhook-id: " + webhook.id,
             "webhook-timestamp: " + seconds, "webhook-signature: v1," + to_base64(mac)},
            webhook.body};
}

}  // namespace entente::net

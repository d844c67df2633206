// SPDX-License-Identifier: Apache-2.0
// A notice as a signed POST, in the form of Standard Webhooks (standardwebhooks.com): headers
// webhook-id (the notice's), webhook-timestamp (seconds) and webhook-signature, `v1,` and the
// base64 of HMAC-SHA256 over `id.timestamp.body`.
#pragma once

#include "base/bytes.h"
#include "net/outbound.h"

namespace entente::net {

struct Webhook {
    std::string url;
    Bytes secret;
    std::string id;
    std::string body;  // JSON
};
Post signed_post(const Webhook& webhook, Instant now);

}  // namespace entente::net

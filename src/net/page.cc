// SPDX-License-Identifier: Apache-2.0
// The files of the page, as the build put them into the binary.
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {
namespace {

constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

}  // namespace

Response asset(Api& api, const Call& call) {
    const Assets* assets = api.options().assets;
    const std::string& path = call.parameters[0];
    const auto found = assets == nullptr ? Assets::const_iterator()
                                         : assets->find(path.empty() ? "index.html" : path);
    if (assets == nullptr || found == assets->end()) {
        return problem(404, "not_found",
                       "there is nothing at this path; /openapi.json lists what is");
    }
    Response response;
    response.type = found->second.type;
    const bool compressed = found->second.gzip != nullptr && takes_gzip(call.request);
    response.shared = compressed ? found->second.gzip : found->second.bytes;
    if (compressed) response.headers.emplace_back("Content-Encoding", "gzip");
    response.etag = found->second.etag;
    response.headers.emplace_back("Cache-Control", found->second.immutable
                                                       ? "public, max-age=31536000, immutable"
                                                       : "no-cache");
    if (found->second.type.starts_with("text/html")) {
        response.headers.emplace_back("Content-Security-Policy", page_policy);
    }
    return response;
}

}  // namespace entente::net

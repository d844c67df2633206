// SPDX-License-Identifier: Apache-2.0
// A browser's session: a one-time link begins it, for the solo party's one officer.
#include "formats/json.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {

Response begin_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Request& request = call.request;
    if (request.content_type.substr(0, request.content_type.find(';')) != "application/json") {
        return problem(415, "unsupported_media_type", "expected application/json");
    }
    const auto json = formats::parse_json(request.body, request.body.size());
    if (!json) return problem(json.error());
    const formats::Json* once = json->find("once");
    if (once == nullptr || !once->is(formats::JsonKind::text)) {
        return problem(400, "malformed", "once: expected the code of a one-time link");
    }
    // A page of another origin must not be able to sign this browser in as somebody.
    const std::string own = (request.tls ? "https://" : "http://") + request.host;
    if (!request.origin.empty() && request.origin != own) {
        return problem(403, "foreign_origin", "a page of another origin asked for this");
    }
    const auto cookie = api.access().begin_session(once->text, request.tls, call.now);
    if (!cookie) {
        return problem(
            401, "unauthorized",
            "this link was used, is older than an hour, or is of an earlier start of the "
            "node; get another: entente link --data DIR");
    }
    Response response;
    response.status = 204;
    response.headers.emplace_back("Set-Cookie", *cookie);
    return response;
}

Response end_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    Response response;
    response.status = 204;
    response.headers.emplace_back("Set-Cookie", api.access().end_session(call.request));
    return response;
}

Response make_link(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!api.access().shows_token(call.request)) {
        return problem(403, "refused", "links are made with the token, not from a session");
    }
    formats::JsonOut out;
    out.object([&] {
        out.member("link",
                   api.options().page_address + "#once=" + api.access().make_code(call.now));
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    return response;
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "net/peer_api.h"

#include <cmath>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "net/problem.h"
#include "node/pack.h"

namespace entente::net {

/// One of the paths that there are. One that ends with a slash or an equals sign goes on.
struct PeerPath {
    const char* text;
    Method method;
    bool changes;  // asked for again and again, and mostly the same
};

namespace {

constexpr std::size_t path_bytes_max = 512;

constexpr const char* packs = "/peer/v1/packs";
constexpr const char* urgent = "/peer/v1/urgent";
constexpr const char* urgent_to = "/peer/v1/urgent?to=";
constexpr std::size_t handed_over_bytes_max = node::relay_pack_bytes_max;

constexpr PeerPath paths[] = {
    {"/peer/v1/heads", Method::get, true},
    {"/peer/v1/heads?after=", Method::get, true},
    {"/peer/v1/charter", Method::get, true},
    {"/peer/v1/charter?version=", Method::get, false},
    {"/peer/v1/successors", Method::get, false},
    {"/peer/v1/releases?after=", Method::get, false},
    {"/peer/v1/releases?log=", Method::get, false},
    {"/peer/v1/received?after=", Method::get, false},
    {"/peer/v1/deposits", Method::get, false},
    {"/peer/v1/deposits?for=", Method::get, false},
    {"/peer/v1/held?of=", Method::get, false},
    {"/peer/v1/log/", Method::get, false},
    {packs, Method::post, false},
    {urgent, Method::get, false},
    {urgent_to, Method::post, false},
    {"/peer/v1/packs?from=", Method::get, true},
    {"/add-checkpoint", Method::post, false},
};

const PeerPath* path_of(std::string_view target) {
    for (const PeerPath& path : paths) {
        const std::string_view text = path.text;
        const bool goes_on = text.ends_with('/') || text.ends_with('=');
        if (target == text || (goes_on && target.starts_with(text))) return &path;
    }
    return nullptr;
}

std::size_t body_max_of(const PeerPath& path) {
    if (path.method != Method::post) return 0;
    if (path.text == std::string_view(packs)) return handed_over_bytes_max;
    return path.text == std::string_view(urgent_to) ? limits::urgent_bytes_max
                                                    : limits::add_checkpoint_bytes_max;
}

Response plain(int status, std::string type, Bytes body) {
    Response out;
    out.status = status;
    out.type = std::move(type);
    out.body = std::move(body);
    return out;
}

/// 304 for who has these bytes.
Response unless_known(const Request& request, Bytes bytes) {
    const std::string etag = "\"" + to_hex(sha256(bytes).view().substr(0, 16)) + "\"";
    Response out = request.if_none_match == etag
                       ? plain(304, {}, {})
                       : plain(200, "application/octet-stream", std::move(bytes));
    out.etag = etag;
    return out;
}

}  // namespace

Way PeerApi::admit(const Request& request) {
    Way out;
    if (!request.party) {
        out.refusal =
            problem(403, "refused", "the key shown is no party's by the charter in force");
        return out;
    }
    const double most = options_.limits.requests_per_second_max;
    if (!rate_.take(request.party->v, true, most, now())) {
        out.refusal = problem(
            429, "too_many",
            "more than " + std::to_string(std::llround(most)) + " requests a second of one party",
            "requests_per_second_max");
        return out;
    }
    const PeerPath* path =
        request.target.size() <= path_bytes_max ? path_of(request.target) : nullptr;
    if (path == nullptr) {
        out.refusal = problem(404, "not_found", "there is nothing at this path for another node");
        return out;
    }
    if (request.method != path->method) {
        out.refusal = problem(405, "method_not_allowed",
                              std::string("this path takes: ") + name(path->method));
        out.refusal->headers.emplace_back("Allow", name(path->method));
        return out;
    }
    out.body_max = body_max_of(*path);
    out.slow = true;
    out.answer = [this, path](const Request& whole) {
        Response response = answer(*path, whole);
        count(response);
        return response;
    };
    return out;
}

Response PeerApi::answer(const PeerPath& path, const Request& whole) {
    if (path.text == std::string_view(packs)) return take_pack(whole);
    if (path.text == std::string_view(urgent_to)) return take_urgent(whole);
    if (path.text == std::string_view(urgent)) return kept_urgent(whole);
    if (path.method == Method::post) return http_of(desk_.add_checkpoint(whole.body));
    return read(whole, path.changes);
}

Response PeerApi::take_urgent(const Request& request) {
    const std::string rest = request.target.substr(std::string_view(urgent_to).size());
    constexpr std::string_view named = "&of=";
    const std::size_t end = rest.find(named);
    const auto to = PartyId::parse(rest.substr(0, end));
    const auto of = end == std::string::npos ? Result<Bytes>(Bytes())
                                             : from_hex(rest.substr(end + named.size()));
    if (!to || !of) return problem(400, "malformed", "expected ?to=PARTY&of=HEX");
    return brought(desk_.take_urgent(*request.party, *to, *of, request.body));
}

Response PeerApi::kept_urgent(const Request& request) {
    auto kept = desk_.urgent_for(*request.party);
    return kept ? unless_known(request, std::move(*kept)) : problem(kept.error());
}

Response PeerApi::take_pack(const Request& request) {
    return brought(desk_.take_pack(*request.party, request.body));
}

/// What is wrong with bytes that were sent is the sender's matter, not this node's.
Response PeerApi::brought(Result<Bytes> taken) {
    if (taken) return plain(200, "text/plain; charset=utf-8", std::move(*taken));
    const bool theirs =
        taken.error().code == Errc::bad_signature || taken.error().code == Errc::bad_proof;
    return problem(theirs ? Error{Errc::refused, taken.error().detail} : taken.error());
}

Response PeerApi::read(const Request& request, bool changes) {
    auto bytes = desk_.answer(*request.party, request.target);
    if (!bytes) {
        // A path that is no tile's is simply not there (tlog-tiles).
        const bool tile = request.target.starts_with("/peer/v1/log/");
        if (!tile || bytes.error().code != Errc::malformed) return problem(bytes.error());
        return problem(404, "not_found", bytes.error().detail);
    }
    if (!changes) return plain(200, "application/octet-stream", std::move(*bytes));
    return unless_known(request, std::move(*bytes));
}

void PeerApi::count(const Response& response) {
    const auto hundreds = static_cast<std::size_t>(response.status / 100);
    if (hundreds < counts_.size()) counts_[hundreds].fetch_add(1, std::memory_order_relaxed);
}

Response http_of(const WitnessAnswer& answer) {
    switch (answer.status) {
        case 200: return plain(200, "text/plain; charset=utf-8", answer.body);
        case 409: return plain(409, "text/x.tlog.size", answer.body);
        case 400: return problem(400, "malformed", answer.body);
        case 403: return problem(403, "unknown_key", answer.body);
        case 404: return problem(404, "not_found", answer.body);
        case 422: return problem(422, "bad_proof", answer.body);
        default: break;
    }
    return problem(503, "unavailable", answer.body);
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "net/problem.h"

#include <algorithm>

#include "base/encode.h"
#include "formats/json_out.h"

namespace entente::net {
namespace {

/// The name of the limit that a detail ends with: `... at most 100 (volumes_max)`.
std::string limit_named(const std::string& detail) {
    const std::size_t open = detail.rfind('(');
    const std::size_t close = detail.find(')', open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos) return {};
    std::string name = detail.substr(open + 1, close - open - 1);
    const bool plain = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
    return plain && name.ends_with("_max") ? name : std::string();
}

}  // namespace

int status_of(Errc code) {
    switch (code) {
        case Errc::malformed:
        case Errc::not_canonical: return 400;
        case Errc::too_large: return 413;
        case Errc::not_found: return 404;
        case Errc::stale:
        case Errc::refused: return 409;
        case Errc::unavailable: return 503;
        case Errc::bad_signature:
        case Errc::bad_proof:
        case Errc::split_view:
        case Errc::unknown_key: break;  // of what is stored, never of what was sent
    }
    return 503;
}

const char* reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 415: return "Unsupported Media Type";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 503: return "Service Unavailable";
        default: return "Error";
    }
}

Response problem(int status, const char* code, const std::string& detail,
                 const std::string& limit) {
    formats::JsonOut out;
    out.object([&] {
        out.member("type", std::string("urn:entente:problem:") + code);
        out.member("title", reason_phrase(status));
        out.member("status", std::int64_t{status});
        out.member("detail", whole_characters(detail));
        if (!limit.empty()) out.member("limit", limit);
    });
    Response response;
    response.status = status;
    response.type = "application/problem+json";
    response.body = out.text() + "\n";
    if (status == 401)
        response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"entente\"");
    if (status == 429 || status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

std::string whole_characters(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        std::size_t size = 1;
        while (size <= 4 && !is_utf8(text.substr(0, size))) ++size;
        if (size <= 4) out += text.substr(0, size);
        text.remove_prefix(size <= 4 ? std::min(size, text.size()) : 1);
    }
    return out;
}

Error error_of(const Response& response) {
    const auto json = formats::parse_json(response.body, response.body.size());
    const auto text = [&](const char* key) {
        const formats::Json* member = json ? json->find(key) : nullptr;
        return member != nullptr ? member->text : std::string();
    };
    const std::string type = text("type");
    const std::string code = type.substr(std::min(type.size(), sizeof "urn:entente:problem:" - 1));
    Error out{response.status < 500 ? Errc::refused : Errc::unavailable, text("detail")};
    for (auto known : {Errc::malformed, Errc::not_canonical, Errc::too_large, Errc::not_found,
                       Errc::stale, Errc::refused, Errc::unavailable}) {
        if (code == name(known)) out.code = known;
    }
    if (out.detail.empty()) out.detail = "the node answered " + std::to_string(response.status);
    return out;
}

Response problem(const Error& error) {
    return problem(status_of(error.code), name(error.code), error.detail,
                   error.code == Errc::too_large ? limit_named(error.detail) : std::string());
}

}  // namespace entente::net

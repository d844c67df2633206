// SPDX-License-Identifier: Apache-2.0
#include "net/access.h"

#include <algorithm>

#include "base/encode.h"
#include "base/sha256.h"
#include "net/problem.h"

namespace entente::net {
namespace {

std::string lower(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace

Access::Access(Options options, Random random)
    : options_(std::move(options)), random_(std::move(random)),
      token_hash_(sha256(options_.token)) {}

std::string Access::draw() const {
    Bytes chance(20, '\0');
    random_(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());
    return to_base32(chance);
}

bool Access::shows_token(const Request& request) const {
    constexpr std::string_view scheme = "bearer ";
    const std::string& text = request.authorization;
    return text.size() > scheme.size() && lower(text.substr(0, scheme.size())) == scheme &&
           sha256(BytesView(text).substr(scheme.size())) == token_hash_;
}

std::optional<Hash> Access::session_of(const Request& request) const {
    const std::string& text = request.cookie;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = text.find(';', at);
        if (end == std::string::npos) end = text.size();
        while (at < end && text[at] == ' ') ++at;
        const std::string_view one = std::string_view(text).substr(at, end - at);
        const std::size_t equals = one.find('=');
        if (equals != std::string_view::npos && one.substr(0, equals) == options_.cookie) {
            return sha256(one.substr(equals + 1));
        }
        at = end + 1;
    }
    return std::nullopt;
}

bool Access::in_session(const Request& request, Instant now) {
    const auto hash = session_of(request);
    if (!hash) return false;
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const Secret& one) { return one.until <= now; });
    return std::any_of(sessions_.begin(), sessions_.end(),
                       [&](const Secret& one) { return one.hash == *hash; });
}

std::optional<Response> Access::refuse(const Request& request, Right right, Instant now) {
    const bool known_host =
        request.door == Door::socket || options_.hosts.contains(lower(request.host));
    if (!known_host) {
        return problem(421, "misdirected",
                       "this node does not answer to the name in Host; open the address that "
                       "`entente serve` printed, or add the name with --host");
    }
    if (right == Right::anyone) return std::nullopt;
    const std::string own = (request.tls ? "https://" : "http://") + lower(request.host);
    if (!request.origin.empty() && lower(request.origin) != own) {
        return problem(403, "foreign_origin", "a page of another origin asked for this");
    }
    if (shows_token(request)) return std::nullopt;
    if (!request.authorization.empty()) {
        return problem(401, "unauthorized",
                       "the token is not this node's; it stands in the file `token` of its data "
                       "directory");
    }
    if (!in_session(request, now)) {
        return problem(401, "unauthorized",
                       "show the token (Authorization: Bearer, from the file `token` of the data "
                       "directory), or open a one-time link (`entente link --data DIR`)");
    }
    // A browser says where a write comes from; what does not say it is no page of ours.
    if (right == Right::write && request.origin.empty()) {
        return problem(403, "foreign_origin", "a write in a session says its Origin");
    }
    return std::nullopt;
}

std::string Access::make_code(Instant now) {
    std::string code = draw();
    const std::lock_guard lock(mutex_);
    codes_.push_back({sha256(code), now + code_life});
    if (codes_.size() > codes_max) codes_.pop_front();
    return code;
}

std::optional<std::string> Access::begin_session(const std::string& code, bool tls, Instant now) {
    const Hash hash = sha256(code);
    std::string session = draw();
    const std::lock_guard lock(mutex_);
    std::erase_if(codes_, [&](const Secret& one) { return one.until <= now; });
    const auto found = std::find_if(codes_.begin(), codes_.end(),
                                    [&](const Secret& one) { return one.hash == hash; });
    if (found == codes_.end()) return std::nullopt;
    codes_.erase(found);
    sessions_.push_back({sha256(session), now + session_life});
    if (sessions_.size() > sessions_max) sessions_.pop_front();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(session_life).count();
    return options_.cookie + "=" + session +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
           (tls ? "; Secure" : "");
}

std::string Access::end_session(const Request& request) {
    if (const auto hash = session_of(request)) {
        const std::lock_guard lock(mutex_);
        std::erase_if(sessions_, [&](const Secret& one) { return one.hash == *hash; });
    }
    return options_.cookie + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

}  // namespace entente::net

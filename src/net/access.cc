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

/// What stands behind `Bearer `; nothing for another scheme or none.
std::optional<std::string> bearer(const Request& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string& text = request.authorization;
    if (text.size() <= scheme.size() || lower(text.substr(0, scheme.size())) != scheme) {
        return std::nullopt;
    }
    return text.substr(scheme.size());
}

Response unauthorized(const Request& request) {
    if (!request.authorization.empty()) {
        return problem(401, "unauthorized",
                       "the token is not this node's, or no longer; the owner's stands in the file "
                       "`token` of the data directory");
    }
    return problem(
        401, "unauthorized",
        "show a token (Authorization: Bearer), sign in with name and password, or open a "
        "one-time link (`entente link --data DIR`)");
}

/// A browser says where a change comes from; what does not say it is no page of ours. A check
/// changes nothing; sealing one, by the same right, does.
bool needs_origin(const Request& request) {
    const std::string_view target = request.target;
    return request.method != Method::get && target.substr(0, target.find('?')) != "/v1/check";
}

class WhileLetIn final : public Source {
  public:
    WhileLetIn(std::shared_ptr<Source> source, std::function<bool()> is_let_in)
        : source_(std::move(source)), is_let_in_(std::move(is_let_in)) {}
    std::optional<std::string> pull() override {
        return is_let_in_() ? source_->pull() : std::nullopt;
    }
    void on_ready(std::function<void()> wake) override { source_->on_ready(std::move(wake)); }
    std::string heart_beat() const override { return source_->heart_beat(); }

  private:
    std::shared_ptr<Source> source_;
    std::function<bool()> is_let_in_;
};

constexpr const char* wrong_code =
    "this link was used, is older than an hour, or is of an earlier start of the node; get "
    "another: entente link --data DIR";

}  // namespace

bool Who::may(Right right) const {
    if (right == Right::anyone || kind == Kind::owner) return true;
    return kind == Kind::person && people::may(roles, right);
}

Access::Access(Options options, Random random)
    : options_(std::move(options)), random_(std::move(random)), token_hash_(sha256(options_.token)),
      people_(options_.people) {
    if (people_ != nullptr) return;
    nobody_ = *people::People::load(no_store_);  // an empty store in memory does not fail
    people_ = &*nobody_;
}

std::string Access::draw() const {
    Bytes chance(20, '\0');
    random_(reinterpret_cast<std::uint8_t*>(chance.data()), chance.size());
    return to_base32(chance);
}

bool Access::shows_token(const Request& request) const {
    const auto shown = bearer(request);
    return shown && sha256(*shown) == token_hash_;
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

Who Access::find(const Request& request, Instant now) {
    if (shows_token(request)) {
        Who out;
        out.kind = Who::Kind::owner;
        out.how = "token";
        out.roles = people::Roles::all();
        return out;
    }
    const std::lock_guard lock(mutex_);
    if (!request.authorization.empty()) {
        const auto shown = bearer(request);
        return shown ? by_token(sha256(*shown), now) : Who();
    }
    const auto hash = session_of(request);
    return hash ? by_session(*hash, now) : Who();
}

/// Precondition: mutex_ is held.
Who Access::by_token(const Hash& hash, Instant now) const {
    const people::Token* token = people_->token(hash, now);
    if (token == nullptr) return {};
    Who out;
    out.kind = Who::Kind::person;
    out.account = token->account;
    out.how = "token " + token->name;
    out.credential = hash;
    out.roles = token->roles & people_->account(token->account)->roles;
    return out;
}

/// Precondition: mutex_ is held.
Who Access::by_session(const Hash& hash, Instant now) const {
    const people::Session* session = people_->session(hash, now);
    if (session == nullptr) return {};
    Who out;
    out.session = session->id;
    out.how = "session";
    out.credential = hash;
    if (session->account.empty()) {
        out.kind = Who::Kind::owner;
        out.roles = people::Roles::all();
        return out;
    }
    out.kind = Who::Kind::person;
    out.account = session->account;
    out.roles = people_->account(session->account)->roles;
    return out;
}

bool Access::lets_in_still(const Who& who, Right right, Instant now) {
    if (!who.credential) return who.may(right);
    const std::lock_guard lock(mutex_);
    const Who found =
        who.session.empty() ? by_token(*who.credential, now) : by_session(*who.credential, now);
    return found.may(right);
}

std::shared_ptr<Source> Access::while_let_in(std::shared_ptr<Source> source, Who who, Right right,
                                             std::function<Instant()> now) {
    return std::make_shared<WhileLetIn>(std::move(source),
                                        [this, who = std::move(who), right, now = std::move(now)] {
                                            return lets_in_still(who, right, now());
                                        });
}

std::optional<Response> Access::refuse(const Request& request, Right right, Instant now, Who* who) {
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
    const Who found = find(request, now);
    if (who != nullptr) *who = found;
    if (found.kind == Who::Kind::nobody) return unauthorized(request);
    if (!found.session.empty() && needs_origin(request) && request.origin.empty()) {
        return problem(403, "foreign_origin", "a write in a session says its Origin");
    }
    // Before anything is looked up: the answer is the same whether what was asked for is there.
    if (!found.may(right)) {
        return problem(403, "forbidden",
                       std::string("this takes the right `") + people::name(right) +
                           "`, which none of your roles has; an admin gives roles");
    }
    return std::nullopt;
}

std::string Access::make_code(Instant now) {
    std::string code = draw();
    const std::lock_guard lock(mutex_);
    codes_.push_back({sha256(code), now + code_life, {}});
    if (codes_.size() > codes_max) codes_.pop_front();
    return code;
}

std::string Access::make_first_code(Instant now) {
    std::string code = draw();
    const std::lock_guard lock(mutex_);
    first_codes_ = {{sha256(code), now + code_life, {}}};
    return code;
}

std::string Access::make_invitation(const std::string& account, Instant now) {
    std::string code = draw();
    const std::lock_guard lock(mutex_);
    std::erase_if(invitations_, [&](const Code& one) { return one.account == account; });
    invitations_.push_back({sha256(code), now + invitation_life, account});
    if (invitations_.size() > invitations_max) invitations_.pop_front();
    return code;
}

/// Precondition: mutex_ is held.
std::optional<Access::Code> Access::find_code(std::deque<Code>& codes, const std::string& code,
                                              Instant now) {
    const Hash hash = sha256(code);
    std::erase_if(codes, [&](const Code& one) { return one.until <= now; });
    const auto found =
        std::find_if(codes.begin(), codes.end(), [&](const Code& one) { return one.hash == hash; });
    return found == codes.end() ? std::nullopt : std::optional(*found);
}

/// Precondition: mutex_ is held.
bool Access::take_code(std::deque<Code>& codes, const std::string& code, Instant now) {
    const auto found = find_code(codes, code, now);
    if (found) std::erase_if(codes, [&](const Code& one) { return one.hash == found->hash; });
    return found.has_value();
}

/// Precondition: mutex_ is held.
Result<std::string> Access::begin(const std::string& account, const Request& request,
                                  const people::By& by) {
    const std::string secret = draw();
    people::Session session;
    session.id = draw().substr(0, 16);
    session.hash = sha256(secret);
    session.account = account;
    session.begun = by.now;
    session.until = by.now + session_life;
    session.from = request.peer;
    TRYV(people_->begin_session(std::move(session), by));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(session_life).count();
    return options_.cookie + "=" + secret +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds) +
           (request.tls ? "; Secure" : "");
}

Result<std::string> Access::begin_session(const std::string& code, const Request& request,
                                          Instant now) {
    const std::lock_guard lock(mutex_);
    if (!take_code(codes_, code, now)) return fail(Errc::refused, wrong_code);
    return begin({}, request, {"owner", "link", now, true});
}

bool Access::knows(const std::string& name, const std::string& password) {
    std::string hash;
    {
        const std::lock_guard lock(mutex_);
        const people::Account* account = people_->account(name);
        if (account != nullptr && !account->disabled) hash = account->password;
    }
    return hash.empty() ? people::no_password(password, options_.cost)
                        : people::is_password(hash, password);
}

Result<std::string> Access::hash(const std::string& password) const {
    return people::hash_password(password, random_, options_.cost);
}

Duration Access::attempt(const std::string& name, const Request& request, Instant now) {
    const std::lock_guard lock(mutex_);
    return attempts_.take(name, request.peer, now);
}

Result<std::string> Access::sign_in(const std::string& name, const std::string& password,
                                    const Request& request, Instant now) {
    const bool right = knows(name, password);
    const std::lock_guard lock(mutex_);
    if (!right) return fail(Errc::refused, "name and password do not belong together");
    attempts_.forgive(name, request.peer);
    return begin(name, request, {name, "password", now, false});
}

Result<std::string> Access::first_admin(const First& first, const Request& request, Instant now) {
    TRYV(people::check_name("name", first.name));
    TRYV(people::check_text("full_name", first.full_name));
    TRYV(people::check_password(first.password, first.name));
    TRY(hash, this->hash(first.password));
    const std::lock_guard lock(mutex_);
    if (!people_->accounts().empty() || !take_code(first_codes_, first.code, now)) {
        return fail(Errc::refused,
                    "this link makes the first admin; it was used, is older than an hour, or there "
                    "are accounts already (the owner of the directory makes more: entente person "
                    "add)");
    }
    const people::By by{first.name, "link", now, false};
    people::Account account;
    account.name = first.name;
    account.full_name = first.full_name;
    account.roles = {people::Role::admin};
    account.password = hash;
    TRYV(people_->add_account(std::move(account), by));
    return begin(first.name, request, by);
}

Result<std::string> Access::accept_invitation(const std::string& code, const std::string& password,
                                              const Request& request, Instant now) {
    const char* const wrong =
        "this link was used, is older than a day, or a newer one was made; ask "
        "an admin for another";
    std::string account;
    {
        const std::lock_guard lock(mutex_);
        const auto found = find_code(invitations_, code, now);
        if (!found) return fail(Errc::refused, wrong);
        account = found->account;
    }
    // A password that may not be one does not use the link up.
    TRYV(people::check_password(password, account));
    TRY(hash, this->hash(password));
    const std::lock_guard lock(mutex_);
    if (!take_code(invitations_, code, now)) return fail(Errc::refused, wrong);
    const people::By by{account, "link", now, false};
    TRYV(people_->set_password(account, hash, by));
    return begin(account, request, by);
}

std::string Access::end_session(const Request&, const Who& who, Instant now) {
    if (!who.session.empty()) {
        const std::lock_guard lock(mutex_);
        // One that another request has just ended is gone all the same.
        (void)people_->end_session(who.session, who.by(now));
    }
    return options_.cookie + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0";
}

}  // namespace entente::net

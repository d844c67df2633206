// SPDX-License-Identifier: Apache-2.0
// /v1/session: how a browser is let in (name and password, a one-time link, or as the first admin),
// who it is then, and its own password; /v1/sessions: all of them; /v1/links.
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"

namespace entente::net {
namespace {

Response no_content(const std::string& cookie = {}) {
    Response response;
    response.status = 204;
    if (!cookie.empty()) response.headers.emplace_back("Set-Cookie", cookie);
    return response;
}

/// 429 with the time until the next attempt at a password.
std::optional<Response> too_many_attempts(Api& api, const std::string& name, const Call& call) {
    const Duration wait = api.access().attempt(name, call.request, call.now);
    if (wait == Duration(0)) return std::nullopt;
    Response response = problem(
        429, "too_many", "too many wrong passwords for this name; wait a little", "attempts_max");
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    for (auto& [key, value] : response.headers) {
        if (key == "Retry-After") value = std::to_string(seconds);
    }
    return response;
}

Response begun(const Result<std::string>& cookie) {
    if (cookie) return no_content(*cookie);
    if (cookie.error().code != Errc::refused) return problem(cookie.error());
    return problem(401, "unauthorized", cookie.error().detail);
}

Result<Access::First> first_of(const Body& body) {
    Access::First out;
    TRY(code, body.text("first"));
    TRY(name, body.text("name"));
    TRY(full_name, body.text_or_none("full_name"));
    TRY(password, body.text("password"));
    return Access::First{std::move(code), std::move(name), std::move(full_name),
                         std::move(password)};
}

Response sign_in(Api& api, const Call& call, const Body& body) {
    const auto name = body.text("name");
    if (!name) return problem(name.error());
    const auto password = body.text("password");
    if (!password) return problem(password.error());
    if (auto refusal = too_many_attempts(api, *name, call)) return std::move(*refusal);
    return begun(api.access().sign_in(*name, *password, call.request, call.now));
}

template <class Texts>
void names(formats::JsonOut& out, const char* key, const Texts& list) {
    out.name(std::string_view(key));
    out.array([&] {
        for (const auto& one : list) out.value(one);
    });
}

std::vector<std::string> rights_of(const Who& who) {
    std::vector<std::string> out;
    for (std::size_t i = 1; i < people::right_count; ++i) {
        const auto right = static_cast<Right>(i);
        if (who.may(right)) out.emplace_back(people::name(right));
    }
    return out;
}

}  // namespace

Response begin_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Request& request = call.request;
    if (!is_json(request)) return not_json();
    const auto body =
        Body::read(request, {"once", "first", "invitation", "name", "full_name", "password"});
    if (!body) return problem(body.error());
    // A page of another origin must not be able to sign this browser in as somebody.
    const std::string own = (request.tls ? "https://" : "http://") + request.host;
    if (!request.origin.empty() && request.origin != own) {
        return problem(403, "foreign_origin", "a page of another origin asked for this");
    }
    const int links = body->has("once") + body->has("first") + body->has("invitation");
    if (links > 1 || (body->has("once") && (body->has("name") || body->has("password"))) ||
        (body->has("invitation") && body->has("name")) ||
        (body->has("full_name") && !body->has("first"))) {
        return problem(400, "malformed",
                       "either `once`, or `first` with name and password, or `invitation` with "
                       "password, or name and password");
    }
    if (body->has("first")) {
        const auto first = first_of(*body);
        if (!first) return problem(first.error());
        return begun(api.access().first_admin(*first, request, call.now));
    }
    if (body->has("invitation")) {
        const auto code = body->text("invitation");
        if (!code) return problem(code.error());
        const auto password = body->text("password");
        if (!password) return problem(password.error());
        return begun(api.access().accept_invitation(*code, *password, request, call.now));
    }
    if (links == 0) return sign_in(api, call, *body);
    const auto once = body->text("once");
    if (!once) return problem(once.error());
    return begun(api.access().begin_session(*once, request, call.now));
}

Response show_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Who& who = call.who;
    std::string full_name;
    std::string until;
    api.access().with_people([&](const people::People& people) {
        if (const auto* account = people.account(who.account)) full_name = account->full_name;
        const auto session = people.sessions().find(who.session);
        if (session != people.sessions().end()) until = format_rfc3339(session->second.until);
    });
    formats::JsonOut out;
    out.object([&] {
        out.member("name", who.name());
        out.member("full_name", full_name);
        out.member("owner", who.is_owner());
        out.member("how", who.how);
        names(out, "roles", who.roles.names());
        names(out, "rights", rights_of(who));
        out.member("session", who.session);
        out.name("until");
        if (until.empty()) {
            out.null();
        } else {
            out.value(until);
        }
    });
    return ok("application/json", out.text() + "\n");
}

Response end_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    return no_content(api.access().end_session(call.request, call.who, call.now));
}

Response change_password(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto body = Body::read(call.request, {"password", "new_password"});
    if (!body) return problem(body.error());
    const auto password = body->text("password");
    if (!password) return problem(password.error());
    const auto wanted = body->text("new_password");
    if (!wanted) return problem(wanted.error());
    const Who& who = call.who;
    if (who.account.empty() || who.session.empty()) {
        return problem(409, "refused", "a password is changed in a session of its own account");
    }
    if (auto good = people::check_password(*wanted, who.account); !good) {
        return problem(good.error());
    }
    if (auto refusal = too_many_attempts(api, who.account, call)) return std::move(*refusal);
    if (!api.access().knows(who.account, *password)) {
        return problem(403, "forbidden", "that is not the password as it is now");
    }
    const auto hash = api.access().hash(*wanted);
    if (!hash) return problem(hash.error());
    const auto set = api.access().with_people([&](people::People& people) {
        return people.set_password(who.account, *hash, who.by(call.now), who.session);
    });
    return set ? no_content() : problem(set.error());
}

Response list_sessions(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Who& who = call.who;
    formats::JsonOut out;
    out.object([&] {
        out.name("sessions");
        out.array([&] {
            api.access().with_people([&](const people::People& people) {
                for (const auto& [id, session] : people.sessions()) {
                    if (session.until <= call.now) continue;
                    if (!who.may(Right::admin) && session.account != who.account) continue;
                    out.object([&] {
                        out.member("id", id);
                        out.member("name", session.account.empty() ? "owner" : session.account);
                        out.member("begun", format_rfc3339(session.begun));
                        out.member("until", format_rfc3339(session.until));
                        out.member("from", session.from);
                        out.member("this", id == who.session);
                    });
                }
            });
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response revoke_session(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Who& who = call.who;
    const std::string& id = call.parameters[0];
    const auto ended = api.access().with_people([&](people::People& people) -> Result<void> {
        const auto found = people.sessions().find(id);
        // Somebody else's is not there for who is no admin.
        if (found == people.sessions().end() ||
            (!who.may(Right::admin) && found->second.account != who.account)) {
            return fail(Errc::not_found, "there is no such session");
        }
        return people.end_session(id, who.by(call.now));
    });
    return ended ? no_content() : problem(ended.error());
}

Response make_link(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    // Who opens it is the owner, and may what an admin may not.
    if (!api.access().shows_token(call.request)) {
        return problem(403, "forbidden",
                       "links are made with the owner's token, not from a session");
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

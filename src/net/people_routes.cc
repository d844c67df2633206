// SPDX-License-Identifier: Apache-2.0
// /v1/people and /v1/tokens: accounts with their roles, links by which a person chooses a password,
// and API tokens, whose secret is shown once.
#include "base/sha256.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/problem.h"

namespace entente::net {
namespace {

using people::Account;
using people::People;

void roles_member(formats::JsonOut& out, people::Roles roles) {
    out.name("roles");
    out.array([&] {
        for (const std::string& one : roles.names()) out.value(one);
    });
}

void person_object(formats::JsonOut& out, const Account& account) {
    out.object([&] {
        out.member("name", account.name);
        out.member("full_name", account.full_name);
        roles_member(out, account.roles);
        out.member("has_password", !account.password.empty());
        out.member("disabled", account.disabled);
        out.member("made", format_rfc3339(account.made));
    });
}

Response person(const Account& account, int status) {
    formats::JsonOut out;
    person_object(out, account);
    Response response = ok("application/json", out.text() + "\n");
    response.status = status;
    return response;
}

Result<people::Roles> roles_of(const Body& body) {
    TRY(names, body.texts("roles"));
    auto roles = people::parse_roles(names);
    if (!roles) return at("roles", roles.error());
    return roles;
}

/// The hash of the body's password; empty where it states none.
Result<std::string> hash_of(const Access& access, const Body& body, const std::string& name) {
    if (!body.has("password")) return std::string();
    TRY(password, body.text("password"));
    TRYV(people::check_password(password, name));
    return access.hash(password);
}

Result<Account> account_of(const Access& access, const Request& request) {
    TRY(body, Body::read(request, {"name", "full_name", "roles", "password"}));
    Account out;
    TRY(name, body.text("name"));
    TRYV(people::check_name("name", name));
    TRY(full_name, body.text_or_none("full_name"));
    TRY(roles, roles_of(body));
    TRY(hash, hash_of(access, body, name));
    out.name = std::move(name);
    out.full_name = std::move(full_name);
    out.roles = roles;
    out.password = std::move(hash);
    return out;
}

/// One change to an account.
using Change = std::function<Result<void>(People&)>;

Result<Change> change_of(Api& api, const Call& call) {
    TRY(body, Body::read(call.request, {"roles", "disabled", "password"}));
    const std::string name = call.parameters[0];
    const people::By by = call.who.by(call.now);
    if (body.has("roles") + body.has("disabled") + body.has("password") != 1) {
        return fail(Errc::malformed, "one of `roles`, `disabled`, `password`");
    }
    if (body.has("roles")) {
        TRY(roles, roles_of(body));
        return Change([=](People& people) { return people.set_roles(name, roles, by); });
    }
    if (body.has("disabled")) {
        TRY(disabled, body.boolean("disabled"));
        return Change([=](People& people) { return people.set_disabled(name, *disabled, by); });
    }
    TRY(hash, hash_of(api.access(), body, name));
    return Change([=](People& people) { return people.set_password(name, hash, by); });
}

void token_members(formats::JsonOut& out, const people::Token& token) {
    out.member("name", token.name);
    out.member("person", token.account);
    roles_member(out, token.roles);
    out.member("made", format_rfc3339(token.made));
    out.member("until", format_rfc3339(token.until));
}

Result<people::Token> token_of(const Call& call) {
    TRY(body, Body::read(call.request, {"name", "person", "roles", "until"}));
    people::Token out;
    TRY(name, body.text("name"));
    TRY(account, body.text_or_none("person"));
    TRY(roles, roles_of(body));
    TRY(until, body.text("until"));
    auto time = parse_rfc3339(until);
    if (!time) return at("until", time.error());
    const Who& who = call.who;
    out.name = std::move(name);
    out.account = account.empty() ? who.account : std::move(account);
    out.roles = roles;
    out.until = *time;
    if (out.account.empty()) return fail(Errc::malformed, "person: whose token is it to be?");
    // A token that could make tokens would have no end and no bounds.
    if (!who.is_owner() && who.session.empty()) {
        return fail(Errc::refused, "tokens are made in a session, not with a token");
    }
    if (!who.may(Right::admin) && out.account != who.account) {
        return fail(Errc::refused, "for somebody else, an admin makes tokens");
    }
    return out;
}

}  // namespace

Response list_people(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    formats::JsonOut out;
    out.object([&] {
        out.name("people");
        out.array([&] {
            api.access().with_people([&](const People& people) {
                for (const auto& [name, account] : people.accounts()) person_object(out, account);
            });
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response add_person(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto account = account_of(api.access(), call.request);
    if (!account) return problem(account.error());
    const auto added = api.access().with_people([&](People& people) -> Result<Account> {
        TRYV(people.add_account(*account, call.who.by(call.now)));
        return *people.account(account->name);
    });
    return added ? person(*added, 201) : problem(added.error());
}

Response change_person(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const std::string& name = call.parameters[0];
    const bool there = api.access().with_people(
        [&](const People& people) { return people.account(name) != nullptr; });
    if (!there) return problem(404, "not_found", "nobody here has this name");
    const auto change = change_of(api, call);
    if (!change) return problem(change.error());
    const auto changed = api.access().with_people([&](People& people) -> Result<Account> {
        TRYV((*change)(people));
        return *people.account(name);
    });
    if (!changed) return problem(changed.error());
    if (changed->disabled || !people::may(changed->roles, Right::duty)) {
        // A role that nobody holds is seen; one that is held by somebody who is gone is not.
        const auto released = api.approvals().with_roster(
            [&](people::Roster& roster) { return roster.release(name, call.who.by(call.now)); });
        if (!released) return problem(released.error());
    }
    return person(*changed, 200);
}

Response invite_person(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const std::string& name = call.parameters[0];
    const bool there = api.access().with_people([&](const People& people) {
        const Account* account = people.account(name);
        return account != nullptr && !account->disabled;
    });
    if (!there) return problem(404, "not_found", "nobody who may sign in has this name");
    formats::JsonOut out;
    out.object([&] {
        out.member("link", api.options().page_address +
                               "#invitation=" + api.access().make_invitation(name, call.now));
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    return response;
}

Response list_tokens(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Who& who = call.who;
    formats::JsonOut out;
    out.object([&] {
        out.name("tokens");
        out.array([&] {
            api.access().with_people([&](const People& people) {
                for (const auto& [name, token] : people.tokens()) {
                    if (!who.may(Right::admin) && token.account != who.account) continue;
                    out.object([&, &one = token] {
                        token_members(out, one);
                        out.member("ended", one.until <= call.now);
                    });
                }
            });
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response add_token(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    auto token = token_of(call);
    if (!token) return problem(token.error());
    const std::string secret = "entente_" + api.access().draw();
    token->hash = sha256(secret);
    const auto made = api.access().with_people([&](People& people) -> Result<people::Token> {
        TRYV(people.add_token(*token, call.who.by(call.now)));
        return people.tokens().at(token->name);
    });
    if (!made) {
        // Somebody's account is no secret of its admin's; for others nobody else is there.
        return problem(made.error().code == Errc::not_found
                           ? Error{Errc::refused, made.error().detail}
                           : made.error());
    }
    formats::JsonOut out;
    out.object([&] {
        token_members(out, *made);
        out.member("token", secret);
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    return response;
}

Response revoke_token(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Who& who = call.who;
    const std::string& name = call.parameters[0];
    const auto revoked = api.access().with_people([&](People& people) -> Result<void> {
        const auto found = people.tokens().find(name);
        if (found == people.tokens().end() ||
            (!who.may(Right::admin) && found->second.account != who.account)) {
            return fail(Errc::not_found, "there is no such token");
        }
        return people.revoke_token(name, who.by(call.now));
    });
    if (!revoked) return problem(revoked.error());
    Response response;
    response.status = 204;
    return response;
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// /v1/duty: the duty roster. Who holds a role signs on for themselves; the owner may for others.
#include "formats/json_out.h"
#include "net/api.h"
#include "net/body.h"
#include "net/duty_json.h"
#include "net/problem.h"

namespace entente::net {
namespace {

using people::Roster;

Response roster(Api& api) {
    formats::JsonOut out;
    out.object([&] { duty_member(out, api); });
    return ok("application/json", out.text() + "\n");
}

/// Whether the account is one that may hold duty roles.
bool may_hold(Api& api, const std::string& name) {
    return api.access().with_people([&](const people::People& people) {
        const people::Account* account = people.account(name);
        return account != nullptr && !account->disabled && people::may(account->roles, Right::duty);
    });
}

Result<void> change(Api& api, const Call& call) {
    TRY(body, Body::read(call.request, {"act", "to", "person"}));
    TRY(act, body.text("act"));
    TRY(person, body.text_or_none("person"));
    const Who& who = call.who;
    const bool there = api.approvals().with_roster(
        [&](const Roster& all) { return all.all().contains(call.parameters[0]); });
    if (!there) return fail(Errc::not_found, "there is no such duty role");
    if (!person.empty() && !who.is_owner() && person != who.account) {
        return fail(Errc::refused, "each signs on and off for themselves");
    }
    const std::string& role = call.parameters[0];
    const std::string acting = person.empty() ? who.account : person;
    if (acting.empty()) return fail(Errc::malformed, "person: who is it?");
    if (act != "off" && !may_hold(api, acting)) {
        return fail(Errc::refused, acting + " has no role that holds duty roles (duty, liaison)");
    }
    const people::By by = who.by(call.now);
    if (act == "hand_over") {
        TRY(to, body.text("to"));
        if (!may_hold(api, to)) {
            return fail(Errc::refused, to + " has no role that holds duty roles (duty, liaison)");
        }
        return api.approvals().with_roster(
            [&](Roster& all) { return all.hand_over(role, acting, to, by); });
    }
    if (body.has("to")) return fail(Errc::malformed, "only hand_over takes `to`");
    return api.approvals().with_roster([&](Roster& all) -> Result<void> {
        if (act == "on") return all.sign_on(role, acting, by);
        if (act == "off") return all.sign_off(role, acting, by);
        if (act == "accept") return all.accept(role, acting, by);
        return fail(Errc::malformed, "act: one of on, off, hand_over, accept");
    });
}

}  // namespace

void duty_member(formats::JsonOut& out, Api& api) {
    out.name("duty");
    out.array([&] {
        api.approvals().with_roster([&](const Roster& all) {
            for (const auto& [role, duty] : all.all()) {
                out.object([&, &one = duty] {
                    out.member("role", one.role);
                    out.member("what", one.what);
                    out.member("holder", one.holder);
                    out.member("since", format_rfc3339(one.since));
                    out.member("offered_to", one.offered_to);
                });
            }
        });
    });
}

Response list_duty(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    return roster(api);
}

Response add_duty(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto added = [&]() -> Result<void> {
        TRY(body, Body::read(call.request, {"role", "what"}));
        TRY(role, body.text("role"));
        TRY(what, body.text_or_none("what"));
        return api.approvals().with_roster(
            [&](Roster& all) { return all.add(role, what, call.who.by(call.now)); });
    }();
    if (!added) return problem(added.error());
    Response response = roster(api);
    response.status = 201;
    return response;
}

Response change_duty(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto changed = change(api, call);
    return changed ? roster(api) : problem(changed.error());
}

Response remove_duty(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto removed = api.approvals().with_roster(
        [&](Roster& all) { return all.remove(call.parameters[0], call.who.by(call.now)); });
    if (!removed) return problem(removed.error());
    Response response;
    response.status = 204;
    return response;
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Who may ask what, as tables: credentials, roles by every way in; codes, sessions, tokens, rates.
// The time is an argument.
#include "net/access.h"

#include <gtest/gtest.h>

#include "base/sha256.h"
#include "net/rate.h"

namespace entente::net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

const Instant noon = instant(1'800'000'000'000);
const std::string token(40, 't');

struct Gate {
    unsigned char next = 0;
    people::MemoryStore store;
    people::People people = *people::People::load(store);
    Access access{{.token = token,
                   .hosts = {"here:1"},
                   .cookie = "entente_1",
                   .people = &people,
                   .cost = {1, 8192}},
                  [this](std::uint8_t* out, std::size_t size) {
                      for (std::size_t i = 0; i < size; ++i) out[i] = next;
                      ++next;
                  }};

    static std::string cookie_of(const Result<std::string>& set_cookie) {
        if (!set_cookie) return set_cookie.error().detail;
        return set_cookie->substr(0, set_cookie->find(';'));
    }
    std::string session(Instant now = noon) {
        return cookie_of(access.begin_session(access.make_code(now), {}, now));
    }
    void person(const std::string& name, people::Roles roles) {
        people::Account account;
        account.name = name;
        account.roles = roles;
        account.password = *access.hash("the password of " + name);
        EXPECT_TRUE(people.add_account(account, {"owner", "token", noon, true}));
    }
    std::string sign_in(const std::string& name, Instant now = noon) {
        return cookie_of(access.sign_in(name, "the password of " + name, {}, now));
    }
    std::string api_token(const std::string& account, people::Roles roles) {
        const std::string secret = "secret of " + account;
        const people::Token made{account + ".t", sha256(secret), account,
                                 roles,          noon,           noon + hours(1)};
        EXPECT_TRUE(people.add_token(made, {"owner", "token", noon, true}));
        return "Bearer " + secret;
    }
    int refused(const Request& request, Right right, Instant now = noon) {
        const auto refusal = access.refuse(request, right, now);
        return refusal ? refusal->status : 0;
    }
};

Request with(const std::string& authorization, const std::string& cookie = {},
             const std::string& origin = {}, const std::string& host = "here:1") {
    Request out;
    out.authorization = authorization;
    out.cookie = cookie;
    out.origin = origin;
    out.host = host;
    return out;
}

Request write(Request request) {
    request.method = Method::post;
    return request;
}

TEST(Access, CredentialsAreATable) {
    Gate gate;
    const std::string cookie = gate.session();
    const std::string bearer = "Bearer " + token;
    const struct {
        const char* what;
        Request request;
        int anyone, read, write;
    } cases[] = {
        {"nobody", with(""), 0, 401, 401},
        {"the token", with(bearer), 0, 0, 0},
        {"the token, scheme in small letters", with("bearer " + token), 0, 0, 0},
        {"a wrong token", with(bearer + "x"), 0, 401, 401},
        {"a shorter token", with(bearer.substr(0, 20)), 0, 401, 401},
        {"no token", with("Bearer "), 0, 401, 401},
        {"another scheme", with("Basic " + token), 0, 401, 401},
        {"the token and its own origin", with(bearer, "", "http://here:1"), 0, 0, 0},
        {"the token and a foreign origin", with(bearer, "", "http://evil"), 0, 403, 403},
        {"a session that reads", with("", cookie), 0, 0, 403},
        {"a session with its origin", with("", cookie, "http://here:1"), 0, 0, 0},
        {"among other cookies", with("", "a=1;  " + cookie + "; b", "http://HERE:1"), 0, 0, 0},
        {"a session and a foreign origin", with("", cookie, "http://evil"), 0, 403, 403},
        {"a session and a null origin", with("", cookie, "null"), 0, 403, 403},
        {"a session and TLS's origin", with("", cookie, "https://here:1"), 0, 403, 403},
        {"a cookie of another name", with("", "x" + cookie, "http://here:1"), 0, 401, 401},
        {"a cookie that is longer", with("", cookie + "a", "http://here:1"), 0, 401, 401},
        {"a cookie without a value", with("", "entente_1=", "http://here:1"), 0, 401, 401},
        {"a wrong token beside a session", with("Bearer x", cookie, "http://here:1"), 0, 401, 401},
        {"a foreign host", with(bearer, "", "", "evil:1"), 421, 421, 421},
        {"no host", with(bearer, "", "", ""), 421, 421, 421},
        {"a host without its port", with(bearer, "", "", "here"), 421, 421, 421},
        {"a host in capitals", with(bearer, "", "", "HERE:1"), 0, 0, 0},
        {"a foreign host and its own origin", with("", cookie, "http://evil:1", "evil:1"), 421, 421,
         421},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(gate.refused(one.request, Right::anyone), one.anyone) << one.what;
        EXPECT_EQ(gate.refused(one.request, Right::look), one.read) << one.what;
        EXPECT_EQ(gate.refused(write(one.request), Right::say), one.write) << one.what;
        Request check = write(one.request);
        check.target = "/v1/check?margin_m=5";
        EXPECT_EQ(gate.refused(check, Right::check), one.read) << one.what;
        check.target = "/v1/checks";  // seals one, which is logged
        EXPECT_EQ(gate.refused(check, Right::check), one.write) << one.what;
    }
    Request inside = with("", "", "", "");
    inside.door = Door::socket;
    EXPECT_EQ(gate.refused(inside, Right::anyone), 0) << "the socket has no name to bend";
    EXPECT_EQ(gate.refused(inside, Right::look), 401) << "and still wants the token";
}

TEST(Access, GivesEachRoleItsRightsByEveryWayIn) {
    for (std::size_t i = 0; i < people::role_count; ++i) {
        const auto role = static_cast<people::Role>(i);
        Gate gate;
        gate.person("nadia", {role});
        const Request in_session = with("", gate.sign_in("nadia"), "http://here:1");
        const Request by_token = with(gate.api_token("nadia", {role}));
        for (std::size_t r = 0; r < people::right_count; ++r) {
            const auto right = static_cast<Right>(r);
            const int wanted = people::may({role}, right) ? 0 : 403;
            for (const Request& request : {in_session, by_token}) {
                EXPECT_EQ(gate.refused(write(request), right), wanted)
                    << people::name(role) << " " << people::name(right);
            }
            EXPECT_EQ(gate.refused(with("Bearer " + token), right), 0) << "the owner may all";
        }
    }
}

TEST(Access, AnApiTokenMayNoMoreThanBothItAndItsAccount) {
    Gate gate;
    gate.person("nadia", {people::Role::registrar, people::Role::auditor});
    const Request request = with(gate.api_token("nadia", {people::Role::auditor}));
    EXPECT_EQ(gate.refused(request, Right::audit), 0);
    EXPECT_EQ(gate.refused(request, Right::say), 403) << "the account may, the token may not";
    const people::By by{"owner", "token", noon, true};
    ASSERT_TRUE(gate.people.set_roles("nadia", {people::Role::registrar}, by));
    EXPECT_EQ(gate.refused(request, Right::audit), 403) << "the account may no longer";
    EXPECT_EQ(gate.refused(request, Right::self), 0);
    EXPECT_EQ(gate.refused(request, Right::self, noon + hours(1)), 401) << "its time is over";
    ASSERT_TRUE(gate.people.set_disabled("nadia", true, by));
    EXPECT_EQ(gate.refused(request, Right::self), 401);
}

TEST(Access, SaysWhoAsks) {
    Gate gate;
    gate.person("nadia", {people::Role::duty});
    const auto who = [&](const Request& request) {
        Who out;
        EXPECT_FALSE(gate.access.refuse(request, Right::self, noon, &out));
        return out.name() + ", " + out.how + (out.session.empty() ? "" : ", in session");
    };
    EXPECT_EQ(who(with("Bearer " + token)), "owner, token");
    EXPECT_EQ(who(with("", gate.session())), "owner, session, in session");
    EXPECT_EQ(who(with("", gate.sign_in("nadia"))), "nadia, session, in session");
    EXPECT_EQ(who(with(gate.api_token("nadia", {}))), "nadia, token nadia.t");
}

TEST(Access, AWrongPasswordAndAnUnknownNameAreAnsweredAlike) {
    Gate gate;
    gate.person("nadia", {});
    people::Account without;
    without.name = "ghost";
    ASSERT_TRUE(gate.people.add_account(without, {"owner", "token", noon, true}));
    const auto wrong = gate.access.sign_in("nadia", "the password of omar", {}, noon);
    ASSERT_FALSE(wrong);
    for (const char* name : {"nobody", "ghost", "", "owner"}) {
        EXPECT_EQ(gate.access.sign_in(name, "the password of omar", {}, noon), wrong) << name;
    }
    ASSERT_TRUE(gate.people.set_disabled("nadia", true, {"owner", "token", noon, true}));
    EXPECT_EQ(gate.access.sign_in("nadia", "the password of nadia", {}, noon), wrong);
}

TEST(Access, ACodeWorksOnceAndForAnHour) {
    Gate gate;
    const std::string first = gate.access.make_code(noon);
    const std::string second = gate.access.make_code(noon);
    EXPECT_NE(first, second);
    EXPECT_TRUE(gate.access.begin_session(first, {}, noon));
    EXPECT_FALSE(gate.access.begin_session(first, {}, noon));
    EXPECT_FALSE(gate.access.begin_session("", {}, noon));
    EXPECT_FALSE(gate.access.begin_session(second, {}, noon + Access::code_life));
    const std::string third = gate.access.make_code(noon);
    Request secure;
    secure.tls = true;
    const auto cookie =
        gate.access.begin_session(third, secure, noon + Access::code_life - milliseconds(1));
    ASSERT_TRUE(cookie);
    for (const char* part : {"HttpOnly", "SameSite=Strict", "Secure", "Path=/"}) {
        EXPECT_NE(cookie->find(part), std::string::npos) << part;
    }
}

TEST(Access, TheFirstAdminIsMadeOnceWhileThereIsNobody) {
    Gate gate;
    const std::string code = gate.access.make_first_code(noon);
    const Access::First first{code, "ada", "Ada L.", "four words of nothing"};
    const auto with_code = [&](const std::string& other) {
        Access::First out = first;
        out.code = other;
        return out;
    };
    Access::First short_password = first;
    short_password.password = "short";
    EXPECT_EQ(gate.access.first_admin(short_password, {}, noon).error().code, Errc::malformed)
        << "and the link is still good";
    EXPECT_FALSE(gate.access.first_admin(with_code(gate.access.make_code(noon)), {}, noon))
        << "a link to the page makes no admin";
    EXPECT_FALSE(gate.access.first_admin(first, {}, noon + Access::code_life));
    const std::string again = gate.access.make_first_code(noon);
    const auto cookie = gate.access.first_admin(with_code(again), {}, noon);
    ASSERT_TRUE(cookie) << cookie.error().detail;
    const Request request = with("", Gate::cookie_of(cookie), "http://here:1");
    EXPECT_EQ(gate.refused(write(request), Right::admin), 0);
    EXPECT_EQ(gate.refused(write(request), Right::say), 403);
    EXPECT_FALSE(gate.access.first_admin(with_code(gate.access.make_first_code(noon)), {}, noon))
        << "there is somebody now";
    EXPECT_TRUE(gate.access.sign_in("ada", "four words of nothing", {}, noon));
}

TEST(Access, AnInvitationGivesAPasswordOnce) {
    Gate gate;
    gate.person("nadia", {people::Role::duty});
    const std::string old = gate.access.make_invitation("nadia", noon);
    const std::string code = gate.access.make_invitation("nadia", noon);
    const std::string password = "four words of nothing";
    EXPECT_FALSE(gate.access.accept_invitation(old, password, {}, noon)) << "the newest counts";
    EXPECT_EQ(gate.access.accept_invitation(code, "short", {}, noon).error().code, Errc::malformed);
    EXPECT_FALSE(gate.access.accept_invitation(code, password, {}, noon + Access::invitation_life));
    const std::string another = gate.access.make_invitation("nadia", noon);
    EXPECT_TRUE(gate.access.accept_invitation(another, password, {}, noon));
    EXPECT_FALSE(gate.access.accept_invitation(another, password, {}, noon));
    EXPECT_TRUE(gate.access.sign_in("nadia", password, {}, noon));
}

TEST(Access, OnlyTheNewestCodesAndSessionsAreKept) {
    Gate gate;
    std::vector<std::string> codes;
    for (std::size_t i = 0; i <= Access::codes_max; ++i) {
        codes.push_back(gate.access.make_code(noon));
    }
    EXPECT_FALSE(gate.access.begin_session(codes[0], {}, noon));
    EXPECT_TRUE(gate.access.begin_session(codes[1], {}, noon));
    const std::string first = gate.session();
    EXPECT_EQ(gate.refused(with("", first), Right::look), 0);
    for (std::size_t i = 0; i <= Access::sessions_max; ++i) {
        (void)gate.session(noon + milliseconds(i + 1));
    }
    EXPECT_EQ(gate.refused(with("", first), Right::look), 401);
}

TEST(Access, ASessionEnds) {
    Gate gate;
    const std::string cookie = gate.session();
    const Instant last = noon + Access::session_life - milliseconds(1);
    EXPECT_EQ(gate.refused(with("", cookie), Right::look, last), 0);
    EXPECT_EQ(gate.refused(with("", cookie), Right::look, last + milliseconds(1)), 401);
    const std::string other = gate.session();
    Who who;
    ASSERT_FALSE(gate.access.refuse(with("", other), Right::self, noon, &who));
    EXPECT_NE(gate.access.end_session(with("", other), who, noon).find("Max-Age=0"),
              std::string::npos);
    EXPECT_EQ(gate.refused(with("", other), Right::look), 401);
}

TEST(Access, WhatGoesOnEndsWithWhatLetItIn) {
    struct Endless final : Source {
        std::optional<std::string> pull() override { return "more"; }
        void on_ready(std::function<void()>) override {}
    };
    Gate gate;
    Instant now = noon;
    const auto opened = [&](const Request& request, Right right) {
        Who who;
        EXPECT_FALSE(gate.access.refuse(request, right, noon, &who));
        return gate.access.while_let_in(std::make_shared<Endless>(), who, right,
                                        [&now] { return now; });
    };
    const people::By by{"owner", "token", noon, true};
    const people::Roles planner({people::Role::planner});
    gate.person("ann", planner);
    gate.person("ben", planner);
    const std::string cookie = gate.sign_in("ann");
    const auto of_owner = opened(with("Bearer " + token), Right::look);
    const auto of_session = opened(with("", cookie), Right::look);
    const auto of_check = opened(with("", cookie), Right::check);
    const auto of_token = opened(with(gate.api_token("ben", planner)), Right::look);
    for (const auto& one : {of_owner, of_session, of_check, of_token}) {
        EXPECT_EQ(one->pull(), "more");
    }
    ASSERT_TRUE(gate.people.revoke_token("ben.t", by));
    EXPECT_FALSE(of_token->pull());
    // Another token of that name is another credential.
    const std::string anew = "another secret";
    ASSERT_TRUE(
        gate.people.add_token({"ben.t", sha256(anew), "ben", planner, noon, noon + hours(1)}, by));
    EXPECT_FALSE(of_token->pull());
    ASSERT_TRUE(gate.people.set_roles("ann", people::Roles({people::Role::auditor}), by));
    EXPECT_FALSE(of_check->pull()) << "the session stands, and the right is gone";
    now = noon + Access::session_life;
    EXPECT_FALSE(of_session->pull());
    EXPECT_EQ(of_owner->pull(), "more");
}

TEST(Access, ASessionOutlivesTheNode) {
    Gate gate;
    const std::string cookie = gate.session();
    people::People again = *people::People::load(gate.store);
    Access restarted(
        {.token = token, .hosts = {"here:1"}, .cookie = "entente_1", .people = &again, .cost = {}},
        os_random());
    EXPECT_FALSE(restarted.refuse(with("", cookie), Right::look, noon));
}

TEST(Rate, LetsASecondsWorthThroughAndFillsWithTime) {
    Rate rate;
    const auto taken = [&](const std::string& address, bool known, Instant now) {
        int count = 0;
        while (rate.take(address, known, 10, now)) ++count;
        return count;
    };
    EXPECT_EQ(taken("a", false, noon), 10);
    EXPECT_EQ(taken("a", true, noon), 10) << "with a credential it is another bucket";
    EXPECT_EQ(taken("b", false, noon), 10) << "and each address has its own";
    EXPECT_EQ(taken("a", false, noon + milliseconds(99)), 0);
    EXPECT_EQ(taken("a", false, noon + milliseconds(300)), 3);
    EXPECT_EQ(taken("a", false, noon + hours(1)), 10) << "it holds no more than a second's worth";
    EXPECT_EQ(taken("a", false, noon), 0) << "a clock that goes back gives nothing";
}

TEST(Rate, RemembersABoundedNumberOfAddresses) {
    Rate rate;
    for (std::size_t i = 0; i < Rate::addresses_max; ++i) {
        EXPECT_TRUE(rate.take(std::to_string(i), false, 10, noon));
    }
    EXPECT_FALSE(rate.take("one more", false, 10, noon));
    EXPECT_TRUE(rate.take("0", false, 10, noon + milliseconds(1))) << "those it knows go on";
    EXPECT_TRUE(rate.take("one more", true, 10, noon)) << "strangers keep no credential out";
    EXPECT_TRUE(rate.take("one more", false, 10, noon + minutes(1))) << "full buckets are dropped";
}

}  // namespace
}  // namespace entente::net

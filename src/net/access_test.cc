// SPDX-License-Identifier: Apache-2.0
// Who may ask and who may write, as one table; one-time codes, sessions, rates. The time is an
// argument.
#include "net/access.h"

#include <gtest/gtest.h>

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
    Access access{{token, {"here:1"}, "entente_1"}, [this](std::uint8_t* out, std::size_t size) {
                      for (std::size_t i = 0; i < size; ++i) out[i] = next;
                      ++next;
                  }};

    std::string session(Instant now = noon) {
        const auto cookie = access.begin_session(access.make_code(now), false, now);
        return cookie->substr(0, cookie->find(';'));
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

TEST(Access, RightsAreATable) {
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
        EXPECT_EQ(gate.refused(one.request, Right::read), one.read) << one.what;
        EXPECT_EQ(gate.refused(one.request, Right::write), one.write) << one.what;
    }
    Request inside = with("", "", "", "");
    inside.door = Door::socket;
    EXPECT_EQ(gate.refused(inside, Right::anyone), 0) << "the socket has no name to bend";
    EXPECT_EQ(gate.refused(inside, Right::read), 401) << "and still wants the token";
}

TEST(Access, ACodeWorksOnceAndForAnHour) {
    Gate gate;
    const std::string first = gate.access.make_code(noon);
    const std::string second = gate.access.make_code(noon);
    EXPECT_NE(first, second);
    EXPECT_TRUE(gate.access.begin_session(first, false, noon));
    EXPECT_FALSE(gate.access.begin_session(first, false, noon));
    EXPECT_FALSE(gate.access.begin_session("", false, noon));
    EXPECT_FALSE(gate.access.begin_session(second, false, noon + Access::code_life));
    const std::string third = gate.access.make_code(noon);
    const auto cookie =
        gate.access.begin_session(third, true, noon + Access::code_life - milliseconds(1));
    ASSERT_TRUE(cookie);
    for (const char* part : {"HttpOnly", "SameSite=Strict", "Secure", "Path=/"}) {
        EXPECT_NE(cookie->find(part), std::string::npos) << part;
    }
}

TEST(Access, OnlyTheNewestCodesAndSessionsAreKept) {
    Gate gate;
    std::vector<std::string> codes;
    for (std::size_t i = 0; i <= Access::codes_max; ++i) {
        codes.push_back(gate.access.make_code(noon));
    }
    EXPECT_FALSE(gate.access.begin_session(codes[0], false, noon));
    EXPECT_TRUE(gate.access.begin_session(codes[1], false, noon));
    const std::string first = gate.session();
    EXPECT_EQ(gate.refused(with("", first), Right::read), 0);
    for (std::size_t i = 0; i < Access::sessions_max; ++i) (void)gate.session();
    EXPECT_EQ(gate.refused(with("", first), Right::read), 401);
}

TEST(Access, ASessionEnds) {
    Gate gate;
    const std::string cookie = gate.session();
    const Instant last = noon + Access::session_life - milliseconds(1);
    EXPECT_EQ(gate.refused(with("", cookie), Right::read, last), 0);
    EXPECT_EQ(gate.refused(with("", cookie), Right::read, last + milliseconds(1)), 401);
    const std::string other = gate.session();
    EXPECT_NE(gate.access.end_session(with("", other)).find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(gate.refused(with("", other), Right::read), 401);
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

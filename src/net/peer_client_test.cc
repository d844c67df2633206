// SPDX-License-Identifier: Apache-2.0
// Asking a node that is as it should be, and one that is not: each way of lying has its reason, and
// costs no more than the limit. Real sockets on loopback.
#include "net/peer_client.h"

#include <gtest/gtest.h>

#include <future>

#include "net/gzip.h"
#include "net/lying_peer_for_test.h"

namespace entente::net {
namespace {

using test::LyingPeer;
using test::Manner;
using test::Talk;

SecretKey secret(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes());
}
const SecretKey ours = secret(1);
const SecretKey theirs = secret(2);
const SecretKey strangers = secret(3);

std::shared_ptr<const Channel> channel(const SecretKey& key) { return *Channel::make(key); }

/// A node that takes our key only.
Manner node(const SecretKey& key = theirs) {
    return {.channel = channel(key), .party_of = [](const PublicKey& shown) {
                return shown == ours.public_key() ? std::optional(PartyId{"fr"}) : std::nullopt;
            }};
}

PeerOptions options_for(const std::string& url) {
    PeerOptions out;
    out.url = url;
    out.own = channel(ours);
    out.keys = {theirs.public_key()};
    // What must not happen soon on a slow machine has long limits; what is tested, short ones.
    out.limits.connect_max = std::chrono::seconds(60);
    out.limits.total_max = std::chrono::seconds(60);
    out.limits.body_max = 100'000;
    return out;
}

std::unique_ptr<PeerClient> client(PeerOptions options) {
    auto made = PeerClient::make(std::move(options));
    EXPECT_TRUE(made) << made.error().detail;
    return std::move(*made);
}

/// What comes of asking a node that does this.
Reply reply(Manner manner, LyingPeer::Script script, PeerLimits* limits = nullptr) {
    const LyingPeer peer(std::move(manner), std::move(script));
    PeerOptions options = options_for(peer.url());
    if (limits != nullptr) options.limits = *limits;
    return client(std::move(options))->get("/peer/v1/heads");
}

void expect(Reason reason, const Reply& got) {
    ASSERT_FALSE(got) << "status " << got->status << ": " << got->body.substr(0, 100);
    EXPECT_STREQ(name(got.error().reason), name(reason)) << got.error().detail;
}

TEST(PeerClient, AsksAgainOverTheSameConnection) {
    std::string asked;
    const LyingPeer peer(node(), [&](Talk& talk) {
        asked += talk.request();
        talk.answer("first", "ETag: \"a\"\r\nContent-Type: text/plain\r\n");
        asked += talk.request();
        talk.say("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
        asked += talk.request();
        talk.answer("");
    });
    const auto asking = client(options_for(peer.url()));
    const Reply first = asking->get("/peer/v1/heads");
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->status, 200);
    EXPECT_EQ(first->body, "first");
    EXPECT_EQ(first->etag, "\"a\"");
    EXPECT_EQ(first->type, "text/plain");
    const Reply second = asking->get("/peer/v1/heads", first->etag);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->status, 304);
    EXPECT_TRUE(second->body.empty());
    ASSERT_TRUE(asking->get("/third"));
    EXPECT_EQ(peer.connections(), 1);
    EXPECT_NE(asked.find("GET /peer/v1/heads HTTP/1.1"), std::string::npos);
    EXPECT_NE(asked.find("If-None-Match: \"a\""), std::string::npos);
    EXPECT_EQ(asked.find("If-None-Match", asked.find("/third")), std::string::npos);
    EXPECT_GT(asking->bytes_in(), 100u);
}

TEST(PeerClient, PostsBytesAsTheyAre) {
    const std::string bytes("old 5\n\0\xff", 8);
    std::string came;
    const LyingPeer peer(node(), [&](Talk& talk) {
        const std::string header = talk.request();
        EXPECT_NE(header.find("POST /add-checkpoint"), std::string::npos);
        EXPECT_NE(header.find("Content-Type: text/plain"), std::string::npos);
        EXPECT_NE(header.find("Content-Length: 8"), std::string::npos);
        came = talk.body(8);
        talk.say(
            "HTTP/1.1 409 Conflict\r\nContent-Type: text/x.tlog.size\r\n"
            "Content-Length: 2\r\n\r\n7\n");
        talk.request();
        talk.answer("");
    });
    const auto asking = client(options_for(peer.url()));
    const Reply reply = asking->post("/add-checkpoint", "text/plain", bytes);
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(reply->status, 409);
    EXPECT_EQ(reply->type, "text/x.tlog.size");
    EXPECT_EQ(reply->body, "7\n");
    EXPECT_EQ(came, bytes);
    EXPECT_TRUE(asking->get("/next")) << "a GET after a POST";
}

TEST(PeerClient, TakesEitherKeyWhileAPartyChangesItsKey) {
    const LyingPeer peer(node(strangers), [](Talk& talk) {
        talk.request();
        talk.answer("x");
    });
    PeerOptions options = options_for(peer.url());
    options.keys.push_back(strangers.public_key());
    EXPECT_TRUE(client(std::move(options))->get("/"));
}

TEST(PeerClient, ShowsNothingToAKeyThatIsNotTheCharters) {
    bool asked = false;
    std::atomic<bool> shown = false;
    Manner manner = node(strangers);
    manner.party_of = [&](const PublicKey&) {
        shown = true;
        return PartyId{"anybody"};
    };
    expect(Reason::wrong_key, reply(std::move(manner), [&](Talk&) { asked = true; }));
    EXPECT_FALSE(asked);
    EXPECT_FALSE(shown) << "our key was shown to a stranger";
}

TEST(PeerClient, HearsThatItsOwnKeyIsRefused) {
    Manner manner = node();
    manner.party_of = [](const PublicKey&) { return std::optional<PartyId>(); };
    expect(Reason::refused_key, reply(std::move(manner), [](Talk&) {}));
}

TEST(PeerClient, SpeaksNothingOlderThanTls13) {
    Manner manner = node();
    manner.newest = TLS1_2_VERSION;
    bool asked = false;
    expect(Reason::no_tls13, reply(std::move(manner), [&](Talk&) { asked = true; }));
    EXPECT_FALSE(asked);
}

TEST(PeerClient, TakesNoAnswerWithoutTls) {
    expect(Reason::garbage, reply({}, [](Talk& talk) {
               talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
           }));
}

TEST(PeerClient, SaysThatNobodyListens) {
    std::string url;
    {
        const LyingPeer gone({}, [](Talk&) {});
        url = gone.url();
    }
    expect(Reason::unreachable, client(options_for(url))->get("/"));
}

TEST(PeerClient, GivesUpOnAHandshakeThatHangs) {
    PeerLimits limits;
    limits.connect_max = std::chrono::milliseconds(50);
    expect(Reason::timeout, reply(
                                {}, [](Talk& talk) { talk.hang(); }, &limits));
}

TEST(PeerClient, GivesUpOnAnAnswerThatDoesNotCome) {
    PeerLimits limits;
    limits.total_max = std::chrono::milliseconds(300);
    limits.slow_max = std::chrono::seconds(60);
    expect(Reason::timeout, reply(
                                node(), [](Talk& talk) { talk.hang(); }, &limits));
}

TEST(PeerClient, GivesUpOnOneByteAtATime) {
    PeerLimits limits;
    limits.slow_max = std::chrono::seconds(1);
    limits.bytes_per_second_min = 100'000;
    expect(Reason::too_slow, reply(
                                 node(),
                                 [](Talk& talk) {
                                     talk.request();
                                     talk.say("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n");
                                     while (talk.wait(10) && talk.say("x")) continue;
                                 },
                                 &limits));
}

TEST(PeerClient, EndsAtOnceWhenTheNodeStops) {
    std::promise<void> asked;
    const LyingPeer peer(node(), [&](Talk& talk) {
        talk.request();
        asked.set_value();
        talk.hang();
    });
    const auto asking = client(options_for(peer.url()));
    auto answer = std::async(std::launch::async, [&] { return asking->get("/"); });
    asked.get_future().wait();
    asking->stop();
    expect(Reason::stopped, answer.get());
    expect(Reason::stopped, asking->get("/again"));
}

struct Lie {
    const char* name;
    Reason reason;
    LyingPeer::Script script;
};

LyingPeer::Script says(std::string bytes) {
    return [bytes = std::move(bytes)](Talk& talk) {
        if (!talk.request().empty()) talk.say(bytes);
    };
}

std::string header(const std::string& lines) { return "HTTP/1.1 200 OK\r\n" + lines + "\r\n"; }

std::string gzipped(const std::string& bytes, const std::string& rest = {}) {
    const std::string packed = gzip(bytes) + rest;
    return header("Content-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
                  "\r\n") +
           packed;
}

/// Says `start`, and then `again` for as long as anybody listens.
LyingPeer::Script endless(std::string start, std::string again) {
    return [start = std::move(start), again = std::move(again)](Talk& talk) {
        if (talk.request().empty() || !talk.say(start)) return;
        while (talk.say(again)) continue;
    };
}

std::vector<Lie> lies() {
    using enum Reason;
    const std::string kib(1024, 'x');
    return {
        {"Garbage", garbage, says("\x01\x02 no HTTP at all\r\n\r\n")},
        {"Http09", garbage, says("just bytes")},
        {"NoStatus", garbage, says("HTTP/1.1 abc\r\n\r\n")},
        {"EndlessBody", too_large,
         endless(header("Transfer-Encoding: chunked\r\n"), "400\r\n" + kib + "\r\n")},
        {"EndlessBodyWithoutLength", too_large, endless(header(""), kib)},
        {"AnnouncedTooLarge", too_large, says(header("Content-Length: 999999999\r\n"))},
        {"EndlessHeader", too_large, endless("HTTP/1.1 200 OK\r\n", "X-A: " + kib + "\r\n")},
        {"EndlessHeaderLine", too_large, endless("HTTP/1.1 200 OK\r\nX-A: ", kib)},
        {"EndlessContinue", too_large, endless("", "HTTP/1.1 100 Continue\r\n\r\n")},
        {"EndlessTrailer", too_large,
         endless(header("Transfer-Encoding: chunked\r\n") + "0\r\n", "X-A: " + kib + "\r\n")},
        {"GzipBomb", too_large, says(gzipped(std::string(10'000'000, '0')))},
        {"GzipOfNothing", garbage,
         says(header("Content-Encoding: gzip\r\nContent-Length: 5\r\n") + "hello")},
        {"GzipCut", garbage,
         says(header("Content-Encoding: gzip\r\nContent-Length: 15\r\n") +
              gzip(kib).substr(0, 15))},
        {"GzipAndMore", garbage, says(gzipped("hello", "more"))},
        {"GzipTwice", garbage,
         says(header("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n"))},
        {"Brotli", garbage, says(header("Content-Encoding: br\r\nContent-Length: 1\r\n") + "x")},
        {"TransferGzip", garbage,
         says(header("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n")},
        {"TwoLengths", garbage,
         says(header("Content-Length: 5\r\nContent-Length: 6\r\n") + "hello!")},
        {"LengthBelowZero", garbage, says(header("Content-Length: -5\r\n") + "hello")},
        {"BodyTooShort", cut_off, says(header("Content-Length: 100\r\n") + "hello")},
        {"ChunkCut", cut_off, says(header("Transfer-Encoding: chunked\r\n") + "400\r\nhello")},
        {"NoAnswer", cut_off, says("")},
        {"ResetInTheBody", cut_off,
         [](Talk& talk) {
             talk.request();
             talk.say(header("Content-Length: 100\r\n") + "hello");
             talk.reset();
         }},
    };
}

class PeerLies : public testing::TestWithParam<Lie> {};

TEST_P(PeerLies, HaveTheirReasonAndEnd) {
    expect(GetParam().reason, reply(node(), GetParam().script));
}

INSTANTIATE_TEST_SUITE_P(All, PeerLies, testing::ValuesIn(lies()),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(PeerClient, ReadsNoMoreThanItWantsOfOneAnswer) {
    const LyingPeer peer(node(), [](Talk& talk) {
        while (!talk.request().empty()) talk.answer("hello");
    });
    PeerOptions options = options_for(peer.url());
    options.limits.body_max = 6;
    const auto asking = client(options);
    EXPECT_TRUE(asking->get("/", {}, 5));
    expect(Reason::too_large, asking->get("/", {}, 4));
    EXPECT_TRUE(asking->get("/"));
    EXPECT_TRUE(asking->get("/", {}, 1000));
}

TEST(PeerClient, ReadsNoMoreThanTheLinkAllows) {
    PeerLimits limits;
    limits.body_max = 4;
    const LyingPeer::Script hello = [](Talk& talk) {
        talk.request();
        talk.answer("hello");
    };
    expect(Reason::too_large, reply(node(), hello, &limits));
}

TEST(PeerClient, UnpacksGzip) {
    const std::string text(50'000, 'e');
    const Reply got = reply(node(), says(gzipped(text)));
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->body, text);
}

TEST(PeerClient, GivesBackWhatItIsToldAndGoesNowhere) {
    int elsewhere_asked = 0;
    const LyingPeer elsewhere({}, [&](Talk&) { ++elsewhere_asked; });
    const Reply moved =
        reply(node(), says("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url("http") +
                           "/\r\nContent-Length: 0\r\n\r\n"));
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->status, 302);
    const Reply broken = reply(node(), says("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
    ASSERT_TRUE(broken);
    EXPECT_EQ(broken->status, 500);
    EXPECT_EQ(elsewhere_asked, 0);
}

TEST(PeerClient, LiesOfOneCostAnotherNothing) {
    const LyingPeer bad(node(), [](Talk& talk) { talk.hang(); });
    const LyingPeer good(node(), [](Talk& talk) {
        while (!talk.request().empty()) talk.answer("well");
    });
    const auto asking_bad = client(options_for(bad.url()));
    const auto asking_good = client(options_for(good.url()));
    auto hanging = std::async(std::launch::async, [&] { return asking_bad->get("/"); });
    for (int i = 0; i < 20; ++i) {
        const Reply got = asking_good->get("/");
        ASSERT_TRUE(got) << got.error().detail;
        EXPECT_EQ(got->body, "well");
    }
    asking_bad->stop();
    expect(Reason::stopped, hanging.get());
}

TEST(PeerClient, ComesBackAfterEveryLie) {
    // One client, one peer that lies in turn and then does not.
    const std::vector<Lie> all = lies();
    std::atomic<std::size_t> turn = 0;
    const LyingPeer peer(node(), [&](Talk& talk) {
        const std::size_t now = turn++;
        if (now % 2 == 0) return all[now / 2].script(talk);
        talk.request();
        talk.answer("true");
    });
    const auto asking = client(options_for(peer.url()));
    for (const Lie& lie : all) {
        expect(lie.reason, asking->get("/"));
        const Reply after = asking->get("/");
        ASSERT_TRUE(after) << lie.name << ": " << after.error().detail;
        EXPECT_EQ(after->body, "true") << lie.name;
    }
}

TEST(PeerClient, IgnoresTheProxiesOfTheEnvironment) {
    const LyingPeer proxy({}, [](Talk&) {});
    ASSERT_EQ(::setenv("https_proxy", proxy.url("http").c_str(), 1), 0);
    ASSERT_EQ(::setenv("ALL_PROXY", proxy.url("http").c_str(), 1), 0);
    const Reply got = reply(node(), says(header("Content-Length: 0\r\n")));
    (void)::unsetenv("https_proxy");
    (void)::unsetenv("ALL_PROXY");
    EXPECT_TRUE(got) << got.error().detail;
    EXPECT_EQ(proxy.connections(), 0);
}

TEST(PeerClient, UsesTheProxyOfTheOperator) {
    std::string asked;
    const LyingPeer proxy({}, [&](Talk& talk) {
        asked = talk.request();
        talk.say("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    PeerOptions options = options_for("https://192.0.2.1:8701");
    options.proxy = proxy.url("http");
    EXPECT_FALSE(client(std::move(options))->get("/"));
    EXPECT_TRUE(asked.starts_with("CONNECT 192.0.2.1:8701 ")) << asked;
}

TEST(PeerClient, RefusesAddressesThatAreNone) {
    for (const char* url :
         {"", "x", "http://127.0.0.1:1", "ftp://127.0.0.1", "https://", "https://a:b@127.0.0.1",
          "https://127.0.0.1?x=1", "https://127.0.0.1/#x", "https://127.0.0.1:99999",
          "127.0.0.1:8701", "file:///etc/passwd"}) {
        const auto made = PeerClient::make(options_for(url));
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().code, Errc::malformed);
    }
    PeerOptions nameless = options_for("https://127.0.0.1");
    nameless.own = nullptr;
    EXPECT_FALSE(PeerClient::make(nameless));
}

TEST(PeerClient, AsksAnOutsideWitnessByItsAddress) {
    const std::string request = "old 0\n\norigin\n1\nAAAA\n\n— origin AAAA\n";
    std::string came;
    const LyingPeer witness({}, [&](Talk& talk) {
        EXPECT_TRUE(talk.request().starts_with("POST /w/add-checkpoint HTTP/1.1\r\n"));
        came = talk.body(request.size());
        talk.answer("— witness BBBB\n");
    });
    PeerOptions options;
    options.url = witness.url("http") + "/w/";
    options.loopback_http = true;
    const Reply reply = client(options)->post("/add-checkpoint", "text/plain", request);
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(reply->body, "— witness BBBB\n");
    EXPECT_EQ(came, request);
    options.loopback_http = false;
    EXPECT_FALSE(PeerClient::make(options)) << "http without being asked for";
    options.loopback_http = true;
    options.url = "http://192.0.2.1/";
    EXPECT_FALSE(PeerClient::make(options)) << "http beyond this machine";
}

TEST(PeerClient, BelievesACertificateOnlyOfAnAuthorityWhereThereIsNoKey) {
    Manner manner{.channel = channel(theirs)};
    manner.asks_for_key = false;
    bool asked = false;
    const LyingPeer witness(std::move(manner), [&](Talk&) { asked = true; });
    PeerOptions options;
    options.url = witness.url();
    expect(Reason::wrong_key, client(options)->get("/"));
    EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace entente::net

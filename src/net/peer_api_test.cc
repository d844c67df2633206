// SPDX-License-Identifier: Apache-2.0
// Two nodes' sockets against each other, and what the listener between nodes refuses: real sockets
// on loopback, our own client and OpenSSL's.
#include "net/peer_api.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <map>
#include <mutex>

#include "net/lying_peer_for_test.h"
#include "net/peer_client.h"
#include "net/server.h"

namespace entente::net {
namespace {

SecretKey secret(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes());
}
const SecretKey fr = secret(1);
const SecretKey ru = secret(2);
const SecretKey un = secret(3);
const SecretKey stranger = secret(4);

/// Says who asked for what.
class EchoDesk final : public PeerDesk {
  public:
    Result<Bytes> answer(const PartyId& asker, std::string_view path) override {
        if (path.ends_with("/large")) return Bytes(16u << 20, 'x');
        if (path.ends_with("/missing")) return fail(Errc::not_found, "no such tile");
        if (path.ends_with("/odd")) return fail(Errc::malformed, "this is no path of a tile");
        if (path.ends_with("=odd")) return fail(Errc::malformed, "after=<number>");
        if (path.ends_with("/broken")) return fail(Errc::unavailable, "the disk");
        return asker.v + " asked " + Bytes(path);
    }
    Result<Bytes> mirror_file(const Hash&, std::string_view) override {
        return fail(Errc::not_found, "none");
    }
    WitnessAnswer add_checkpoint(BytesView body) override {
        if (body.starts_with("old ")) return {409, "812\n"};
        return {std::stoi(std::string(body)), "a sentence"};
    }
};

struct House {
    EchoDesk desk;
    std::mutex mutex;  // guards parties
    std::map<PublicKey, PartyId> parties{{fr.public_key(), {"fr"}}, {un.public_key(), {"un"}}};
    std::atomic<std::int64_t> ms = 1'800'000'000'000;
    std::unique_ptr<PeerApi> api;
    std::unique_ptr<Server> server;

    explicit House(const Limits& limits = peer_limits(), unsigned threads = 1) {
        api =
            std::make_unique<PeerApi>(desk, PeerApiOptions{limits, [this] { return instant(ms); }});
        auto tls = (*Channel::make(ru))->listening([this](const PublicKey& key) {
            const std::lock_guard lock(mutex);
            const auto found = parties.find(key);
            return found == parties.end() ? std::nullopt : std::optional(found->second);
        });
        ServerOptions options;
        options.tls = *tls;
        options.limits = limits;
        options.threads = threads;
        auto listening = Server::listen(options);
        EXPECT_TRUE(listening);
        server = std::move(*listening);
        server->serve(*api);
    }
    ~House() { server->stop(); }

    std::unique_ptr<PeerClient> client(const SecretKey& key) const {
        PeerOptions options;
        options.url = "https://127.0.0.1:" + std::to_string(server->port());
        options.own = *Channel::make(key);
        options.keys = {ru.public_key()};
        return *PeerClient::make(options);
    }
};

TEST(PeerApi, KnowsWhoAsksByTheKey) {
    House house;
    const auto from_fr = house.client(fr);
    const auto from_un = house.client(un);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(from_fr->get("/peer/v1/heads")->body, "fr asked /peer/v1/heads");
        EXPECT_EQ(from_un->get("/peer/v1/releases?after=7")->body,
                  "un asked /peer/v1/releases?after=7");
    }
    EXPECT_EQ(from_fr->get("/peer/v1/charter")->body, "fr asked /peer/v1/charter");
    EXPECT_EQ(from_fr->get("/peer/v1/log/ab/tile/0/000")->body,
              "fr asked /peer/v1/log/ab/tile/0/000");
    EXPECT_EQ(house.api->responses(2), 8u);
}

TEST(PeerApi, SaysThatNothingHasChanged) {
    House house;
    const auto client = house.client(fr);
    const Reply first = client->get("/peer/v1/heads");
    ASSERT_TRUE(first);
    ASSERT_FALSE(first->etag.empty());
    const Reply second = client->get("/peer/v1/heads", first->etag);
    EXPECT_EQ(second->status, 304);
    EXPECT_EQ(second->etag, first->etag);
    EXPECT_EQ(client->get("/peer/v1/heads", "\"other\"")->status, 200);
}

TEST(PeerApi, CarriesSixteenMebibytes) {
    House house;
    const Reply reply = house.client(fr)->get("/peer/v1/log/ab/large");
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(reply->body, Bytes(16u << 20, 'x'));
}

TEST(PeerApi, ServesNothingButItsPaths) {
    House house;
    const auto client = house.client(fr);
    const struct {
        const char* path;
        int status;
    } cases[] = {
        {"/", 404},
        {"/v1/about", 404},
        {"/log/checkpoint", 404},
        {"/peer/v1/heads?x=1", 404},
        {"/peer/v1/heads/", 404},
        {"/peer/v1/heads?after=0a-7", 200},
        {"/peer/v1/releases", 404},
        {"/peer/v1/releases?after=odd", 400},
        {"/peer/v1/releases?log=1&after=0", 200},
        {"/peer/v1/log/ab/missing", 404},
        {"/peer/v1/log/ab/odd", 404},
        {"/peer/v1/log/ab/broken", 503},
        {"/add-checkpoint", 405},
    };
    for (const auto& one : cases) {
        const Reply reply = client->get(one.path);
        ASSERT_TRUE(reply) << one.path << reply.error().detail;
        EXPECT_EQ(reply->status, one.status) << one.path;
    }
    EXPECT_EQ(client->get("/peer/v1/log/" + std::string(600, 'a'))->status, 404);
    EXPECT_EQ(client->post("/peer/v1/heads", "text/plain", "")->status, 405);
}

TEST(PeerApi, GivesAWitnessesStatusesAsTheyAre) {
    House house;
    const auto client = house.client(fr);
    const Reply size = client->post("/add-checkpoint", "text/plain", "old 5\n");
    ASSERT_TRUE(size);
    EXPECT_EQ(size->status, 409);
    EXPECT_EQ(size->type, "text/x.tlog.size");
    EXPECT_EQ(size->body, "812\n");
    for (const int status : {200, 400, 403, 404, 422, 503}) {
        const Reply reply = client->post("/add-checkpoint", "text/plain", std::to_string(status));
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, status);
    }
    EXPECT_EQ(client->post("/add-checkpoint", "text/plain", "500")->status, 503);
    EXPECT_EQ(client->post("/add-checkpoint", "text/plain", Bytes(64 * 1024 + 1, 'x'))->status,
              413);
}

TEST(PeerApi, RefusesAKeyOfNobodysInTheHandshake) {
    House house;
    const Reply reply = house.client(stranger)->get("/peer/v1/heads");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().reason, Reason::refused_key) << reply.error().detail;
    EXPECT_EQ(house.api->responses(2) + house.api->responses(4), 0u);
}

TEST(PeerApi, ServesNobodyWhoHasLeft) {
    House house;
    const auto client = house.client(fr);
    EXPECT_EQ(client->get("/peer/v1/heads")->status, 200);
    {
        const std::lock_guard lock(house.mutex);
        house.parties.erase(fr.public_key());
    }
    EXPECT_EQ(client->get("/peer/v1/heads")->status, 403) << "over the connection it had";
    const Reply anew = house.client(fr)->get("/peer/v1/heads");
    ASSERT_FALSE(anew);
    EXPECT_EQ(anew.error().reason, Reason::refused_key);
}

TEST(PeerApi, CountsEachPartysRequestsApart) {
    Limits limits = peer_limits();
    limits.requests_per_second_max = 5;
    House house(limits);
    const auto from_fr = house.client(fr);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(from_fr->get("/peer/v1/heads")->status, 200);
    EXPECT_EQ(from_fr->get("/peer/v1/heads")->status, 429);
    EXPECT_EQ(house.client(un)->get("/peer/v1/heads")->status, 200);
    house.ms += 1000;
    EXPECT_EQ(from_fr->get("/peer/v1/heads")->status, 200);
}

TEST(PeerApi, LetsOnePartyHaveSoManyConnectionsOnly) {
    Limits limits = peer_limits();
    limits.party_connections_max = 2;
    House house(limits);
    std::vector<std::unique_ptr<PeerClient>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(house.client(fr));
        EXPECT_EQ(clients.back()->get("/peer/v1/heads")->status, 200);
    }
    // The first one's connection was closed to make room; it opens another.
    EXPECT_EQ(clients.front()->get("/peer/v1/heads")->status, 200);
    EXPECT_EQ(house.client(un)->get("/peer/v1/heads")->status, 200);
    EXPECT_LE(house.server->gauges().front().second, 5);
}

/// A handshake as any program might try it: what OpenSSL says of it once something was read.
std::string handshake(std::uint16_t port, const std::function<void(SSL_CTX*)>& with) {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    with(context);
    SSL* tls = SSL_new(context);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    (void)SSL_set_fd(tls, descriptor);
    std::string out;
    const std::string request = "GET /peer/v1/heads HTTP/1.1\r\nHost: x\r\n\r\n";
    char byte = 0;
    if (SSL_connect(tls) == 1 && SSL_write(tls, request.data(), static_cast<int>(request.size())) &&
        SSL_read(tls, &byte, 1) == 1) {
        out = "answered";
    } else {
        char text[256] = "";
        ERR_error_string_n(ERR_peek_last_error(), text, sizeof text);
        out = text;
    }
    ERR_clear_error();
    SSL_free(tls);
    SSL_CTX_free(context);
    (void)::close(descriptor);
    return out;
}

TEST(PeerListener, RefusesWhoShowsNoKeyOrIsTooOld) {
    House house;
    const std::uint16_t port = house.server->port();
    Pin pin{{ru.public_key()}};
    const auto channel = *Channel::make(fr);
    EXPECT_EQ(handshake(port, [&](SSL_CTX* c) { EXPECT_TRUE(channel->calling(c, pin)); }),
              "answered");
    EXPECT_NE(handshake(port, [](SSL_CTX*) {}).find("certificate required"), std::string::npos);
    EXPECT_NE(handshake(port,
                        [&](SSL_CTX* c) {
                            EXPECT_TRUE(channel->calling(c, pin));
                            (void)SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
                            (void)SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
                        })
                  .find("protocol version"),
              std::string::npos);
}

TEST(PeerListener, ResumesNothing) {
    House house;
    Pin pin{{ru.public_key()}};
    const auto channel = *Channel::make(fr);
    static int tickets = 0;
    EXPECT_EQ(handshake(house.server->port(),
                        [&](SSL_CTX* context) {
                            EXPECT_TRUE(channel->calling(context, pin));
                            SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
                            SSL_CTX_clear_options(context, SSL_OP_NO_TICKET);
                            SSL_CTX_sess_set_new_cb(context, [](SSL*, SSL_SESSION*) {
                                ++tickets;
                                return 0;
                            });
                        }),
              "answered");
    EXPECT_EQ(tickets, 0);
}

TEST(PeerListener, IsNotHeldUpByThoseWhoSayNothing) {
    Limits limits = peer_limits();
    limits.connections_max = 16;
    House house(limits);
    const auto before = house.client(un);
    EXPECT_EQ(before->get("/peer/v1/heads")->status, 200);
    std::vector<int> silent;
    for (int i = 0; i < 40; ++i) {
        silent.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(house.server->port());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::connect(silent.back(), plain, sizeof address), 0);
    }
    EXPECT_EQ(house.client(fr)->get("/peer/v1/heads")->status, 200);
    EXPECT_EQ(before->get("/peer/v1/heads")->status, 200);
    for (const int one : silent) (void)::close(one);
}

}  // namespace
}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// What the answers of witnesses mean: the table of C2SP tlog-witness, and what known servers do
// differently.
#include "net/witness.h"

#include <gtest/gtest.h>

#include "net/lying_peer_for_test.h"

namespace entente::net {
namespace {

TEST(WitnessReply, IsReadAsItCanOnlyBeMeant) {
    using enum WitnessReply::Said;
    const struct {
        int status;
        const char* body;
        WitnessReply::Said said;
        std::uint64_t size;
    } cases[] = {
        {200, "— witness abc\n", cosigned, 0},
        {400, "no", refused, 0},
        {403, "", unknown_log, 0},  // litewitness before 2026, for an unknown origin
        {404, "", unknown_log, 0},
        {409, "0\n", at_size, 0},
        {409, "812\n", at_size, 812},
        {409, "812", at_size, 812},
        {409, "18446744073709551615\n", at_size, 18446744073709551615u},
        {409, "18446744073709551616\n", refused, 0},
        {409, "", refused, 0},  // omniwitness: the same size with another root
        {409, "\n", refused, 0},
        {409, "007\n", refused, 0},
        {409, "-1\n", refused, 0},
        {409, "812\nmore", refused, 0},
        {413, "", refused, 0},
        {422, "", refused, 0},
        {429, "", later, 0},
        {500, "", later, 0},
        {503, "", later, 0},
    };
    for (const auto& one : cases) {
        Response response;
        response.status = one.status;
        response.body = one.body;
        const auto reply = read_witness_reply(response);
        ASSERT_TRUE(reply) << one.status;
        EXPECT_EQ(reply->said, one.said) << one.status << " " << one.body;
        EXPECT_EQ(reply->size.v, one.size) << one.status << " " << one.body;
        EXPECT_EQ(reply->lines, one.said == cosigned ? one.body : "");
    }
}

TEST(WitnessReply, IsNoneWhereTheStatusMeansNothing) {
    for (const auto& [status, reason] : {std::pair(200, Reason::garbage),
                                         {204, Reason::garbage},
                                         {301, Reason::redirected},
                                         {304, Reason::redirected}}) {
        Response response;
        response.status = status;
        const auto reply = read_witness_reply(response);
        ASSERT_FALSE(reply) << status;
        EXPECT_EQ(reply.error().reason, reason) << status;
    }
}

TEST(WitnessReply, ShowsNothingThatMovesACursor) {
    Response response;
    response.status = 400;
    response.body = "a\x1b[2Jb\xff\n" + std::string(10'000, 'x');
    const auto reply = read_witness_reply(response);
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->detail.starts_with("400 a [2Jb")) << reply->detail;
    EXPECT_LT(reply->detail.size(), 300u);
}

TEST(AddCheckpoint, IsPostedToAnOutsideWitness) {
    const std::string request = "old 0\n\norigin\n1\nAAAA\n\n— origin AAAA\n";
    std::string came;
    const test::LyingPeer witness({}, [&](test::Talk& talk) {
        EXPECT_TRUE(talk.request().starts_with("POST /w/add-checkpoint HTTP/1.1\r\n"));
        came = talk.body(request.size());
        talk.answer("— witness BBBB\n");
    });
    PeerOptions options;
    options.url = witness.url("http") + "/w/";
    options.loopback_http = true;
    auto client = PeerClient::make(options);
    ASSERT_TRUE(client) << client.error().detail;
    const auto reply = add_checkpoint(**client, request);
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(reply->said, WitnessReply::cosigned);
    EXPECT_EQ(reply->lines, "— witness BBBB\n");
    EXPECT_EQ(came, request);
    options.loopback_http = false;
    EXPECT_FALSE(PeerClient::make(options)) << "http without being asked for";
    options.loopback_http = true;
    options.url = "http://192.0.2.1/";
    EXPECT_FALSE(PeerClient::make(options)) << "http beyond this machine";
}

TEST(AddCheckpoint, BelievesACertificateOnlyOfAnAuthority) {
    Rng rng(5);
    const auto channel = *Channel::make(SecretKey::generate(rng.bytes()));
    test::Manner manner{.channel = channel};
    manner.asks_for_key = false;
    bool asked = false;
    const test::LyingPeer witness(std::move(manner), [&](test::Talk&) { asked = true; });
    PeerOptions options;
    options.url = witness.url();
    auto client = PeerClient::make(options);
    ASSERT_TRUE(client);
    const auto reply = add_checkpoint(**client, "old 0\n");
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().reason, Reason::wrong_key) << reply.error().detail;
    EXPECT_FALSE(asked);
}

}  // namespace
}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// What leaves for subscribers, without a socket: where it may go, how a post is signed, what a mail
// looks like, and how long one waits after failures.
#include "net/outbound.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/encode.h"
#include "net/backoff.h"
#include "net/mail.h"
#include "net/webhook.h"

namespace entente::net {
namespace {

TEST(Outbound, GoesOnlyToTheOriginsThatAreNamed) {
    OutboundPolicy policy;
    EXPECT_FALSE(policy.may_post("https://example.org/hook"));
    policy.webhook_to = {"https://Hooks.example.org", "http://127.0.0.1:9000"};
    ASSERT_TRUE(policy.check());
    for (const char* good : {"https://hooks.example.org/", "https://hooks.example.org:443/a?b=c",
                             "https://HOOKS.EXAMPLE.ORG/x", "http://127.0.0.1:9000/x"}) {
        EXPECT_TRUE(policy.may_post(good)) << good;
    }
    for (const char* bad :
         {"https://hooks.example.org:8443/", "http://hooks.example.org/", "https://example.org/",
          "https://hooks.example.org.evil.net/", "https://hooks.example.org@evil.net/",
          "https://user@hooks.example.org/", "http://127.0.0.1:9001/", "http://127.0.0.2:9000/",
          "https://hooks.example.org/#x", "file:///etc/passwd", "hooks.example.org", "", "https://",
          "https://hooks.example.org/ x", "https://hooks.example.org/\r\nHost: evil",
          "http://169.254.169.254/", "ftp://hooks.example.org/", "//hooks.example.org/"}) {
        EXPECT_FALSE(policy.may_post(bad)) << bad;
    }
    policy.webhook_to = {"http://example.org"};
    EXPECT_FALSE(policy.check()) << "without TLS only to this machine itself";
}

TEST(Outbound, MailsOnlyToTheDomainsThatAreNamed) {
    OutboundPolicy policy;
    EXPECT_FALSE(policy.may_mail("duty@example.org"));
    policy.smtp = "smtp://127.0.0.1:25";
    policy.mail_from = "entente@example.org";
    ASSERT_TRUE(policy.check());
    EXPECT_TRUE(policy.may_mail("duty@EXAMPLE.org"));
    EXPECT_FALSE(policy.may_mail("duty@example.net"));
    EXPECT_FALSE(policy.may_mail("duty@sub.example.org"));
    policy.mail_to = {"example.net"};
    EXPECT_TRUE(policy.may_mail("duty@example.net"));
    EXPECT_FALSE(policy.may_mail("duty@example.org"));
    for (const char* bad :
         {"", "duty", "@example.net", "duty@", "a b@example.net", "a@example.net\r\nBcc: x@y",
          "\"a\"@example.net", "a@b@example.net", ".a@example.net", "a..b@example.net",
          "a@example..net", "a%example.com@example.net", "example.com!a@example.net"}) {
        EXPECT_FALSE(is_mail_address(bad)) << bad;
    }
    policy.smtp = "https://example.org";
    EXPECT_FALSE(policy.check());
}

TEST(Webhook, IsSignedAsStandardWebhooksSays) {
    // The example of the specification's reference libraries.
    const Bytes secret = from_base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").value();
    const Post post = signed_post(
        {"https://example.org/", secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})"},
        instant(1'614'265'330'999));
    const auto has = [&](const char* line) {
        return std::find(post.headers.begin(), post.headers.end(), line) != post.headers.end();
    };
    EXPECT_TRUE(has("webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek"));
    EXPECT_TRUE(has("webhook-timestamp: 1614265330"));
    EXPECT_TRUE(has("webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST(Mail, IsOfShortLinesAndNothingInItIsAHeader) {
    std::string name;
    for (int i = 0; i < 60; ++i) name += "больница ";
    const Mail mail = mail_of({"entente@example.org", "duty@example.org", std::string(32, 'a'),
                               instant(1'448'539'200'000), name + "\r\nBcc: x@y\r\n\r\n.\r\n"});
    EXPECT_NE(mail.text.find("Date: Thu, 26 Nov 2015 12:00:00 +0000\r\n"), std::string::npos);
    EXPECT_EQ(mail.text.find("Bcc"), std::string::npos);
    std::size_t at = 0;
    while (at < mail.text.size()) {
        const std::size_t end = mail.text.find("\r\n", at);
        ASSERT_NE(end, std::string::npos);
        const std::string line = mail.text.substr(at, end - at);
        EXPECT_LE(line.size(), 78u);
        EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) {
            return c >= ' ' && c < 0x7F;
        })) << line;
        at = end + 2;
    }
    const std::size_t body = mail.text.find("\r\n\r\n") + 4;
    std::string text = mail.text.substr(body);
    for (std::size_t end; (end = text.find("\r\n")) != std::string::npos;) text.erase(end, 2);
    EXPECT_TRUE(from_base64(text).value().starts_with(name));
}

TEST(Backoff, DoublesUpToItsMostAndIsSpread) {
    Backoff backoff(Duration(1000), Duration(600'000), Rng(3));
    Duration whole(1000);
    for (int i = 0; i < 20; ++i) {
        const Duration pause = backoff.failed();
        EXPECT_GE(pause, whole / 2);
        EXPECT_LE(pause, whole);
        whole = std::min(2 * whole, Duration(600'000));
    }
    backoff.succeeded();
    EXPECT_LE(backoff.failed(), Duration(1000));
}

}  // namespace
}  // namespace entente::net

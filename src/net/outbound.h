// SPDX-License-Identifier: Apache-2.0
// What leaves the node for subscribers: POSTs to webhooks and mail to one SMTP server, many at
// once on one thread, within limits. libcurl is behind it. Nothing is followed anywhere: a
// redirection is a failure, and proxies, cookies and the environment have no say.
//
//     out->start(7, webhook);
//     for (const Outbound::Done& done : out->wait(1s)) ...   // 7, and nothing or why not
//
// One thread but wake().
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace entente::net {

/// Where notices may go: what the operator names, and nothing else. An account that could send
/// names of places anywhere would be a leak, and a node that fetches what it is told a tool.
struct OutboundPolicy {
    std::vector<std::string> webhook_to;  // origins: `https://hooks.example.org`
    std::string smtp;                     // smtp://HOST[:PORT], smtps://...; empty: no mail
    std::string smtp_user;  // empty: nobody signs in there
    std::string smtp_password;
    std::string mail_from;
    std::vector<std::string> mail_to;  // domains; empty: that of mail_from alone
    std::string authorities;           // a file with certificates instead of the system's
    Duration connect_max = std::chrono::seconds(10);
    Duration total_max = std::chrono::seconds(30);
    unsigned attempts_max = 20;
    Duration retry_min = std::chrono::seconds(1);
    Duration retry_max = std::chrono::minutes(10);

    /// Errc::malformed or refused, in words.
    Result<void> check() const;
    Result<void> may_post(const std::string& url) const;
    Result<void> may_mail(const std::string& address) const;
};

/// The scheme, host and port of an https URL, or of an http one to this machine itself.
Result<std::string> origin_of(const std::string& url);
/// ASCII `local@domain` as RFC 5321 has it, unquoted: nothing in it can end a header line.
bool is_mail_address(std::string_view text);

struct Post {
    std::string url;
    std::vector<std::string> headers;  // whole lines
    std::string body;
};
struct Mail {
    std::string to;
    std::string text;  // header lines and body, CRLF
};

class Outbound {
  public:
    /// Why it was not taken: a word for programs, one that a subscriber may be told.
    struct Done {
        std::uint64_t job = 0;
        std::optional<std::string> failure;  // absent: answered 2xx, or taken by the mail server
    };
    static Result<std::unique_ptr<Outbound>> make(OutboundPolicy policy);
    virtual ~Outbound() = default;
    virtual void start(std::uint64_t job, const Post& post) = 0;
    virtual void start(std::uint64_t job, const Mail& mail) = 0;
    /// Blocks until something is done, somebody wakes it or so long has passed.
    virtual std::vector<Done> wait(Duration most) = 0;
    /// Any thread.
    virtual void wake() = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Keeps asking other nodes what is new, outbound only: one thread, one connection and one request
// at a time for each, so that the slowness of one is nobody else's. What to ask and what to do with
// the answer is told by functions (node::Follow); here is when to ask, what to do about a link that
// fails, and what people are told about it.
//
//     Follower follower(followings, {.now = now, .seed = seed});
//     follower.wake();                                   // ask now, not at the next poll
//     for (const Contact& one : follower.contacts()) ...
//
// At rest a peer costs one request in poll_every that is answered with 304.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "net/peer_client.h"

namespace entente::net {

/// One question. With a body it is posted.
struct PeerStep {
    std::string path;
    std::string etag{};  // of the answer we have: 304 where nothing has changed
    Bytes body{};
    std::size_t answer_max = 0;  // bytes of an answer that are read; 0: as the link allows
};

/// One other node, or a witness. The functions are called from its thread only and may block; all
/// but `next` and `take` may be empty.
struct Following {
    std::string name;  // the party's id, or the witness's name
    PeerOptions peer;
    /// Nothing: there is nothing to ask until due().
    std::function<std::optional<PeerStep>(Instant now)> next;
    /// 200, 304, and after a post any status below 500 but redirects; everything else is an error:
    /// Errc::not_found for 404, and as_error() of the Failure. Returns why what came is not as it
    /// must be; then the peer is left alone for a while.
    std::function<Result<void>(const PeerStep& step, Result<Response> answer, Instant now)> take;
    std::function<Instant()> due;  // empty: poll_every after the last round
    std::function<void()> hurry;   // somebody wants due() to be now
};

/// How it stands with one peer.
struct Contact {
    std::string name;
    std::string url;
    bool reachable = false;           // the newest attempt got an answer
    std::optional<Instant> answered;  // when the newest answer came
    std::optional<Failure> trouble;   // of the newest round; nothing: it went well
    std::optional<Instant> troubled;  // when that was
    unsigned failures = 0;            // in a row
    Instant next;                     // when it is asked again at the latest
    bool under_way = false;           // a round is, or somebody has asked for one
    std::uint64_t requests = 0;
    std::uint64_t bytes_in = 0;
};

struct FollowerOptions {
    std::function<Instant()> now;
    std::uint64_t seed = 0;                          // of the jitter
    Duration poll_every = std::chrono::seconds(5);   // at rest, at the most
    Duration backoff_min = std::chrono::seconds(2);  // after a first failure
    Duration backoff_max = std::chrono::minutes(5);
};

class Follower {
  public:
    virtual ~Follower() = default;
    /// Errc::malformed for a peer whose address is none. Asks nobody before start()
    /// or wake().
    static Result<std::unique_ptr<Follower>> make(std::vector<Following> followings,
                                                  FollowerOptions options);
    virtual void start() = 0;
    /// Asks all of them, or the one of this name, at once, whatever went wrong before.
    virtual void wake() = 0;
    virtual void wake(const std::string& name) = 0;
    /// Waits until the rounds that were asked for have ended, each when nothing is left to ask or
    /// with the failure that stands in contacts(); at most so long. Whether they have. An empty
    /// name means all.
    virtual bool settle(const std::string& name, Duration most) = 0;
    virtual std::vector<Contact> contacts() const = 0;
    /// What is under way ends at once; no function is called any more when it returns.
    virtual void stop() = 0;
};

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
// Following peers over real sockets: what is asked when, what a lie costs, and that it costs nobody
// else anything. Nothing here waits for time to pass but for what is to happen.
#include "net/follower.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "net/backoff.h"
#include "net/lying_peer_for_test.h"

namespace entente::net {
namespace {

using test::LyingPeer;
using test::Manner;
using test::Talk;

TEST(Backoff, DoublesUpToItsMostAndBeginsAnew) {
    Backoff backoff(Duration(2000), Duration(300'000), Rng(1));
    std::int64_t whole = 2000;
    for (unsigned i = 1; i < 50; ++i) {
        const std::int64_t pause = backoff.failed().count();
        EXPECT_GE(pause, whole / 2) << i;
        EXPECT_LE(pause, whole) << i;
        EXPECT_EQ(backoff.failures(), i);
        whole = std::min<std::int64_t>(whole * 2, 300'000);
    }
    backoff.succeeded();
    EXPECT_LE(backoff.failed().count(), 2000);
}

TEST(Backoff, IsTheSameForOneSeedAndSpreadForMany) {
    std::set<std::int64_t> pauses;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Backoff one(Duration(100'000), Duration(300'000), Rng(seed));
        Backoff two(Duration(100'000), Duration(300'000), Rng(seed));
        const Duration pause = one.failed();
        EXPECT_EQ(pause, two.failed());
        pauses.insert(pause.count());
    }
    EXPECT_GT(pauses.size(), 95u);
}

SecretKey secret(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes());
}
const SecretKey ours = secret(1);
const SecretKey theirs = secret(2);

Manner node() { return {.channel = *Channel::make(theirs)}; }

/// What a follower is told to ask, and what it brought. The test waits for what it expects.
class Book {
  public:
    std::optional<PeerStep> next() {
        const std::lock_guard lock(mutex_);
        if (steps_.empty()) {
            ++rests_;
            changed_.notify_all();
            return std::nullopt;
        }
        return steps_.front();
    }
    Result<void> take(const PeerStep& step, Result<Response> answer) {
        const std::lock_guard lock(mutex_);
        if (!steps_.empty() && (answer || !keeps_failed_)) steps_.pop_front();
        taken_.emplace_back(step.path, std::move(answer));
        changed_.notify_all();
        return verdict_;
    }
    void ask(PeerStep step) {
        const std::lock_guard lock(mutex_);
        steps_.push_back(std::move(step));
    }
    void set_verdict(Result<void> verdict) {
        const std::lock_guard lock(mutex_);
        verdict_ = std::move(verdict);
    }
    /// A step whose answer is an error is asked again.
    void keep_failed() { keeps_failed_ = true; }

    using Taken = std::pair<std::string, Result<Response>>;
    std::vector<Taken> wait_taken(std::size_t count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return taken_.size() >= count; });
        return taken_;
    }
    void wait_rests(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return rests_ >= count; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<PeerStep> steps_;
    std::vector<Taken> taken_;
    Result<void> verdict_;
    std::atomic<bool> keeps_failed_ = false;
    int rests_ = 0;
};

Following following(Book& book, const std::string& url, const std::string& name = "ru") {
    Following out;
    out.name = name;
    out.peer.url = url;
    out.peer.own = *Channel::make(ours);
    out.peer.keys = {theirs.public_key()};
    out.next = [&book](Instant) { return book.next(); };
    out.take = [&book](const PeerStep& step, Result<Response> answer, Instant) {
        return book.take(step, std::move(answer));
    };
    return out;
}

/// Its pauses are an hour: what happens in a test, happens because something woke it.
FollowerOptions patient() {
    FollowerOptions out;
    out.now = [] { return instant(1'800'000'000'000); };
    out.poll_every = out.backoff_min = out.backoff_max = std::chrono::hours(1);
    return out;
}
FollowerOptions hasty() {
    FollowerOptions out = patient();
    out.poll_every = out.backoff_min = out.backoff_max = Duration(2);
    return out;
}

std::unique_ptr<Follower> follow(std::vector<Following> all, const FollowerOptions& options) {
    auto made = Follower::make(std::move(all), options);
    EXPECT_TRUE(made);
    (*made)->start();
    return std::move(*made);
}

LyingPeer::Script echo() {
    return [](Talk& talk) {
        for (std::string asked = talk.request(); !asked.empty(); asked = talk.request()) {
            const std::size_t from = asked.find(' ') + 1;
            talk.answer(asked.substr(from, asked.find(' ', from) - from), "ETag: \"e\"\r\n");
        }
    };
}

TEST(Follower, AsksOneAfterTheOtherUntilThereIsNothingToAsk) {
    const LyingPeer peer(node(), echo());
    Book book;
    for (int i = 0; i < 10; ++i) book.ask({"/" + std::to_string(i)});
    const auto follower = follow({following(book, peer.url())}, patient());
    book.wait_rests(1);
    const auto taken = book.wait_taken(10);
    for (std::size_t i = 0; i < 10; ++i) {
        ASSERT_TRUE(taken[i].second) << taken[i].second.error().detail;
        EXPECT_EQ(taken[i].second->body, "/" + std::to_string(i));
        EXPECT_EQ(taken[i].second->etag, "\"e\"");
    }
    EXPECT_EQ(peer.connections(), 1);
    const Contact contact = follower->contacts().at(0);
    EXPECT_EQ(contact.name, "ru");
    EXPECT_EQ(contact.requests, 10u);
    EXPECT_TRUE(contact.reachable);
    EXPECT_TRUE(contact.answered);
    EXPECT_FALSE(contact.trouble);
    EXPECT_GT(contact.bytes_in, 20u);
}

TEST(Follower, RestsUntilItIsWoken) {
    const LyingPeer peer(node(), echo());
    Book book;
    int hurried = 0;
    Following one = following(book, peer.url());
    one.hurry = [&] { ++hurried; };
    const auto follower = follow({std::move(one)}, patient());
    book.wait_rests(1);
    book.ask({"/later"});
    follower->wake("somebody else");
    follower->wake("ru");
    EXPECT_EQ(book.wait_taken(1).front().second->body, "/later");
    book.wait_rests(2);
    follower->stop();
    EXPECT_EQ(hurried, 1);
}

TEST(Follower, SaysWhenARoundThatWasAskedForHasEnded) {
    const LyingPeer peer(node(), echo());
    Book book;
    const auto follower = follow({following(book, peer.url())}, patient());
    book.wait_rests(1);
    for (int i = 0; i < 5; ++i) book.ask({"/" + std::to_string(i)});
    follower->wake();
    EXPECT_TRUE(follower->settle("", std::chrono::hours(1)));
    EXPECT_EQ(book.wait_taken(0).size(), 5u);
    EXPECT_FALSE(follower->contacts().at(0).under_way);
    EXPECT_TRUE(follower->settle("nobody", std::chrono::hours(1)));
}

TEST(Follower, ARoundIsOverWhenNothingMoreIsToBeAsked) {
    const LyingPeer peer(node(), echo());
    Book book;
    std::atomic<int> asked = 0;
    Following one = following(book, peer.url());
    // What came gives more to ask at once, three times.
    one.due = [&] {
        return patient().now() + (++asked % 4 == 0 ? Duration(3'600'000) : Duration(0));
    };
    const auto follower = follow({std::move(one)}, patient());
    follower->wake();
    EXPECT_TRUE(follower->settle("ru", std::chrono::hours(1)));
    EXPECT_GE(asked, 4);
}

TEST(Follower, ARoundThatFailsHasEndedToo) {
    std::string url;
    { url = LyingPeer(node(), echo()).url(); }  // nobody listens there any more
    Book book;
    Following one = following(book, url);
    // However many rounds there are, each has something to ask.
    one.next = [](Instant) {
        PeerStep step;
        step.path = "/x";
        return std::optional(step);
    };
    const auto follower = follow({std::move(one)}, patient());
    follower->wake("ru");
    EXPECT_TRUE(follower->settle("ru", std::chrono::hours(1)));
    ASSERT_TRUE(follower->contacts().at(0).trouble);
    EXPECT_EQ(follower->contacts().at(0).trouble->reason, Reason::unreachable);
}

TEST(Follower, ARoundThatHangsHasNotEnded) {
    const LyingPeer peer(node(), [](Talk& talk) {
        (void)talk.request();
        talk.hang();
    });
    Book book;
    book.ask({"/x"});
    std::atomic<std::int64_t> ticks = 0;
    FollowerOptions options = patient();
    options.now = [&] { return instant(1'800'000'000'000 + ticks++); };
    const auto follower = follow({following(book, peer.url())}, options);
    follower->wake("ru");
    EXPECT_FALSE(follower->settle("ru", Duration(20)));
    EXPECT_TRUE(follower->contacts().at(0).under_way);
}

TEST(Follower, PollsByItself) {
    const LyingPeer peer(node(), echo());
    Book book;
    const auto follower = follow({following(book, peer.url())}, hasty());
    book.wait_rests(3);
    book.ask({"/new"});
    EXPECT_EQ(book.wait_taken(1).front().second->body, "/new");
}

TEST(Follower, DoesNotWaitForAClockThatWentBack) {
    const LyingPeer peer(node(), echo());
    Book book;
    std::atomic<int> hurried = 0;
    Following one = following(book, peer.url());
    std::atomic<std::int64_t> due = millis(patient().now()) + 86'400'000;  // before it went back
    one.due = [&] { return instant(due); };
    one.hurry = [&] {
        ++hurried;
        due = millis(patient().now());
    };
    const auto follower = follow({std::move(one)}, hasty());
    book.wait_rests(3);
    follower->stop();
    EXPECT_EQ(hurried, 1);
}

TEST(Follower, BringsAnUnchangedAnswerAsSuch) {
    std::string asked;
    const LyingPeer peer(node(), [&](Talk& talk) {
        asked = talk.request();
        talk.say("HTTP/1.1 304 Not Modified\r\n\r\n");
        talk.hang();
    });
    Book book;
    book.ask({"/peer/v1/heads", "\"e\""});
    const auto follower = follow({following(book, peer.url())}, patient());
    const auto taken = book.wait_taken(1);
    ASSERT_TRUE(taken[0].second);
    EXPECT_EQ(taken[0].second->status, 304);
    EXPECT_NE(asked.find("If-None-Match: \"e\""), std::string::npos);
}

TEST(Follower, PostsWhatHasABodyAndBringsEveryAnswerOfAWitness) {
    std::string body;
    const LyingPeer peer(node(), [&](Talk& talk) {
        EXPECT_TRUE(talk.request().starts_with("POST /add-checkpoint"));
        body = talk.body(6);
        talk.say("HTTP/1.1 422 No\r\nContent-Length: 0\r\n\r\n");
        talk.hang();
    });
    Book book;
    book.ask({"/add-checkpoint", {}, "old 5\n"});
    const auto follower = follow({following(book, peer.url())}, patient());
    const auto taken = book.wait_taken(1);
    ASSERT_TRUE(taken[0].second);
    EXPECT_EQ(taken[0].second->status, 422);
    EXPECT_EQ(body, "old 5\n");
    book.wait_rests(1);
}

struct BadStatus {
    int status;
    Reason reason;
    Errc code;
};

TEST(Follower, TakesNoBodyOfAnAnswerThatIsNone) {
    const BadStatus cases[] = {
        {301, Reason::redirected, Errc::refused},  {302, Reason::redirected, Errc::refused},
        {304, Reason::garbage, Errc::malformed},   {204, Reason::garbage, Errc::malformed},
        {400, Reason::refused, Errc::refused},     {403, Reason::refused, Errc::refused},
        {429, Reason::failing, Errc::unavailable}, {500, Reason::failing, Errc::unavailable},
        {503, Reason::failing, Errc::unavailable},
    };
    for (const auto& one : cases) {
        const LyingPeer peer(node(), [&](Talk& talk) {
            talk.request();
            talk.say("HTTP/1.1 " + std::to_string(one.status) +
                     " X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
            talk.hang();
        });
        Book book;
        book.ask({"/x"});
        const auto follower = follow({following(book, peer.url())}, patient());
        const auto taken = book.wait_taken(1);
        ASSERT_FALSE(taken[0].second) << one.status;
        EXPECT_EQ(taken[0].second.error().code, one.code) << one.status;
        EXPECT_TRUE(taken[0].second.error().detail.starts_with(name(one.reason))) << one.status;
    }
}

/// Waits until the follower has seen so many failures in a row.
Contact wait_failures(const Follower& follower, Book& book, std::size_t tries) {
    (void)book.wait_taken(tries + 1);  // then the pause after `tries` of them has begun and ended
    return follower.contacts().at(0);
}

TEST(Follower, CountsFailuresAndForgetsThemAfterAGoodRound) {
    std::atomic<bool> good = false;
    const LyingPeer peer(node(), [&](Talk& talk) {
        if (talk.request().empty()) return;
        if (good) return (void)talk.answer("well");
        talk.say("rubbish");
    });
    Book book;
    book.keep_failed();
    book.ask({"/x"});
    const auto follower = follow({following(book, peer.url())}, hasty());
    const Contact bad = wait_failures(*follower, book, 3);
    EXPECT_GE(bad.failures, 3u);
    ASSERT_TRUE(bad.trouble);
    EXPECT_STREQ(name(bad.trouble->reason), "garbage") << bad.trouble->detail;
    EXPECT_FALSE(bad.reachable);
    EXPECT_FALSE(bad.answered);
    good = true;
    book.wait_rests(2);
    const Contact after = follower->contacts().at(0);
    EXPECT_EQ(after.failures, 0u);
    EXPECT_FALSE(after.trouble);
    EXPECT_TRUE(after.reachable);
}

TEST(Follower, LeavesAPeerAloneWhoseAnswerWasRejected) {
    const LyingPeer peer(node(), echo());
    Book book;
    book.set_verdict(fail(Errc::bad_proof, "wrong_root: the proof does not lead there"));
    for (int i = 0; i < 5; ++i) book.ask({"/x"});
    const auto follower = follow({following(book, peer.url())}, patient());
    (void)book.wait_taken(1);
    follower->wake();
    EXPECT_EQ(book.wait_taken(2).size(), 2u) << "one a round, until it is woken";
    book.set_verdict({});
    follower->wake();
    book.wait_rests(1);
}

TEST(Follower, ReckonsWithFilesThatAreNotThere) {
    std::atomic<int> asked = 0;
    const LyingPeer peer(node(), [&](Talk& talk) {
        while (!talk.request().empty()) {
            if (++asked > 2) {
                talk.answer("full");
            } else {
                talk.say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
            }
        }
    });
    Book book;
    for (int i = 0; i < 3; ++i) book.ask({"/tile"});
    const auto follower = follow({following(book, peer.url())}, patient());
    const auto taken = book.wait_taken(3);
    EXPECT_EQ(taken[0].second.error().code, Errc::not_found);
    EXPECT_EQ(taken[2].second->body, "full");
}

TEST(Follower, DoesNotAskForWhatIsNeverThereWithoutEnd) {
    const LyingPeer peer(node(), [&](Talk& talk) {
        while (!talk.request().empty()) {
            talk.say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        }
    });
    Book book;
    book.keep_failed();
    book.ask({"/tile"});
    FollowerOptions options = patient();
    const auto follower = follow({following(book, peer.url())}, options);
    (void)book.wait_taken(17);
    follower->stop();
    EXPECT_EQ(book.wait_taken(17).size(), 17u);
}

TEST(Follower, IsNotHeldUpByOthers) {
    const LyingPeer hangs(node(), [](Talk& talk) { talk.hang(); });
    const LyingPeer drips(node(), [](Talk& talk) {
        talk.request();
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        while (talk.wait(20) && talk.say("x")) continue;
    });
    const LyingPeer good(node(), echo());
    Book of_hangs, of_drips, of_good;
    of_hangs.ask({"/x"});
    of_drips.ask({"/x"});
    for (int i = 0; i < 50; ++i) of_good.ask({"/y"});
    const auto follower =
        follow({following(of_hangs, hangs.url(), "hangs"),
                following(of_drips, drips.url(), "drips"), following(of_good, good.url(), "good")},
               patient());
    of_good.wait_rests(1);
    EXPECT_EQ(of_good.wait_taken(50).size(), 50u);
    follower->stop();  // in the middle of two answers
    const auto contacts = follower->contacts();
    EXPECT_TRUE(contacts[2].reachable);
    EXPECT_EQ(contacts[2].requests, 50u);
}

TEST(Follower, CallsNobodyOnceItHasStopped) {
    const LyingPeer peer(node(), [](Talk& talk) { talk.hang(); });
    auto book = std::make_unique<Book>();
    book->ask({"/x"});
    const auto follower = follow({following(*book, peer.url())}, hasty());
    follower->stop();
    book.reset();  // a call would find nothing there
    follower->wake();
    EXPECT_EQ(follower->contacts().size(), 1u);
}

TEST(Follower, RefusesAnAddressThatIsNone) {
    Book book;
    const auto made = Follower::make({following(book, "nowhere")}, patient());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::malformed);
    EXPECT_TRUE(made.error().detail.starts_with("ru: ")) << made.error().detail;
}

}  // namespace
}  // namespace entente::net

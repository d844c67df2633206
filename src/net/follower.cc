// SPDX-License-Identifier: Apache-2.0
#include "net/follower.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/backoff.h"

namespace entente::net {
namespace {

constexpr Duration pause_min = std::chrono::milliseconds(10);  // whatever due() says
constexpr unsigned missing_max = 16;                           // files that are not there, in a row

/// One peer: its thread, and what is shared with others about it.
class Link {
  public:
    Link(Following following, std::unique_ptr<PeerClient> client, const FollowerOptions& options,
         Rng rng)
        : following_(std::move(following)), client_(std::move(client)), options_(options),
          backoff_(options.backoff_min, options.backoff_max, rng) {
        contact_.name = following_.name;
        contact_.url = following_.peer.url;
    }
    ~Link() { stop(); }
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void start() {
        thread_ = std::thread([this] { run(); });
    }
    const std::string& name() const { return following_.name; }

    void wake() {
        const std::lock_guard lock(mutex_);
        woken_ = true;
        owed_ = round_ + 1;  // the one under way may have asked already
        changed_.notify_all();
    }
    bool settle(Instant until) {
        std::unique_lock lock(mutex_);
        const auto settled = [this] { return ended_ >= owed_ || ending_; };
        while (!settled()) {
            const Instant now = options_.now();
            if (now >= until) return false;
            changed_.wait_for(lock, until - now, settled);
        }
        return ended_ >= owed_;
    }
    void halt() {
        client_->stop();
        const std::lock_guard lock(mutex_);
        ending_ = true;
        changed_.notify_all();
    }
    void stop() {
        halt();
        if (thread_.joinable()) thread_.join();
    }
    Contact contact() const {
        const std::lock_guard lock(mutex_);
        Contact out = contact_;
        out.bytes_in = client_->bytes_in();
        out.under_way = ended_ < std::max(owed_, round_);
        return out;
    }

  private:
    void run() {
        bool over = true;  // the round before
        while (!is_ending()) {
            if (over) begin_round();
            const auto failure = round();
            if (is_ending()) return;
            over = pause(failure);
        }
    }

    void begin_round() {
        const std::lock_guard lock(mutex_);
        ++round_;
    }
    bool is_ending() const {
        const std::lock_guard lock(mutex_);
        return ending_;
    }

    /// Asks until there is nothing to ask. The first failure ends it.
    std::optional<Failure> round() {
        missing_ = 0;
        while (const auto step = following_.next(options_.now())) {
            const Reply reply = ask(*step);
            if (is_ending()) return std::nullopt;
            const auto failure = judge(*step, reply);
            if (failure) return failure;
        }
        return std::nullopt;
    }

    Reply ask(const PeerStep& step) {
        Reply reply = step.body.empty()
                          ? client_->get(step.path, step.etag, step.answer_max)
                          : client_->post(step.path, "text/plain; charset=utf-8", step.body);
        const std::lock_guard lock(mutex_);
        ++contact_.requests;
        contact_.reachable = reply.has_value();
        if (reply) contact_.answered = options_.now();
        return reply;
    }

    /// What is wrong with an answer by its status alone.
    static std::optional<Failure> fault_of(const PeerStep& step, const Response& response) {
        const int status = response.status;
        const std::string said = "it answered " + std::to_string(status) + " to " + step.path;
        if (status == 200 || (status == 304 && !step.etag.empty())) return std::nullopt;
        if (status == 429 || status >= 500) return Failure{Reason::failing, said};
        if (status >= 400) {
            if (!step.body.empty()) return std::nullopt;
            return Failure{Reason::refused, said};
        }
        const bool elsewhere = status >= 300 && status != 304;
        return Failure{elsewhere ? Reason::redirected : Reason::garbage, said};
    }

    /// Hands the answer on; why the round is over, if it is.
    std::optional<Failure> judge(const PeerStep& step, const Reply& reply) {
        const auto fault = reply ? fault_of(step, *reply) : std::optional(reply.error());
        if (!fault) {
            const auto taken = following_.take(step, *reply, options_.now());
            missing_ = 0;
            if (taken) return std::nullopt;
            return Failure{Reason::rejected, taken.error().detail};
        }
        Error error = as_error(*fault);
        const bool missing = reply && reply->status == 404;
        if (missing) error.code = Errc::not_found;
        const auto taken = following_.take(step, tl::unexpected(error), options_.now());
        // That one file is not there may have been reckoned with (C2SP tlog-tiles: partial tiles).
        if (missing && taken && ++missing_ <= missing_max) return std::nullopt;
        return fault;
    }

    /// Until it is time for the next round, or somebody asks for it. False where the round is not
    /// over: what came makes it ask more at once.
    bool pause(const std::optional<Failure>& failure) {
        const Instant now = options_.now();
        more_ = false;
        Instant until = now + (failure ? backoff_.failed() : rest(now));
        // Who decides what to ask may want to leave a liar alone for longer.
        if (failure && following_.due) until = std::max(until, latest(now, following_.due()));
        if (!failure) backoff_.succeeded();
        std::unique_lock lock(mutex_);
        contact_.trouble = failure;
        contact_.troubled = failure ? std::optional(now) : std::nullopt;
        contact_.failures = backoff_.failures();
        contact_.next = until;
        const bool over = failure || !more_;
        if (over) {
            ended_ = round_;
            changed_.notify_all();
        }
        changed_.wait_for(lock, until - now, [&] { return (over && woken_) || ending_; });
        if (!over) return false;
        const bool hurried = woken_;
        woken_ = false;
        lock.unlock();
        if (hurried && following_.hurry) following_.hurry();
        return true;
    }

    Instant latest(Instant now, Instant due) const {
        return std::max(now + pause_min, std::min(due, now + options_.backoff_max));
    }
    Duration rest(Instant now) {
        if (!following_.due) return backoff_.part_of(options_.poll_every);
        const Instant due = following_.due();
        // No pause is that long: the clock has gone back, and would keep this peer waiting.
        const bool astray = due - now > 2 * std::max(options_.backoff_max, options_.poll_every);
        if (astray && following_.hurry) following_.hurry();
        more_ = due <= now;
        return latest(now, due) - now;
    }

    const Following following_;
    const std::unique_ptr<PeerClient> client_;
    const FollowerOptions options_;
    Backoff backoff_;       // of its thread
    unsigned missing_ = 0;  // the same
    bool more_ = false;     // the same: what came gives more to ask at once

    mutable std::mutex mutex_;  // guards the next seven
    std::condition_variable changed_;
    Contact contact_;
    bool woken_ = false;
    bool ending_ = false;
    std::uint64_t round_ = 0;  // under way, or the last; from 1
    std::uint64_t ended_ = 0;
    std::uint64_t owed_ = 0;  // asked for by wake()
    std::thread thread_;
};

class ThreadedFollower final : public Follower {
  public:
    explicit ThreadedFollower(FollowerOptions options) : options_(std::move(options)) {}
    Result<void> add_all(std::vector<Following> followings) {
        Rng rng(options_.seed);
        for (Following& one : followings) {
            auto client = PeerClient::make(one.peer);
            if (!client) return at(one.name, client.error());
            links_.push_back(std::make_unique<Link>(std::move(one), std::move(*client), options_,
                                                    Rng(rng.next())));
        }
        return {};
    }
    ~ThreadedFollower() override { stop(); }

    void start() override {
        std::call_once(started_, [this] {
            for (auto& link : links_) link->start();
        });
    }
    void wake() override {
        start();
        for (auto& link : links_) link->wake();
    }
    void wake(const std::string& name) override {
        start();
        for (auto& link : links_) {
            if (link->name() == name) link->wake();
        }
    }
    bool settle(const std::string& name, Duration most) override {
        const Instant until = options_.now() + most;
        bool out = true;
        for (auto& link : links_) {
            if (name.empty() || link->name() == name) out = link->settle(until) && out;
        }
        return out;
    }
    std::vector<Contact> contacts() const override {
        std::vector<Contact> out;
        for (const auto& link : links_) out.push_back(link->contact());
        return out;
    }
    void stop() override {
        for (auto& link : links_) link->halt();
        for (auto& link : links_) link->stop();
    }

  private:
    const FollowerOptions options_;
    std::once_flag started_;
    std::vector<std::unique_ptr<Link>> links_;
};

}  // namespace

Result<std::unique_ptr<Follower>> Follower::make(std::vector<Following> followings,
                                                 FollowerOptions options) {
    auto out = std::make_unique<ThreadedFollower>(std::move(options));
    TRYV(out->add_all(std::move(followings)));
    return std::unique_ptr<Follower>(std::move(out));
}

}  // namespace entente::net

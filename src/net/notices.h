// SPDX-License-Identifier: Apache-2.0
// Standing subscriptions and the notices that they make, as a served node has them: made on the
// desk's thread after each change, kept in the outbox of the node's store until they are
// acknowledged. A notice is made, listed and sent as deep as its owner's roles go at that moment.
//
// Any thread, but the desk's: calls wait for it.
#pragma once

#include <atomic>
#include <mutex>

#include "net/access.h"
#include "net/approvals.h"
#include "net/desk.h"
#include "node/noticing.h"
#include "people/subscriptions.h"
#include "search/fold.h"

namespace entente::net {

class Notices {
  public:
    /// All outlive this; null: no subscriptions, in memory. What happened since the last time is
    /// told at once. `approvals` has the duty roster.
    Notices(Desk& desk, Access& access, Approvals& approvals, people::Subscriptions* subscriptions);
    ~Notices();
    Notices(const Notices&) = delete;
    Notices& operator=(const Notices&) = delete;

    std::vector<people::Subscriptions::Wants> subscriptions() const;
    /// From now on: nothing is told of what was before.
    Result<void> subscribe(watch::Subscription subscription, const people::By& by);
    Result<void> unsubscribe(const std::string& id, const people::By& by);

    struct Page {
        std::vector<node::WaitingNotice> notices;
        std::size_t total = 0;  // not acknowledged
    };
    /// The board of an account: what has a number above `after`, at most `most`.
    Result<Page> board(const std::string& account, std::uint64_t after, std::size_t most);
    /// The same, and does not wait: `told` is called on the desk's thread, with nothing where that
    /// failed. False: it never will be.
    bool board_later(const std::string& account, std::uint64_t after, std::size_t most,
                     std::function<void(std::vector<node::WaitingNotice>)> told);
    /// Calls `*wake` once, from any thread, as soon as there may be more than at that turn; not at
    /// all if nobody holds it any more by then.
    using Wake = std::function<void()>;
    void on_more(std::uint64_t turn, const std::shared_ptr<const Wake>& wake);
    /// One notice of the board, or with `and_before` all up to it. How many are left on it; one
    /// that is not there (any more) changes nothing.
    Result<std::size_t> acknowledge(const std::string& account, const std::string& id,
                                    bool and_before);

    /// Makes notices of alerts of live tracks. On the desk's thread.
    Result<void> keep_tracks(std::span<const node::TrackAlert> alerts);
    /// Whether anybody wants to be told of live tracks; called again whenever that may have
    /// changed, on any thread. An empty one ends that.
    void on_wanted(std::function<void(bool)> wanted);

    // ---- for whoever sends them (deliverer.h) ----
    Result<std::map<std::string, node::WaitingNotice>> first_of(
        std::span<const std::string> streams);
    /// Its acknowledgement, durable when it returns.
    Result<void> delivered(const std::string& stream, std::uint64_t seq);
    Result<void> set_aside(const std::string& stream, const node::WaitingNotice& notice,
                           unsigned attempts, const std::string& why);
    /// Whether the account may (still) be told anything.
    bool may_be_told(const std::string& account) const;
    /// Rises whenever there may be more to send than before.
    std::uint64_t turn() const { return turn_; }
    /// Called when it has risen, on any thread; an empty one ends that.
    void on_made(std::function<void()> made);

    /// Dead letters of an account's subscriptions, by subscription.
    using Dead = std::vector<std::pair<std::string, node::DeadLetter>>;
    Result<Dead> dead(const std::string& account);
    /// Sends it again, behind what waits; or drops it. Errc::not_found.
    Result<void> act_on_dead(const std::string& account, const std::string& id, bool again,
                             const people::By& by);
    struct Count {
        std::size_t waiting = 0;
        std::size_t dead = 0;
    };
    /// Of webhooks and mail, by subscription.
    Result<std::map<std::string, Count>> counts();

    /// How deep the lists of an account go; empty: the owner of the data directory.
    view::Depth depth_of(const std::string& account) const;
    /// Whether an account may open records by themselves.
    bool reads_exactly(const std::string& account) const;

  private:
    template <class T>
    Result<T> on_desk(const std::function<Result<T>(node::Noticing&, Instant now)>& job);
    bool account_may(const std::string& account, Right right) const;
    void changed(const Desk::Inside& inside, const std::vector<view::Slot>* changed);
    Result<std::size_t> make(const std::vector<view::Slot>* changed);
    std::vector<node::Subscriber> subscribers() const;
    watch::OnDuty on_duty(const watch::Subscription& subscription) const;
    void end_orphans();
    void say_what_is_wanted();
    void rise();

    Desk& desk_;
    Access& access_;
    Approvals& approvals_;
    people::MemoryStore no_store_;
    std::optional<people::Subscriptions> nobodys_;
    search::Folder folder_;  // the desk's thread alone, as the next
    std::optional<node::Noticing> noticing_;

    mutable std::mutex mutex_;  // guards what it points to
    people::Subscriptions* subscriptions_;
    std::function<void(bool)> wanted_;

    std::atomic<std::uint64_t> turn_ = 1;
    std::mutex made_mutex_;  // guards what follows
    std::function<void()> made_;
    std::vector<std::weak_ptr<const Wake>> waiting_;
    std::size_t waiting_limit_ = 64;  // above it, those that are gone are dropped
};

template <class T>
Result<T> Notices::on_desk(const std::function<Result<T>(node::Noticing&, Instant now)>& job) {
    std::optional<Result<T>> out;
    TRYV(desk_.inside([&](const Desk::Inside&) {
        if (noticing_) out = job(*noticing_, desk_.now());
    }));
    if (!out) return fail(Errc::unavailable, "this node keeps no notices");
    return std::move(*out);
}

}  // namespace entente::net

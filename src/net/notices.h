// SPDX-License-Identifier: Apache-2.0
// Standing subscriptions and the notices that they make, as a served node has them: made on the
// desk's thread after each change, kept in the outbox of the node's store until they are
// acknowledged. A notice is made, listed and sent as deep as its owner's roles go at that moment.
//
// Any thread, but the desk's: calls wait for it.
#pragma once

#include <mutex>

#include "net/access.h"
#include "net/desk.h"
#include "node/noticing.h"
#include "people/subscriptions.h"

namespace entente::net {

class Notices {
  public:
    /// All outlive this; null: no subscriptions, in memory. What happened since the last time is
    /// told at once.
    Notices(Desk& desk, Access& access, people::Subscriptions* subscriptions);
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
    /// One notice of the board, or with `and_before` all up to it. How many are left on it; one
    /// that is not there (any more) changes nothing.
    Result<std::size_t> acknowledge(const std::string& account, const std::string& id,
                                    bool and_before);

    /// How deep the lists of an account go; empty: the owner of the data directory.
    view::Depth depth_of(const std::string& account) const;

  private:
    template <class T>
    Result<T> on_desk(const std::function<Result<T>(node::Noticing&, Instant now)>& job);
    void changed(const Desk::Inside& inside, const std::vector<view::Slot>* changed);
    Result<std::size_t> make(const std::vector<view::Slot>* changed);
    std::vector<node::Subscriber> subscribers() const;

    Desk& desk_;
    Access& access_;
    people::MemoryStore no_store_;
    std::optional<people::Subscriptions> nobodys_;
    std::optional<node::Noticing> noticing_;  // the desk's thread alone

    mutable std::mutex mutex_;  // guards what it points to
    people::Subscriptions* subscriptions_;
};

}  // namespace entente::net

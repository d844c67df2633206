// SPDX-License-Identifier: Apache-2.0
#include "net/notices.h"

#include "base/assert.h"

namespace entente::net {

Notices::Notices(Desk& desk, Access& access, people::Subscriptions* subscriptions)
    : desk_(desk), access_(access), subscriptions_(subscriptions) {
    if (subscriptions_ == nullptr) {
        nobodys_ = *people::Subscriptions::load(no_store_);  // an empty one in memory cannot fail
        subscriptions_ = &*nobodys_;
    }
    desk_.listen([this](const Desk::Inside& inside, const std::vector<view::Slot>* slots) {
        changed(inside, slots);
    });
}

Notices::~Notices() { desk_.listen({}); }

std::vector<people::Subscriptions::Wants> Notices::subscriptions() const {
    const std::lock_guard lock(mutex_);
    std::vector<people::Subscriptions::Wants> out;
    for (const auto& [id, wants] : subscriptions_->all()) out.push_back(wants);
    return out;
}

view::Depth Notices::depth_of(const std::string& account) const {
    if (account.empty()) return view::Depth::exact;
    return access_.with_people([&](const people::People& people) {
        const people::Account* one = people.account(account);
        const bool exact =
            one != nullptr && !one->disabled && people::may(one->roles, Right::list_exact);
        return exact ? view::Depth::exact : view::Depth::coarse;
    });
}

std::vector<node::Subscriber> Notices::subscribers() const {
    std::vector<node::Subscriber> out;
    for (auto& wants : subscriptions()) {
        const view::Depth depth = depth_of(wants->subscription().owner);
        out.push_back({std::move(wants), depth});
    }
    return out;
}

/// On the desk's thread. What fails now is made at the next change, or when somebody asks.
void Notices::changed(const Desk::Inside& inside, const std::vector<view::Slot>* changed) {
    if (inside.store == nullptr) return;
    if (!noticing_)
        noticing_.emplace(node::Noticing::Of{&inside.node, inside.exchange, inside.store});
    (void)make(changed);
}

Result<std::size_t> Notices::make(const std::vector<view::Slot>* changed) {
    return noticing_->make(subscribers(), changed, desk_.now());
}

template <class T>
Result<T> Notices::on_desk(const std::function<Result<T>(node::Noticing&, Instant now)>& job) {
    std::optional<Result<T>> out;
    TRYV(desk_.inside([&](const Desk::Inside&) {
        if (noticing_) out = job(*noticing_, desk_.now());
    }));
    if (!out) return fail(Errc::unavailable, "this node keeps no notices");
    return std::move(*out);
}

Result<void> Notices::subscribe(watch::Subscription subscription, const people::By& by) {
    return on_desk<void>([&](node::Noticing& noticing, Instant) -> Result<void> {
        static const std::vector<view::Slot> nothing;
        if (subscriptions().empty()) {
            TRYV(noticing.begin());
        } else {
            TRYV(make(&nothing));
        }
        const std::lock_guard lock(mutex_);
        return subscriptions_->add(std::move(subscription), by);
    });
}

Result<void> Notices::unsubscribe(const std::string& id, const people::By& by) {
    const std::lock_guard lock(mutex_);
    return subscriptions_->remove(id, by);
}

Result<Notices::Page> Notices::board(const std::string& account, std::uint64_t after,
                                     std::size_t most) {
    return on_desk<Page>([&](node::Noticing& noticing, Instant) -> Result<Page> {
        static const std::vector<view::Slot> nothing;
        (void)make(&nothing);  // what failed before; what is there is shown either way
        const std::string stream = watch::board_of(account);
        Page out;
        TRY(notices, noticing.waiting(stream, after, most));
        TRY(total, noticing.count(stream));
        out.notices = std::move(notices);
        out.total = total;
        return out;
    });
}

Result<std::size_t> Notices::acknowledge(const std::string& account, const std::string& id,
                                         bool and_before) {
    using Count = std::size_t;
    return on_desk<Count>([&](node::Noticing& noticing, Instant) -> Result<Count> {
        const std::string stream = watch::board_of(account);
        TRY(all, noticing.waiting(stream, 0, node::Noticing::stream_rows_max + 1));
        std::vector<std::uint64_t> seqs;
        bool found = false;
        for (const node::WaitingNotice& one : all) {
            found = one.notice.id == id;
            if (found || and_before) seqs.push_back(one.seq);
            if (found) break;
        }
        if (found) TRYV(noticing.acknowledge(stream, seqs));
        return noticing.count(stream);
    });
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "net/notices.h"

#include <algorithm>

namespace entente::net {

namespace {

std::function<std::vector<node::HeardStop>()> heard_of(const node::Urgents* urgents) {
    if (urgents == nullptr) return {};
    return [urgents] { return urgents->heard(); };
}

}  // namespace

Notices::Notices(Desk& desk, Access& access, Approvals& approvals,
                 people::Subscriptions* subscriptions)
    : desk_(desk), access_(access), approvals_(approvals), subscriptions_(subscriptions) {
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

bool Notices::account_may(const std::string& account, Right right) const {
    if (account.empty()) return true;
    return access_.with_people([&](const people::People& people) {
        const people::Account* one = people.account(account);
        return one != nullptr && !one->disabled && people::may(one->roles, right);
    });
}

view::Depth Notices::depth_of(const std::string& account) const {
    return account_may(account, Right::list_exact) ? view::Depth::exact : view::Depth::coarse;
}

bool Notices::reads_exactly(const std::string& account) const {
    return account_may(account, Right::read_exact);
}

/// Of the duty roles that it names, those that its owner is signed on to now.
watch::OnDuty Notices::on_duty(const watch::Subscription& subscription) const {
    watch::OnDuty out;
    if (subscription.duties.empty() || subscription.owner.empty()) return out;
    approvals_.with_roster([&](const people::Roster& roster) {
        for (const std::string& role : subscription.duties) {
            const auto duty = roster.all().find(role);
            if (duty == roster.all().end() || duty->second.holder != subscription.owner) continue;
            out.emplace(role, duty->second.since);
        }
    });
    return out;
}

std::vector<node::Subscriber> Notices::subscribers() const {
    std::vector<node::Subscriber> out;
    for (auto& wants : subscriptions()) {
        const view::Depth depth = depth_of(wants->subscription().owner);
        watch::OnDuty duty = on_duty(wants->subscription());
        const bool exactly = reads_exactly(wants->subscription().owner);
        out.push_back({std::move(wants), depth, std::move(duty), exactly});
    }
    return out;
}

/// On the desk's thread. What fails now is made at the next change, or when somebody asks.
void Notices::changed(const Desk::Inside& inside, const std::vector<view::Slot>* changed) {
    if (inside.store == nullptr) return;
    if (!noticing_) {
        noticing_.emplace(node::Noticing::Of{
            &inside.node,
            inside.exchange,
            inside.store,
            [this] { return desk_.moment()->state.index; },
            [this] { return desk_.moment()->state.incidents; },
            heard_of(inside.urgents),
            {[this](const std::vector<std::string>& texts) { return folder_.words(texts); },
             [this](std::string_view text) { return folder_.asked(text); }}});
        end_orphans();
    }
    (void)make(changed);
}

Result<std::size_t> Notices::make(const std::vector<view::Slot>* changed) {
    auto made = noticing_->make(subscribers(), changed, desk_.now());
    folder_.forget();
    if (made && *made > 0) rise();
    return made;
}

/// What is left of subscriptions that ended while this node did.
void Notices::end_orphans() {
    std::vector<node::Subscriber> known = subscribers();
    if (known.empty()) return;
    const auto streams = noticing_->streams();
    if (!streams) return;
    for (const std::string& stream : *streams) {
        const bool sent = stream.starts_with("webhook/") || stream.starts_with("mail/");
        const bool wanted = std::any_of(known.begin(), known.end(), [&](const auto& one) {
            return watch::stream_of(one.wants->subscription()) == stream;
        });
        if (sent && !wanted) (void)noticing_->end(stream);
    }
}

Result<void> Notices::keep_tracks(std::span<const node::TrackAlert> alerts) {
    if (!noticing_) return fail(Errc::unavailable, "this node keeps no notices");
    TRY(made, noticing_->tell_tracks(subscribers(), alerts, desk_.now()));
    if (made > 0) rise();
    return {};
}

void Notices::on_wanted(std::function<void(bool)> wanted) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(wanted);
    }
    say_what_is_wanted();
}

void Notices::say_what_is_wanted() {
    const std::lock_guard lock(mutex_);
    if (!wanted_) return;
    const auto& all = subscriptions_->all();
    wanted_(std::any_of(all.begin(), all.end(), [](const auto& one) {
        const watch::Subscription& wants = one.second->subscription();
        const auto& what = wants.what;
        return !wants.standing && std::count(what.begin(), what.end(), watch::what::track) > 0;
    }));
}

void Notices::rise() {
    std::vector<std::weak_ptr<const Wake>> waiting;
    {
        const std::lock_guard lock(made_mutex_);
        ++turn_;
        if (made_) made_();
        waiting.swap(waiting_);
    }
    for (const auto& one : waiting) {
        if (const auto wake = one.lock()) (*wake)();
    }
}

void Notices::on_more(std::uint64_t turn, const std::shared_ptr<const Wake>& wake) {
    {
        const std::lock_guard lock(made_mutex_);
        if (turn_ == turn) {
            if (waiting_.size() >= waiting_limit_) {
                std::erase_if(waiting_, [](const auto& one) { return one.expired(); });
                waiting_limit_ = 2 * waiting_.size() + 64;
            }
            waiting_.push_back(wake);
            return;
        }
    }
    (*wake)();
}

bool Notices::board_later(const std::string& account, std::uint64_t after, std::size_t most,
                          std::function<void(std::vector<node::WaitingNotice>)> told) {
    return desk_.later([this, account, after, most, told = std::move(told)](const Desk::Inside&) {
        std::vector<node::WaitingNotice> out;
        if (noticing_) {
            auto rows = noticing_->waiting(watch::board_of(account), after, most);
            if (rows) out = std::move(*rows);
        }
        told(std::move(out));
    });
}

void Notices::on_made(std::function<void()> made) {
    const std::lock_guard lock(made_mutex_);
    made_ = std::move(made);
}

Result<void> Notices::subscribe(watch::Subscription subscription, const people::By& by) {
    return on_desk<void>([&](node::Noticing& noticing, Instant now) -> Result<void> {
        static const std::vector<view::Slot> nothing;
        if (subscriptions().empty()) {
            TRYV(noticing.begin(now));
        } else {
            TRYV(make(&nothing));
        }
        {
            const std::lock_guard lock(mutex_);
            TRYV(subscriptions_->add(std::move(subscription), by));
        }
        say_what_is_wanted();
        return {};
    });
}

Result<void> Notices::unsubscribe(const std::string& id, const people::By& by) {
    return on_desk<void>([&](node::Noticing& noticing, Instant) -> Result<void> {
        std::string stream;
        {
            const std::lock_guard lock(mutex_);
            const auto found = subscriptions_->all().find(id);
            if (found != subscriptions_->all().end()) {
                stream = watch::stream_of(found->second->subscription());
            }
            TRYV(subscriptions_->remove(id, by));
        }
        say_what_is_wanted();
        // A board stays its owner's; what would have been sent has nobody to go to.
        return stream.starts_with("board/") ? Result<void>() : noticing.end(stream);
    });
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
    return on_desk<std::size_t>([&](node::Noticing& noticing, Instant) -> Result<std::size_t> {
        const std::string stream = watch::board_of(account);
        TRY(count, noticing.count(stream));
        TRY(all, noticing.waiting(stream, 0, count));
        std::vector<std::uint64_t> seqs;
        bool found = false;
        for (const node::WaitingNotice& one : all) {
            // It may stand there twice: what was made again has the id that it had.
            const bool is_it = one.notice.id == id;
            if (is_it || (and_before && !found)) seqs.push_back(one.seq);
            found |= is_it;
        }
        if (found) TRYV(noticing.acknowledge(stream, seqs));
        return noticing.count(stream);
    });
}

}  // namespace entente::net

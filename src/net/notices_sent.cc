// SPDX-License-Identifier: Apache-2.0
// Of notices that are sent: the next one of each stream, acknowledgements, dead letters.
#include "net/notices.h"

namespace entente::net {

Result<std::map<std::string, node::WaitingNotice>> Notices::first_of(
    std::span<const std::string> streams) {
    using Firsts = std::map<std::string, node::WaitingNotice>;
    return on_desk<Firsts>([&](node::Noticing& noticing, Instant) -> Result<Firsts> {
        // What could not be written when it was to be made is made here.
        static const std::vector<view::Slot> nothing;
        (void)make(&nothing);
        return noticing.first_of(streams);
    });
}

Result<void> Notices::delivered(const std::string& stream, std::uint64_t seq) {
    return on_desk<void>([&](node::Noticing& noticing, Instant) -> Result<void> {
        TRYV(noticing.acknowledge(stream, {&seq, 1}));
        return {};
    });
}

Result<void> Notices::set_aside(const std::string& stream, const node::WaitingNotice& notice,
                                unsigned attempts, const std::string& why) {
    return on_desk<void>([&](node::Noticing& noticing, Instant now) -> Result<void> {
        return noticing.set_aside(stream, notice, attempts, why, now);
    });
}

bool Notices::may_be_told(const std::string& account) const {
    if (account.empty()) return true;
    return access_.with_people([&](const people::People& people) {
        const people::Account* one = people.account(account);
        return one != nullptr && !one->disabled && people::may(one->roles, Right::look);
    });
}

Result<Notices::Dead> Notices::dead(const std::string& account) {
    return on_desk<Dead>([&](node::Noticing& noticing, Instant) -> Result<Dead> {
        Dead out;
        for (const auto& wants : subscriptions()) {
            const watch::Subscription& one = wants->subscription();
            if (one.owner != account || one.route.kind == "board") continue;
            TRY(letters, noticing.dead(watch::stream_of(one)));
            for (auto& letter : letters) out.emplace_back(one.id, std::move(letter));
        }
        return out;
    });
}

Result<void> Notices::act_on_dead(const std::string& account, const std::string& id, bool again,
                                  const people::By& by) {
    return on_desk<void>([&](node::Noticing& noticing, Instant) -> Result<void> {
        for (const auto& wants : subscriptions()) {
            const watch::Subscription& one = wants->subscription();
            if (one.owner != account || one.route.kind == "board") continue;
            const std::string stream = watch::stream_of(one);
            TRY(letters, noticing.dead(stream));
            const bool there = std::any_of(letters.begin(), letters.end(), [&](const auto& letter) {
                return letter.notice.id == id;
            });
            if (!there) continue;
            if (!again) {
                // First its line: nothing is dropped that the audit does not tell.
                const std::lock_guard lock(mutex_);
                TRYV(subscriptions_->note("notice_dropped", id, by));
            }
            TRYV(again ? noticing.retry(stream, id) : noticing.drop(stream, id));
            if (again) rise();
            return {};
        }
        return fail(Errc::not_found, "you have no dead letter " + id);
    });
}

Result<std::map<std::string, Notices::Count>> Notices::counts() {
    using Counts = std::map<std::string, Count>;
    return on_desk<Counts>([&](node::Noticing& noticing, Instant) -> Result<Counts> {
        Counts out;
        for (const auto& wants : subscriptions()) {
            const watch::Subscription& one = wants->subscription();
            if (one.route.kind == "board") continue;
            const std::string stream = watch::stream_of(one);
            TRY(waiting, noticing.count(stream));
            TRY(dead, noticing.count(node::dead_of(stream)));
            out[one.id] = {waiting, dead};
        }
        return out;
    });
}

}  // namespace entente::net

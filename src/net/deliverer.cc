// SPDX-License-Identifier: Apache-2.0
#include "net/deliverer.h"

#include <algorithm>
#include <set>

#include "net/mail.h"
#include "net/notice_json.h"
#include "net/webhook.h"

namespace entente::net {
namespace {

constexpr Duration look_again = std::chrono::seconds(60);

}  // namespace

Deliverer::Deliverer(Desk& desk, Notices& notices, std::unique_ptr<Outbound> out, Options options)
    : desk_(desk), notices_(notices), out_(std::move(out)), options_(std::move(options)) {
    notices_.on_made([this] { out_->wake(); });
    thread_ = std::thread([this] { run(); });
}

Deliverer::~Deliverer() {
    notices_.on_made({});
    ending_ = true;
    out_->wake();
    thread_.join();
}

void Deliverer::run() {
    while (!ending_) {
        const Duration pause = begin_due(options_.now());
        for (const Outbound::Done& done : out_->wait(pause)) finish(done, options_.now());
    }
}

Backoff Deliverer::new_backoff() {
    std::uint64_t seed = 0;
    options_.random(reinterpret_cast<std::uint8_t*>(&seed), sizeof seed);
    return {options_.policy.retry_min, options_.policy.retry_max, Rng(seed)};
}

/// Starts what is due; how long nothing else will be.
Duration Deliverer::begin_due(Instant now) {
    const std::uint64_t turn = notices_.turn();  // before looking: what is made after it counts
    Duration pause = look_again;
    // By how long they have been due, so that nobody's many keep another's few waiting.
    std::multimap<Instant, std::pair<std::string, people::Subscriptions::Wants>> candidates;
    std::set<std::string> known;
    std::size_t under_way = 0;
    for (const auto& wants : notices_.subscriptions()) {
        if (wants->subscription().route.kind == "board") continue;
        const std::string stream = watch::stream_of(wants->subscription());
        known.insert(stream);
        Line& line = lines_.try_emplace(stream, new_backoff()).first->second;
        under_way += line.job != 0 ? 1u : 0u;
        if (line.job != 0 || line.empty_at == turn) continue;
        // Where the clock was set back, nothing waits for longer than it would have.
        if (line.due > now + options_.policy.retry_max) line.due = now;
        if (line.due > now) {
            pause = std::min(pause, line.due - now);
        } else {
            candidates.emplace(line.due, std::pair(stream, wants));
        }
    }
    std::map<std::string, people::Subscriptions::Wants> due;
    for (const auto& [since, one] : candidates) {
        if (under_way + due.size() >= at_once_max) break;
        due.insert(one);
    }
    std::erase_if(
        lines_, [&](const auto& one) { return one.second.job == 0 && !known.contains(one.first); });
    if (due.empty()) return pause;
    std::vector<std::string> streams;
    for (const auto& [stream, wants] : due) streams.push_back(stream);
    const auto firsts = notices_.first_of(streams);
    for (const auto& [stream, wants] : due) {
        Line& line = lines_.at(stream);
        if (!firsts) {
            line.due = now + look_again;
            continue;
        }
        const auto first = firsts->find(stream);
        if (first == firsts->end()) {
            line.empty_at = turn;  // due again as soon as more is made
            line.due = now;
        } else if (notices_.may_be_told(wants->subscription().owner)) {
            begin(line, wants->subscription(), first->second, now);
        } else {
            line.due = now + std::min(look_again, options_.policy.retry_max);
        }
    }
    return std::min(pause, Duration(std::chrono::seconds(1)));
}

void Deliverer::begin(Line& line, const watch::Subscription& to, const node::WaitingNotice& notice,
                      Instant now) {
    // Taken after the notice: it holds what that tells.
    const auto moment = desk_.moment();
    const view::View view = moment->view.at_depth(notices_.depth_of(to.owner));
    const node::WaitingNotice told = told_to(notices_.reads_exactly(to.owner), notice);
    if (notice.notice.id != line.sent.notice.id) line.attempts = 0;
    line.sent = notice;
    line.job = ++jobs_;
    if (to.route.kind == "mail") {
        const std::string text = notice_text(view, *moment, told.notice, now);
        out_->start(line.job, mail_of({options_.policy.mail_from, to.route.to, notice.notice.id,
                                       notice.notice.time, text}));
        return;
    }
    formats::JsonOut body;
    notice_object(body, view, *moment, told, now);
    out_->start(line.job,
                signed_post({to.route.to, to.secret, notice.notice.id, body.text()}, now));
}

void Deliverer::finish(const Outbound::Done& done, Instant now) {
    const auto found = std::find_if(lines_.begin(), lines_.end(),
                                    [&](const auto& one) { return one.second.job == done.job; });
    if (found == lines_.end()) return;
    auto& [stream, line] = *found;
    line.job = 0;
    line.empty_at.reset();
    line.due = now;
    if (!done.failure) {
        line.backoff.succeeded();
        // Not durable: it is sent again, under the same id.
        if (!notices_.delivered(stream, line.sent.seq)) line.due = now + options_.policy.retry_min;
        return;
    }
    ++line.attempts;
    line.due = now + line.backoff.failed();
    if (line.attempts < options_.policy.attempts_max) return;
    if (!notices_.set_aside(stream, line.sent, line.attempts, *done.failure)) return;
    // What comes next, or this one where somebody has it tried again, has its own attempts.
    line.sent = {};
    line.attempts = 0;
    line.backoff.succeeded();
}

}  // namespace entente::net

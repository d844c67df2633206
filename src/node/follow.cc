// SPDX-License-Identifier: Apache-2.0
#include "node/follow.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "node/exchange_state.h"
#include "node/pack.h"
#include "node/paths.h"

namespace entente::node {
namespace {

constexpr Duration wait_longest = std::chrono::minutes(5);
/// More than that of our log goes to a third party's node for nobody: its own copy is quicker.
constexpr std::uint64_t left_entries_max = 4096;

bool is_rejected(const Error& error) {
    return error.code != Errc::unavailable && error.code != Errc::not_found;
}
/// What was asked for in vain is asked for again after this.
constexpr Duration ask_again_every = std::chrono::minutes(10);

}  // namespace

std::optional<Step> Follow::next(Instant now) {
    if (phase_ == Phase::resting) {
        if (now < due_) return std::nullopt;
        phase_ = Phase::heads;
        fetched_ = false;
        to_ask_.assign(relayed_.ask_for.begin(), relayed_.ask_for.end());
        to_hand_.assign(relayed_.hand_over.begin(), relayed_.hand_over.end());
    }
    switch (phase_) {
        case Phase::pulling: return Step{log_path(wanted_.front().origin) + *pull_->want(), {}};
        case Phase::charter:
            if (const auto version = exchange_.wants_charter(peer_)) {
                return Step{charter_version_path + std::to_string(*version), {}};
            }
            phase_ = Phase::heads;
            break;
        case Phase::successors: return Step{successors_path, {}};
        case Phase::releases:
            return Step{releases_path + std::to_string(exchange_.peer(peer_)->received.size().v),
                        {}};
        case Phase::former:
            return Step{former_releases_path(former_, exchange_.former_received(peer_, former_)),
                        {}};
        case Phase::received:
            return Step{received_path + std::to_string(exchange_.received_after(peer_)), {}};
        case Phase::packs:
            return Step{packs_from_path + to_ask_.front().v, packs_[to_ask_.front()]};
        case Phase::handing: return Step{packs_path, {}, handing_};
        case Phase::deposits: return Step{deposits_path, {}};
        case Phase::deposit: return Step{deposit_path + to_keep_.front().v, {}};
        case Phase::held: return Step{held_path + to_fetch_.front().v, {}};
        case Phase::resting:
        case Phase::heads: break;
    }
    return Step{mark_.empty() ? heads_path : heads_after_path + mark_, etag_};
}

std::size_t Follow::answer_bytes_max() const {
    switch (phase_) {
        case Phase::pulling: return pull_->want_bytes_max();
        case Phase::charter: return limits::charter_bytes_max;
        case Phase::successors: return successors_bytes_max;
        case Phase::received: return received_bytes_max;
        case Phase::packs: return relay_pack_bytes_max;
        case Phase::handing: return handed_bytes_max;
        case Phase::releases:
        case Phase::former:
        case Phase::deposit:
        case Phase::held: return releases_bytes_max;
        case Phase::deposits: return deposits_bytes_max;
        case Phase::resting:
        case Phase::heads: break;
    }
    return heads_bytes_max;
}

void Follow::take(Result<StepAnswer> answer, Instant now) {
    if (phase_ == Phase::resting) return;  // an answer to nothing that was asked
    Result<void> done;
    if (phase_ == Phase::former) {
        done = took_former(answer, now);
    } else if (answer) {
        done = took(*answer, now);
    } else if (phase_ == Phase::pulling && answer.error().code == Errc::not_found) {
        done = took_file(pull_->missing(), now);
    } else if (phase_ == Phase::packs && answer.error().code == Errc::not_found) {
        to_ask_.pop_front();  // it keeps nothing of that party for us
        done = go_on(now);
    } else if (phase_ == Phase::handing && answer.error().code == Errc::not_found) {
        to_hand_.clear();  // a program that relays nothing yet
        handing_ = {};
        done = go_on(now);
    } else if (phase_ == Phase::charter && answer.error().code == Errc::not_found) {
        exchange_.no_charter(peer_);
        done = go_on(now);
    } else if (phase_ == Phase::successors && answer.error().code == Errc::not_found) {
        exchange_.no_successors(peer_);
        done = go_on(now);
    } else if (answer.error().code == Errc::not_found && phase_ >= Phase::deposits) {
        done = took_deposit({}, now);  // there is nothing: what one asks in vain, mostly
    } else {
        done = tl::unexpected(std::move(answer).error());
    }
    if (!done) end_round(now, done.error());
}

Result<void> Follow::took(const StepAnswer& answer, Instant now) {
    switch (phase_) {
        case Phase::heads: return took_heads(answer, now);
        case Phase::pulling: return took_file(pull_->take(answer.body), now);
        case Phase::charter: return took_charter(answer, now);
        case Phase::successors: return took_successors(answer, now);
        case Phase::releases: return took_releases(answer, now);
        case Phase::received:
            TRYV(exchange_.take_received(peer_, answer.body, now));
            return go_on(now);
        case Phase::packs: return took_pack(answer, now);
        case Phase::handing: took_handed(answer); return go_on(now);
        case Phase::deposits: return took_deposits(answer, now);
        case Phase::deposit:
            return took_deposit(exchange_.take_deposit(peer_, to_keep_.front(), answer.body, now),
                                now);
        case Phase::held:
            return took_held(exchange_.take_held(peer_, to_fetch_.front(), answer.body, now), now);
        case Phase::former:
        case Phase::resting: break;
    }
    return {};
}

Result<void> Follow::took_heads(const StepAnswer& answer, Instant now) {
    if (!answer.unchanged) {
        TRY(taken, exchange_.take_heads(peer_, answer.body, now));
        if (const Peer* const peer = exchange_.peer(peer_); peer && peer->origin != shown_log_) {
            shown_log_ = peer->origin;
            shown_ = {0};
        }
        // Where only what came since was asked for, its own head need not be there.
        const bool goes_back = taken.own < shown_ && (mark_.empty() || taken.own.v > 0);
        if (!by_file_ && goes_back) {
            exchange_.accuse(peer_, "rolled_back",
                             "shows its own log at size " + std::to_string(taken.own.v) +
                                 ", which it has shown at size " + std::to_string(shown_.v) +
                                 " before; what is held of it stays held",
                             now);
        }
        shown_ = std::max(shown_, taken.own);
        // Each log once, its largest head first: what is smaller is then held.
        std::sort(taken.wanted.begin(), taken.wanted.end(),
                  [](const Wanted& a, const Wanted& b) { return a.size > b.size; });
        wanted_.assign(taken.wanted.begin(), taken.wanted.end());
        // What is not fetched yet must be told again, with the cosignatures over it.
        if (!wanted_.empty()) taken.mark = mark_;
        etag_ = wanted_.empty() && taken.mark == mark_ ? answer.etag : std::string();
        mark_ = std::move(taken.mark);
        // Without a beat since, nothing can have begun to wait.
        ask_deposits_ = !by_file_ && exchange_.peers().size() > 1;
    }
    to_fetch_.clear();
    for (const PartyId& author : exchange_.lacking(now)) {
        const auto asked = asked_.find(author);
        if (by_file_ || author == peer_) continue;
        if (asked != asked_.end() && asked->second + ask_again_every > now) continue;
        to_fetch_.push_back(author);
    }
    return go_on(now);
}

Result<void> Follow::took_file(const mirror::Checked<void>& taken, Instant now) {
    // What was verified before a fault stays verified.
    const auto stored = take_verified(now);
    if (!stored && stored.error().code == Errc::split_view) return other_branch(now);
    // Another source was quicker: go on from what is held by now.
    if (!stored && stored.error().code == Errc::stale) return go_on(now);
    TRYV(stored);
    if (!taken) {
        if (!wanted_.front().branch || taken.error().reason != mirror::Reason::fork) {
            exchange_.refuse(peer_, wanted_.front().origin, taken.error(), now);
        }
        if (taken.error().reason == mirror::Reason::fork) return other_branch(now);
        return tl::unexpected(taken.error().error());
    }
    if (pull_->want()) return {};
    return next_log(now);
}

/// Also where a log contradicted itself: that is its author's doing, and all else that this source
/// has is as good as before.
Result<void> Follow::next_log(Instant now) {
    pull_.reset();
    wanted_.pop_front();
    return go_on(now);
}

/// The log contradicted itself on the way to this head: it is of the branch that is not the copy's,
/// or of one more, and then it is left.
Result<void> Follow::other_branch(Instant now) {
    if (wanted_.front().branch) return next_log(now);
    pull_.reset();
    wanted_.front().branch = true;
    exchange_.begin_branch(wanted_.front().origin);
    return go_on(now);
}

Result<void> Follow::take_verified(Instant now) {
    while (auto chunk = pull_->chunk()) {
        const Wanted& wanted = wanted_.front();
        const auto taken = wanted.branch
                               ? exchange_.take_branch(wanted.origin, *chunk)
                               : exchange_.take_entries(peer_, wanted.origin, *chunk, now);
        if (!taken) {
            pull_.reset();  // what comes behind would not follow on what is held
            return taken;
        }
        fetched_ = true;
    }
    return {};
}

Result<void> Follow::took_charter(const StepAnswer& answer, Instant now) {
    // One that does not follow from ours is on its account, and all else of it is as good as
    // before.
    const auto taken = exchange_.take_charter(peer_, answer.body, now);
    if (!taken && !is_rejected(taken.error())) return taken;
    return go_on(now);
}

/// What is followed from here on is told once more, with all the cosignatures over it.
Result<void> Follow::took_successors(const StepAnswer& answer, Instant now) {
    const std::size_t before = exchange_.successions().size();
    TRYV(exchange_.take_successors(peer_, answer.body, now));
    if (exchange_.successions().size() != before) {
        fetched_ = true;
        mark_.clear();
        etag_.clear();
    }
    return go_on(now);
}

Result<void> Follow::took_releases(const StepAnswer& answer, Instant now) {
    const TreeSize before = exchange_.peer(peer_)->received.size();
    auto taken = exchange_.take_releases(peer_, answer.body, now);
    if (!taken && taken.error().code == Errc::stale) {
        // Its log has grown meanwhile: the next round fetches that first.
        etag_.clear();
        end_round(now, std::nullopt);
        due_ = now;
        return {};
    }
    TRYV(taken);
    fetched_ |= exchange_.peer(peer_)->received.size() != before;
    return go_on(now);
}

/// The next list of a log before that is not all here, but for those that gave nothing lately.
bool Follow::ask_former(Instant now) {
    for (const std::uint32_t number : exchange_.wants_former(peer_)) {
        const auto asked = former_asked_.find(number);
        if (asked != former_asked_.end() && now < asked->second + ask_again_every) continue;
        former_ = number;
        return true;
    }
    return false;
}

/// What is wrong with it is on its author's account, and all else of it is as good as before.
Result<void> Follow::took_former(const Result<StepAnswer>& answer, Instant now) {
    if (!answer && answer.error().code == Errc::unavailable && !by_file_) {
        return tl::unexpected(answer.error());
    }
    const TreeSize before = exchange_.former_received(peer_, former_);
    if (answer) (void)exchange_.take_former(peer_, former_, answer->body, now);
    const bool more = exchange_.former_received(peer_, former_) > before;
    fetched_ |= more;
    if (!more) former_asked_[former_] = now;
    return go_on(now);
}

/// A pack that somebody left for us. What is wrong in it is its maker's doing; where nobody signed
/// it, it was altered on the way, and then this peer is the one to be left alone.
Result<void> Follow::took_pack(const StepAnswer& answer, Instant now) {
    const PartyId from = to_ask_.front();
    to_ask_.pop_front();
    if (!answer.unchanged) {
        TRY(taken, unpack(exchange_, answer.body, now));
        fetched_ |= taken.entries > 0 || taken.releases > 0;
        packs_[from] = answer.etag;
    }
    return go_on(now);
}

/// Whose node answers says how much of our log it holds by now; whoever only keeps it, nothing.
void Follow::took_handed(const StepAnswer& answer) {
    const PartyId to = to_hand_.front();
    to_hand_.pop_front();
    handed_[to] = handing_size_;
    handing_ = {};
    if (to != peer_) return;
    fetched_ = true;  // it may cosign by now what it was handed
    const auto held = parse_number(BytesView(answer.body).substr(0, answer.body.find('\n')));
    held_there_ = held ? std::optional(TreeSize{*held}) : std::nullopt;
    // Not all of it fitted: on with the rest.
    if (held && *held < handing_size_.v) handed_.erase(to);
}

bool Follow::ask_next() {
    const auto wants = [&](const PartyId& of) {
        return exchange_.wants_releases(of) || !exchange_.wants_former(of).empty();
    };
    while (!to_ask_.empty() && !wants(to_ask_.front())) to_ask_.pop_front();
    return !to_ask_.empty();
}

/// Makes the next pack that is to be handed over, if one is.
Result<bool> Follow::hand_next(Instant now) {
    const TreeSize size = exchange_.node().log().size();
    for (; !to_hand_.empty(); to_hand_.pop_front()) {
        const PartyId& to = to_hand_.front();
        const auto before = handed_.find(to);
        if (before != handed_.end() && before->second == size) continue;
        HandOver wish{to};
        if (to != peer_) wish.entries_max = left_entries_max;
        if (to == peer_ && held_there_) wish.since = *held_there_;
        auto packed = pack_own(exchange_, wish, now, exchange_.random());
        // Without a beat there is nothing to open yet.
        if (!packed && packed.error().code == Errc::not_found) continue;
        if (!packed) return tl::unexpected(packed.error());
        handing_ = std::move(packed->bytes);
        handing_size_ = size;
        return true;
    }
    return false;
}

Result<void> Follow::took_deposits(const StepAnswer& answer, Instant now) {
    TRY(wanted, exchange_.take_deposits(peer_, answer.body, now));
    to_keep_.assign(wanted.begin(), wanted.end());
    return go_on(now);
}

/// One parcel that waits, kept or fetched, or not there: the next one is asked for all the same.
Result<void> Follow::took_deposit(Result<void> taken, Instant now) {
    if (phase_ == Phase::deposit) to_keep_.pop_front();
    if (phase_ == Phase::held) to_fetch_.pop_front();
    // Stale: the next round has more of the log.
    if (!taken && taken.error().code != Errc::stale) return taken;
    return go_on(now);
}

/// What is wrong with it is perhaps its author's doing: the line to who held it is as good as
/// before.
Result<void> Follow::took_held(const Result<void>& taken, Instant now) {
    fetched_ |= taken.has_value();
    if (!taken && taken.error().code == Errc::unavailable) return taken;
    return took_deposit({}, now);
}

/// The next log that is not held yet, then releases, what others left here for us, parcels that
/// wait, what is handed over here, then rest.
Result<void> Follow::go_on(Instant now) {
    while (!wanted_.empty()) {
        const mirror::Mirror* const held = exchange_.copy_of(wanted_.front());
        if (held == nullptr) {
            wanted_.pop_front();
            continue;
        }
        auto pull = mirror::Pull::begin(*held, wanted_.front().note);
        if (pull && pull->want()) {
            pull_ = std::move(*pull);
            phase_ = Phase::pulling;
            return {};
        }
        // Rolled back: another source was quicker. Anything else is on the source's account.
        if (!pull) exchange_.refuse(peer_, wanted_.front().origin, pull.error(), now);
        wanted_.pop_front();
    }
    // Before the releases: keys that they need may stand in it.
    if (exchange_.wants_charter(peer_)) {
        phase_ = Phase::charter;
        return {};
    }
    if (exchange_.wants_successors(peer_)) {
        phase_ = Phase::successors;
        return {};
    }
    if (exchange_.wants_releases(peer_)) {
        phase_ = Phase::releases;
        return {};
    }
    if (ask_former(now)) {
        phase_ = Phase::former;
        return {};
    }
    if (exchange_.wants_received(peer_)) {
        phase_ = Phase::received;
        return {};
    }
    if (ask_next()) {
        phase_ = Phase::packs;
        return {};
    }
    if (std::exchange(ask_deposits_, false)) {
        phase_ = Phase::deposits;
        return {};
    }
    if (!to_keep_.empty()) {
        phase_ = Phase::deposit;
        return {};
    }
    if (!to_fetch_.empty()) {
        asked_[to_fetch_.front()] = now;
        phase_ = Phase::held;
        return {};
    }
    TRY(hands, hand_next(now));
    if (hands) {
        phase_ = Phase::handing;
        return {};
    }
    end_round(now, std::nullopt);
    // What was fetched made new cosignatures here, and perhaps there: look once more.
    if (fetched_) due_ = now;
    return {};
}

void Follow::end_round(Instant now, std::optional<Error> trouble) {
    phase_ = Phase::resting;
    if (pull_) {
        // A link that breaks every few files gets there too.
        pull_->flush();
        const auto taken = take_verified(now);
        if (!taken && !trouble) trouble = taken.error();
    }
    pull_.reset();
    wanted_.clear();
    handing_ = {};
    trouble_ = std::move(trouble);
    failures_ = trouble_ ? failures_ + 1 : 0;
    Duration wait = poll_every_;
    for (unsigned i = 1; i < failures_ && wait < wait_longest; ++i) wait *= 2;
    due_ = now + std::min(std::max(wait, poll_every_), std::max(wait_longest, poll_every_));
    if (trouble_) etag_.clear();
}

}  // namespace entente::node

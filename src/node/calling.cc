// SPDX-License-Identifier: Apache-2.0
#include "node/calling.h"

#include <algorithm>

#include "base/assert.h"
#include "base/breaks.h"

namespace entente::node {
namespace {

using statement::AttemptOutcome;
using statement::ReplyWord;

constexpr const char* answered_names[] = {"nobody", "acknowledged", "accepted", "refused"};

/// Whether a person said it, of the party that was asked to stop, and of this STOP.
bool is_answer(const Calling& calling, const view::SeenReply& reply) {
    const bool asked = reply.party == calling.to || broken(Break::let_others_accept);
    return !reply.reply->automatic && asked && reply.newest;
}

bool reached_somebody(const statement::Attempt& attempt) {
    return std::any_of(attempt.tried.begin(), attempt.tried.end(),
                       [](const auto& one) { return one.outcome == AttemptOutcome::answered; });
}

/// Whether a node says that nobody holds what was called: then there is nothing to wait for.
bool nobody_there(const statement::Attempt& attempt) {
    return std::any_of(attempt.tried.begin(), attempt.tried.end(), [](const auto& one) {
        return one.route == statement::Route::direct && one.outcome == AttemptOutcome::no_answer;
    });
}

/// The attempts that the author's node made, by its clock.
std::vector<const statement::Attempt*> own_calls(const Calling& calling) {
    std::vector<const statement::Attempt*> out;
    for (const view::SeenAttempt& one : calling.attempts) {
        if (one.attempt->automatic && one.party == calling.author) out.push_back(one.attempt);
    }
    return out;
}

/// While nobody has answered.
NextCall next_in_order(const Calling& calling, const statement::CharterTerms& terms) {
    const auto calls = own_calls(calling);
    const Instant all_at = calling.said + terms.stop_escalate;
    if (calls.empty()) return {{calling.desks.front()}, calling.said};
    const statement::Attempt& last = *calls.back();
    const std::size_t made = calls.size();
    const bool all_were = last.desks.size() > 1 || made > calling.desks.size();
    if (all_were) return {calling.desks, last.at + terms.stop_escalate};
    const Instant after = nobody_there(last) ? last.at : last.at + terms.stop_next_desk;
    if (made >= calling.desks.size() || after >= all_at) {
        return {calling.desks, std::max(last.at, std::min(after, all_at))};
    }
    return {{calling.desks[made]}, after};
}

/// Where a desk refuses: all of them once more, so that no one desk decides that nobody hears.
std::optional<NextCall> after_refusal(const Calling& calling, Instant now) {
    Instant refused = Instant::max();
    for (const view::SeenReply& one : calling.replies) {
        const bool is_one = is_answer(calling, one) && one.reply->word == ReplyWord::refused;
        if (is_one) refused = std::min({refused, one.time, now});
    }
    for (const statement::Attempt* call : own_calls(calling)) {
        if (call->at >= refused && call->desks.size() == calling.desks.size()) return std::nullopt;
    }
    if (calling.desks.size() == 1) return std::nullopt;
    return NextCall{calling.desks, refused};
}

}  // namespace

const char* name(Answered answered) { return answered_names[static_cast<std::size_t>(answered)]; }

Answered Calling::answered() const {
    Answered out = Answered::nobody;
    for (const view::SeenAttempt& one : attempts) {
        if (one.party == author && reached_somebody(*one.attempt)) out = Answered::acknowledged;
    }
    // The last word counts: who refused may still do it, and who accepted may say that they cannot.
    for (const view::SeenReply& one : replies) {
        if (!is_answer(*this, one)) continue;
        if (one.reply->word == ReplyWord::accepted) out = Answered::accepted;
        if (one.reply->word == ReplyWord::refused) out = Answered::refused;
        if (out == Answered::nobody) out = Answered::acknowledged;
    }
    return out;
}

std::optional<Instant> Calling::answered_at() const {
    std::optional<Instant> out;
    const auto note = [&](Instant at) { out = out ? std::min(*out, at) : at; };
    for (const view::SeenAttempt& one : attempts) {
        if (one.party == author && reached_somebody(*one.attempt)) note(one.attempt->at);
    }
    for (const view::SeenReply& one : replies) {
        if (is_answer(*this, one)) note(one.time);
    }
    return out;
}

std::optional<Calling> calling_of(const view::View& view, view::Slot slot, Instant now) {
    const view::Seen seen = view.at(slot);
    const statement::Stop* stop = seen.stop();
    if (stop == nullptr) return std::nullopt;
    const auto history = seen.history();
    ASSERT(!history.empty());
    Calling out;
    out.slot = slot;
    out.stop = seen.id();
    out.leaf = history.front().leaf;
    out.entry = history.front().index;
    out.author = seen.party();
    out.to = stop->to;
    out.desks = stop->desks;
    out.said = history.front().time;
    out.open = seen.state(now) != view::State::withdrawn;
    out.lifting = out.open && history.size() > 1;
    out.attempts = view.attempts(out.stop);
    std::erase_if(out.attempts, [&](const auto& one) { return one.party != out.author; });
    out.replies = view.replies(out.stop, {&out.leaf, 1});
    std::erase_if(out.replies, [&](const auto& one) {
        return (one.party != out.to && !broken(Break::let_others_accept)) || !one.newest;
    });
    return out;
}

std::optional<NextCall> next_call(const Calling& calling, const statement::CharterTerms& terms,
                                  Instant now) {
    const Answered answered = calling.answered();
    if (!calling.open || calling.lifting || answered == Answered::accepted) return std::nullopt;
    if (answered == Answered::refused) return after_refusal(calling, now);
    NextCall out = next_in_order(calling, terms);
    if (answered == Answered::acknowledged) {
        const auto calls = own_calls(calling);
        const Instant first = std::min(*calling.answered_at(), now);
        const Instant since = calls.empty() ? first : std::max(first, calls.back()->at);
        out = {calling.desks, since + terms.stop_escalate};
    }
    if (out.due > calling.said + called_for) return std::nullopt;
    // By a clock that was set back some of it has not been yet; nobody waits until it has.
    const auto calls = own_calls(calling);
    if ((calls.empty() ? calling.said : calls.back()->at) <= now) return out;
    Instant due = now;
    for (const statement::Attempt* call : calls) {
        if (call->at <= now) due = call->at + terms.stop_next_desk;
    }
    out.due = std::min(out.due, due);
    return out;
}

}  // namespace entente::node

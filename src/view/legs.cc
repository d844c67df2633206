// SPDX-License-Identifier: Apache-2.0
#include "view/legs.h"

#include <algorithm>

#include "base/assert.h"
#include "view/view.h"

namespace entente::view {
namespace {

SeenLeg* find(std::vector<SeenLeg>& legs, std::uint32_t number) {
    const auto found = std::find_if(legs.begin(), legs.end(),
                                    [&](const SeenLeg& one) { return one.leg->number == number; });
    return found == legs.end() ? nullptr : &*found;
}

void stated(std::vector<SeenLeg>& legs, const registry::Version& version) {
    const statement::Protection& said = version.content->protection;
    for (std::size_t i = 0; i < said.legs.size(); ++i) {
        SeenLeg now{&said.legs[i], &said.where[i], version.number, &said, i};
        SeenLeg* known = find(legs, now.leg->number);
        if (known == nullptr) {
            legs.push_back(now);
            continue;
        }
        if (statement::same_leg(*known->of, known->index, said, i)) now.since = known->since;
        *known = now;
    }
}

bool states(const registry::Version& version, const SeenLeg& leg) {
    if (!version.content) return false;
    const auto& legs = version.content->protection.legs;
    return std::any_of(legs.begin(), legs.end(),
                       [&](const statement::Leg& one) { return one.number == leg.leg->number; });
}

}  // namespace

const char* name(LegState state) {
    switch (state) {
        case LegState::planned: return "planned";
        case LegState::late: return "late";
        case LegState::under_way: return "under_way";
        case LegState::overdue: return "overdue";
        case LegState::lapsed: return "lapsed";
        case LegState::ended: return "ended";
        case LegState::taken_out: return "taken_out";
    }
    ASSERT(false);
}

LegState SeenLeg::state(Instant now) const {
    if (taken_out) return LegState::taken_out;
    if (ended) return LegState::ended;
    if (*statement::protects(*leg).end <= now) return LegState::lapsed;
    if (*leg->window.end <= now) return LegState::overdue;
    if (leg->started) return LegState::under_way;
    return *leg->window.start <= now ? LegState::late : LegState::planned;
}

bool SeenLeg::over(Instant now) const {
    return std::all_of(protecting.begin(), protecting.end(), [&](const Protecting& one) {
        return one.until <= now || *one.hours.end <= now;
    });
}

std::vector<SeenLeg> Seen::legs() const {
    std::vector<SeenLeg> out;
    std::uint32_t last = 0;
    for (const registry::Version& version : record_->versions) {
        if (version.sort != registry::Sort::movement || !version.understood ||
            version.number <= last)
            continue;
        if (!version.content && !version.withdraws) continue;  // its exact body is not open here
        last = version.number;
        if (version.content) stated(out, version);
        if (!version.may_act()) continue;  // then nothing that it leaves out has ended
        for (SeenLeg& leg : out) {
            if (leg.ended || states(version, leg)) continue;
            leg.ended = version.time;
            leg.taken_out = version.act != statement::act::end;
        }
    }
    for (SeenLeg& leg : out) {
        note_protecting(leg);
        if (!leg.ended) continue;
        leg.until = registry::at_once;
        for (const auto& one : leg.protecting) leg.until = std::max(leg.until, one.until);
    }
    std::sort(out.begin(), out.end(),
              [](const SeenLeg& a, const SeenLeg& b) { return a.leg->number < b.leg->number; });
    return out;
}

void Seen::note_protecting(SeenLeg& leg) const {
    for (const registry::Version& version : record_->versions) {
        if (!version.content) continue;
        for (const statement::Leg& one : version.content->protection.legs) {
            if (one.number != leg.leg->number) continue;
            leg.protecting.push_back({statement::protects(one), log_->end_of(version)});
        }
    }
}

}  // namespace entente::view

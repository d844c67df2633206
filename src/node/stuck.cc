// SPDX-License-Identifier: Apache-2.0
#include "node/stuck.h"

#include <algorithm>
#include <tuple>

namespace entente::node {
namespace {

using statement::Rung;

/// When a window has next begun in [now, end), if it does.
std::optional<Instant> next_in(const geo::Window& window, Instant now, Instant end) {
    if (window.end && *window.end <= now) return std::nullopt;
    const Instant from = std::max(window.start.value_or(now), now);
    return from < end ? std::optional(from) : std::nullopt;
}

/// When any place of it protects next.
std::optional<Instant> next_of(const view::Seen& seen, Instant now, Instant end) {
    std::optional<Instant> out;
    seen.each_place(now, [&](const view::SeenPlace& place) {
        const auto from = next_in(place.reached->place.volume.window, now, end);
        if (from && (!out || *from < *out)) out = from;
    });
    return out;
}

class Finding {
  public:
    Finding(const view::View& view, Instant now, Duration ahead)
        : view_(view), now_(now), end_(now + ahead) {}

    void add(const Ladder& ladder) {
        const auto slot = view_.find(ladder.record);
        if (!slot) return;
        const view::Seen seen = view_.at(*slot);
        if (seen.objects()) return;  // no unit loads it
        Stuck one{ladder.record,
                  0,
                  ladder.party,
                  ladder.slots,
                  ladder.rung(),
                  ladder.refused(),
                  ladder.differs(),
                  ladder.overdue,
                  {}};
        // Of another's movement the legs may not be open here: then its area stands for them.
        if (seen.moves() && !seen.legs().empty()) return add_legs(ladder, seen, one);
        const auto from = next_of(seen, now_, end_);
        if (!from || (one.rung == Rung::confirmed && !one.refused && !one.differs)) return;
        one.from = *from;
        out_.push_back(one);
    }

    std::vector<Stuck> finish() {
        std::stable_sort(out_.begin(), out_.end(), [](const Stuck& a, const Stuck& b) {
            const bool calm_a = !a.differs && !a.refused, calm_b = !b.differs && !b.refused;
            return std::tie(calm_a, a.from, a.rung, a.record, a.leg, a.party) <
                   std::tie(calm_b, b.from, b.rung, b.record, b.leg, b.party);
        });
        return std::move(out_);
    }

  private:
    void add_legs(const Ladder& ladder, const view::Seen& seen, Stuck one) {
        for (const view::SeenLeg& leg : seen.legs()) {
            const auto told =
                std::find_if(ladder.legs.begin(), ladder.legs.end(),
                             [&](const LegLadder& its) { return its.leg == leg.leg->number; });
            if (told == ladder.legs.end()) continue;  // it has ended
            std::optional<Instant> from;
            for (const auto& its : leg.protecting) {
                const auto next = its.until > now_ ? next_in(its.hours, now_, end_) : std::nullopt;
                if (next && (!from || *next < *from)) from = next;
            }
            one.leg = told->leg;
            one.rung = told->rung;
            one.refused = told->refused;
            one.differs = told->differs;
            if (!from || (one.rung == Rung::confirmed && !one.refused && !one.differs)) continue;
            one.from = *from;
            out_.push_back(one);
        }
    }

    const view::View& view_;
    Instant now_, end_;
    std::vector<Stuck> out_;
};

}  // namespace

std::size_t untold(const std::map<RecordId, Slots>& told, const view::View& view, Instant now,
                   Duration ahead) {
    std::size_t out = 0;
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        const view::Seen seen = view.at(slot);
        if (!seen.own() || seen.objects() || told.contains(seen.id())) continue;
        if (next_of(seen, now, now + ahead)) ++out;
    }
    return out;
}

std::vector<Stuck> stuck(const std::vector<Ladder>& ladders, const view::View& view, Instant now,
                         Duration ahead) {
    Finding finding(view, now, ahead);
    for (const Ladder& ladder : ladders) finding.add(ladder);
    return finding.finish();
}

}  // namespace entente::node

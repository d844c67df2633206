// SPDX-License-Identifier: Apache-2.0
#include "watch/live_window.h"

#include <algorithm>

#include "watch/live.h"

namespace entente::watch {

using Kind = Fact::Kind;

LiveWindow::Put LiveWindow::put(const Fix& fix, geo::AltitudeReference reference, bool& late) {
    auto at = spots_.end();
    while (at != spots_.begin() && std::prev(at)->time() >= fix.time) --at;
    late = at != spots_.end();
    Fix one = fix;
    const bool there = at != spots_.end() && at->time() == fix.time;
    if (there) {
        if (one.height && reference != at->reference) one.height.reset();
        if (std::binary_search(at->fixes.begin(), at->fixes.end(), one)) return Put::repeated;
    }
    if (trimmed_ && at == spots_.begin()) return Put::too_late;
    if (there) {
        if (at->fixes.size() == places_at_once_max) return Put::crowded;
        at->fixes.insert(std::upper_bound(at->fixes.begin(), at->fixes.end(), one), one);
        at->looked = false;
    } else {
        at = spots_.insert(at, Spot{{one}, reference, false, false, {}});
    }
    if (const auto next = std::next(at); next != spots_.end()) next->looked = false;
    return Put::added;
}

void LiveWindow::look(const Look& look) {
    for (std::size_t i = 0; i < spots_.size(); ++i) {
        Spot& spot = spots_[i];
        if (spot.looked) continue;
        // A spot that came late lies on the way to the next that was looked at.
        std::size_t of = i;
        while (of + 1 < spots_.size() && !spots_[of].looked && spots_[of].marks.empty()) ++of;
        const std::vector<Mark> held = spots_[of].marks;
        spot.marks.clear();
        look(i == 0 ? nullptr : &spots_[i - 1], held, spot);
        std::sort(spot.marks.begin(), spot.marks.end());
        std::size_t kept = 0;
        for (const Mark& one : spot.marks) {
            Mark* last = kept == 0 ? nullptr : &spot.marks[kept - 1];
            if (last != nullptr && last->subject == one.subject && one.first <= last->last) {
                last->last = std::max(last->last, one.last);
                last->at_end = last->at_end || one.at_end;
                last->fresh = last->fresh || one.fresh;
            } else {
                spot.marks[kept++] = one;
            }
        }
        spot.marks.resize(kept);
        spot.looked = true;
    }
}

/// A time in one subject that is being followed from spot to spot.
struct LiveWindow::Stay {
    Instant since;
    Instant until;
    bool begun_before;
    std::size_t spot;    // where its newest mark is
    bool inside_at_end;  // of that spot
};

bool LiveWindow::quiet() const {
    return standing_.empty() &&
           std::all_of(spots_.begin(), spots_.end(), [](const Spot& s) { return s.marks.empty(); });
}

std::vector<Fact> LiveWindow::facts(bool silent) const {
    std::vector<Fact> out;
    if (quiet()) return out;
    struct Found {
        Mark mark;
        std::size_t spot;
    };
    std::vector<Found> marks;
    std::vector<std::size_t> run(spots_.size());  // of each spot: how many breaks are before it
    for (std::size_t i = 0; i < spots_.size(); ++i) {
        run[i] = i == 0 ? 0 : run[i - 1] + (spots_[i].joined ? 0 : 1);
        for (const Mark& one : spots_[i].marks) marks.push_back({one, i});
    }
    std::stable_sort(marks.begin(), marks.end(), [](const Found& a, const Found& b) {
        return a.mark.subject < b.mark.subject;
    });
    const auto close = [&](Subject subject, const Stay& stay) {
        const std::size_t i = stay.spot;
        const bool ends_run = i + 1 == spots_.size() || run[i + 1] != run[i];
        if (ends_run && stay.inside_at_end) {
            if (i + 1 == spots_.size() && !silent) return;  // it goes on
            out.push_back({subject, stay.until, Kind::lost, stay.since, stay.begun_before});
        } else {
            out.push_back({subject, stay.until, Kind::left, stay.since, stay.begun_before});
        }
    };
    std::optional<Stay> stay;
    for (std::size_t k = 0; k < marks.size(); ++k) {
        const auto& [mark, i] = marks[k];
        if (k > 0 && marks[k - 1].mark.subject != mark.subject) stay.reset();
        if (stay && run[stay->spot] == run[i] && mark.first <= stay->until) {
            stay->until = std::max(stay->until, mark.last);
        } else {
            if (stay) close(mark.subject, *stay);
            const bool first = i == 0 || run[i - 1] != run[i];
            const bool found =
                (first || mark.fresh) && mark.at_end && mark.first == spots_[i].time();
            stay = Stay{mark.first, mark.last, found, i, false};
            const auto stood = std::find_if(
                standing_.begin(), standing_.end(),
                [&, subject = mark.subject](const Standing& s) { return s.subject == subject; });
            if (i == 0 && stood != standing_.end()) {
                stay->since = stood->since;
                stay->begun_before = stood->begun_before;
            } else {
                out.push_back({mark.subject, mark.first, found ? Kind::found_inside : Kind::entered,
                               mark.first, found});
            }
        }
        stay->inside_at_end = mark.at_end || (stay->spot == i && stay->inside_at_end);
        stay->spot = i;
        const bool last = k + 1 == marks.size() || marks[k + 1].mark.subject != mark.subject;
        if (last) close(mark.subject, *stay);
    }
    std::sort(out.begin(), out.end());
    return out;
}

LiveWindow::News LiveWindow::settle(bool silent) {
    std::vector<Fact> now = facts(silent);
    News out;
    std::set_difference(now.begin(), now.end(), told_.begin(), told_.end(),
                        std::back_inserter(out.facts));
    std::set_difference(told_.begin(), told_.end(), now.begin(), now.end(),
                        std::back_inserter(out.wrong));
    told_ = std::move(now);
    return out;
}

/// What it stands in at a spot of which only that will be left.
std::vector<LiveWindow::Standing> LiveWindow::standing_behind(const Spot& before,
                                                              const Spot& spot) const {
    std::vector<Standing> out;
    if (!spot.joined) return out;
    for (const Mark& mark : spot.marks) {
        if (!mark.at_end) continue;
        Standing one{mark.subject, mark.first, mark.fresh};
        if (mark.first <= before.time()) {
            const auto stood =
                std::find_if(standing_.begin(), standing_.end(),
                             [&](const Standing& s) { return s.subject == one.subject; });
            const bool began =
                std::any_of(before.marks.begin(), before.marks.end(),
                            [&](const Mark& m) { return m.subject == one.subject && m.at_end; });
            const bool first = !before.joined || !trimmed_;
            if (stood != standing_.end()) {
                one = *stood;
            } else {
                one.begun_before = began && first;
            }
        }
        out.push_back(one);
    }
    return out;
}

void LiveWindow::trim(std::size_t spots, bool silent) {
    if (spots_.size() <= spots) return;
    const bool was_quiet = quiet() && told_.empty();
    while (spots_.size() > spots) {
        Spot& next = spots_[1];
        std::vector<Standing> standing = standing_behind(spots_[0], next);
        std::erase_if(next.marks, [](const Mark& one) { return !one.at_end; });
        for (Mark& one : next.marks) one.first = one.last = next.time();
        standing_ = std::move(standing);
        spots_.pop_front();
        trimmed_ = true;
    }
    // What was told of the time before is told for good; the rest follows from what is left.
    if (!was_quiet) told_ = facts(silent);
}

void LiveWindow::change(const std::function<bool(Subject)>& stays, const std::vector<Mark>& fresh,
                        bool silent) {
    const auto gone = [&](const auto& one) { return !stays(one.subject); };
    for (Spot& spot : spots_) std::erase_if(spot.marks, gone);
    std::erase_if(standing_, gone);
    std::vector<Mark>& last = spots_.back().marks;
    last.insert(last.end(), fresh.begin(), fresh.end());
    std::sort(last.begin(), last.end());
    told_ = facts(silent);
}

}  // namespace entente::watch

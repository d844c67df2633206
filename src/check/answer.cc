// SPDX-License-Identifier: Apache-2.0
#include "check/answer.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "base/limits.h"
#include "geo/band.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::check {

const char* const standing_notice =
    "This answer covers only what is registered in what you may see, as of the heads named in it. "
    "That nothing is listed is no evidence that nothing is there, and permits nothing.";

const char* name(Verdict verdict) {
    switch (verdict) {
        case Verdict::no_registered_conflict: return "no_registered_conflict";
        case Verdict::caution: return "caution";
        case Verdict::incomplete: return "incomplete";
        case Verdict::conflict: return "conflict";
    }
    ASSERT(false);
}

namespace {

std::string rounded(Metres m) { return std::to_string(std::llround(m.v)) + " m"; }

geo::Window common(const geo::Window& a, const geo::Window& b) {
    geo::Window out = a;
    if (b.start && (!out.start || *b.start > *out.start)) out.start = b.start;
    if (b.end && (!out.end || *b.end < *out.end)) out.end = b.end;
    return out;
}

bool states_band(const geo::Band& band) { return band.lower || band.upper; }

/// The heights that both bands hold; of different references, those of `there`.
geo::Band common(const geo::Band& plan, const geo::Band& there) {
    if (!states_band(there)) return plan;
    geo::Band out = there;
    if (!states_band(plan) || plan.reference != there.reference) return out;
    if (plan.lower && (!out.lower || *plan.lower > *out.lower)) out.lower = plan.lower;
    if (plan.upper && (!out.upper || *plan.upper < *out.upper)) out.upper = plan.upper;
    return out;
}

/// One volume of the question, prepared once.
struct Asked {
    std::size_t number;
    const geo::Volume4D& volume;
    geo::Prepared shape;
};

/// Works through the candidates of one question.
class Search {
  public:
    Search(const view::View& view, const Question& question, Instant now)
        : view_(view), margin_(question.margin), now_(now),
          policy_(view.charter().terms.policy_distance) {}

    void volume(std::size_t number, const geo::Volume4D& volume,
                const std::vector<index::Slot>& candidates) {
        const Asked asked{number, volume, geo::Prepared(volume.shape)};
        for (index::Slot slot : candidates) record(asked, slot);
    }

    Answer finish() {
        collect(best_touching_, out_.findings, out_.findings_total);
        // What one volume touches is a finding, however near it is to another.
        std::erase_if(best_nearby_, [&](const auto& item) {
            return std::binary_search(touched_.begin(), touched_.end(), item.slot);
        });
        collect(best_nearby_, out_.nearby, out_.nearby_total);
        reasons();
        return std::move(out_);
    }

  private:
    void record(const Asked& asked, index::Slot slot) {
        const view::Seen seen = view_.at(slot);
        for (const view::SeenPlace& place : seen.places(now_)) {
            const geo::Volume4D& there = place.reached->place.volume;
            if (!geo::overlap(asked.volume.window, there.window) ||
                !geo::overlap(asked.volume.band, there.band)) {
                continue;
            }
            const geo::Prepared shape(there.shape);
            const Metres limit = place.reached->reach() + margin_;
            const bool touches = geo::within(asked.shape, shape, limit);
            if (!touches && !geo::within(asked.shape, shape, limit + policy_)) continue;
            (touches ? best_touching_ : best_nearby_)
                .push_back(finding(asked, slot, seen, place, shape, touches));
        }
    }

    Finding finding(const Asked& asked, index::Slot slot, const view::Seen& seen,
                    const view::SeenPlace& place, const geo::Prepared& shape, bool touches) {
        const geo::Place& there = place.reached->place;
        const geo::Nearest nearest = geo::nearest(asked.shape, shape);
        Finding out;
        out.slot = slot;
        out.id = seen.id();
        out.volume = asked.number;
        out.state = place.understood ? seen.state(now_) : view::State::not_understood;
        out.earlier_place = place.earlier_place;
        out.superseded = !place.newest;
        out.distance = nearest.distance;
        out.bearing = nearest.bearing;
        out.buffer = place.reached->buffer;
        out.accuracy = place.reached->accuracy;
        out.accuracy_stated = there.accuracy.has_value();
        out.buffer_stated = there.buffer.has_value();
        out.time_overlap = common(asked.volume.window, there.volume.window);
        const geo::Band& band = there.volume.band;
        out.altitude_overlap = common(asked.volume.band, band);
        out.altitude_assumed = !states_band(asked.volume.band) || !states_band(band) ||
                               asked.volume.band.reference != band.reference;
        out.why = why(out, touches);
        return out;
    }

    std::string why(const Finding& f, bool touches) const {
        std::string text =
            f.distance.v == 0 ? "the plan overlaps it" : rounded(f.distance) + " from the plan";
        text += ", buffer " + rounded(f.buffer) + (f.buffer_stated ? "" : " (the class's default)");
        if (f.accuracy.v > 0) text += ", accuracy " + rounded(f.accuracy);
        if (margin_.v > 0) text += ", margin " + rounded(margin_);
        if (!touches) text += "; outside, within the policy distance of " + rounded(policy_);
        if (f.altitude_assumed) text += "; heights count as overlapping (not stated alike)";
        if (f.earlier_place) text += "; its place before a move that is not confirmed";
        if (f.superseded) text += "; an earlier version that still protects";
        return text;
    }

    /// Keeps the nearest finding of each record, nearest records first.
    void collect(std::vector<Finding>& all, std::vector<Finding>& listed, std::size_t& total) {
        std::sort(all.begin(), all.end(), [](const Finding& a, const Finding& b) {
            return std::pair(a.slot, a.distance.v) < std::pair(b.slot, b.distance.v);
        });
        const auto same = [](const Finding& a, const Finding& b) { return a.slot == b.slot; };
        all.erase(std::unique(all.begin(), all.end(), same), all.end());
        if (&all == &best_touching_) {
            for (const Finding& f : all) touched_.push_back(f.slot);
            count_not_understood_ = static_cast<std::size_t>(std::count_if(
                all.begin(), all.end(),
                [](const Finding& f) { return f.state == view::State::not_understood; }));
        }
        total = all.size();
        const std::size_t shown = std::min(total, limits::findings_listed_max);
        std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), all.end(),
                          [](const Finding& a, const Finding& b) {
                              return std::pair(a.distance.v, a.id) < std::pair(b.distance.v, b.id);
                          });
        all.resize(shown);
        listed = std::move(all);
    }

    void reason(Verdict weight, const char* code, std::string text) {
        out_.reasons.push_back({weight, code, std::move(text)});
    }

    void reasons() {
        const std::string count = std::to_string(out_.findings_total);
        if (out_.findings_total > 0) {
            reason(Verdict::conflict, "touches",
                   "the plan touches " + count +
                       (out_.findings_total == 1 ? " registered protection"
                                                 : " registered protections"));
        }
        if (count_not_understood_ > 0) {
            reason(Verdict::conflict, "touches_not_understood",
                   std::to_string(count_not_understood_) +
                       " of them were said in a form that this version does not understand");
        }
        if (view_.unplaced() > 0) {
            reason(Verdict::incomplete, "unplaced_entries",
                   std::to_string(view_.unplaced()) +
                       " entries may protect something but show no place here");
        }
        if (out_.nearby_total > 0) {
            reason(Verdict::caution, "nearby",
                   std::to_string(out_.nearby_total) + " more within the policy distance of " +
                       rounded(policy_));
        }
        out_.verdict = Verdict::no_registered_conflict;
        for (const Reason& r : out_.reasons) out_.verdict = std::max(out_.verdict, r.weight);
    }

    const view::View& view_;
    Metres margin_;
    Instant now_;
    Metres policy_;
    std::vector<Finding> best_touching_;
    std::vector<Finding> best_nearby_;
    std::vector<index::Slot> touched_;
    std::size_t count_not_understood_ = 0;
    Answer out_;
};

}  // namespace

Answer answer(const view::View& view, const index::Index& index, index::Scratch& scratch,
              const Question& question, const AsOf& as_of, Instant now) {
    ASSERT(!question.volumes.empty());
    Search search(view, question, now);
    std::vector<index::Slot> candidates;
    const Metres wider = question.margin + view.charter().terms.policy_distance;
    for (std::size_t i = 0; i < question.volumes.size(); ++i) {
        index.candidates({question.volumes[i], wider}, scratch, candidates);
        search.volume(i, question.volumes[i], candidates);
    }
    Answer out = search.finish();
    out.as_of = as_of;
    out.as_of.asked_at = now;
    return out;
}

std::vector<index::Item> index_items(view::Slot slot, const view::Seen& seen) {
    std::vector<index::Item> out;
    for (const view::SeenPlace& place : seen.places_ever()) {
        out.push_back({slot, place.reached->place.volume, place.reached->reach()});
    }
    return out;
}

}  // namespace entente::check

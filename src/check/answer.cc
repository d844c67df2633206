// SPDX-License-Identifier: Apache-2.0
#include "check/answer.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "base/assert.h"
#include "base/breaks.h"
#include "base/limits.h"
#include "base/printable.h"
#include "check/overlap.h"
#include "check/sources.h"
#include "geo/band.h"
#include "geo/covers.h"
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

void append_rounded(std::string& text, Metres m) {
    char digits[24];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, std::llround(m.v)).ptr);
    text += " m";
}

std::string rounded(Metres m) {
    std::string text;
    append_rounded(text, m);
    return text;
}

/// Where on its way a movement is touched, and why at this hour.
std::string of_leg(const statement::Leg& leg, Instant now) {
    std::string text = "; leg " + std::to_string(leg.number);
    if (!leg.from.empty()) text += " from " + printable(leg.from);
    if (!leg.to.empty()) text += " to " + printable(leg.to);
    text +=
        ", planned " + format_rfc3339(*leg.window.start) + " to " + format_rfc3339(*leg.window.end);
    if (leg.started) text += ", started " + format_rfc3339(*leg.started);
    const bool overdue = *leg.window.end <= now;
    return text + (overdue ? ", not said to have ended" : ", protects 24 h longer unless ended");
}

/// One volume of the question, prepared once.
struct Asked {
    std::size_t number;
    const geo::Volume4D& volume;
    geo::Prepared shape;
};

/// A place within reach, before it is put into words: most of many are only counted.
struct Hit {
    view::Slot slot;
    std::size_t volume;
    view::SeenPlace place;
    view::State state;
    Verdict weight;
    geo::LatLng at;
    geo::Approach nearest;
};

/// Works through the candidates of one question.
class Search {
  public:
    Search(const view::View& view, const Question& question, const AsOf& as_of, Instant now)
        : view_(view), question_(question), as_of_(as_of), margin_(question.margin), now_(now),
          joint_(view.charter().parties.size() > 1), policy_(view.charter().terms.policy_distance),
          presences_(view, now) {}

    void volume(std::size_t number, const geo::Volume4D& volume,
                std::span<const index::Slot> candidates) {
        constexpr std::size_t at_once = 32;  // as many records as the first cache holds
        const Asked asked{number, volume, geo::Prepared(volume.shape)};
        while (!candidates.empty()) {
            const auto some = candidates.first(std::min(at_once, candidates.size()));
            candidates = candidates.subspan(some.size());
            view_.prefetch(some);
            for (index::Slot slot : some) record(asked, slot);
        }
        volumes_.push_back(&volume);
    }

    Answer finish() {
        keep_nearest(touching_);
        count_touched();
        take_objections();
        // What one volume touches is a finding, however near it is to another.
        std::erase_if(nearby_, [&](const Hit& hit) {
            return std::binary_search(touched_.begin(), touched_.end(), hit.slot);
        });
        keep_nearest(nearby_);
        list(touching_, true, out_.findings, out_.findings_total);
        list(nearby_, false, out_.nearby, out_.nearby_total);
        reasons();
        return std::move(out_);
    }

  private:
    void record(const Asked& asked, index::Slot slot) {
        const view::Seen seen = view_.at(slot);
        seen.each_place(now_, [&](const view::SeenPlace& place) {
            if (broken(Break::lift_at_once) && place.objects && !place.newest) return;
            const geo::Volume4D& there = place.reached->place.volume;
            if (!geo::overlap(asked.volume.window, there.window) ||
                !geo::overlap(asked.volume.band, there.band)) {
                return;
            }
            const geo::Prepared shape(there.shape);
            const Metres limit = place.reached->reach() + margin_;
            const bool touches = geo::within(asked.shape, shape, limit);
            if (!touches && !geo::within(asked.shape, shape, limit + policy_)) return;
            (touches ? touching_ : nearby_)
                .push_back({slot, asked.number, place,
                            place.understood ? seen.state(now_) : view::State::not_understood,
                            touches ? weight(asked, seen, place) : Verdict::caution, shape.center(),
                            geo::approach(asked.shape, shape)});
        });
    }

    /// What a place that is touched makes of the answer (PROTOCOL 21).
    Verdict weight(const Asked& asked, const view::Seen& seen, const view::SeenPlace& place) {
        if (place.stops) return seen.over_budget() ? Verdict::caution : Verdict::conflict;
        if (place.objects || seen.over_budget()) return Verdict::caution;
        if (broken(Break::heed_challenge) && seen.contested(now_)) return Verdict::caution;
        if (place.presence != nullptr && !presence(asked.volume, seen, place).restrains()) {
            return Verdict::caution;
        }
        if (!place.coarse) return Verdict::conflict;
        // Somewhere in the area is the place: only if the plan takes in all of it is that certain.
        return geo::covers(asked.volume.shape, margin_, place.reached->place.volume.shape, {0})
                   ? Verdict::conflict
                   : Verdict::caution;
    }

    /// Precondition: place.presence.
    PresenceFound presence(const geo::Volume4D& asked, const view::Seen& seen,
                           const view::SeenPlace& place) {
        return presences_.of(seen.party(), *place.presence, asked.window);
    }

    Finding finding(const Hit& hit, bool touches) {
        const geo::Volume4D& asked = *volumes_[hit.volume];
        const geo::Place& there = hit.place.reached->place;
        Finding out;
        out.slot = hit.slot;
        out.id = view_.at(hit.slot).id();
        out.volume = hit.volume;
        out.weight = hit.weight;
        out.state = hit.state;
        if (joint_) describe(hit, out);
        if (hit.place.presence != nullptr) {
            out.presence = presence(asked, view_.at(hit.slot), hit.place);
            if (joint_ && out.presence->contested()) out.flags.set(view::Flag::contested);
        }
        out.leaf = hit.place.position->leaf;
        if (hit.place.leg != nullptr) out.leg = hit.place.leg->number;
        out.objects = hit.place.objects;
        out.stops = hit.place.stops;
        out.earlier_place = hit.place.earlier_place;
        out.superseded = !hit.place.newest;
        out.at = hit.at;
        out.distance = hit.nearest.distance;
        out.bearing = hit.nearest.bearing;
        out.buffer = hit.place.reached->buffer;
        out.accuracy = hit.place.reached->accuracy;
        out.accuracy_stated = there.accuracy.has_value();
        out.buffer_stated = there.buffer.has_value();
        out.time_overlap = common(asked.window, there.volume.window);
        const geo::Band& band = there.volume.band;
        out.altitude_overlap = common(asked.band, band);
        out.altitude_assumed = !states_band(asked.band) || !states_band(band) ||
                               asked.band.reference != band.reference;
        out.why = why(hit, out, touches);
        return out;
    }

    /// What is to be said only where several parties speak.
    void describe(const Hit& hit, Finding& out) const {
        const view::Seen seen = view_.at(hit.slot);
        out.party = seen.party();
        out.flags = seen.flags(now_);
        out.tier = hit.place.coarse ? view::Tier::coarse : view::Tier::exact;
        const bool absent = std::any_of(
            as_of_.sources.begin(), as_of_.sources.end(),
            [&](const Source& source) { return source.absent && source.party == out.party; });
        out.flags.set(view::Flag::absent, absent);
    }

    std::string why(const Hit& hit, const Finding& f, bool touches) const {
        std::string text;
        text.reserve(160);  // what the longest usual one needs
        if (f.distance.v == 0) {
            text += "the plan overlaps it";
        } else {
            append_rounded(text, f.distance);
            text += " from the plan";
        }
        const auto add = [&](const char* what, Metres m) {
            text += what;
            append_rounded(text, m);
        };
        add(", buffer ", f.buffer);
        if (!f.buffer_stated) text += " (the class's default)";
        if (f.accuracy.v > 0) add(", accuracy ", f.accuracy);
        if (margin_.v > 0) add(", margin ", margin_);
        if (!touches) add("; outside, within the policy distance of ", policy_);
        if (f.altitude_assumed) text += "; heights count as overlapping (not stated alike)";
        if (f.tier == view::Tier::coarse) {
            text += "; its coarse area, the place is somewhere in it";
            if (touches && f.weight == Verdict::conflict) text += " and so inside the plan";
        }
        if (f.flags.has(view::Flag::over_budget)) {
            text += "; more than the charter allows its party";
        }
        if (hit.place.leg != nullptr) text += of_leg(*hit.place.leg, now_);
        if (f.presence) text += "; " + presence_text(*f.presence);
        if (f.stops)
            text += "; all is to stop there until its author lifts that";
        else if (f.objects)
            text += "; objected to until its author lifts that";
        if (f.earlier_place) text += "; its place before a move that is not confirmed";
        if (f.superseded) text += "; an earlier version that still protects";
        return text;
    }

    /// Of each record the place that weighs most, of these the nearest, and of these (a plan may
    /// overlap both ends of a move) what is said of it now; in order of slots. Nothing may be left
    /// to the order in which they were found: the same question has the same answer everywhere.
    static void keep_nearest(std::vector<Hit>& hits) {
        std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
            if (a.slot != b.slot) return a.slot < b.slot;
            if (a.weight != b.weight) return a.weight > b.weight;
            if (a.nearest.distance.v != b.nearest.distance.v) {
                return a.nearest.distance.v < b.nearest.distance.v;
            }
            if (a.place.newest != b.place.newest) return a.place.newest;
            return !a.place.earlier_place && b.place.earlier_place;
        });
        const auto same = [](const Hit& a, const Hit& b) { return a.slot == b.slot; };
        hits.erase(std::unique(hits.begin(), hits.end(), same), hits.end());
    }

    void count_touched() {
        for (const Hit& hit : touching_) {
            touched_.push_back(hit.slot);
            const view::Seen seen = view_.at(hit.slot);
            if (hit.state == view::State::not_understood) ++not_understood_;
            if (seen.newer_withheld()) ++withheld_;
            const bool present = hit.place.presence != nullptr;
            if (present && hit.weight == Verdict::conflict &&
                presence(*volumes_[hit.volume], seen, hit.place).contested()) {
                ++contested_;
            }
            if (hit.place.stops)
                ++(seen.over_budget() ? wide_stops_ : stops_)[seen.party()];
            else if (hit.place.objects)
                ++objections_[seen.party()];
            else if (seen.over_budget())
                ++over_budget_;
            else if (hit.weight == Verdict::caution)
                ++(present ? unprotected_ : coarse_);
            else
                ++conflicts_;
        }
    }

    static bool objects(const Hit& hit) { return hit.place.objects; }

    /// Nearest first, what is protected before what is objected to, and of that STOPs first.
    bool before(const Hit& a, const Hit& b) const {
        if (objects(a) != objects(b)) return objects(b);
        if (a.place.stops != b.place.stops) return a.place.stops;
        if (a.nearest.distance.v != b.nearest.distance.v) {
            return a.nearest.distance.v < b.nearest.distance.v;
        }
        return view_.at(a.slot).id() < view_.at(b.slot).id();
    }

    /// Takes the objections out of what is touched: of each party the nearest are listed.
    void take_objections() {
        if (objections_.empty() && stops_.empty() && wide_stops_.empty()) return;
        const auto first = std::stable_partition(touching_.begin(), touching_.end(),
                                                 [](const Hit& hit) { return !objects(hit); });
        std::vector<Hit> all(first, touching_.end());
        touching_.erase(first, touching_.end());
        out_.objections_total = all.size();
        std::sort(all.begin(), all.end(), [&](const Hit& a, const Hit& b) { return before(a, b); });
        std::map<PartyId, std::size_t> listed;
        for (const Hit& hit : all) {
            if (out_.objections.size() == limits::findings_listed_max) break;
            if (++listed[view_.at(hit.slot).party()] > limits::objections_listed_max) continue;
            out_.objections.push_back(finding(hit, true));
        }
    }

    /// Only those that are listed are put into words.
    void list(std::vector<Hit>& hits, bool touches, std::vector<Finding>& listed,
              std::size_t& total) {
        total = hits.size();
        const std::size_t shown = std::min(total, limits::findings_listed_max);
        const auto end = hits.begin() + static_cast<std::ptrdiff_t>(shown);
        std::partial_sort(hits.begin(), end, hits.end(),
                          [&](const Hit& a, const Hit& b) { return before(a, b); });
        listed.reserve(shown);
        for (auto hit = hits.begin(); hit != end; ++hit) listed.push_back(finding(*hit, touches));
    }

    void reason(Verdict weight, const char* code, std::size_t count, std::string text) {
        out_.reasons.push_back({weight, code, std::move(text), count});
    }

    /// "3 coarse areas", or "1 coarse area".
    static std::string counted(std::size_t count, const char* one, const char* many) {
        return std::to_string(count) + " " + (count == 1 ? one : many);
    }

    /// As objections(), and a conflict: somebody asks for all to stop there, now.
    void stops() {
        for (const auto& [party, count] : stops_) {
            reason(Verdict::conflict, "open_stop", count,
                   party.v + " asks for all to stop in what the plan touches: " +
                       counted(count, "open STOP", "open STOPs"));
            out_.reasons.back().party = party;
        }
    }

    void conflicts() {
        stops();
        if (conflicts_ > 0) {
            reason(Verdict::conflict, "touches", conflicts_,
                   "the plan touches " +
                       counted(conflicts_, "registered protection", "registered protections"));
        }
        if (not_understood_ > 0) {
            reason(Verdict::conflict, "touches_not_understood", not_understood_,
                   std::to_string(not_understood_) +
                       " of them were said in a form that this version does not understand");
        }
        if (contested_ > 0) {
            reason(Verdict::conflict, "presence_contested", contested_,
                   std::to_string(contested_) +
                       " of what the plan touches are of groups on which the parties differ: one "
                       "protects them, and they are protected");
        }
    }

    void gaps() {
        if (withheld_ > 0) {
            reason(Verdict::incomplete, "newer_withheld", withheld_,
                   "of " + std::to_string(withheld_) +
                       " that the plan touches a newer version exists that was not shown to us");
        }
        if (view_.unplaced() > 0) {
            reason(Verdict::incomplete, "unplaced_entries", view_.unplaced(),
                   std::to_string(view_.unplaced()) +
                       " entries may protect something but show no place here");
        }
    }

    /// One reason for each party that objects, however often it does (PROTOCOL 19).
    void objections() {
        for (const auto& [party, count] : objections_) {
            reason(Verdict::caution, "open_objection", count,
                   party.v + " objects to an activity in what the plan touches: " +
                       counted(count, "open objection", "open objections"));
            out_.reasons.back().party = party;
        }
    }

    /// STOPs beyond what the charter allows: shown as the others are, and no conflict.
    void wide_stops() {
        for (const auto& [party, count] : wide_stops_) {
            reason(Verdict::caution, "stop_over_budget", count,
                   party.v + " asks for all to stop in what the plan touches, beyond what the " +
                       "charter allows it: " + counted(count, "open STOP", "open STOPs"));
            out_.reasons.back().party = party;
        }
    }

    void cautions() {
        wide_stops();
        objections();
        if (coarse_ > 0) {
            reason(Verdict::caution, "touches_coarse", coarse_,
                   "the plan touches " + counted(coarse_, "coarse area", "coarse areas") +
                       " with a protection somewhere inside");
        }
        if (unprotected_ > 0) {
            reason(Verdict::caution, "presence_not_protected", unprotected_,
                   "the plan touches " +
                       counted(unprotected_, "area where a group is", "areas where groups are") +
                       " that no party protects, as far as is known here");
        }
        if (over_budget_ > 0) {
            reason(Verdict::caution, "over_budget", over_budget_,
                   "the plan touches " + counted(over_budget_, "protection", "protections") +
                       " beyond what the charter allows their party");
        }
        if (out_.nearby_total > 0) {
            reason(Verdict::caution, "nearby", out_.nearby_total,
                   std::to_string(out_.nearby_total) + " more within the policy distance of " +
                       rounded(policy_));
        }
    }

    void reasons() {
        conflicts();
        gaps();
        cautions();
        if (joint_ && !as_of_.shown_to) {
            for (auto& some : {source_reasons(view_, as_of_, now_), unlogged()}) {
                out_.reasons.insert(out_.reasons.end(), some.begin(), some.end());
            }
            std::stable_sort(out_.reasons.begin(), out_.reasons.end(),
                             [](const Reason& a, const Reason& b) { return a.weight > b.weight; });
        }
        out_.verdict = Verdict::no_registered_conflict;
        for (const Reason& r : out_.reasons) out_.verdict = std::max(out_.verdict, r.weight);
    }

    std::vector<Reason> unlogged() const {
        if (broken(Break::ignore_unlogged_stop)) return {};
        return unlogged_reasons(view_.charter().terms, as_of_, question_);
    }

    const view::View& view_;
    const Question& question_;
    const AsOf& as_of_;
    Metres margin_;
    Instant now_;
    bool joint_;
    Metres policy_;
    Presences presences_;
    std::vector<const geo::Volume4D*> volumes_;  // of the question, in order
    std::vector<Hit> touching_;
    std::vector<Hit> nearby_;
    std::vector<index::Slot> touched_;
    std::size_t conflicts_ = 0;                      // of the records that are touched: conflicts,
    std::size_t coarse_ = 0;                         // coarse areas that are cautions,
    std::size_t over_budget_ = 0, unprotected_ = 0;  // presences of groups that nobody protects,
    std::size_t contested_ = 0;                      // and of those that some do and some do not;
    std::map<PartyId, std::size_t> objections_, stops_, wide_stops_;  // open, of each party
    std::size_t not_understood_ = 0;                                  // and, of all of these,
    std::size_t withheld_ = 0;
    Answer out_;
};

}  // namespace

Answer answer(const view::View& view, const index::Index& index, index::Scratch& scratch,
              const Question& question, const AsOf& as_of, Instant now) {
    ASSERT(!question.volumes.empty());
    Search search(view, question, as_of, now);
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

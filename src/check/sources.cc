// SPDX-License-Identifier: Apache-2.0
#include "check/sources.h"

#include <algorithm>

#include "geo/band.h"
#include "geo/box_size.h"
#include "geo/distance.h"
#include "geo/prepared.h"
#include "geo/window.h"

namespace entente::check {
namespace {

std::string duration_text(Duration d) {
    const auto seconds = d.count() / 1000;
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds / 3600) + " h";
}

/// What is amiss with one party's view.
class Judge {
  public:
    Judge(const statement::CharterTerms& terms, Instant now, std::vector<Reason>& out)
        : terms_(terms), now_(now), out_(out) {}

    void never_heard(const PartyId& party) {
        say(Verdict::incomplete, "never_heard", party,
            "nothing of " + party.v + " has been received yet");
    }

    void judge(const Source& source) {
        const std::string& who = source.party.v;
        if (source.absent) {
            say(Verdict::caution, "absent", source.party,
                "without " + who + ", which is marked absent" + since(source));
        } else if (source.left) {
            say(Verdict::caution, "left", source.party,
                "without " + who + ", which has left: what it protects stays, unconfirmed");
        } else {
            freshness(source);
        }
        if (source.missing > 0) {
            say(Verdict::incomplete,
                source.missing_code.empty() ? "missing_releases" : source.missing_code.c_str(),
                source.party, who + " has released something to us that is not here",
                source.missing);
        }
        if (source.forked) {
            say(Verdict::caution, "forked", source.party,
                who + " has signed two histories; what either protects is here");
        }
    }

  private:
    void say(Verdict weight, const char* code, const PartyId& of, std::string text,
             std::size_t count = 1) {
        out_.push_back({weight, code, std::move(text), count, of});
    }

    std::string since(const Source& source) const {
        const auto old = age(source, now_);
        return old ? ", last heard " + duration_text(*old) + " ago" : ", never heard";
    }

    void freshness(const Source& source) {
        const auto old = age(source, now_);
        if (!old) return never_heard(source.party);
        if (*old > terms_.age_limit) {
            say(Verdict::incomplete, "stale", source.party,
                "the view of " + source.party.v + " is " + duration_text(*old) +
                    " old; the charter allows " + duration_text(terms_.age_limit));
        }
        // Which clock is wrong cannot be told from here, and by a wrong one every age is wrong. As
        // much as lies between two beats is no alarm.
        if (*source.beat > now_ + terms_.beat_every) {
            say(Verdict::incomplete, "beat_ahead", source.party,
                "the clock of " + source.party.v + " is " + duration_text(*source.beat - now_) +
                    " ahead of this one: one of the two is wrong");
        }
    }

    const statement::CharterTerms& terms_;
    Instant now_;
    std::vector<Reason>& out_;
};

}  // namespace

std::optional<Duration> age(const Source& source, Instant now) {
    if (!source.beat || !source.received) return std::nullopt;
    return now - std::min(*source.beat, *source.received);
}

namespace {

bool touches(const geo::Place& place, Metres accuracy, const Question& question) {
    const geo::Prepared there(place.volume.shape);
    return std::any_of(
        question.volumes.begin(), question.volumes.end(), [&](const geo::Volume4D& asked) {
            return geo::overlap(asked.window, place.volume.window) &&
                   geo::overlap(asked.band, place.volume.band) &&
                   geo::within(geo::Prepared(asked.shape), there, accuracy + question.margin);
        });
}

/// Whether it is wider than the charter lets all STOPs of a party be (PROTOCOL 19).
bool too_wide(const std::vector<geo::Place>& stop, Metres accuracy,
              const statement::CharterTerms& terms) {
    double area_km2 = 0, across_m = 0;
    for (const geo::Place& place : stop) {
        const geo::BoxSize size = geo::size_of(geo::bounding_box(place.volume.shape, accuracy));
        area_km2 += size.area_km2;
        across_m = std::max(across_m, size.across_m);
    }
    const auto over = [](double v, std::int64_t limit) {
        return limit > 0 && v > static_cast<double>(limit);
    };
    return over(across_m, terms.stop_extent_m) || over(area_km2, terms.stop_area_km2);
}

}  // namespace

std::vector<Reason> unlogged_reasons(const statement::CharterTerms& terms, const AsOf& as_of,
                                     const Question& question) {
    std::vector<Reason> out;
    const auto other = static_cast<std::size_t>(statement::ProtectionClass::other);
    const auto say = [&](Verdict weight, const char* code, const Source& of, std::size_t count,
                         const std::string& text) {
        if (count > 0) out.push_back({weight, code, of.party.v + text, count, of.party});
    };
    for (const Source& source : as_of.sources) {
        std::size_t touched = 0, wide = 0;
        for (const std::vector<geo::Place>& stop : source.unlogged.stops) {
            const bool any = std::any_of(stop.begin(), stop.end(), [&](const geo::Place& place) {
                return touches(place, metres(place.accuracy.value_or(terms.accuracies[other])),
                               question);
            });
            const bool over = any && too_wide(stop, metres(terms.accuracies[other]), terms);
            touched += any && !over ? 1u : 0u;
            wide += over ? 1u : 0u;
        }
        say(Verdict::conflict, "open_stop_unlogged", source, touched,
            " asks for all to stop in what the plan touches; its log does not show that yet");
        say(Verdict::incomplete, "stop_unread", source, source.unlogged.unread,
            " has sent a STOP whose place cannot be read here");
        say(Verdict::caution, "stop_over_budget", source, wide,
            " asks for all to stop in what the plan touches, beyond what the charter allows it; "
            "its log does not show that yet");
        say(Verdict::caution, "stop_unlogged", source,
            source.unlogged.stops.size() - touched - wide,
            " has sent a STOP elsewhere that its log does not show yet");
    }
    return out;
}

std::vector<Reason> source_reasons(const view::View& view, const AsOf& as_of, Instant now) {
    std::vector<Reason> out;
    Judge judge(view.charter().terms, now, out);
    for (const statement::CharterParty& party : view.charter().parties) {
        if (party.id == view.party()) continue;
        const bool any = std::any_of(as_of.sources.begin(), as_of.sources.end(),
                                     [&](const Source& one) { return one.party == party.id; });
        if (!any) judge.never_heard(party.id);
    }
    for (const Source& source : as_of.sources) judge.judge(source);
    return out;
}

}  // namespace entente::check

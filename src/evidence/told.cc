// SPDX-License-Identifier: Apache-2.0
#include "evidence/told.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace entente::evidence {
namespace {

using statement::Rung;

std::size_t number(Rung rung) { return static_cast<std::size_t>(rung); }

/// The steps of one party before a moment. A party may log very many: each is looked at twice.
class Climb {
  public:
    Climb(std::span<const Step> steps, Instant then) {
        for (const Step& step : steps) {
            if (step.time < then) steps_.push_back(&step);
        }
        for (const Step* step : steps_) note_right(*step);
        for (const Step* step : steps_) note_wrong(*step);
    }

    ByThen finish() const {
        ByThen out;
        out.differs = !wrong_.empty();
        for (const Step* step : steps_) {
            if (step->rung == Rung::refused) {
                out.refused |= !later(done_, step->unit, step->time);
            } else if (counts(*step)) {
                out.rung = std::max(out.rung, step->rung);
            }
        }
        return out;
    }

  private:
    using ByUnit = std::map<std::string, Instant>;

    static void note(ByUnit& last, const Step& step) {
        auto& time = last.try_emplace(step.unit, step.time).first->second;
        time = std::max(time, step.time);
    }
    static bool later(const ByUnit& last, const std::string& unit, Instant time) {
        const auto found = last.find(unit);
        return found != last.end() && found->second > time;
    }

    void note_right(const Step& step) {
        if (step.differs || step.rung == Rung::refused) return;
        if (step.compared) {
            // It sets right what came back on this rung, or on a lower one.
            for (std::size_t i = 0; i <= number(step.rung); ++i) note(right_[i], step);
        }
        if (step.rung >= Rung::loaded) note(done_, step);
    }

    void note_wrong(const Step& step) {
        if (!step.differs || later(right_[number(step.rung)], step.unit, step.time)) return;
        wrong_.emplace(step.rung, step.unit);
        auto& since = wrong_since_[number(step.rung)];
        since = since ? std::min(*since, step.time) : step.time;
    }

    bool counts(const Step& step) const {
        if (step.differs) return false;
        if (step.compared) return !wrong_.contains({step.rung, step.unit});
        if (step.rung == Rung::loaded) return false;
        return std::none_of(wrong_since_.begin(), wrong_since_.begin() + number(step.rung) + 1,
                            [&](const auto& since) { return since && *since <= step.time; });
    }

    std::vector<const Step*> steps_;
    std::array<ByUnit, statement::rung_count> right_;  // when a unit last had this rung right,
    ByUnit done_;                                      // and when it last did something with it
    std::set<std::pair<Rung, std::string>> wrong_;     // that nothing set right
    std::array<std::optional<Instant>, statement::rung_count> wrong_since_;
};

}  // namespace

ByThen by(std::span<const Step> steps, Instant then) { return Climb(steps, then).finish(); }

}  // namespace entente::evidence

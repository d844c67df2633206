// SPDX-License-Identifier: Apache-2.0
#include "evidence/join.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/assert.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::evidence {

using statement::Rung;

const char* name(Stood stood) {
    switch (stood) {
        case Stood::throughout: return "throughout";
        case Stood::partly: return "partly";
        case Stood::other_hours: return "other_hours";
        case Stood::ended: return "ended";
        case Stood::later: return "later";
    }
    ASSERT(false);
}

Rung Told::by(Instant then) const {
    Rung out = Rung::offered;
    for (const Step& step : steps) {
        if (step.time < then && step.rung != Rung::refused) out = std::max(out, step.rung);
    }
    return out;
}

bool Told::refused_by(Instant then) const {
    return std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
        return step.time < then && step.rung == Rung::refused;
    });
}

namespace {

/// A volume of the incident, ready to be measured from.
struct Volume {
    geo::Prepared shape;
    Metres accuracy;
};

/// The nearest of them, and how near.
struct Near {
    std::size_t volume = 0;
    Metres distance{0};
    Metres accuracy{0};
};

std::optional<Near> nearest(const std::vector<Volume>& volumes, const geo::Prepared& shape) {
    std::optional<Near> out;
    for (std::size_t i = 0; i < volumes.size(); ++i) {
        const Metres distance = geo::approach(volumes[i].shape, shape).distance;
        const double beyond = distance.v - volumes[i].accuracy.v;
        if (out && out->distance.v - out->accuracy.v <= beyond) continue;
        out = Near{i, distance, volumes[i].accuracy};
    }
    return out;
}

Stood stood(const geo::Window& scene, const geo::Window& hours, Instant said, Instant until) {
    if (scene.end && said >= *scene.end) return Stood::later;
    if (scene.start && until <= *scene.start) return Stood::ended;
    if (!geo::overlap(scene, hours)) return Stood::other_hours;
    const geo::Window in_force{said,
                               until == registry::never ? std::nullopt : std::optional(until)};
    return geo::covers(in_force, scene) && geo::covers(hours, scene) ? Stood::throughout
                                                                     : Stood::partly;
}

std::uint32_t leg_of(const registry::Version& version, std::size_t place) {
    if (version.sort != registry::Sort::movement || !version.content) return 0;
    const auto& legs = version.content->protection.legs;
    return legs.size() == version.places.size() ? legs[place].number : 0;
}

class Joining {
  public:
    Joining(const view::View& view, const view::SeenStatement& incident, const ToldOf& told,
            Metres within)
        : view_(view), told_(told) {
        out_.scene = *scene_of(incident);
        out_.within = within;
        for (const geo::Place& place : out_.scene.volumes) {
            volumes_.push_back({geo::Prepared(place.volume.shape), accuracy_of(place)});
        }
        if (const auto* said = incident.said_as<statement::Incident>()) {
            for (const statement::Affected& one : said->objects) {
                if (one.record) named_.insert(*one.record);
            }
        }
    }

    void add_all(std::span<const view::Slot> slots) {
        for (const view::Slot slot : slots) add(slot, registry::never);
        for (const RecordId& id : named_) {
            if (const auto slot = view_.find(id)) add(*slot, registry::never);
        }
    }

    Join finish() {
        add_checks();
        add_activities();
        sort_checks();
        auto& rows = out_.rows;
        std::sort(rows.begin(), rows.end(), [](const JoinRow& a, const JoinRow& b) {
            const bool far_a = !a.distance, far_b = !b.distance;
            const double at_a = a.distance.value_or(Metres{0}).v;
            const double at_b = b.distance.value_or(Metres{0}).v;
            return std::tie(far_a, at_a, a.record, a.version, a.leaf.bytes, a.place) <
                   std::tie(far_b, at_b, b.record, b.version, b.leaf.bytes, b.place);
        });
        out_.rows_total = rows.size();
        rows.resize(std::min(rows.size(), Join::rows_max));
        for (JoinRow& row : rows) row.told = told_(row.record, row.leaf);
        return std::move(out_);
    }

  private:
    /// `goes_on`: when another record went on from this one, which then protected instead.
    void add(view::Slot slot, Instant goes_on) {
        if (!done_.insert(slot).second) return;
        const view::Past past = view_.past(slot);
        const view::Seen seen = view_.at(slot);
        for (const view::PastVersion& one : past.versions) {
            const Instant until = std::min(one.until, goes_on);
            for (std::size_t i = 0; i < one.version->places.size(); ++i) {
                add_place(seen, *one.version, until, i);
            }
        }
        const auto before = past.was ? view_.find(*past.was) : std::nullopt;
        if (before) add(*before, past.record->versions.front().time);
    }

    void add_place(const view::Seen& seen, const registry::Version& version, Instant until,
                   std::size_t i) {
        const registry::Reached& place = version.places[i];
        const bool named = named_.contains(seen.id());
        const auto near = nearest(volumes_, geo::Prepared(place.place.volume.shape));
        const double beyond =
            near ? near->distance.v - near->accuracy.v - place.reach().v : out_.within.v + 1;
        if (!named && beyond > out_.within.v) return;
        JoinRow row{seen.id(), seen.party(), registry::kind_of(version.sort), seen.class_name()};
        const statement::Protection* content =
            version.content ? &version.content->protection : nullptr;
        if (content != nullptr && !content->names.empty()) row.name = content->names.front().text;
        row.version = version.number;
        row.index = version.position.index;
        row.leaf = version.position.leaf;
        row.said = version.time;
        row.until = until;
        row.place = i;
        row.leg = leg_of(version, i);
        if (near) row.volume = near->volume, row.distance = near->distance;
        row.reach = place.reach();
        row.touches = near && beyond <= 0;
        row.coarse = version.coarse_only;
        row.named = named;
        row.stood = stood(out_.scene.window, place.place.volume.window, version.time, until);
        leaves_.insert(version.position.leaf);
        out_.rows.push_back(std::move(row));
    }

    /// How near the volumes came to the scene in its time; nothing where they did not.
    std::optional<Metres> near_scene(const std::vector<geo::Place>& volumes, Metres margin) const {
        std::optional<Metres> out;
        for (const geo::Place& place : volumes) {
            if (!geo::overlap(place.volume.window, out_.scene.window)) continue;
            const auto near = nearest(volumes_, geo::Prepared(place.volume.shape));
            const double reach = accuracy_of(place).v + margin.v + out_.within.v;
            if (!near || near->distance.v - near->accuracy.v > reach) continue;
            if (!out || near->distance.v < out->v) out = near->distance;
        }
        return out;
    }

    void add_checks() {
        for (const view::SeenCheck& one : view_.sealed_checks()) {
            if (one.check == nullptr) continue;  // not opened to us: it may be about anything
            const auto distance = near_scene(one.check->volumes, metres(one.check->margin));
            if (!distance) continue;
            JoinCheck row = checked(one.check->checked, *distance);
            row.record = one.id;
            row.party = one.party;
            row.kind = statement::sealed_check_kind;
            row.leaf = one.leaf;
            for (const Hash& leaf : one.check->touched) {
                if (leaves_.contains(leaf)) row.named.push_back(leaf);
            }
            out_.checks.push_back(std::move(row));
        }
    }

    void add_activities() {
        for (const view::SeenActivity& one : view_.activities()) {
            const statement::Activity* activity = one.activity();
            if (activity == nullptr) continue;
            const auto distance = near_scene(activity->volumes, Metres{0});
            if (!distance) continue;
            JoinCheck row = checked(activity->checked, *distance);
            row.record = one.id();
            row.party = one.party();
            row.kind = statement::activity_kind;
            row.leaf = one.leaf();
            out_.checks.push_back(std::move(row));
        }
    }

    static JoinCheck checked(const statement::Checked& checked, Metres distance) {
        JoinCheck row;
        row.asked_at = checked.asked_at;
        row.verdict = checked.verdict;
        row.touched = checked.touched;
        row.distance = distance;
        return row;
    }

    void sort_checks() {
        auto& checks = out_.checks;
        std::sort(checks.begin(), checks.end(), [](const JoinCheck& a, const JoinCheck& b) {
            return std::tie(a.asked_at, a.record, a.leaf.bytes) <
                   std::tie(b.asked_at, b.record, b.leaf.bytes);
        });
        out_.checks_total = checks.size();
        checks.resize(std::min(checks.size(), Join::rows_max));
    }

    const view::View& view_;
    const ToldOf& told_;
    std::vector<Volume> volumes_;
    std::set<RecordId> named_;
    std::set<view::Slot> done_;
    std::set<Hash> leaves_;  // of versions in rows
    Join out_;
};

}  // namespace

Join join(const view::View& view, const view::SeenStatement& incident,
          std::span<const view::Slot> slots, const ToldOf& told, Metres within) {
    Joining joining(view, incident, told, within);
    joining.add_all(slots);
    return joining.finish();
}

}  // namespace entente::evidence

// SPDX-License-Identifier: Apache-2.0
#include "evidence/join.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/assert.h"
#include "geo/distance.h"
#include "geo/window.h"

namespace entente::evidence {

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

std::optional<bool> touches(const Scene& scene, const JoinRow& row) {
    return scene.anywhere || !row.distance ? std::nullopt : std::optional(row.touches);
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

/// Whether one of them is no further from it than this and its own accuracy: as a check decides it,
/// which leans towards yes where an edge takes part. The distance, good to a metre, says so of
/// most.
bool any_within(const std::vector<Volume>& volumes, const std::optional<Near>& near,
                const geo::Prepared& shape, Metres reach) {
    const double beyond = near ? near->distance.v - near->accuracy.v - reach.v : 2;
    if (std::abs(beyond) > 1) return beyond < 0;
    return std::any_of(volumes.begin(), volumes.end(), [&](const Volume& volume) {
        return geo::within(volume.shape, shape, reach + volume.accuracy);
    });
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
    Joining(const view::View& view, const view::SeenStatement& incident, Metres within)
        : view_(view) {
        out_.scene = *scene_of(incident);
        out_.within = within;
        for (const geo::Place& place : out_.scene.volumes) {
            volumes_.push_back({geo::Prepared(place.volume.shape), accuracy_of(place)});
        }
        if (out_.scene.said == nullptr) return;
        for (const statement::Affected& one : out_.scene.said->objects) {
            if (one.record) named_.insert(*one.record);
        }
    }

    Join finish(std::span<const view::Slot> slots) {
        find(slots);
        out_.rows_total = found_.size();
        for (const std::size_t i :
             shown(found_, &JoinShare::rows_total, [](const Found& one) { return one.record; })) {
            out_.rows.push_back(row(found_[i]));
            ++shares_[out_.rows.back().party].rows;
        }
        add_checks();
        add_activities();
        sort_checks();
        for (auto& [party, share] : shares_) {
            share.party = party;
            out_.parties.push_back(share);
        }
        return std::move(out_);
    }

    void each(std::span<const view::Slot> slots, const WantsRows& wanted,
              const std::function<void(const JoinRow&)>& use) {
        find(slots);
        for (const Found& one : found_) {
            if (wanted(one.slot, view_.at(one.slot).party())) use(row(one));
        }
    }

  private:
    void find(std::span<const view::Slot> slots) {
        collect(slots);
        for (const view::Slot slot : all_) add(slot);
        std::sort(found_.begin(), found_.end());
    }

    /// Which of them are shown, ascending: in turn one of each party, and of a party's in turn one
    /// of each of its records. Counts them.
    template <class Each, class RecordOf>
    std::vector<std::size_t> shown(const std::vector<Each>& all, std::size_t JoinShare::*total,
                                   RecordOf record_of) {
        using Turn = std::pair<std::size_t, std::size_t>;  // which one it is, and its number
        std::map<RecordId, std::size_t> of_record;
        std::map<PartyId, std::vector<Turn>> of_party;
        for (std::size_t i = 0; i < all.size(); ++i) {
            of_party[party_of(all[i])].emplace_back(of_record[record_of(all[i])]++, i);
        }
        std::vector<Turn> turns;
        for (auto& [party, own] : of_party) {
            shares_[party].*total = own.size();
            std::sort(own.begin(), own.end());
            for (std::size_t i = 0; i < own.size() && i < Join::rows_max; ++i) {
                turns.emplace_back(i, own[i].second);
            }
        }
        std::sort(turns.begin(), turns.end());
        turns.resize(std::min(turns.size(), Join::rows_max));
        std::vector<std::size_t> out;
        for (const Turn& one : turns) out.push_back(one.second);
        std::sort(out.begin(), out.end());
        return out;
    }

    /// All that may be in it, ascending, and which of them go on from which.
    void collect(std::span<const view::Slot> slots) {
        all_.assign(slots.begin(), slots.end());
        for (const RecordId& id : named_) {
            if (const auto slot = view_.find(id)) all_.push_back(*slot);
        }
        for (std::size_t i = 0, count = all_.size(); i < count; ++i) {
            view::Slot later = all_[i];
            for (const view::Slot earlier : view_.earlier_records(later)) {
                later_.emplace(earlier, later);
                all_.push_back(earlier);
                later = earlier;
            }
        }
        std::sort(all_.begin(), all_.end());
        all_.erase(std::unique(all_.begin(), all_.end()), all_.end());
    }

    /// A place of a version, before its row is made: of very many only the first are.
    struct Found {
        bool far = false;    // the incident does not name its record
        bool later = false;  // it was said after the incident
        std::optional<Near> near;
        RecordId record;
        view::Slot slot = 0;
        std::size_t version = 0;  // of the record's
        std::size_t place = 0;

        auto key() const {
            return std::tuple(far, later, !near, near ? near->distance.v : 0, record, version,
                              place);
        }
        bool operator<(const Found& other) const { return key() < other.key(); }
    };

    const PartyId& party_of(const Found& one) const { return view_.at(one.slot).party(); }
    const PartyId& party_of(const JoinCheck& one) const { return one.party; }

    void add(view::Slot slot) {
        const view::Past past = view_.past(slot);
        const RecordId& id = past.record().id;
        const bool named = named_.contains(id);
        const auto& end = out_.scene.window.end;
        for (std::size_t v = 0; v < past.versions().size(); ++v) {
            const registry::Version& version = past.versions()[v];
            for (std::size_t i = 0; i < version.places.size(); ++i) {
                const registry::Reached& place = version.places[i];
                const geo::Prepared shape(place.place.volume.shape);
                const auto near = nearest(volumes_, shape);
                const Metres reach = place.reach() + out_.within;
                if (!named && !any_within(volumes_, near, shape, reach)) continue;
                found_.push_back({!named, end && version.time >= *end, near, id, slot, v, i});
            }
        }
    }

    Instant until(const view::Past& past, const Found& found) const {
        Instant out = past.until(found.version);
        const auto [first, last] = later_.equal_range(found.slot);
        for (auto one = first; one != last; ++one) {
            out = std::min(out, past.goes_on_in(view_.past(one->second), found.version));
        }
        return out;
    }

    JoinRow row(const Found& found) const {
        const view::Past past = view_.past(found.slot);
        const view::Seen seen = view_.at(found.slot);
        const registry::Version& version = past.versions()[found.version];
        const registry::Reached& place = version.places[found.place];
        JoinRow row{found.record, seen.party(), registry::kind_of(version.sort), seen.class_name()};
        row.touches = any_within(volumes_, found.near, geo::Prepared(place.place.volume.shape),
                                 place.reach());
        row.named = !found.far;
        const statement::Protection* content =
            version.content ? &version.content->protection : nullptr;
        row.version = version.number;
        row.index = version.position.index;
        row.leaf = version.position.leaf;
        row.said = version.time;
        row.until = until(past, found);
        row.place = found.place;
        row.leg = leg_of(version, found.place);
        if (found.near) row.volume = found.near->volume, row.distance = found.near->distance;
        const bool shown = seen.own() || row.named || touches(out_.scene, row).value_or(false);
        if (shown && content != nullptr && !content->names.empty())
            row.name = content->names.front().text;
        row.reach = place.reach();
        row.coarse = version.coarse_only;
        row.newer_withheld = past.record().newer_withheld;
        row.stood = stood(out_.scene.window, place.place.volume.window, row.said, row.until);
        return row;
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
        std::set<Hash> leaves;
        for (const JoinRow& row : out_.rows) leaves.insert(row.leaf);
        for (const view::SeenCheck& one : view_.sealed_checks()) {
            if (one.check == nullptr) continue;  // not opened to us: it may be about anything
            const auto distance = near_scene(one.check->volumes, metres(one.check->margin));
            if (!distance) continue;
            JoinCheck row = checked(one.check->checked, *distance);
            row.record = one.id;
            row.party = one.party;
            row.kind = statement::sealed_check_kind;
            row.leaf = one.leaf;
            row.said = one.time;
            for (const Hash& leaf : one.check->touched) {
                if (leaves.contains(leaf)) row.named.push_back(leaf);
            }
            out_.checks.push_back(std::move(row));
        }
    }

    /// Each version as it was said: what was amended or ended since had been declared.
    void add_activities() {
        for (const view::SeenActivity& one : view_.activities()) {
            for (const registry::DealingVersion& version : one.versions()) {
                const auto* said =
                    version.said ? std::get_if<statement::Activity>(version.said.get()) : nullptr;
                const auto distance = said ? near_scene(said->volumes, Metres{0}) : std::nullopt;
                if (!distance) continue;
                JoinCheck row = checked(said->checked, *distance);
                row.record = one.id();
                row.party = one.party();
                row.kind = statement::activity_kind;
                row.leaf = version.position.leaf;
                row.said = version.time;
                out_.checks.push_back(std::move(row));
            }
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
            return std::tie(a.said, a.record, a.leaf.bytes) <
                   std::tie(b.said, b.record, b.leaf.bytes);
        });
        out_.checks_total = checks.size();
        std::vector<JoinCheck> some;
        for (const std::size_t i : shown(checks, &JoinShare::checks_total,
                                         [](const JoinCheck& one) { return one.record; })) {
            ++shares_[checks[i].party].checks;
            some.push_back(std::move(checks[i]));
        }
        checks = std::move(some);
    }

    const view::View& view_;
    std::vector<Volume> volumes_;
    std::set<RecordId> named_;
    std::vector<view::Slot> all_;
    std::multimap<view::Slot, view::Slot> later_;  // by a record those that go on from it
    std::vector<Found> found_;
    std::map<PartyId, JoinShare> shares_;
    Join out_;
};

}  // namespace

Join join(const view::View& view, const view::SeenStatement& incident,
          std::span<const view::Slot> slots, Metres within) {
    return Joining(view, incident, within).finish(slots);
}

void each_row(const view::View& view, const view::SeenStatement& incident,
              std::span<const view::Slot> slots, Metres within, const WantsRows& wanted,
              const std::function<void(const JoinRow&)>& use) {
    Joining(view, incident, within).each(slots, wanted, use);
}

}  // namespace entente::evidence

// SPDX-License-Identifier: Apache-2.0
// Notices of joins: an incident that is said, or shown, just now, and where and when it was a place
// had been protected; or such a place that is said or shown only now, late. One for each pair of
// versions, whichever came last. What the join says in whole is asked for (evidence/join.h): a
// notice names the pair, so that somebody looks.
#include <map>
#include <set>

#include "evidence/join.h"
#include "node/joining.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

/// Records of one party that one incident is told to have been joined to in one pass, the first of
/// all that there are, whether or not the join shows them. Of each party as many: nobody's crowd
/// another's out.
constexpr std::size_t told_max = 20;

/// Whether people should look: it stood there in that time, and was reached or is named. Where the
/// incident was anywhere in a district, what lies at its point may have been reached, and is told.
bool concerns(const evidence::JoinRow& row) {
    const bool stood =
        row.stood == evidence::Stood::throughout || row.stood == evidence::Stood::partly;
    return stood && (row.touches || row.named) && row.kind != statement::objection_kind;
}

/// Records that an incident names, beside those that lie where it was.
std::vector<view::Slot> concerned(const index::Index& places, index::Scratch& scratch,
                                  const view::View& view, const evidence::Scene& scene) {
    std::vector<view::Slot> out = near_scene(places, scratch, scene, Metres{0});
    if (scene.said == nullptr) return out;
    for (const statement::Affected& one : scene.said->objects) {
        const auto slot = one.record ? view.find(*one.record) : std::nullopt;
        if (slot) out.push_back(*slot);
    }
    return out;
}

}  // namespace

void Noticing::join_causes(Pass& pass) const {
    if ((pass.struck.empty() && pass.fresh.empty()) || !of_.protections || !of_.incidents) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    index::Scratch scratch;
    std::map<registry::DealingSlot, std::vector<view::Slot>> asked;  // by incident
    const index::Index places = of_.protections();
    for (const registry::DealingSlot slot : pass.struck) {
        const auto scene = evidence::scene_of({snapshot, slot});
        if (scene) asked[slot] = concerned(places, scratch, view, *scene);
    }
    const index::Index incidents = of_.incidents();
    std::set<view::Slot> fresh;
    for (const auto& [slot, number] : pass.fresh) fresh.insert(slot);
    std::vector<index::Slot> touched;
    for (const view::Slot slot : fresh) {
        // Incidents that name it, wherever it is.
        for (const registry::DealingSlot one : snapshot.dealings().about(view.at(slot).id())) {
            if (snapshot.dealings().at(one).kind() == statement::incident_kind)
                asked[one].push_back(slot);
        }
        for (const view::SeenPlace& place : view.at(slot).places_ever()) {
            geo::Volume4D volume = place.reached->place.volume;
            volume.band = {};
            incidents.touching({std::move(volume), place.reached->reach()}, scratch, touched);
            for (const registry::DealingSlot one : touched) asked[one].push_back(slot);
        }
    }
    for (const auto& [incident, slots] : asked) tell_join(view, incident, slots, fresh, pass);
}

void Noticing::tell_join(const view::View& view, registry::DealingSlot incident,
                         const std::vector<view::Slot>& slots, const std::set<view::Slot>& fresh,
                         Pass& pass) const {
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::SeenStatement seen(snapshot, incident);
    const auto scene = evidence::scene_of(seen);
    if (seen.withdrawn() || !scene) return;
    const bool anywhere = scene->anywhere;
    const bool struck = pass.struck.contains(incident);
    std::map<PartyId, std::set<view::Slot>> told;
    const auto wanted = [&](view::Slot slot, const PartyId& party) {
        if (!struck && !fresh.contains(slot)) return false;
        const auto& of_party = told[party];
        return of_party.size() < told_max && !of_party.contains(slot);
    };
    evidence::each_row(view, seen, slots, Metres{0}, wanted, [&](const evidence::JoinRow& row) {
        if (!concerns(row)) return;
        const view::Slot slot = *view.find(row.record);
        told[row.party].insert(slot);
        const view::Seen record = view.at(slot);
        Notice notice;
        notice.what = watch::what::join;
        notice.party = record.party();
        notice.origin = record.origin();
        notice.index = row.index;
        notice.leaf = row.leaf;
        notice.detail = anywhere && !row.named ? "anywhere" : evidence::name(row.stood);
        notice.record = row.record;
        notice.version = row.version;
        notice.time = pass.moment;
        notice.talk = seen.id();
        pass.causes.push_back({"join/" + seen.id().text() + "/" + std::to_string(seen.version()) +
                                   "/" + record.origin().v + "/" + std::to_string(row.index.v),
                               notice, slot});
        // How near two exact places lie, and what one names, is in both of their bodies alone.
        pass.causes.back().exact = true;
    });
}

}  // namespace entente::node

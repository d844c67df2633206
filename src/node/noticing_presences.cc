// SPDX-License-Identifier: Apache-2.0
// Alarms that come of what is said of groups: by a position, or by another record of the group, or
// because one was taken back or is withheld, a presence is a conflict that was none before, and an
// activity that may still happen touches it. Whoever planned it by a caution is told.
#include <algorithm>

#include "check/activity.h"
#include "check/presence.h"
#include "node/noticing_pass.h"

namespace entente::node {
namespace {

using registry::DealingVersion;

/// What may have changed what a group's presences are; of several the first of the lowest rank is
/// named in the alarm.
struct Came {
    registry::DealingSlot slot;
    registry::Position entry;
    int rank;
};

int rank_of(const DealingVersion& version) {
    const auto* said =
        version.said ? std::get_if<statement::Position>(version.said.get()) : nullptr;
    if (said != nullptr && said->stand == statement::Stand::is_protected) return 0;
    return version.kind == statement::group_kind ? 1 : 2;
}

/// By the groups that it is about.
std::map<RecordId, Came> by_group(const registry::Snapshot& snapshot,
                                  const std::vector<Came>& all) {
    std::map<RecordId, Came> out;
    std::map<registry::DealingSlot, std::set<RecordId>> groups;
    for (const Came& one : all) {
        const auto [of, is_first] = groups.try_emplace(one.slot);
        if (is_first) of->second = view::groups_by(snapshot, one.slot);
        for (const RecordId& group : of->second) {
            const auto [found, is_new] = out.try_emplace(group, one);
            if (!is_new && one.rank < found->second.rank) found->second = one;
        }
    }
    return out;
}

/// What is said of groups, and what was before all this came. What the log of a party has more of
/// and may be on its way is in neither: it is told when that is known.
class Change {
  public:
    Change(const registry::Snapshot& snapshot, view::Unheard pending, view::Unheard before,
           Instant now)
        : snapshot_(snapshot), pending_(std::move(pending)), before_(std::move(before)), now_(now) {
    }
    /// Whether a presence that this party says so is a conflict by it, and was none.
    bool makes_conflict(const PartyId& author, const statement::Presence& said) {
        const auto [found, is_new] = stands_.try_emplace(said.group);
        auto& [before, now] = found->second;
        if (is_new) {
            before = view::group_stands(snapshot_, said.group, now_, now_, before_);
            now = view::group_stands(snapshot_, said.group, now_, now_, pending_);
        }
        // Whatever could not be read before, that nobody protected it was all that was known.
        if (now.is_protected() && !before.is_protected()) return true;
        const auto restrains = [&](const view::GroupStands& stands) {
            return check::because_of(author, said, stands) != check::Because::nobody_protects;
        };
        return restrains(now) && !restrains(before);
    }

  private:
    const registry::Snapshot& snapshot_;
    view::Unheard pending_, before_;
    Instant now_;
    std::map<RecordId, std::pair<view::GroupStands, view::GroupStands>> stands_;
};

const registry::LogState* log_of(const registry::Snapshot& snapshot, const Origin& origin) {
    for (const auto& log : snapshot.logs()) {
        if (log->origin == origin) return log.get();
    }
    return nullptr;
}

}  // namespace

/// What this entry of a log says of a group makes its presence a conflict, which this activity
/// touches.
Noticing::Cause Noticing::alarm_of(const registry::LogState& log, const registry::Position& entry,
                                   const view::Seen& presence, const view::SeenActivity& activity,
                                   Instant now) {
    Notice notice;
    notice.what = watch::what::alarm;
    notice.party = log.party;
    notice.origin = log.origin;
    notice.index = entry.index;
    notice.leaf = entry.leaf;
    notice.detail = view::name(activity.state(now));
    notice.record = presence.id();
    notice.version = presence.version();
    notice.time = now;
    notice.activity = activity.id();
    return {"alarm/" + activity.id().text() + "/" + log.origin.v + "/" +
                std::to_string(notice.index.v) + "/" + presence.id().text(),
            notice,
            {}};
}

void Noticing::position_alarms(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    if ((pass.stood.empty() && pass.withheld.empty()) || activities == nullptr) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    std::vector<Came> all;
    for (const auto& [slot, number] : pass.stood) {
        for (const DealingVersion& version : snapshot.dealings().at(slot).versions) {
            if (version.number != number) continue;
            all.push_back({slot, version.position, rank_of(version)});
        }
    }
    view::Unheard pending{{}, withheld_dealings_};
    for (const auto& [slot, entry] : pass.withheld) {
        pending.withheld.erase(slot);
        all.push_back({slot, entry, 3});
    }
    Change change(snapshot, pending, {pass.stood, withheld_dealings_}, pass.moment);
    const auto came = by_group(snapshot, all);
    std::set<RecordId> groups;
    for (const auto& [group, one] : came) groups.insert(group);
    index::Scratch scratch;
    for (const registry::Slot presence : view::presences_of(snapshot, groups)) {
        const view::Seen seen = view.at(presence);
        const registry::Record& record = snapshot.at(presence);
        auto found = came.end();
        for (const auto* said : presences_said(record, snapshot.log(record.log), pass.moment)) {
            const auto of = came.find(said->group);
            if (of != came.end() && change.makes_conflict(seen.party(), *said)) found = of;
        }
        if (found == came.end()) continue;
        const registry::LogState& log =
            snapshot.log(snapshot.dealings().at(found->second.slot).log);
        for (const view::DealingSlot one :
             check::touched(view, *activities, scratch, seen, pass.moment)) {
            Cause cause = alarm_of(log, found->second.entry, seen, view.activity(one), pass.moment);
            cause.slot = presence;
            pass.causes.push_back(std::move(cause));
        }
    }
}

/// Read where a recall may have added to it.
Result<std::vector<Forgotten>> Noticing::load_forgotten() const {
    if (of_.exchange == nullptr || forgotten_ == of_.exchange->forgotten()) {
        return std::vector<Forgotten>();
    }
    TRY(row, of_.store->local(forgotten_name));
    auto read = decode_forgotten(row.value_or(Bytes()));
    if (read) return read;
    // Nothing else is kept from being told by it; that it cannot be read is told.
    return std::vector<Forgotten>{Forgotten{of_.node->origin(), {}, {}}};
}

/// For everybody, whatever they asked for: read the register again.
Noticing::Cause Noticing::forgotten_unread(Instant now) const {
    Notice notice;
    notice.what = notice.detail = unreadable;
    notice.party = of_.node->snapshot().party();
    notice.origin = of_.node->origin();
    notice.index.v = of_.node->log().size().v;
    notice.time = now;
    return {std::string("unreadable/") + forgotten_name + "/" + std::to_string(notice.index.v),
            notice,
            {}};
}

/// A presence that was none is a conflict since a recall took away what had been said of its group.
void Noticing::recall_alarms(Pass& pass) const {
    const index::Index* const activities = of_.node->activities();
    if (of_.exchange == nullptr || activities == nullptr) return;
    const registry::Snapshot& snapshot = of_.node->snapshot();
    const view::View view(snapshot, {snapshot.party()});
    const view::Unheard pending{{}, withheld_dealings_};
    index::Scratch scratch;
    for (const Forgotten& one : pass.forgotten) {
        if (one.cautions.empty()) pass.causes.push_back(forgotten_unread(pass.moment));
        const registry::LogState* const log = log_of(snapshot, one.origin);
        for (const RecordId& id : one.cautions) {
            const auto presence = snapshot.find(id);
            if (log == nullptr || !presence ||
                !is_conflict(snapshot, *presence, pass.moment, pending)) {
                continue;
            }
            for (const view::DealingSlot activity :
                 check::touched(view, *activities, scratch, view.at(*presence), pass.moment)) {
                Cause cause = alarm_of(*log, one.entry, view.at(*presence), view.activity(activity),
                                       pass.moment);
                cause.key += "/recalled";
                cause.slot = *presence;
                pass.causes.push_back(std::move(cause));
            }
        }
    }
}

}  // namespace entente::node

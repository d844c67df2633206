// SPDX-License-Identifier: Apache-2.0
#include "view/positions.h"

#include <algorithm>
#include <set>

#include "base/assert.h"

namespace entente::view {
namespace {

using registry::Snapshot;
using statement::Position;
using statement::Stand;

const Position* position_of(const registry::DealingVersion& version) {
    return version.said ? std::get_if<Position>(version.said.get()) : nullptr;
}

/// Whether a version says that it protects, and not yet past what it says itself.
bool protects(const registry::DealingVersion& version, Instant now) {
    const Position* said = position_of(version);
    return said != nullptr && said->stand == Stand::is_protected &&
           (!said->until || *said->until > now);
}

Stands stands_of(const SeenStatement& seen, Instant now) {
    const auto& versions = seen.dealing().versions;
    const auto newest = std::find_if(versions.rbegin(), versions.rend(), position_of);
    Stands out{seen.id(), seen.leaf(), versions.back().time, Stand::no_position, false, nullptr};
    if (!seen.withdrawn() && newest != versions.rend()) {
        out.said = position_of(*newest);
        const bool over = out.said->until && *out.said->until <= now;
        out.stand = over ? Stand::no_position : out.said->stand;
    }
    out.protects_still =
        out.stand != Stand::is_protected &&
        std::any_of(versions.begin(), versions.end(),
                    [&](const registry::DealingVersion& one) { return protects(one, now); });
    return out;
}

/// Groups that several records name, by the first of them.
class Groups {
  public:
    explicit Groups(const Snapshot& snapshot) {
        for (const SeenStatement& seen : statements(snapshot, statement::group_kind)) {
            const auto* group = seen.said_as<statement::Group>();
            note(seen.id());
            if (group == nullptr || seen.withdrawn()) continue;
            if (!group->names.empty()) names_.emplace(seen.id(), group->names.front().text);
            for (const RecordId& other : group->same) join(seen.id(), other);
        }
    }
    void note(const RecordId& id) { parent_.emplace(id, id); }
    RecordId root(RecordId id) {
        note(id);
        while (parent_.at(id) != id) id = parent_.at(id);
        return id;
    }
    /// Every group's records, by the first of them.
    std::map<RecordId, std::vector<RecordId>> all() {
        std::map<RecordId, std::vector<RecordId>> out;
        for (const auto& [id, parent] : parent_) out[root(id)].push_back(id);
        return out;
    }
    std::string name_of(const std::vector<RecordId>& group) const {
        for (const RecordId& id : group) {
            if (const auto name = names_.find(id); name != names_.end()) return name->second;
        }
        return {};
    }

  private:
    void join(RecordId a, RecordId b) {
        a = root(a);
        b = root(b);
        if (a != b) parent_[std::max(a, b)] = std::min(a, b);
    }
    std::map<RecordId, RecordId> parent_;
    std::map<RecordId, std::string> names_;
};

/// The stands that count among those of one group or point: one that says nothing any more does
/// not, unless it goes on protecting.
void judge(Standing& standing, const statement::Charter& charter) {
    std::set<Stand> said;
    std::set<PartyId> holders;
    for (const auto& [party, all] : standing.by_party) {
        for (const Stands& one : all) {
            standing.is_protected |= one.stand == Stand::is_protected || one.protects_still;
            if (one.said != nullptr && one.stand != Stand::no_position) {
                said.insert(one.stand);
                holders.insert(party);
            }
        }
    }
    const auto speaks = [&](const PartyId& party) {
        const auto found = standing.by_party.find(party);
        return found != standing.by_party.end() &&
               std::any_of(found->second.begin(), found->second.end(),
                           [](const Stands& one) { return one.said != nullptr; });
    };
    for (const statement::CharterParty& party : charter.parties) {
        if (!speaks(party.id)) standing.silent.push_back(party.id);
    }
    standing.accord = said.empty()         ? Accord::nobody
                      : said.size() > 1    ? Accord::differ
                      : holders.size() > 1 ? Accord::agree
                                           : Accord::one;
}

}  // namespace

const char* name(Accord accord) {
    switch (accord) {
        case Accord::nobody: return "nobody";
        case Accord::one: return "one";
        case Accord::agree: return "agree";
        case Accord::differ: return "differ";
    }
    ASSERT(false);
}

std::vector<Standing> standings(const Snapshot& snapshot, Instant now) {
    Groups groups(snapshot);
    std::map<RecordId, std::map<PartyId, std::vector<Stands>>> of_groups;
    std::map<std::string, std::map<PartyId, std::vector<Stands>>> of_points;
    for (const SeenStatement& seen : statements(snapshot, statement::position_kind)) {
        const auto* position = seen.said_as<Position>();
        if (position == nullptr) continue;
        const Stands stands = stands_of(seen, now);
        if (position->group)
            of_groups[groups.root(*position->group)][seen.party()].push_back(stands);
        else
            of_points[position->point][seen.party()].push_back(stands);
    }
    std::vector<Standing> out;
    for (const auto& [first, records] : groups.all()) {
        out.push_back({records, groups.name_of(records), false, of_groups[first], {}});
    }
    const auto point = [&](const std::string& text, bool of_charter) {
        out.push_back({{}, text, of_charter, of_points[text], {}});
        of_points.erase(text);
    };
    for (const std::string& text : snapshot.charter().points_agreed) point(text, true);
    for (const std::string& text : snapshot.charter().points_of_difference) point(text, true);
    while (!of_points.empty()) point(std::string(of_points.begin()->first), false);
    for (Standing& one : out) judge(one, snapshot.charter());
    return out;
}

std::optional<Standing> standing_of(const Snapshot& snapshot, const RecordId& group, Instant now) {
    for (Standing& one : standings(snapshot, now)) {
        const auto& all = one.groups;
        if (std::find(all.begin(), all.end(), group) != all.end()) return std::move(one);
    }
    return std::nullopt;
}

}  // namespace entente::view

// SPDX-License-Identifier: Apache-2.0
#include "view/positions.h"

#include <algorithm>
#include <set>

#include "base/assert.h"
#include "view/id_sets.h"
#include "view/presence.h"

namespace entente::view {
namespace {

using registry::Snapshot;
using statement::Position;
using statement::Stand;

const Position* position_of(const registry::DealingVersion& version) {
    return version.said ? std::get_if<Position>(version.said.get()) : nullptr;
}

/// Whether a version says that it protects, and not yet past what it says itself.
bool protects(const Position& said, Instant now) {
    return said.stand == Stand::is_protected && (!said.until || *said.until > now);
}

/// Groups that several records name, by the first of them.
class Groups {
  public:
    explicit Groups(const Snapshot& snapshot) {
        for (const SeenStatement& seen : statements(snapshot, statement::group_kind)) {
            sets_.root(seen.id());
            // What was said to be one stays one: else a word of one party would end what another
            // one protects.
            for (const registry::DealingVersion& version : seen.dealing().versions) {
                const auto* group =
                    version.said ? std::get_if<statement::Group>(version.said.get()) : nullptr;
                if (group == nullptr) continue;
                if (!group->names.empty()) {
                    names_[seen.id()] = group->names.front().text;
                    if (seen.own()) own_.insert(seen.id());
                }
                for (const RecordId& other : group->same) sets_.join(seen.id(), other);
            }
        }
    }
    RecordId root(const RecordId& id) { return sets_.root(id); }
    /// Every group's records, by the first of them.
    std::map<RecordId, std::vector<RecordId>> all() {
        std::map<RecordId, std::vector<RecordId>> out;
        std::vector<RecordId> known;
        sets_.each([&](const RecordId& id) { known.push_back(id); });
        for (const RecordId& id : known) out[root(id)].push_back(id);
        return out;
    }
    std::string name_of(const std::vector<RecordId>& group) const {
        std::string out;
        for (const RecordId& id : group) {
            const auto name = names_.find(id);
            if (name == names_.end()) continue;
            if (own_.contains(id)) return name->second;
            if (out.empty()) out = name->second;
        }
        return out;
    }

  private:
    IdSets sets_;
    std::map<RecordId, std::string> names_;
    std::set<RecordId> own_;
};

/// What a record says of one group or point.
struct Taken {
    std::optional<RecordId> group;
    std::string point;
    Stands stands;
};

/// One for each that any of its versions is on, whatever kind its newest claims to be: what it said
/// of a group before goes on protecting that group, though it speaks of another one now.
std::vector<Taken> taken_by(const SeenStatement& seen, const registry::LogState& log,
                            Groups& groups, Instant now) {
    const auto& versions = seen.dealing().versions;
    const auto last = std::find_if(versions.rbegin(), versions.rend(), position_of);
    std::vector<Taken> out;
    for (const registry::DealingVersion& version : versions) {
        const Position* said = position_of(version);
        if (said == nullptr) continue;
        std::optional<RecordId> group;
        if (said->group) group = groups.root(*said->group);
        auto taken = std::find_if(out.begin(), out.end(), [&](const Taken& one) {
            return one.group == group && (group || one.point == said->point);
        });
        if (taken == out.end()) {
            const Stands none{seen.id(),
                              seen.leaf(),
                              versions.back().time,
                              Stand::no_position,
                              false,
                              seen.dealing().newer_withheld,
                              true,
                              nullptr};
            taken = out.insert(out.end(), {group, group ? "" : said->point, none});
        }
        Stands& stands = taken->stands;
        stands.protects_still |= protects(*said, now);
        if (&version != &*last || seen.withdrawn()) continue;
        stands.said = said;
        stands.acts = acts(*said, version, log, now);
        const bool over = said->until && *said->until <= now;
        stands.stand = over ? Stand::no_position : said->stand;
    }
    for (Taken& one : out) {
        one.stands.protects_still &= one.stands.stand != Stand::is_protected;
    }
    return out;
}

/// The stands that count among those of one group or point: one that says nothing any more does
/// not, unless it goes on protecting.
void judge(Standing& standing, const statement::Charter& charter) {
    std::set<Stand> said;
    std::set<PartyId> holders;
    for (const auto& [party, all] : standing.by_party) {
        for (const Stands& one : all) {
            standing.is_protected |= one.stand == Stand::is_protected || one.protects_still;
            // What protects does so at once, whether it has begun or not.
            const bool counts = one.acts || one.stand == Stand::is_protected;
            if (one.said != nullptr && counts && one.stand != Stand::no_position) {
                said.insert(one.stand);
                holders.insert(party);
            }
        }
    }
    const auto speaks = [&](const PartyId& party) {
        const auto found = standing.by_party.find(party);
        return found != standing.by_party.end() &&
               std::any_of(found->second.begin(), found->second.end(),
                           [](const Stands& one) { return one.said != nullptr && one.acts; });
    };
    for (const statement::CharterParty& party : charter.parties) {
        if (!speaks(party.id)) standing.silent.push_back(party.id);
    }
    standing.accord = said.empty()         ? Accord::nobody
                      : said.size() > 1    ? Accord::differ
                      : holders.size() < 2 ? Accord::one
                      // Who each says to differ on a point is not of one mind with the other.
                      : said.contains(Stand::differs) ? Accord::differ
                                                      : Accord::agree;
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
    for (const SeenStatement& seen : statements(snapshot, {})) {
        for (Taken& taken : taken_by(seen, snapshot.log(seen.dealing().log), groups, now)) {
            auto& of = taken.group ? of_groups[*taken.group] : of_points[taken.point];
            of[seen.party()].push_back(taken.stands);
        }
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

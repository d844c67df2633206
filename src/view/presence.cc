// SPDX-License-Identifier: Apache-2.0
#include "view/presence.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/breaks.h"

namespace entente::view {
namespace {

using registry::Dealing;
using registry::DealingVersion;
using registry::Snapshot;
using statement::Group;
using statement::Position;
using statement::Stand;

template <class T>
const T* said_in(const DealingVersion& version) {
    return version.said ? std::get_if<T>(version.said.get()) : nullptr;
}

bool is_group(const Dealing& dealing) { return dealing.kind() == statement::group_kind; }

/// Whether something of it is not here that may say otherwise than what is.
bool is_unread(const Dealing& dealing) {
    std::uint32_t expected = 1;
    for (const DealingVersion& version : dealing.versions) {
        if (version.number > expected) return true;
        expected = version.number + 1;
        if (!version.said && version.act != statement::act::withdraw) return true;
    }
    return dealing.more;
}

/// The records of one group, from one of them on.
class Walk {
  public:
    Walk(const Snapshot& snapshot, const RecordId& from) : snapshot_(snapshot) {
        meet(from);
        while (!next_.empty()) {
            const RecordId id = next_.back();
            next_.pop_back();
            look(id);
        }
    }
    std::set<RecordId> met;
    bool unread = false;

  private:
    void meet(const RecordId& id) {
        if (met.contains(id)) return;
        if (met.size() == groups_of_one_max) {
            unread = true;
            return;
        }
        met.insert(id);
        next_.push_back(id);
    }
    void look(const RecordId& id) {
        const registry::Dealings& dealings = snapshot_.dealings();
        unread |= dealings.more_about(id);
        if (const auto own = dealings.find(id); own && is_group(dealings.at(*own))) {
            const Dealing& dealing = dealings.at(*own);
            unread |= is_unread(dealing);
            for (const DealingVersion& version : dealing.versions) {
                const auto* group = said_in<Group>(version);
                if (group == nullptr) continue;
                for (const RecordId& other : group->same) meet(other);
            }
        }
        // What was said to be one stays one (view/positions.cc).
        for (const DealingSlot slot : dealings.about(id)) {
            const Dealing& dealing = dealings.at(slot);
            if (!is_group(dealing)) continue;
            const auto names_it = [&](const DealingVersion& version) {
                const auto* group = said_in<Group>(version);
                return group != nullptr && std::count(group->same.begin(), group->same.end(), id);
            };
            const auto& all = dealing.versions;
            if (std::any_of(all.begin(), all.end(), names_it)) meet(dealing.id);
        }
    }

    const Snapshot& snapshot_;
    std::vector<RecordId> next_;
};

/// What this record says of the group; nothing where it is no position on it. `common`: of the
/// branches of its log, where that forked.
std::optional<GroupWord> word_of(const SeenStatement& seen, const std::optional<TreeSize>& common,
                                 const std::set<RecordId>& groups, Instant now, Instant earliest) {
    const auto& versions = seen.dealing().versions;
    const auto last = std::find_if(versions.rbegin(), versions.rend(), said_in<Position>);
    std::optional<GroupWord> out;
    for (const DealingVersion& version : versions) {
        const auto* said = said_in<Position>(version);
        if (said == nullptr || !said->group || !groups.contains(*said->group)) continue;
        if (!out) out = GroupWord{seen.party(), seen.id(), seen.leaf()};
        if (broken(Break::end_position_at_once)) out->protects = false;
        out->protects |=
            said->stand == Stand::is_protected && (!said->until || *said->until > earliest);
        if (&version != &*last || seen.withdrawn()) continue;
        // What has not begun has not been said yet; nor does it relax what was said after its log
        // forked (PROTOCOL 25).
        const bool begun = !said->from || *said->from <= now;
        const bool forked = common && version.position.index.v >= common->v;
        if (!begun || forked) continue;
        out->speaks = true;
        const bool over = said->until && *said->until <= now;
        out->stand = over ? Stand::no_position : said->stand;
    }
    return out;
}

}  // namespace

bool GroupStands::is_protected() const {
    return std::any_of(words.begin(), words.end(), [](const auto& one) { return one.protects; });
}

bool GroupStands::speaks(const PartyId& party) const {
    return std::any_of(words.begin(), words.end(),
                       [&](const auto& one) { return one.party == party && one.speaks; });
}

bool GroupStands::differ() const {
    for (const GroupWord& one : words) {
        if (!one.protects) continue;
        const bool other = std::any_of(words.begin(), words.end(), [&](const GroupWord& two) {
            return two.party != one.party && two.stand == Stand::not_protected;
        });
        if (other) return true;
    }
    return false;
}

GroupStands group_stands(const Snapshot& snapshot, const RecordId& group, Instant now,
                         Instant earliest) {
    const Walk walk(snapshot, group);
    const registry::Dealings& dealings = snapshot.dealings();
    GroupStands out;
    out.groups.assign(walk.met.begin(), walk.met.end());
    out.unread = walk.unread;
    std::set<DealingSlot> positions;
    for (const RecordId& id : out.groups) {
        const auto about = dealings.about(id);
        positions.insert(about.begin(), about.end());
        const auto own = dealings.find(id);
        if (!own || !is_group(dealings.at(*own))) continue;
        const auto* said = SeenStatement(snapshot, *own).said_as<Group>();
        if (said == nullptr) continue;
        out.known |= id == group;
        for (const statement::GroupName& name : said->names) {
            if (std::count(out.names.begin(), out.names.end(), name.text) == 0) {
                out.names.push_back(name.text);
            }
        }
    }
    for (const DealingSlot slot : positions) {
        if (!is_statement(snapshot, slot)) continue;
        const SeenStatement seen(snapshot, slot);
        const auto& common = snapshot.log(seen.dealing().log).forked;
        auto word = word_of(seen, common, walk.met, now, std::min(now, earliest));
        if (!word) continue;
        out.unread |= is_unread(seen.dealing());
        out.words.push_back(std::move(*word));
    }
    std::sort(out.words.begin(), out.words.end(), [](const GroupWord& a, const GroupWord& b) {
        return std::tie(a.party, a.id) < std::tie(b.party, b.id);
    });
    return out;
}

namespace {

/// Groups that a dealing is, or that it takes or took a position on, with all that mean the same.
std::set<RecordId> groups_by(const Snapshot& snapshot, DealingSlot slot) {
    const Dealing& dealing = snapshot.dealings().at(slot);
    std::set<RecordId> out;
    const auto add = [&](const RecordId& id) { out.merge(Walk(snapshot, id).met); };
    if (is_group(dealing)) add(dealing.id);
    for (const DealingVersion& version : dealing.versions) {
        const auto* said = said_in<Position>(version);
        if (said != nullptr && said->group && !out.contains(*said->group)) add(*said->group);
    }
    return out;
}

}  // namespace

std::vector<registry::Slot> presences_by(const Snapshot& snapshot, DealingSlot slot) {
    const std::set<RecordId> groups = groups_by(snapshot, slot);
    std::vector<registry::Slot> out;
    for (registry::Slot other = 0; !groups.empty() && other < snapshot.size(); ++other) {
        const auto& versions = snapshot.at(other).versions;
        const bool of_them = std::any_of(versions.begin(), versions.end(), [&](const auto& one) {
            const auto* said = one.content ? &one.content->protection : nullptr;
            return said != nullptr && said->presence && groups.contains(said->presence->group);
        });
        if (of_them) out.push_back(other);
    }
    return out;
}

}  // namespace entente::view

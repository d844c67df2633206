// SPDX-License-Identifier: Apache-2.0
#include "view/presence.h"

#include <algorithm>
#include <functional>
#include <map>
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
    return dealing.more || dealing.newer_withheld;
}

/// Dealings as they are without what is not heard yet.
class Heard {
  public:
    Heard(const Snapshot& snapshot, const Unheard& unheard)
        : dealings_(snapshot.dealings()), unheard_(unheard) {}
    /// Null where nothing of it is heard.
    const Dealing* at(DealingSlot slot) {
        const auto& versions = unheard_.versions;
        const auto first = versions.lower_bound({slot, 0});
        const bool some = first != versions.end() && first->first == slot;
        if (!some && !unheard_.withheld.contains(slot)) return &dealings_.at(slot);
        const auto [found, is_new] = reduced_.try_emplace(slot, dealings_.at(slot));
        Dealing& reduced = found->second;
        if (is_new) {
            std::erase_if(reduced.versions, [&](const DealingVersion& version) {
                return versions.contains({slot, version.number});
            });
            reduced.newer_withheld &= !unheard_.withheld.contains(slot);
        }
        return reduced.versions.empty() ? nullptr : &reduced;
    }
    const Dealing* find(const RecordId& id) {
        const auto slot = dealings_.find(id);
        return slot ? at(*slot) : nullptr;
    }
    const registry::Dealings& all() const { return dealings_; }

  private:
    const registry::Dealings& dealings_;
    const Unheard& unheard_;
    std::map<DealingSlot, Dealing> reduced_;
};

/// Whose word that two records are one group counts.
using Joins = std::function<bool(const Dealing&, const DealingVersion&)>;

/// The records of one group, from one of them on.
class Walk {
  public:
    Walk(Heard& heard, const RecordId& from, Joins joins = {})
        : heard_(heard), joins_(std::move(joins)) {
        meet(from);
        while (!next_.empty() && looks_ < looks_max) {
            const RecordId id = next_.back();
            next_.pop_back();
            look(id);
        }
        unread |= !next_.empty() || looks_ >= looks_max;
    }
    /// Versions that one walk looks at: nobody's many words make each check of an area slow. What
    /// lies beyond is as good as unread.
    static constexpr std::size_t looks_max = 20'000;
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
    const Group* joining(const Dealing& dealing, const DealingVersion& version) {
        ++looks_;
        return !joins_ || joins_(dealing, version) ? said_in<Group>(version) : nullptr;
    }
    void look(const RecordId& id) {
        unread |= heard_.all().more_about(id);
        if (const Dealing* own = heard_.find(id); own != nullptr && is_group(*own)) {
            unread |= is_unread(*own);
            for (const DealingVersion& version : own->versions) {
                const auto* group = joining(*own, version);
                if (group == nullptr) continue;
                for (const RecordId& other : group->same) meet(other);
            }
        }
        // What was said to be one stays one (view/positions.cc).
        for (const DealingSlot slot : heard_.all().about(id)) {
            if (looks_ >= looks_max) return;
            const Dealing* dealing = heard_.at(slot);
            if (dealing == nullptr || !is_group(*dealing)) continue;
            const auto names_it = [&](const DealingVersion& version) {
                const auto* group = joining(*dealing, version);
                return group != nullptr && std::count(group->same.begin(), group->same.end(), id);
            };
            const auto& all = dealing->versions;
            if (std::any_of(all.begin(), all.end(), names_it)) meet(dealing->id);
        }
    }

    Heard& heard_;
    Joins joins_;
    std::vector<RecordId> next_;
    std::size_t looks_ = 0;
};

/// Which records each party itself says to be the group that was asked for.
class OwnWords {
  public:
    OwnWords(const Snapshot& snapshot, Heard& heard, const RecordId& group)
        : snapshot_(snapshot), heard_(heard), group_(group) {}
    bool means(const PartyId& party, const RecordId& record) {
        if (record == group_) return true;
        const auto [found, is_new] = met_.try_emplace(party);
        if (is_new) {
            found->second = Walk(heard_, group_, [&](const Dealing& one, const auto& version) {
                                // What it says no more makes it speak no more: of what relaxes its
                                // newest word alone counts.
                                const auto newest = one.newest();
                                if (newest.size() != 1 || &newest.front() != &version) return false;
                                if (withdrawn(one)) return false;
                                const registry::LogState& log = snapshot_.log(one.log);
                                const bool forked =
                                    log.forked && version.position.index.v >= log.forked->v;
                                return log.party == party && !forked;
                            }).met;
        }
        return found->second.contains(record);
    }

  private:
    const Snapshot& snapshot_;
    Heard& heard_;
    const RecordId& group_;
    std::map<PartyId, std::set<RecordId>> met_;
};

/// What this record says of the group; nothing where it is no position on it.
std::optional<GroupWord> word_of(const Dealing& dealing, const registry::LogState& log,
                                 const std::set<RecordId>& groups, OwnWords& own, Instant now,
                                 Instant earliest) {
    const auto& versions = dealing.versions;
    const auto last = std::find_if(versions.rbegin(), versions.rend(), said_in<Position>);
    std::optional<GroupWord> out;
    for (const DealingVersion& version : versions) {
        const auto* said = said_in<Position>(version);
        if (said == nullptr || !said->group || !groups.contains(*said->group)) continue;
        if (!out) out = GroupWord{log.party, dealing.id, versions.back().position.leaf};
        if (broken(Break::end_position_at_once)) out->protects = false;
        out->protects |=
            said->stand == Stand::is_protected && (!said->until || *said->until > earliest);
        if (&version != &*last || withdrawn(dealing)) continue;
        if (!acts(*said, version, log, now)) continue;
        out->speaks = true;
        out->meant = own.means(log.party, *said->group);
        const bool over = said->until && *said->until <= now;
        out->stand = over ? Stand::no_position : said->stand;
    }
    return out;
}

/// Appends those that are not there yet.
void add_names(const Dealing* dealing, std::vector<std::string>& out) {
    const auto* dealt = dealing != nullptr && is_group(*dealing) ? dealing->said() : nullptr;
    const auto* said = dealt != nullptr ? std::get_if<Group>(dealt) : nullptr;
    if (said == nullptr) return;
    for (const statement::GroupName& name : said->names) {
        if (std::count(out.begin(), out.end(), name.text) == 0) out.push_back(name.text);
    }
}

bool is_known(const Dealing* dealing) {
    const auto* dealt = dealing != nullptr && is_group(*dealing) ? dealing->said() : nullptr;
    return dealt != nullptr && std::holds_alternative<Group>(*dealt);
}

}  // namespace

bool acts(const Position& said, const DealingVersion& version, const registry::LogState& log,
          Instant now) {
    const bool begun = !said.from || *said.from <= now;
    const bool forked = log.forked && version.position.index.v >= log.forked->v;
    return begun && !forked;
}

bool GroupStands::is_protected() const {
    return std::any_of(words.begin(), words.end(), [](const auto& one) { return one.protects; });
}

bool GroupStands::speaks(const PartyId& party) const {
    return std::any_of(words.begin(), words.end(),
                       [&](const auto& one) { return one.party == party && one.meant; });
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
                         Instant earliest, const Unheard& unheard) {
    Heard heard(snapshot, unheard);
    const Walk walk(heard, group);
    GroupStands out;
    out.groups.assign(walk.met.begin(), walk.met.end());
    out.unread = walk.unread;
    out.known = is_known(heard.find(group));
    add_names(heard.find(group), out.names);
    std::set<DealingSlot> positions;
    for (const RecordId& id : out.groups) {
        const auto about = snapshot.dealings().about(id);
        positions.insert(about.begin(), about.end());
        const Dealing* own = heard.find(id);
        if (own != nullptr && snapshot.log(own->log).own) add_names(own, out.names);
    }
    OwnWords own(snapshot, heard, group);
    for (const DealingSlot slot : positions) {
        const Dealing* dealing = is_statement(snapshot, slot) ? heard.at(slot) : nullptr;
        if (dealing == nullptr) continue;
        auto word = word_of(*dealing, snapshot.log(dealing->log), walk.met, own, now,
                            std::min(now, earliest));
        if (!word) continue;
        out.unread |= is_unread(*dealing);
        out.words.push_back(std::move(*word));
    }
    std::sort(out.words.begin(), out.words.end(), [](const GroupWord& a, const GroupWord& b) {
        return std::tie(a.party, a.id) < std::tie(b.party, b.id);
    });
    return out;
}

std::set<RecordId> groups_by(const Snapshot& snapshot, DealingSlot slot) {
    const Dealing& dealing = snapshot.dealings().at(slot);
    std::set<RecordId> out;
    const Unheard nothing;
    Heard heard(snapshot, nothing);
    const auto add = [&](const RecordId& id) { out.merge(Walk(heard, id).met); };
    if (is_group(dealing)) add(dealing.id);
    for (const DealingVersion& version : dealing.versions) {
        const auto* said = said_in<Position>(version);
        if (said != nullptr && said->group && !out.contains(*said->group)) add(*said->group);
    }
    return out;
}

std::vector<registry::Slot> presences_of(const Snapshot& snapshot,
                                         const std::set<RecordId>& groups) {
    std::vector<registry::Slot> out;
    for (registry::Slot slot = 0; !groups.empty() && slot < snapshot.size(); ++slot) {
        const auto& versions = snapshot.at(slot).versions;
        const bool of_them = std::any_of(versions.begin(), versions.end(), [&](const auto& one) {
            const auto* said = one.content ? &one.content->protection : nullptr;
            return said != nullptr && said->presence && groups.contains(said->presence->group);
        });
        if (of_them) out.push_back(slot);
    }
    return out;
}

}  // namespace entente::view

// SPDX-License-Identifier: Apache-2.0
#include "node/joining.h"

#include <algorithm>

namespace entente::node {

using statement::Rung;

/// Every pair of a log of ours and another party, and of another's log and us. A party that left is
/// among them: what it was told it was told.
std::set<Joining::Key> Joining::keys() const {
    std::set<Key> out;
    const auto logs = exchange_->node().snapshot().logs();
    for (const auto& own : logs) {
        for (const auto& other : logs) {
            if (!own->own || other->own) continue;
            out.insert({own->origin, other->party});
            out.insert({other->origin, exchange_->self()});
        }
    }
    return out;
}

const Peer* Joining::log_of(const Origin& origin) const {
    for (const auto* all : {&exchange_->peers(), &exchange_->former()}) {
        for (const auto& peer : *all) {
            if (peer->origin == origin) return peer.get();
        }
    }
    return nullptr;
}

namespace {

/// Whether the receipt names statements, or a list that this one was.
bool is_of_list(const statement::Receipt& receipt, const tlog::Tree& list) {
    const auto& whole = receipt.list;
    return !whole || !receipt.entries.empty() ||
           (whole->size <= list.size() && whole->root == list.root(whole->size));
}

}  // namespace

void Joining::hear(const Key& key, Kept& kept) const {
    if (key.recipient == exchange_->self()) {
        const Peer* log = log_of(key.author);
        if (log == nullptr) return;
        kept.heard = true;
        kept.list.hear(exchange_->said(), [&](const HeardReceipt& said) {
            return said.receipt.to == log->id && is_of_list(said.receipt, log->received);
        });
        return;
    }
    const Peer* peer = exchange_->peer(key.recipient);
    if (peer == nullptr) return;
    const auto of_it = [&](const HeardReceipt& heard) { return heard.from == peer->id; };
    if (key.author == exchange_->node().origin()) {
        kept.heard = true;
        return kept.list.hear(exchange_->heard(), of_it);
    }
    const Peer* own = log_of(key.author);
    for (const GivenBefore& before : peer->given_before) {
        if (own == nullptr || before.number != own->number) continue;
        kept.heard = true;
        kept.list.hear(exchange_->heard_before(), [&](const HeardReceipt& heard) {
            return of_it(heard) && is_of_list(heard.receipt, before.list);
        });
    }
}

Result<bool> Joining::catch_up(std::size_t most) {
    if (exchange_ == nullptr) return true;
    for (const Key& key : keys()) {
        Kept& kept =
            lists_.try_emplace(key, Kept{ToldList(key.author, key.recipient)}).first->second;
        TRY(all, kept.list.read(exchange_->store(), most));
        if (!all) return false;
        hear(key, kept);
    }
    return true;
}

namespace {

view::Tier tier_of(Slots slots) {
    constexpr Slots coarse = 2, exact = 4;
    return (slots & exact) != 0    ? view::Tier::exact
           : (slots & coarse) != 0 ? view::Tier::coarse
                                   : view::Tier::none;
}

/// Of very many steps those that are shown: of each rung the first and the last, and of those that
/// differ as well; of the others the first.
void shorten(std::vector<evidence::Step>& steps) {
    if (steps.size() <= Joining::steps_max) return;
    std::vector<bool> kept(steps.size());
    std::set<std::pair<Rung, bool>> first, last;
    for (std::size_t i = 0, j = steps.size(); i < steps.size(); ++i) {
        if (first.emplace(steps[i].rung, steps[i].differs).second) kept[i] = true;
        --j;
        if (last.emplace(steps[j].rung, steps[j].differs).second) kept[j] = true;
    }
    auto left =
        Joining::steps_max - static_cast<std::size_t>(std::count(kept.begin(), kept.end(), true));
    std::vector<evidence::Step> out;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!kept[i] && left == 0) continue;
        if (!kept[i]) --left;
        out.push_back(std::move(steps[i]));
    }
    steps = std::move(out);
}
// Of each rung four at most.
static_assert(4 * statement::rung_count <= Joining::steps_max);

/// `begin`: of the incident; nothing where that is not known.
evidence::Told told_of(const PartyId& party, Slots slots, bool heard,
                       const std::optional<Instant>& begin, const std::vector<LadderStep>& steps) {
    evidence::Told out{party, tier_of(slots), {}, heard};
    for (const LadderStep& step : steps) {
        const bool differs = step.at && step.at->differs;
        out.steps.push_back(
            {step.rung, step.unit, step.actor, step.time, step.leaf, differs, step.at.has_value()});
    }
    std::stable_sort(out.steps.begin(), out.steps.end(),
                     [](const auto& a, const auto& b) { return a.time < b.time; });
    if (begin && heard) out.by_then = evidence::by(out.steps, *begin);
    shorten(out.steps);
    return out;
}

}  // namespace

std::vector<evidence::Told> Joining::told(const RecordId& id, const Hash& leaf,
                                          const std::optional<Instant>& begin) const {
    std::vector<evidence::Told> out;
    const registry::Snapshot& snapshot = exchange_->node().snapshot();
    const auto slot = snapshot.find(id);
    if (!slot) return out;
    const registry::Record& record = snapshot.at(*slot);
    const auto version =
        std::find_if(record.versions.begin(), record.versions.end(),
                     [&](const registry::Version& one) { return one.position.leaf == leaf; });
    if (version == record.versions.end()) return out;
    const registry::LogState& log = snapshot.log(record.log);
    const Compare here = loaded_here(record);
    const bool in_force = log.origin == exchange_->node().origin();
    const Compare read_there = [&](const statement::ReadBack& read, Rung rung) {
        auto out = here(read, Rung::loaded);
        if (!out || !in_force) return out;  // of a log before it the exchange compares no more
        statement::Receipt one;
        one.rung = rung;
        one.read_back = {read};
        out->differs = exchange_->differs(one, leaf);
        return out;
    };
    const Compare compare = log.own ? read_there : here;
    for (const auto& [key, kept] : lists_) {
        const Listed* listed = key.author == log.origin ? kept.list.find(leaf) : nullptr;
        if (listed == nullptr) continue;
        if (listed->first != listed->slots) {
            out.push_back(told_of(key.recipient, listed->first, kept.heard, begin,
                                  kept.list.steps_for(record, *version, compare, true)));
        }
        out.push_back(told_of(key.recipient, listed->slots, kept.heard, begin,
                              kept.list.steps_for(record, *version, compare)));
    }
    return out;
}

void Joining::tell(evidence::Join& join) const {
    if (exchange_ == nullptr) return;
    std::map<Hash, std::vector<evidence::Told>> known;  // a version may have many places
    for (evidence::JoinRow& row : join.rows) {
        const auto [one, fresh] = known.try_emplace(row.leaf);
        if (fresh) one->second = told(row.record, row.leaf, join.scene.window.start);
        row.told = one->second;
    }
}

Result<evidence::Join> join_near(const JoinOf& of, const view::SeenStatement& incident,
                                 Metres within) {
    const auto scene = evidence::scene_of(incident);
    const auto slots = near_scene(of.state.index, of.scratch, *scene, within);
    if (slots.size() > join_records_max) {
        return fail(Errc::too_large,
                    std::to_string(slots.size()) + " records lie near it, and at most " +
                        std::to_string(join_records_max) +
                        " are joined: ask for less around it, or say more exactly where it was");
    }
    return evidence::join(of.view, incident, slots, within);
}

std::vector<view::Slot> near_scene(const index::Index& index, index::Scratch& scratch,
                                   const evidence::Scene& scene, Metres within) {
    std::vector<view::Slot> out, some;
    for (const geo::Place& place : scene.volumes) {
        geo::Volume4D volume = place.volume;
        volume.window = {};
        const Metres margin = within + evidence::accuracy_of(place);
        index.touching({std::move(volume), margin}, scratch, some);
        out.insert(out.end(), some.begin(), some.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace entente::node

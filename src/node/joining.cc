// SPDX-License-Identifier: Apache-2.0
#include "node/joining.h"

#include <algorithm>

namespace entente::node {

ToldList& Joining::list(const Origin& author, const PartyId& recipient) {
    return lists_.try_emplace({author, recipient}, author, recipient).first->second;
}

/// What we released to one party, in the log in force and in those before, and what it released to
/// us, with the receipts for each.
Result<void> Joining::catch_up_with(const Peer& peer) {
    const PartyId& self = exchange_->self();
    const auto of_it = [&](const HeardReceipt& heard) { return heard.from == peer.id; };
    ToldList& given = list(exchange_->node().origin(), peer.id);
    TRYV(given.read(exchange_->store()));
    given.hear(exchange_->heard(), of_it);
    ToldList& received = list(peer.origin, self);
    TRYV(received.read(exchange_->store()));
    received.hear(exchange_->said(), [&](const HeardReceipt& said) {
        const auto& whole = said.receipt.list;
        if (said.receipt.to != peer.id) return false;
        return !whole || !said.receipt.entries.empty() ||
               (whole->size <= peer.received.size() &&
                whole->root == peer.received.root(whole->size));
    });
    for (const auto& own : exchange_->former()) {
        if (own->id != self) continue;
        const auto before =
            std::find_if(peer.given_before.begin(), peer.given_before.end(),
                         [&](const GivenBefore& one) { return one.number == own->number; });
        if (before == peer.given_before.end()) continue;
        ToldList& earlier = list(own->origin, peer.id);
        TRYV(earlier.read(exchange_->store()));
        earlier.hear(exchange_->heard_before(), [&](const HeardReceipt& heard) {
            const auto& whole = heard.receipt.list;
            return of_it(heard) && (!whole || !heard.receipt.entries.empty() ||
                                    (whole->size <= before->list.size() &&
                                     whole->root == before->list.root(whole->size)));
        });
    }
    return {};
}

Result<void> Joining::catch_up() {
    for (const auto& peer : exchange_->peers()) TRYV(catch_up_with(*peer));
    for (const auto& former : exchange_->former()) {
        if (former->id != exchange_->self()) TRYV(catch_up_with(*former));
    }
    return {};
}

namespace {

view::Tier tier_of(Slots slots) {
    if ((slots & slots_of(Tier::exact)) == slots_of(Tier::exact)) return view::Tier::exact;
    return (slots & slots_of(Tier::coarse)) == slots_of(Tier::coarse) ? view::Tier::coarse
                                                                      : view::Tier::none;
}

}  // namespace

std::vector<evidence::Told> Joining::told(const RecordId& id, const Hash& leaf) const {
    std::vector<evidence::Told> out;
    const registry::Snapshot& snapshot = exchange_->node().snapshot();
    const auto slot = snapshot.find(id);
    if (!slot) return out;
    const registry::Record& record = snapshot.at(*slot);
    const auto version =
        std::find_if(record.versions.begin(), record.versions.end(),
                     [&](const registry::Version& one) { return one.position.leaf == leaf; });
    if (version == record.versions.end()) return out;
    const bool ours = snapshot.log(record.log).own;
    const Compare theirs_read = [&](const statement::ReadBack& read, statement::Rung rung) {
        statement::Receipt one;
        one.rung = rung;
        one.read_back = {read};
        return std::optional(LoadedAt{id, {}, exchange_->differs(one, leaf)});
    };
    for (const auto& [key, list] : lists_) {
        const Listed* listed = list.find(leaf);
        if (listed == nullptr) continue;
        evidence::Told one{key.recipient, tier_of(listed->slots), {}};
        const auto steps =
            list.steps_for(record, *version, ours ? theirs_read : loaded_here(record));
        for (const LadderStep& step : steps) {
            one.steps.push_back({step.rung, step.unit, step.actor, step.time, step.leaf,
                                 step.at && step.at->differs});
        }
        std::stable_sort(one.steps.begin(), one.steps.end(),
                         [](const auto& a, const auto& b) { return a.time < b.time; });
        out.push_back(std::move(one));
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.party < b.party; });
    return out;
}

Result<evidence::Join> Joining::join(const Where& where, const view::SeenStatement& incident,
                                     Metres within) {
    const auto scene = evidence::scene_of(incident);
    const auto slots = near_scene(where.state.index, where.scratch, *scene, within);
    if (slots.size() > records_max) {
        return fail(Errc::too_large, std::to_string(slots.size()) + " records lie within " +
                                         std::to_string(static_cast<long>(within.v)) +
                                         " m of it, and at most " + std::to_string(records_max) +
                                         " are joined: ask for less around it");
    }
    if (exchange_ != nullptr) TRYV(catch_up());
    const evidence::ToldOf told = [&](const RecordId& record, const Hash& leaf) {
        return exchange_ != nullptr ? this->told(record, leaf) : std::vector<evidence::Told>();
    };
    return evidence::join(where.view, incident, slots, told, within);
}

std::vector<view::Slot> near_scene(const index::Index& index, index::Scratch& scratch,
                                   const evidence::Scene& scene, Metres within) {
    std::vector<view::Slot> out, some;
    for (const geo::Place& place : scene.volumes) {
        geo::Volume4D volume = place.volume;
        volume.window = {};
        const Metres margin{within.v + evidence::accuracy_of(place).v};
        index.touching({std::move(volume), margin}, scratch, some);
        out.insert(out.end(), some.begin(), some.end());
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace entente::node

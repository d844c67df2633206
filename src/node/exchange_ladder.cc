// SPDX-License-Identifier: Apache-2.0
// What the others' receipts add up to for each of one's own records, and one's own for theirs.
#include <algorithm>

#include "geo/distance.h"
#include "node/exchange_state.h"
#include "node/ladder.h"
#include "node/told.h"
#include "view/view.h"

namespace entente::node {
namespace {

using statement::Rung;

/// Whether a later step of the same unit says otherwise than `step`.
template <class Otherwise>
bool stands(const std::vector<LadderStep>& steps, const LadderStep& step, Otherwise otherwise) {
    return std::none_of(steps.begin(), steps.end(), [&](const LadderStep& later) {
        return later.time > step.time && later.unit == step.unit && otherwise(later);
    });
}

bool any_refused(const std::vector<LadderStep>& steps) {
    return std::any_of(steps.begin(), steps.end(), [&](const LadderStep& step) {
        return step.rung == Rung::refused && stands(steps, step, [](const LadderStep& later) {
                   return later.rung >= Rung::loaded && later.rung != Rung::refused;
               });
    });
}

bool any_differs(const std::vector<LadderStep>& steps) {
    return std::any_of(steps.begin(), steps.end(), [&](const LadderStep& step) {
        return step.at && step.at->differs && stands(steps, step, [&](const LadderStep& later) {
                   return later.rung == step.rung && later.at && !later.at->differs;
               });
    });
}

Rung highest(const std::vector<LadderStep>& steps) {
    Rung out = Rung::offered;
    for (const LadderStep& step : steps) {
        if (step.rung != Rung::refused) out = std::max(out, step.rung);
    }
    return out;
}

/// Who confirms a version that no longer states a leg says nothing of it, though it protects on.
bool states(const registry::Version& version, std::uint32_t leg) {
    if (!version.content) return false;
    const auto& legs = version.content->protection.legs;
    return std::any_of(legs.begin(), legs.end(),
                       [&](const statement::Leg& one) { return one.number == leg; });
}

/// Of each leg that protects, from the version on in which it is what it is now.
std::vector<LegLadder> leg_ladders(const ToldList& told, const registry::Snapshot& snapshot,
                                   registry::Slot slot, const Compare& compare, Instant now) {
    std::vector<LegLadder> out;
    const registry::Record& record = snapshot.at(slot);
    for (const view::SeenLeg& leg : view::Seen(snapshot, slot).legs()) {
        if (leg.over(now)) continue;
        std::vector<LadderStep> steps;
        for (const registry::Version& version : record.versions) {
            if (version.number < leg.since || !states(version, leg.leg->number)) continue;
            for (LadderStep& step : told.steps_for(record, version, compare)) {
                steps.push_back(std::move(step));
            }
        }
        LegLadder one{leg.leg->number, highest(steps), any_refused(steps), any_differs(steps), {}};
        for (const LadderStep& step : steps) {
            if (step.rung == Rung::confirmed) one.units.push_back(step.unit);
        }
        std::sort(one.units.begin(), one.units.end());
        one.units.erase(std::unique(one.units.begin(), one.units.end()), one.units.end());
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

Rung Ladder::rung() const {
    return std::max(highest(steps), held ? Rung::received : Rung::offered);
}
bool Ladder::refused() const { return any_refused(steps); }
bool Ladder::differs() const { return any_differs(steps); }

/// What came back of a record, beside what was said.
std::optional<LoadedAt> Exchange::compared(const statement::ReadBack& theirs, Rung rung) const {
    const auto ours = released_.find(theirs.entry);
    if (ours == released_.end()) return std::nullopt;
    const auto said = own_statement(ours->second);
    if (!said || !said->reading) return std::nullopt;  // purged here: nothing to compare with
    const Metres apart = geo::geodesic(said->reading->at, theirs.at);
    const Metres most = rung == Rung::loaded ? loaded_apart_max : read_back_apart_max;
    return LoadedAt{said->record, apart, apart > most || said->reading->body != theirs.body};
}

bool Exchange::differs(const statement::Receipt& receipt, const Hash& leaf) const {
    return std::any_of(receipt.read_back.begin(), receipt.read_back.end(), [&](const auto& read) {
        if (read.entry != leaf) return false;
        const auto found = compared(read, receipt.rung);
        return found && found->differs;
    });
}

std::optional<std::pair<RecordId, std::uint32_t>> Exchange::own_version(const Hash& leaf) const {
    const auto at = released_.find(leaf);
    const auto said = at == released_.end() ? Result<OwnStatement>(fail(Errc::not_found, ""))
                                            : own_statement(at->second);
    const auto slot = said ? node_.snapshot().find(said->record) : std::nullopt;
    if (!slot) return std::nullopt;
    for (const registry::Version& version : node_.snapshot().at(*slot).versions) {
        if (version.position.leaf == leaf) return std::pair(said->record, version.number);
    }
    return std::nullopt;
}

namespace {

/// Of this version of a record, or of a dealing: before what was heard of it.
template <class Of, class Newest>
Ladder begun(const Of& of, const Newest& newest, const Listed& listed) {
    Ladder out;
    out.record = of.id;
    out.version = newest.number;
    out.leaf = newest.position.leaf;
    out.slots = listed.slots;
    return out;
}

/// How far one party got with the newest version of a record, as far as lists and receipts say it.
std::optional<Ladder> ladder_of(const ToldList& told, const registry::Snapshot& snapshot,
                                registry::Slot slot, const Compare& compare, Instant now) {
    const registry::Record& record = snapshot.at(slot);
    const registry::Version& newest = record.newest();
    const Listed* found = told.find(newest.position.leaf);
    if (found == nullptr) return std::nullopt;
    Ladder out = begun(record, newest, *found);
    out.steps = told.steps_for(record, newest, compare);
    for (const registry::Version& earlier : record.versions) {
        if (&earlier != &newest) out.voided += told.naming(earlier.position.leaf);
    }
    if (newest.sort == registry::Sort::movement)
        out.legs = leg_ladders(told, snapshot, slot, compare, now);
    return out;
}

/// The same of what was said beside the register: of that there are no receipts, and what its node
/// says that it holds of the list is all that is known.
std::optional<Ladder> ladder_of(const ToldList& told, const registry::Dealing& dealing,
                                TreeSize acknowledged) {
    const registry::DealingVersion& newest = dealing.versions.back();
    const Listed* found = told.find(newest.position.leaf);
    if (found == nullptr) return std::nullopt;
    Ladder out = begun(dealing, newest, *found);
    out.held = found->whole_since < acknowledged.v;
    return out;
}

}  // namespace

Result<std::vector<Ladder>> Exchange::ladders(const std::optional<RecordId>& only,
                                              Instant now) const {
    std::vector<Ladder> out;
    const Compare compare = [this](const statement::ReadBack& read, Rung rung) {
        return compared(read, rung);
    };
    for (const auto& peer : peers_) {
        const auto theirs = [&](const HeardReceipt& heard) { return heard.from == peer->id; };
        ToldList told(node_.origin(), peer->id);
        TRYV(told.read(store_));
        told.hear(heard_, theirs);
        for (const auto& [id, slots] : peer->given_slots) {
            if (only && *only != id) continue;
            const auto slot = node_.snapshot().find(id);
            // What is no record is asked for by its id alone.
            const auto dealing =
                only && !slot ? node_.snapshot().dealings().find(id) : std::nullopt;
            std::optional<Ladder> ladder;
            Instant said;
            bool ends = false;
            if (slot) {
                const registry::Version& newest = node_.snapshot().at(*slot).newest();
                said = newest.time;
                ends = newest.withdraws;
                ladder = ladder_of(told, node_.snapshot(), *slot, compare, now);
            } else if (dealing) {
                const registry::Dealing& one = node_.snapshot().dealings().at(*dealing);
                said = one.versions.back().time;
                ends = view::withdrawn(one);
                ladder = ladder_of(told, one, peer->acknowledged());
            }
            if (!ladder) continue;
            if (ends) ladder->slots |= slots;  // it has no body: what it ends was given so far
            ladder->party = peer->id;
            const std::uint64_t number = told.find(ladder->leaf)->number;
            ladder->due = peer->told_at(number).value_or(said) + node_.charter().terms.receipt_due;
            ladder->overdue =
                ladder->rung() == Rung::offered && ladder->steps.empty() && ladder->due <= now;
            out.push_back(std::move(*ladder));
        }
    }
    return out;
}

Result<std::vector<Ladder>> Exchange::ladders_here(Instant now) const {
    std::map<registry::LogNumber, std::pair<const Peer*, ToldList>> told;
    for (const Peer* log : logs_) {
        if (log->id == self_) continue;
        // Of a whole list: of this one, and not of one that its party kept before or since.
        const auto to_it = [&](const HeardReceipt& said) {
            const auto& list = said.receipt.list;
            if (said.receipt.to != log->id) return false;
            return !list || !said.receipt.entries.empty() ||
                   (list->size <= log->received.size() &&
                    list->root == log->received.root(list->size));
        };
        ToldList of(log->origin, self_);
        TRYV(of.read(store_));
        of.hear(said_, to_it);
        told.emplace(log->log, std::pair(log, std::move(of)));
    }
    std::vector<Ladder> out;
    const registry::Snapshot& snapshot = node_.snapshot();
    for (registry::Slot slot = 0; slot < snapshot.size(); ++slot) {
        const registry::Record& record = snapshot.at(slot);
        const auto of = told.find(record.log);
        if (of == told.end()) continue;
        auto ladder = ladder_of(of->second.second, snapshot, slot, loaded_here(record), now);
        if (!ladder) continue;
        ladder->party = of->second.first->id;
        out.push_back(std::move(*ladder));
    }
    return out;
}

}  // namespace entente::node

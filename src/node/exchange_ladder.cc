// SPDX-License-Identifier: Apache-2.0
// What the others' receipts add up to for each of one's own records, and one's own for theirs.
#include <algorithm>

#include "geo/distance.h"
#include "geo/prepared.h"
#include "node/exchange_state.h"
#include "node/ladder.h"
#include "view/view.h"

namespace entente::node {
namespace {

using statement::Rung;

/// A statement in the list of releases to one party.
struct Listed {
    std::uint64_t number = 0;            // where it stood first
    Slots slots = 0;                     // that were given by now
    std::uint64_t whole_since = number;  // where it stood with all of these
};

/// What one party acknowledged, so that it is found by what it is for.
struct Heard {
    std::multimap<Hash, const HeardReceipt*> single;  // by the statement's leaf
    /// For whole lists, by rung and unit, the smallest list first.
    std::map<std::pair<Rung, std::string>, std::vector<const HeardReceipt*>> lists;
};

Heard heard_where(const std::vector<HeardReceipt>& all,
                  const std::function<bool(const HeardReceipt&)>& counts) {
    Heard out;
    for (const HeardReceipt& heard : all) {
        if (!counts(heard)) continue;
        const statement::Receipt& receipt = heard.receipt;
        for (const Hash& leaf : receipt.entries) out.single.emplace(leaf, &heard);
        if (!receipt.list || !receipt.entries.empty()) continue;
        if (receipt.rung == Rung::offered) continue;  // it says what is missing
        out.lists[{receipt.rung, receipt.unit}].push_back(&heard);
    }
    for (auto& [of, lists] : out.lists) {
        std::stable_sort(lists.begin(), lists.end(), [](const auto* a, const auto* b) {
            return a->receipt.list->size < b->receipt.list->size;
        });
    }
    return out;
}

void sort_steps(std::vector<LadderStep>& steps) {
    std::sort(steps.begin(), steps.end(), [](const LadderStep& a, const LadderStep& b) {
        return std::tie(a.rung, a.time, a.leaf.bytes) < std::tie(b.rung, b.time, b.leaf.bytes);
    });
}

LadderStep step_of(const HeardReceipt& heard) {
    const statement::Receipt& receipt = heard.receipt;
    return {receipt.rung,        receipt.unit, receipt.voice,
            receipt.reason,      heard.actor,  heard.time,
            heard.position.leaf, {},           {}};
}

/// Of each rung and unit the receipt for the smallest list that takes in this release, and excepts
/// no version of the record: who leaves one out means the record.
std::vector<const HeardReceipt*> for_list(const Heard& heard, std::uint64_t number,
                                          const std::vector<registry::Version>& versions) {
    std::vector<const HeardReceipt*> out;
    for (const auto& [of, lists] : heard.lists) {
        auto one = std::partition_point(lists.begin(), lists.end(), [&](const auto* list) {
            return list->receipt.list->size.v <= number;
        });
        one = std::find_if(one, lists.end(), [&](const auto* list) {
            const auto& except = list->receipt.exceptions;
            return std::none_of(versions.begin(), versions.end(), [&](const auto& version) {
                return std::binary_search(except.begin(), except.end(), version.position.index);
            });
        });
        if (one != lists.end()) out.push_back(*one);
    }
    return out;
}

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

/// What one party was told, and what it acknowledged.
struct Told {
    std::map<Hash, Listed> listed;  // by the statement's leaf
    Heard heard;
};

/// The list of what `origin` released to the recipient.
Result<Told> told_to(Store& store, const Origin& origin, const PartyId& recipient, Heard heard) {
    Told out;
    TRYV(store.scan_releases(origin, recipient, 0, [&](StoredRelease&& row) -> Result<void> {
        TRY(release, seal::parse_release(row.leaf));
        Listed& one = out.listed.emplace(release.leaf, Listed{row.number, 0}).first->second;
        const auto slots = static_cast<Slots>(one.slots | slots_of(release.slots));
        if (slots != one.slots) one.whole_since = row.number;
        one.slots = slots;
        return {};
    }));
    out.heard = std::move(heard);
    return out;
}

using Compare = std::function<std::optional<LoadedAt>(const statement::ReadBack&, Rung)>;

/// Where in its log the party first said that it holds the list up to this release.
EntryIndex held_from(const Heard& heard, std::uint64_t number) {
    EntryIndex out{UINT64_MAX};
    for (const auto& [of, lists] : heard.lists) {
        for (const HeardReceipt* list : lists) {
            if (list->receipt.list->size.v > number) out = std::min(out, list->position.index);
        }
    }
    return out;
}

/// Receipts for one version, lowest rung first. What was acknowledged before more of it was
/// released was acknowledged of less: of an area, and not of the place.
std::vector<LadderStep> steps_for(const Told& told, const registry::Record& record,
                                  const registry::Version& version, const Compare& compare) {
    std::vector<LadderStep> steps;
    const auto found = told.listed.find(version.position.leaf);
    if (found == told.listed.end()) return steps;
    const auto& [leaf, given] = *found;
    const EntryIndex from = given.whole_since == given.number
                                ? EntryIndex{0}
                                : held_from(told.heard, given.whole_since);
    const auto [first, last] = told.heard.single.equal_range(leaf);
    for (auto one = first; one != last; ++one) {
        if (one->second->position.index < from) continue;
        steps.push_back(step_of(*one->second));
        for (const auto& read : one->second->receipt.read_back) {
            if (read.entry != leaf) continue;
            steps.back().at = compare(read, one->second->receipt.rung);
            steps.back().read = read;
        }
    }
    for (const auto* list : for_list(told.heard, given.whole_since, record.versions)) {
        steps.push_back(step_of(*list));
    }
    sort_steps(steps);
    return steps;
}

/// Who confirms a version that no longer states a leg says nothing of it, though it protects on.
bool states(const registry::Version& version, std::uint32_t leg) {
    if (!version.content) return false;
    const auto& legs = version.content->protection.legs;
    return std::any_of(legs.begin(), legs.end(),
                       [&](const statement::Leg& one) { return one.number == leg; });
}

/// Of each leg that protects, from the version on in which it is what it is now.
std::vector<LegLadder> leg_ladders(const Told& told, const registry::Snapshot& snapshot,
                                   registry::Slot slot, const Compare& compare, Instant now) {
    std::vector<LegLadder> out;
    const registry::Record& record = snapshot.at(slot);
    for (const view::SeenLeg& leg : view::Seen(snapshot, slot).legs()) {
        if (leg.over(now)) continue;
        std::vector<LadderStep> steps;
        for (const registry::Version& version : record.versions) {
            if (version.number < leg.since || !states(version, leg.leg->number)) continue;
            for (LadderStep& step : steps_for(told, record, version, compare)) {
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

Rung Ladder::rung() const { return highest(steps); }
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

/// How far one party got with the newest version of a record, as far as lists and receipts say it.
std::optional<Ladder> ladder_of(const Told& told, const registry::Snapshot& snapshot,
                                registry::Slot slot, const Compare& compare, Instant now) {
    const registry::Record& record = snapshot.at(slot);
    const registry::Version& newest = record.newest();
    const auto found = told.listed.find(newest.position.leaf);
    if (found == told.listed.end()) return std::nullopt;
    Ladder out;
    out.record = record.id;
    out.version = newest.number;
    out.leaf = newest.position.leaf;
    out.slots = found->second.slots;
    out.steps = steps_for(told, record, newest, compare);
    for (const registry::Version& earlier : record.versions) {
        if (&earlier != &newest) out.voided += told.heard.single.count(earlier.position.leaf);
    }
    if (newest.sort == registry::Sort::movement)
        out.legs = leg_ladders(told, snapshot, slot, compare, now);
    return out;
}

/// What came back here from the system that another's record was loaded into, beside what it says.
Compare loaded_here(const registry::Record& record) {
    return [&record](const statement::ReadBack& read, Rung rung) -> std::optional<LoadedAt> {
        if (rung != Rung::loaded) return std::nullopt;  // the node's own reading is of these bytes
        for (const registry::Version& version : record.versions) {
            if (version.position.leaf != read.entry || !version.content) continue;
            const auto& where = version.content->protection.where;
            if (where.empty()) return std::nullopt;
            const geo::LatLng said = geo::Prepared(where.front().volume.shape).center();
            const Metres apart = geo::geodesic(said, read.at);
            return LoadedAt{record.id, apart, apart > loaded_apart_max};
        }
        return std::nullopt;  // its body is here no more: nothing to compare with
    };
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
        TRY(told, told_to(store_, node_.origin(), peer->id, heard_where(heard_, theirs)));
        for (const auto& [id, slots] : peer->given_slots) {
            const auto slot = node_.snapshot().find(id);
            // Receipts are no records: those are acknowledged in the slot alone.
            if (!slot || (only && *only != id)) continue;
            auto ladder = ladder_of(told, node_.snapshot(), *slot, compare, now);
            if (!ladder) continue;
            ladder->party = peer->id;
            const std::uint64_t number = told.listed.at(ladder->leaf).number;
            ladder->due = peer->told_at(number).value_or(node_.snapshot().at(*slot).newest().time) +
                          node_.charter().terms.receipt_due;
            ladder->overdue = ladder->steps.empty() && ladder->due <= now;
            out.push_back(std::move(*ladder));
        }
    }
    return out;
}

Result<std::vector<Ladder>> Exchange::ladders_here(Instant now) const {
    std::map<registry::LogNumber, std::pair<const Peer*, Told>> told;
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
        TRY(of, told_to(store_, log->origin, self_, heard_where(said_, to_it)));
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

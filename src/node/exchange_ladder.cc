// SPDX-License-Identifier: Apache-2.0
// Receipts that persons give, and what the others' receipts add up to for each record.
#include <algorithm>
#include <set>

#include "base/sha256.h"
#include "geo/distance.h"
#include "node/exchange_state.h"
#include "node/ladder.h"

namespace entente::node {
namespace {

using statement::Rung;

bool is_persons(Rung rung) {
    return rung == Rung::loaded || rung == Rung::passed || rung == Rung::confirmed ||
           rung == Rung::refused;
}

Result<void> check_wish(const Acknowledgement& given) {
    if (!is_persons(given.rung)) {
        return fail(Errc::refused, std::string("'") + statement::name(given.rung) +
                                       "' is the node's own to say; persons say loaded, passed, "
                                       "confirmed or refused");
    }
    if (given.records.empty() == !given.all_of) {
        return fail(Errc::malformed, "records, or the party all of whose releases are meant");
    }
    if (!given.all_of && !given.except.empty()) {
        return fail(Errc::malformed, "exceptions are of all that a party released");
    }
    const bool loaded = given.rung == Rung::loaded;
    if (loaded && (given.all_of || given.coordinates.size() != given.records.size())) {
        return fail(Errc::refused,
                    "'loaded' needs, for each record, the coordinates that came back from the "
                    "system it was loaded into");
    }
    if (!loaded && !given.coordinates.empty()) {
        return fail(Errc::malformed, "coordinates are of what was loaded");
    }
    return {};
}

/// A statement in the list of releases to one party.
struct Listed {
    std::uint64_t number = 0;  // where it stood first
    Slots slots = 0;
};

/// What one party acknowledged, so that it is found by what it is for.
struct Heard {
    std::multimap<Hash, const HeardReceipt*> single;  // by the statement's leaf
    /// For whole lists, by rung and unit, the smallest list first.
    std::map<std::pair<Rung, std::string>, std::vector<const HeardReceipt*>> lists;
};

Heard heard_by(const std::vector<HeardReceipt>& all, const PartyId& party) {
    Heard out;
    for (const HeardReceipt& heard : all) {
        if (heard.from != party) continue;
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

/// Of each rung and unit the receipt for the smallest list that takes in this release.
std::vector<const HeardReceipt*> for_list(const Heard& heard, std::uint64_t number,
                                          EntryIndex entry) {
    std::vector<const HeardReceipt*> out;
    for (const auto& [of, lists] : heard.lists) {
        auto one = std::partition_point(lists.begin(), lists.end(), [&](const auto* list) {
            return list->receipt.list->size.v <= number;
        });
        one = std::find_if(one, lists.end(), [&](const auto* list) {
            const auto& except = list->receipt.exceptions;
            return !std::binary_search(except.begin(), except.end(), entry);
        });
        if (one != lists.end()) out.push_back(*one);
    }
    return out;
}

}  // namespace

Rung Ladder::rung() const {
    Rung out = Rung::offered;
    for (const LadderStep& step : steps) {
        if (step.rung != Rung::refused) out = std::max(out, step.rung);
    }
    return out;
}

bool Ladder::refused() const {
    return std::any_of(steps.begin(), steps.end(),
                       [](const LadderStep& step) { return step.rung == Rung::refused; });
}

bool Ladder::differs() const {
    return std::any_of(steps.begin(), steps.end(),
                       [](const LadderStep& step) { return step.at && step.at->differs; });
}

/// The newest version of another party's record that is open here.
Result<Exchange::Theirs> Exchange::theirs(const RecordId& id) const {
    const auto slot = node_.snapshot().find(id);
    if (!slot) return fail(Errc::not_found, "no such record in what you may see");
    const registry::Record& record = node_.snapshot().at(*slot);
    const Peer* from = nullptr;
    for (const Peer* peer : logs_) {
        if (peer->log == record.log && peer->id != self_) from = peer;
    }
    if (from == nullptr) {
        return fail(Errc::refused, id.text() +
                                       " is no other party's record: its author gives "
                                       "receipts of it to nobody");
    }
    return Theirs{from, record.newest().position};
}

Result<statement::ReadBack> Exchange::reading_of(const Theirs& of, const RecordId& id) const {
    std::optional<statement::ReadBack> reading;
    TRYV(store_.scan(
        of.from->origin, of.at.index, {of.at.index.v + 1}, [&](StoredEntry&& row) -> Result<void> {
            TRY(read, read_entry({of.from->origin, node_.charter().id}, of.from->log, row));
            const auto* said = std::get_if<registry::Understood>(&read.arrived.entry);
            if (said == nullptr) return {};
            const seal::Release release{of.at.index, of.at.leaf, {}, {}};
            reading = due_of(release, *said, read.exact).read_back;
            return {};
        }));
    if (reading) return *reading;
    return fail(Errc::refused, "nothing exact of " + id.text() +
                                   " is here, so no coordinates of it can be compared");
}

Result<Acknowledged> Exchange::acknowledge(const Acknowledgement& given, const std::string& actor,
                                           Instant now) {
    TRYV(check_wish(given));
    statement::Receipt receipt;
    receipt.rung = given.rung;
    receipt.unit = given.unit;
    receipt.voice = given.voice;
    receipt.reason = given.reason;
    Acknowledged out;
    const Peer* to = given.all_of ? peer(*given.all_of) : nullptr;
    if (given.all_of) {
        if (to == nullptr) {
            return fail(Errc::not_found, "no other party '" + given.all_of->v + "' in charter " +
                                             node_.charter().id);
        }
        receipt.list = statement::LogHead{to->received.size(), to->received.root()};
        std::set<EntryIndex> except;
        for (const RecordId& id : given.except) {
            TRY(one, theirs(id));
            if (one.from->id != to->id) {
                return fail(Errc::refused, id.text() + " is not of " + to->id.v);
            }
            if (one.from != to) continue;  // of a log before: it is in no list any more
            except.insert(one.at.index);
        }
        receipt.exceptions.assign(except.begin(), except.end());
    }
    for (std::size_t i = 0; i < given.records.size(); ++i) {
        const RecordId& id = given.records[i];
        TRY(one, theirs(id));
        if (to != nullptr && one.from->id != to->id) {
            return fail(Errc::refused, "a receipt is to one party: " + id.text() + " is of " +
                                           one.from->id.v + ", not of " + to->id.v);
        }
        to = one.from;
        receipt.entries.push_back(one.at.leaf);
        if (given.rung != Rung::loaded) continue;
        TRY(reading, reading_of(one, id));
        const Metres apart = geo::geodesic(reading.at, given.coordinates[i]);
        reading.at = given.coordinates[i];
        name_place(places_, reading);
        receipt.read_back.push_back(std::move(reading));
        out.loaded.push_back({id, apart, apart > loaded_apart_max});
    }
    receipt.to = out.to = to->id;
    out.statements = receipt.entries.size();
    TRY(composed, compose_receipt(author(), std::move(receipt), actor, now, random_));
    Batch batch;
    batch.statements.push_back(std::move(composed));
    TRY(logged, log(std::move(batch), {{{to->id, Tier::exact}}}, now));
    out.entry = logged.first;
    return out;
}

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

Result<std::vector<Ladder>> Exchange::ladders(const std::optional<RecordId>& only,
                                              Instant now) const {
    std::vector<Ladder> out;
    for (const auto& peer : peers_) {
        std::map<Hash, Listed> listed;
        TRYV(store_.scan_releases(
            node_.origin(), peer->id, 0, [&](StoredRelease&& row) -> Result<void> {
                TRY(release, seal::parse_release(row.leaf));
                Listed& one = listed.emplace(release.leaf, Listed{row.number, 0}).first->second;
                one.slots = static_cast<Slots>(one.slots | slots_of(release.slots));
                return {};
            }));
        const Heard heard = heard_by(heard_, peer->id);
        const auto climb = [&](const registry::Record& record) {
            const registry::Version& newest = record.newest();
            const auto found = listed.find(newest.position.leaf);
            if (found == listed.end()) return;
            const auto& [leaf, given] = *found;
            Ladder ladder{record.id, newest.number, leaf, peer->id, given.slots, {}, 0, {}, false};
            const auto [first, last] = heard.single.equal_range(leaf);
            for (auto one = first; one != last; ++one) {
                ladder.steps.push_back(step_of(*one->second));
                for (const auto& read : one->second->receipt.read_back) {
                    if (read.entry != leaf) continue;
                    ladder.steps.back().at = compared(read, one->second->receipt.rung);
                    ladder.steps.back().read = read;
                }
            }
            for (const HeardReceipt* list : for_list(heard, given.number, newest.position.index)) {
                ladder.steps.push_back(step_of(*list));
            }
            for (const registry::Version& earlier : record.versions) {
                if (&earlier != &newest) ladder.voided += heard.single.count(earlier.position.leaf);
            }
            sort_steps(ladder.steps);
            ladder.due = peer->told_at(given.number).value_or(newest.time) +
                         node_.charter().terms.receipt_due;
            ladder.overdue = ladder.steps.empty() && ladder.due <= now;
            out.push_back(std::move(ladder));
        };
        for (const auto& [id, slots] : peer->given_slots) {
            const auto slot = node_.snapshot().find(id);
            // Receipts are no records: those are acknowledged in the slot alone.
            if (slot && (!only || *only == id)) climb(node_.snapshot().at(*slot));
        }
    }
    return out;
}

}  // namespace entente::node

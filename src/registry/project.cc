// SPDX-License-Identifier: Apache-2.0
#include "registry/project.h"

#include <algorithm>

#include "registry/budget.h"
#include "registry/restated.h"

namespace entente::registry {
namespace {

constexpr std::uint8_t head_bit = 1, coarse_bit = 2, exact_bit = 4;

/// The coarse area that a version's exact body opens, or that its coarse body says.
std::vector<Reached> coarse_places(const Version& version, const statement::CharterTerms& terms) {
    if (version.coarse_only) return version.places;
    if (!version.content || !version.understood) return {};
    Understood u;
    u.coarse = statement::Coarse{};
    u.coarse->protection_class = name(version.content->protection.protection_class);
    u.coarse->where = version.content->coarse.where;
    return reached(u, terms);
}

/// The version as far as these slots show it.
Version reduced(const Version& version, std::uint8_t slots, const statement::CharterTerms& terms) {
    Version out = version;
    out.opened = version.opened & slots;
    if ((slots & exact_bit) != 0) return out;
    out.content.reset();
    out.coarse.reset();
    out.places.clear();
    out.coarse_only = false;
    if ((slots & coarse_bit) != 0 && !version.withdraws) {
        out.places = coarse_places(version, terms);
        out.coarse_only = !out.places.empty();
        if (version.content) {
            const statement::Protection& all = version.content->protection;
            out.coarse = std::make_shared<const CoarseContent>(
                CoarseContent{name(all.protection_class), all.contact});
        } else {
            out.coarse = version.coarse;
        }
    }
    const bool protects = !version.withdraws && (!version.places.empty() || version.unplaced);
    const bool shows_none = protects && out.places.empty();
    out.understood = version.understood && !shows_none;
    // Whoever lets the last area of a version go knows that it protects nothing any more.
    out.unplaced = shows_none && (slots & taken_back_bit) == 0;
    return out;
}

template <class Whole>
bool shows_gap(const Whole& shown, const Whole& whole) {
    const auto has = [](const Whole& record, std::uint32_t number) {
        return std::any_of(record.versions.begin(), record.versions.end(),
                           [&](const auto& one) { return one.number == number; });
    };
    std::uint32_t first = UINT32_MAX, last = 0;
    for (const auto& version : shown.versions) {
        first = std::min(first, version.number);
        last = std::max(last, version.number);
    }
    // Its own next tag is seen in the log; so is any between those that were released.
    for (const auto& version : whole.versions) {
        const bool seen = version.number > first && version.number - 1 <= last;
        if (seen && !has(shown, version.number)) return true;
    }
    return false;
}

Record reduced(const Record& whole, const LogState& log, const Released& released,
               const statement::CharterTerms& terms) {
    Record out = whole;
    out.over_budget = false;
    out.versions.clear();
    for (const Version& version : whole.versions) {
        const auto slots = released.find(version.position.leaf);
        if (slots == released.end() || (slots->second & head_bit) == 0) continue;
        out.versions.push_back(reduced(version, slots->second, terms));
        out.versions.back().restated = false;  // only by what the reader has too
    }
    if (out.versions.empty()) return out;
    for (std::size_t i = 0; i < out.versions.size(); ++i) {
        supersede(out, i, log.relaxing);
        if (out.versions[i].may_act()) relax(out, i, log.relaxing);
    }
    out.newer_withheld = shows_gap(out, whole);
    return out;
}

/// The dealing as far as what was released shows it; nothing of one that was not.
std::optional<Dealing> reduced(const Dealing& whole, const Released& released) {
    Dealing out = whole;
    out.versions.clear();
    for (const DealingVersion& version : whole.versions) {
        const auto slots = released.find(version.position.leaf);
        if (slots == released.end() || (slots->second & head_bit) == 0) continue;
        out.versions.push_back(version);
        DealingVersion& shown = out.versions.back();
        shown.opened = version.opened & slots->second;
        if ((slots->second & exact_bit) == 0) shown.said.reset();
        if ((slots->second & coarse_bit) == 0) shown.tear.reset();
    }
    if (out.versions.empty()) return std::nullopt;
    out.newer_withheld = shows_gap(out, whole);
    return out;
}

/// To the other one this party has a budget (PROTOCOL 19), in order of first entries of each log.
void spend_budget(const statement::CharterTerms& terms, std::vector<Record>& records) {
    if (!Budget::any(terms)) return;
    std::vector<Record*> order;
    for (Record& record : records) order.push_back(&record);
    std::sort(order.begin(), order.end(), [](const Record* a, const Record* b) {
        return std::pair(a->log, a->versions.front().position.index) <
               std::pair(b->log, b->versions.front().position.index);
    });
    std::map<LogNumber, Budget> budgets;
    for (const Record* record : order) {
        budgets.try_emplace(record->log, terms).first->second.expect(use_of(*record));
    }
    for (Record* record : order) {
        record->over_budget = budgets.at(record->log).exceeds(use_of(*record));
    }
}

}  // namespace

Snapshot project(const Snapshot& own, const PartyId& reader, const Released& released) {
    Snapshot out;
    out.charter_ = own.charter_;
    out.party_ = reader;
    std::vector<std::size_t> unplaced(own.logs_.size());
    std::vector<Record> all;
    for (Slot slot = 0; slot < own.size(); ++slot) {
        const Record& whole = own.at(slot);
        const LogState& log = own.log(whole.log);
        if (!log.own) continue;
        Record shown = reduced(whole, log, released, own.charter().terms);
        if (shown.versions.empty()) continue;
        for (const Version& version : shown.versions) unplaced[shown.log] += version.unplaced;
        all.push_back(std::move(shown));
    }
    spend_budget(own.charter().terms, all);
    Restatements restated;
    std::vector<Slot> slots;
    for (Record& record : all) {
        const auto& was = record.versions.front().was;
        if (was) restated.note(*was, record.id);
        slots.push_back(out.records_.add(std::move(record)));
    }
    for (const auto& log : own.logs_) {
        auto copy = std::make_shared<LogState>(*log);
        copy->own = log->party == reader;
        copy->unplaced = unplaced[log->number];
        out.logs_.push_back(std::move(copy));
    }
    restated.settle(out.records_, out.logs_, slots);
    const Dealings& dealings = own.dealings();
    for (DealingSlot slot = 0; slot < dealings.size(); ++slot) {
        const Dealing& whole = dealings.at(slot);
        if (!own.log(whole.log).own) continue;
        if (auto shown = reduced(whole, released)) out.dealings_.put(std::move(*shown));
    }
    return out;
}

}  // namespace entente::registry

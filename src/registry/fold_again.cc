// SPDX-License-Identifier: Apache-2.0
// Fold::settle: what arrived late, and everything of the log that it bears on.
#include <algorithm>

#include "base/assert.h"
#include "registry/fold.h"

namespace entente::registry {
namespace {

constexpr EntryIndex nowhere{UINT64_MAX};

bool before(const Position& a, const Position& b) {
    return a.index != b.index ? a.index < b.index : a.leaf < b.leaf;
}

bool earlier(const Version& a, const Version& b) { return before(a.position, b.position); }

/// Of one entry: whether `a` says more than `b`. With as much open, a fault that was found stays.
bool better(const Version& a, const Version& b) {
    return a.opened != b.opened ? a.opened > b.opened : a.understood < b.understood;
}

}  // namespace

void Fold::settle(Records& records, std::vector<Slot>& changed) {
    if (settled()) return;
    Work work;
    EntryIndex from = again_from_.value_or(nowhere);
    merge_arrivals(records, work, from);
    add_rechecked(records, work, from);
    add_dependent(records, work, from);
    fold_again(records, work, from);
    for (auto& [slot, record] : work) {
        mark(record);
        put(records, slot, std::move(record), changed);
    }
    recheck_.clear();
    again_from_.reset();
    spend_budget(records, changed);
}

/// Puts what arrived into copies of its records; `from` becomes the first index that it bears on.
void Fold::merge_arrivals(Records& records, Work& work, EntryIndex& from) {
    std::stable_sort(arrivals_.begin(), arrivals_.end(),
                     [](const Arrival& a, const Arrival& b) { return a.record < b.record; });
    for (std::size_t i = 0; i < arrivals_.size();) {
        std::size_t end = i + 1;
        while (end < arrivals_.size() && arrivals_[end].record == arrivals_[i].record) ++end;
        const std::span all(arrivals_.data() + i, end - i);
        const auto known = records.find(arrivals_[i].record);
        Record record =
            known ? records.at(*known)
                  : Record{all.front().record, log_.number, false, false, all.front().secret, {}};
        const EntryIndex changed_from = merge(record, all);
        i = end;
        if (changed_from == nowhere) continue;
        from = std::min(from, changed_from);
        const Slot slot = known ? *known : records.add(record);
        if (!known) slots_.push_back(slot);
        for (const Version& version : record.versions) expect(record, version, slot);
        work.emplace(slot, std::move(record));
    }
    arrivals_.clear();
}

/// The first index of the record that is not as it was.
EntryIndex Fold::merge(Record& record, std::span<Arrival> arrivals) {
    if (!closed_.empty()) {
        std::erase_if(record.versions, [&](const Version& one) { return is_closed(one); });
    }
    const std::size_t had = record.versions.size();
    std::set<std::uint32_t> numbers;
    for (Arrival& arrival : arrivals) {
        if (is_closed(arrival.version)) continue;  // it came before its mark
        const auto end = record.versions.begin() + static_cast<std::ptrdiff_t>(had);
        const auto same = std::lower_bound(record.versions.begin(), end, arrival.version, earlier);
        if (same != end && same->position == arrival.version.position &&
            !better(arrival.version, *same)) {
            if (better(*same, arrival.version) || same->unplaced == arrival.version.unplaced) {
                continue;
            }
            // No more of it is open than before, but what never came was taken back or given again.
            same->unplaced = arrival.version.unplaced;
            numbers.insert(arrival.version.number);
            continue;
        }
        numbers.insert(arrival.version.number);
        record.versions.push_back(std::move(arrival.version));
    }
    if (numbers.empty()) return nowhere;
    // Of one entry the version stays of which most is open; of two alike the last that came.
    std::reverse(record.versions.begin() + static_cast<std::ptrdiff_t>(had), record.versions.end());
    std::stable_sort(record.versions.begin(), record.versions.end(),
                     [](const Version& a, const Version& b) {
                         return a.position != b.position ? earlier(a, b) : better(a, b);
                     });
    const auto same_entry = [](const Version& a, const Version& b) {
        return a.position == b.position;
    };
    record.versions.erase(std::unique(record.versions.begin(), record.versions.end(), same_entry),
                          record.versions.end());
    EntryIndex from = nowhere;
    for (const Version& version : record.versions) {
        if (!numbers.contains(version.number)) continue;
        // Another entry of the same number ceases to be the only one.
        from = std::min(from, version.position.index);
        newest_ = std::max(newest_.value_or(version.position.index), version.position.index);
        note_places(version);
    }
    return from;
}

/// Records to whose tags an entry came that is not open here.
void Fold::add_rechecked(const Records& records, Work& work, EntryIndex& from) const {
    for (const Slot slot : recheck_) {
        const Record& record = work.emplace(slot, records.at(slot)).first->second;
        for (const Version& version : record.versions) {
            if (tags_.count(statement::version_tag(record.secret, version.number)) > 1) {
                from = std::min(from, version.position.index);
            }
        }
    }
}

/// Records of which the limit of relaxations has to be asked again, and those whose signatures or
/// branch are judged anew.
void Fold::add_dependent(const Records& records, Work& work, EntryIndex from) {
    const auto begin = limited_.lower_bound(from);
    for (auto limited = begin; limited != limited_.end(); ++limited) {
        work.emplace(limited->second, records.at(limited->second));
    }
    limited_.erase(begin, limited_.end());
    quota_.forget_from(from);
    if (!again_from_) return;
    for (const Slot slot : slots_) {
        const auto& versions = records.at(slot).versions;
        if (std::any_of(versions.begin(), versions.end(), [&](const Version& one) {
                return !one.approved_by.empty() && one.position.index >= *again_from_;
            })) {
            work.emplace(slot, records.at(slot));
        }
    }
}

/// Of each of this log's records the index at which it begins, sorted.
std::vector<EntryIndex> Fold::first_entries(const Records& records, const Work& work) const {
    std::vector<EntryIndex> out;
    out.reserve(slots_.size());
    for (const Slot slot : slots_) {
        const auto copy = work.find(slot);
        const Record& record = copy != work.end() ? copy->second : records.at(slot);
        out.push_back(record.versions.front().position.index);
    }
    std::sort(out.begin(), out.end());
    return out;
}

void Fold::fold_again(const Records& records, Work& work, EntryIndex from) {
    std::vector<Step> steps;
    for (auto& [slot, record] : work) {
        for (std::size_t i = 0; i < record.versions.size(); ++i) {
            // What stands before is as it was judged; only its ends are worked out again.
            if (record.versions[i].position.index < from)
                step(record, i, slot, true, {});
            else
                steps.push_back({record.versions[i].position, slot, &record, i});
        }
    }
    std::sort(steps.begin(), steps.end(),
              [](const Step& a, const Step& b) { return before(a.position, b.position); });
    std::vector<EntryIndex> firsts;  // worked out when the limit first asks
    for (const Step& one : steps) {
        step(*one.record, one.version, one.slot, false, [&] {
            if (firsts.empty()) firsts = first_entries(records, work);
            const auto end = std::upper_bound(firsts.begin(), firsts.end(), one.position.index);
            return static_cast<std::size_t>(end - firsts.begin());
        });
    }
}

}  // namespace entente::registry

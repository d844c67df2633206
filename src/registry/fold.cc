// SPDX-License-Identifier: Apache-2.0
#include "registry/fold.h"

#include <algorithm>

#include "base/assert.h"

namespace entente::registry {

using statement::version_tag;

namespace {

/// The numbers of its versions, sorted.
template <class Versions>
std::vector<std::uint32_t> numbers_of(const Versions& versions) {
    std::vector<std::uint32_t> out;
    for (const auto& version : versions) out.push_back(version.number);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

Fold::Fold(Log log, Authority authority)
    : log_(std::move(log)), authority_(std::move(authority)),
      quota_(log_.charter->terms.relaxations_min, log_.charter->terms.relaxations_percent),
      has_budget_(!log_.own && Budget::any(log_.charter->terms)), all_(log_.charter->terms) {}

void Fold::again_from(EntryIndex index) {
    if (!newest_ || *newest_ < index) return;  // nothing stands there yet
    again_from_ = std::min(again_from_.value_or(index), index);
}

void Fold::grant(const PublicKey& key, EntryIndex from, EntryIndex said, bool given) {
    given ? authority_.enrol(key, from, said) : authority_.revoke(key, from, said);
    again_from(from);
}

void Fold::fork(TreeSize common) {
    if (forked_ == common) return;
    again_from({std::min(common, forked_.value_or(common)).v});
    forked_ = common;
}

void Fold::note_places(const Version& version) {
    const auto index = version.position.index.v;
    if (headed_.size() <= index) headed_.resize(index + 1);
    headed_[index] = true;
    const std::pair key(version.position.index, version.position.leaf);
    version.unplaced ? (void)unplaced_.insert(key) : (void)unplaced_.erase(key);
}

void Fold::unplaced(const Records& records, const Position& position) {
    const auto is_it = [&](const Version& one) { return one.position == position; };
    if (position.index.v < headed_.size() && headed_[position.index.v]) {
        // Rare: said once more with less, or another branch has a head at this index.
        for (const Slot slot : slots_) {
            const auto& versions = records.at(slot).versions;
            if (std::any_of(versions.begin(), versions.end(), is_it)) return;
        }
    }
    unplaced_.insert({position.index, position.leaf});
}

void Fold::saw(const Position& position, const Hash& tag) {
    if (log_.own) return;  // one's own log is open, or else counted as unplaced
    if (const auto slot = saw_tag(tag, position.index)) recheck_.insert(*slot);
}

std::optional<Slot> Fold::saw_tag(const Hash& tag, EntryIndex index) {
    const Tags::Of of = tags_.saw(tag, index);
    if (of.dealing) recheck_dealings_.insert(*of.dealing);
    const std::size_t count = tags_.count(tag);
    if (count > 1) wrong(index, Wrong::tag_reused);
    if (count == 2) {  // then the other does not know yet
        for (const EntryIndex one : tags_.sharing(tag)) wrong(one, Wrong::tag_reused);
    }
    return of.record;
}

void Fold::expect(const Dealing& dealing, std::uint32_t number, DealingSlot slot) {
    if (log_.own) return;
    tags_.expect_dealing(version_tag(dealing.secret, number), slot);
    if (number < UINT32_MAX) {
        tags_.expect_dealing(version_tag(dealing.secret, number + 1), slot);
    }
    recheck_dealings_.insert(slot);
}

bool Fold::newer_withheld(const Dealing& dealing) const {
    const auto numbers = numbers_of(dealing.versions);
    // Between the last two are those that are not kept: that is no gap.
    const std::span all(numbers);
    return marks_of(dealing.secret, dealing.more ? all.last(1) : all).newer_withheld;
}

/// The tags of this version and of the next are the record's, whoever bears them.
void Fold::expect(const Record& record, const Version& version, Slot slot) {
    if (log_.own) return;
    tags_.expect(version_tag(record.secret, version.number), slot);
    if (version.number < UINT32_MAX) {
        tags_.expect(version_tag(record.secret, version.number + 1), slot);
    }
}

void Fold::mark(Record& record) const {
    const Marks marks = log_.own && record.versions.size() == 1
                            ? Marks()
                            : marks_of(record.secret, numbers_of(record.versions));
    record.tag_reused = marks.tag_reused;
    record.newer_withheld = marks.newer_withheld;
}

/// What the tags of a record say of it (PROTOCOL 4). Precondition: numbers that are here, sorted.
Fold::Marks Fold::marks_of(const Hash& secret, std::span<const std::uint32_t> numbers) const {
    Marks out;
    const auto seen_of = [&](std::uint32_t number) {
        return tags_.count(version_tag(secret, number));
    };
    for (auto number = numbers.begin(); number != numbers.end();) {
        const auto next = std::upper_bound(number, numbers.end(), *number);
        const auto open = static_cast<std::size_t>(next - number);
        const std::size_t seen = log_.own ? open : seen_of(*number);
        out.tag_reused |= open > 1 || seen > 1;
        out.newer_withheld |= seen > open;
        out.newer_withheld |= next != numbers.end() && *next != *number + 1;
        number = next;
    }
    if (!log_.own && numbers.back() < UINT32_MAX) {
        out.newer_withheld |= seen_of(numbers.back() + 1) > 0;
    }
    return out;
}

Held Fold::held(const Record& record, const Version& version) const {
    if (forked_ && version.position.index.v >= forked_->v) return Held::forked;
    const auto twin = [&](const Version& one) {
        return one.number == version.number && &one != &version;
    };
    const bool reused = std::any_of(record.versions.begin(), record.versions.end(), twin) ||
                        (!log_.own && tags_.count(version_tag(record.secret, version.number)) > 1);
    return reused ? Held::tag_reused : Held::no;
}

void Fold::step(Record& record, std::size_t i, Slot slot, bool again,
                const std::function<std::size_t()>& records_by_then) {
    Version& version = record.versions[i];
    const EntryIndex index = version.position.index;
    const bool was_over_quota = version.held == Held::over_quota;
    version.by_root = authority_.root_approves(version.approved_by);
    version.approved = version.by_root || (!version.approved_by.empty() &&
                                           authority_.officers_approve(index, version.approved_by));
    version.held = version.approved ? held(record, version) : Held::no;
    const bool rest = supersede(record, i, log_.relaxing);
    if (rest && version.may_act() && !version.by_root) {
        if (again ? was_over_quota : !quota_.admits(index, version.time, records_by_then)) {
            version.held = Held::over_quota;
        }
        if (!again) limited_.emplace(index, slot);
    }
    version.acts = never;
    if (!version.may_act()) return;
    relax(record, i, log_.relaxing);
    if (!log_.relaxing.when_final) {
        version.acts = version.time + log_.relaxing.delay_of(version.prompt.value_or(false));
    }
}

void Fold::put(Records& records, Slot slot, Record record, std::vector<Slot>& changed) {
    const bool ends = std::any_of(record.versions.begin(), record.versions.end(),
                                  [](const Version& one) { return !one.ended_by.empty(); });
    if (ends)
        ending_.insert(slot);
    else if (!ending_.empty())
        ending_.erase(slot);
    note_use(record, slot);
    records.replace(slot, std::move(record));
    changed.push_back(slot);
}

bool Fold::is_closed(const Version& version) const {
    const auto closed = closed_.find(version.position.leaf);
    return closed != closed_.end() && (version.opened & closed->second) != 0;
}

/// Whoever lets the last area of a version be purged knows that it protects nothing any more; an
/// area that was taken back before it came is no other case.
void Fold::shut(Version& version) const {
    if (version.places.empty() && closed_.contains(version.position.leaf)) version.unplaced = false;
}

void Fold::close(const Understood& u) {
    if (!log_.own) saw_tag(u.tag, u.position.index);
    std::uint8_t& closed = closed_[u.position.leaf];
    closed = static_cast<std::uint8_t>(closed | u.closed);
    Version version = make_version(u, log_.charter->terms);
    shut(version);
    arrivals_.push_back({u.head->keys.record, u.head->secret, std::move(version)});
}

void Fold::reopen(const Hash& leaf, std::uint8_t slots) {
    const auto closed = closed_.find(leaf);
    if (closed == closed_.end()) return;
    closed->second = static_cast<std::uint8_t>(closed->second & ~slots);
    if (closed->second == 0) closed_.erase(closed);
}

bool Fold::in_order(const Records& records, const Understood& u) const {
    // Dealings that are to be looked at again change no record.
    const bool late = !arrivals_.empty() || !recheck_.empty() || again_from_ || budget_due_;
    if (late || (newest_ && *newest_ >= u.position.index)) return false;
    const auto slot = records.find(u.head->keys.record);
    if (!slot) return true;
    const auto& versions = records.at(*slot).versions;
    return std::none_of(versions.begin(), versions.end(),
                        [&](const Version& one) { return one.number == u.head->keys.version; });
}

void Fold::add(Records& records, const Understood& u, std::vector<Slot>& changed) {
    const RecordId& id = u.head->keys.record;
    if (!log_.own) saw_tag(u.tag, u.position.index);
    Version version = make_version(u, log_.charter->terms);
    if (!log_.own && u.content) look_at_coarse(u, version);
    if (!closed_.empty()) {
        if (is_closed(version)) return;  // close() has said what is left of it
        shut(version);
    }
    if (!in_order(records, u)) {
        arrivals_.push_back({id, u.head->secret, std::move(version)});
        return;
    }
    newest_ = u.position.index;
    note_places(version);
    const auto known = records.find(id);
    Record record =
        known ? records.at(*known) : Record{id, log_.number, false, false, u.head->secret, {}};
    record.versions.push_back(std::move(version));
    const auto slot = known ? *known : static_cast<Slot>(records.size());
    if (!known) slots_.push_back(slot);
    step(record, record.versions.size() - 1, slot, false, [&] { return slots_.size(); });
    mark(record);
    expect(record, record.newest(), slot);
    if (known) return put(records, slot, std::move(record), changed);
    note_use(record, slot);
    records.add(std::move(record));
    changed.push_back(slot);
}

}  // namespace entente::registry

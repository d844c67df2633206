// SPDX-License-Identifier: Apache-2.0
#include "registry/dealings.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/assert.h"
#include "statement/label.h"

namespace entente::registry {
namespace {

constexpr std::uint8_t coarse_bit = 2, exact_bit = 4;

/// What is longer than any that is understood is kept as one that is not.
std::shared_ptr<const Bytes> label_of(const statement::Head& head) {
    if (head.label.empty()) return nullptr;
    const bool fits = head.label.size() <= statement::label_bytes_max;
    return std::make_shared<const Bytes>(fits ? head.label : Bytes("false"));
}

DealingVersion version_of(const Understood& u) {
    const statement::Head& head = *u.head;
    return {u.position, head.keys.version, u.opened,       head.time, head.kind,
            head.act,   head.actor,        label_of(head), u.dealt,   u.tear};
}

bool before(const DealingVersion& a, const DealingVersion& b) {
    return std::tie(a.number, a.position.index, a.position.leaf) <
           std::tie(b.number, b.position.index, b.position.leaf);
}

/// Whether a full dealing keeps nothing of this version: it is between the last two that it has.
bool passed_over(const Dealing& dealing, const DealingVersion& version) {
    const auto& all = dealing.versions;
    return dealing.more && all.size() == versions_kept_max &&
           before(all[all.size() - 2], version) && before(version, all.back());
}

/// Whether it made a difference. The first versions_kept_max - 1 are kept, and the last: whatever
/// the order in which they come, these are the same.
bool merge(Dealing& dealing, DealingVersion version, bool replaces) {
    auto& all = dealing.versions;
    const auto place = std::lower_bound(all.begin(), all.end(), version, before);
    if (place == all.end() || place->position != version.position) {
        all.insert(place, std::move(version));
        if (all.size() <= versions_kept_max) return true;
        all.erase(all.end() - 2);
        dealing.more = true;
        return true;
    }
    if (replaces) {
        *place = std::move(version);
        return true;
    }
    // Bodies may be opened one by one: what is here stays.
    const auto opened = static_cast<std::uint8_t>(version.opened | place->opened);
    if (opened == place->opened) return false;
    if (!version.said) version.said = place->said;
    if (!version.tear) version.tear = place->tear;
    version.opened = opened;
    *place = std::move(version);
    return true;
}

}  // namespace

std::span<const DealingVersion> Dealing::newest() const {
    ASSERT(!versions.empty());
    auto first = versions.end() - 1;
    while (first != versions.begin() && (first - 1)->number == first->number) --first;
    return {first, versions.end()};
}

const statement::Dealt* Dealing::said() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->said) return version->said.get();
    }
    return nullptr;
}

std::uint32_t Dealing::not_kept() const {
    const auto kept = static_cast<std::uint32_t>(versions.size());
    const std::uint32_t newest = versions.back().number;
    if (!more) return 0;
    return newest > kept ? newest - kept : 1;  // of numbers that are claimed twice: some
}

const DealingVersion* Dealing::shown() const {
    for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        if (version->said || version->tear) return &*version;
    }
    return nullptr;
}

std::optional<DealingSlot> Dealings::find(const RecordId& id) const {
    const DealingSlot* slot = slots_.find(id);
    return slot == nullptr ? std::nullopt : std::optional(*slot);
}

std::span<const DealingSlot> Dealings::about(const RecordId& id) const {
    const About* about = about_.find(id);
    if (about == nullptr) return {};
    return about->slots;
}

bool Dealings::more_about(const RecordId& id) const {
    const About* about = about_.find(id);
    return about != nullptr && about->more;
}

/// Of one log the first about_kept_max - 1 that it says, and the last.
void Dealings::limit(About& about, const About::Noted& now) {
    const auto earlier = [](const About::Noted& a, const About::Noted& b) {
        return std::tie(a.log, a.at.index, a.at.leaf, a.slot) <
               std::tie(b.log, b.at.index, b.at.leaf, b.slot);
    };
    auto& noted = about.noted;
    const auto place = std::lower_bound(noted.begin(), noted.end(), now, earlier);
    if (place != noted.end() && !earlier(now, *place)) return;
    noted.insert(place, now);
    const auto of_log = [&](LogNumber log) {
        return std::partition_point(noted.begin(), noted.end(),
                                    [&](const About::Noted& one) { return one.log < log; });
    };
    const auto end = of_log(now.log + 1);
    if (static_cast<std::size_t>(end - of_log(now.log)) <= about_kept_max) return;
    about.more = true;
    const DealingSlot gone = (end - 2)->slot;
    noted.erase(end - 2);
    // Another version of it may still be among them.
    if (std::any_of(noted.begin(), noted.end(), [&](const auto& one) { return one.slot == gone; }))
        return;
    about.slots.erase(std::lower_bound(about.slots.begin(), about.slots.end(), gone));
}

void Dealings::note_about(const DealingVersion& version, LogNumber log, DealingSlot slot,
                          bool own) {
    if (!version.said) return;
    for (const RecordId& of : statement::about(*version.said)) {
        About& about = about_[of];
        const auto place = std::lower_bound(about.slots.begin(), about.slots.end(), slot);
        if (place == about.slots.end() || *place != slot) about.slots.insert(place, slot);
        if (!own) limit(about, {log, version.position, slot});
    }
}

/// `dealing`: as it is before the version is put into it.
void Dealings::note_kind(const Dealing& dealing, DealingSlot slot, const std::string& kind) {
    const auto same = [&](const DealingVersion& version) { return version.kind == kind; };
    if (std::any_of(dealing.versions.begin(), dealing.versions.end(), same)) return;
    kinds_[kind].add(slot);
}

std::vector<DealingSlot> Dealings::of_kind(std::string_view kind) const {
    std::vector<DealingSlot> out;
    const auto noted = kinds_.find(kind);
    if (noted == kinds_.end()) return out;
    noted->second.each([&](DealingSlot slot) { out.push_back(slot); });
    // One of two kinds stands behind its number under the second.
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

namespace {

std::set<RecordId> all_about(const Dealing& dealing) {
    std::set<RecordId> out;
    for (const DealingVersion& version : dealing.versions) {
        if (!version.said) continue;
        for (const RecordId& of : statement::about(*version.said)) out.insert(of);
    }
    return out;
}

}  // namespace

std::optional<DealingSlot> Dealings::add(LogNumber log, bool own, const Understood& u) {
    ASSERT(u.head);
    DealingVersion version = version_of(u);
    std::uint8_t& closed = closed_[u.position.leaf];
    closed = static_cast<std::uint8_t>(closed | u.closed);
    const bool shut = closed != 0;
    if (!shut) closed_.erase(u.position.leaf);
    if (shut && u.closed == 0 && (version.opened & closed_.at(u.position.leaf)) != 0) {
        return std::nullopt;  // what was said of it with the mark is what is left of it
    }
    if ((u.closed & exact_bit) != 0) version.said.reset();
    if ((u.closed & coarse_bit) != 0) version.tear.reset();
    const auto known = find(u.head->keys.record);
    if (!known) {
        put({u.head->keys.record, log, u.head->secret, {std::move(version)}}, own);
        return static_cast<DealingSlot>(size() - 1);
    }
    note_about(version, log, *known, own);
    note_kind(at(*known), *known, version.kind);
    if (passed_over(at(*known), version)) return std::nullopt;
    Dealing dealing = at(*known);
    if (!merge(dealing, std::move(version), u.closed != 0)) return std::nullopt;
    if (u.closed == 0) {
        pages_.replace(*known, std::move(dealing));
        return known;
    }
    const std::set<RecordId> spoke_of = all_about(at(*known));
    pages_.replace(*known, std::move(dealing));
    // What a body said that is open no more leads to it no more either.
    const std::set<RecordId> speaks_of = all_about(at(*known));
    for (const RecordId& of : spoke_of) {
        if (speaks_of.contains(of)) continue;
        About& about = about_[of];
        std::erase(about.slots, *known);
        std::erase_if(about.noted, [&](const About::Noted& one) { return one.slot == *known; });
    }
    return known;
}

void Dealings::mark(DealingSlot slot, bool newer_withheld) {
    Dealing dealing = at(slot);
    dealing.newer_withheld = newer_withheld;
    pages_.replace(slot, std::move(dealing));
}

void Dealings::reopen(const Hash& leaf, std::uint8_t slots) {
    const auto closed = closed_.find(leaf);
    if (closed == closed_.end()) return;
    closed->second = static_cast<std::uint8_t>(closed->second & ~slots);
    if (closed->second == 0) closed_.erase(closed);
}

void Dealings::put(Dealing dealing, bool own) {
    ASSERT(!dealing.versions.empty() && !find(dealing.id));
    const RecordId id = dealing.id;
    const auto slot = static_cast<DealingSlot>(pages_.add(std::move(dealing)));
    slots_[id] = slot;
    std::set<std::string> kinds;
    for (const DealingVersion& version : at(slot).versions) kinds.insert(version.kind);
    for (const std::string& kind : kinds) kinds_[kind].add(slot);
    for (const DealingVersion& version : at(slot).versions) {
        note_about(version, at(slot).log, slot, own);
    }
}

}  // namespace entente::registry

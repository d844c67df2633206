// SPDX-License-Identifier: Apache-2.0
#include "net/changes.h"

#include <algorithm>

#include "formats/json_out.h"

namespace entente::net {
namespace {

/// One server-sent event: what an entry said of a record, and how that stands by now.
std::string event_of(std::uint64_t id, const view::Seen& seen, EntryIndex entry, TreeSize size) {
    formats::JsonOut out;
    out.object([&] {
        out.member("id", seen.id().text());
        for (const view::SeenVersion& version : seen.history()) {
            if (version.index != entry) continue;
            out.member("act", version.act);
            out.member("version", version.number);
            out.member("time", format_rfc3339(version.time));
            break;  // in a forked log two may have one index
        }
        out.member("entry", entry.v);
        out.member("tree_size", size.v);
        out.member("newest_version", seen.version());
    });
    return "id: " + std::to_string(id) + "\nevent: protection\ndata: " + out.text() + "\n\n";
}

std::string event_of(std::uint64_t id, const view::SeenActivity& seen, TreeSize size) {
    formats::JsonOut out;
    out.object([&] {
        out.member("id", seen.id().text());
        out.member("party", seen.party().v);
        out.member("tree_size", size.v);
        out.member("newest_version", seen.version());
    });
    return "id: " + std::to_string(id) + "\nevent: activity\ndata: " + out.text() + "\n\n";
}

/// A challenge or a message. An event by the name `message` is what a browser takes for one
/// without.
template <class Seen>
std::string talk_event(std::uint64_t id, const char* kind, const Seen& seen, TreeSize size) {
    formats::JsonOut out;
    out.object([&] {
        out.member("kind", kind);
        out.member("id", seen.id().text());
        out.member("party", seen.party().v);
        out.member("tree_size", size.v);
    });
    return "id: " + std::to_string(id) + "\nevent: talk\ndata: " + out.text() + "\n\n";
}

/// What stands beside the register.
std::string aside_event(std::uint64_t id, const char* kind, TreeSize size) {
    formats::JsonOut out;
    out.object([&] { out.member("tree_size", size.v); });
    return "id: " + std::to_string(id) + "\nevent: " + kind + "\ndata: " + out.text() + "\n\n";
}

/// Of the dealing that this one is, or that it speaks of; empty where that is not here, or nothing
/// that is listed.
std::string event_of(std::uint64_t id, const view::View& view, view::DealingSlot slot,
                     TreeSize size) {
    const auto root = view.root_of(slot);
    if (!root) return {};
    const RecordId of = view.dealing_id(*root);
    if (const auto activity = view.find_activity(of)) return event_of(id, *activity, size);
    if (const auto challenge = view.find_challenge(of)) {
        return talk_event(id, "challenge", *challenge, size);
    }
    if (const auto message = view.find_message(of)) {
        return talk_event(id, "message", *message, size);
    }
    if (const auto statement = view.find_statement(of)) {
        return talk_event(id, statement->kind().c_str(), *statement, size);
    }
    return {};
}

}  // namespace

void Changes::begin(const view::View& view, TreeSize size) {
    const std::lock_guard lock(mutex_);
    slot_of_entry_.assign(size.v, no_slot);
    for (view::Slot slot = 0; slot < view.size(); ++slot) {
        if (!view.at(slot).in_own_log()) continue;  // events are counted by the own log's entries
        for (const view::SeenVersion& version : view.at(slot).history()) {
            if (version.index.v < size.v) slot_of_entry_[version.index.v] = slot;
        }
    }
    for (const view::SeenActivity& one : view.activities()) {
        if (!one.in_own_log()) continue;
        for (const registry::DealingVersion& version : one.versions()) {
            const std::uint64_t index = version.position.index.v;
            if (index < size.v) slot_of_entry_[index] = one.slot() | dealing_bit;
        }
    }
}

void Changes::begin_at(std::uint64_t first, TreeSize size) {
    const std::lock_guard lock(mutex_);
    first_ = first;
    tree_size_ = size;
}

/// Of event `number` + 1. Of one log it tells entry `number`; of an exchange the newest version,
/// wherever that stands.
std::string Changes::event(const view::View& view, view::Slot slot, std::uint64_t number,
                           std::optional<TreeSize> size) {
    if (slot == urgent_slot || slot == receipt_slot) {
        return aside_event(number + 1, slot == urgent_slot ? "urgent" : "receipt",
                           size.value_or(TreeSize{number + 1}));
    }
    if (!is_record(slot)) {
        return event_of(number + 1, view, slot & ~dealing_bit, size.value_or(TreeSize{number + 1}));
    }
    const view::Seen seen = view.at(slot);
    const EntryIndex entry = size ? seen.history().back().index : EntryIndex{number};
    return event_of(number + 1, seen, entry, size.value_or(TreeSize{number + 1}));
}

void Changes::add(const view::View& view, const std::vector<view::Slot>& slots, TreeSize size) {
    std::vector<std::weak_ptr<const Wake>> waiting;
    {
        const std::lock_guard lock(mutex_);
        if (tree_size_) tree_size_ = size;
        for (const view::Slot slot : slots) {
            const std::uint64_t number = first_ + slot_of_entry_.size();
            recent_.push_back(slot == no_slot ? std::string()
                                              : event(view, slot, number, tree_size_));
            slot_of_entry_.push_back(slot);
            if (recent_.size() > recent_max) recent_.pop_front();
        }
        waiting.swap(waiting_);
    }
    for (const auto& one : waiting) {
        if (const auto wake = one.lock()) (*wake)();
    }
}

void Changes::add_open(std::size_t count) {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < count; ++i) {
        recent_.emplace_back();
        slot_of_entry_.push_back(no_slot);
        if (recent_.size() > recent_max) recent_.pop_front();
    }
}

std::uint64_t Changes::size() const {
    const std::lock_guard lock(mutex_);
    return first_ + slot_of_entry_.size();
}

std::uint64_t Changes::first() const {
    const std::lock_guard lock(mutex_);
    return first_;
}

std::string Changes::since(std::uint64_t& after, std::size_t most, const view::View& view) const {
    std::string out;
    std::vector<std::pair<std::uint64_t, view::Slot>> old;
    std::optional<TreeSize> tree_size;
    {
        const std::lock_guard lock(mutex_);
        tree_size = tree_size_;
        after = std::max(after, first_);
        const std::uint64_t size = first_ + slot_of_entry_.size();
        const std::uint64_t end = std::min<std::uint64_t>(size, after + most);
        const std::uint64_t first_recent = size - recent_.size();
        for (; after < end; ++after) {
            if (after >= first_recent) {
                out += recent_[after - first_recent];
            } else if (slot_of_entry_[after - first_] != no_slot) {
                old.emplace_back(after, slot_of_entry_[after - first_]);
            }
        }
    }
    // Older ones come before the recent ones, and are written outside the lock: it takes longer.
    std::string before;
    for (const auto& [entry, slot] : old) before += event(view, slot, entry, tree_size);
    return before + out;
}

std::vector<view::Slot> Changes::slots(std::uint64_t begin, std::uint64_t end) const {
    std::vector<view::Slot> out;
    const std::lock_guard lock(mutex_);
    for (std::uint64_t entry = std::max(begin, first_); entry < end; ++entry) {
        const view::Slot slot = slot_of_entry_[entry - first_];
        if (is_record(slot)) out.push_back(slot);
    }
    return out;
}

void Changes::on_more(std::uint64_t after, const std::shared_ptr<const Wake>& wake) {
    {
        const std::lock_guard lock(mutex_);
        if (first_ + slot_of_entry_.size() <= after) {
            if (waiting_.size() >= waiting_limit_) {
                std::erase_if(waiting_, [](const auto& one) { return one.expired(); });
                waiting_limit_ = 2 * waiting_.size() + 64;
            }
            waiting_.push_back(wake);
            return;
        }
    }
    (*wake)();
}

}  // namespace entente::net

// SPDX-License-Identifier: Apache-2.0
#include "registry/registry.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "base/sha256.h"
#include "statement/where.h"

namespace entente::registry {
namespace {

std::size_t shard_of(const RecordId& id) {
    return static_cast<std::size_t>(id.bytes[0]) << 2 | id.bytes[1] >> 6;
}

/// The pointer's own copy: made only if somebody else holds it too.
template <class T>
T& own(std::shared_ptr<T>& shared) {
    if (!shared) shared = std::make_shared<T>();
    if (shared.use_count() > 1) shared = std::make_shared<T>(*shared);
    return *shared;
}

bool before(const std::pair<RecordId, Slot>& entry, const RecordId& id) { return entry.first < id; }

std::string decimal(std::int64_t value) { return std::to_string(value) + "\n"; }

Hash hash_of(const Record& record) {
    Bytes text = "entente/record-state/v1\n" + record.id.text() + "\n" + record.party.v + "\n";
    for (const Version& version : record.versions) {
        text += decimal(version.number) + (version.understood ? "understood\n" : "unknown\n");
        text += version.position.leaf.view();
        text += decimal(millis(version.until)) + decimal(millis(version.acts));
        for (const Reached& reached : version.places) {
            text += statement::canon::encode(statement::encode_where({reached.place}));
            text += decimal(std::llround(reached.buffer.v * 10)) +
                    decimal(std::llround(reached.accuracy.v * 10));
        }
    }
    return sha256(text);
}

/// An act that is not known here may mean anything: it must not end what stands.
bool is_known(const std::string& act) {
    namespace act_name = statement::act;
    for (const char* known : {act_name::add, act_name::amend, act_name::confirm,
                              act_name::confirm_move, act_name::withdraw}) {
        if (act == known) return true;
    }
    return false;
}

/// Starts to bring the whole object into the cache; null and what is past an end do no harm.
template <class T>
void fetch(const T* object) {
    constexpr std::size_t line = 64;
    const char* bytes = reinterpret_cast<const char*>(object);
    for (std::size_t i = 0; i < sizeof(T); i += line) __builtin_prefetch(bytes + i);
}

bool holds(const Record& record, EntryIndex index) {
    return std::any_of(record.versions.begin(), record.versions.end(),
                       [&](const Version& one) { return one.position.index == index; });
}

}  // namespace

const Record& Snapshot::at(Slot slot) const {
    ASSERT(slot < size_);
    return *(*pages_[slot / page_size])[slot % page_size];
}

void Snapshot::prefetch(std::span<const Slot> slots) const {
    // Each pass reads what the one before it fetched.
    for (Slot slot : slots) fetch(&(*pages_[slot / page_size])[slot % page_size]);
    for (Slot slot : slots) fetch(&at(slot));
    for (Slot slot : slots) fetch(&at(slot).newest());
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        fetch(newest.places.data());
        fetch(newest.content.get());
    }
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        if (newest.content) fetch(newest.content->protection.names.data());
    }
    for (Slot slot : slots) {
        const Version& newest = at(slot).newest();
        if (newest.content == nullptr) continue;
        for (const auto& name : newest.content->protection.names) fetch(name.text.data());
    }
}

std::optional<Slot> Snapshot::find(const RecordId& id) const {
    const auto& shard = shards_[shard_of(id)];
    if (!shard) return std::nullopt;
    const auto place = std::lower_bound(shard->begin(), shard->end(), id, before);
    if (place == shard->end() || place->first != id) return std::nullopt;
    return place->second;
}

Hash Snapshot::hash() const {
    Bytes all = "entente/register/v1\n";
    for (const auto& shard : shards_) {  // shards and their entries are in order of id
        if (!shard) continue;
        for (const auto& [id, slot] : *shard) all += hash_of(at(slot)).view();
    }
    return sha256(all + decimal(static_cast<std::int64_t>(unplaced_)));
}

Registry::Registry(statement::Charter charter, PartyId party) {
    const statement::CharterParty* own_party = charter.party(party);
    ASSERT(own_party != nullptr);
    auto root = PublicKey::from(own_party->root);
    if (root) authority_.root = *root;  // a weak root was refused at enrolment and approves nothing
    authority_.officers_needed = own_party->officers;
    snapshot_.shards_.resize(Snapshot::shard_count);
    snapshot_.charter_ = std::make_shared<const statement::Charter>(std::move(charter));
    snapshot_.party_ = std::move(party);
}

Change Registry::apply(const Position& position, const statement::OpenEntry& entry) {
    if (entry.kind != "key") return {};
    const Origin origin = snapshot_.charter_->origin(snapshot_.party_);
    if (auto key = read_key_entry(entry, origin, authority_.root); key && key->role == "officer") {
        // No right over what stands before it: else a key given today would approve the past.
        authority_.officers.push_back({key->key, std::max(key->from, position.index.v + 1)});
    }
    return {};
}

/// When this version acts as a relaxation, should it be one (PROTOCOL 15).
Instant Registry::relaxation_time(const Understood& entry) {
    if (!authority_.root_approves(entry) && !authority_.officers_approve(entry)) return never;
    return entry.head->time + snapshot_.charter_->terms.reduce_delay;
}

Version Registry::make_version(const Understood& entry) {
    const statement::Head& head = *entry.head;
    Version version;
    version.number = head.keys.version;
    version.position = entry.position;
    version.time = head.time;
    version.act = head.act;
    version.actor = head.actor;
    version.content = entry.content;
    version.places = reached(entry, snapshot_.charter_->terms);
    version.withdraws = head.act == statement::act::withdraw && !head.protects;
    version.understood = head.kind == "protection" && is_known(head.act) &&
                         entry.unknown_where.empty() && entry.faults.empty() &&
                         version.places.size() == places_stated(entry) &&
                         (version.withdraws || !version.places.empty());
    version.coarse_only = !entry.content && entry.coarse.has_value();
    version.acts = relaxation_time(entry);
    version.approved = version.acts != never;
    return version;
}

Slot Registry::slot_of(const statement::Head& head) {
    auto& shard = own(snapshot_.shards_[shard_of(head.keys.record)]);
    const auto place = std::lower_bound(shard.begin(), shard.end(), head.keys.record, before);
    if (place != shard.end() && place->first == head.keys.record) return place->second;
    const Slot slot = static_cast<Slot>(snapshot_.size_++);
    shard.insert(place, {head.keys.record, slot});
    Record record;
    record.id = head.keys.record;
    record.party = snapshot_.party_;
    record.secret = head.secret;
    writable(slot) = std::make_shared<const Record>(std::move(record));
    return slot;
}

std::shared_ptr<const Record>& Registry::writable(Slot slot) {
    const std::size_t page = slot / Snapshot::page_size;
    if (page == snapshot_.pages_.size()) snapshot_.pages_.emplace_back();
    return own(snapshot_.pages_[page])[slot % Snapshot::page_size];
}

void Registry::count_unplaced(EntryIndex index) {
    unplaced_.insert(index);
    snapshot_.unplaced_ = unplaced_.size();
}

Change Registry::apply(const Understood& entry) {
    if (!entry.head) {
        count_unplaced(entry.position.index);
        return {};
    }
    const Slot slot = slot_of(*entry.head);
    const Record& record = snapshot_.at(slot);
    if (holds(record, entry.position.index)) return {};  // said once, however often it arrives
    Version version = make_version(entry);
    if (version.places.size() < std::max<std::size_t>(places_stated(entry), entry.head->protects)) {
        count_unplaced(entry.position.index);
    }
    const bool relaxes =
        std::any_of(record.versions.begin(), record.versions.end(), [&](const Version& earlier) {
            return earlier.until > entry.head->time && !covers(version.places, earlier.places);
        });
    if (relaxes && version.acts != never && !authority_.root_approves(entry)) {
        // More than the larger of relaxations_min and relaxations_percent within 24 h of statement
        // times needs the root (PROTOCOL 15); what is beyond waits, and does not count.
        const auto& terms = snapshot_.charter_->terms;
        const auto first = std::upper_bound(relaxations_.begin(), relaxations_.end(),
                                            version.time - std::chrono::hours(24));
        const auto within = static_cast<std::size_t>(relaxations_.end() - first);
        const std::size_t allowed =
            std::max(static_cast<std::size_t>(terms.relaxations_min),
                     snapshot_.size_ * static_cast<std::size_t>(terms.relaxations_percent) / 100);
        if (within >= allowed) {
            version.acts = never;
        } else {
            relaxations_.insert(
                std::upper_bound(relaxations_.begin(), relaxations_.end(), version.time),
                version.time);
        }
    }
    auto changed = std::make_shared<const Record>(with_version(record, std::move(version)));
    writable(slot) = std::move(changed);
    return {slot};
}

}  // namespace entente::registry

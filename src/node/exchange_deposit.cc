// SPDX-License-Identifier: Apache-2.0
// Deposits (PROTOCOL 11): what one party could not bring to another within the charter's time waits
// with a third one, sealed. Three parts, all of them every node's: who releases lists to whom
// something waits; who follows it takes such parcels, signs since when, and gives each to its
// recipient alone; and who lacks something asks everybody for it.
#include <algorithm>

#include "base/sha256.h"
#include "node/exchange_state.h"
#include "node/paths.h"
#include "statement/beat.h"

namespace entente::node {
namespace {

/// A list that goes on growing is not fetched for each release.
constexpr Duration keep_again_every = std::chrono::minutes(10);

std::string held_name(const Pair& of) { return "held/" + of.first.v + "/" + of.second.v; }
std::string frame_name(const Pair& of) { return held_name(of) + "/frame"; }

}  // namespace

// ---- who released ----

/// What is owed to it and not acknowledged within the charter's time, or said to be missing.
void Exchange::find_waiting(Instant now) {
    const Duration due = node_.charter().terms.receipt_due;
    std::map<PartyId, Waiting> all;
    for (const auto& peer : peers_) {
        const TreeSize acknowledged = peer->acknowledged();
        if (acknowledged >= peer->given.size()) continue;
        const auto before = waiting_.find(peer->id);
        if (peer->given_at.empty() && before == waiting_.end()) {
            peer->given_at.emplace_back(peer->given.size(), now);  // before the start: from here on
        }
        Waiting one = before == waiting_.end() ? Waiting{{}, now, {}} : before->second;
        one.from = acknowledged;
        bool left = false;
        for (const auto& [of, custody] : custody_) {
            if (of.second != peer->id || custody.list.size <= acknowledged) continue;
            one.keepers.insert(of.first);
            left = true;
        }
        const auto told = peer->told_at(acknowledged.v);
        const bool missing =
            peer->misses && *peer->misses < peer->given.size() && acknowledged <= *peer->misses;
        const bool late = missing || !told || *told + due <= now;
        // What was late before the start was left with somebody, and is late still.
        if (!late && !left) continue;
        find_keepers(*peer, one, now);
        all.emplace(peer->id, std::move(one));
    }
    waiting_ = std::move(all);
}

/// Whoever was heard of last is the likeliest to come and ask.
void Exchange::find_keepers(const Peer& recipient, Waiting& waiting, Instant now) const {
    const Duration step =
        std::max<Duration>(node_.charter().terms.receipt_due, std::chrono::minutes(1));
    const auto wanted =
        static_cast<std::size_t>(1 + std::max(Duration(0), now - waiting.since) / step);
    while (waiting.keepers.size() < wanted) {
        const Peer* best = nullptr;
        for (const auto& peer : peers_) {
            if (peer.get() == &recipient || waiting.keepers.contains(peer->id) || !peer->beat) {
                continue;
            }
            if (best == nullptr || best->beat->received < peer->beat->received) best = peer.get();
        }
        if (best == nullptr) return;
        waiting.keepers.insert(best->id);
    }
}

Result<Bytes> Exchange::deposits_for(const PartyId& asker) const {
    std::map<PartyId, TreeSize> out;
    for (const auto& [party, waiting] : waiting_) {
        if (waiting.keepers.contains(asker)) out.emplace(party, peer(party)->given.size());
    }
    return format_deposits(out);
}

/// The answer that the recipient would get, from what it acknowledged on.
Result<Bytes> Exchange::deposit_for(const PartyId& asker, const PartyId& recipient) const {
    const auto waiting = waiting_.find(recipient);
    if (waiting == waiting_.end() || !waiting->second.keepers.contains(asker)) {
        return fail(Errc::not_found, "there is nothing at this path");
    }
    return releases_frame(recipient, waiting->second.from.v);
}

/// What a third party signed about a parcel of ours.
void Exchange::hear_custody(const Peer& from, const registry::Understood& said) {
    const statement::Receipt& receipt = *said.receipt;
    const statement::HeldFor& held = *receipt.held;
    if (peer(held.recipient) == nullptr || !receipt.list) return;
    const bool fetched = receipt.rung == statement::Rung::passed;
    Custody& known = custody_[{from.id, held.recipient}];
    if (receipt.list->size < known.list.size) return;  // of an earlier parcel
    if (known.hash != held.hash) {
        auto words = std::move(known.words);
        known = {from.id, held.recipient, {}, held.hash, held.at, {}, {}, std::move(words)};
    }
    known.list = *receipt.list;
    known.leaf = said.position.leaf;
    if (fetched) {
        known.fetched = held.at;
    } else {
        known.held = held.at;
    }
    const CustodyWord word{fetched, receipt.list->size, said.position};
    const bool old = std::any_of(known.words.begin(), known.words.end(), [&](const auto& one) {
        return one.fetched == fetched && one.list >= word.list;
    });
    if (!old) known.words.push_back(word);
}

std::vector<Custody> Exchange::custody() const {
    std::vector<Custody> out;
    for (const auto& [of, custody] : custody_) out.push_back(custody);
    return out;
}

// ---- who holds it for another ----

Result<std::vector<PartyId>> Exchange::take_deposits(const PartyId& from, BytesView list,
                                                     Instant now) {
    const auto waiting = parse_deposits(list);
    if (!waiting) return lie(from, waiting.error(), now);
    std::vector<PartyId> out;
    for (const auto& peer : peers_) {
        const Pair of{from, peer->id};
        const auto waits = waiting->find(peer->id);
        const auto held = held_parcels_.find(of);
        if (waits != waiting->end()) {
            const bool again = held != held_parcels_.end() &&
                               held->second.listed != waits->second &&
                               held->second.held + keep_again_every <= now;
            if (held == held_parcels_.end() || again) out.push_back(peer->id);
        } else if (held != held_parcels_.end() && held->second.said_held &&
                   handed_.contains(of) == held->second.said_fetched) {
            // It has arrived, or its author does not want it kept any more.
            Additions gone;
            gone.local = {{held_name(of), {}}, {frame_name(of), {}}};
            TRYV(store_.add(gone));
            held_parcels_.erase(held);
            handed_.erase(of);
        }
    }
    return out;
}

Result<void> Exchange::take_deposit(const PartyId& from, const PartyId& recipient, BytesView bytes,
                                    Instant now) {
    const Peer* const author = peer(from);
    if (author == nullptr || peer(recipient) == nullptr) {
        return fail(Errc::not_found, "a parcel from or to nobody in this charter");
    }
    const auto frame = parse_releases(bytes);
    if (!frame) return lie(from, frame.error(), now);
    const auto context = seal::parcel_context(frame->parcel);
    if (!context) return lie(from, context.error(), now);
    if (context->author != author->origin || context->recipient != recipient) {
        return lie(from,
                   {Errc::malformed,
                    "a parcel to wait for '" + recipient.v + "' is from or to somebody else"},
                   now);
    }
    const Pair of{from, recipient};
    std::uint64_t all = bytes.size();
    for (const auto& [pair, parcel] : held_parcels_) all += pair == of ? 0 : parcel.bytes;
    if (all > held_bytes_max) {
        return fail(Errc::too_large, "no room for a parcel to '" + recipient.v + "': more than " +
                                         "held_bytes_max = " + std::to_string(held_bytes_max) +
                                         " bytes would wait here");
    }
    HeldParcel parcel;
    TRY(opened, seal::parse_slot(frame->content));
    parcel.listed = opened.released.size;
    parcel.list = {context->size, context->root};
    parcel.hash = sha256(bytes);
    parcel.bytes = bytes.size();
    parcel.held = now;
    Additions additions;
    additions.local = {{held_name(of), format_held(parcel)}, {frame_name(of), Bytes(bytes)}};
    TRYV(store_.add(additions));
    held_parcels_[of] = parcel;
    handed_.erase(of);
    return {};
}

Result<Bytes> Exchange::held_for(const PartyId& asker, const PartyId& author) const {
    const Pair of{author, asker};
    if (held_parcels_.contains(of)) {
        TRY(frame, store_.local(frame_name(of)));
        if (frame && !frame->empty()) {
            handed_.insert(of);
            return std::move(*frame);
        }
    }
    return fail(Errc::not_found, "there is nothing at this path");
}

/// Says since when it holds what others left here, and when it was fetched.
Result<std::map<Pair, HeldParcel>> Exchange::say_held(Batch& batch,
                                                      std::vector<Audience>& audiences,
                                                      Instant now) {
    std::map<Pair, HeldParcel> out;
    for (const auto& [of, parcel] : held_parcels_) {
        HeldParcel next = parcel;
        if (!next.fetched && handed_.contains(of)) next.fetched = now;
        const auto say = [&, &of = of](statement::Rung rung, Instant at) -> Result<void> {
            statement::Receipt receipt;
            receipt.to = of.first;
            receipt.rung = rung;
            receipt.list = next.list;
            receipt.held = statement::HeldFor{of.second, at, next.hash};
            if (rung == statement::Rung::passed) receipt.unit = of.second.v;
            TRY(composed, compose_receipt(author(), std::move(receipt), "node", now, random_));
            batch.statements.push_back(std::move(composed));
            audiences.resize(batch.statements.size());
            audiences.back()[of.first] = Tier::exact;
            return {};
        };
        if (!next.said_held) TRYV(say(statement::Rung::received, next.held));
        next.said_held = true;
        if (next.fetched && !next.said_fetched) {
            TRYV(say(statement::Rung::passed, *next.fetched));
            next.said_fetched = true;
        }
        if (next == parcel) continue;
        batch.additions.local.emplace_back(held_name(of), format_held(next));
        out.emplace(of, next);
    }
    return out;
}

Result<void> Exchange::load_held() {
    for (const auto& author : peers_) {
        for (const auto& recipient : peers_) {
            if (author == recipient) continue;
            const Pair of{author->id, recipient->id};
            TRY(row, store_.local(held_name(of)));
            if (!row || row->empty()) continue;
            TRY(parcel, parse_held(*row));
            held_parcels_.emplace(of, parcel);
        }
    }
    return {};
}

// ---- who lacks it ----

/// Since when it is known that something of theirs is not here.
void Exchange::find_lacking(Instant now) {
    for (const auto& peer : peers_) {
        if (!peer->beat || peer->complete()) {
            peer->lacking_since.reset();
            peer->said_missing = false;
        } else if (!peer->lacking_since) {
            peer->lacking_since = now;
        }
    }
}

bool Exchange::lacks_long(const Peer& peer, Instant now) const {
    return peer.lacking_since && *peer.lacking_since + node_.charter().terms.receipt_due <= now;
}

std::vector<PartyId> Exchange::lacking(Instant now) const {
    std::vector<PartyId> out;
    if (keys_ == nullptr) return out;
    for (const auto& peer : peers_) {
        if (lacks_long(*peer, now) && !peer->complete()) out.push_back(peer->id);
    }
    return out;
}

/// `received` or `missing` is owed within the charter's time; once for each lack.
Result<std::vector<Peer*>> Exchange::say_missing(Batch& batch, std::vector<Audience>& audiences,
                                                 Instant now) {
    std::vector<Peer*> out;
    for (const auto& peer : peers_) {
        if (peer->said_missing || !lacks_long(*peer, now)) continue;
        statement::Receipt receipt;
        receipt.to = peer->id;
        receipt.rung = statement::Rung::offered;
        receipt.list = statement::LogHead{peer->received.size(), peer->received.root()};
        receipt.reason = "missing: the slot of its beat at entry " +
                         std::to_string(peer->beat->index.v) + " says more than is here";
        TRY(composed, compose_receipt(author(), std::move(receipt), "node", now, random_));
        batch.statements.push_back(std::move(composed));
        audiences.resize(batch.statements.size());
        audiences.back()[peer->id] = Tier::exact;
        out.push_back(peer.get());
    }
    return out;
}

/// What the slot for us hides in a beat of its log, which is perhaps not the newest.
Result<Hash> Exchange::slot_at(const Peer& peer, EntryIndex index) const {
    if (peer.beat && peer.beat->index == index) return peer.beat->slot;
    std::optional<Hash> slot;
    TRYV(store_.scan(peer.origin, index, {index.v + 1}, [&](StoredEntry&& row) -> Result<void> {
        TRY(entry, statement::decode_entry(row.entry));
        const auto* open = std::get_if<statement::OpenEntry>(&entry);
        if (open == nullptr) return fail(Errc::malformed, "no beat stands there");
        TRY(beat, statement::decode_beat(*open));
        const auto found = beat.slots.find(self_);
        if (found == beat.slots.end()) return fail(Errc::malformed, "that beat has no slot for us");
        slot = found->second;
        return {};
    }));
    return *slot;
}

/// What waited for us with `from`. If something is wrong with it nobody can tell who of the two
/// altered it, and it is on nobody's account: what it should bring goes on missing.
Result<void> Exchange::take_held(const PartyId& from, const PartyId& of, BytesView bytes,
                                 Instant now) {
    Peer* const author = peer_of(of);
    if (peer_of(from) == nullptr || author == nullptr || !author->beat || !author->shared) {
        return fail(Errc::not_found, "a parcel of nobody who is known here");
    }
    TRY(frame, parse_releases(bytes));
    TRY(content, seal::parse_slot(frame.content));
    if (frame.beat.v >= author->mirror.size().v) {
        return fail(Errc::stale, "it opens a beat that is not held yet");
    }
    const auto slot = slot_at(*author, frame.beat);
    const Hash salt = seal::slot_salt(*author->shared, author->origin, frame.beat);
    if (!slot || seal::slot_hash(salt, frame.content) != *slot) {
        return fail(Errc::bad_proof, "a parcel of " + of.v + " that waited with " + from.v +
                                         " opens a slot that no beat of it has");
    }
    TRYV(check_acknowledged(*author, content, now));
    explain(*author, content);  // if the newest says the same
    TRYV(catch_up_releases(*author, now));
    if (frame.parcel.empty() || content.released.size <= author->received.size()) return {};
    return take_parcel(*author, nullptr, frame, content.released, now);
}

}  // namespace entente::node

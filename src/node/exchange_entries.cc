// SPDX-License-Identifier: Apache-2.0
// Entries of others' logs on their way in: verified, stored, held, folded into the register, and,
// once every entry of a head is here, cosigned. In this order: a crash between any two loses
// nothing and has promised nothing.
#include "base/breaks.h"
#include "base/sha256.h"
#include "node/exchange_state.h"
#include "node/terms.h"
#include "statement/beat.h"

namespace entente::node {
namespace {

/// Of every sealed entry, and of no open one: its form is canonical (doc/protocol/entry.md).
constexpr std::string_view sealed_beginning = "{\"c\":[";

}  // namespace

Result<void> Exchange::take_entries(const PartyId& from, const Origin& origin,
                                    const mirror::Chunk& chunk, Instant now) {
    Peer* const peer = peer_of(origin);
    if (peer == nullptr) {
        return fail(Errc::not_found, "no other party of this charter keeps the log " + origin.v);
    }
    TRYV(catch_up_entries(*peer));
    auto step = peer->mirror.advance(chunk);
    if (!step) {
        refuse(from, origin, step.error(), now);
        return tl::unexpected(step.error().error());
    }
    const auto before = std::tuple(peer->beat, peer->explained, peer->adopted, peer->adopted_hash);
    see_open(*peer, step->entries(), now);
    const bool adopts = peer->adopted != std::get<2>(before);
    if (auto stored = store_entries(*peer, *step, adopts); !stored) {
        std::tie(peer->beat, peer->explained, peer->adopted, peer->adopted_hash) = before;
        return stored;
    }
    const std::vector<mirror::VerifiedEntry> entries = step->entries();
    auto held = peer->mirror.adopt(std::move(*step));
    if (!held) return tl::unexpected(held.error().error());
    fold_entries(*peer, entries);
    judge_fork(*peer);  // more of both may be common
    if (!peer->mirror.is_whole()) return {};
    peer->heads.set_newest(*peer->mirror.head(), ++turn_);
    return cosign(*peer, now);
}

/// A write that failed may have been made all the same; then the store holds more of the log than
/// is known here, and nothing could be added to it. What it holds is read, as at a start.
Result<void> Exchange::catch_up_entries(Peer& peer) {
    TRY(stored, store_.head(peer.origin));
    const TreeSize held = peer.mirror.size();
    if (!stored || stored->size <= held) return {};
    TRY(standing, standing_of(*stored));
    std::vector<Hash> leaves;
    for (std::uint64_t i = 0; i < held.v; ++i) leaves.push_back(peer.mirror.tree().leaf({i}));
    std::vector<Arrived> arrived;
    const registry::Context context{peer.origin, node_.charter().id};
    const auto read_row = [&](StoredEntry&& row) -> Result<void> {
        TRY(read, read_entry(context, peer.log, row));
        if (const auto* open = std::get_if<statement::OpenEntry>(&read.arrived.entry)) {
            if (Peer* const party = peer_of(peer.id)) see_adoption(*party, *open, Instant::min());
        }
        leaves.push_back(read.arrived.position.leaf);
        arrived.push_back(std::move(read.arrived));
        return {};
    };
    TRYV(store_.scan(peer.origin, {held.v}, {stored->size.v}, read_row));
    auto copy = mirror::Mirror::load(peer.mirror.log(), leaves, standing);
    if (!copy) return at("the copy of " + peer.origin.v, copy.error());
    peer.mirror = std::move(*copy);
    if (peer.mirror.is_whole()) peer.heads.set_newest(*peer.mirror.head(), ++turn_);
    fold(std::move(arrived));
    return load_beat(peer);
}

Result<void> Exchange::take_branch(const Origin& origin, const mirror::Chunk& chunk) {
    Peer* const peer = peer_of(origin);
    if (peer == nullptr) return fail(Errc::not_found, "no other party keeps the log " + origin.v);
    return take_branch(*peer, chunk);
}

void Exchange::refuse(const PartyId& from, const Origin& of, const mirror::Fault& fault,
                      Instant now) {
    if (Peer* const log = peer_of(of); fault.fork && log != nullptr) {
        convict(*log, *fault.fork, now);
    } else if (Peer* const source = peer_of(from); source != nullptr && is_rubbish(fault.reason)) {
        misdeed(*source, now, mirror::name(fault.reason), fault.detail);
    }
}

Result<void> Exchange::store_entries(const Peer& peer, const mirror::Advance& step, bool adopts) {
    Commit commit;
    TRY(stored, store_.head(peer.origin));
    commit.expected = std::move(stored);
    commit.next = {peer.origin, step.size(), step.root(), step.standing().bytes(), 1};
    for (const mirror::VerifiedEntry& entry : step.entries()) {
        commit.entries.push_back({entry.index(), entry.bytes(), {}, {}});
    }
    if (peer.beat) commit.additions.local.push_back(beat_row(peer));
    if (adopts) {
        commit.additions.local.emplace_back(adopted_name(peer.id), std::to_string(peer.adopted));
    }
    return store_.commit(commit);
}

void Exchange::fold_entries(Peer& peer, std::span<const mirror::VerifiedEntry> entries) {
    std::vector<Arrived> arrived;
    for (const mirror::VerifiedEntry& entry : entries) {
        Arrived one{peer.log, {entry.index(), entry.leaf()}, {}};
        auto decoded = statement::decode_entry(entry.bytes());
        if (!decoded) {
            // An entry that does not decode is void, and stays in the log (PROTOCOL 16).
        } else if (auto* open = std::get_if<statement::OpenEntry>(&*decoded)) {
            one.entry = std::move(*open);
        } else {
            one.entry = std::get<statement::SealedEntry>(*decoded);
        }
        arrived.push_back(std::move(one));
    }
    fold(std::move(arrived));
}

void Exchange::fold(std::vector<Arrived> arrived) {
    note_forks(arrived);
    for (registry::Slot slot : node_.fold(std::move(arrived))) changed_.push_back(slot);
    hear_forks();
}

/// The newest beat among these entries, and which versions of the charter they adopt. It is known
/// before they are stored, so that it is stored with them, and when we had it.
void Exchange::see_open(Peer& peer, std::span<const mirror::VerifiedEntry> entries, Instant now) {
    Peer* const party = peer_of(peer.id);
    if (party == nullptr) return;  // a log that we kept before
    std::optional<std::pair<EntryIndex, statement::Beat>> newest;
    for (const mirror::VerifiedEntry& entry : entries) {
        if (entry.bytes().starts_with(sealed_beginning)) continue;
        const auto decoded = statement::decode_entry(entry.bytes());
        const auto* open = decoded ? std::get_if<statement::OpenEntry>(&*decoded) : nullptr;
        if (open == nullptr) continue;
        see_adoption(*party, *open, now);
        if (open->kind != statement::beat_kind) continue;
        auto beat = statement::decode_beat(*open);
        if (beat && beat->slots.contains(self_)) {
            newest.emplace(entry.index(), std::move(*beat));
        } else if (!beat || names_us(party->adopted)) {
            // Under a version that does not name us it owes us no slot yet, or no more.
            misdeed(*party, now, "bad_beat", "its beat has no slot for " + self_.v);
        }
    }
    if (!newest) return;
    const auto& [index, beat] = *newest;
    if (beat.time > now + clock_skew_max) {
        misdeed(*party, now, "future_beat",
                "its beat says " + format_rfc3339(beat.time) + ", which is not yet");
    }
    peer.beat = HeldBeat{index, beat.time, now, beat.slots.at(self_)};
    // The slot is blinded anew each time: what it said before is tried first.
    seal::SlotContent same;
    same.released = peer.owed();
    if (peer.explained) {
        same.acknowledged = peer.explained->content.acknowledged;
        same.rung = peer.explained->content.rung;
    }
    explain(peer, same);
}

/// Whether the newest beat's slot hides this content; then it is explained.
bool Exchange::explain(Peer& peer, const seal::SlotContent& content) {
    if (!peer.beat || !peer.shared) return false;
    const Hash salt = seal::slot_salt(*peer.shared, peer.origin, peer.beat->index);
    if (seal::slot_hash(salt, seal::format_slot(content)) != peer.beat->slot) return false;
    peer.explained = Explained{peer.beat->index, content};
    Peer* const party = peer_of(peer.id);
    if (party != nullptr) party->note_before(content.acknowledged);
    if (&peer == party) compare_lists(peer, content);
    return true;
}

/// Says of a head that is wholly here that it is consistent and stored. What was cosigned is
/// remembered apart, before the cosignatures exist (PROTOCOL 26).
Result<void> Exchange::cosign(Peer& peer, Instant now) {
    const bool ours = peer.id == self_;  // one that we kept before
    if (keys_ == nullptr || ours || peer.fork || forgets()) return {};
    const tlog::Checkpoint& head = peer.mirror.head()->checkpoint;
    if (peer.last && head.size > peer.last->size) return {};
    const std::string text = tlog::format_checkpoint(head);
    Additions additions;
    std::vector<tlog::Cosignature> given;
    for (const auto* secret : {&keys_->witness, &keys_->mirror}) {
        const CosignRole role = secret == &keys_->mirror ? CosignRole::mirror : CosignRole::witness;
        TRY(last, cosign_state_.last(peer.origin, role));
        // As a witness it may have been shown more than is here by now.
        const bool smaller = last && last->size > head.size;
        if (smaller && !broken(Break::sign_smaller_tree)) continue;
        if (last && !smaller && peer.mirror.tree().root(last->size) != last->root) {
            // Its key signed what this node cosigned, which is not in this copy: as a witness it
            // was shown another history, and the head itself was not kept. Nobody else's work is
            // to stop for that; the proof comes with whoever holds that history.
            misdeed(peer, now, "cosigned_other",
                    "a head of its log that was cosigned here, of " + std::to_string(last->size.v) +
                        " entries, is not a beginning of the copy that is here: its log has two "
                        "histories, and nothing of it is cosigned any more");
            return {};
        }
        const SignedHead next{head.size, head.root};
        // Remembered and not signed: it died between the two, and may say it now.
        if (last == next && peer.heads.size_of(secret->key().name) == head.size) continue;
        if (last != next) TRYV(cosign_state_.replace(peer.origin, role, last, next));
        TRY(line, secret->sign(now, text));
        TRY(cosignature, tlog::Cosignature::parse(line));
        additions.cosignatures.push_back(row_of(head, secret->key(), cosignature));
        given.push_back(std::move(cosignature));
    }
    if (given.empty()) return {};
    // Shown to nobody, and counted for nothing, before it is durable: else it would make final what
    // is not final any more after the next start.
    TRYV(store_.add(additions));
    for (const auto& cosignature : given) keep_cosignature(&peer, head, cosignature);
    tell_finality(&peer);
    return {};
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Releases on their way in: what a party's slot for us says, and the parcel that makes it good. The
// slot stands in its log, so it cannot say one thing to us and have said another (PROTOCOL 9, 10).
#include "node/exchange_state.h"
#include "seal/commitment.h"

namespace entente::node {
bool Exchange::wants_releases(const PartyId& from) const {
    const Peer* const peer = this->peer(from);
    return keys_ != nullptr && peer != nullptr && peer->beat && !peer->complete();
}

Result<void> Exchange::take_releases(const PartyId& from, BytesView bytes, Instant now) {
    Peer* const peer = peer_of(from);
    if (peer == nullptr) return fail(Errc::not_found, "no other party '" + from.v + "'");
    const auto parsed = parse_releases(bytes);
    if (!parsed) return lie(from, parsed.error(), now);
    const ReleasesFrame& frame = *parsed;
    const auto read = seal::parse_slot(frame.content);
    if (!read) return lie(from, read.error(), now);
    const seal::SlotContent& content = *read;
    if (!peer->beat || frame.beat.v > peer->beat->index.v) {
        return fail(Errc::stale, "it opens a beat that is not held yet");
    }
    // Of an older beat than the newest that is held, the answer was under way for long: ask again.
    if (frame.beat.v < peer->beat->index.v) return fail(Errc::stale, "it opens an older beat");
    // More than we know to have released: what we were before we were put back released it.
    const bool unknown = lists_lost_ && content.acknowledged.size > peer->given.size();
    if (!unknown) TRYV(check_acknowledged(*peer, content, now));
    if (!explain(*peer, content)) {
        misdeed(*peer, now, "wrong_slot", "what it opens is not what its beat's slot hides");
        return fail(Errc::bad_proof, from.v + " opens a slot that its beat does not have");
    }
    TRYV(catch_up_releases(*peer, now));
    if (!frame.parcel.empty()) return take_parcel(*peer, peer, frame, content.released, now);
    if (content.released != peer->owed()) {
        misdeed(*peer, now, "withheld", "its slot speaks of releases that it does not send");
        return fail(Errc::not_found, from.v + " sends no parcel");
    }
    Additions known;
    known.local.push_back(beat_row(*peer));
    return store_.add(known);
}

/// As with entries: what a write that failed has left in the store all the same.
Result<void> Exchange::catch_up_releases(Peer& peer, Instant now) {
    std::vector<StoredRelease> rows;
    const auto keep = [&](StoredRelease&& row) {
        rows.push_back(std::move(row));
        return Result<void>();
    };
    TRYV(store_.scan_releases(peer.origin, self_, peer.received.size().v, keep));
    if (rows.empty()) return {};
    TRYV(load_closed(peer));  // what is released again is no longer closed
    std::vector<Arrived> arrived;
    for (const StoredRelease& row : rows) {
        TRY(release, seal::parse_release(row.leaf));
        node_.reopen(peer.log, release.leaf, slots_of(release.slots));
        TRY(read, load_release(peer, row));
        hear(peer, read, now);
        arrived.push_back(std::move(read.arrived));
    }
    fold(std::move(arrived));
    return {};
}

/// What it says we released to it must be a beginning of the list that we keep, or while it has not
/// heard of the log that we go on in, of the list in one before.
Result<void> Exchange::check_acknowledged(Peer& peer, const seal::SlotContent& content,
                                          Instant now) {
    const seal::ListHead& said = content.acknowledged;
    if (peer.was_given(said)) return {};
    if (peer.may_be_before(said) && peer.acknowledged().v == 0) return {};
    misdeed(peer, now, "wrong_acknowledgement",
            "acknowledges " + std::to_string(said.size.v) + " releases that we did not make to it");
    return fail(Errc::bad_proof, peer.id.v + " acknowledges what was not released to it");
}

/// `account`: whose it is if something is wrong. Nobody's where it waited with a third party: who
/// of the two altered it cannot be told.
Result<void> Exchange::take_parcel(Peer& peer, Peer* account, const ReleasesFrame& frame,
                                   const seal::ListHead& said, Instant now) {
    const TreeSize before = peer.received.size();
    const auto closed_before = peer.closed;
    const auto undo = [&](const Error& error) {
        peer.received.truncate(before);
        peer.closed = closed_before;
        if (account != nullptr) misdeed(*account, now, "bad_parcel", error.detail);
        return at("a parcel of " + peer.id.v, error);
    };
    auto parcel = seal::open_parcel(frame.parcel, keys_->sealing);
    if (!parcel) return undo(parcel.error());
    if (parcel->context.author != peer.origin || parcel->context.recipient != self_) {
        return undo({Errc::refused, "it is from or to somebody else"});
    }
    TRY(known, known_of(*parcel, peer, account, now));
    Additions additions;
    std::vector<Read> came;
    for (const seal::Delivered& item : std::span(parcel->releases).subspan(known)) {
        additions.releases.push_back(
            {peer.origin, self_, peer.received.size().v, Bytes(item.leaf)});
        peer.received.append(tlog::leaf_hash(item.leaf));
        auto read = take_item(peer, account, item, additions, now);
        if (!read) return undo(read.error());
        came.push_back(std::move(*read));
    }
    if (auto listed = check_list(peer, said, frame.proof); !listed) return undo(listed.error());
    additions.local.push_back(beat_row(peer));
    if (auto stored = store_.add(additions); !stored) {
        peer.received.truncate(before);
        peer.closed = closed_before;
        return stored;
    }
    std::vector<Arrived> arrived;
    for (std::size_t i = 0; i < came.size(); ++i) {
        const seal::Delivered& item = parcel->releases[known + i];
        node_.reopen(peer.log, item.release.leaf, came[i].own);
        hear(peer, came[i], now);
        const auto* understood = std::get_if<registry::Understood>(&came[i].arrived.entry);
        if (understood != nullptr) {
            owe(peer, item.release, *understood, came[i].exact);
        }
        arrived.push_back(std::move(came[i].arrived));
    }
    fold(std::move(arrived));
    return {};
}

/// How many of a parcel's first releases are held already: it was made before the author knew, or
/// comes twice. They must be the same ones.
Result<std::size_t> Exchange::known_of(const seal::Parcel& parcel, const Peer& peer, Peer* account,
                                       Instant now) {
    const std::uint64_t first = parcel.context.first;
    const std::uint64_t held = peer.received.size().v;
    if (first > held || first + parcel.releases.size() <= held) {
        return fail(Errc::stale, "the parcel holds releases " + std::to_string(first) + " to " +
                                     std::to_string(first + parcel.releases.size()) + "; " +
                                     std::to_string(held) + " are held");
    }
    const std::size_t known = held - first;
    for (std::size_t i = 0; i < known; ++i) {
        if (peer.received.leaf({first + i}) == tlog::leaf_hash(parcel.releases[i].leaf)) continue;
        if (account != nullptr) {
            misdeed(
                *account, now, "rewritten_list",
                "release " + std::to_string(first + i) + " to us is another than it was before");
        }
        return fail(Errc::bad_proof, peer.id.v + " sends another list of releases than before");
    }
    return known;
}

/// What is held now is the list of the opened slot, or a beginning of it.
Result<void> Exchange::check_list(const Peer& peer, const seal::ListHead& said,
                                  std::span<const Hash> proof) {
    const seal::ListHead held = peer.owed();
    if (held == said) return {};
    return tlog::verify_consistency({held.size, held.root, said.size, said.root}, proof);
}

/// One release: the entry that it opens must be the one in the log. Bodies that are not its own are
/// left out and the author is named for it; what else came is good.
Result<Exchange::Read> Exchange::take_item(Peer& peer, Peer* account, const seal::Delivered& item,
                                           Additions& additions, Instant now) {
    const seal::Release& release = item.release;
    const std::string where = "release of entry " + std::to_string(release.entry.v);
    if (release.entry.v >= peer.mirror.size().v ||
        peer.mirror.tree().leaf(release.entry) != release.leaf) {
        return fail(Errc::bad_proof, where + " names another entry than its log has");
    }
    StoredEntry stored;
    TRYV(store_.scan(peer.origin, release.entry, {release.entry.v + 1}, [&](StoredEntry&& row) {
        stored = std::move(row);
        return Result<void>();
    }));
    // Two releases of one entry in one parcel: the second goes on from what the first made.
    for (const StoredBodies& earlier : additions.bodies) {
        if (earlier.index != release.entry) continue;
        stored.wrapped_keys = earlier.wrapped_keys;
        stored.ciphertexts = earlier.ciphertexts;
    }
    const auto [own, wrong] = own_bodies(stored.entry, item);
    // Who held it for the author may have altered it: then the author's own will do.
    if (wrong && account == nullptr) return at(where, *wrong);
    if (wrong) misdeed(peer, now, "void_body", where + ": " + wrong->detail);
    if (own != 0) {
        seal::Carried carried = item.carried;
        carried.slots = set_of(own);
        auto row =
            vault_.put_in(release.leaf, stored.wrapped_keys, stored.ciphertexts, carried, random_);
        if (!row) return at(where, row.error());
        stored.wrapped_keys = std::move(row->wrapped_keys);
        stored.ciphertexts = std::move(row->ciphertexts);
        additions.bodies.push_back(
            {peer.origin, release.entry, stored.wrapped_keys, stored.ciphertexts});
        reopen(peer, release.entry, own, additions);
    }
    TRY(read, read_entry({peer.origin, node_.charter().id}, peer.log, stored));
    read.own = own;
    say_void(read);
    return read;
}

/// Which of the bodies that came the entry commits to, and what is wrong with another.
std::pair<Slots, std::optional<Error>> Exchange::own_bodies(BytesView entry,
                                                            const seal::Delivered& item) {
    const auto decoded = statement::decode_entry(entry);
    const auto* sealed = decoded ? std::get_if<statement::SealedEntry>(&*decoded) : nullptr;
    if (sealed == nullptr) return {0, Error{Errc::malformed, "the entry is none that has bodies"}};
    std::pair<Slots, std::optional<Error>> out;
    for (std::size_t i = 0; i < seal::slot_count; ++i) {
        if (!item.carried.slots[i]) continue;
        seal::Carried one = item.carried;
        one.slots = set_of(static_cast<Slots>(1 << i));
        const auto opened = seal::open_carried(item.release.leaf, one);
        if (opened &&
            seal::commitment((*opened)[i]->salt, (*opened)[i]->body) == sealed->commitments[i]) {
            out.first = static_cast<Slots>(out.first | 1 << i);
        } else {
            out.second = Error{Errc::bad_proof, "body " + std::to_string(i + 1) +
                                                    " is not what the entry commits to"};
        }
    }
    // Without its head nobody knows what the others say.
    if (item.carried.slots[0] && (out.first & 1) == 0) out.first = 0;
    return out;
}

/// Released, and its head is not open here: what it says is not known, so it may protect anything,
/// and answers are incomplete (PROTOCOL 18).
void Exchange::say_void(Read& read) {
    auto* sealed = std::get_if<statement::SealedEntry>(&read.arrived.entry);
    if (sealed == nullptr) return;
    registry::Understood out;
    out.position = read.arrived.position;
    out.tag = sealed->tag;
    out.void_body = true;
    out.faults = {"its head was released and does not open"};
    read.arrived.entry = std::move(out);
}

}  // namespace entente::node

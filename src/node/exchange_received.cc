// SPDX-License-Identifier: Apache-2.0
// The list of one's own releases, back from who received them. A node that was put back to an
// earlier time does not know what it has released since; whoever holds it all does. It is believed
// as far as it is what one's own beat, which the log signed, says in its slot for that party: of no
// other list does anybody know a content that hashes to it (PROTOCOL 10, 26).
#include "node/exchange_state.h"
#include "node/succession.h"
#include "statement/beat.h"

namespace entente::node {
namespace {

constexpr std::size_t frame_leaves_max = 16'384;

}  // namespace

Result<Bytes> Exchange::received_frame(const PartyId& asker, std::uint64_t after) const {
    const Peer* const peer = this->peer(asker);
    const bool all =
        peer != nullptr && peer->explained && peer->explained->content.released == peer->owed();
    if (!all || after > peer->received.size().v) {
        return fail(Errc::not_found, "this node does not hold all that was released to it");
    }
    ReceivedFrame frame{
        peer->explained->index, seal::format_slot(peer->explained->content), after, {}};
    const Error full{Errc::too_large, "the frame is full"};
    auto scanned =
        store_.scan_releases(peer->origin, self_, after, [&](StoredRelease&& row) -> Result<void> {
            if (frame.leaves.size() == frame_leaves_max) {
                return tl::unexpected(full);
            }
            frame.leaves.push_back(std::move(row.leaf));
            return {};
        });
    if (!scanned && scanned.error() != full) return tl::unexpected(scanned.error());
    return format_received(frame);
}

/// Nothing is released, and no beat said, before every party has told what it has of us.
std::optional<PartyId> Exchange::waits_for_list() const {
    if (!lists_lost_) return std::nullopt;
    for (const auto& peer : peers_) {
        if (!peer->list_known) return peer->id;
    }
    return std::nullopt;
}

/// What its newest beat acknowledges of our list is more than we know of, or not. A beat from
/// before we were started again may come before what it had fetched by then.
void Exchange::compare_lists(Peer& peer, const seal::SlotContent& content) {
    if (!lists_lost_ || peer.list_known || !started_ || peer.beat->time <= *started_) return;
    peer.list_known = content.acknowledged.size <= peer.given.size();
    peer.list_wanted = !peer.list_known;
}

bool Exchange::wants_received(const PartyId& from) const {
    const Peer* const peer = this->peer(from);
    return peer != nullptr && peer->list_wanted && keys_ != nullptr;
}

std::uint64_t Exchange::received_after(const PartyId& from) const {
    const Peer* const peer = this->peer(from);
    return peer->given.size().v + peer->list_parts.size();
}

Result<void> Exchange::take_received(const PartyId& from, BytesView bytes, Instant now) {
    Peer* const peer = peer_of(from);
    if (peer == nullptr) return fail(Errc::not_found, "no other party '" + from.v + "'");
    const auto wrong = [&](const std::string& what) {
        peer->list_parts.clear();
        misdeed(*peer, now, "wrong_list", what);
        return fail(Errc::bad_proof, from.v + ": " + what);
    };
    TRY(frame, parse_received(bytes));
    TRY(content, seal::parse_slot(frame.content));
    TRY(own, own_slot(*peer, frame.beat));
    const Hash salt = seal::slot_salt(*peer->shared, node_.origin(), frame.beat);
    if (seal::slot_hash(salt, frame.content) != own) {
        return wrong("what it shows of our releases is not what our beat hides");
    }
    const std::uint64_t size = content.released.size.v;
    const std::uint64_t held = received_after(from);
    if (frame.first != held || frame.leaves.empty() || held + frame.leaves.size() > size) {
        return wrong("it shows other releases than were asked for");
    }
    for (Bytes& leaf : frame.leaves) {
        if (!seal::parse_release(leaf)) return wrong("a release that is none");
        peer->list_parts.push_back(std::move(leaf));
    }
    if (held + frame.leaves.size() < size) return {};
    tlog::Tree tree = peer->given;
    for (const Bytes& leaf : peer->list_parts) tree.append(tlog::leaf_hash(leaf));
    if (tree.root() != content.released.root) return wrong("its list has not the root of our beat");
    Additions additions;
    for (Bytes& leaf : peer->list_parts) {
        const std::uint64_t number = peer->given.size().v + additions.releases.size();
        additions.releases.push_back({node_.origin(), peer->id, number, std::move(leaf)});
    }
    peer->list_parts.clear();
    TRYV(store_.add(additions));
    for (const StoredRelease& row : additions.releases) TRYV(load_given_row(*peer, row));
    peer->list_known = true;
    peer->list_wanted = false;
    return settle_lists();
}

/// Once all have told, it is over for good.
Result<void> Exchange::settle_lists() {
    if (!lists_lost_ || waits_for_list()) return {};
    Additions additions;
    additions.local.emplace_back(own_row(node_.number(), lost_lists_name), Bytes());
    TRYV(store_.add(additions));
    lists_lost_ = false;
    return {};
}

/// What our own beat says to it, as the log has it.
Result<Hash> Exchange::own_slot(const Peer& peer, EntryIndex beat) const {
    if (beat.v >= node_.log().size().v || !peer.shared) {
        return fail(Errc::not_found, "it speaks of a beat of ours that is not here");
    }
    std::optional<Hash> out;
    TRYV(store_.scan(node_.origin(), beat, {beat.v + 1}, [&](StoredEntry&& row) -> Result<void> {
        TRY(entry, statement::decode_entry(row.entry));
        const auto* open = std::get_if<statement::OpenEntry>(&entry);
        if (open == nullptr || open->kind != statement::beat_kind) return {};
        TRY(said, statement::decode_beat(*open));
        const auto slot = said.slots.find(peer.id);
        if (slot != said.slots.end()) out = slot->second;
        return {};
    }));
    if (!out) return fail(Errc::bad_proof, "the entry that it speaks of is no beat of ours");
    return *out;
}

}  // namespace entente::node

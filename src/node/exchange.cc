// SPDX-License-Identifier: Apache-2.0
// The way up: copies, lists and cosignatures out of the store. Nothing stored is believed but what
// this node marked as verified.
#include <algorithm>

#include "base/encode.h"
#include "node/exchange_state.h"
#include "node/succession.h"
#include "node/terms.h"

namespace entente::node {
namespace {

constexpr std::size_t marked_at_once = 4096;  // rows in one transaction

/// Which version each party goes by stands beside its log, for terms_in_force() at the next start;
/// a store that an earlier program wrote does not have it.
Result<void> keep_adopted(Store& store, const std::vector<std::unique_ptr<Peer>>& peers) {
    Additions rows;
    for (const auto& peer : peers) {
        const Bytes version = std::to_string(peer->adopted);
        TRY(row, store.local(adopted_name(peer->id)));
        if (peer->adopted > 0 && row != version) {
            rows.local.emplace_back(adopted_name(peer->id), version);
        }
    }
    return rows.local.empty() ? Result<void>() : store.add(rows);
}

}  // namespace

Exchange::Exchange(Node& node, Store& store, CosignState& cosigned, const ExchangeKeys* keys,
                   const seal::Vault& vault, Random random)
    : node_(node), store_(store), cosign_state_(cosigned), keys_(keys), vault_(vault),
      marker_(vault, cosignature_mark), random_(std::move(random)), self_(node.snapshot().party()) {
}

Result<std::unique_ptr<Exchange>> Exchange::open(Node& node, Store& store, CosignState& cosigned,
                                                 const ExchangeKeys* keys, const seal::Vault& vault,
                                                 Random random) {
    std::unique_ptr<Exchange> out(
        new Exchange(node, store, cosigned, keys, vault, std::move(random)));
    const statement::Charter& charter = node.charter();
    TRYV(out->load_charters());
    TRY(successions, stored_successions(store, charter, node.charter_hashes()));
    out->successions_ = std::move(successions);
    TRYV(out->meet_former());
    if (charter.parties.size() < 2) return out;
    Bytes life(8, '\0');
    out->random_(reinterpret_cast<std::uint8_t*>(life.data()), life.size());
    out->life_ = to_hex(life) + "-";
    out->own_heads_.set_newest(node.head(), ++out->turn_);
    for (const statement::CharterParty& party : charter.parties) {
        TRY(peer, Peer::make(party));
        if (party.id == out->self_) {
            out->own_witness_ = peer->witness_key;
            out->own_mirror_ = peer->mirror_key;
            continue;
        }
        peer->log = node.add_log(peer->origin, peer->id);
        if (keys != nullptr) peer->shared = keys->sealing.agree(peer->sealing);
        out->peers_.push_back(std::move(peer));
    }
    TRYV(out->meet_witnesses());
    TRYV(out->load());
    if (keys != nullptr) TRYV(keep_adopted(store, out->peers_));
    return out;
}

/// The logs that others, and we ourselves, kept before those in force: what they protected stays
/// (PROTOCOL 8, 25).
Result<void> Exchange::meet_former() {
    const statement::Charter& charter = node_.charter();
    TRY(former, former_logs(store_, charter, node_.charter_hashes(), successions_));
    for (FormerLog& one : former) {
        if (one.card.id == self_ && charter.parties.size() < 2) {
            TRYV(load_own_before(one.card));
            continue;
        }
        TRY(peer, Peer::make(one.card));
        peer->log = node_.add_log(peer->origin, peer->id);
        peer->last = one.last;
        if (charter.party(peer->id) != nullptr) {
            if (keys_ != nullptr && peer->id != self_) {
                peer->shared = keys_->sealing.agree(peer->sealing);
            }
            former_.push_back(std::move(peer));
            continue;
        }
        // It left: nothing more comes of it, and nothing of its becomes final any more.
        TRYV(load_log(*peer));
    }
    return {};
}

/// What was released comes first: receipts in the others' logs speak of it.
Result<void> Exchange::load() {
    list_logs();
    TRY(lists, store_.local(own_row(node_.number(), lost_lists_name)));
    lists_lost_ = lists && !lists->empty();
    TRY(unknown, store_.local(cosigned_unknown_name));
    cosigned_unknown_ = unknown && !unknown->empty();
    for (const auto& peer : peers_) TRYV(load_given(*peer));
    for (Peer* log : logs_) TRYV(load_closed(*log));
    for (Peer* log : logs_) TRYV(load_log(*log));
    for (Peer* log : logs_) TRYV(load_received(*log));
    TRYV(load_cosignatures(nullptr));
    for (Peer* log : logs_) TRYV(load_cosignatures(log));
    TRYV(load_held());
    TRYV(load_marks());
    hear_forks();
    return {};
}

void Exchange::list_logs() {
    logs_.clear();
    for (const auto& peer : peers_) logs_.push_back(peer.get());
    for (const auto& peer : former_) logs_.push_back(peer.get());
}

/// Entries and the standing under which they were verified; bodies that were released to us.
Result<void> Exchange::load_log(Peer& peer) {
    TRY(stored, store_.head(peer.origin));
    if (!stored) return {};
    TRY(standing, standing_of(*stored));
    std::vector<Hash> leaves;
    std::vector<Arrived> arrived;
    const registry::Context context{peer.origin, node_.charter().id};
    TRYV(store_.scan(peer.origin, {0}, {stored->size.v}, [&](StoredEntry&& entry) -> Result<void> {
        TRY(read, read_entry(context, peer.log, entry));
        peer.has_bodies.push_back(!entry.wrapped_keys.empty());
        leaves.push_back(read.arrived.position.leaf);
        hear(peer, read, Instant::min());
        arrived.push_back(std::move(read.arrived));
        return {};
    }));
    auto copy = mirror::Mirror::load(peer.mirror.log(), leaves, standing);
    if (!copy) return at("the copy of " + peer.origin.v, copy.error());
    peer.mirror = std::move(*copy);
    if (peer.mirror.is_whole()) peer.heads.set_newest(*peer.mirror.head(), ++turn_);
    note_forks(arrived);
    node_.fold(std::move(arrived));
    return {};
}

/// A log of one's own, alone, that a successor follows: verified as at its own start, and never
/// written.
Result<void> Exchange::load_own_before(const statement::CharterParty& card) {
    TRY(key, tlog::VerifierKey::parse(card.log));
    const Origin origin{key.name};
    TRY(stored, store_.head(origin));
    if (!stored) {
        return fail(Errc::not_found, "the store holds nothing of " + origin.v +
                                         ", which this log follows: what it protects would be "
                                         "missing");
    }
    auto head = tlog::open_checkpoint(stored->note, origin, key);
    if (!head) return at("the stored head of " + origin.v, head.error());
    const registry::LogNumber log = node_.add_log(origin, self_);
    std::vector<Hash> leaves;
    std::vector<Arrived> arrived;
    const auto read_row = [&](StoredEntry&& row) -> Result<void> {
        TRY(read, read_entry({origin, node_.charter().id}, log, row));
        leaves.push_back(read.arrived.position.leaf);
        arrived.push_back(std::move(read.arrived));
        return {};
    };
    TRYV(store_.scan(origin, {0}, {head->checkpoint.size.v}, read_row));
    TRY(tree, tlog::Log::load(origin, leaves));
    if (tree.checkpoint().root != head->checkpoint.root) {
        return fail(Errc::bad_proof,
                    "the stored entries of " + origin.v + " do not have the root that was signed");
    }
    node_.fold(std::move(arrived));
    return {};
}

Result<Exchange::Read> Exchange::read_entry(const registry::Context& context,
                                            registry::LogNumber log,
                                            const StoredEntry& stored) const {
    const registry::Position position{stored.index, tlog::leaf_hash(stored.entry)};
    Read out{{log, position, {}}, {}};
    auto entry = statement::decode_entry(stored.entry);
    if (!entry) return out;  // void, and stays in the log (PROTOCOL 16)
    if (auto* open = std::get_if<statement::OpenEntry>(&*entry)) {
        out.arrived.entry = std::move(*open);
        return out;
    }
    const auto& sealed = std::get<statement::SealedEntry>(*entry);
    if (stored.wrapped_keys.empty()) {
        out.arrived.entry = sealed;
        return out;
    }
    auto opened = vault_.open(position.leaf, stored.wrapped_keys, stored.ciphertexts);
    if (!opened) {
        return at("entry " + std::to_string(stored.index.v) + " of " + context.origin.v + ": vault",
                  opened.error());
    }
    const Slots closed = closed_of(log, stored.index);
    for (std::size_t i = 0; i < opened->bodies.size(); ++i) {
        if ((closed >> i & 1) != 0) opened->bodies[i].reset();
    }
    auto understood = registry::understand(context, position, sealed, opened->bodies);
    understood.closed = closed;
    if (opened->bodies[2] && (understood.opened >> 2 & 1) != 0) {
        out.exact = std::move(opened->bodies[2]->body);
    }
    out.arrived.entry = std::move(understood);
    return out;
}

Result<Exchange::OwnStatement> Exchange::own_statement(EntryIndex index, const Peer* before) const {
    OwnStatement out;
    const Origin& origin = before ? before->origin : node_.origin();
    const registry::LogNumber log = before ? before->log : 0;
    TRYV(store_.scan(origin, index, {index.v + 1}, [&](StoredEntry&& row) -> Result<void> {
        TRY(read, read_entry({origin, node_.charter().id}, log, row));
        const auto* understood = std::get_if<registry::Understood>(&read.arrived.entry);
        if (understood == nullptr || !understood->head) {
            return fail(Errc::not_found,
                        "entry " + std::to_string(index.v) + " is no statement that is open here");
        }
        out.record = understood->head->keys.record;
        out.used = slots_of(understood->head->used);
        out.label = understood->head->label;
        out.recall = understood->recall;
        out.time = understood->head->time;
        out.receipt = receipt_in(self_, *understood);
        out.reading =
            due_of({index, understood->position.leaf, {}, {}}, *understood, read.exact).read_back;
        return {};
    }));
    return out;
}

/// The list of releases to it: its tree, and which bodies of which record it has.
Result<void> Exchange::load_given(Peer& peer) {
    for (const auto& own : former_) {
        if (own->id == self_) TRYV(load_given_before(peer, *own));
    }
    return store_.scan_releases(node_.origin(), peer.id, 0,
                                [&](StoredRelease&& row) { return load_given_row(peer, row); });
}

Result<void> Exchange::load_given_row(Peer& peer, const StoredRelease& row) {
    TRY(release, seal::parse_release(row.leaf));
    peer.given.append(tlog::leaf_hash(row.leaf));
    released_[release.leaf] = release.entry;
    note_given(peer, release.leaf, slots_of(release.slots));
    if (is_lost(node_.lost(), release.entry)) return {};  // what it was is known to others alone
    TRY(said, own_statement(release.entry));
    Slots& has = peer.given_slots[said.record];
    has = static_cast<Slots>(has | slots_of(release.slots));
    if (said.recall) note_recalled(peer, release.leaf, *said.recall, said.time);
    if (said.receipt) note_said(*said.receipt);
    return {};
}

/// What we released to it in a log before this one: who has a record is owed what becomes of it,
/// and what it says of one is about something.
Result<void> Exchange::load_given_before(Peer& peer, const Peer& own) {
    GivenBefore before{own.number, {}, {}, {}, {}};
    const auto take = [&](StoredRelease&& row) -> Result<void> {
        TRY(release, seal::parse_release(row.leaf));
        before.list.append(tlog::leaf_hash(row.leaf));
        before.leaves.insert(release.leaf);
        note_given(peer, release.leaf, slots_of(release.slots));
        const auto said = own_statement(release.entry, &own);
        if (!said) return {};  // its body was lost with a store
        Slots& has = peer.given_slots[said->record];
        has = static_cast<Slots>(has | slots_of(release.slots));
        if (said->recall) note_recalled(peer, release.leaf, *said->recall, said->time);
        if (said->receipt) note_said(*said->receipt);
        return {};
    };
    TRYV(store_.scan_releases(own.origin, peer.id, 0, take));
    peer.given_before.push_back(std::move(before));
    return {};
}

/// Bodies of an entry that are open no more, by a recall.
Slots Exchange::closed_of(registry::LogNumber log, EntryIndex index) const {
    for (const Peer* peer : logs_) {
        if (peer->log != log) continue;
        const auto closed = peer->closed.find(index);
        return closed == peer->closed.end() ? Slots{0} : closed->second;
    }
    return 0;
}

Result<void> Exchange::load_closed(Peer& peer) {
    TRY(row, store_.local(closed_row(peer, {}).first));
    if (!row) return {};
    TRY(closed, parse_closed(*row));
    peer.closed = std::move(closed);
    return {};
}

/// The list of its releases to us: its tree, and what is not receipted yet.
Result<void> Exchange::load_received(Peer& peer) {
    TRY(receipted, store_.local(receipted_name(peer)));
    std::uint64_t settled = 0;
    if (receipted) {
        TRY(number, parse_number(*receipted));
        settled = number;
    }
    std::vector<Arrived> void_ones;
    const auto take = [&](StoredRelease&& row) -> Result<void> {
        TRY(release, seal::parse_release(row.leaf));
        const bool open =
            release.entry.v < peer.has_bodies.size() && peer.has_bodies[release.entry.v];
        if (row.number < settled && open) {
            peer.received.append(tlog::leaf_hash(row.leaf));
            return {};
        }
        const std::size_t due = peer.due.size();
        TRY(read, load_release(peer, row));
        if (row.number < settled) peer.due.resize(due);
        if (!open) void_ones.push_back(std::move(read.arrived));
        return {};
    };
    TRYV(store_.scan_releases(peer.origin, self_, 0, take));
    node_.fold(std::move(void_ones));
    peer.has_bodies = {};
    return {};
}

/// One that is not receipted yet, out of the store.
Result<Exchange::Read> Exchange::load_release(Peer& peer, const StoredRelease& row) {
    TRY(release, seal::parse_release(row.leaf));
    std::optional<Read> out;
    TRYV(store_.scan(peer.origin, release.entry, {release.entry.v + 1},
                     [&](StoredEntry&& entry) -> Result<void> {
                         TRY(read, read_entry({peer.origin, node_.charter().id}, peer.log, entry));
                         out = std::move(read);
                         return {};
                     }));
    if (!out) return fail(Errc::not_found, "a release of an entry that is not stored");
    say_void(*out);
    const auto* understood = std::get_if<registry::Understood>(&out->arrived.entry);
    if (understood != nullptr) owe(peer, release, *understood, out->exact);
    peer.received.append(tlog::leaf_hash(row.leaf));
    return std::move(*out);
}

/// What this node has marked it verified before it was stored; the rest is verified, and marked.
Result<void> Exchange::load_cosignatures(Peer* of) {
    const Origin& origin = of ? of->origin : node_.origin();
    const tlog::Tree& tree = of ? of->mirror.tree() : node_.log().tree();
    const auto known = cosigners_of(origin);
    tlog::Checkpoint head{
        origin, {}, {}, {}};  // of the last row: those over one head come together
    Additions unmarked;
    // The next start verifies again what cannot be marked now.
    const auto store_marks = [&] {
        if (keys_ != nullptr) (void)store_.add(unmarked);
        unmarked.cosignatures.clear();
    };
    TRYV(store_.scan_cosignatures(origin, [&](StoredCosignature&& row) -> Result<void> {
        const bool same = row.size == head.size && row.size.v > 0;
        if (row.size > tree.size() || (same ? head.root : tree.root(row.size)) != row.root) {
            return fail(Errc::bad_proof, "a stored cosignature of " + row.cosigner + " over size " +
                                             std::to_string(row.size.v) + " of " + origin.v +
                                             " is not over this log");
        }
        head.size = row.size;
        head.root = row.root;
        TRY(line, parse_line(row.line));
        TRY(cosignature, tlog::Cosignature::parse(line));
        const auto key = std::find_if(known.begin(), known.end(),
                                      [&](const auto& each) { return cosignature.is_of(each); });
        if (key == known.end()) return {};  // of an earlier charter
        const Bytes verified = verified_bytes(head, *key, row.line);
        if (!marker_.is_mark(verified, row.mark)) {
            TRYV(tlog::verify_cosignature(*key, cosignature, tlog::format_checkpoint(head)));
            row.mark = marker_.mark(verified);
            unmarked.cosignatures.push_back(std::move(row));
            if (unmarked.cosignatures.size() == marked_at_once) store_marks();
        }
        keep_cosignature(of, head, cosignature);
        return {};
    }));
    if (!unmarked.cosignatures.empty()) store_marks();
    tell_finality(of);
    return {};
}

/// One's own newest beat with what its slots hid, and the others' newest.
Result<void> Exchange::load_marks() {
    TRY(own, store_.local(own_beat_name(node_.number())));
    if (own) {
        TRY(beat, parse_own_beat(*own));
        own_beat_ = std::move(beat);
    }
    for (Peer* peer : logs_) {
        TRYV(load_beat(*peer));
        TRYV(load_fork(*peer));
        judge_fork(*peer);
    }
    judge_own();
    return {};
}

Result<void> Exchange::load_fork(Peer& peer) {
    TRY(fork, store_.local(fork_name(peer)));
    if (!fork) return {};
    TRY(proof, mirror::parse_fork(*fork));
    TRYV(mirror::verify_fork(proof, peer.mirror.log()));
    peer.fork = std::move(proof);
    TRY(said, store_.local(fork_said_name(peer)));
    peer.fork_said = said.has_value();
    return load_branch(peer);
}

Result<void> Exchange::load_beat(Peer& peer) {
    TRY(stored, store_.local(peer_beat_name(peer)));
    if (!stored) return {};
    TRY(known, parse_peer_beat(*stored));
    peer.beat = known.beat;
    peer.explained = known.explained;
    Peer* const party = peer_of(peer.id);
    if (party != nullptr && known.explained) {
        party->note_before(known.explained->content.acknowledged);
    }
    return {};
}

Peer* Exchange::peer_of(const Origin& origin) const {
    for (Peer* peer : logs_) {
        if (peer->origin == origin) return peer;
    }
    return nullptr;
}

Peer* Exchange::peer_of(const PartyId& party) {
    for (const auto& peer : peers_) {
        if (peer->id == party) return peer.get();
    }
    return nullptr;
}

const Peer* Exchange::peer(const PartyId& party) const {
    for (const auto& peer : peers_) {
        if (peer->id == party) return peer.get();
    }
    return nullptr;
}

const mirror::Mirror* Exchange::copy_of(const Origin& origin) const {
    const Peer* const peer = peer_of(origin);
    return peer == nullptr ? nullptr : &peer->mirror;
}

const mirror::Mirror* Exchange::copy_of(const Wanted& wanted) const {
    const Peer* const peer = peer_of(wanted.origin);
    if (peer == nullptr || !wanted.branch) return peer == nullptr ? nullptr : &peer->mirror;
    return peer->branch ? &peer->branch->mirror : nullptr;
}

void Exchange::accuse(const PartyId& party, std::string code, std::string text, Instant now) {
    if (Peer* const peer = peer_of(party)) misdeed(*peer, now, std::move(code), std::move(text));
}

void Exchange::misdeed(Peer& peer, Instant at, std::string code, std::string text) {
    const bool known =
        std::any_of(peer.misdeeds.begin(), peer.misdeeds.end(),
                    [&](const auto& one) { return one.code == code && one.text == text; });
    if (known) return;  // the same again, as a peer that asks to be asked every minute would
    if (peer.misdeeds.size() == Peer::misdeeds_max) peer.misdeeds.erase(peer.misdeeds.begin());
    peer.misdeeds.push_back({std::move(code), std::move(text), at});
}

}  // namespace entente::node

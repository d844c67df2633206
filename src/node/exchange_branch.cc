// SPDX-License-Identifier: Apache-2.0
// The other branch of a log that contradicted itself (PROTOCOL 25). It is held beside the copy,
// verified in the same way, and folded into the same records: what either branch says protects,
// and what both have in common is known from their entries. Stored are the entries from where the
// two part, as documents, and in a row of their own the standing of the branch.
#include <utility>

#include "base/encode.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "node/exchange_state.h"
#include "statement/fork_entry.h"

namespace entente::node {
namespace {

constexpr BytesView chunk_line = "entente/branch/v1\n";

/// Up to and without the newline, taken off the front.
Result<BytesView> take_line(BytesView& rest) {
    const std::size_t end = rest.find('\n');
    if (end == BytesView::npos) return fail(Errc::malformed, "a stored branch is cut short");
    const BytesView line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

struct StoredChunk {
    std::uint64_t first = 0;
    std::vector<Bytes> entries;
};

Bytes format_chunk(std::uint64_t first, std::span<const mirror::VerifiedEntry> entries) {
    Bytes out(chunk_line);
    out += std::to_string(first) + "\n";
    for (const mirror::VerifiedEntry& entry : entries) {
        out += std::to_string(entry.bytes().size()) + "\n" + entry.bytes();
    }
    return out;
}

Result<StoredChunk> parse_chunk(BytesView bytes) {
    if (!bytes.starts_with(chunk_line)) return fail(Errc::malformed, "no part of a branch");
    bytes.remove_prefix(chunk_line.size());
    StoredChunk out;
    TRY(first_text, take_line(bytes));
    TRY(first, parse_number(first_text));
    out.first = first;
    while (!bytes.empty()) {
        TRY(size_text, take_line(bytes));
        TRY(size, parse_number(size_text));
        if (size > bytes.size()) return fail(Errc::malformed, "a stored branch is cut short");
        out.entries.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return out;
}

Bytes format_branch(bool third, const std::vector<Hash>& chunks, const Bytes& standing) {
    Bytes out = std::to_string(third ? 1 : 0) + "\n" + std::to_string(chunks.size()) + "\n";
    for (const Hash& chunk : chunks) out += to_base64(chunk.view()) + "\n";
    return out + standing;
}

/// Whether this head is of the history that the mirror holds or is on the way to.
bool leads_to(const mirror::Mirror& mirror, const tlog::Checkpoint& head) {
    if (head.size <= mirror.size()) return mirror.tree().root(head.size) == head.root;
    return mirror.head() && mirror.head()->checkpoint == head;
}

}  // namespace

bool Exchange::in_branch(const Peer& peer, const tlog::Checkpoint& head) {
    return peer.branch && head.size <= peer.branch->mirror.size() &&
           leads_to(peer.branch->mirror, head);
}

/// A head that is not of the copy's branch is worth fetching if it is of the other one. Of a third
/// nothing is held: the log's key is convicted already, and nothing is common any more.
void Exchange::want_branch(Peer& peer, const tlog::SignedCheckpoint& head, const Bytes& note,
                           HeadsTaken& out) {
    if (!peer.fork) return;
    if (!peer.branch) peer.branch.emplace(peer.mirror.log());
    if (!peer.branch->mirror.compare(head)) return no_common(peer);
    out.wanted.push_back({peer.origin, head.checkpoint.size, note, true});
}

void Exchange::begin_branch(const Origin& origin) {
    Peer* const peer = peer_of(origin);
    if (peer != nullptr && peer->fork && !peer->branch) peer->branch.emplace(peer->mirror.log());
}

void Exchange::no_common(Peer& peer) {
    if (!peer.branch || peer.branch->third) return;
    peer.branch->third = true;
    peer.fork_due = true;
    keep_fork(peer);
    judge_fork(peer);
}

/// Both branches go on protecting, and nothing after their common part relaxes (PROTOCOL 25).
void Exchange::convict(Peer& peer, const mirror::ForkProof& proof, Instant now) {
    misdeed(peer, now, "fork", "its key signed two heads that cannot both be of one log");
    if (!peer.fork) {
        peer.fork = proof;
        peer.fork_due = true;
        judge_fork(peer);
    }
    keep_fork(peer);
}

/// In memory it holds at once; if it cannot be stored now, every contact tries again.
void Exchange::keep_fork(Peer& peer) {
    if (!peer.fork || !peer.fork_due) return;
    const Bytes bytes = mirror::format_fork(*peer.fork);
    Additions additions;
    additions.documents.emplace_back(sha256(bytes), bytes);
    additions.local.emplace_back(fork_name(peer), bytes);
    if (peer.branch) {
        const auto standing = peer.branch->mirror.standing();
        additions.local.emplace_back(branch_name(peer),
                                     format_branch(peer.branch->third, peer.branch->chunks,
                                                   standing ? standing->bytes() : Bytes()));
    }
    if (store_.add(additions)) peer.fork_due = false;
}

void Exchange::note_forks(std::span<const Arrived> arrived) {
    for (const Arrived& one : arrived) {
        const auto* open = std::get_if<statement::OpenEntry>(&one.entry);
        if (open == nullptr || open->kind != statement::fork_kind) continue;
        forks_named_.emplace_back(one.log, *open);
    }
}

void Exchange::hear_forks() {
    for (const auto& [log, entry] : std::exchange(forks_named_, {})) {
        for (const Peer* peer : logs_) {
            if (peer->log != log || peer->id == self_) continue;
            if (Peer* const from = peer_of(peer->id)) hear_fork(*from, entry);
        }
    }
}

/// Another party's log names a fork: the proof convicts by itself, whoever hands it over.
void Exchange::hear_fork(Peer& from, const statement::OpenEntry& entry) {
    const Instant now = Instant::min();  // it says no moment
    const auto said = statement::decode_fork_entry(entry);
    // By its hash alone it is known once a head of the other branch comes.
    if (said && said->proof.empty()) return;
    const bool own = said && said->origin == node_.origin();
    Peer* const of = said ? peer_of(said->origin) : nullptr;
    if (said && !own && of == nullptr) return;  // a log of nobody in this charter
    const auto proof = said ? mirror::parse_fork(said->proof) : tl::unexpected(said.error());
    const auto convicts =
        proof ? mirror::verify_fork(*proof, own ? node_.verifier() : of->mirror.log())
              : tl::unexpected(proof.error());
    if (!convicts) {
        return misdeed(from, now, "false_fork",
                       "its log names a fork by a proof that is none: " + convicts.error().detail);
    }
    if (of != nullptr) return convict(*of, *proof, now);
    node_.halt("signing is halted: " + from.id.v +
               " has a proof that the key of this log signed two histories. Checks go on; let the "
               "root open a successor log");
}

/// So that the proof outlives this node's store, and reaches whoever saw one branch only.
void Exchange::say_forks(Batch& batch) const {
    for (const Peer* peer : logs_) {
        if (!peer->fork || peer->fork_said || peer->id == self_) continue;
        const auto entry = statement::fork_entry(peer->origin, mirror::format_fork(*peer->fork));
        batch.open.push_back(statement::encode_fork_entry(entry));
        batch.additions.local.emplace_back(fork_said_name(*peer), Bytes("1"));
    }
}

Result<void> Exchange::take_branch(Peer& peer, const mirror::Chunk& chunk) {
    if (!peer.branch) return fail(Errc::stale, "no branch of " + peer.origin.v + " is wanted");
    Branch& branch = *peer.branch;
    auto step = branch.mirror.advance(chunk);
    if (!step) {
        if (step.error().fork) no_common(peer);
        return tl::unexpected(step.error().error());
    }
    const std::vector<mirror::VerifiedEntry> entries = step->entries();
    // What stands in the copy too is there already.
    std::size_t common = 0;
    while (branch.chunks.empty() && common < entries.size() &&
           entries[common].index().v < peer.mirror.size().v &&
           peer.mirror.tree().leaf(entries[common].index()) == entries[common].leaf()) {
        ++common;
    }
    const std::span own = std::span(entries).subspan(common);
    std::vector<Hash> chunks = branch.chunks;
    Additions additions;
    if (!own.empty()) {
        const Bytes bytes = format_chunk(own.front().index().v, own);
        chunks.push_back(sha256(bytes));
        additions.documents.emplace_back(chunks.back(), bytes);
    }
    additions.local.emplace_back(branch_name(peer),
                                 format_branch(branch.third, chunks, step->standing().bytes()));
    TRYV(store_.add(additions));
    if (auto held = branch.mirror.adopt(std::move(*step)); !held) {
        return tl::unexpected(held.error().error());
    }
    branch.chunks = std::move(chunks);
    fold_entries(peer, own);
    judge_fork(peer);
    return {};
}

/// What relaxes in it counts up to here: where its branches part, and no further than its root says
/// that it ended; nothing where the root opened two logs of this name.
void Exchange::judge_fork(Peer& peer) {
    const auto named = successions_.find({peer.id, peer.number});
    const bool rivals = named != successions_.end() && named->second.rival;
    if (!peer.fork && !peer.last && !rivals) return;
    TreeSize end = peer.last ? peer.last->size : peer.mirror.size();
    if (peer.fork) {
        end = peer.last ? std::min(end, common_of(peer)) : common_of(peer);
    } else if (peer.last && peer.mirror.size() >= end &&
               peer.mirror.tree().root(end) != peer.last->root) {
        end = {0};  // until its key is convicted by the branch that the root means
    }
    if (rivals) end = {0};
    for (registry::Slot slot : node_.fork(peer.log, end)) changed_.push_back(slot);
}

/// Relaxations behind what is known to be common are void. More may be known to be common later,
/// when more of both branches is here; never less, unless there is a third. The branches are those
/// that the proof names: where one of its heads is of neither that is held, it is a third so far.
TreeSize Exchange::common_of(const Peer& peer) {
    TreeSize common{0};
    if (!peer.branch || !peer.branch->third) {
        common = mirror::common_at_least(*peer.fork, peer.mirror.tree());
        const auto held = [&](const tlog::Note& note) {
            const auto head = tlog::parse_checkpoint(note.text);
            return head && (leads_to(peer.mirror, *head) || leads_to(peer.branch->mirror, *head));
        };
        if (peer.branch && held(peer.fork->older) && held(peer.fork->newer)) {
            common = std::max(
                common, mirror::common_prefix(peer.mirror.tree(), peer.branch->mirror.tree()));
        }
    }
    return common;
}

Result<void> Exchange::load_branch(Peer& peer) {
    TRY(row, store_.local(branch_name(peer)));
    if (!row || !peer.fork) return {};
    BytesView rest = *row;
    TRY(third, take_line(rest));
    TRY(count_text, take_line(rest));
    TRY(count, parse_number(count_text));
    Branch branch(peer.mirror.log());
    branch.third = third != "0";
    for (std::uint64_t i = 0; i < count; ++i) {
        TRY(text, take_line(rest));
        TRY(hash, hash_from_base64(text));
        branch.chunks.push_back(hash);
    }
    if (rest.empty()) {  // that there is a third is all that is known
        peer.branch = std::move(branch);
        return {};
    }
    TRY(standing, mirror::Standing::parse(rest));
    std::vector<StoredChunk> chunks;
    for (const Hash& hash : branch.chunks) {
        TRY(document, store_.document(hash));
        if (!document) return fail(Errc::not_found, "a part of a stored branch is missing");
        TRY(chunk, parse_chunk(*document));
        chunks.push_back(std::move(chunk));
    }
    std::vector<Hash> leaves;
    const std::uint64_t parted = chunks.empty() ? standing.size.v : chunks.front().first;
    if (parted > peer.mirror.size().v) {
        return fail(Errc::bad_proof, "a stored branch goes on from where the copy is not");
    }
    for (std::uint64_t i = 0; i < parted; ++i) leaves.push_back(peer.mirror.tree().leaf({i}));
    for (const StoredChunk& chunk : chunks) {
        for (const Bytes& entry : chunk.entries) leaves.push_back(tlog::leaf_hash(entry));
    }
    auto copy = mirror::Mirror::load(peer.mirror.log(), leaves, standing);
    if (!copy) return at("the other branch of " + peer.origin.v, copy.error());
    branch.mirror = std::move(*copy);
    for (const StoredChunk& chunk : chunks) {
        std::vector<mirror::VerifiedEntry> entries;
        for (const Bytes& bytes : chunk.entries) {
            TRY(entry, branch.mirror.verified({chunk.first + entries.size()}, bytes));
            entries.push_back(std::move(entry));
        }
        fold_entries(peer, entries);
    }
    peer.branch = std::move(branch);
    return {};
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// What another node may ask of this one. Logs are for anybody; a list of releases is for the party
// that it is made for, and there is no asking by id (PROTOCOL 9).
#include "base/encode.h"
#include "base/sha256.h"
#include "node/exchange_state.h"
#include "node/log_files.h"
#include "node/paths.h"

namespace entente::node {
namespace {

tl::unexpected<Error> nothing_there() {
    return fail(Errc::not_found, "there is nothing at this path");
}

}  // namespace

Result<Bytes> Exchange::answer(const PartyId& asker, std::string_view path) const {
    if (path == heads_path) return heads_frame({});
    if (path.starts_with(heads_after_path)) {
        path.remove_prefix(heads_after_path.size());
        if (!is_mark(path)) return fail(Errc::malformed, "after=<the mark of an earlier answer>");
        return heads_frame(path);
    }
    if (path.starts_with(logs_path)) {
        path.remove_prefix(logs_path.size());
        const std::size_t slash = path.find('/');
        const auto hash = from_hex(path.substr(0, slash));
        if (!hash || hash->size() != 32 || slash == path.npos) return nothing_there();
        return log_file(Hash::from(*hash), path.substr(slash + 1));
    }
    if (path.starts_with(releases_path)) {
        const auto after = parse_number(path.substr(releases_path.size()));
        if (!after) return fail(Errc::malformed, "after=<number of releases that are held>");
        return releases_frame(asker, *after);
    }
    if (path.starts_with(former_path)) return former_frame(asker, path.substr(former_path.size()));
    if (path.starts_with(received_path)) {
        const auto after = parse_number(path.substr(received_path.size()));
        if (!after) return fail(Errc::malformed, "after=<number of releases that are known>");
        return received_frame(asker, *after);
    }
    if (path == successors_path) return format_successors(successions_);
    if (path == charter_path || path.starts_with(charter_version_path)) return charter_file(path);
    if (path == deposits_path) return deposits_for(asker);
    for (const auto& [begins, held] : {std::pair(deposit_path, false), {held_path, true}}) {
        if (!path.starts_with(begins)) continue;
        const auto party = PartyId::parse(path.substr(begins.size()));
        if (!party || peer(*party) == nullptr || peer(asker) == nullptr) return nothing_there();
        return held ? held_for(asker, *party) : deposit_for(asker, *party);
    }
    return nothing_there();
}

/// What came after this mark; all there is where the mark is none of this life.
Bytes Exchange::heads_frame(std::string_view after) const {
    HeadBook::Turn turn = 0;
    if (after.starts_with(life_)) turn = parse_number(after.substr(life_.size())).value_or(0);
    std::vector<Bytes> notes = own_heads_.notes(turn);
    for (const Peer* peer : logs_) {
        for (Bytes& note : peer->heads.notes(turn)) notes.push_back(std::move(note));
    }
    return format_heads(notes, life_ + std::to_string(turn_));
}

Result<Bytes> Exchange::log_file(const Hash& origin_hash, std::string_view path) const {
    if (origin_hash == sha256(node_.origin().v)) return node_.log_file(path);
    for (const Peer* peer : logs_) {
        if (origin_hash != sha256(peer->origin.v)) continue;
        if (path != "checkpoint") {
            return tile_file({store_, peer->origin, peer->mirror.tree()}, path);
        }
        // The newest head that is wholly here, with every cosignature over it.
        const auto notes = peer->heads.notes();
        if (!peer->heads.newest()) return nothing_there();
        return notes.front();
    }
    return nothing_there();
}

Result<Bytes> Exchange::mirror_file(const Hash& origin_hash, std::string_view path) const {
    if (origin_hash == sha256(node_.origin().v)) return nothing_there();  // that is /log/
    return log_file(origin_hash, path);
}

Result<Bytes> Exchange::releases_frame(const PartyId& asker, std::uint64_t after) const {
    const Peer* const peer = this->peer(asker);
    if (peer == nullptr) return nothing_there();
    if (!own_beat_) return fail(Errc::not_found, "this node has said no beat yet; ask again");
    const auto said = own_beat_->contents.find(asker);
    if (said == own_beat_->contents.end()) return nothing_there();
    const seal::SlotContent& content = said->second;
    const TreeSize all = content.released.size;
    if (after > all.v) {
        return fail(Errc::stale, "there are " + std::to_string(all.v) + " releases to " + asker.v +
                                     ", not " + std::to_string(after) + " or more");
    }
    ReleasesFrame frame{own_beat_->index, seal::format_slot(content), {}, {}};
    if (after == all.v) return format_releases(frame);
    TreeSize end = all;
    TRY(parcel, parcel_to(*peer, {node_.origin(), &peer->given}, after, end));
    frame.parcel = parcel;
    if (end < all) {
        TRY(proof, peer->given.consistency_proof(end, all));
        frame.proof = std::move(proof);
    }
    return format_releases(frame);
}

/// Releases [after, end) to this party; `end` becomes the size that the parcel had room up to.
Result<Bytes> Exchange::parcel_to(const Peer& peer, const OwnList& from, std::uint64_t after,
                                  TreeSize& end) const {
    seal::ParcelWriter parcel(from.origin, peer.id, after, random_);
    const Error full{Errc::too_large, "the parcel is full"};
    auto scanned =
        store_.scan_releases(from.origin, peer.id, after, [&](StoredRelease&& row) -> Result<void> {
            if (row.number >= end.v) return tl::unexpected(full);
            TRY(release, seal::parse_release(row.leaf));
            return store_.scan(from.origin, release.entry, {release.entry.v + 1},
                               [&](StoredEntry&& entry) -> Result<void> {
                                   // What was recalled since is not sent again.
                                   const auto back = peer.taken_back.find(release.leaf);
                                   const Slots kept = static_cast<Slots>(
                                       slots_of(release.slots) &
                                       ~(back == peer.taken_back.end() ? 0 : back->second));
                                   TRY(carried, vault_.take_out(release.leaf, entry.wrapped_keys,
                                                                entry.ciphertexts, set_of(kept)));
                                   if (parcel.add(row.leaf, carried)) return {};
                                   return tl::unexpected(full);
                               });
        });
    if (!scanned && scanned.error() != full) return tl::unexpected(scanned.error());
    if (parcel.count() == 0) {
        return fail(Errc::unavailable, "release " + std::to_string(after) + " cannot be sent");
    }
    end = parcel.size();
    return std::move(parcel).seal(from.list->root(end), peer.sealing, random_);
}

}  // namespace entente::node

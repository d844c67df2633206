// SPDX-License-Identifier: Apache-2.0
// The charter among nodes (PROTOCOL 8): its versions are given to who asks, and a newer one that
// another party's log adopts is fetched, verified, kept and shown. It is never adopted by itself:
// that is a decision of people.
#include <algorithm>

#include "base/encode.h"
#include "node/exchange_state.h"
#include "node/paths.h"
#include "node/terms.h"
#include "statement/adoption.h"
#include "statement/charter_chain.h"

namespace entente::node {

/// `/peer/v1/charter`, or with `?version=<n>` an earlier one: whoever is behind needs each.
Result<Bytes> Exchange::charter_file(std::string_view path) const {
    const auto& hashes = node_.charter_hashes();
    std::uint64_t version = hashes.size();
    if (path.starts_with(charter_version_path)) {
        TRY(number, parse_number(path.substr(charter_version_path.size())));
        version = number;
    }
    if (version == 0 || version > hashes.size()) {
        return fail(Errc::not_found, "this node has adopted versions 1 to " +
                                         std::to_string(hashes.size()) + " of the charter");
    }
    TRY(file, store_.document(hashes[version - 1]));
    if (!file) return fail(Errc::not_found, "the charter's file is not here");
    return *file;
}

/// Whether this version of the charter is known here and names this party: then its log's beats
/// have a slot for it.
bool Exchange::names_us(std::uint32_t version) const {
    return version > 0 && version <= named_in_.size() && named_in_[version - 1];
}

/// What a log adopts; where that is another text than ours of that number, somebody was lied to.
void Exchange::see_adoption(Peer& peer, const statement::OpenEntry& entry, Instant now) {
    if (entry.kind != statement::charter_kind) return;
    const auto adoption = statement::decode_adoption(entry);
    if (!adoption || adoption->charter != node_.charter().id) return;
    const std::uint32_t version = adoption->version;
    const Hash* const ours = known_charter(version);
    if (ours != nullptr && *ours != adoption->hash) {
        misdeed(peer, now, "other_charter",
                "its log adopts another text of version " + std::to_string(version) +
                    " of the charter: two rivals were signed, and neither is in force");
        peer.rival = Rival{version, adoption->hash};
        const auto file = rivals_.find(adoption->hash);
        if (file != rivals_.end()) (void)name_rivals(file->second, now);
        return;
    }
    if (version > peer.adopted) {
        peer.adopted = version;
        peer.adopted_hash = adoption->hash;
    }
}

std::optional<std::uint32_t> Exchange::wants_charter(const PartyId& from) const {
    const Peer* const peer = this->peer(from);
    if (peer != nullptr && peer->rival && !peer->rival->refused &&
        !rivals_.contains(peer->rival->hash)) {
        return peer->rival->version;
    }
    const auto known = static_cast<std::uint32_t>(node_.charter_hashes().size()) +
                       static_cast<std::uint32_t>(proposals_.size());
    if (peer == nullptr || peer->adopted <= known || peer->bad_charter > known) return std::nullopt;
    return known + 1;
}

void Exchange::no_charter(const PartyId& from) {
    const auto wanted = wants_charter(from);
    if (!wanted) return;
    Peer& peer = *peer_of(from);
    if (peer.rival && peer.rival->version == *wanted) {
        peer.rival->refused = true;
    } else {
        peer.bad_charter = *wanted;
    }
}

/// The next version after what is known here: only who it needs can have signed it.
Result<void> Exchange::take_charter(const PartyId& from, BytesView file, Instant now) {
    const auto wanted = wants_charter(from);
    if (!wanted) return {};
    Peer& peer = *peer_of(from);
    if (peer.rival && peer.rival->version == *wanted) return take_rival(peer, file, now);
    TRY(newest, known_charter_file(*wanted - 1));
    auto charter = statement::verify_successor(newest, file);
    if (!charter) {
        no_charter(from);
        misdeed(peer, now, "bad_charter",
                "what it gave as version " + std::to_string(*wanted) +
                    " of the charter does not follow from ours: " + charter.error().detail);
        return tl::unexpected(charter.error());
    }
    TRY(hash, statement::charter_hash(file));
    if (charter->version == peer.adopted && hash != peer.adopted_hash) {
        no_charter(from);
        misdeed(peer, now, "bad_charter",
                "what it gave as version " + std::to_string(*wanted) +
                    " of the charter is another text than the one that its log adopts");
        return fail(Errc::bad_proof, "another text than the one that its log adopts");
    }
    Proposal proposal{charter->version, hash, Bytes(file)};
    std::string rows;
    for (const Proposal& one : proposals_) rows += to_base64(one.hash.view()) + "\n";
    rows += to_base64(hash.view()) + "\n";
    Additions additions;
    additions.documents.emplace_back(hash, proposal.file);
    additions.local.emplace_back(proposals_name, rows);
    TRYV(store_.add(additions));
    proposals_.push_back(std::move(proposal));
    return {};
}

/// The hash of a version that was adopted here or waits to be; null for one that is not known.
const Hash* Exchange::known_charter(std::uint32_t version) const {
    const auto& hashes = node_.charter_hashes();
    if (version == 0) return nullptr;
    if (version <= hashes.size()) return &hashes[version - 1];
    const std::size_t waiting = version - hashes.size() - 1;
    return waiting < proposals_.size() ? &proposals_[waiting].hash : nullptr;
}

Result<Bytes> Exchange::known_charter_file(std::uint32_t version) const {
    const Hash* const hash = known_charter(version);
    if (hash == nullptr) return fail(Errc::not_found, "this version of the charter is not known");
    TRY(file, store_.document(*hash));
    if (!file) return fail(Errc::not_found, "the charter's file is not here");
    return *std::move(file);
}

/// A text that another log adopts beside the one that is known: kept as the proof against those
/// that signed both, and so that what it limits more strictly holds (PROTOCOL 8).
Result<void> Exchange::take_rival(Peer& peer, BytesView file, Instant now) {
    const auto refuse = [&](const std::string& why) {
        peer.rival->refused = true;
        misdeed(peer, now, "bad_charter",
                "what it gave as its text of version " + std::to_string(peer.rival->version) +
                    " of the charter " + why);
        return fail(Errc::bad_proof, "a rival charter " + why);
    };
    const auto hash = statement::charter_hash(file);
    if (!hash || *hash != peer.rival->hash) return refuse("is not the one that its log adopts");
    if (peer.rival->version == 1) {
        if (auto first = statement::verify_first(file); !first) return refuse(first.error().detail);
    } else {
        TRY(before, known_charter_file(peer.rival->version - 1));
        auto next = statement::verify_successor(before, file);
        if (!next) return refuse("does not follow from ours: " + next.error().detail);
    }
    TRY(rows, store_.local(rivals_name));
    Additions additions;
    additions.documents.emplace_back(*hash, Bytes(file));
    additions.local.emplace_back(rivals_name,
                                 rows.value_or(Bytes()) + to_base64(hash->view()) + "\n");
    TRYV(store_.add(additions));
    rivals_.emplace(*hash, Bytes(file));
    return name_rivals(file, now);
}

/// On the account of each that signed both, as the proof shows.
Result<void> Exchange::name_rivals(BytesView rival, Instant now) {
    TRY(charter, statement::parse_charter(rival));
    const std::uint32_t version = charter.version;
    TRY(trusted, known_charter_file(std::max(1u, version - 1)));
    TRY(ours, known_charter_file(version));
    TRY(both, statement::convicted(trusted, ours, rival));
    for (const PartyId& party : both) {
        accuse(party, "signed_rivals",
               "its root signed two texts of version " + std::to_string(version) +
                   " of the charter: both are kept, and prove it (entente charter verify --rival)",
               now);
    }
    return {};
}

/// What is known of the charter's versions, before the others' logs are read.
Result<void> Exchange::load_charters() {
    for (const Hash& hash : node_.charter_hashes()) {
        TRY(file, store_.document(hash));
        if (!file) return fail(Errc::not_found, "a version of the charter is not in the store");
        TRY(charter, statement::parse_charter(*file));
        named_in_.push_back(charter.party(self_) != nullptr);
    }
    TRY(files, stored_proposals(store_));
    for (Bytes& file : files) {
        TRY(charter, statement::parse_charter(file));
        if (charter.version != node_.charter_hashes().size() + proposals_.size() + 1) continue;
        TRY(hash, statement::charter_hash(file));
        proposals_.push_back({charter.version, hash, std::move(file)});
    }
    TRY(rivals, stored_rivals(store_));
    for (Bytes& file : rivals) {
        TRY(hash, statement::charter_hash(file));
        rivals_.emplace(hash, std::move(file));
    }
    return {};
}

}  // namespace entente::node

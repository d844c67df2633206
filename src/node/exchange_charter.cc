// SPDX-License-Identifier: Apache-2.0
// The charter among nodes (PROTOCOL 8): its versions are given to who asks, and a newer one that
// another party's log adopts is fetched, verified, kept and shown. It is never adopted by itself:
// that is a decision of people.
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
    if (version > peer.adopted) {
        peer.adopted = version;
        peer.adopted_hash = adoption->hash;
    }
    const auto& hashes = node_.charter_hashes();
    const Hash* ours = nullptr;
    if (version <= hashes.size()) {
        ours = &hashes[version - 1];
    } else if (version - hashes.size() <= proposals_.size()) {
        ours = &proposals_[version - hashes.size() - 1].hash;
    }
    if (ours != nullptr && *ours != adoption->hash) {
        misdeed(peer, now, "other_charter",
                "its log adopts another text of version " + std::to_string(version) +
                    " of the charter: two rivals were signed, and who signed both is convicted "
                    "by them (entente charter verify)");
    }
}

std::optional<std::uint32_t> Exchange::wants_charter(const PartyId& from) const {
    const Peer* const peer = this->peer(from);
    const auto known = static_cast<std::uint32_t>(node_.charter_hashes().size()) +
                       static_cast<std::uint32_t>(proposals_.size());
    if (peer == nullptr || peer->adopted <= known || peer->bad_charter > known) return std::nullopt;
    return known + 1;
}

void Exchange::no_charter(const PartyId& from) {
    if (const auto wanted = wants_charter(from)) peer_of(from)->bad_charter = *wanted;
}

/// The next version after what is known here: only who it needs can have signed it.
Result<void> Exchange::take_charter(const PartyId& from, BytesView file, Instant now) {
    const auto wanted = wants_charter(from);
    if (!wanted) return {};
    Peer& peer = *peer_of(from);
    std::optional<Bytes> newest;
    if (proposals_.empty()) {
        TRY(ours, store_.document(node_.charter_hash()));
        newest = std::move(ours);
    } else {
        newest = proposals_.back().file;
    }
    if (!newest) return fail(Errc::not_found, "the charter's file is not here");
    auto charter = statement::verify_successor(*newest, file);
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
    return {};
}

}  // namespace entente::node

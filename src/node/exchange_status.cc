// SPDX-License-Identifier: Apache-2.0
// What a person is told of the others: how far each is held, how old that is, and why something is
// missing, in a code for programs and in words.
#include <algorithm>

#include "node/exchange_state.h"

namespace entente::node {
namespace {

/// PROTOCOL 23: from the older of what its beat claims and when we had it.
std::optional<Duration> age_of(const Peer& peer, Instant now) {
    if (!peer.beat) return std::nullopt;
    return std::max(Duration(0), now - std::min(peer.beat->time, peer.beat->received));
}

std::string numbered(std::uint64_t count, const char* what) {
    return std::to_string(count) + " " + what;
}

void add_missing(const Peer& peer, std::optional<TreeSize> common,
                 const statement::CharterTerms& terms, PeerStatus& out) {
    const auto missing = [&](const char* code, std::string text) {
        out.missing.emplace_back(code, std::move(text));
    };
    if (peer.mirror.size().v == 0) {
        missing("never_reached", "nothing of its log has ever arrived");
    } else if (out.newest > out.held) {
        missing("entries", numbered(out.newest.v - out.held.v, "newer entries") +
                               " of its log not fetched yet");
    }
    if (peer.mirror.size().v > 0 && !peer.beat) {
        missing("no_beat", "its log holds no beat yet, so nothing tells what it released");
    }
    if (peer.beat && (!peer.explained || peer.explained->index != peer.beat->index)) {
        missing("slot_unexplained", "its newest beat says something to us that is not explained");
    } else if (peer.explained && peer.explained->content.released.size > peer.received.size()) {
        missing(
            "releases",
            numbered(peer.explained->content.released.size.v - peer.received.size().v, "release") +
                " to us not received yet");
    } else if (peer.beat && !peer.complete()) {
        missing("releases", "its slot speaks of another list of releases to us than is here");
    }
    if (out.age && *out.age > terms.age_limit) {
        missing("stale", "the newest sign of life is older than the charter allows");
    }
    if (peer.fork) {
        missing("fork",
                "its log contradicted itself; what either history adds protects, and from "
                "entry " +
                    std::to_string(common.value_or(TreeSize{0}).v) +
                    " on nothing that it relaxes counts" +
                    (peer.branch ? "" : "; of the other history nothing is here yet"));
    }
}

/// What its entries say against it; the register lists it by entry, and has no moments.
void add_offences(const registry::Offences& offences, PeerStatus& out) {
    for (const registry::Offence& one : offences.first) {
        if (out.misdeeds.size() >= 2 * Peer::misdeeds_max) break;
        out.misdeeds.push_back({name(one.code), one.text, Instant::min()});
    }
    if (offences.total > offences.first.size()) {
        out.misdeeds.push_back({"more",
                                "and more: " + std::to_string(offences.total) +
                                    " entries of its log break the protocol",
                                Instant::min()});
    }
}

void add_recalls(const Peer& peer, PeerStatus& out) {
    for (const auto& [leaf, recall] : peer.made_recalls) {
        out.recalls.push_back({recall.of, recall.time,
                               recall.answered ? statement::name(recall.worst) : "awaited",
                               recall.reason, recall.answered});
    }
    std::stable_sort(out.recalls.begin(), out.recalls.end(),
                     [](const RecallState& a, const RecallState& b) { return a.said < b.said; });
}

/// What the answer of a check says of this party. Only a slot that is not explained, or releases
/// that it speaks of and that are not here, are missing (PROTOCOL 10): entries that were not
/// released to us never make an answer incomplete.
check::Source source_of(const Peer& peer) {
    check::Source out;
    out.party = peer.id;
    out.origin = peer.origin;
    out.size = peer.mirror.size();
    out.root = peer.mirror.tree().root();
    if (peer.beat) {
        out.beat = peer.beat->time;
        out.received = peer.beat->received;
    }
    const auto held = peer.owed();
    out.released = held.size;
    out.released_root = held.root;
    if (peer.beat && !peer.complete()) {
        out.missing = 1;
        const bool explained = peer.explained && peer.explained->index == peer.beat->index;
        const std::uint64_t said = explained ? peer.explained->content.released.size.v : 0;
        if (said > held.size.v) out.missing = said - held.size.v;
        out.missing_code = explained ? "missing_releases" : "slot_unexplained";
    }
    out.forked = peer.fork.has_value();
    return out;
}

/// What its root says that log to have is not all here: a beat behind may tell of releases.
bool lacks_entries(const Peer& before) {
    return before.last && before.mirror.size() < before.last->size;
}

/// What it released in a log before, and is not here. Of one that forked nobody can give it: what
/// still protects is stated anew.
void add_before(const Peer& before, check::Source& out) {
    if (before.fork || out.missing > 0) return;
    if (!lacks_entries(before) && (!before.beat || before.complete())) return;
    out.missing = std::max<std::uint64_t>(1, source_of(before).missing);
    out.missing_code = "missing_releases";
}

/// Of a log that its party kept before.
void add_former(const Peer& before, PeerStatus& out) {
    const auto missing = [&](const char* code, const std::string& text) {
        out.missing.emplace_back(code, before.origin.v + ", which it kept before: " + text);
    };
    if (before.fork) {
        missing("former_fork",
                "it contradicted itself; what either history adds protects, and what it relaxes "
                "behind their common part does not count");
    } else if (lacks_entries(before)) {
        missing("former_entries", "its last entries, up to where its root ended it, are not here");
    } else if (before.beat && !before.complete()) {
        missing("former_releases", "it released something to us there that is not here");
    }
    for (const Misdeed& one : before.misdeeds) {
        out.misdeeds.push_back({one.code, before.origin.v + ": " + one.text, one.at});
    }
}

}  // namespace

std::vector<check::Source> Exchange::sources() const {
    std::vector<check::Source> out;
    for (const auto& peer : peers_) {
        out.push_back(source_of(*peer));
        // Of two branches one may have been made to fall silent by who stole the key.
        out.back().left = node_.snapshot().log(peer->log).left && !peer->fork;
        for (const auto& before : former_) {
            if (before->id == peer->id) add_before(*before, out.back());
        }
        const auto unlogged = unlogged_.find(peer->id);
        if (unlogged != unlogged_.end()) out.back().unlogged = unlogged->second;
    }
    return out;
}

std::vector<PeerStatus> Exchange::status(Instant now) const {
    std::vector<PeerStatus> out;
    for (const auto& peer : peers_) {
        PeerStatus one;
        one.party = peer->id;
        one.origin = peer->origin;
        one.held = peer->mirror.size();
        one.newest = std::max(peer->newest_seen.value_or(TreeSize{0}), one.held);
        one.final_size = peer->cosigned.final_size(mirror::quorum_of(peers_.size()));
        if (peer->beat) one.beat = peer->beat->time;
        one.age = age_of(*peer, now);
        one.given = peer->given.size();
        one.received = peer->received.size();
        if (peer->explained) {
            one.acknowledged = peer->acknowledged();
            one.rung = peer->explained->content.rung;
        }
        one.misdeeds = peer->misdeeds;
        one.adopted = peer->adopted;
        const registry::LogState& log = node_.snapshot().log(peer->log);
        add_offences(*log.offences, one);
        add_missing(*peer, log.forked, node_.charter().terms, one);
        add_recalls(*peer, one);
        for (const auto& before : former_) {
            if (before->id == peer->id) add_former(*before, one);
        }
        out.push_back(std::move(one));
    }
    return out;
}

TreeSize Exchange::stored_by(const PartyId& party, const Origin& of) const {
    const HeadBook* book = of == node_.origin() ? &own_heads_ : nullptr;
    const Peer* mirror = nullptr;
    for (const Peer* peer : logs_) {
        if (peer->origin == of) book = &peer->heads;
        if (peer->id == party) mirror = peer;
    }
    if (book == nullptr || mirror == nullptr) return {0};
    return book->size_of(mirror->mirror_key.name).value_or(TreeSize{0});
}

State Exchange::state() const {
    State out = node_.state();
    out.as_of.sources = sources();
    return out;
}

Audience Exchange::audience_of(const RecordId& record) const {
    Audience out;
    for (const auto& [party, slots] : readers(record)) {
        const seal::SlotSet set = set_of(slots);
        if (slots != 0) out[party] = set[2] ? Tier::exact : set[1] ? Tier::coarse : Tier::head;
    }
    return out;
}

std::map<PartyId, Slots> Exchange::readers(const RecordId& record) const {
    std::map<PartyId, Slots> out;
    for (const auto& peer : peers_) {
        const auto given = peer->given_slots.find(record);
        if (given != peer->given_slots.end()) out[peer->id] = given->second;
    }
    return out;
}

}  // namespace entente::node

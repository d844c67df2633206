// SPDX-License-Identifier: Apache-2.0
// Lists of releases in logs that a party kept before (doc/protocol/exchange.md, "Lists of a log
// before"). Such a list grows no more: its author opens the slot of the last beat that it said in
// that log, to the party that the slot is for, and whoever missed releases before the party went on
// in another log fetches them as ever. Until all that the slot speaks of is here, answers are
// incomplete.
#include <algorithm>

#include "node/exchange_state.h"
#include "node/paths.h"
#include "node/succession.h"

namespace entente::node {
namespace {

/// Whether a list of what was released to us there can be asked for and is not all here. Of a log
/// with two histories, or of another one than its root ended, its author opens what is not in our
/// copy, and is not to blame.
bool wants(const Peer& log) {
    if (!log.beat || log.complete() || log.fork || !log.shared) return false;
    const bool ended = log.last && log.last->size <= log.mirror.size();
    return !ended || log.mirror.tree().root(log.last->size) == log.last->root;
}

}  // namespace

// ---- whose list it is ----

/// `query`: what follows on the path, `<number>&after=<n>`. One answer for all that is not there.
Result<Bytes> Exchange::former_frame(const PartyId& asker, std::string_view query) const {
    const auto nothing = [] { return fail(Errc::not_found, "there is nothing at this path"); };
    const std::size_t end = query.find(former_after);
    if (end == query.npos || peer(asker) == nullptr) return nothing();
    const auto number = parse_number(query.substr(0, end));
    const auto after = parse_number(query.substr(end + former_after.size()));
    const auto own = std::find_if(former_.begin(), former_.end(), [&](const auto& log) {
        return log->id == self_ && number && log->number == *number;
    });
    if (own == former_.end() || !after) return nothing();
    const auto& before = peer(asker)->given_before;
    const auto given = std::find_if(before.begin(), before.end(),
                                    [&](const auto& one) { return one.number == *number; });
    TRY(row, store_.local(own_beat_name((*own)->number)));
    if (!row || given == before.end()) return nothing();
    TRY(beat, parse_own_beat(*row));
    const auto said = beat.contents.find(asker);
    if (said == beat.contents.end()) return nothing();
    const TreeSize all = said->second.released.size;
    ReleasesFrame frame{beat.index, seal::format_slot(said->second), {}, {}};
    // Who was put back before it went on may know less than who asks.
    if (*after >= all.v) return format_releases(frame);
    TreeSize to = all;
    const auto parcel = parcel_to(*peer(asker), {(*own)->origin, &given->list}, *after, to);
    if (!parcel) return nothing();  // a body was lost with a store
    frame.parcel = *parcel;
    if (to < all) {
        TRY(proof, given->list.consistency_proof(to, all));
        frame.proof = std::move(proof);
    }
    return format_releases(frame);
}

// ---- who misses something of it ----

Peer* Exchange::former_of(const PartyId& party, std::uint32_t number) const {
    for (const auto& log : former_) {
        if (log->id == party && log->number == number) return log.get();
    }
    return nullptr;
}

std::vector<std::uint32_t> Exchange::wants_former(const PartyId& from) const {
    std::vector<std::uint32_t> out;
    if (keys_ == nullptr || from == self_) return out;
    for (const auto& log : former_) {
        if (log->id == from && wants(*log)) out.push_back(log->number);
    }
    return out;
}

TreeSize Exchange::former_received(const PartyId& from, std::uint32_t number) const {
    const Peer* const log = former_of(from, number);
    return log == nullptr ? TreeSize{0} : log->received.size();
}

/// As take_releases(). The beat need not be the newest of that log: an author that was put back,
/// and then went on in another, knows of no later one.
Result<void> Exchange::take_former(const PartyId& from, std::uint32_t number, BytesView bytes,
                                   Instant now) {
    Peer* const log = former_of(from, number);
    Peer* const party = peer_of(from);
    if (log == nullptr || party == nullptr || !wants(*log)) {
        return fail(Errc::not_found,
                    "nothing is wanted of log " + std::to_string(number) + " of '" + from.v + "'");
    }
    const auto parsed = parse_releases(bytes);
    if (!parsed) return lie(from, parsed.error(), now);
    const ReleasesFrame& frame = *parsed;
    const auto content = seal::parse_slot(frame.content);
    if (!content) return lie(from, content.error(), now);
    const auto wrong = [&](const char* code, const std::string& what) {
        misdeed(*log, now, code, what);
        return fail(Errc::bad_proof, from.v + ", in " + log->origin.v + ": " + what);
    };
    if (frame.beat.v >= log->mirror.size().v) {
        // Its root says where that log ended: no beat of its own stands behind.
        if (log->last && frame.beat.v >= log->last->size.v) {
            return wrong("wrong_slot", "it opens a beat behind the end of that log");
        }
        return fail(Errc::stale, "it opens a beat that is not held yet");
    }
    const seal::ListHead& said = content->acknowledged;
    if (!lists_lost_ && !party->was_given(said) && !party->may_be_before(said)) {
        return wrong("wrong_acknowledgement", "it acknowledges " + std::to_string(said.size.v) +
                                                  " releases that we did not make to it");
    }
    const auto slot = slot_at(*log, frame.beat);
    const Hash salt = seal::slot_salt(*log->shared, log->origin, frame.beat);
    if (!slot || seal::slot_hash(salt, frame.content) != *slot) {
        return wrong("wrong_slot", "what it opens is not what its beat's slot hides");
    }
    TRYV(catch_up_releases(*log, now));
    const TreeSize held = log->received.size();
    if (content->released.size <= held) {
        if (log->received.root(content->released.size) != content->released.root) {
            return wrong("rewritten_list", "its list of releases to us is another than it was");
        }
        if (!explain(*log, *content)) return {};  // the newest beat says more
        Additions known;
        known.local.push_back(beat_row(*log));
        return store_.add(known);
    }
    if (frame.parcel.empty()) {
        return wrong("withheld", "its slot speaks of releases that it does not send");
    }
    explain(*log, *content);  // if the newest says the same
    return take_parcel(*log, log, frame, content->released, now);
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Parties that go on in another log (PROTOCOL 7, 25, 26). Somebody shows a head of a log that is
// not known here and whose name is a party's; the key entry that opens it is good by itself, since
// the party's root signed it. From then on that log is the party's: its beats, slots, releases and
// age count. The log before stays, and protects what it protected.
#include <algorithm>

#include "node/exchange_state.h"
#include "node/succession.h"

namespace entente::node {

/// Somebody's log, by its name, that none is known here to go on in.
void Exchange::note_unknown(const PartyId& from, const Origin& origin, HeadsTaken& out) {
    if (unexplained_logs_.contains({from, origin})) return;
    for (const statement::CharterParty& party : node_.charter().parties) {
        const std::uint32_t number = statement::log_number(node_.charter(), party.id, origin);
        const Peer* const peer = this->peer(party.id);
        const std::uint32_t newest = peer == nullptr ? node_.number() : peer->number;
        if (number <= newest || number > log_number_max) continue;
        unknown_logs_[from].insert(origin);
        out.mark.clear();  // to be told again once it is known whose it is
    }
}

void Exchange::no_successors(const PartyId& from) {
    const auto unknown = unknown_logs_.find(from);
    if (unknown == unknown_logs_.end()) return;
    for (const Origin& origin : unknown->second) unexplained_logs_.emplace(from, origin);
    unknown_logs_.erase(unknown);
}

bool Exchange::is_successor(const Origin& origin) const {
    return std::any_of(successions_.begin(), successions_.end(), [&](const auto& one) {
        return statement::log_name(node_.charter(), one.first.first, one.first.second) == origin;
    });
}

Result<void> Exchange::take_successors(const PartyId& from, BytesView frame, Instant now) {
    const auto entries = parse_successors(frame);
    if (!entries) return lie(from, entries.error(), now);
    for (BytesView entry : *entries) {
        const auto said = statement::read_succession(entry, node_.charter());
        if (said) {
            TRYV(hear_succession(*said, entry, now));
            continue;
        }
        // By a version of the charter that waits here its root may be another.
        bool later = false;
        for (const Proposal& one : proposals_) {
            const auto charter = statement::parse_charter(one.file);
            later |= charter && statement::read_succession(entry, *charter);
        }
        if (later) continue;
        accuse(from, "bad_successor",
               "shows a key entry that opens no successor log: " + said.error().detail, now);
    }
    for (const auto& peer : peers_) unknown_logs_[from].erase(peer->origin);
    no_successors(from);
    return {};
}

Result<void> Exchange::hear_succession(const statement::Succession& said, BytesView entry,
                                       Instant now) {
    const auto known = successions_.find({said.party, said.number});
    if (known != successions_.end()) {
        return known->second.said == said ? Result<void>() : hear_rival(known->second, entry, now);
    }
    if (said.party == self_) {
        if (said.number <= node_.number()) return {};  // a version of the charter named it here
        node_.halt("signing is halted: the root has opened " +
                   statement::log_name(node_.charter(), self_, said.number).v +
                   ", in which this party goes on; this node keeps the log before it. Checks go "
                   "on; stop this node, and use the one that keeps the new log");
        return {};
    }
    Peer& peer = *peer_of(said.party);
    // One after the other, so that nobody has to guess what became of a log between.
    if (said.number != peer.number + 1 || said.number > log_number_max) return {};
    Additions additions;
    additions.local.emplace_back(succession_row(said.party, said.number), Bytes(entry));
    TRYV(store_.add(additions));
    successions_.emplace(std::pair(said.party, said.number),
                         KnownSuccession{said, Bytes(entry), {}});
    return follow_successor(peer, said);
}

/// The root opened two logs of one name. The one that came first is followed; nothing of it relaxes
/// anything, and the root lets the party go on in a third.
Result<void> Exchange::hear_rival(KnownSuccession& known, BytesView entry, Instant now) {
    if (known.rival) return {};
    Additions additions;
    additions.local.emplace_back(rival_row(known.said.party, known.said.number), Bytes(entry));
    TRYV(store_.add(additions));
    known.rival = Bytes(entry);
    accuse(known.said.party, "rival_successor",
           "its root opened two logs with the number " + std::to_string(known.said.number) +
               ": nothing that this log relaxes counts",
           now);
    for (Peer* log : logs_) {
        if (log->id == known.said.party && log->number == known.said.number) judge_fork(*log);
    }
    judge_own();
    return {};
}

/// The others let nothing of such a log relax, so it does not here.
void Exchange::judge_own() {
    const auto own = successions_.find({self_, node_.number()});
    if (own == successions_.end() || !own->second.rival) return;
    for (registry::Slot slot : node_.fork(0, {0})) changed_.push_back(slot);
}

Result<void> Exchange::follow_successor(Peer& peer, const statement::Succession& said) {
    statement::CharterParty card = *node_.charter().party(said.party);
    card.log = statement::vkey_of(node_.charter(), said);
    TRY(next, Peer::make(card));
    next->log = node_.add_log(next->origin, next->id);
    next->go_on_from(peer);
    node_.name_log(said.party, card.log);
    peer.last = said.last;
    for (auto& one : peers_) {
        if (one.get() != &peer) continue;
        std::swap(one, next);
        former_.push_back(std::move(next));
        tell_finality(one.get());
        break;
    }
    list_logs();
    judge_fork(*former_.back());
    return {};
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
// Taking back what was released (PROTOCOL 12). The author asks in a statement to the party that
// has it; that party's node destroys the bodies' keys, or says why not, in a statement of its own.
// A protection that is in force never loses its last place so: without a coarse area that is here,
// nothing is destroyed.
#include <algorithm>

#include "base/assert.h"
#include "base/limits.h"
#include "node/exchange_state.h"
#include "node/giving.h"
#include "view/view.h"

namespace entente::node {
namespace {

using statement::Outcome;

constexpr Slots coarse_slot = 2;
constexpr Slots exact_slot = 4;

/// Of several outcomes the one that somebody must look at.
Outcome worse(Outcome a, Outcome b) { return std::max(a, b); }

/// One version of what a recall can name.
struct OfVersion {
    registry::Position at;
    Slots opened = 0;
    bool protects = false;  // at the moment asked
};

/// A record, or a statement of what a party knows.
struct Recallable {
    registry::LogNumber log = 0;
    std::vector<OfVersion> versions;
    bool places = false;    // a record, of which there are coarse areas
    bool in_force = false;  // taking it back would protect less
    bool more = false;      // there are versions that are not kept
};

/// Whether taking back what it says would protect less: a position that protects, also one that is
/// over, by which plans of then are checked; a group that says to be another's, since what one
/// party protects would come apart.
bool protects_group(const registry::Dealing& dealing) {
    return std::any_of(dealing.versions.begin(), dealing.versions.end(), [&](const auto& version) {
        if (!version.said) return false;
        if (const auto* group = std::get_if<statement::Group>(version.said.get()))
            return !group->same.empty();
        const auto* said = std::get_if<statement::Position>(version.said.get());
        return said != nullptr && said->stand == statement::Stand::is_protected;
    });
}

/// Whether something that this party says of an incident cites it (PROTOCOL 12): then it is kept.
bool is_cited(const registry::Snapshot& snapshot, const RecordId& id) {
    const auto about = snapshot.dealings().about(id);
    return std::any_of(about.begin(), about.end(), [&](registry::DealingSlot slot) {
        const registry::Dealing& dealing = snapshot.dealings().at(slot);
        const std::string& kind = dealing.kind();
        const bool judges = kind == statement::incident_kind ||
                            kind == statement::responsibility_kind ||
                            kind == statement::assessment_kind;
        return judges && snapshot.log(dealing.log).own &&
               !view::SeenStatement(snapshot, slot).withdrawn();
    });
}

Recallable of_record(const registry::Snapshot& snapshot, registry::Slot slot, Instant now) {
    const registry::Record& record = snapshot.at(slot);
    const registry::LogState& log = snapshot.log(record.log);
    Recallable out{record.log, {}, true};
    for (const registry::Version& one : record.versions) {
        const bool protects = !one.places.empty() && log.end_of(one) > now;
        out.versions.push_back({one.position, one.opened, protects});
    }
    out.in_force = view::Seen(snapshot, slot).state(now) != view::State::withdrawn;
    return out;
}

std::optional<Recallable> recallable(const registry::Snapshot& snapshot, const RecordId& id,
                                     Instant now) {
    const auto slot = snapshot.find(id);
    const auto dealt = snapshot.dealings().find(id);
    if (!dealt || !view::is_statement(snapshot, *dealt)) {
        return slot ? std::optional(of_record(snapshot, *slot, now)) : std::nullopt;
    }
    const registry::Dealing& dealing = snapshot.dealings().at(*dealt);
    // What claims to be a place as well is as hard to take back as either, and has no area that
    // would stand for it.
    Recallable out{dealing.log};
    if (slot) out.in_force = of_record(snapshot, *slot, now).in_force;
    out.in_force |= protects_group(dealing);
    out.more = dealing.more;
    for (const registry::DealingVersion& one : dealing.versions) {
        out.versions.push_back({one.position, one.opened, out.in_force});
    }
    return out;
}

}  // namespace

Result<Slots> Exchange::may_recall(const Peer& peer, const RecordId& id, bool coarse,
                                   Instant now) const {
    const auto of = recallable(node_.snapshot(), id, now);
    if (!of || !node_.snapshot().log(of->log).own) {
        return fail(Errc::not_found, "no own record " + id.text());
    }
    if (of->more) {
        return fail(Errc::too_large, id.text() + " has more versions than a recall can name");
    }
    const auto given = peer.given_slots.find(id);
    const Slots has = given == peer.given_slots.end() ? Slots{0} : given->second;
    const Slots wanted = coarse ? exact_slot : Slots{coarse_slot | exact_slot};
    if ((has & wanted) == 0) {
        return fail(Errc::refused, peer.id.v + " was not given " + id.text() +
                                       (coarse ? " at tier exact" : "") +
                                       ", so there is nothing to recall");
    }
    if (!of->places && coarse && (has & coarse_slot) == 0) {
        return fail(Errc::refused, peer.id.v + " has no tear line of " + id.text() +
                                       " that it could keep: recall all of it");
    }
    const bool before = of->log != 0;
    if (before && coarse && (has & coarse_slot) == 0) {
        return fail(Errc::refused, peer.id.v + " has no coarse area of " + id.text() +
                                       ", and in the log that it stands in nothing is released "
                                       "any more");
    }
    if (!coarse && of->in_force) {
        return fail(Errc::refused, id.text() +
                                       " is in force: recalling it needs a coarse replacement "
                                       "(--coarse), or withdraw it first");
    }
    return wanted;
}

Result<Receipt> Exchange::recall(const RecallWish& wish, Instant now) {
    Peer* const peer = peer_of(wish.from);
    if (peer == nullptr) {
        return fail(Errc::not_found,
                    "no other party '" + wish.from.v + "' in charter " + node_.charter().id);
    }
    if (keys_ == nullptr) return fail(Errc::refused, "the keys are not here");
    Giving giving(node_.origin(), peers_);
    std::vector<Given> given;
    Batch batch;
    std::vector<std::pair<Hash, statement::Recall>> made;
    for (const RecordId& id : std::set<RecordId>(wish.records.begin(), wish.records.end())) {
        TRY(slots, may_recall(*peer, id, wish.coarse, now));
        const Recallable of = *recallable(node_.snapshot(), id, now);
        const bool has_coarse = (peer->given_slots.at(id) & coarse_slot) != 0;
        statement::Recall recall;
        recall.to = peer->id;
        recall.of = id;
        recall.slots = set_of(slots);
        recall.reason = wish.reason;
        for (std::size_t i = 0; i < of.versions.size(); ++i) {
            const registry::Position& at = of.versions[i].at;
            if (wish.coarse && !has_coarse) {
                TRY(said, own_statement(at.index));
                const Slots area = slots_of(Tier::coarse);
                giving.give(*peer, {at.index, at.leaf, said.used, said.label}, area);
                given.push_back({peer, id, area, at});
            }
            recall.entries.push_back(at.leaf);
            const bool full = recall.entries.size() == limits::recall_entries_max;
            if (!full && i + 1 < of.versions.size()) continue;
            TRY(composed, compose_recall(author(), recall, wish.actor, now, random_));
            made.emplace_back(composed.understood.position.leaf, recall);
            batch.statements.push_back(std::move(composed));
            recall.entries.clear();
        }
    }
    if (made.empty()) return fail(Errc::malformed, "records: at least one id");
    for (std::size_t i = 0; i < batch.statements.size(); ++i) {
        const Composed& said = batch.statements[i];
        const registry::Position at{{node_.log().size().v + i}, said.understood.position.leaf};
        giving.give(*peer, {at.index, at.leaf, slots_of(Tier::exact), ""}, slots_of(Tier::exact));
        given.push_back({peer, said.id, slots_of(Tier::exact), at});
    }
    TRY(receipt, commit(std::move(batch), giving, given, now));
    for (const auto& [leaf, recall] : made) note_recalled(*peer, leaf, recall, now);
    return receipt;
}

/// From now on the party has these bodies no more: no parcel carries them, no new version brings
/// them.
void Exchange::note_recalled(Peer& peer, const Hash& leaf, const statement::Recall& recall,
                             Instant time) {
    const Slots slots = slots_of(recall.slots);
    for (const Hash& entry : recall.entries) {
        Slots& back = peer.taken_back[entry];
        back = static_cast<Slots>(back | slots);
    }
    const auto given = peer.given_slots.find(recall.of);
    if (given != peer.given_slots.end()) given->second = static_cast<Slots>(given->second & ~slots);
    peer.made_recalls.emplace(leaf, MadeRecall{recall.of, time, {}, {}, {}, slots, {}});
}

/// A release of the same bodies ends a recall of them.
void Exchange::note_given(Peer& peer, const Hash& leaf, Slots slots) {
    const auto back = peer.taken_back.find(leaf);
    if (back == peer.taken_back.end()) return;
    back->second = static_cast<Slots>(back->second & ~slots);
    if (back->second == 0) peer.taken_back.erase(back);
}

// ---- on the other side ----

/// A recall or purge that is open here counts only if it is addressed to us.
void Exchange::hear_recall(Peer& log, Peer& peer, const registry::Understood& said, Instant now) {
    if (said.recall != nullptr) {
        if (said.recall->to != self_) {
            return misdeed(peer, now, "bad_recall", "gives us a recall that is not to us");
        }
        log.heard_recalls.emplace(said.position.leaf, said.recall);
    }
    if (said.purge == nullptr) return;
    const auto made = peer.made_recalls.find(said.purge->recall);
    const bool unknown = made == peer.made_recalls.end();
    const bool may_be_ours = !node_.lost().empty() || !peer.given_before.empty();
    if (unknown && said.purge->to == self_ && may_be_ours) return;
    if (said.purge->to != self_ || unknown) {
        return misdeed(peer, now, "bad_purge", "answers a recall that we did not make to it");
    }
    MadeRecall& recall = made->second;
    recall.answered = said.position.leaf;  // the newest counts: what was held may be purged later
    recall.worst = Outcome::purged;
    recall.reason.clear();
    recall.gone.clear();
    for (const statement::Purged& one : said.purge->outcomes) {
        if (one.outcome != Outcome::refused) recall.gone.push_back(one.entry);
        if (worse(one.outcome, recall.worst) == recall.worst) continue;
        recall.worst = one.outcome;
        recall.reason = one.reason;
    }
}

Result<std::optional<Hold>> Exchange::hold_of(const RecordId& record) const {
    TRY(row, store_.local(hold_name(record)));
    if (!row) return std::optional<Hold>();
    return parse_hold(*row);
}

Result<void> Exchange::hold(const RecordId& record, const std::optional<Hold>& hold) {
    const auto of = recallable(node_.snapshot(), record, Instant::min());
    if (!of || of->log == 0) {
        return fail(Errc::not_found, "no record " + record.text() + " of another party here");
    }
    if (hold) TRYV(validate(*hold));
    Additions additions;
    additions.local.emplace_back(hold_name(record), hold ? format_hold(*hold) : Bytes());
    TRYV(store_.add(additions));
    if (hold) return {};
    const PartyId author = node_.snapshot().log(of->log).party;
    for (Peer* peer : logs_) {  // what it kept is answered anew
        if (peer->id == author) due_again(*peer, record);
    }
    return {};
}

void Exchange::due_again(Peer& peer, const RecordId& record) {
    for (const auto& [leaf, recall] : peer.heard_recalls) {
        if (recall->of == record) peer.recalls_due.insert(leaf);
    }
}

/// What is done about one version, and the bodies that it concerns.
struct Exchange::Recalled {
    registry::Position at;
    Slots slots = 0;
    statement::Purged outcome;
};

namespace {

/// `shut`: bodies of it that are open no more already. `areas`: it has coarse areas, one of which
/// may stay instead.
statement::Purged judge(const OfVersion& version, Slots slots, Slots shut, bool areas,
                        const std::optional<Hold>& hold) {
    const auto say = [&](Outcome outcome, std::string reason) {
        return statement::Purged{version.at.leaf, outcome, std::move(reason)};
    };
    // A parcel that came after the recall had been made brought none of it: there is nothing to
    // keep.
    if (((version.opened | shut) & slots) == 0) return say({}, {});
    const bool keeps_area =
        areas && (slots & coarse_slot) == 0 && (version.opened & coarse_slot) != 0;
    if (version.protects && !keeps_area) {
        return say(Outcome::refused, "it protects here, and no coarse area would stay");
    }
    if (!hold) return say({}, {});
    if (hold->cause == "refusal") return say(Outcome::refused, hold->text);
    return say(Outcome::held, hold->cause + ": " + hold->text);
}

}  // namespace

/// Destroys or closes what a recall names. What it returns is durable, and stands in no file of
/// the store any more.
Result<statement::Purge> Exchange::carry_out(Peer& peer, const Hash& leaf,
                                             const statement::Recall& recall, Instant now) {
    statement::Purge purge;
    purge.to = peer.id;
    purge.recall = leaf;
    purge.beyond = statement::beyond_reach;
    TRY(hold, hold_of(recall.of));
    if (!hold && is_cited(node_.snapshot(), recall.of)) hold = Hold{"incident", "cited here"};
    auto known = recallable(node_.snapshot(), recall.of, now);
    // Of its own, in this log or in one that it kept before.
    Peer* of = &peer;
    for (Peer* log : logs_) {
        if (known && log->id == peer.id && log->log == known->log) of = log;
    }
    if (known && known->log != of->log) known.reset();
    std::vector<Recalled> judged;
    const auto again = peer.given_again.find(leaf);
    for (const Hash& entry : recall.entries) {
        if (again != peer.given_again.end() && again->second.contains(entry)) {
            purge.outcomes.push_back({entry, Outcome::refused, "released again since"});
            continue;
        }
        const OfVersion* version = nullptr;
        for (std::size_t i = 0; known && i < known->versions.size(); ++i) {
            if (known->versions[i].at.leaf == entry) version = &known->versions[i];
        }
        if (version == nullptr) {
            // Nothing of it was ever opened here, or it is another record's: nothing is touched.
            purge.outcomes.push_back({entry, Outcome::refused, "no version of this record here"});
            continue;
        }
        const auto closed = of->closed.find(version->at.index);
        const Slots slots = slots_of(recall.slots);
        const Slots shut = closed == of->closed.end() ? Slots{0} : closed->second;
        Recalled one{version->at, slots, judge(*version, slots, shut, known->places, hold)};
        purge.outcomes.push_back(one.outcome);
        judged.push_back(std::move(one));
    }
    // Once for all its versions: of each the same presences are compared.
    std::optional<Forgetting> forgotten;
    const auto dealt = node_.snapshot().dealings().find(recall.of);
    for (const Recalled& one : judged) {
        if (!dealt || forgotten || one.outcome.outcome == Outcome::refused) continue;
        forgotten = before_forgetting(node_.snapshot(), *dealt, one.at, now);
    }
    TRYV(store_recalled(*of, judged, forgotten));
    for (const Recalled& one : judged) {
        if (one.outcome.outcome == Outcome::refused) continue;
        TRYV(close(*of, one));
    }
    if (forgotten) {
        changed_.insert(changed_.end(), forgotten->presences.begin(), forgotten->presences.end());
    }
    return purge;
}

/// Rows without the keys that are purged, marks of what is held, and what is to be told of it, in
/// one transaction.
Result<void> Exchange::store_recalled(Peer& peer, const std::vector<Recalled>& judged,
                                      const std::optional<Forgetting>& forgotten) {
    Additions additions;
    auto closed = peer.closed;
    for (const Recalled& one : judged) {
        if (one.outcome.outcome == Outcome::refused) continue;
        Slots& held = closed[one.at.index];
        held = static_cast<Slots>(held | one.slots);
        if (one.outcome.outcome == Outcome::held) continue;
        TRYV(store_.scan(
            peer.origin, one.at.index, {one.at.index.v + 1},
            [&](StoredEntry&& row) -> Result<void> {
                if (row.wrapped_keys.empty()) return {};
                TRY(states, vault_.states(one.at.leaf, row.wrapped_keys));
                for (std::size_t i = 0; i < states.size(); ++i) {
                    if ((one.slots >> i & 1) == 0 || states[i] != seal::SlotState::sealed) continue;
                    TRY(keys, vault_.purge(one.at.leaf, row.wrapped_keys, i, random_));
                    row.wrapped_keys = std::move(keys);
                }
                additions.bodies.push_back({peer.origin, one.at.index, std::move(row.wrapped_keys),
                                            std::move(row.ciphertexts)});
                return {};
            }));
    }
    if (closed != peer.closed) additions.local.push_back(closed_row(peer, closed));
    if (forgotten && !forgotten->what.cautions.empty()) {
        TRY(row, store_.local(forgotten_name));
        // One that cannot be read stays: whoever tells of it says so, which is no less.
        auto all = decode_forgotten(row.value_or(Bytes()));
        if (all && add_forgotten(*all, forgotten->what)) {
            additions.local.emplace_back(forgotten_name, encode_forgotten(*all));
        }
    }
    if (additions == Additions{}) return {};
    TRYV(store_.add(additions));
    if (forgotten && !forgotten->what.cautions.empty()) ++forgotten_;
    peer.closed = std::move(closed);
    return additions.bodies.empty() ? Result<void>() : store_.forget();
}

/// The register's part: the version is what remains open of it.
Result<void> Exchange::close(Peer& peer, const Recalled& one) {
    return store_.scan(peer.origin, one.at.index, {one.at.index.v + 1},
                       [&](StoredEntry&& row) -> Result<void> {
                           TRY(read, read_entry({peer.origin, node_.charter().id}, peer.log, row));
                           std::vector<Arrived> less;
                           less.push_back(std::move(read.arrived));
                           fold(std::move(less));
                           return {};
                       });
}

/// Bodies of this entry came again: they are closed no longer.
void Exchange::reopen(Peer& peer, EntryIndex entry, Slots slots, Additions& additions) {
    const auto closed = peer.closed.find(entry);
    if (closed == peer.closed.end() || (closed->second & slots) == 0) return;
    closed->second = static_cast<Slots>(closed->second & ~slots);
    if (closed->second == 0) peer.closed.erase(closed);
    std::erase_if(additions.local,
                  [&](const auto& row) { return row.first == closed_row(peer, {}).first; });
    additions.local.push_back(closed_row(peer, peer.closed));
}

Result<void> Exchange::answer_recalls(Peer& peer, Batch& batch, std::vector<Audience>& audiences,
                                      Instant now) {
    for (const Hash& leaf : peer.recalls_due) {
        const auto recall = peer.heard_recalls.find(leaf);
        ASSERT(recall != peer.heard_recalls.end());
        TRY(purge, carry_out(peer, leaf, *recall->second, now));
        TRY(composed, compose_purge(author(), std::move(purge), "node", now, random_));
        batch.statements.push_back(std::move(composed));
        audiences.resize(batch.statements.size());
        audiences.back()[peer.id] = Tier::exact;
    }
    return {};
}

}  // namespace entente::node

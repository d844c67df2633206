// SPDX-License-Identifier: Apache-2.0
// What a node says among others: every commit carries with it what it owes them, the releases and
// the beat whose slots tell each of them that there is something for it (PROTOCOL 4, 9, 10).
#include <algorithm>

#include "base/breaks.h"
#include "base/sha256.h"
#include "node/exchange.h"
#include "node/exchange_state.h"
#include "node/giving.h"
#include "statement/beat.h"

namespace entente::node {
namespace {

Slots used_of(const statement::Head& head) {
    Slots out = 0;
    for (std::size_t i = 0; i < head.used.size(); ++i) {
        if (head.used[i]) out = static_cast<Slots>(out | 1 << i);
    }
    return out;
}

Slots given_of(const Peer& peer, const RecordId& record) {
    const auto found = peer.given_slots.find(record);
    return found == peer.given_slots.end() ? Slots{0} : found->second;
}

/// Who is given all of it is given its tear line too, and sees that this covers it.
Slots with_tear(Slots slots) {
    constexpr Slots coarse = 2, exact = 4;
    return (slots & exact) != 0 ? static_cast<Slots>(slots | coarse) : slots;
}

bool has_tear(const registry::Snapshot& snapshot, const RecordId& id) {
    const auto slot = snapshot.dealings().find(id);
    if (!slot) return false;
    const auto& versions = snapshot.dealings().at(*slot).versions;
    return std::any_of(versions.begin(), versions.end(),
                       [](const auto& version) { return version.tear != nullptr; });
}

/// Of a record or a dealing of the log in force; empty where there is none.
std::vector<registry::Position> versions_of(const registry::Snapshot& snapshot,
                                            const RecordId& id) {
    std::vector<registry::Position> out;
    const auto take = [&](const auto& one) {
        if (one.log != 0) return;
        for (const auto& version : one.versions) out.push_back(version.position);
    };
    if (const auto slot = snapshot.find(id)) take(snapshot.at(*slot));
    const auto dealing = out.empty() ? snapshot.dealings().find(id) : std::nullopt;
    if (dealing) take(snapshot.dealings().at(*dealing));
    return out;
}

}  // namespace

Result<Receipt> Exchange::log(Batch batch, const std::vector<Audience>& audiences, Instant now) {
    if (solo()) return node_.log(std::move(batch), now);
    Giving giving(node_.origin(), peers_);
    std::vector<Given> given;
    for (std::size_t i = 0; i < batch.statements.size(); ++i) {
        const Composed& statement = batch.statements[i];
        const statement::Head& head = *statement.understood.head;
        const Giving::Gift gift{{node_.log().size().v + i},
                                statement.understood.position.leaf,
                                used_of(head),
                                head.label};
        for (const auto& peer : peers_) {
            Slots slots = given_of(*peer, statement.id);
            if (i < audiences.size()) {
                const auto tier =
                    audiences[i].find(broken(Break::mix_audiences) ? peers_.back()->id : peer->id);
                if (tier != audiences[i].end()) {
                    slots = static_cast<Slots>(slots | slots_of(tier->second));
                }
            }
            if (slots == 0) continue;
            if (statement::tears(head.kind)) slots = with_tear(slots);
            giving.give(*peer, gift, slots);
            // What it has by that, as it is read back at the next start.
            slots = static_cast<Slots>(slots & gift.used);
            given.push_back({peer.get(), statement.id, slots, {gift.entry, gift.leaf}, {}});
            given.back().said = receipt_in(self_, statement.understood);
        }
    }
    return commit(std::move(batch), giving, given, now);
}

Result<Receipt> Exchange::release(const std::vector<RecordId>& records, const PartyId& to,
                                  Tier tier, Instant now) {
    Peer* const peer = peer_of(to);
    if (peer == nullptr) {
        return fail(Errc::not_found,
                    "no other party '" + to.v + "' in charter " + node_.charter().id);
    }
    Giving giving(node_.origin(), peers_);
    std::vector<Given> given;
    for (const RecordId& id : records) {
        const auto positions = versions_of(node_.snapshot(), id);
        if (positions.empty()) return fail(Errc::not_found, "no own record " + id.text());
        const Slots has = given_of(*peer, id);
        Slots slots = static_cast<Slots>(has | slots_of(tier));
        if (has_tear(node_.snapshot(), id)) slots = with_tear(slots);
        if (slots == has) {
            return fail(Errc::refused, to.v + " has " + id.text() + " at that tier already");
        }
        const Slots own_head = tier == Tier::head ? Slots{0} : slots_of(Tier::head);
        Slots brings = 0;  // beside the head, which is given in any case
        // All its versions: who knows only the newest cannot see what still protects beside it.
        for (const registry::Position& position : positions) {
            TRY(said, own_statement(position.index));
            brings = static_cast<Slots>(brings | (slots & said.used & ~has & ~own_head));
            giving.give(*peer, {position.index, position.leaf, said.used, said.label}, slots);
            given.push_back({peer, id, static_cast<Slots>(slots & said.used), position, {}});
        }
        if (brings == 0) {
            return fail(Errc::refused, "there is nothing of " + id.text() + " to be given " +
                                           name(tier) + ": it has no such body");
        }
    }
    return commit({}, giving, given, now);
}

Result<Receipt> Exchange::commit(Batch batch, Giving& giving, const std::vector<Given>& given,
                                 Instant now) {
    if (const auto silent = waits_for_list()) {
        return fail(Errc::unavailable,
                    "this log was fetched back from its copies, and " + silent->v +
                        " has not told yet what was released to it; nothing is said before "
                        "(entente sync " +
                        silent->v + ")");
    }
    std::optional<OwnBeat> beat;
    if (keys_ != nullptr && (giving.any() || beat_due(now))) {
        beat.emplace();
        beat->index.v = node_.log().size().v + batch.statements.size() + batch.open.size();
        beat->time = now;
        batch.open.push_back(make_beat(*beat));
        batch.additions.local.emplace_back(own_beat_name(node_.number()), format_own_beat(*beat));
        // What this slot hid can be shown for ever: it is the first to say what is released here.
        if (giving.any()) {
            batch.additions.local.emplace_back(told_beat_name(node_.number(), beat->index),
                                               format_own_beat(*beat));
        }
    }
    batch.additions.releases = giving.take_rows();
    TRY(receipt, node_.log(std::move(batch), now));
    giving.keep();
    for (const auto& peer : peers_) {
        auto& when = peer->given_at;
        if (when.empty() ? peer->given.size().v > 0 : when.back().first < peer->given.size()) {
            when.emplace_back(peer->given.size(), now);
        }
        while (!when.empty() && when.front().second + Peer::given_at_kept < now) when.pop_front();
    }
    for (const Given& one : given) {
        note_given(*one.to, one.at.leaf, one.slots);
        Slots& slots = one.to->given_slots[one.record];
        slots = static_cast<Slots>(slots | one.slots);
        released_[one.at.leaf] = one.at.index;
        if (!one.said) continue;
        HeardReceipt said = *one.said;
        said.position = one.at;
        note_said(said);
    }
    if (beat) own_beat_ = std::move(*beat);
    own_heads_.set_newest(node_.head(), ++turn_);
    return receipt;
}

bool Exchange::beat_due(Instant now) const {
    if (broken(Break::forget_timer)) return !own_beat_;
    if (!own_beat_) return true;
    // Also where the clock was set back: a beat of the future does not silence it until then.
    const Duration every = node_.charter().terms.beat_every, since = now - own_beat_->time;
    return since >= every || since <= -every;
}

/// The entry of a beat at its index and time: one slot for each other party, used or not, so that
/// nobody else can tell to whom something was released.
Bytes Exchange::make_beat(OwnBeat& own) {
    statement::Beat beat;
    beat.time = own.time;
    for (const auto& peer : peers_) {
        const char* rung = peer->received.size().v == 0 ? "offered" : "opened";
        const seal::SlotContent content{
            {peer->given.size(), peer->given.root()}, peer->owed(), rung};
        if (content.released.size.v == 0 && broken(Break::skip_slot)) continue;
        const Hash salt = seal::slot_salt(*peer->shared, node_.origin(), own.index);
        beat.slots[peer->id] = seal::slot_hash(salt, seal::format_slot(content));
        own.contents.emplace(peer->id, content);
    }
    if (!own_heads_said_ || own.time - *own_heads_said_ >= node_.charter().terms.heads_every) {
        for (const auto& peer : peers_) {
            if (const auto& head = peer->heads.newest()) {
                beat.heads[peer->id] = {head->checkpoint.size, head->checkpoint.root};
            }
        }
        while (!statement::beat_fits(beat)) beat.heads.erase(std::prev(beat.heads.end()));
        own_heads_said_ = own.time;
    }
    return statement::encode_beat(beat);
}

Result<void> Exchange::tick(Instant now) {
    if (solo() || keys_ == nullptr || !node_.halted().empty()) return {};
    for (Peer* log : logs_) {
        if (log->mirror.is_whole()) TRYV(cosign(*log, now));  // what was left undone
    }
    if (node_.snapshot().log(0).left) return {};  // a log that has ended takes no more
    if (!started_) started_ = now;
    TRYV(settle_lists());
    if (waits_for_list()) return {};
    Batch batch;
    std::vector<Audience> audiences;
    for (Peer* log : logs_) TRYV(answer_recalls(*log, batch, audiences, now));
    // Of logs that they kept before as well: what came late, or had no receipt when they went on.
    for (const Peer* log : logs_) {
        if (log->due.empty() || log->id == self_) continue;
        TRYV(add_receipts(*log, batch, audiences, now));
        batch.additions.local.emplace_back(receipted_name(*log),
                                           std::to_string(log->received.size().v));
    }
    say_forks(batch);
    find_waiting(now);
    find_lacking(now);
    TRY(held, say_held(batch, audiences, now));
    TRY(missing, say_missing(batch, audiences, now));
    if (batch.statements.empty() && batch.open.empty() && !beat_due(now)) return {};
    TRYV(log(std::move(batch), audiences, now));
    for (const auto& [of, parcel] : held) held_parcels_[of] = parcel;
    for (Peer* peer : missing) peer->said_missing = true;
    for (Peer* log : logs_) {
        log->fork_said = log->fork.has_value();
        log->due.clear();
        log->recalls_due.clear();
        log->given_again.clear();
    }
    return {};
}

}  // namespace entente::node

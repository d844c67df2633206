// SPDX-License-Identifier: Apache-2.0
// The receipts that a node gives by itself (PROTOCOL 11): that it holds a list of releases up to a
// size and has opened them, but for exceptions; and of each protection its own reading, which the
// sender compares. Receipts are not receipted: their acknowledgement is the slot's alone, or two
// nodes would thank each other for ever.
#include <algorithm>
#include <cmath>

#include "base/sha256.h"
#include "geo/distance.h"
#include "geo/prepared.h"
#include "node/exchange_state.h"
#include "node/ladder.h"

namespace entente::node {
namespace {

/// Of few statements each reading is a receipt of its own, which evidence of one record can show;
/// of many, one receipt reads this many.
constexpr std::size_t read_backs_alone = 20;
constexpr std::size_t read_backs_each = 200;
constexpr std::size_t exceptions_each = 1000;

/// Kinds that answer something: their acknowledgement is the slot's alone.
bool is_answer(const std::string& kind) {
    return kind == statement::receipt_kind || kind == statement::purge_kind;
}

}  // namespace

Result<void> Exchange::add_receipts(const Peer& peer, Batch& batch,
                                    std::vector<Audience>& audiences, Instant now) const {
    const bool owes = std::any_of(peer.due.begin(), peer.due.end(),
                                  [](const DueReceipt& one) { return !one.is_receipt; });
    if (!owes) return {};
    const auto add = [&](statement::Receipt receipt) -> Result<void> {
        receipt.to = peer.id;
        TRY(composed, compose_receipt(author(), std::move(receipt), "node", now, random_));
        batch.statements.push_back(std::move(composed));
        audiences.resize(batch.statements.size());
        audiences.back()[peer.id] = Tier::exact;
        return {};
    };
    statement::Receipt held;
    held.list = statement::LogHead{peer.received.size(), peer.received.root()};
    held.rung = statement::Rung::opened;
    for (const DueReceipt& one : peer.due) {
        if (!one.opened && held.exceptions.size() < exceptions_each)
            held.exceptions.push_back(one.entry);
    }
    std::sort(held.exceptions.begin(), held.exceptions.end());
    // More than one statement can except: then only that all of it was received is said.
    if (held.exceptions.size() == exceptions_each) {
        held.rung = statement::Rung::received;
        held.exceptions.clear();
    }
    TRYV(add(std::move(held)));
    const auto reads = [](const DueReceipt& one) { return one.read_back.has_value(); };
    const auto count = std::count_if(peer.due.begin(), peer.due.end(), reads);
    const bool few = count <= static_cast<std::ptrdiff_t>(read_backs_alone);
    statement::Receipt readings;
    readings.rung = statement::Rung::read_back;
    for (const DueReceipt& one : peer.due) {
        if (!one.read_back) continue;
        readings.entries.push_back(one.leaf);
        readings.read_back.push_back(*one.read_back);
        name_place(places_, readings.read_back.back());
        if (readings.entries.size() < (few ? 1 : read_backs_each)) continue;
        TRYV(add(readings));
        readings.entries.clear();
        readings.read_back.clear();
    }
    if (!readings.entries.empty()) TRYV(add(std::move(readings)));
    return {};
}

/// What came of a release, for the receipt: a protection with this node's own reading of it.
DueReceipt due_of(const seal::Release& release, const registry::Understood& understood,
                  const std::optional<Bytes>& exact) {
    DueReceipt out{release.entry,
                   release.leaf,
                   understood.head && understood.faults.empty(),
                   understood.head && is_answer(understood.head->kind),
                   {}};
    if (!exact || !understood.content || understood.content->protection.where.empty()) return out;
    statement::ReadBack reading;
    reading.entry = release.leaf;
    reading.body = sha256(*exact);
    reading.at = geo::Prepared(understood.content->protection.where.front().volume.shape).center();
    out.read_back = reading;
    return out;
}

std::optional<HeardReceipt> receipt_in(const PartyId& self, const registry::Understood& said) {
    if (said.receipt == nullptr || !said.head) return std::nullopt;
    return HeardReceipt{self, said.position, said.head->time, *said.receipt, said.head->actor};
}

/// What ladders_here() is made of. Not of parcels that are held, nor of what is missing; and of the
/// node's own readings, one for each thing that was ever released to us, it needs none.
void Exchange::note_said(const HeardReceipt& said) {
    const statement::Receipt& receipt = said.receipt;
    if (receipt.held || receipt.rung == statement::Rung::offered) return;
    if (receipt.rung == statement::Rung::read_back) return;
    said_.push_back(said);
}

/// For persons: the sender's node compares points, but a slip of a degree is read at once in words.
void name_place(const NamedPlaces& places, statement::ReadBack& reading) {
    const geo::Gazetteer* const gazetteer = places ? places() : nullptr;
    if (gazetteer == nullptr) return;
    auto near = gazetteer->nearest(reading.at);
    if (!near) return;
    reading.near = std::move(near->name);
    reading.distance = near->distance;
    reading.bearing = near->bearing;
}

/// A release that came is receipted, and a recall answered, when the clock says so.
void Exchange::owe(Peer& peer, const seal::Release& release, const registry::Understood& said,
                   const std::optional<Bytes>& exact) {
    peer.due.push_back(due_of(release, said, exact));
    // Released again before the recall was answered: that ends it (exchange.md, "Recall").
    for (const Hash& leaf : peer.recalls_due) {
        const statement::Recall& recall = *peer.heard_recalls.at(leaf);
        const bool named = std::find(recall.entries.begin(), recall.entries.end(), release.leaf) !=
                           recall.entries.end();
        if (named && (slots_of(recall.slots) & slots_of(release.slots)) != 0) {
            peer.given_again[leaf].insert(release.leaf);
        }
    }
    if (peer.heard_recalls.contains(release.leaf)) peer.recalls_due.insert(release.leaf);
}

/// A receipt that is open here counts only if it is addressed to us. What it says of a list that we
/// released in a log before this one is true, and nothing is waited for it any more.
void Exchange::hear(Peer& log, const Read& read, Instant now) {
    Peer* const party = peer_of(log.id);
    if (party == nullptr) return;  // a log that we kept before, or of a party that left
    Peer& peer = *party;
    if (const auto* open = std::get_if<statement::OpenEntry>(&read.arrived.entry)) {
        return see_adoption(peer, *open, now);
    }
    const auto* understood = std::get_if<registry::Understood>(&read.arrived.entry);
    if (understood == nullptr) return;
    hear_recall(log, peer, *understood, now);
    if (understood->receipt == nullptr) return;
    const auto& list = understood->receipt->list;
    if (understood->receipt->to != self_) {
        return misdeed(peer, now, "bad_receipt", "gives us a receipt that is not to us");
    }
    if (const auto& held = understood->receipt->held) {
        const Peer* const to = this->peer(held->recipient);
        const seal::ListHead left{list->size, list->root};
        if (to != nullptr && to->may_be_before(left)) return;
        if (to == nullptr || !to->was_given(left)) {
            return misdeed(peer, now, "bad_receipt", "says that it holds what we did not leave");
        }
        return hear_custody(peer, *understood);
    }
    const bool before = list && peer.may_be_before({list->size, list->root});
    if (before) peer.note_before({list->size, list->root});
    hear_before(peer, *understood);
    if (understood->receipt->rung == statement::Rung::offered && list && !before) {
        peer.misses = list->size;
    }
    compare(peer, *understood->receipt, now);
    const auto released = [&](const Hash& leaf) { return released_.contains(leaf); };
    const TreeSize given = before ? TreeSize{0} : peer.given.size();
    if (!peer.heard.news(*understood->receipt, given, released)) return;
    heard_.push_back({peer.id, understood->position, understood->head->time, *understood->receipt,
                      understood->head->actor});
}

/// What it says of a list of ours that grows no more: kept apart, since no list in force is
/// acknowledged by it.
void Exchange::hear_before(Peer& peer, const registry::Understood& said) {
    const statement::Receipt& receipt = *said.receipt;
    for (GivenBefore& one : peer.given_before) {
        const bool listed = receipt.list && receipt.list->size.v > 0 && receipt.entries.empty() &&
                            receipt.list->size <= one.list.size() &&
                            one.list.root(receipt.list->size) == receipt.list->root;
        const auto released = [&](const Hash& leaf) { return one.leaves.contains(leaf); };
        if (!one.heard.news(receipt, listed ? one.list.size() : TreeSize{0}, released)) continue;
        heard_before_.push_back(
            {peer.id, said.position, said.head->time, receipt, said.head->actor});
        return;
    }
}

/// What the other side read, or had loaded, against what was said: another point or other bytes is
/// a misunderstanding that somebody must hear of at once (domain F5).
void Exchange::compare(Peer& peer, const statement::Receipt& receipt, Instant now) {
    const bool loaded = receipt.rung == statement::Rung::loaded;
    for (const statement::ReadBack& theirs : receipt.read_back) {
        if (!released_.contains(theirs.entry)) {
            // Before we were put back it may have been, and in a log that we kept before.
            if (lists_lost_ || !peer.given_before.empty()) continue;
            misdeed(peer, now, "read_back_unknown", "reads back what was not released to anybody");
            continue;
        }
        const auto found = compared(theirs, receipt.rung);
        if (!found || !found->differs) continue;
        const std::string apart =
            std::to_string(std::llround(found->apart.v)) + " m from where it was said to be";
        const bool near = found->apart <= (loaded ? loaded_apart_max : read_back_apart_max);
        misdeed(peer, now, loaded ? "loaded_differs" : "read_back_differs",
                (loaded ? "has loaded " : "reads ") + found->record.text() + " as a place " +
                    apart + (near ? ", from other bytes" : ""));
    }
}

}  // namespace entente::node

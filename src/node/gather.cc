// SPDX-License-Identifier: Apache-2.0
#include "node/gather.h"

#include <algorithm>

#include "base/encode.h"
#include "evidence/words.h"
#include "node/exchange_state.h"
#include "node/gather_log.h"
#include "node/gather_own.h"
#include "node/gather_talk.h"
#include "statement/beat.h"

namespace entente::node {
namespace {

using evidence::ShownRelease;

/// A release of a version of the record.
struct Release {
    std::uint64_t number = 0;
    Bytes leaf;
    seal::Release release;
};

/// A receipt that may be shown.
struct Heard {
    registry::Position position;
    const statement::Receipt* receipt;
};

/// Whether somebody who names this list names a state of that one, which is not the empty one.
bool is_state(const seal::ListHead& said, const tlog::Tree& list) {
    return said.size.v > 0 && said.size <= list.size() && list.root(said.size) == said.root;
}

/// What the receipt says of this release, to tell it from what others say; nothing if it says
/// nothing of it.
std::optional<std::string> words_on(const statement::Receipt& receipt, const Release& release) {
    const auto names = [](const auto& list, const auto& what) {
        return std::find(list.begin(), list.end(), what) != list.end();
    };
    const seal::Release& given = release.release;
    const bool listed =
        receipt.entries.empty() && receipt.list && release.number < receipt.list->size.v;
    if (!listed && !names(receipt.entries, given.leaf)) return std::nullopt;
    std::string out = std::string(name(receipt.rung)) + "\n" + receipt.unit + "\n" + receipt.voice +
                      "\n" + receipt.reason;
    if (listed && names(receipt.exceptions, given.entry)) out += "\nbut for this";
    for (const statement::ReadBack& read : receipt.read_back) {
        if (read.entry == given.leaf) {
            out += "\n" + evidence::point_text(read.at) + " " + to_base64(read.body.view());
        }
    }
    return out;
}

class Gatherer {
  public:
    Gatherer(const Holdings& here, const Gathering& wanted, const registry::Record& record)
        : here_(here), wanted_(wanted), record_(record) {
        logs_.emplace(here_.node.origin(), GatherLog(here_.node, nullptr));
        for (const auto* peers : {&here_.exchange.peers(), &here_.exchange.former()}) {
            for (const auto& peer : *peers) {
                if (!peer->mirror.head()) continue;
                logs_.emplace(peer->origin, GatherLog(here_.node, peer.get()));
            }
        }
        for (const auto& peer : here_.exchange.former()) {
            if (peer->id == self() && peer->log == record_.log) before_ = peer.get();
        }
    }

    Result<evidence::File> run() {
        const bool ours = record_.log == 0 || before_ != nullptr;
        const EntryIndex begin =
            ours ? record_.versions.front().position.index : EntryIndex{own().size().v};
        TRY(beats, own_beats(here_.store, own().origin(),
                             before_ ? before_->number : here_.node.number(), begin, own().size()));
        beats_ = std::move(beats);
        const Origin author = here_.node.snapshot().log(record_.log).origin;
        for (const registry::Version& version : record_.versions) {
            TRYV(show(author, version.position, wanted_.show));
        }
        TRYV(show_keys(author));
        for (const auto& peer : here_.exchange.peers()) {
            if (ours) {
                TRYV(told_by_us(*peer));
            } else if (peer->log == record_.log) {
                TRYV(told_to_us(*peer));
            }
        }
        for (const auto& peer : here_.exchange.former()) {
            if (peer->log == record_.log && peer->id != self()) TRYV(told_to_us(*peer));
        }
        TRYV(show_talk());
        TRYV(date_all());
        return finish(author);
    }

  private:
    GatherLog& log(const Origin& origin) { return logs_.at(origin); }
    /// Our own log: of a record that we made in one before, that.
    GatherLog& own() { return log(before_ ? before_->origin : here_.node.origin()); }
    PartyId self() const { return here_.node.snapshot().party(); }

    Result<seal::Opened> open(const Origin& origin, const registry::Position& position) {
        seal::Opened out;
        TRYV(here_.store.scan(
            origin, position.index, {position.index.v + 1}, [&](StoredEntry&& row) -> Result<void> {
                if (row.wrapped_keys.empty()) return {};
                TRY(opened, here_.vault.open(position.leaf, row.wrapped_keys, row.ciphertexts));
                out = std::move(opened);
                return {};
            }));
        return out;
    }

    /// The log that has this entry: the one that is stated, or one that its party kept before.
    std::optional<Origin> log_with(const Origin& stated, const registry::Position& at) const {
        const auto has = [&](const GatherLog& one) {
            return at.index.v < one.size().v && one.tree().leaf(at.index) == at.leaf;
        };
        const auto first = logs_.find(stated);
        if (first != logs_.end() && has(first->second)) return stated;
        for (const auto& [origin, one] : logs_) {
            if (has(one)) return origin;
        }
        return std::nullopt;
    }

    /// An entry with what of it may be shown; the exact body opens the coarse one.
    Result<void> show(const Origin& stated, const registry::Position& position, Tier most) {
        const auto found = log_with(stated, position);
        if (!found) return {};
        const Origin& origin = *found;
        if (log(origin).wants(position.index)) return {};
        TRY(opened, open(origin, position));
        log(origin).want(position.index, true);
        evidence::ShownEntry& shown = log(origin).shown(position.index);
        auto& bodies = opened.bodies;
        if (most < Tier::exact) bodies[2].reset();
        if (most < Tier::coarse || bodies[2]) bodies[1].reset();
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            if (!bodies[i] || !bodies[0] || !is_utf8(bodies[i]->body)) continue;
            shown.bodies.push_back(
                {static_cast<statement::Slot>(i), bodies[i]->salt, std::move(bodies[i]->body)});
        }
        return {};
    }

    /// Calls and answers: what they say is words, and so as secret as the exact body.
    Result<void> show_talk() {
        if (wanted_.show != Tier::exact) return {};
        for (const Spoken& one : spoken_about(here_.node.snapshot(), record_)) {
            TRYV(show(one.origin, one.position, Tier::exact));
        }
        return {};
    }

    /// The root's entries that say who is an officer, where approvals rest on them.
    Result<void> show_keys(const Origin& origin) {
        EntryIndex end{0};
        for (const registry::Version& version : record_.versions) {
            if (!version.approved_by.empty()) end = std::max(end, version.position.index);
        }
        return here_.store.scan(origin, {0}, end, [&](StoredEntry&& row) -> Result<void> {
            if (is_sealed(row.entry)) return {};
            const auto entry = statement::decode_entry(row.entry);
            const auto* open = entry ? std::get_if<statement::OpenEntry>(&*entry) : nullptr;
            if (open != nullptr && open->kind == "key") log(origin).want(row.index, false);
            return {};
        });
    }

    Result<std::vector<Release>> releases(const Origin& author, const PartyId& recipient) {
        std::vector<Release> out;
        TRYV(here_.store.scan_releases(
            author, recipient, 0, [&](StoredRelease&& row) -> Result<void> {
                TRY(release, seal::parse_release(row.leaf));
                const bool ours = std::any_of(
                    record_.versions.begin(), record_.versions.end(),
                    [&](const auto& version) { return version.position.leaf == release.leaf; });
                if (ours) out.push_back({row.number, std::move(row.leaf), release});
                return {};
            }));
        return out;
    }

    /// The slot for `party` in a beat, opened, with these releases under it.
    Result<void> show_slot(GatherLog& of, EntryIndex beat, const Peer& with,
                           const seal::SlotContent& content, const tlog::Tree& list,
                           std::span<const Release> releases) {
        if (!with.shared && here_.sealing == nullptr) {
            return fail(Errc::refused, "the sealing key, which opens slots, is not here");
        }
        const Secret shared = with.shared ? *with.shared : here_.sealing->agree(with.sealing);
        const PartyId party = &of == &own() ? with.id : self();
        of.want(beat, true);
        auto& slots = of.shown(beat).slots;
        auto slot = std::find_if(slots.begin(), slots.end(),
                                 [&](const auto& one) { return one.party == party; });
        if (slot == slots.end()) {
            slot = slots.insert(
                std::find_if(slots.begin(), slots.end(),
                             [&](const auto& one) { return party < one.party; }),
                {party,
                 {seal::slot_salt(shared, of.origin(), beat), seal::format_slot(content)},
                 {},
                 {}});
        }
        for (const Release& one : releases) {
            const auto at =
                std::find_if(slot->releases.begin(), slot->releases.end(),
                             [&](const ShownRelease& other) { return other.number >= one.number; });
            if (at != slot->releases.end() && at->number == one.number) continue;
            if (one.number >= content.released.size.v) continue;
            TRY(proof, list.inclusion_proof({one.number}, content.released.size));
            slot->releases.insert(at, {one.number, one.leaf, std::move(proof)});
        }
        return {};
    }

    /// An earlier state of the list under an opened slot, which somebody acknowledges.
    Result<void> show_list(GatherLog& of, EntryIndex beat, const PartyId& party, TreeSize size,
                           const tlog::Tree& list) {
        for (evidence::OpenedSlot& slot : of.shown(beat).slots) {
            if (slot.party != party) continue;
            TRY(content, seal::parse_slot(slot.opening.content));
            const auto at = std::find_if(slot.lists.begin(), slot.lists.end(),
                                         [&](const auto& one) { return one.size >= size; });
            if (size.v == 0 || size >= content.released.size) return {};
            if (at != slot.lists.end() && at->size == size) return {};
            TRY(growth, list.consistency_proof(size, content.released.size));
            slot.lists.insert(at, {size, list.root(size), std::move(growth)});
        }
        return {};
    }

    /// Our list of releases to it in the log of the record; null where there is none.
    const tlog::Tree* list_to(const Peer& peer) const {
        if (before_ == nullptr) return &peer.given;
        for (const GivenBefore& one : peer.given_before) {
            if (one.number == before_->number) return &one.list;
        }
        return nullptr;
    }

    /// Its receipts for that list, and for statements.
    std::vector<Heard> heard_from(const Peer& peer, const tlog::Tree& list) const {
        std::vector<Heard> out;
        const auto& all = before_ ? here_.exchange.heard_before() : here_.exchange.heard();
        for (const HeardReceipt& one : all) {
            const auto& said = one.receipt;
            const bool other = before_ && said.entries.empty() && said.list &&
                               !is_state({said.list->size, said.list->root}, list);
            if (one.from == peer.id && !other) out.push_back({one.position, &said});
        }
        return out;
    }

    Result<void> told_by_us(const Peer& peer) {
        TRY(releases, this->releases(own().origin(), peer.id));
        const tlog::Tree* const given = list_to(peer);
        if (releases.empty() || !beats_.newest || given == nullptr) return {};
        const OwnBeat& newest = *beats_.newest;
        const auto content = newest.contents.find(peer.id);
        if (content == newest.contents.end()) return {};
        TRYV(show_slot(own(), newest.index, peer, content->second, *given, releases));
        EntryIndex told{0};
        for (const Release& one : releases) {
            const OwnBeat* const first = beats_.first_with(peer.id, one.release.entry, one.number);
            told = std::max(told, first ? first->index : newest.index);
            if (first == nullptr || first->index == newest.index) continue;
            TRYV(show_slot(own(), first->index, peer, first->contents.at(peer.id), *given,
                           {&one, 1}));
        }
        if (!logs_.contains(peer.origin)) return {};
        const auto list = [&](TreeSize size) {
            return show_list(own(), newest.index, peer.id, size, *given);
        };
        TRYV(show_receipts(peer.origin, heard_from(peer, *given), releases, list));
        if (before_ == nullptr) TRYV(show_custody(peer, releases, list));
        if (!peer.explained || peer.explained->index.v >= log(peer.origin).size().v) return {};
        const auto& said = peer.explained->content;
        // Once it has gone on with us its slot speaks of the list in force: no word on this one.
        if (before_ != nullptr && !is_state(said.acknowledged, *given)) return {};
        const TreeSize has = before_ ? said.acknowledged.size : peer.acknowledged();
        TRYV(show_slot(log(peer.origin), peer.explained->index, peer, said, peer.received, {}));
        TRYV(list(has));
        if (releases.back().number < has.v) return {};
        return show_held(peer, told);
    }

    /// Where a party that is silent had quoted our log with the release in it.
    Result<void> show_held(const Peer& peer, EntryIndex told) {
        GatherLog& theirs = log(peer.origin);
        TRY(found,
            theirs.beat_before(
                here_.store, {peer.explained->index.v + 1}, [&](const statement::Beat& beat) {
                    const auto head = beat.heads.find(self());
                    return head != beat.heads.end() && head->second.size.v > told.v &&
                           head->second.size <= own().size() &&
                           own().tree().root(head->second.size) == head->second.root;
                }));
        if (!found) return {};
        theirs.want(found->first, false);
        own().want_head(found->second.heads.at(self()).size);
        return {};
    }

    /// Every receipt that says something of a release which none before it said: two units that
    /// confirm are two words, and coordinates that came back another time may be others.
    template <class ShowList>
    Result<void> show_receipts(const Origin& origin, const std::vector<Heard>& heard,
                               const std::vector<Release>& releases, ShowList show_list_of) {
        std::set<std::pair<std::uint64_t, std::string>> said;
        for (const Heard& one : heard) {
            const statement::Receipt& receipt = *one.receipt;
            bool news = false;
            for (const Release& release : releases) {
                const auto words = words_on(receipt, release);
                if (words) news |= said.emplace(release.number, *words).second;
            }
            if (!news) continue;
            TRYV(show(origin, one.position, may_show(receipt, releases)));
            if (receipt.list) TRYV(show_list_of(receipt.list->size));
        }
        return {};
    }

    /// A place that was read back is as secret as the place that was said; and of other records
    /// nothing is shown at all. Then the head alone shows that there was a receipt.
    Tier may_show(const statement::Receipt& receipt, const std::vector<Release>& releases) const {
        const auto is_of_it = [&](const statement::ReadBack& read) {
            return wanted_.show == Tier::exact &&
                   std::any_of(releases.begin(), releases.end(),
                               [&](const Release& one) { return one.release.leaf == read.entry; });
        };
        const auto& all = receipt.read_back;
        return std::all_of(all.begin(), all.end(), is_of_it) ? Tier::exact : Tier::head;
    }

    /// What third parties signed of sealed parcels with these releases in them (PROTOCOL 11).
    template <class ShowList>
    Result<void> show_custody(const Peer& to, const std::vector<Release>& releases,
                              ShowList show_list_of) {
        for (const Custody& one : here_.exchange.custody()) {
            const Peer* const with = here_.exchange.peer(one.with);
            if (one.recipient != to.id || with == nullptr || !logs_.contains(with->origin)) {
                continue;
            }
            // The first that leads to each release.
            std::set<std::pair<bool, std::uint64_t>> said;
            for (const CustodyWord& word : one.words) {
                bool news = false;
                for (const Release& release : releases) {
                    if (release.number >= word.list.v) continue;
                    news |= said.emplace(word.fetched, release.number).second;
                }
                if (!news) continue;
                TRYV(show(with->origin, word.at, Tier::exact));
                TRYV(show_list_of(word.list));
            }
        }
        return {};
    }

    Result<void> told_to_us(const Peer& peer) {
        TRY(releases, this->releases(peer.origin, self()));
        if (releases.empty() || !peer.explained) return {};
        GatherLog& theirs = log(peer.origin);
        const EntryIndex beat = peer.explained->index;
        TRYV(show_slot(theirs, beat, peer, peer.explained->content, peer.received, releases));
        OwnReceipts given;
        TRYV(own_receipts(peer, given));
        std::vector<Heard> heard;
        for (const auto& [position, receipt] : given) {
            // Of another log of its party there may be a list too.
            const bool other = receipt.entries.empty() && receipt.list &&
                               !is_state({receipt.list->size, receipt.list->root}, peer.received);
            if (!other) heard.push_back({position, &receipt});
        }
        const auto list = [&](TreeSize size) {
            return show_list(theirs, beat, self(), size, peer.received);
        };
        TRYV(show_receipts(here_.node.origin(), heard, releases, list));
        if (!beats_.newest || !beats_.newest->contents.contains(peer.id)) return {};
        const seal::SlotContent& said = beats_.newest->contents.at(peer.id);
        const bool in_force = here_.exchange.peer(peer.id) == &peer;
        const bool nothing = in_force && said.acknowledged.size.v == 0;
        if (!nothing && !is_state(said.acknowledged, peer.received)) return {};
        TRYV(show_slot(own(), beats_.newest->index, peer, said, peer.given, {}));
        return list(said.acknowledged.size);
    }

    using OwnReceipts = std::vector<std::pair<registry::Position, statement::Receipt>>;
    /// Receipts that we gave it, in all our logs: each was released to it.
    Result<void> own_receipts(const Peer& peer, OwnReceipts& out) {
        for (const auto& own : here_.exchange.former()) {
            if (own->id == self()) TRYV(own_receipts(own->origin, peer, out));
        }
        return own_receipts(here_.node.origin(), peer, out);
    }
    Result<void> own_receipts(const Origin& origin, const Peer& peer, OwnReceipts& out) {
        return here_.store.scan_releases(
            origin, peer.id, 0, [&](StoredRelease&& row) -> Result<void> {
                TRY(release, seal::parse_release(row.leaf));
                const registry::Position position{release.entry, release.leaf};
                TRY(opened, open(origin, position));
                const auto& bodies = opened.bodies;
                const auto head = bodies[0] ? statement::decode_head(bodies[0]->body)
                                            : fail(Errc::not_found, "purged");
                if (!head || head->kind != statement::receipt_kind || !bodies[2]) return {};
                auto receipt = statement::decode_receipt(bodies[2]->body);
                if (receipt && !receipt->held) out.emplace_back(position, std::move(*receipt));
                return {};
            });
    }

    /// For each entry whose time matters the newest beat up to it that quotes others' heads, those
    /// heads, and of these logs the newest beat in them (PROTOCOL 27).
    Result<void> date_all() {
        std::vector<std::pair<GatherLog*, EntryIndex>> all;
        for (auto& [origin, log] : logs_) {
            for (const EntryIndex index : log.dated()) all.emplace_back(&log, index);
        }
        for (const auto& [log, index] : all) {
            TRY(found, log->beat_before(here_.store, {index.v + 1},
                                        [](const auto& beat) { return !beat.heads.empty(); }));
            if (!found) continue;
            log->want(found->first, false);
            for (const auto& [party, head] : found->second.heads) {
                GatherLog* const quoted = quoted_by(party, head);
                if (quoted == nullptr) continue;
                quoted->want_head(head.size);
                TRY(inside, quoted->beat_before(here_.store, {head.size.v},
                                                [](const auto&) { return true; }));
                if (inside) quoted->want(inside->first, false);
            }
        }
        return {};
    }

    /// The log of this party that has this head: the one in force, or one before.
    GatherLog* quoted_by(const PartyId& party, const statement::LogHead& head) {
        for (auto& [origin, log] : logs_) {
            if (statement::log_number(here_.node.charter(), party, origin) == 0) continue;
            if (head.size.v == 0 || head.size > log.size()) continue;
            if (log.tree().root(head.size) == head.root) return &log;
        }
        return nullptr;
    }

    Result<evidence::File> finish(const Origin& author) {
        evidence::File out;
        out.charter = here_.node.charter().id;
        out.charter_hash = here_.node.charter_hash();
        out.record = wanted_.record;
        out.author = author;
        out.by = self();
        out.at = wanted_.now;
        for (auto& [origin, log] : logs_) {
            if (log.empty()) continue;
            log.want({0}, false);
            // By this entry a successor log is its party's (PROTOCOL 25).
            if (here_.exchange.is_successor(origin)) log.want({1}, false);
            TRY(cosigners, cosigners_of(here_.node.charter(), origin));
            TRY(shown, std::move(log).finish(here_.store, cosigners));
            out.logs.push_back(std::move(shown));
        }
        return out;
    }

    const Holdings& here_;
    const Gathering& wanted_;
    const registry::Record& record_;
    const Peer* before_ = nullptr;  // the log of ours before this one in which the record is
    OwnBeats beats_;                // of our own log, own()
    std::map<Origin, GatherLog> logs_;
};

}  // namespace

Result<evidence::File> gather(const Holdings& holdings, const Gathering& wanted) {
    const registry::Snapshot& snapshot = holdings.node.snapshot();
    const auto slot = snapshot.find(wanted.record);
    if (!slot) return fail(Errc::not_found, "no record " + wanted.record.text());
    return Gatherer(holdings, wanted, snapshot.at(*slot)).run();
}

}  // namespace entente::node

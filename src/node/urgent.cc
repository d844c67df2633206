// SPDX-License-Identifier: Apache-2.0
#include "node/urgent.h"

#include <algorithm>

#include "base/breaks.h"
#include "base/limits.h"
#include "registry/understand.h"
#include "statement/line.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

constexpr std::size_t bit(statement::Slot slot) { return static_cast<std::size_t>(slot); }

std::string kept_name(const PartyId& to, const PartyId& from) {
    return "urgent/for/" + to.v + "/" + from.v;
}

/// New desks behind those that were called before.
void add_desks(std::vector<std::string>& to, const std::vector<std::string>& more) {
    for (const std::string& desk : more) {
        if (std::find(to.begin(), to.end(), desk) == to.end()) to.push_back(desk);
    }
}

static_assert(seal::urgent_desks_max == statement::desks_max);

Result<void> check_form(const seal::Urgent& urgent) {
    if (urgent.desks.empty()) return fail(Errc::malformed, "it calls no desk");
    return statement::check_desks(urgent.desks);
}

}  // namespace

Result<Urgents> Urgents::load(Of of) {
    Urgents out(std::move(of));
    TRY(row, out.of_.store->local(heard_name));
    if (!row || broken(Break::forget_heard_stop)) return out;
    auto rows = decode_urgent_rows(*row);
    if (!rows) return at(heard_name, rows.error());
    for (UrgentRow& one : *rows) {
        // Where it was believed when it came, and cannot be read now, a key is another one.
        auto read = out.of_.keys != nullptr ? out.read(one.box, one.came)
                                            : Result<TakenUrgent>(fail(Errc::refused, "no keys"));
        if (!read) {
            out.closed_.push_back(std::move(one));
            continue;
        }
        read->stop.desks = std::move(one.desks);
        out.heard_.push_back(std::move(read->stop));
        out.boxes_.push_back(std::move(one.box));
    }
    out.tell_exchange();
    return out;
}

Result<PublicKey> Urgents::duty_of(const PartyId& party) const {
    const statement::CharterParty* card = of_.node->charter().party(party);
    if (card == nullptr || party == of_.exchange->self()) {
        return fail(Errc::refused, "'" + party.v + "' is no other party of this charter");
    }
    return PublicKey::from(card->duty);
}

Result<Bytes> Urgents::make(const Calling& calling, const std::vector<std::string>& desks,
                            Instant now) const {
    if (of_.keys == nullptr || !of_.keys->duty) {
        return fail(Errc::refused,
                    "the duty key is not here (DIR/keys/duty): what is urgent is "
                    "signed with it");
    }
    const statement::CharterParty* to = of_.node->charter().party(calling.to);
    if (to == nullptr) {
        return fail(Errc::refused, "'" + calling.to.v + "' is not in the charter any more");
    }
    TRY(sealing, SealingKey::from(to->sealing));
    const Origin& origin = of_.node->log().origin();
    seal::Urgent urgent;
    TRYV(of_.store->scan(
        origin, calling.entry, {calling.entry.v + 1}, [&](StoredEntry&& row) -> Result<void> {
            TRY(opened,
                of_.vault->open(tlog::leaf_hash(row.entry), row.wrapped_keys, row.ciphertexts));
            urgent.entry = std::move(row.entry);
            urgent.bodies = std::move(opened.bodies);
            return {};
        }));
    // As of an exact release: that body opens the coarse one.
    urgent.bodies[bit(statement::Slot::coarse)].reset();
    urgent.charter = of_.node->charter().id;
    urgent.origin = origin;
    urgent.author = of_.exchange->self();
    urgent.recipient = calling.to;
    urgent.sent = now;
    urgent.desks = desks;
    return seal::seal_urgent(urgent, *of_.keys->duty, sealing, of_.random);
}

Result<TakenUrgent> Urgents::read(BytesView box, Instant came) const {
    TRY(opened, seal::open_urgent(box, of_.keys->sealing));
    const seal::Urgent& urgent = opened.urgent;
    const statement::Charter& charter = of_.node->charter();
    if (urgent.charter != charter.id || urgent.recipient != of_.exchange->self()) {
        return fail(Errc::refused, "it is for another charter or party");
    }
    TRY(duty, duty_of(urgent.author));
    TRYV(seal::verify_urgent(duty, opened));
    TRYV(check_form(urgent));
    // Also one that is not known here yet: its party goes on in it, and its duty key says so.
    const std::string base = charter.base_name(urgent.author);
    if (urgent.origin.v != base && !urgent.origin.v.starts_with(base + "/")) {
        return fail(Errc::refused, "'" + urgent.origin.v + "' is no log of " + urgent.author.v);
    }
    TRY(entry, statement::decode_entry(urgent.entry));
    const auto* sealed = std::get_if<statement::SealedEntry>(&entry);
    if (sealed == nullptr) return fail(Errc::malformed, "an open entry is not urgent");
    const Hash leaf = tlog::leaf_hash(urgent.entry);
    const auto understood =
        registry::understand({urgent.origin, urgent.charter}, {{}, leaf}, *sealed, urgent.bodies);
    const bool stops = understood.head && understood.content &&
                       understood.content->protection.stop &&
                       understood.head->kind == statement::stop_kind && understood.head->protects;
    if (!stops || understood.content->protection.stop->to != of_.exchange->self()) {
        return fail(Errc::refused, "it is no STOP to this party that can be read whole here");
    }
    TakenUrgent out;
    const auto& desks = understood.content->protection.stop->desks;
    for (const std::string& desk : urgent.desks) {
        if (std::find(desks.begin(), desks.end(), desk) == desks.end()) {
            return fail(Errc::refused, "it calls a desk that the STOP does not name");
        }
    }
    out.stop = {urgent.author,
                understood.head->keys.record,
                leaf,
                urgent.sent,
                came,
                urgent.desks,
                understood.head->actor,
                understood.content->protection};
    out.called = urgent.desks;
    out.known = shown(&out.stop.record, out.stop.from, leaf);
    out.reply_due = !replied(out.stop);
    return out;
}

/// Whether a log of this party has it here, open; `record` where that is known.
bool Urgents::shown(const RecordId* record, const PartyId& from, const Hash& leaf) const {
    const registry::Snapshot& register_now = of_.node->snapshot();
    const auto has = [&](registry::Slot slot) {
        const registry::Record& one = register_now.at(slot);
        if (register_now.log(one.log).party != from) return false;
        return std::any_of(one.versions.begin(), one.versions.end(), [&](const auto& version) {
            return version.position.leaf == leaf && version.content != nullptr;
        });
    };
    if (record != nullptr) {
        const auto slot = register_now.find(*record);
        return slot && has(*slot);
    }
    for (registry::Slot slot = 0; slot < register_now.size(); ++slot) {
        if (has(slot)) return true;
    }
    return false;
}

bool Urgents::replied(const HeardStop& stop) const {
    const registry::Snapshot& register_now = of_.node->snapshot();
    for (const view::SeenReply& reply :
         view::replies_to(register_now, stop.record, {&stop.leaf, 1})) {
        if (reply.party == of_.exchange->self() && reply.newest) return true;
    }
    return false;
}

Result<TakenUrgent> Urgents::take(BytesView box, Instant now) {
    TRY(taken, read(box, now));
    if (taken.known) return taken;
    const auto here = std::find_if(heard_.begin(), heard_.end(), [&](const HeardStop& one) {
        return one.leaf == taken.stop.leaf;
    });
    taken.first = here == heard_.end();
    const auto before = heard_;
    if (taken.first) {
        if (unlogged()[taken.stop.from] >= heard_max) {
            more_.insert(taken.stop.from);  // answers say that there is more than is known here
            tell_exchange();
            return fail(Errc::too_large, taken.stop.from.v + " has sent " +
                                             std::to_string(heard_max) +
                                             " urgent statements that its log does not show");
        }
        heard_.push_back(taken.stop);
        boxes_.emplace_back(box);
    } else {
        const std::size_t known = here->desks.size();
        add_desks(here->desks, taken.stop.desks);
        taken.stop = *here;
        if (here->desks.size() == known) return taken;
    }
    auto stored = store_heard();
    if (!stored) {
        heard_ = before;
        boxes_.resize(heard_.size());
        return tl::unexpected(std::move(stored).error());
    }
    tell_exchange();
    return taken;
}

Result<void> Urgents::store_heard() {
    std::vector<UrgentRow> rows = closed_;
    for (std::size_t i = 0; i < heard_.size(); ++i) {
        const HeardStop& one = heard_[i];
        rows.push_back({one.from.v, Bytes(one.leaf.view()), one.came, one.desks, boxes_[i]});
    }
    Additions additions;
    additions.local.emplace_back(heard_name, encode_urgent_rows(rows));
    return of_.store->add(additions);
}

void Urgents::tell_exchange() const {
    std::map<PartyId, check::Unlogged> all;
    for (const HeardStop& one : heard_) all[one.from].stops.push_back(one.said.where);
    for (const UrgentRow& one : closed_) {
        if (const auto party = PartyId::parse(one.from)) ++all[*party].unread;
    }
    for (const PartyId& party : more_) ++all[party].unread;
    of_.exchange->note_unlogged(std::move(all));
}

Result<void> Urgents::settle() {
    const auto heard = heard_;
    const auto boxes = boxes_;
    const auto closed = closed_;
    std::erase_if(closed_, [&](const UrgentRow& one) {
        const auto from = PartyId::parse(one.from);
        return from && one.of.size() == sizeof(Hash::bytes) &&
               shown(nullptr, *from, Hash::from(one.of));
    });
    for (std::size_t i = heard_.size(); i-- > 0;) {
        const bool here = shown(&heard_[i].record, heard_[i].from, heard_[i].leaf);
        if (!here && !broken(Break::let_go_of_heard_stop)) continue;
        heard_.erase(heard_.begin() + static_cast<std::ptrdiff_t>(i));
        boxes_.erase(boxes_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (heard_.size() == heard.size() && closed_.size() == closed.size()) return {};
    if (auto stored = store_heard(); !stored) {
        // A start would hear them once more, and people would be told of them again.
        heard_ = heard;
        boxes_ = boxes;
        closed_ = closed;
        return stored;
    }
    const auto left = unlogged();
    std::erase_if(more_, [&](const PartyId& party) { return !left.contains(party); });
    tell_exchange();
    return {};
}

std::map<PartyId, std::size_t> Urgents::unlogged() const {
    std::map<PartyId, std::size_t> out;
    for (const HeardStop& one : heard_) ++out[one.from];
    for (const UrgentRow& one : closed_) {
        if (auto party = PartyId::parse(one.from)) ++out[*party];
    }
    return out;
}

Result<bool> Urgents::keep(const PartyId& from, const PartyId& to, BytesView of, BytesView box,
                           Instant now) {
    if (of_.node->charter().party(to) == nullptr || from == to) {
        return fail(Errc::refused, "'" + to.v + "' is no third party of this charter");
    }
    if (box.empty() || box.size() > limits::urgent_bytes_max || of.size() > sizeof(Hash::bytes)) {
        return fail(Errc::too_large, "an urgent statement has at most urgent_bytes_max bytes");
    }
    Pace& pace = paces_[{from, to}];
    if (now < pace.since || pace.since + paced <= now) pace = {now, 0};
    if (pace.count == kept_max) {
        return fail(Errc::too_large, from.v + " leaves more than " + std::to_string(kept_max) +
                                         " urgent statements for " + to.v + " in " +
                                         std::to_string(paced.count() / 1000) + " s");
    }
    ++pace.count;
    TRY(row, of_.store->local(kept_name(to, from)));
    std::vector<UrgentRow> rows;
    if (row) {
        TRY(read, decode_urgent_rows(*row));
        rows = std::move(read);
    }
    const auto same = [&](const UrgentRow& one) { return one.of == of; };
    for (const UrgentRow& one : rows) {
        if (same(one) && one.box == box) return false;
    }
    std::erase_if(rows,
                  [&](const UrgentRow& one) { return one.came + kept_for <= now || same(one); });
    if (rows.size() >= kept_max) {
        return fail(Errc::too_large, std::to_string(kept_max) + " urgent statements of " + from.v +
                                         " are kept for " + to.v + " already");
    }
    rows.push_back({from.v, Bytes(of), now, {}, Bytes(box)});
    Additions additions;
    additions.local.emplace_back(kept_name(to, from), encode_urgent_rows(rows));
    TRYV(of_.store->add(additions));
    return true;
}

/// The smallest first, so that nobody's large ones keep a STOP from coming.
Result<Bytes> Urgents::kept(const PartyId& to, Instant now) {
    std::vector<UrgentRow> rows;
    Additions left;
    for (const statement::CharterParty& party : of_.node->charter().parties) {
        const std::string name = kept_name(to, party.id);
        TRY(row, of_.store->local(name));
        auto some = row ? decode_urgent_rows(*row) : std::vector<UrgentRow>();
        if (!some) continue;  // of this one bringer
        // A day later than it is left out: a clock that jumps ahead and back ends none.
        const auto is_old = [&](const UrgentRow& one) { return one.came + 2 * kept_for <= now; };
        if (std::erase_if(*some, is_old) > 0)
            left.local.emplace_back(name, encode_urgent_rows(*some));
        for (const UrgentRow& one : *some) {
            if (one.came + kept_for > now) rows.push_back(one);
        }
    }
    // What waits is given also where what is over cannot be let go of: that is due again.
    if (!left.local.empty()) (void)of_.store->add(left);
    std::stable_sort(rows.begin(), rows.end(), [](const UrgentRow& a, const UrgentRow& b) {
        return a.box.size() < b.box.size();
    });
    std::vector<BytesView> boxes;
    std::size_t bytes = 0;
    for (const UrgentRow& one : rows) {
        bytes += one.box.size();
        if (!boxes.empty() && bytes > kept_bytes_max) break;
        boxes.push_back(one.box);
    }
    return join_urgent_boxes(boxes);
}

}  // namespace entente::node

// SPDX-License-Identifier: Apache-2.0
#include "node/urgent.h"

#include <algorithm>

#include "base/limits.h"
#include "registry/understand.h"
#include "statement/line.h"
#include "tlog/merkle.h"

namespace entente::node {
namespace {

constexpr std::size_t bit(statement::Slot slot) { return static_cast<std::size_t>(slot); }

std::string kept_name(const PartyId& to) { return "urgent/for/" + to.v; }

void put(Bytes& out, BytesView part) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += static_cast<char>(part.size() >> shift & 255);
    }
    out += part;
}

Result<BytesView> take_front(BytesView& rest) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 4 && i < rest.size(); ++i) {
        size = size << 8 | static_cast<unsigned char>(rest[i]);
    }
    if (rest.size() < 4 || rest.size() - 4 < size || size > limits::urgent_bytes_max) {
        return fail(Errc::malformed, "a row of urgent statements is cut short");
    }
    const BytesView out = rest.substr(4, size);
    rest.remove_prefix(4 + size);
    return out;
}

/// New desks behind those that were called before.
void add_desks(std::vector<std::string>& to, const std::vector<std::string>& more) {
    for (const std::string& desk : more) {
        if (std::find(to.begin(), to.end(), desk) == to.end()) to.push_back(desk);
    }
}

Result<void> check_form(const seal::Urgent& urgent) {
    if (urgent.desks.empty()) return fail(Errc::malformed, "it calls no desk");
    return statement::check_desks(urgent.desks);
}

}  // namespace

Bytes Urgents::encode(const std::vector<Row>& rows) {
    Bytes out;
    for (const Row& one : rows) {
        put(out, one.from);
        put(out, std::to_string(millis(one.came)));
        put(out, one.box);
    }
    return out;
}

Result<std::vector<Urgents::Row>> Urgents::decode(BytesView rest) {
    std::vector<Row> out;
    while (!rest.empty()) {
        TRY(from, take_front(rest));
        TRY(came, take_front(rest));
        TRY(box, take_front(rest));
        std::int64_t ms = 0;
        for (const char c : came) {
            if (c < '0' || c > '9' || came.size() > 15) return fail(Errc::malformed, "no time");
            ms = ms * 10 + (c - '0');
        }
        out.push_back({std::string(from), instant(ms), Bytes(box)});
    }
    return out;
}

Result<Urgents> Urgents::load(Of of, Instant now) {
    Urgents out(std::move(of));
    TRY(row, out.of_.store->local(heard_name));
    if (!row) return out;
    auto rows = decode(*row);
    if (!rows) return at(heard_name, rows.error());
    for (Row& one : *rows) {
        if (one.came + kept_for <= now) continue;
        // It was good when it came, whatever the time is by now.
        auto read = out.of_.keys != nullptr ? out.read(one.box, one.came, one.came)
                                            : Result<TakenUrgent>(fail(Errc::refused, "no keys"));
        if (!read) {
            out.closed_.push_back(std::move(one));
            continue;
        }
        if (read->known) continue;
        out.heard_.push_back(std::move(read->stop));
        out.boxes_.push_back(std::move(one.box));
    }
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

Result<TakenUrgent> Urgents::read(BytesView box, Instant came, Instant now) const {
    TRY(opened, seal::open_urgent(box, of_.keys->sealing));
    const seal::Urgent& urgent = opened.urgent;
    const statement::Charter& charter = of_.node->charter();
    if (urgent.charter != charter.id || urgent.recipient != of_.exchange->self()) {
        return fail(Errc::refused, "it is for another charter or party");
    }
    TRY(duty, duty_of(urgent.author));
    TRYV(seal::verify_urgent(duty, opened));
    TRYV(check_form(urgent));
    const Duration skew = charter.terms.beat_every * 2;
    if (urgent.sent > now + skew || urgent.sent + kept_for < now) {
        return fail(Errc::refused, "it was sent at " + format_rfc3339(urgent.sent) +
                                       ", and it is " + format_rfc3339(now) +
                                       " here: one of the clocks is wrong, or it is old");
    }
    const mirror::Mirror* log = of_.exchange->copy_of(urgent.origin);
    const Peer* peer = of_.exchange->peer(urgent.author);
    if (log == nullptr || peer == nullptr || peer->origin != urgent.origin) {
        return fail(Errc::refused, "'" + urgent.origin.v + "' is not the log of " +
                                       urgent.author.v + " that is known here");
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
    out.stop = {urgent.author,
                understood.head->keys.record,
                leaf,
                urgent.sent,
                came,
                urgent.desks,
                understood.head->actor,
                understood.content->protection};
    out.called = urgent.desks;
    out.known = shown(out.stop);
    out.reply_due = !replied(out.stop);
    return out;
}

bool Urgents::shown(const HeardStop& stop) const {
    const registry::Snapshot& register_now = of_.node->snapshot();
    const auto slot = register_now.find(stop.record);
    if (!slot) return false;
    const auto& versions = register_now.at(*slot).versions;
    return std::any_of(versions.begin(), versions.end(), [&](const registry::Version& one) {
        return one.position.leaf == stop.leaf && one.content != nullptr;
    });
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
    TRY(taken, read(box, now, now));
    if (taken.known) return taken;
    const auto here = std::find_if(heard_.begin(), heard_.end(), [&](const HeardStop& one) {
        return one.leaf == taken.stop.leaf;
    });
    taken.first = here == heard_.end();
    const auto before = heard_;
    const auto boxes_before = boxes_;
    if (taken.first) {
        if (unlogged()[taken.stop.from] >= heard_max) {
            return fail(Errc::too_large, taken.stop.from.v + " has sent " +
                                             std::to_string(heard_max) +
                                             " urgent statements that its log does not show");
        }
        heard_.push_back(taken.stop);
        boxes_.emplace_back(box);
    } else {
        add_desks(here->desks, taken.stop.desks);
        taken.stop = *here;
        boxes_[static_cast<std::size_t>(here - heard_.begin())] = Bytes(box);
    }
    auto stored = store_heard();
    if (stored) return taken;
    heard_ = before;
    boxes_ = boxes_before;
    return tl::unexpected(std::move(stored).error());
}

Result<void> Urgents::store_heard() const {
    std::vector<Row> rows = closed_;
    for (std::size_t i = 0; i < heard_.size(); ++i) {
        rows.push_back({heard_[i].from.v, heard_[i].came, boxes_[i]});
    }
    Additions additions;
    additions.local.emplace_back(heard_name, encode(rows));
    return of_.store->add(additions);
}

Result<void> Urgents::settle(Instant now) {
    const std::size_t before = heard_.size() + closed_.size();
    std::erase_if(closed_, [&](const Row& one) { return one.came + kept_for <= now; });
    for (std::size_t i = heard_.size(); i-- > 0;) {
        if (!shown(heard_[i]) && heard_[i].came + kept_for > now) continue;
        heard_.erase(heard_.begin() + static_cast<std::ptrdiff_t>(i));
        boxes_.erase(boxes_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (heard_.size() + closed_.size() == before) return {};
    return store_heard();
}

std::map<PartyId, std::size_t> Urgents::unlogged() const {
    std::map<PartyId, std::size_t> out;
    for (const HeardStop& one : heard_) ++out[one.from];
    for (const Row& one : closed_) {
        if (auto party = PartyId::parse(one.from)) ++out[*party];
    }
    return out;
}

Result<void> Urgents::keep(const PartyId& from, const PartyId& to, BytesView box, Instant now) {
    if (of_.node->charter().party(to) == nullptr) {
        return fail(Errc::refused, "'" + to.v + "' is no party of this charter");
    }
    if (box.empty() || box.size() > limits::urgent_bytes_max) {
        return fail(Errc::too_large, "an urgent statement has at most urgent_bytes_max bytes");
    }
    TRY(row, of_.store->local(kept_name(to)));
    std::vector<Row> rows;
    if (row) {
        if (auto read = decode(*row)) rows = std::move(*read);
    }
    std::erase_if(rows, [&](const Row& one) { return one.came + kept_for <= now; });
    const auto same = [&](const Row& one) { return one.box == box; };
    if (std::any_of(rows.begin(), rows.end(), same)) return {};
    const auto of_from =
        std::count_if(rows.begin(), rows.end(), [&](const Row& one) { return one.from == from.v; });
    if (static_cast<std::size_t>(of_from) >= kept_max) {
        return fail(Errc::too_large, std::to_string(kept_max) + " urgent statements of " + from.v +
                                         " are kept for " + to.v + " already");
    }
    rows.push_back({from.v, now, Bytes(box)});
    Additions additions;
    additions.local.emplace_back(kept_name(to), encode(rows));
    return of_.store->add(additions);
}

Result<Bytes> Urgents::kept(const PartyId& to, Instant now) const {
    TRY(row, of_.store->local(kept_name(to)));
    Bytes out;
    if (!row) return out;
    TRY(rows, decode(*row));
    for (const Row& one : rows) {
        if (one.came + kept_for > now) put(out, one.box);
    }
    return out;
}

Result<std::vector<Bytes>> urgent_boxes(BytesView kept) {
    std::vector<Bytes> out;
    while (!kept.empty()) {
        TRY(box, take_front(kept));
        out.emplace_back(box);
    }
    return out;
}

}  // namespace entente::node

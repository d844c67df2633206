// SPDX-License-Identifier: Apache-2.0
// Receipts that persons give of what other parties said.
#include <set>

#include "geo/distance.h"
#include "node/exchange_state.h"
#include "node/ladder.h"

namespace entente::node {
namespace {

using statement::Rung;

bool is_persons(Rung rung) {
    return rung == Rung::loaded || rung == Rung::passed || rung == Rung::confirmed ||
           rung == Rung::refused;
}

Result<void> check_wish(const Acknowledgement& given) {
    if (!is_persons(given.rung)) {
        return fail(Errc::refused, std::string("'") + statement::name(given.rung) +
                                       "' is the node's own to say; persons say loaded, passed, "
                                       "confirmed or refused");
    }
    if (given.records.empty() == !given.all_of) {
        return fail(Errc::malformed, "records, or the party all of whose releases are meant");
    }
    if (!given.all_of && !given.except.empty()) {
        return fail(Errc::malformed, "exceptions are of all that a party released");
    }
    const bool loaded = given.rung == Rung::loaded;
    if (loaded && (given.all_of || given.coordinates.size() != given.records.size())) {
        return fail(Errc::refused,
                    "'loaded' needs, for each record, the coordinates that came back from the "
                    "system it was loaded into");
    }
    if (!loaded && !given.coordinates.empty()) {
        return fail(Errc::malformed, "coordinates are of what was loaded");
    }
    if (!given.versions.empty() && given.versions.size() != given.records.size()) {
        return fail(Errc::malformed, "a version for each record, or for none");
    }
    return {};
}

}  // namespace

/// The newest version of another party's record that is open here.
Result<Exchange::Theirs> Exchange::theirs(const RecordId& id) const {
    const auto slot = node_.snapshot().find(id);
    if (!slot) return fail(Errc::not_found, "no such record in what you may see");
    const registry::Record& record = node_.snapshot().at(*slot);
    const Peer* from = nullptr;
    for (const Peer* peer : logs_) {
        if (peer->log == record.log && peer->id != self_) from = peer;
    }
    if (from == nullptr) {
        return fail(Errc::refused, id.text() +
                                       " is no other party's record: its author gives "
                                       "receipts of it to nobody");
    }
    return Theirs{from, record.newest().position};
}

Result<statement::ReadBack> Exchange::reading_of(const Theirs& of, const RecordId& id) const {
    std::optional<statement::ReadBack> reading;
    TRYV(store_.scan(
        of.from->origin, of.at.index, {of.at.index.v + 1}, [&](StoredEntry&& row) -> Result<void> {
            TRY(read, read_entry({of.from->origin, node_.charter().id}, of.from->log, row));
            const auto* said = std::get_if<registry::Understood>(&read.arrived.entry);
            if (said == nullptr) return {};
            const seal::Release release{of.at.index, of.at.leaf, {}, {}};
            reading = due_of(release, *said, read.exact).read_back;
            return {};
        }));
    if (reading) return *reading;
    return fail(Errc::refused, "nothing exact of " + id.text() +
                                   " is here, so no coordinates of it can be compared");
}

Result<registry::Position> Exchange::newest_of(const RecordId& id) const {
    TRY(one, theirs(id));
    return one.at;
}

/// The party all of whose releases are meant, which go into the receipt.
Result<const Peer*> Exchange::all_of(const Acknowledgement& given,
                                     statement::Receipt& receipt) const {
    const Peer* const to = peer(*given.all_of);
    if (to == nullptr) {
        return fail(Errc::not_found,
                    "no other party '" + given.all_of->v + "' in charter " + node_.charter().id);
    }
    receipt.list = statement::LogHead{to->received.size(), to->received.root()};
    std::set<EntryIndex> except;
    for (const RecordId& id : given.except) {
        TRY(one, theirs(id));
        if (one.from->id != to->id) {
            return fail(Errc::refused, id.text() + " is not of " + to->id.v);
        }
        if (one.from != to) continue;  // of a log before: it is in no list any more
        except.insert(one.at.index);
    }
    receipt.exceptions.assign(except.begin(), except.end());
    return to;
}

Result<statement::Receipt> Exchange::receipt_of(const Acknowledgement& given,
                                                Acknowledged& out) const {
    TRYV(check_wish(given));
    statement::Receipt receipt;
    receipt.rung = given.rung;
    receipt.unit = given.unit;
    receipt.voice = given.voice;
    receipt.reason = given.reason;
    const Peer* to = nullptr;
    if (given.all_of) {
        TRY(party, all_of(given, receipt));
        to = party;
    }
    for (std::size_t i = 0; i < given.records.size(); ++i) {
        const RecordId& id = given.records[i];
        TRY(one, theirs(id));
        if (to != nullptr && one.from->id != to->id) {
            return fail(Errc::refused, "a receipt is to one party: " + id.text() + " is of " +
                                           one.from->id.v + ", not of " + to->id.v);
        }
        if (!given.versions.empty() && given.versions[i] != one.at.leaf) {
            return fail(Errc::stale, "record " + id.text() + " of " + one.from->id.v +
                                         " was changed since: what is meant is not its newest "
                                         "version any more, and nothing was said");
        }
        to = one.from;
        receipt.entries.push_back(one.at.leaf);
        if (given.rung != Rung::loaded) continue;
        TRY(reading, reading_of(one, id));
        const Metres apart = geo::geodesic(reading.at, given.coordinates[i]);
        reading.at = given.coordinates[i];
        name_place(places_, reading);
        receipt.read_back.push_back(std::move(reading));
        out.loaded.push_back({id, apart, apart > loaded_apart_max});
    }
    receipt.to = out.to = to->id;
    out.statements = receipt.entries.size();
    return receipt;
}

Result<Acknowledged> Exchange::acknowledge(const Acknowledgement& given, const std::string& actor,
                                           Instant now) {
    TRY(all, acknowledge_all({&given, 1}, actor, now));
    return std::move(all.front());
}

Result<std::vector<Acknowledged>> Exchange::acknowledge_all(std::span<const Acknowledgement> given,
                                                            const std::string& actor, Instant now) {
    std::vector<Acknowledged> out(given.size());
    Batch batch;
    std::vector<Audience> audiences;
    for (std::size_t i = 0; i < given.size(); ++i) {
        TRY(receipt, receipt_of(given[i], out[i]));
        TRY(composed, compose_receipt(author(), std::move(receipt), actor, now, random_));
        batch.statements.push_back(std::move(composed));
        audiences.push_back({{out[i].to, Tier::exact}});
    }
    TRY(logged, log(std::move(batch), audiences, now));
    for (std::size_t i = 0; i < out.size(); ++i) out[i].entry.v = logged.first.v + i;
    return out;
}

}  // namespace entente::node

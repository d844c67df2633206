// SPDX-License-Identifier: Apache-2.0
#include "sim/checks.h"

#include <algorithm>

#include "tlog/merkle.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t heads_max = 4096;  // of one party by another

}  // namespace

geo::LatLng place_of(int site, std::int64_t north_dm) {
    return {static_cast<std::int32_t>(-400'000'000 + site % 300 * 2'000'000 + north_dm * 9),
            300'000'000 + site / 300 * 2'000'000};
}

node::Draft Checks::draft(const Book::Meaning& meaning) {
    node::Draft out;
    out.act = meaning.act;
    out.actor = "a.registrar";
    out.protection.protection_class = statement::ProtectionClass::clinic;
    out.protection.contact = meaning.contact;
    if (meaning.allows) {
        out.protection.texts[statement::automatic_reply_field] = statement::automatic_reply_coarse;
    }
    geo::Place place;
    place.volume.shape = geo::Circle{place_of(meaning.site, 0), {meaning.radius_dm}};
    if (meaning.kind == statement::presence_kind) {
        out.protection.protection_class = statement::ProtectionClass::group_area;
        out.protection.presence = statement::Presence{meaning.group, meaning.sponsor, {'C', '3'}};
        place.volume.window = {meaning.time, meaning.time + statement::presence_span_max};
    }
    out.protection.where = {place};
    return out;
}

void Checks::failed(const Seat& seat, const std::string& what) {
    world_.failed("at " + seat.party->id().v + ": " + what);
}

Origin Checks::origin_of(const Seat& seat) const {
    return world_.founders_.charter.origin(seat.party->id());
}

void Checks::after(Seat& seat) {
    if (!seat.honest) return;
    node::Exchange& exchange = seat.party->exchange();
    if (!seat.party->node().halted().empty()) return failed(seat, seat.party->node().halted());
    for (const auto& peer : exchange.peers()) {
        copy(seat, *peer);
        const auto liar = std::any_of(
            world_.seats_.begin(), world_.seats_.end(),
            [&](const Seat& one) { return one.party->id() == peer->id && !one.honest; });
        if (!liar && !peer->misdeeds.empty()) {
            const node::Misdeed& misdeed = peer->misdeeds.back();
            failed(seat, peer->id.v + " is accused: " + misdeed.code + ": " + misdeed.text);
        }
        if (!liar && peer->fork) failed(seat, peer->id.v + " is convicted of a fork");
        if (peer->misdeeds.size() > node::Peer::misdeeds_max) failed(seat, "misdeeds pile up");
    }
    boxes(seat);
    const auto heads = exchange.answer(PartyId{"nobody"}, "/peer/v1/heads");
    const std::size_t parties = world_.founders_.parties.size();
    if (!heads || heads->size() > heads_max * parties * parties) failed(seat, "heads pile up");
}

/// A log, as one of its keepers has it: down ones are looked at when they are up again.
bool Checks::in_some_branch(std::size_t founder, TreeSize size, const Hash& root, bool& all_up) {
    all_up = true;
    for (Seat& owner : world_.seats_) {
        if (owner.founder != founder) continue;
        if (!owner.party->running()) {
            all_up = false;
            continue;
        }
        const tlog::Log& log = owner.party->node().log();
        if (size <= log.size() && log.tree().root(size) == root) return true;
    }
    return false;
}

void Checks::copy(const Seat& seat, const node::Peer& peer) {
    const tlog::Tree& tree = peer.mirror.tree();
    for (std::size_t i = 0; i < world_.founders_.parties.size(); ++i) {
        if (world_.founders_.parties[i].id != peer.id) continue;
        bool all_up = true;
        if (!in_some_branch(i, tree.size(), tree.root(tree.size()), all_up) && all_up) {
            failed(seat, "its copy of " + peer.origin.v + " is no beginning of that log");
        }
    }
}

std::optional<node::StoredEntry> Checks::row(Seat& seat, const Origin& origin, EntryIndex entry) {
    std::optional<node::StoredEntry> out;
    (void)seat.party->store().scan(origin, entry, {entry.v + 1}, [&](node::StoredEntry&& row) {
        out = std::move(row);
        return Result<void>();
    });
    return out;
}

/// Whether its store holds what it was told could not be written, and has not read again: that
/// happens at the next contact, and nothing of it is acknowledged before.
bool Checks::behind_its_store(Seat& seat, const Seat& author) {
    const node::Peer* peer = seat.party->exchange().peer(author.party->id());
    const auto head = seat.party->store().head(peer->origin);
    bool behind = head && *head && (*head)->size > peer->mirror.size();
    (void)seat.party->store().scan_releases(peer->origin, seat.party->id(), peer->received.size().v,
                                            [&](node::StoredRelease&&) {
                                                behind = true;
                                                return Result<void>();
                                            });
    return behind;
}

/// Which bodies of the claim's entry lie open at this seat.
Bits Checks::opened(Seat& seat, const Claim& claim) {
    Seat& author = world_.seats_[claim.author];
    return behind_its_store(seat, author) ? Bits{0} : open_bits(seat, author, claim.entry);
}

/// Precondition: what its store holds it has read.
Bits Checks::open_bits(Seat& seat, Seat& author, EntryIndex entry) {
    const Origin origin = origin_of(author);
    const auto said = row(author, origin, entry), here = row(seat, origin, entry);
    if (!said || !here || said->entry != here->entry || here->wrapped_keys.empty()) return 0;
    const auto states =
        seat.party->vault().states(tlog::leaf_hash(here->entry), here->wrapped_keys);
    Bits out = 0;
    for (std::size_t i = 0; states && i < states->size(); ++i) {
        if ((*states)[i] == seal::SlotState::sealed) out = static_cast<Bits>(out | 1 << i);
    }
    return out;
}

/// What every mirror has said of this log, in its own store: also what nobody else has heard yet.
Cosigners Checks::cosigners(const Seat& author) {
    Cosigners out;
    const Origin origin = origin_of(author);
    for (Seat& seat : world_.seats_) {
        if (seat.founder == author.founder) continue;
        const std::string mirror = world_.founders_.charter.mirror_name(seat.party->id());
        (void)seat.party->store().scan_cosignatures(origin, [&](node::StoredCosignature&& row) {
            if (row.cosigner == mirror) out.add(seat.party->id(), row.size, row.time);
            return Result<void>();
        });
    }
    return out;
}

/// The earliest moment at which the claim may stop to protect; nothing while no moment is known.
std::optional<Instant> Checks::end_of(const Claim& claim) {
    if (claim.ended_by.empty()) return std::nullopt;
    const std::size_t others = world_.founders_.parties.size() - 1;
    const std::size_t k = 1 + 2 * others / 3;  // PROTOCOL 16
    const Cosigners seen = cosigners(world_.seats_[claim.author]);
    std::optional<Instant> end;
    for (const EntryIndex entry : claim.ended_by) {
        const auto final = seen.final_at(entry, k);
        if (!final) continue;
        const Instant acts = *final + world_.founders_.charter.terms.reduce_delay;
        if (!end || acts < *end) end = acts;
    }
    return end;
}

bool Checks::finds(Seat& seat, const Claim& claim, std::int64_t north_dm, Instant at) {
    return finds(seat, claim.record, {geo::Circle{place_of(claim.site, north_dm), {10}}, {}, {}},
                 at);
}

bool Checks::finds(Seat& seat, const RecordId& record, const geo::Volume4D& volume, Instant at) {
    const check::Answer answer = seat.party->ask({{volume}, {0}}, at);
    const auto is_it = [&](const check::Finding& one) { return one.id == record; };
    return std::any_of(answer.findings.begin(), answer.findings.end(), is_it) ||
           std::any_of(answer.objections.begin(), answer.objections.end(), is_it);
}

void Checks::ask() {
    const auto& claims = world_.book_.claims();
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (claims.empty() || !seat.party->running() || !seat.honest) return;
    const std::size_t newest = std::min<std::size_t>(claims.size(), 20);
    const Claim& claim = world_.chance(0.5) ? claims[world_.rng_.below(claims.size())]
                                            : claims[claims.size() - 1 - world_.rng_.below(newest)];
    Instant at = world_.clock(seat);
    if (const auto end = end_of(claim); end && world_.chance(0.5)) {
        at = *end - world_.between(1ms, 2min);  // the last moments are the ones that get lost
    } else if (world_.chance(0.5)) {
        at += world_.between(0ms, 3h);
    }
    protects(seat, claim, at);
}

void Checks::protects(Seat& seat, const Claim& claim, Instant at) {
    ++world_.out_.asked;
    const bool own = world_.number(seat) == claim.author;
    const Bits open = own ? Bits{7} : opened(seat, claim);
    if ((open & 6) == 0) return;
    const auto end = end_of(claim);
    if (end && at >= *end) return;
    const std::int64_t north = (open & 4) != 0 ? claim.radius_dm * 9 / 10 : 0;
    if (claim.objects ? objected(seat, claim, north, at) : finds(seat, claim, north, at)) return;
    failed(seat, world_.book_.records().at(claim.record).kind + " " + claim.record.text() + " of " +
                     world_.seats_[claim.author].party->id().v + ", entry " +
                     std::to_string(claim.entry.v) + ", does not protect at " + format_rfc3339(at) +
                     " and should until " + (end ? format_rfc3339(*end) : "it is ended"));
}

}  // namespace entente::sim

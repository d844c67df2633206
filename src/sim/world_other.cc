// SPDX-License-Identifier: Apache-2.0
// Other ways between the parties than asking each other: witnesses that are shown a head, and packs
// on sticks, which no partition stops, and which come days later, twice, or never. And who is told
// inside a party.
#include "node/exchange_state.h"
#include "node/pack.h"
#include "sim/checks.h"
#include "sim/world.h"
#include "tlog/witness_wire.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;

}  // namespace

/// Somebody shows its newest head to somebody else, and wants a witness's word for it at once.
void World::show_head() {
    if (healing_) return;
    after(15s * pace_, [this] { show_head(); });
    const std::size_t self = rng_.below(seats_.size()), other = rng_.below(seats_.size());
    Seat& seat = seats_[self];
    if (!linked(self, other) || !seat.party->running()) return;
    const tlog::Log& log = seat.party->node().log();
    const tlog::SignedCheckpoint& head = seat.party->node().head();
    const TreeSize old = seat.links[other].shown;
    const auto proof = old.v == 0 ? Result<tlog::Proof>(tlog::Proof())
                                  : log.tree().consistency_proof(old, head.checkpoint.size);
    if (!proof) return;  // it was told a size that it does not have: it was put back
    const Bytes request = tlog::format_add_checkpoint({old, *proof, head.checkpoint, head.note});
    carry(self, other,
          [=, this, shown = head.checkpoint] { witness(self, other, shown, request); });
}

void World::witness(std::size_t asker, std::size_t asked, const tlog::Checkpoint& head,
                    const Bytes& request) {
    Seat& seat = seats_[asked];
    mirror::WitnessAnswer out;
    guarded(seat, [&] { out = seat.party->exchange().add_checkpoint(request, clock(seat)); });
    if (!seat.party->running()) return;
    TreeSize known = head.size;
    if (out.status == 409) {
        known.v = node::parse_number(BytesView(out.body).substr(0, out.body.size() - 1)).value();
    } else if (out.status == 200) {
        const auto line = node::parse_line(out.body);
        const auto word = tlog::Cosignature::parse(line.value());
        words_.push_back({asked, head.origin, head.size, head.root, word.value().time});
    } else {
        return;
    }
    carry(asked, asker, [=, this] { seats_[asker].links[asked].shown = known; });
}

void World::send_stick() {
    if (healing_) return;
    after(between(30s, 4min) * pace_, [this] { send_stick(); });
    const std::size_t self = rng_.below(seats_.size()), other = rng_.below(seats_.size());
    Seat& seat = seats_[self];
    if (!linked(self, other) || !seat.party->running()) return;
    const auto packed = node::pack(seat.party->exchange(), seats_[other].party->id(), 1,
                                   chance(0.2), clock(seat), seat.party->rng().bytes());
    if (!packed) return failed(seat.party->id().v + " cannot pack: " + packed.error().detail);
    Bytes bytes = packed->bytes;
    if (!seat.honest && !fork_ && chance(0.3)) {
        bytes[rng_.below(bytes.size())] ^= static_cast<char>(1 << rng_.below(8));
        ++out_.lies;
    }
    for (std::uint64_t copies = rng_.below(3); copies > 0; --copies) {
        const Duration way = chance(0.8) ? between(10s, 10min) : between(1h, 24h * 3);
        after(way, [=, this] { take_stick(other, bytes); });
    }
}

void World::take_stick(std::size_t self, const Bytes& bytes) {
    Seat& seat = seats_[self];
    if (!seat.party->running()) return;
    // What is wrong with it is said and does no harm; what follows from that is looked at.
    guarded(seat, [&] { (void)node::unpack(seat.party->exchange(), bytes, clock(seat)); });
    ++out_.sticks;
    if (!seat.party->running()) return;
    Checks(*this).after(seat);
    tell(seat, {});
}

/// What a node does after each commit and whatever came: it tells people of what changed, and
/// replies to the activities that this concerns (net/desk_dealing.cc).
void World::tell(Seat& seat, std::vector<registry::Slot> changed) {
    for (bool replied = false; seat.party->running();) {
        for (const registry::Slot slot : seat.party->exchange().take_changed()) {
            changed.push_back(slot);
        }
        settle_urgents(seat);
        if (!seat.party->running()) return;
        make_notices(seat, changed);
        if (!seat.party->running()) return;
        note_concerned(seat, changed);
        // What the replies change is noted, and answered the next time.
        if (replied || !reply(seat)) return;
        replied = true;
        changed.clear();
    }
}

/// What fails is made later.
void World::make_notices(Seat& seat, const std::vector<registry::Slot>& changed) {
    Result<void> made;
    guarded(seat, [&] { made = seat.listener->make(&changed, clock(seat)); });
    seat.untold = !made;
    if (!made && made.error().code != Errc::unavailable) {
        failed(seat.party->id().v + " cannot make notices: " + made.error().detail);
    }
}

/// Somebody looks what there is, and acknowledges some of it.
void World::read_notices() {
    if (healing_) return;
    after(15s * pace_, [this] { read_notices(); });
    Seat& seat = seats_[rng_.below(seats_.size())];
    if (!seat.party->running()) return;
    Result<void> read;
    guarded(seat, [&] { read = seat.listener->read(rng_, false); });
    if (!read) failed(seat.party->id().v + " cannot read notices: " + read.error().detail);
    if (!seat.listener->wrong().empty()) {
        failed(seat.party->id().v + ": " + seat.listener->wrong());
    }
}

}  // namespace entente::sim

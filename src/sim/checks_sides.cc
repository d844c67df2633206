// SPDX-License-Identifier: Apache-2.0
// Presences beside the book (doc/protocol/sharing.md): whether one is a conflict or a caution, by
// what those positions mean that are here, and whether the parties are said to differ.
#include <algorithm>
#include <set>

#include "sim/checks.h"

namespace entente::sim {

using statement::Stand;

/// What the positions that lie open at one seat say of one group: parties, by their founders.
struct Checks::Sides {
    std::set<std::size_t> speak, protect, deny;
    bool known = false;
    bool unread = false;

    /// `behind_it`: its author, and who vouches for it.
    bool restrain(const std::vector<std::size_t>& behind_it) const {
        return !protect.empty() || !known || unread ||
               std::any_of(behind_it.begin(), behind_it.end(),
                           [&](std::size_t party) { return !speak.contains(party); });
    }
    bool differ() const {
        return std::any_of(protect.begin(), protect.end(),
                           [&](std::size_t one) { return deny.size() > deny.count(one); });
    }
};

/// Whether the copy of its author's log that this seat keeps has a version behind the newest one
/// that lies open there. Of who forks its log the book does not know which branch a copy is of.
bool Checks::later_withheld(const Seat& seat, const registry::Dealing& dealing, std::size_t author,
                            std::size_t newest) const {
    const auto& versions = world_.book_.records().at(dealing.id).versions;
    if (!world_.seats_[author].honest) return dealing.newer_withheld;
    const Origin& origin = seat.party->node().snapshot().log(dealing.log).origin;
    const mirror::Mirror* copy = seat.party->exchange().copy_of(origin);
    return copy != nullptr && newest < versions.size() && versions[newest].v < copy->size().v;
}

/// A word that protects goes on whatever is said later, for nothing that is final can end it yet.
Checks::Sides Checks::sides_of(const Seat& seat, const RecordId& group) const {
    const registry::Snapshot& snapshot = seat.party->node().snapshot();
    const auto& dealings = snapshot.dealings();
    Sides out;
    const auto named = dealings.find(group);
    out.known = named && dealings.at(*named).said() != nullptr;
    for (const auto& [id, said] : world_.book_.stands()) {
        const auto slot = said.group == group ? dealings.find(id) : std::nullopt;
        if (!slot) continue;
        const std::size_t party = world_.seats_[said.author].founder;
        std::uint32_t newest = 0;
        const auto& shown = dealings.at(*slot).versions;
        // Of which nothing is open nobody there knows on what it is.
        if (std::none_of(shown.begin(), shown.end(),
                         [](const auto& one) { return one.said != nullptr; })) {
            continue;
        }
        for (const registry::DealingVersion& one : shown) {
            const std::uint32_t number = number_of(said.versions, one.position.leaf);
            if (number == 0) continue;
            newest = std::max(newest, number);
            const StandVersion& meant = said.versions[number - 1];
            out.unread |= !meant.withdrawn && one.said == nullptr;
            if (!meant.withdrawn && one.said && meant.stand == Stand::is_protected) {
                out.protect.insert(party);
            }
        }
        out.unread |=
            newest != shown.size() || later_withheld(seat, dealings.at(*slot), said.author, newest);
        if (newest == 0 || said.versions[newest - 1].withdrawn) continue;
        // Nothing that a log says behind its fork relaxes (PROTOCOL 25).
        const auto& common = snapshot.log(dealings.at(*slot).log).forked;
        if (common && shown.back().position.index.v >= common->v) continue;
        out.speak.insert(party);
        if (said.versions[newest - 1].stand == Stand::not_protected) out.deny.insert(party);
    }
    return out;
}

/// Whether it is a presence that this seat has exactly, of a group on which parties differ there.
bool Checks::differs(const Seat& seat, const view::Seen& seen, const RecordId& record) const {
    const Told& told = world_.book_.records().at(record);
    if (!told.is(statement::presence_kind) || seen.presence() == nullptr) return false;
    return sides_of(seat, told.group).differ();
}

void Checks::presence(Seat& seat, const RecordId& record, const Told& told) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto slot = view.find(record);
    if (!slot) return;
    const view::Seen seen = view.at(*slot);
    const Instant now = world_.clock(seat);
    const statement::Presence* said = seen.presence();
    if (said == nullptr || now >= told.from + statement::presence_span_max) return;
    ++world_.out_.presences_asked;
    if (said->group != told.group || said->sponsor != told.sponsor) {
        return failed(seat, "presence " + record.text() + " is of another group than was meant");
    }
    const Sides sides = sides_of(seat, told.group);
    std::vector<std::size_t> behind_it = {world_.seats_[told.author].founder};
    if (told.sponsor) behind_it.push_back(world_.founder_of(*told.sponsor));
    const bool restrains = sides.restrain(behind_it);
    const auto wanted =
        restrains && !seen.over_budget() ? check::Verdict::conflict : check::Verdict::caution;
    for (const view::SeenPlace& place : seen.places(now)) {
        if (place.coarse || place.presence == nullptr) continue;
        const geo::Volume4D volume{place.reached->place.volume.shape, {}, {now, now + Duration(1)}};
        const check::Answer answer = seat.party->ask({{volume}, {0}}, now);
        const auto found =
            std::find_if(answer.findings.begin(), answer.findings.end(),
                         [&](const check::Finding& one) { return one.id == record; });
        if (found == answer.findings.end()) {
            return failed(seat, "presence " + record.text() + " is nothing where it is");
        }
        (wanted == check::Verdict::caution ? world_.out_.presence_cautions
                                           : world_.out_.presence_conflicts)++;
        world_.out_.presences_contested += sides.differ();
        if (found->weight != wanted || answer.verdict < wanted) {
            return failed(seat, "presence " + record.text() + " makes a " +
                                    check::name(found->weight) + ", and is a " +
                                    check::name(wanted));
        }
    }
}

void Checks::ask_presence() {
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (!seat.party->running() || !seat.honest) return;
    std::vector<RecordId> all;
    for (const auto& [record, told] : world_.book_.records()) {
        if (told.is(statement::presence_kind)) all.push_back(record);
    }
    if (all.empty()) return;
    const RecordId& record = all[world_.rng_.below(all.size())];
    presence(seat, record, world_.book_.records().at(record));
}

/// When all is quiet: everybody has what they were given of groups and positions, and what they
/// make of presences holds.
void Checks::sides(Seat& seat) {
    for (const auto& [record, one] : world_.book_.groups()) has_newest(seat, record, one.author, 1);
    for (const auto& [record, one] : world_.book_.stands()) {
        has_newest(seat, record, one.author, one.versions.size());
    }
    for (const auto& [record, told] : world_.book_.records()) {
        if (told.is(statement::presence_kind)) presence(seat, record, told);
    }
}

}  // namespace entente::sim

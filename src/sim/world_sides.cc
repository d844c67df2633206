// SPDX-License-Identifier: Apache-2.0
// Groups of a world, what the parties say of them, and where they are.
#include "node/compose_statement.h"
#include "sim/checks.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

}  // namespace

void World::say_of_groups(Seat& seat) {
    const auto group = group_seen(seat);
    const std::uint64_t what = rng_.below(12);
    if (!group || what == 0) return say_group(seat);
    if (what < 7) return take_position(seat, *group);
    say_presence(seat, *group);
}

/// One that this seat was told of; now and then any, of which it has only heard.
std::optional<RecordId> World::group_seen(const Seat& seat) {
    const auto& dealings = seat.party->node().snapshot().dealings();
    const bool any = chance(0.1);
    std::vector<RecordId> some;
    for (const auto& [id, said] : book_.groups()) {
        if (any || dealings.find(id)) some.push_back(id);
    }
    if (some.empty()) return std::nullopt;
    return some[rng_.below(some.size())];
}

void World::say_group(Seat& seat) {
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = statement::group_kind;
    meaning.audience = some_told(seat);
    statement::Group said;
    said.names = {{"EXERCISE " + std::to_string(rng_.below(1000)), "", ""}};
    said.contact = "liaison";
    Party& party = *seat.party;
    auto made = node::compose_statement(party.author(), {meaning.act, "a.liaison", said}, nullptr,
                                        clock(seat), party.rng().bytes());
    deal(seat, std::move(made), std::move(meaning));
}

/// Said, said otherwise, withdrawn. What is withdrawn is said anew.
void World::take_position(Seat& seat, const RecordId& group) {
    const RecordId* own = nullptr;
    for (const auto& [id, said] : book_.stands()) {
        const bool goes_on = said.author == number(seat) && !said.versions.back().withdrawn;
        if (goes_on && said.group == group) own = &id;
    }
    if (own != nullptr && chance(0.2)) own = nullptr;  // beside what it has said
    const registry::Dealing* dealing = own != nullptr ? own_dealing(seat, *own) : nullptr;
    constexpr statement::Stand stands[] = {
        statement::Stand::is_protected, statement::Stand::not_protected,
        statement::Stand::not_protected, statement::Stand::no_position};
    Book::Meaning meaning;
    meaning.kind = statement::position_kind;
    meaning.act = dealing == nullptr ? act_name::add
                  : chance(0.3)      ? act_name::withdraw
                                     : act_name::amend;
    meaning.group = group;
    meaning.stand = stands[rng_.below(4)];
    if (dealing == nullptr || chance(0.2)) meaning.audience = some_told(seat);
    statement::Position said;
    said.group = group;
    said.stand = meaning.stand;
    said.contact = "liaison";
    Party& party = *seat.party;
    auto made = node::compose_statement(party.author(), {meaning.act, "a.liaison", said}, dealing,
                                        clock(seat), party.rng().bytes());
    deal(seat, std::move(made), std::move(meaning));
}

/// As a place: larger, smaller, elsewhere, withdrawn; always of the same group and hours.
void World::say_presence(Seat& seat, const RecordId& group) {
    Book::Meaning meaning;
    meaning.kind = statement::presence_kind;
    const auto own = one_of(seat, statement::presence_kind);
    if (!own || chance(0.6)) {
        meaning.act = act_name::add;
        meaning.site = sites_++;
        meaning.radius_dm = static_cast<std::int64_t>(500 + rng_.below(4000));
        meaning.group = group;
        meaning.time = clock(seat) - 1h;
        const std::size_t by = rng_.below(2 * founders_.parties.size());
        if (by < founders_.parties.size()) meaning.sponsor = founders_.parties[by].id;
        meaning.audience = some_audience(seat);
        return say(seat, Checks::draft(meaning), nullptr, meaning);
    }
    const Told& told = book_.records().at(*own);
    meaning.act = act_name::amend;
    meaning.site = told.site;
    meaning.radius_dm = told.radius_dm;
    meaning.group = told.group;
    meaning.sponsor = told.sponsor;
    meaning.time = told.from;
    const std::uint64_t what = rng_.below(5);
    if (what == 0) meaning.radius_dm += 500;
    if (what == 1) meaning.radius_dm /= 2;
    if (what == 2) meaning.site = sites_++;
    if (what == 3) meaning.act = act_name::confirm_move;
    if (what == 4) meaning.act = act_name::withdraw;
    say(seat, Checks::draft(meaning), &*own, meaning);
}

}  // namespace entente::sim

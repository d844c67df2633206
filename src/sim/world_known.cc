// SPDX-License-Identifier: Apache-2.0
// What the parties of a world know: incidents near the places that they protect, reports of them
// that rest on agencies and on each other, and who is held responsible; said, corrected, withdrawn.
#include "node/compose_statement.h"
#include "sim/checks.h"
#include "sim/some.h"
#include "sim/world.h"

namespace entente::sim {
namespace {

using namespace std::chrono_literals;
namespace act_name = statement::act;

constexpr int recent_sites = 12;
constexpr std::uint64_t agencies = 4;

statement::Incident incident_of(const KnownVersion& known) {
    statement::Incident out;
    out.sort = "shelling";
    out.from = known.from;
    out.until = known.until;
    out.volumes = {Checks::incident_place(known.site)};
    out.sources = known.sources;
    out.contact = "desk";
    return out;
}

statement::Report report_of(const KnownVersion& known) {
    statement::Report out;
    out.topic = "EXERCISE";
    out.text = "EXERCISE";
    out.grade = statement::Grade{'C', '3'};
    out.about = known.about;
    out.sources = known.sources;
    out.contact = "desk";
    return out;
}

statement::Responsibility responsibility_of(const KnownVersion& known, Rng& rng) {
    statement::Responsibility out;
    out.of = known.about.front();
    out.stance = static_cast<statement::Stance>(rng.below(statement::stance_count));
    out.whom = statement::Actor{{}, {}, "EXERCISE"};
    out.contact = "desk";
    return out;
}

}  // namespace

void World::say_known(Seat& seat) {
    std::vector<RecordId> own = own_of(book_.known(), number(seat));
    std::erase_if(
        own, [&](const RecordId& id) { return book_.known().at(id).versions.back().withdrawn; });
    const std::uint64_t what = rng_.below(10);
    if (const RecordId* id = sim::one_of(own, rng_); id != nullptr && what < 3) {
        return go_on_knowing(seat, *id);
    }
    const bool any = known_seen(seat, statement::incident_kind).has_value();
    const std::string kind = !any || what < 5 ? statement::incident_kind
                             : what < 9       ? statement::report_kind
                                              : statement::responsibility_kind;
    Book::Meaning meaning;
    meaning.act = act_name::add;
    meaning.kind = kind;
    meaning.known = some_knowledge(seat, kind);
    meaning.audience = some_told(seat);
    say_known(seat, nullptr, std::move(meaning));
}

void World::go_on_knowing(Seat& seat, const RecordId& record) {
    const registry::Dealing* dealing = own_dealing(seat, record);
    if (dealing == nullptr) return;
    Book::Meaning meaning;
    meaning.kind = book_.known().at(record).kind;
    meaning.act = chance(0.4) ? act_name::withdraw : act_name::amend;
    meaning.known = some_knowledge(seat, meaning.kind);
    meaning.known->withdrawn = meaning.act == act_name::withdraw;
    if (meaning.kind == statement::responsibility_kind) {
        meaning.known->about = book_.known().at(record).versions.front().about;
    }
    if (chance(0.2)) meaning.audience = some_told(seat);
    say_known(seat, dealing, std::move(meaning));
}

void World::say_known(Seat& seat, const registry::Dealing* dealing, Book::Meaning meaning) {
    const KnownVersion& known = *meaning.known;
    Party& party = *seat.party;
    node::StatementDraft draft{meaning.act, "a.liaison"};
    if (meaning.kind == statement::incident_kind)
        draft.said = incident_of(known);
    else if (meaning.kind == statement::report_kind)
        draft.said = report_of(known);
    else
        draft.said = responsibility_of(known, rng_);
    auto made = node::compose_statement(party.author(), std::move(draft), dealing, clock(seat),
                                        party.rng().bytes());
    deal(seat, std::move(made), std::move(meaning));
}

/// One of these that it was told of; now and then one of which it has only heard.
std::optional<RecordId> World::known_seen(const Seat& seat, const std::string& kind) {
    const auto& dealings = seat.party->node().snapshot().dealings();
    const bool any = chance(0.1);
    std::vector<RecordId> some;
    for (const auto& [id, said] : book_.known()) {
        if ((kind.empty() || said.kind == kind) && (any || dealings.find(id))) some.push_back(id);
    }
    const RecordId* one = sim::one_of(some, rng_);
    return one == nullptr ? std::nullopt : std::optional(*one);
}

KnownVersion World::some_knowledge(const Seat& seat, const std::string& kind) {
    KnownVersion out;
    const auto sites = static_cast<std::uint64_t>(std::min(sites_, recent_sites));
    out.site = sites == 0 ? sites_++ : sites_ - 1 - static_cast<int>(rng_.below(sites));
    out.from = clock(seat) - between(1min, 2h);
    out.until = out.from + between(1min, 3h);
    if (kind != statement::incident_kind) {
        if (const auto of = known_seen(seat, statement::incident_kind)) out.about = {*of};
        if (out.about.empty() && kind == statement::responsibility_kind) {
            out.about = {book_.known().begin()->first};
        }
    }
    if (kind == statement::responsibility_kind) return out;
    const std::string agency = "agency " + std::to_string(rng_.below(agencies));
    if (chance(0.4)) out.sources.push_back({statement::SourceKind::media, agency, {}, {}});
    const auto of = chance(0.4) ? known_seen(seat, "") : std::nullopt;
    if (of) out.sources.push_back({statement::SourceKind::party, "", *of, {}});
    return out;
}

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// Incidents joined to a register, one at a time on one core: how long a new incident takes to be
// joined (node::near_scene, evidence::join with to whom each version was given), and its time line.
// The node holds reports, incidents and protections by the million; every protection was released
// to three parties, which acknowledged it. A hundredth of the joins is compared with a look at
// every record. Writes Markdown to standard output.
//
//     join_bench [REPORTS] [INCIDENTS] [PROTECTIONS] [JOINS]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/random.h"
#include "base/sha256.h"
#include "bench/times.h"
#include "bench/world.h"
#include "node/index_of.h"
#include "node/joining.h"
#include "sim/founders.h"
#include "store/memory_store.h"

namespace entente::bench {
namespace {

const Instant now = instant(1'800'000'000'000);
const Origin origin{"bench"};

/// A sealed entry of the own log, as far as the register looks at it.
registry::Understood said(std::uint64_t index, const char* kind) {
    registry::Understood out;
    const Hash secret = sha256("record " + std::to_string(index));
    out.position = {{index}, sha256("leaf " + std::to_string(index))};
    out.opened = 7;
    out.head.emplace();
    out.head->keys.record = statement::record_id(origin, secret);
    out.head->secret = secret;
    out.head->kind = kind;
    out.head->act = statement::act::add;
    out.head->time = now;
    return out;
}

registry::Understood dealt(std::uint64_t index, statement::Dealt what) {
    registry::Understood out = said(index, statement::kind_of(what));
    out.head->protects = false;
    out.dealt = std::make_shared<const statement::Dealt>(std::move(what));
    return out;
}

statement::Incident incident_at(const geo::Volume4D& plan, Rng& rng) {
    statement::Incident out;
    out.sort = "shelling";
    out.from = now + std::chrono::hours(rng.below(1000));
    out.until = *out.from + std::chrono::hours(1 + rng.below(24));
    geo::Place place;
    place.volume.shape = geo::Circle{std::get<geo::Circle>(plan.shape).center, {500}};
    out.volumes = {place};
    out.contact = "desk";
    return out;
}

registry::Understood protection_at(std::uint64_t index, const geo::Place& place) {
    registry::Understood out = said(index, statement::protection_kind);
    registry::Content content;
    content.protection.where = {place};
    content.protection.where.front().volume.window = {};
    out.content = std::make_shared<const registry::Content>(content);
    return out;
}

/// What three parties were given of every protection, and said of it one by one and by lists.
struct Lists {
    std::vector<node::HeardReceipt> heard;
    std::vector<node::ToldList> lists;
};

void tell(const registry::Snapshot& snapshot, Lists& out) {
    store::MemoryStore store;
    node::Additions additions;
    const std::vector<PartyId> parties{{"ru"}, {"un"}, {"us"}};
    for (const PartyId& party : parties) {
        for (registry::Slot slot = 0; slot < snapshot.size(); ++slot) {
            const registry::Position& at = snapshot.at(slot).newest().position;
            additions.releases.push_back(
                {origin, party, slot,
                 seal::format_release({at.index, at.leaf, seal::tier_exact, sha256("")})});
        }
        node::HeardReceipt all{party, {{1}, sha256(party.v)}, now, {}, "node"};
        all.receipt.list = statement::LogHead{{snapshot.size()}, sha256("root")};
        all.receipt.rung = statement::Rung::passed;
        out.heard.push_back(all);
        all.receipt.list.reset();
        all.receipt.rung = statement::Rung::read_back;
        for (registry::Slot slot = 0; slot < snapshot.size(); ++slot) {
            all.receipt.entries.push_back(snapshot.at(slot).newest().position.leaf);
            if (all.receipt.entries.size() < 1000 && slot + 1 < snapshot.size()) continue;
            out.heard.push_back(all);
            all.receipt.entries.clear();
        }
    }
    if (!store.add(additions)) throw std::runtime_error("the store refused the releases");
    for (const PartyId& party : parties) {
        out.lists.emplace_back(origin, party);
        if (!out.lists.back().read(store)) throw std::runtime_error("the list is not read");
        out.lists.back().hear(out.heard, [&](const auto& one) { return one.from == party; });
    }
}

/// Fills the register; the incidents that are asked for.
std::vector<RecordId> fill(registry::Registry& registry, std::size_t reports, std::size_t incidents,
                           std::size_t protections, std::size_t joins) {
    Rng rng(1);
    const World world = make_points({protections, incidents + joins, 1});
    std::uint64_t index = 0;
    for (std::size_t i = 0; i < world.size(); ++i) {
        registry.apply(protection_at(index++, place(world, i)));
    }
    std::vector<RecordId> asked;
    for (std::size_t i = 0; i < incidents + joins; ++i) {
        const auto one = dealt(index++, incident_at(world.plans[i], rng));
        if (i >= incidents) asked.push_back(one.head->keys.record);
        registry.apply(one);
    }
    for (std::size_t i = 0; i < reports; ++i) {
        statement::Report report;
        report.topic = "convoy";
        report.text = "twelve lorries";
        report.grade = statement::Grade{'C', '3'};
        report.contact = "desk";
        if (i % 4 == 0) report.about = {asked[rng.below(asked.size())]};
        registry.apply(dealt(index++, report));
    }
    registry.settle();
    return asked;
}

void run(std::size_t reports, std::size_t incidents, std::size_t protections, std::size_t joins) {
    const sim::Founders founders =
        sim::found({"fr", "ru", "un", "us"}, statement::default_joint_terms(), 1);
    registry::Registry registry(founders.charter, PartyId{"fr"});
    const std::vector<RecordId> asked = fill(registry, reports, incidents, protections, joins);
    const registry::Snapshot& snapshot = registry.snapshot();
    const view::View view(snapshot, {PartyId{"fr"}});
    const index::Index places = node::index_of(snapshot);
    index::Scratch scratch;
    Lists told;
    tell(snapshot, told);
    const auto nothing = [](const statement::ReadBack&, statement::Rung) {
        return std::optional<node::LoadedAt>();
    };
    const auto tell = [&](evidence::Join& join) {
        for (evidence::JoinRow& row : join.rows) {
            const registry::Record& record = snapshot.at(*snapshot.find(row.record));
            for (const node::ToldList& list : told.lists) {
                if (list.find(row.leaf) == nullptr) continue;
                evidence::Told one{list.recipient(), view::Tier::exact, {}};
                for (const auto& step : list.steps_for(record, record.newest(), nothing)) {
                    one.steps.push_back({step.rung, step.unit, step.actor, step.time, step.leaf});
                }
                row.told.push_back(std::move(one));
            }
        }
    };
    std::vector<view::Slot> all(snapshot.size());
    for (view::Slot slot = 0; slot < snapshot.size(); ++slot) all[slot] = slot;
    Times joined, lines;
    Times rows;  // numbers of rows, for the same figures
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto seen = *view.find_statement(asked[i]);
        const evidence::Join join = joined.time([&] {
            const auto near = node::near_scene(places, scratch, *evidence::scene_of(seen),
                                               node::join_within_default);
            evidence::Join out = evidence::join(view, seen, near, node::join_within_default);
            tell(out);
            return out;
        });
        rows.us.push_back(static_cast<double>(join.rows_total));
        (void)lines.time([&] { return evidence::time_line(view, seen, join); });
        if (i % 100 != 0 || i >= 1000) continue;
        evidence::Join other = evidence::join(view, seen, all, node::join_within_default);
        tell(other);
        if (other.rows != join.rows) {
            throw std::runtime_error("not what a look at every record gives");
        }
    }
    std::printf(
        "| %zu reports, %zu incidents, %zu protections, one core | count | p50 us | p99 us | "
        "p99.9 us | max us |\n|---|---:|---:|---:|---:|---:|\n",
        reports, incidents, protections);
    joined.row("a new incident joined");
    lines.row("its time line");
    rows.row("rows of a join (a number, no time)");
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
    const auto number = [&](int i, std::size_t otherwise) {
        return argc > i ? static_cast<std::size_t>(std::strtoull(argv[i], nullptr, 10)) : otherwise;
    };
    entente::bench::run(number(1, 1'000'000), number(2, 100'000), number(3, 1'000'000),
                        number(4, 2'000));
    return 0;
}

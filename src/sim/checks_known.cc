// SPDX-License-Identifier: Apache-2.0
// What the parties know beside the book (doc/protocol/sharing.md, join.md): nobody is shown what
// was not given to them; an incident is joined to every place that lies open there, and to nothing
// else; reports that rest on one source are one line; and who holds the same says the same of it.
#include <algorithm>
#include <set>

#include "node/index_of.h"
#include "node/joining.h"
#include "sim/checks.h"
#include "sim/in_words.h"
#include "view/lines_for_test.h"

namespace entente::sim {
namespace {

constexpr Bits some_place = 6;

}  // namespace

geo::Place Checks::incident_place(int site) {
    geo::Place out;
    out.volume.shape = geo::Circle{place_of(site, 0), {100}};
    return out;
}

void Checks::ask_known() {
    const auto& known = world_.book_.known();
    Seat& seat = world_.seats_[world_.rng_.below(world_.seats_.size())];
    if (known.empty() || !seat.party->running() || !seat.honest) return;
    const auto n = static_cast<std::ptrdiff_t>(world_.rng_.below(known.size()));
    const auto& [record, said] = *std::next(known.begin(), n);
    ++world_.out_.known_asked;
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    const auto seen = view.find_statement(record);
    // Of what was withdrawn before it was shown to anybody there is the head alone.
    if (seen && !shown(seat, record)) {
        return failed(seat,
                      "it shows what was not given to it: " + said.kind + " " + record.text());
    }
    if (!seen && said.author == world_.number(seat)) {
        return failed(seat, "it has lost its " + said.kind + " " + record.text());
    }
    if (!seen) return;  // on its way, or not for it
    for (const registry::DealingVersion& version : seen->dealing().versions) {
        if (number_of(said.versions, version.position.leaf) != version.number) {
            return failed(seat, "what is known in " + record.text() + " nobody said");
        }
    }
    const bool open = seen->shown() != nullptr;
    if (said.kind == statement::incident_kind && open) joined(seat, *seen, said);
}

/// Places of others are two tenths of a degree away.
void Checks::joined(Seat& seat, const view::SeenStatement& seen, const KnownSaid& said) {
    const auto scene = evidence::scene_of(seen);
    if (!scene) return failed(seat, "incident " + seen.id().text() + " has no place and no time");
    const registry::Snapshot& snapshot = seat.party->node().snapshot();
    const view::View view(snapshot, {seat.party->id()});
    const index::Index index = node::index_of(snapshot);
    index::Scratch scratch;
    const auto near = node::near_scene(index, scratch, *scene, Metres{500});
    const evidence::Join join = evidence::join(view, seen, near, Metres{500});
    const KnownVersion& meant = said.versions.at(scene->version - 1);
    std::set<std::pair<RecordId, EntryIndex>> rows;
    for (const evidence::JoinRow& row : join.rows) {
        if (row.touches) rows.emplace(row.record, row.index);
        if (!shown(seat, row.record) || !world_.book_.was_at(row.record, meant.site)) {
            return failed(seat, "incident " + seen.id().text() + " is joined to " +
                                    row.record.text() + ", which is not its to know or not there");
        }
    }
    for (const evidence::JoinLine& line : evidence::time_line(view, seen, join)) {
        if (line.record != seen.id() && !shown(seat, line.record)) {
            return failed(seat, "the time line of incident " + seen.id().text() + " tells of " +
                                    line.record.text());
        }
    }
    for (const Claim& claim : world_.book_.claims()) {
        if (claim.objects || claim.site != meant.site) continue;
        const bool own = claim.author == world_.number(seat);
        if (((own ? Bits{7} : opened(seat, claim)) & some_place) == 0) continue;
        ++world_.out_.joined;
        if (!rows.contains({claim.record, claim.entry})) {
            return failed(seat, "incident " + seen.id().text() + " is not joined to entry " +
                                    std::to_string(claim.entry.v) + " of " + claim.record.text());
        }
    }
}

/// Whether it was given anything of this record, which somebody said.
bool Checks::shown(const Seat& seat, const RecordId& record) const {
    const auto found = world_.book_.records().find(record);
    if (found == world_.book_.records().end()) return false;
    return found->second.author == world_.number(seat) ||
           found->second.given.contains(seat.party->id());
}

/// How many reports that lie open there speak of the incident, and in how many independent lines.
/// All that was given has arrived.
std::pair<std::size_t, std::size_t> Checks::lines_about(const Seat& seat,
                                                        const RecordId& incident) const {
    const auto& known = world_.book_.known();
    const auto newest = [&](const RecordId& id) -> const KnownVersion* {
        const auto found = known.find(id);
        if (found == known.end() || !holds(seat, id)) return nullptr;
        const auto& all = found->second.versions;
        const auto last = std::find_if(all.rbegin(), all.rend(),
                                       [](const KnownVersion& one) { return !one.withdrawn; });
        return &*last;
    };
    std::set<RecordId> counted;
    for (const auto& [id, said] : known) {
        const KnownVersion* version = newest(id);
        const bool over = said.versions.back().withdrawn;
        if (said.kind != statement::report_kind || version == nullptr || over) continue;
        const auto rests = [&](const statement::Source& one) { return one.of == incident; };
        if (std::count(version->about.begin(), version->about.end(), incident) == 0 &&
            std::none_of(version->sources.begin(), version->sources.end(), rests)) {
            continue;
        }
        counted.insert(id);
    }
    view::test::BruteLines lines([&](const RecordId& id) {
        std::vector<view::test::Named> out;
        const KnownVersion* version = newest(id);
        if (version == nullptr) return out;
        for (const statement::Source& one : version->sources) {
            const std::string name = one.of ? one.of->text() : "source " + one.line;
            out.push_back({name, one.of});
        }
        const auto& author = world_.seats_[known.at(id).author].party->id();
        if (out.empty()) out.push_back({"author " + author.v});
        return out;
    });
    return {counted.size(), lines.count(counted)};
}

/// When all is quiet: everybody has the newest version of what they were given, and counts it
/// right.
void Checks::known(Seat& seat) {
    const view::View view(seat.party->node().snapshot(), {seat.party->id()});
    for (const auto& [record, said] : world_.book_.known()) {
        if (!has_newest(seat, record, said.author, said.versions.size())) continue;
        if (said.kind != statement::incident_kind) continue;
        const auto seen = view.find_statement(record);
        joined(seat, *seen, said);
        if (!world_.honest_all()) continue;  // a liar may keep a report to itself
        const view::Corroboration is = view.corroboration(record);
        const auto [reports, lines] = lines_about(seat, record);
        ++world_.out_.corroborations;
        world_.out_.lines_joined += reports - lines;
        if (is.reports != reports || is.lines.size() != lines) {
            return failed(seat, "incident " + record.text() + " has " +
                                    std::to_string(is.lines.size()) + " lines of " +
                                    std::to_string(is.reports) + " reports, and should have " +
                                    std::to_string(lines) + " of " + std::to_string(reports));
        }
    }
}

/// Those that were told everything, all of the same, make the same of it.
void Checks::alike(const std::vector<std::size_t>& seats) {
    std::vector<RecordId> incidents;
    for (const auto& [record, said] : world_.book_.known()) {
        if (said.kind == statement::incident_kind) incidents.push_back(record);
    }
    std::string first;
    for (const std::size_t i : seats) {
        const registry::Snapshot& snapshot = world_.seats_[i].party->node().snapshot();
        const std::string words = in_words(snapshot, incidents, world_.now_, Ends::left_out);
        if (i == seats.front()) first = words;
        if (words == first) continue;
        const auto [one, other] =
            std::mismatch(words.begin(), words.end(), first.begin(), first.end());
        const auto line = [](const std::string& all, auto at) {
            const auto from = all.rfind('\n', static_cast<std::size_t>(at - all.begin())) + 1;
            return all.substr(from, all.find('\n', from) - from);
        };
        return failed(world_.seats_[i], "it makes '" + line(words, one) + "' of what is '" +
                                            line(first, other) + "' at " +
                                            world_.seats_[seats.front()].party->id().v);
    }
    world_.out_.alike += seats.size();
}

}  // namespace entente::sim

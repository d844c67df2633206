// SPDX-License-Identifier: Apache-2.0
#include "view/corroboration.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace entente::view {
namespace {

using statement::Report;

struct Mention {
    RecordId id;
    PartyId party;
    const Report* report;
};

/// Sets of reports that grow together.
class Sets {
  public:
    explicit Sets(std::size_t count) : parent_(count) {
        std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    }
    std::size_t root(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    /// Whether they were apart.
    bool join(std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        if (a == b) return false;
        parent_[std::max(a, b)] = std::min(a, b);  // the first in order of id stands for all
        return true;
    }

  private:
    std::vector<std::size_t> parent_;
};

/// What a report shares with others of its line, each with why.
using Why = std::pair<std::string, std::string>;

/// Of a report, and of what it rests on where that is open here too, and so on.
class Roots {
  public:
    explicit Roots(const registry::Snapshot& snapshot) : snapshot_(snapshot) {}

    std::vector<Why> of(const Mention& mention) {
        out_.clear();
        seen_ = {mention.id};
        add(mention.party, *mention.report);
        return std::move(out_);
    }

  private:
    void add(const PartyId& party, const Report& report) {
        if (report.sources.empty()) out_.emplace_back("author", party.v);
        for (const statement::Source& source : report.sources) {
            if (!source.line.empty()) out_.emplace_back("source", source.line);
            if (!source.of) continue;
            out_.emplace_back("rests_on", source.of->text());
            if (seen_.size() < roots_max && seen_.insert(*source.of).second) follow(*source.of);
        }
    }
    void follow(const RecordId& id) {
        const auto below = find_statement(snapshot_, id);
        const auto* report = below ? below->said_as<Report>() : nullptr;
        if (report != nullptr) add(below->party(), *report);
    }

    static constexpr std::size_t roots_max = 1000;  // reports that one rests on, one after another
    const registry::Snapshot& snapshot_;
    std::vector<Why> out_;
    std::set<RecordId> seen_;
};

/// Reports whose sources are open, in order of id.
std::vector<Mention> mentions(const registry::Snapshot& snapshot, const RecordId& about,
                              std::size_t& closed) {
    std::vector<Mention> out;
    for (const SeenStatement& seen : statements_about(snapshot, about, statement::report_kind)) {
        if (seen.withdrawn()) continue;
        const auto* report = seen.said_as<Report>();
        // An earlier version was about it, and the newest is not any more.
        if (report == nullptr) continue;
        const auto& all = report->about;
        const auto of = [&](const statement::Source& source) { return source.of == about; };
        if (std::find(all.begin(), all.end(), about) == all.end() &&
            std::none_of(report->sources.begin(), report->sources.end(), of)) {
            continue;
        }
        const bool newest_open = seen.dealing().versions.back().said != nullptr;
        if (!newest_open) {
            ++closed;
            continue;
        }
        out.push_back({seen.id(), seen.party(), report});
    }
    std::sort(out.begin(), out.end(),
              [](const Mention& a, const Mention& b) { return a.id < b.id; });
    return out;
}

}  // namespace

Corroboration corroboration(const registry::Snapshot& snapshot, const RecordId& about) {
    Corroboration out;
    const std::vector<Mention> all = mentions(snapshot, about, out.closed);
    out.reports = all.size();
    Sets sets(all.size());
    Roots roots(snapshot);
    std::vector<Joined> joined;
    std::map<Why, std::size_t> first;  // who was the first to share it
    const auto join = [&](std::size_t i, const Why& why) {
        const auto [known, fresh] = first.emplace(why, i);
        if (!fresh && sets.join(known->second, i)) {
            joined.push_back({all[known->second].id, all[i].id, why.first, why.second});
        }
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const Why& why : roots.of(all[i])) join(i, why);
        join(i, {"rests_on", all[i].id.text()});  // who rests on this one is of its line
    }
    std::map<std::size_t, Line> lines;
    std::map<RecordId, std::size_t> of;
    for (std::size_t i = 0; i < all.size(); ++i) {
        of[all[i].id] = sets.root(i);
        lines[sets.root(i)].reports.push_back(all[i].id);
    }
    for (Joined& one : joined) lines[of.at(one.one)].joined.push_back(std::move(one));
    for (auto& [root, line] : lines) out.lines.push_back(std::move(line));
    return out;
}

}  // namespace entente::view

// SPDX-License-Identifier: Apache-2.0
#include "view/corroboration.h"

#include <algorithm>
#include <map>
#include <set>

#include "view/id_sets.h"

namespace entente::view {
namespace {

using statement::Report;

/// What a statement rests on; null where its kind rests on nothing, or it is not open.
const std::vector<statement::Source>* sources_of(const SeenStatement& seen) {
    const statement::Dealt* said = seen.said();
    if (said == nullptr) return nullptr;
    return std::visit(
        [](const auto& one) -> const std::vector<statement::Source>* {
            if constexpr (requires { one.sources; }) {
                return &one.sources;
            } else {
                return nullptr;
            }
        },
        *said);
}

/// Records, and what several of them share; each statement is looked into once, however many rest
/// on it.
class Lines {
  public:
    explicit Lines(const registry::Snapshot& snapshot) : snapshot_(snapshot) {}

    /// The record, and all that it rests on, one after another.
    void take(const RecordId& id) {
        std::vector<RecordId> waiting{id};
        while (!waiting.empty()) {
            const RecordId next = waiting.back();
            waiting.pop_back();
            if (!taken_.insert(next).second) continue;
            const auto seen = find_statement(snapshot_, next);
            const auto* sources = seen ? sources_of(*seen) : nullptr;
            if (sources == nullptr) continue;  // not here: it stands for itself
            if (sources->empty()) share(next, "author", seen->party().v);
            for (const statement::Source& source : *sources) {
                if (!source.line.empty()) share(next, "source", source.line);
                if (!source.of) continue;
                join(next, *source.of, "rests_on", source.of->text());
                waiting.push_back(*source.of);
            }
        }
    }
    RecordId root(const RecordId& id) { return sets_.root(id); }
    /// The joins without those that lead to nothing that is counted.
    std::vector<Joined> joined(const std::set<RecordId>& counted) const {
        std::map<RecordId, std::set<std::size_t>> at;  // joins by their ends
        for (std::size_t i = 0; i < joined_.size(); ++i) {
            at[joined_[i].one].insert(i);
            at[joined_[i].other].insert(i);
        }
        std::vector<RecordId> idle;
        const auto note = [&](const RecordId& id) {
            if (at.at(id).size() == 1 && !counted.contains(id)) idle.push_back(id);
        };
        for (const auto& [id, joins] : at) note(id);
        while (!idle.empty()) {
            const RecordId id = idle.back();
            idle.pop_back();
            if (at.at(id).empty()) continue;
            const std::size_t gone = *at.at(id).begin();
            at.at(id).clear();
            const Joined& one = joined_[gone];
            const RecordId& other = one.one == id ? one.other : one.one;
            at.at(other).erase(gone);
            note(other);
        }
        std::set<std::size_t> kept;
        for (const auto& [id, joins] : at) kept.insert(joins.begin(), joins.end());
        std::vector<Joined> out;
        for (const std::size_t i : kept) out.push_back(joined_[i]);
        return out;
    }

  private:
    void share(const RecordId& id, const char* by, const std::string& what) {
        const auto [first, fresh] = first_.emplace(std::pair(std::string(by), what), id);
        if (!fresh) join(first->second, id, by, what);
    }
    void join(const RecordId& a, const RecordId& b, const char* by, const std::string& what) {
        if (!sets_.join(a, b)) return;
        joined_.push_back({std::min(a, b), std::max(a, b), by, what});
    }

    const registry::Snapshot& snapshot_;
    std::set<RecordId> taken_;
    IdSets sets_;
    std::map<std::pair<std::string, std::string>, RecordId> first_;  // who was first to share it
    std::vector<Joined> joined_;
};

bool is_about(const Report& report, const RecordId& id) {
    const auto of = [&](const statement::Source& source) { return source.of == id; };
    return std::find(report.about.begin(), report.about.end(), id) != report.about.end() ||
           std::any_of(report.sources.begin(), report.sources.end(), of);
}

}  // namespace

Corroboration corroboration(const registry::Snapshot& snapshot, const RecordId& about) {
    Corroboration out;
    std::set<RecordId> counted;
    for (const SeenStatement& seen : statements_about(snapshot, about, statement::report_kind)) {
        const auto* report = seen.said_as<Report>();
        // An earlier version may have been about it.
        if (seen.withdrawn() || report == nullptr || !is_about(*report, about)) continue;
        seen.dealing().versions.back().said ? (void)counted.insert(seen.id()) : (void)++out.closed;
    }
    out.reports = counted.size();
    out.more = snapshot.dealings().more_about(about);
    Lines lines(snapshot);
    for (const RecordId& id : counted) lines.take(id);
    std::map<RecordId, Line> by_root;
    for (const RecordId& id : counted) by_root[lines.root(id)].reports.push_back(id);
    for (Joined& one : lines.joined(counted)) {
        const auto line = by_root.find(lines.root(one.one));
        if (line != by_root.end()) line->second.joined.push_back(std::move(one));
    }
    for (auto& [root, line] : by_root) out.lines.push_back(std::move(line));
    std::sort(out.lines.begin(), out.lines.end(),
              [](const Line& a, const Line& b) { return a.reports.front() < b.reports.front(); });
    return out;
}

}  // namespace entente::view

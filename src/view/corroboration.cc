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

/// What a statement names as one of its sources, or is by itself.
struct Parent {
    std::string by;    // as in Joined
    std::string text;  // a `line`, or a party
    std::optional<RecordId> of;
    bool operator==(const Parent&) const = default;
};

/// Each once.
std::vector<Parent> parents_of(const SeenStatement& seen,
                               const std::vector<statement::Source>& sources) {
    std::vector<Parent> out;
    const auto add = [&](Parent one) {
        if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
    };
    if (sources.empty()) add({"author", seen.party().v, {}});
    for (const statement::Source& source : sources) {
        if (!source.line.empty()) add({"source", source.line, {}});
        if (source.of) add({"rests_on", source.of->text(), source.of});
        if (source.line.empty() && !source.of) add({"itself", "", {}});
    }
    return out;
}

/// Records, and what several of them share; each statement is looked into once, however many rest
/// on it. One that names one source is of that line. One that names several joins none of them: it
/// adds no line where one of them has one, and else is of one line with others that share one.
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
            if (sources == nullptr) {  // it stands for itself
                unseen += seen ? seen->said() == nullptr : !snapshot_.find(next);
                continue;
            }
            auto parents = parents_of(*seen, *sources);
            for (const Parent& one : parents) {
                if (one.of) waiting.push_back(*one.of);
            }
            if (parents.size() == 1)
                join(next, parents.front());
            else
                compiled_.emplace(next, std::move(parents));
        }
    }
    /// After all were taken: those of several sources, among these.
    void settle(const std::set<RecordId>& counted) {
        for (const auto& [id, parents] : compiled_) by_root_.emplace(root(id), id);
        std::map<RecordId, RecordId> lines;  // by root: the first report
        for (const RecordId& id : counted) {
            if (!by_root_.contains(root(id))) lines.emplace(root(id), id);
        }
        reach(lines);
        for (const auto& [id, parents] : compiled_) {
            if (added_to_.contains(id)) continue;
            for (const Parent& one : parents) join(id, one);
        }
    }
    std::size_t unseen = 0;
    /// Who stands for its line.
    RecordId line_of(const RecordId& id) {
        const RecordId own = sets_.root(id);
        const auto of = by_root_.find(own);
        const auto added = of == by_root_.end() ? added_to_.end() : added_to_.find(of->second);
        return added == added_to_.end() ? own : sets_.root(added->second);
    }
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
    RecordId root(const RecordId& id) { return sets_.root(id); }
    /// A record that stands for this source; nothing where none does.
    std::optional<RecordId> node_of(const Parent& parent) const {
        if (parent.of) return parent.of;
        const auto first = first_.find({parent.by, parent.text});
        return first == first_.end() ? std::nullopt : std::optional(first->second);
    }
    void join(const RecordId& id, const Parent& parent) {
        if (parent.by == "itself") return;
        std::optional<RecordId> other = node_of(parent);
        if (!other) other = first_[{parent.by, parent.text}] = id;
        if (sets_.join(*other, id)) note(*other, id, parent);
    }
    void note(const RecordId& a, const RecordId& b, const Parent& parent) {
        joined_.push_back({std::min(a, b), std::max(a, b), parent.by, parent.text});
    }
    /// Of those of several sources, which have one with a line, or with one that adds none: again
    /// and again, for one may rest on another. Each is added to the line with the first report.
    void reach(const std::map<RecordId, RecordId>& lines) {
        std::map<RecordId, std::vector<RecordId>> resting;  // by root: who names it
        for (const auto& [id, parents] : compiled_) {
            for (const Parent& one : parents) {
                if (const auto node = node_of(one)) resting[root(*node)].push_back(id);
            }
        }
        std::vector<std::pair<RecordId, RecordId>>
            order;  // the first report, and who stands for it
        for (const auto& [line, first] : lines) order.emplace_back(first, line);
        std::sort(order.begin(), order.end());
        for (const auto& [first, line] : order) {
            std::vector<RecordId> waiting{line};
            while (!waiting.empty()) {
                const RecordId at = waiting.back();
                waiting.pop_back();
                for (const RecordId& id : resting[at]) {
                    if (!added_to_.emplace(id, line).second) continue;
                    for (const Parent& one : compiled_.at(id)) {
                        const auto node = node_of(one);
                        if (node && root(*node) == at) note(*node, id, one);
                    }
                    waiting.push_back(root(id));
                }
            }
        }
    }

    const registry::Snapshot& snapshot_;
    std::set<RecordId> taken_;
    IdSets sets_;
    std::map<std::pair<std::string, std::string>, RecordId> first_;  // who was first to share it
    std::map<RecordId, std::vector<Parent>> compiled_;  // those that name several sources
    std::map<RecordId, RecordId> by_root_;              // these, by who stands for them
    std::map<RecordId, RecordId> added_to_;             // and of whose line those are that add none
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
        if (!seen.dealing().versions.back().said) {
            ++out.closed;
            continue;
        }
        counted.insert(seen.id());
        if (seen.dealing().newer_withheld) ++out.newer_withheld;
    }
    out.reports = counted.size();
    out.more = snapshot.dealings().more_about(about);
    Lines lines(snapshot);
    for (const RecordId& id : counted) lines.take(id);
    lines.settle(counted);
    out.unseen = lines.unseen;
    std::map<RecordId, Line> by_root;
    for (const RecordId& id : counted) by_root[lines.line_of(id)].reports.push_back(id);
    for (Joined& one : lines.joined(counted)) {
        const auto line = by_root.find(lines.line_of(one.one));
        if (line != by_root.end()) line->second.joined.push_back(std::move(one));
    }
    for (auto& [root, line] : by_root) out.lines.push_back(std::move(line));
    std::sort(out.lines.begin(), out.lines.end(),
              [](const Line& a, const Line& b) { return a.reports.front() < b.reports.front(); });
    return out;
}

}  // namespace entente::view

// SPDX-License-Identifier: Apache-2.0
// How many independent lines there are, worked out anew from what corroboration.h says of them:
// whoever names one source is followed to where that ends. Included by tests only.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"

namespace entente::view::test {

/// A source as a statement names it: by a name that is its own, or another record.
struct Named {
    std::string name;
    std::optional<RecordId> of = {};
};
/// What it names, or what it is if it names nothing; empty where that cannot be read.
using NamedBy = std::function<std::vector<Named>(const RecordId&)>;

class BruteLines {
  public:
    explicit BruteLines(NamedBy named) : named_(std::move(named)) {}

    std::size_t count(const std::set<RecordId>& counted) {
        std::set<std::string> lines, groups;
        std::set<RecordId> taken;
        for (const RecordId& id : counted) {
            const std::string end = end_of(id);
            if (!end.starts_with(several)) lines.insert(end);
            take(id, taken);
        }
        std::set<std::string> none;  // of several sources, and adding no line
        for (bool any = true; any;) {
            any = false;
            for (const RecordId& id : taken) {
                const auto ends = ends_of(id);
                if (ends.size() < 2 || none.contains(several + id.text())) continue;
                const bool has_line = std::any_of(ends.begin(), ends.end(), [&](const auto& end) {
                    return lines.contains(end) || none.contains(end);
                });
                any |= has_line && none.insert(several + id.text()).second;
            }
        }
        for (const RecordId& id : taken) {
            const auto ends = ends_of(id);
            if (ends.size() < 2 || none.contains(several + id.text())) continue;
            for (const std::string& end : ends) lead(several + id.text(), end);
        }
        for (const RecordId& id : counted) {
            const std::string end = end_of(id);
            if (end.starts_with(several) && !none.contains(end)) groups.insert(top(end));
        }
        return lines.size() + groups.size();
    }

  private:
    inline static const std::string several = "several ";

    /// Where each source that it names ends; of one that names several, with its name for each.
    std::vector<std::string> ends_of(const RecordId& id) {
        std::vector<std::string> out;
        std::set<std::string> names;
        for (const Named& one : named_(id)) {
            if (names.insert(one.name).second) out.push_back(one.of ? end_of(*one.of) : one.name);
        }
        return out;
    }
    std::string end_of(RecordId id) {
        std::set<RecordId> met;
        for (;;) {
            std::map<std::string, Named> all;
            for (const Named& one : named_(id)) all.emplace(one.name, one);
            if (all.empty()) return "of " + id.text();
            if (all.size() > 1) return several + id.text();
            const Named& only = all.begin()->second;
            if (!only.of) return only.name;
            if (!met.insert(id).second) return "round " + least_around(id).text();
            id = *only.of;
        }
    }
    /// Of those that rest on each other in a ring, from one of them on.
    RecordId least_around(const RecordId& from) {
        RecordId out = from, at = *named_(from).front().of;
        for (; at != from; at = *named_(at).front().of) out = std::min(out, at);
        return out;
    }
    void take(const RecordId& id, std::set<RecordId>& taken) {
        if (!taken.insert(id).second) return;
        for (const Named& one : named_(id)) {
            if (one.of) take(*one.of, taken);
        }
    }
    std::string top(const std::string& name) {
        const auto found = leads_.find(name);
        return found == leads_.end() ? name : top(found->second);
    }
    void lead(const std::string& one, const std::string& other) {
        const std::string a = top(one), b = top(other);
        if (a != b) leads_[a] = b;
    }

    NamedBy named_;
    std::map<std::string, std::string> leads_;
};

}  // namespace entente::view::test

// SPDX-License-Identifier: Apache-2.0
#include "intake/plan.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/decimal.h"

namespace entente::intake {
namespace {

using statement::Protection;

constexpr std::size_t pile_up_min = 20;  // rows on one point before it is worth a word
constexpr std::size_t pile_ups_listed = 10;
constexpr std::size_t rows_listed = 5;  // of one ref with several contents

std::string row_text(const RowAt& row) {
    std::string text = "row " + std::to_string(row.number);
    return row.layer.empty() ? text : text + " of " + row.layer;
}

/// The register's version with everything that this mapping gives replaced by the row's word.
Protection overlaid(const Protection& known, const Protection& row, const Mapping& mapping) {
    Protection result = known;
    result.protection_class = row.protection_class;
    if (mapping.at(Field::name) && !row.names.empty()) {
        auto same = [&](const statement::Name& n) { return n.text == row.names.front().text; };
        if (result.names.empty()) {
            result.names = row.names;
        } else if (std::none_of(result.names.begin(), result.names.end(), same)) {
            result.names.front() = row.names.front();  // translations stay
        }
    }
    if (mapping.at(Field::contact)) result.contact = row.contact;
    if (mapping.at(Field::reconfirm_by)) result.reconfirm_by = row.reconfirm_by;
    if (result.where.empty()) {
        result.where = row.where;
        return result;
    }
    // Earlier places of a move that is not confirmed stay: a list cannot end them.
    geo::Place& place = result.where.front();
    const geo::Place& said = row.where.front();
    geo::Shape before = place.volume.shape;
    place.volume.shape = said.volume.shape;
    auto* circle = std::get_if<geo::Circle>(&place.volume.shape);
    auto* corridor = std::get_if<geo::Corridor>(&place.volume.shape);
    const auto* old_circle = std::get_if<geo::Circle>(&before);
    const auto* old_corridor = std::get_if<geo::Corridor>(&before);
    if (circle != nullptr && old_circle != nullptr && !mapping.at(Field::radius_m)) {
        circle->radius = old_circle->radius;
    }
    if (corridor != nullptr && old_corridor != nullptr && !mapping.at(Field::half_width_m)) {
        corridor->half_width = old_corridor->half_width;
    }
    if (mapping.at(Field::altitude_lower) || mapping.at(Field::altitude_upper)) {
        place.volume.band = said.volume.band;
    }
    if (mapping.at(Field::time_start)) place.volume.window.start = said.volume.window.start;
    if (mapping.at(Field::time_end)) place.volume.window.end = said.volume.window.end;
    if (mapping.at(Field::buffer_m)) place.buffer = said.buffer;
    if (mapping.at(Field::accuracy_m)) place.accuracy = said.accuracy;
    return result;
}

/// All rows of one ref.
struct Group {
    Protection protection;  // of the first
    std::vector<RowAt> rows;
    std::vector<std::size_t> order;  // of each row, in the file
    std::size_t mapping = 0;
    bool conflicting = false;
};

struct Refused {
    std::size_t order;
    Refusal refusal;
};

std::string conflict_reason(const Group& group, std::size_t self) {
    std::string others;
    std::size_t shown = 0;
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
        if (i == self) continue;
        if (++shown > rows_listed) {
            others += " and more";
            break;
        }
        others += (others.empty() ? "" : ", ") + row_text(group.rows[i]);
    }
    return "the ref \"" + group.protection.ref + "\" stands for other content in " + others +
           "; correct the file so that one ref is one place";
}

const geo::LatLng* point_of(const Protection& protection) {
    const auto* circle = std::get_if<geo::Circle>(&protection.where.front().volume.shape);
    return circle == nullptr ? nullptr : &circle->center;
}

/// F12: positions that a device or a clerk put in by default.
std::vector<std::string> pile_ups(const std::vector<Group>& groups) {
    std::map<geo::LatLng, std::vector<const Group*>> at;
    for (const Group& group : groups) {
        if (const auto* point = point_of(group.protection)) at[*point].push_back(&group);
    }
    std::vector<std::pair<std::size_t, std::string>> found;
    for (const auto& [point, there] : at) {
        bool origin = point == geo::LatLng{};
        if (!origin && there.size() < pile_up_min) continue;
        found.emplace_back(there.size(),
                           std::to_string(there.size()) +
                               (there.size() == 1 ? " place stands at " : " places stand at ") +
                               format_decimal(point.lat_e7, 7) + ", " +
                               format_decimal(point.lng_e7, 7) +
                               " (the first: " + row_text(there.front()->rows.front()) +
                               "); a default or a town's centre is often put in for a position "
                               "that nobody knew");
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> texts;
    for (auto& one : found) {
        if (texts.size() < pile_ups_listed) texts.push_back(std::move(one.second));
    }
    return texts;
}

}  // namespace

std::string Refusal::text() const {
    std::string result = row_text(row);
    if (!name.empty()) result += " \"" + name + "\"";
    return result + ": " + reason;
}

struct Planner::State {
    std::string source;
    std::vector<Mapping> mappings;
    std::vector<Group> groups;                            // in order of their first rows
    std::unordered_map<std::string, std::size_t> by_ref;  // looked up, never walked
    std::vector<Refused> refused;
    std::size_t rows = 0;
    std::uint64_t duplicates = 0;

    void refuse(std::size_t order, RowAt row, std::string name, std::string reason) {
        refused.push_back({order, {std::move(row), std::move(name), std::move(reason)}});
    }
    void refuse_conflict(const Group& group);
    void settle(Group& group, const Lookup& lookup, ImportPlan& plan);
};

Planner::Planner(std::string source) : state_(std::make_unique<State>()) {
    state_->source = std::move(source);
}
Planner::~Planner() = default;
Planner::Planner(Planner&&) noexcept = default;
Planner& Planner::operator=(Planner&&) noexcept = default;

void Planner::set_mapping(Mapping mapping) { state_->mappings.push_back(std::move(mapping)); }

void Planner::refuse(const Row& row, std::string reason) {
    state_->refuse(state_->rows++, {row.number, row.layer}, "", std::move(reason));
}

void Planner::add(const Row& row) {
    if (state_->mappings.empty()) return refuse(row, "nothing says what its columns mean");
    const Mapping& mapping = state_->mappings.back();
    std::size_t order = state_->rows++;
    RowAt where{row.number, row.layer};
    auto read = read_row(row, mapping, state_->source);
    if (!read) {
        return state_->refuse(order, std::move(where), row_name(row, mapping), read.error().detail);
    }
    auto [at, is_new] = state_->by_ref.try_emplace(read->ref, state_->groups.size());
    if (is_new) {
        state_->groups.push_back(
            {*std::move(read), {std::move(where)}, {order}, state_->mappings.size() - 1, false});
        return;
    }
    Group& group = state_->groups[at->second];
    group.conflicting = group.conflicting || group.protection != *read;
    group.rows.push_back(std::move(where));
    group.order.push_back(order);
}

void Planner::State::refuse_conflict(const Group& group) {
    std::string name = group.protection.names.empty() ? "" : group.protection.names.front().text;
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
        refuse(group.order[i], group.rows[i], name, conflict_reason(group, i));
    }
}

void Planner::State::settle(Group& group, const Lookup& lookup, ImportPlan& plan) {
    plan.duplicates += group.rows.size() - 1;
    RowAt row = group.rows.front();
    auto known = lookup(source, group.protection.ref);
    if (!known) {
        plan.additions.push_back({std::move(row), std::move(group.protection)});
        return;
    }
    Protection after = overlaid(known->protection, group.protection, mappings[group.mapping]);
    if (after == known->protection) {
        ++plan.unchanged;
        return;
    }
    auto differences = changes(known->protection, after);
    plan.amendments.push_back({std::move(row), known->id, std::move(known->protection),
                               std::move(after), std::move(differences)});
}

ImportPlan Planner::finish(const Lookup& lookup) && {
    ImportPlan plan;
    plan.rows = state_->rows;
    plan.warnings = pile_ups(state_->groups);
    for (Group& group : state_->groups) {
        if (group.conflicting) {
            state_->refuse_conflict(group);
        } else {
            state_->settle(group, lookup, plan);
        }
    }
    auto& refused = state_->refused;
    std::sort(refused.begin(), refused.end(),
              [](const Refused& a, const Refused& b) { return a.order < b.order; });
    for (Refused& one : refused) plan.refusals.push_back(std::move(one.refusal));
    return plan;
}

}  // namespace entente::intake

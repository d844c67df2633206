// SPDX-License-Identifier: Apache-2.0
#include "index/base.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "geo/ball.h"
#include "index/order.h"
#include "index/sort.h"

namespace entente::index {
namespace {

using geo::AltitudeReference;
constexpr std::array references{AltitudeReference::w84, AltitudeReference::agl,
                                AltitudeReference::amsl, AltitudeReference::fl};

// Of a whole item: one ball up to this radius, above it parts of at least this length.
constexpr double one_ball_radius = 3000;
constexpr double part_length_min = 2000;
constexpr double parts_about = 24;

// Leaves between two looks for whether a question that asks yes or no has been answered.
constexpr std::size_t any_batch = 8;

struct Placed {
    std::uint64_t key;
    std::uint32_t index;
    bool operator<(const Placed& o) const { return key != o.key ? key < o.key : index < o.index; }
};

template <class T>
std::vector<T> in_order(const std::vector<T>& things, const std::vector<Placed>& order) {
    std::vector<T> sorted;
    sorted.reserve(things.size());
    for (const Placed& p : order) sorted.push_back(things[p.index]);
    return sorted;
}

std::vector<Placed> order_of(const std::vector<Entry>& entries) {
    std::vector<Placed> order;
    order.reserve(entries.size());
    for (const Entry& e : entries) {
        order.push_back({place_along_curve(e.center), static_cast<std::uint32_t>(order.size())});
    }
    std::sort(order.begin(), order.end());
    return order;
}

geo::Window window_of(const Source& s) {
    return s.whole ? s.whole->volume.window : unpack(s.record, s.reference).window;
}

/// The middle of all times that occur, so that as many as possible have codes of their own.
std::int64_t middle_time(const std::vector<Source>& sources) {
    std::vector<std::int64_t> times;
    for (const Source& s : sources) {
        const geo::Window w = window_of(s);
        if (w.start) times.push_back(millis(*w.start));
        if (w.end) times.push_back(millis(*w.end));
    }
    if (times.empty()) return 0;
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::nth_element(times.begin(), middle, times.end());
    return *middle;
}

bool any_repeats(const std::vector<Source>& sources) {
    Slot highest = 0;
    for (const Source& s : sources) highest = std::max(highest, s.slot);
    if (highest / 64 > sources.size() + 1024) {
        std::vector<Slot> slots;
        slots.reserve(sources.size());
        for (const Source& s : sources) slots.push_back(s.slot);
        std::sort(slots.begin(), slots.end());
        return std::adjacent_find(slots.begin(), slots.end()) != slots.end();
    }
    std::vector<bool> seen(std::size_t{highest} + 1);
    for (const Source& s : sources) {
        if (seen[s.slot]) return true;
        seen[s.slot] = true;
    }
    return false;
}

/// The touch rule for a point that the lanes left open; under a plan with edges that is every one.
bool touches_point(const Plan& plan, const PointRecord& record, AltitudeReference reference) {
    if (!plan.is_circle()) {
        static constexpr std::array<std::int32_t, 1 + outline_spare> nothing{};
        const Outline outline{
            record.lat_e7, record.lng_e7, nothing.data(), nothing.data(), 1, false, 0};
        const double limit = plan.reach() + point_reach(record);
        const Verdict verdict = plan.plane().judge(outline, limit);
        if (verdict == Verdict::out) return false;
        if (verdict == Verdict::in) return overlaps(plan.asked(), unpack(record, reference));
    }
    return touches(plan.asked(), record, reference);
}

}  // namespace

Source source(Slot slot, geo::Volume4D volume, Metres reach, WholePtr whole) {
    Source s{};
    s.slot = slot;
    if (const auto record = pack(volume, reach)) {
        s.record = *record;
        s.reference = tree_reference(volume.band);
    } else {
        s.whole = whole ? std::move(whole) : make_whole(slot, std::move(volume), reach);
    }
    return s;
}

ReachStep reach_step(std::size_t reach_class) {
    return {0.1f * static_cast<float>(std::size_t{1} << (2 * reach_class))};
}

double cut_reach(double reach) { return std::min(reach, reach_step(reach_classes - 1).longest()); }

std::size_t reach_class(double reach) {
    std::size_t c = 0;
    while (c + 1 < reach_classes && reach > reach_step(c).longest()) ++c;
    return c;
}

Entry point_entry(const PointRecord& record, const Span& span) {
    Entry e;
    e.center = geo::to_ecef(geo::LatLng{record.lat_e7, record.lng_e7});
    e.reach = cut_reach(point_reach(record));
    e.span = span;
    return e;
}

std::vector<Entry> whole_entries(const Whole& whole, const Span& span) {
    const geo::Ball whole_ball = whole.shape.ball();
    std::vector<geo::Ball> balls{whole_ball};
    if (!whole.shape.is_circle() && whole_ball.radius_m > one_ball_radius) {
        const double length = std::max(part_length_min, 2 * whole_ball.radius_m / parts_about);
        balls = geo::cover(whole.volume.shape, Metres{length});
    }
    std::vector<Entry> entries;
    for (const geo::Ball& ball : balls) {
        Entry e;
        e.center = ball.center;
        e.reach = cut_reach(ball.radius_m + whole.reach.v);
        e.span = span;
        entries.push_back(e);
    }
    return entries;
}

Base::Base(const std::vector<Source>& sources) : items_(sources.size()) {
    time_base_ = middle_time(sources);
    repeats_ = any_repeats(sources);
    std::vector<WholePtr> wholes;
    for (const Source& s : sources) {
        if (s.whole) wholes.push_back(s.whole);
    }
    build_wholes(std::move(wholes));
    build_points(sources);
}

void Base::build_points(const std::vector<Source>& sources) {
    std::array<std::array<std::vector<std::uint32_t>, reach_classes>, references.size()> members;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Source& s = sources[i];
        if (s.whole) continue;
        const std::size_t c = reach_class(cut_reach(point_reach(s.record)));
        members[static_cast<std::size_t>(s.reference)][c].push_back(static_cast<std::uint32_t>(i));
    }
    for (const AltitudeReference reference : references) {
        for (std::size_t c = 0; c < reach_classes; ++c) {
            const auto& group = members[static_cast<std::size_t>(reference)][c];
            if (group.empty()) continue;
            std::vector<Entry> entries;
            entries.reserve(group.size());
            for (const std::uint32_t i : group) {
                const PointRecord& record = sources[i].record;
                const geo::Volume4D v = unpack(record, reference);
                entries.push_back(point_entry(record, encode(v.band, v.window, time_base_)));
                entries.back().number = sources[i].slot;
            }
            const auto order = order_of(entries);
            Group g;
            g.reference = reference;
            g.records = Flat<PointRecord>(group.size());
            for (std::size_t i = 0; i < order.size(); ++i) {
                g.records[i] = sources[group[order[i].index]].record;
            }
            g.tree = build_tree(in_order(entries, order), reach_step(c));
            points_.push_back(std::move(g));
        }
    }
}

void Base::build_wholes(std::vector<WholePtr> wholes) {
    // Neighbours on the map become neighbours in memory.
    std::vector<Entry> centers(wholes.size());
    for (std::size_t i = 0; i < wholes.size(); ++i) {
        centers[i].center = wholes[i]->shape.ball().center;
    }
    outlines_ = Outlines(in_order(wholes, order_of(centers)));
    const std::vector<WholePtr>& ordered = outlines_.wholes();
    std::array<std::array<std::vector<Entry>, reach_classes>, references.size()> members;
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        const geo::Volume4D& v = ordered[i]->volume;
        const auto reference = static_cast<std::size_t>(tree_reference(v.band));
        for (Entry& e : whole_entries(*ordered[i], encode(v.band, v.window, time_base_))) {
            e.number = static_cast<std::uint32_t>(i);
            members[reference][reach_class(e.reach)].push_back(e);
        }
    }
    for (const AltitudeReference reference : references) {
        for (std::size_t c = 0; c < reach_classes; ++c) {
            auto& entries = members[static_cast<std::size_t>(reference)][c];
            if (entries.empty()) continue;
            Group g;
            g.reference = reference;
            g.tree = build_tree(in_order(entries, order_of(entries)), reach_step(c));
            shapes_.push_back(std::move(g));
        }
    }
}

bool Base::search(const Plan& plan, Mode mode, const Hidden* hidden, Scratch::State& state) const {
    for (const Group& group : points_) {
        if (search_points(group, plan, mode, hidden, state)) return true;
    }
    return search_wholes(plan, mode, hidden, state);
}

bool Base::search_points(const Group& group, const Plan& plan, Mode mode, const Hidden* hidden,
                         Scratch::State& state) const {
    const Tree& tree = group.tree;
    const Aim aim = plan.aim(tree.step, tree.reach_max, group.reference, true);
    std::size_t count = 0;
    const Frontier leaves = reached_leaves(tree, aim, mode != Mode::any, state, count);
    const std::size_t batch = mode == Mode::any ? any_batch : count;
    for (std::size_t first = 0; first < count; first += batch) {
        const std::size_t before = state.slots_count;
        if (mode == Mode::any) {
            const Below below{tree.leaves.data(), sizeof(Leaf)};
            for (std::size_t i = first; i < std::min(first + batch, count); ++i) {
                fetch_ahead(below, leaves.index[i]);
            }
        }
        search_leaves(tree.leaves.data(), aim, leaves, first, std::min(batch, count - first),
                      state);
        if (mode == Mode::any) {
            if (hidden) {
                state.slots_count =
                    hidden->filter(state.slots.data(), before, state.slots_count, state.simd);
            }
            if (state.slots_count > before) return true;
        }
        for (std::size_t i = 0; i < state.places_count; ++i) {
            const std::uint32_t place = state.places.data()[i];
            const Slot slot = tree.leaves[place / fan].number[place % fan];
            if (mode == Mode::any && hidden && hidden->has(slot)) continue;
            if (mode != Mode::candidates &&
                !touches_point(plan, group.records[place], group.reference)) {
                continue;
            }
            if (mode == Mode::any) return true;
            state.add(slot);
        }
    }
    return false;
}

bool Base::search_wholes(const Plan& plan, Mode mode, const Hidden* hidden,
                         Scratch::State& state) const {
    if (shapes_.empty()) return false;
    std::size_t count = 0;
    for (const Group& group : shapes_) {
        const Tree& tree = group.tree;
        const Aim aim = plan.aim(tree.step, tree.reach_max, group.reference, false);
        std::size_t leaves_count = 0;
        const Frontier leaves = reached_leaves(tree, aim, true, state, leaves_count);
        search_leaves(tree.leaves.data(), aim, leaves, 0, leaves_count, state);
        state.numbers.ensure(count + state.places_count, count);
        for (std::size_t i = 0; i < state.places_count; ++i) {
            const std::uint32_t place = state.places.data()[i];
            state.numbers.data()[count++] = tree.leaves[place / fan].number[place % fan];
        }
    }
    // A shape in several parts is found several times.
    sort_slots(state.numbers, count, state.sorting, state.simd);
    std::uint32_t* numbers = state.numbers.data();
    count = static_cast<std::size_t>(std::unique(numbers, numbers + count) - numbers);
    constexpr std::size_t records_ahead = 16, points_ahead = 8;
    for (std::size_t i = 0; i < std::min(count, records_ahead); ++i) {
        outlines_.fetch_record(numbers[i]);
    }
    for (std::size_t i = 0; i < count; ++i) {
        if (i + records_ahead < count) outlines_.fetch_record(numbers[i + records_ahead]);
        if (i + points_ahead < count) outlines_.fetch_points(numbers[i + points_ahead]);
        const Slot slot = outlines_.slot(numbers[i]);
        if (mode == Mode::any && hidden && hidden->has(slot)) continue;
        if (mode != Mode::candidates && !outlines_.touches(numbers[i], plan)) continue;
        if (mode == Mode::any) return true;
        state.add(slot);
    }
    return false;
}

std::vector<Source> Base::sources(const Hidden& hidden) const {
    std::vector<Source> all;
    all.reserve(items_);
    for (const Group& group : points_) {
        for (std::size_t i = 0; i < group.records.size(); ++i) {
            const Slot slot = group.tree.leaves[i / fan].number[i % fan];
            if (!hidden.has(slot)) {
                all.push_back({slot, group.reference, group.records[i], nullptr});
            }
        }
    }
    for (const WholePtr& whole : outlines_.wholes()) {
        if (hidden.has(whole->slot)) continue;
        Source s{};
        s.slot = whole->slot;
        s.whole = whole;
        all.push_back(std::move(s));
    }
    return all;
}

Size Base::size() const {
    Size s;
    s.items = items_;
    for (const Group& group : points_) {
        s.hot_bytes += group.tree.bytes();
        s.cold_bytes += group.records.bytes();
    }
    for (const Group& group : shapes_) s.hot_bytes += group.tree.bytes();
    s.cold_bytes += outlines_.bytes();
    return s;
}

}  // namespace entente::index

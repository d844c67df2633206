// SPDX-License-Identifier: Apache-2.0
#include "formats/tile_picture.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "formats/tile_place.h"
#include "geo/box.h"

namespace entente::formats {
namespace {

constexpr std::int64_t turn = std::int64_t{1} << 32;  // cells around the Earth
constexpr std::size_t place_max = (std::size_t{1} << 20) - 1;

/// Mark::size() of a reach, in cells.
std::uint32_t size_of(double cells) {
    if (cells <= 0) return 0;
    const double steps = std::ceil(4 * std::log2(std::max(cells, 1.1)));
    return std::min(static_cast<std::uint32_t>(steps), 4 * Picture::octave_max);
}

constexpr std::uint32_t octave_of(std::uint32_t size) { return (size + 3) / 4; }

/// How far the reach goes from the point. Floats have 24 bits: what is added is more than they
/// leave out.
Extent extent_of(const registry::Reached& reached, geo::LatLng point) {
    const geo::Box box = geo::bounding_box(reached.place.volume.shape, reached.reach());
    const PlanePoint nw = to_plane({box.north, box.west}), se = to_plane({box.south, box.east});
    PlanePoint at = to_plane(point);
    at.x += std::round((nw.x + se.x) / 2 - at.x);  // the copy of the point that is in the box
    const auto cells = [](double plane) {
        const double exact = std::max(plane, 0.0) * static_cast<double>(turn);
        return static_cast<float>(exact * 1.000001);
    };
    return {cells(at.x - nw.x), cells(at.y - nw.y), cells(se.x - at.x), cells(se.y - at.y)};
}

/// All marks of a record that may protect at `now` or later. One that is drawn as a point is the
/// one of those at that point that protects longest.
void marks_of(const view::Seen& seen, view::Slot slot, Instant now, std::vector<TimedMark>& out) {
    if (seen.objects()) return;  // no place that is protected
    const std::size_t begin = out.size();
    const view::Drawn drawn = seen.drawn_ever();
    const std::vector<view::SeenPlace>& places = drawn.places;
    std::optional<std::uint32_t> present;  // the version whose first place is the present one
    for (std::size_t i = 0; i < places.size(); ++i) {
        const view::SeenPlace& place = places[i];
        if (place.until <= now) continue;
        if (!present) present = place.version;
        const geo::LatLng point = point_of(place.reached->place.volume.shape);
        const auto number = static_cast<std::uint32_t>(std::min(i, place_max));
        const bool earlier = place.earlier_place || place.version != *present;
        const Extent extent = extent_of(*place.reached, point);
        const std::uint32_t size =
            size_of(std::max({extent.west, extent.north, extent.east, extent.south}));
        Mark mark{morton(cell_of(to_plane(point))), slot,
                  number << 12 | 1u << 11 | (earlier ? 1u << 10 : 0u) | size};
        for (std::size_t k = begin; k < out.size(); ++k) {
            Mark& other = out[k].mark;
            if (other.key != mark.key || !other.point()) continue;
            if (out[k].until >= place.until) {
                mark.what &= ~(1u << 11);
            } else {
                other.what &= ~(1u << 11);
            }
        }
        out.push_back({mark, place.until, extent});
    }
}

std::uint64_t key_of(const Mark& mark) { return mark.key; }
std::uint64_t key_of(const SizedMark& sized) { return sized.mark.key; }

template <class T>
std::span<const T> between(std::span<const T> marks, std::uint64_t first, std::uint64_t last) {
    const auto begin =
        std::lower_bound(marks.begin(), marks.end(), first,
                         [](const T& mark, std::uint64_t key) { return key_of(mark) < key; });
    const auto end =
        std::upper_bound(begin, marks.end(), last,
                         [](std::uint64_t key, const T& mark) { return key < key_of(mark); });
    return {begin, end};
}

bool reaches(const SizedMark& sized, const PlaneBox& box, std::int64_t turns) {
    const PlaneCell at = cell_of_morton(sized.mark.key);
    const double x = static_cast<double>(at.x + turns * turn), y = at.y;
    const Extent& e = sized.extent;
    // The point lies anywhere in its cell, and so one more cell is allowed for.
    return x - e.west - 1 <= static_cast<double>(box.east) &&
           x + e.east + 1 >= static_cast<double>(box.west) &&
           y - e.north - 1 <= static_cast<double>(box.south) &&
           y + e.south + 1 >= static_cast<double>(box.north);
}

/// Sorts what is sorted up to there.
template <class T>
void sort_from(std::size_t sorted, std::vector<T>& all) {
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(sorted);
    std::sort(middle, all.end());
    std::inplace_merge(all.begin(), middle, all.end());
}

/// The marks in one quarter of a quarter ... of the plane that may reach into the box; `most` is
/// how far any of them reaches.
struct Search {
    const PlaneBox& box;
    std::int64_t most;
    std::int64_t turns;
    std::vector<Mark>& out;

    void descend(std::span<const SizedMark> marks, std::uint64_t first_key, int bits) const {
        if (marks.empty()) return;
        const PlaneCell corner = cell_of_morton(first_key);
        const std::int64_t side = std::int64_t{1} << bits;
        const std::int64_t west = corner.x + turns * turn, north = corner.y;
        if (west > box.east + most || west + side - 1 < box.west - most) return;
        if (north > box.south + most || north + side - 1 < box.north - most) return;
        if (bits == 0 || marks.size() <= 16) {
            for (const SizedMark& sized : marks) {
                if (reaches(sized, box, turns)) out.push_back(sized.mark);
            }
            return;
        }
        const std::uint64_t quarter = std::uint64_t{1} << (2 * (bits - 1));
        for (std::uint64_t i = 0; i < 4; ++i) {
            const std::uint64_t key = first_key + i * quarter;
            descend(between(marks, key, key + (quarter - 1)), key, bits - 1);
        }
    }
};

}  // namespace

struct Picture::Base {
    Instant now;
    std::size_t slots = 0;
    std::vector<Mark> points;                           // sorted
    std::vector<TimedMark> ending;                      // of these, what has an end; sorted
    std::vector<SizedMark> sized;                       // by octave, then sorted
    std::array<std::size_t, octave_max + 2> octaves{};  // where each begins in `sized`

    std::span<const SizedMark> octave(std::uint32_t o) const {
        return std::span<const SizedMark>(sized).subspan(octaves[o], octaves[o + 1] - octaves[o]);
    }
};

Picture::Picture(view::View view, std::shared_ptr<const Base> base)
    : view_(std::move(view)), base_(std::move(base)) {}

std::shared_ptr<const Picture> Picture::build(view::View view, Instant now) {
    auto base = std::make_shared<Base>();
    base->now = now;
    base->slots = view.size();
    base->points.reserve(view.size());
    base->sized.reserve(view.size());
    std::vector<TimedMark> marks;
    for (std::size_t i = 0; i < view.size(); ++i) {
        const auto slot = static_cast<view::Slot>(i);
        marks.clear();
        marks_of(view.at(slot), slot, now, marks);
        for (const TimedMark& m : marks) {
            if (m.mark.point()) base->points.push_back(m.mark);
            if (m.mark.point() && m.until != registry::never) base->ending.push_back(m);
            if (m.mark.size() > 0) base->sized.push_back({m.mark, m.extent});
        }
    }
    std::sort(base->points.begin(), base->points.end());
    std::sort(base->ending.begin(), base->ending.end());
    std::sort(base->sized.begin(), base->sized.end(), [](const SizedMark& a, const SizedMark& b) {
        const std::uint32_t o = octave_of(a.mark.size()), p = octave_of(b.mark.size());
        return o != p ? o < p : a < b;
    });
    for (const SizedMark& m : base->sized) ++base->octaves[octave_of(m.mark.size()) + 1];
    for (std::size_t o = 1; o < base->octaves.size(); ++o) {
        base->octaves[o] += base->octaves[o - 1];
    }
    return std::shared_ptr<const Picture>(new Picture(std::move(view), std::move(base)));
}

bool Picture::hidden(view::Slot slot) const {
    const std::uint32_t bit = filter_bit(slot);
    return (filter_[bit / 64] >> (bit % 64) & 1) != 0 &&
           std::binary_search(hidden_.begin(), hidden_.end(), slot);
}

std::shared_ptr<const Picture> Picture::with(view::View newer,
                                             std::span<const view::Slot> slots) const {
    std::vector<view::Slot> changed(slots.begin(), slots.end());
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    const std::shared_ptr<Picture> next(new Picture(*this));
    next->view_ = std::move(newer);
    std::erase_if(next->added_, [&](const TimedMark& m) {
        return std::binary_search(changed.begin(), changed.end(), m.mark.slot);
    });
    const std::size_t gone = next->gone_.size(), had = next->hidden_.size(),
                      added = next->added_.size();
    std::vector<TimedMark> marks;
    for (const view::Slot slot : changed) {
        if (slot < base_->slots && !hidden(slot)) {
            // Not changed since the base was built: the old view still has what it was built of.
            marks.clear();
            marks_of(view_.at(slot), slot, base_->now, marks);
            for (const TimedMark& m : marks) {
                if (m.mark.point()) next->gone_.push_back(m.mark);
            }
        }
        if (!hidden(slot)) next->hidden_.push_back(slot);
        next->filter_[filter_bit(slot) / 64] |= std::uint64_t{1} << (filter_bit(slot) % 64);
        marks_of(next->view_.at(slot), slot, base_->now, next->added_);
    }
    sort_from(gone, next->gone_);
    sort_from(had, next->hidden_);
    sort_from(added, next->added_);
    return next;
}

Stretch Picture::points(std::uint64_t first, std::uint64_t last, Instant now) const {
    Stretch out;
    out.base = between(std::span<const Mark>(base_->points), first, last);
    const std::span<const Mark> gone = between(std::span<const Mark>(gone_), first, last);
    out.gone.assign(gone.begin(), gone.end());
    const auto before = [](const TimedMark& m, std::uint64_t key) { return m.mark.key < key; };
    const auto& ending = base_->ending;
    for (auto m = std::lower_bound(ending.begin(), ending.end(), first, before);
         m != ending.end() && m->mark.key <= last; ++m) {
        if (m->until <= now && !hidden(m->mark.slot)) out.gone.push_back(m->mark);
    }
    std::sort(out.gone.begin(), out.gone.end());
    for (auto m = std::lower_bound(added_.begin(), added_.end(), first, before);
         m != added_.end() && m->mark.key <= last; ++m) {
        if (m->until > now && m->mark.point()) out.added.push_back(m->mark);
    }
    return out;
}

void Picture::reaching(std::uint32_t octave, const PlaneBox& box, std::vector<Mark>& out) const {
    const std::int64_t most = (std::int64_t{1} << octave) + 1;
    // Shifts of signed integers round down.
    const std::int64_t first = (box.west - most) >> 32, last = (box.east + most) >> 32;
    const std::size_t begin = out.size();
    for (std::int64_t turns = first; turns <= last; ++turns) {
        Search{box, most, turns, out}.descend(base_->octave(octave), 0, 32);
    }
    const auto kept = std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                                     [&](const Mark& m) { return hidden(m.slot); });
    out.erase(kept, out.end());
    for (const TimedMark& m : added_) {
        if (m.mark.size() == 0 || octave_of(m.mark.size()) != octave) continue;
        for (std::int64_t turns = first; turns <= last; ++turns) {
            if (reaches({m.mark, m.extent}, box, turns)) out.push_back(m.mark);
        }
    }
}

}  // namespace entente::formats

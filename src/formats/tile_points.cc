// SPDX-License-Identifier: Apache-2.0
// The layer `protections`. Because marks lie in Morton order, a cell of any grid that halves tiles
// is one stretch of them, and is counted by finding its end, not by going through it.
#include <algorithm>

#include "base/cut.h"
#include "formats/tile_layers.h"

namespace entente::formats {
namespace {

/// Marks of one cell; `first` is one of them.
struct Group {
    Mark first;
    std::uint64_t count = 0;
};

/// The first mark with a key over `last`, looked for near `from` first: cells are short.
std::size_t end_of(std::span<const Mark> marks, std::size_t from, std::uint64_t last) {
    std::size_t step = 1, low = from;
    while (low + step < marks.size() && marks[low + step].key <= last) {
        low += step;
        step *= 2;
    }
    const std::size_t high = std::min(low + step, marks.size());
    const auto end =
        std::upper_bound(marks.begin() + static_cast<std::ptrdiff_t>(low),
                         marks.begin() + static_cast<std::ptrdiff_t>(high), last,
                         [](std::uint64_t key, const Mark& mark) { return key < mark.key; });
    return static_cast<std::size_t>(end - marks.begin());
}

/// Goes through a stretch in groups.
class Walk {
  public:
    explicit Walk(const Stretch& stretch)
        : base_(stretch.base), gone_(stretch.gone), added_(stretch.added) {}

    bool done() const { return b_ == base_.size() && a_ == added_.size(); }

    /// What is left of the next cell, which may be nothing. Precondition: !done().
    /// A cell is all keys that agree but for their last `bits` bits.
    Group next(int bits) {
        std::uint64_t key = ~std::uint64_t{0};
        if (b_ < base_.size()) key = base_[b_].key;
        if (a_ < added_.size()) key = std::min(key, added_[a_].key);
        const std::uint64_t last = key | ((std::uint64_t{1} << bits) - 1);
        const std::size_t b = end_of_or_none(base_, b_, last);
        const std::size_t g = end_of_or_none(gone_, g_, last);
        const std::size_t a = end_of_or_none(added_, a_, last);
        Group out;
        out.count = (b - b_) - (g - g_) + (a - a_);
        if (out.count > 0) out.first = first(b, g, a);
        b_ = b;
        g_ = g;
        a_ = a;
        return out;
    }

    /// The next mark by itself.
    Group next() {
        while (b_ < base_.size() && g_ < gone_.size() && base_[b_] == gone_[g_]) ++b_, ++g_;
        if (done()) return {};
        const bool from_base = b_ < base_.size() && (a_ == added_.size() || base_[b_] < added_[a_]);
        return {from_base ? base_[b_++] : added_[a_++], 1};
    }

  private:
    static std::size_t end_of_or_none(std::span<const Mark> marks, std::size_t from,
                                      std::uint64_t last) {
        if (from == marks.size() || marks[from].key > last) return from;
        return end_of(marks, from, last);
    }
    Mark first(std::size_t b, std::size_t g, std::size_t a) const {
        std::size_t i = b_, j = g_;
        while (i < b && j < g && base_[i] == gone_[j]) ++i, ++j;
        if (i == b) return added_[a_];
        return a_ == a ? base_[i] : std::min(base_[i], added_[a_]);
    }

    std::span<const Mark> base_, gone_, added_;
    std::size_t b_ = 0, g_ = 0, a_ = 0;
};

/// All marks, or groups of them; how many there are stays within the bounds of tile.h.
std::vector<Group> groups(const Stretch& stretch, TileAddress address) {
    const std::size_t all = stretch.base.size() - stretch.gone.size() + stretch.added.size();
    std::vector<Group> out;
    if (all <= points_raw_max) {
        for (Walk walk(stretch); !walk.done();) {
            const Group one = walk.next();
            if (one.count > 0) out.push_back(one);
        }
        return out;
    }
    // From cells of a pixel to cells of 16: 32 by 32 of those are surely few enough.
    for (std::uint32_t halvings = 9; halvings >= 5; --halvings) {
        const int bits = static_cast<int>(64 - 2 * (address.z + halvings));
        out.clear();
        for (Walk walk(stretch); !walk.done() && out.size() <= points_grouped_max;) {
            const Group one = walk.next(bits);
            if (one.count > 0) out.push_back(one);
        }
        if (out.size() <= points_grouped_max) break;
    }
    return out;
}

MvtPoint place_in(TileAddress address, const Mark& mark) {
    const PlaneCell cell = cell_of_morton(mark.key);
    const std::uint64_t mask = (std::uint64_t{1} << (32 - address.z)) - 1;
    const auto unit = [&](std::uint32_t v) {
        return static_cast<std::int32_t>((v & mask) * static_cast<std::uint64_t>(mvt_extent) >>
                                         (32 - address.z));
    };
    return {unit(cell.x), unit(cell.y)};
}

}  // namespace

void tag_record(MvtFeature& feature, const Mark& mark, const view::Seen& seen, Instant now) {
    feature.tag("id", seen.id().text());
    feature.tag("class", seen.class_name());
    feature.tag("state", view::name(seen.state(now)));
    if (mark.earlier()) feature.tag("earlier", true);
    if (seen.is_presence()) feature.tag("kind", statement::presence_kind);
    if (seen.contested(now)) feature.tag("contested", true);
}

Bytes protections_layer(const Picture& picture, TileAddress address, Instant now) {
    const std::uint64_t rest = ~std::uint64_t{0} >> (2 * address.z);
    const std::uint64_t first =
        address.z == 0 ? 0 : morton({address.x, address.y}) << (64 - 2 * address.z);
    const Stretch stretch = picture.points(first, first | rest, now);
    MvtLayer layer("protections");
    for (const Group& group : groups(stretch, address)) {
        const view::Seen seen = picture.view().at(group.first.slot);
        MvtFeature feature(layer);
        feature.point(place_in(address, group.first));
        tag_record(feature, group.first, seen, now);
        feature.tag("count", group.count);
        const statement::Protection* content = seen.protection();
        if (group.count == 1 && content != nullptr && !content->names.empty()) {
            feature.tag("name", shortened(content->names.front().text, tile_name_bytes_max));
        }
        layer.add(feature);
    }
    return layer.encode();
}

}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
// The layers `shapes` and `reaches`: the largest first, until enough is drawn.
#include <algorithm>
#include <cmath>

#include "formats/tile_bounds.h"
#include "formats/tile_layers.h"
#include "formats/tile_outline.h"

namespace entente::formats {
namespace {

constexpr std::uint32_t all_shapes_zoom = 9;
constexpr double large_cells = 1 << 19;   // half across: about 5 km at the equator
constexpr std::size_t words_max = 5'000;  // of one feature's geometry; two to four a corner
constexpr std::size_t looked_at_max = 4 * shapes_max;

std::vector<MvtPoint> whole(const Path& path) {
    std::vector<MvtPoint> out;
    for (const PlanePoint p : path) {
        out.push_back({static_cast<std::int32_t>(std::lround(p.x)),
                       static_cast<std::int32_t>(std::lround(p.y))});
    }
    return out;
}

class ShapeLayers {
  public:
    ShapeLayers(const Picture& picture, TileAddress address, Instant now)
        : picture_(picture), address_(address), now_(now) {}

    Bytes run() {
        // Cells to half of the least that is drawn.
        const double pixel = std::ldexp(1.0, 32 - 9 - static_cast<int>(address_.z));
        const double least =
            address_.z >= all_shapes_zoom ? pixel / 2 : std::max(large_cells, 2 * pixel);
        const std::int64_t side = std::int64_t{1} << (32 - address_.z);
        const std::int64_t more = side * 64 / mvt_extent + 1;
        const PlaneBox box{address_.x * side - more, address_.y * side - more,
                           (address_.x + 1) * side + more, (address_.y + 1) * side + more};
        std::vector<Mark> found;
        for (std::uint32_t octave = Picture::octave_max; octave > 0 && !full(); --octave) {
            if (std::ldexp(1.0, static_cast<int>(octave)) < least) break;
            found.clear();
            picture_.reaching(octave, box, found);
            order(found);
            for (const Mark& mark : found) {
                if (full() || std::exp2(mark.size() / 4.0) < least) break;
                draw(mark);
            }
        }
        return shapes_.encode() + reaches_.encode();
    }

  private:
    static bool full(const MvtLayer& layer) {
        return layer.features() >= shapes_max || layer.bytes() >= shapes_bytes_max;
    }
    /// Every footprint lies in a reach, so that nothing more is drawn once there are enough of
    /// these.
    bool full() const { return full(reaches_) || work_.points == 0 || looked_at_ == 0; }

    /// The largest first, and in an order that does not depend on how the picture came to be.
    static void order(std::vector<Mark>& found) {
        const auto before = [](const Mark& a, const Mark& b) {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        };
        if (found.size() > looked_at_max) {
            const auto end = found.begin() + static_cast<std::ptrdiff_t>(looked_at_max);
            std::nth_element(found.begin(), end, found.end(), before);
            found.erase(end, found.end());
        }
        std::sort(found.begin(), found.end(), before);
        found.erase(std::unique(found.begin(), found.end()), found.end());
    }

    void draw(const Mark& mark) {
        --looked_at_;
        const view::Seen seen = picture_.view().at(mark.slot);
        const view::Drawn drawn = seen.drawn_ever();
        const std::vector<view::SeenPlace>& places = drawn.places;
        if (mark.place() >= places.size()) return;
        const view::SeenPlace& place = places[mark.place()];
        if (place.until <= now_) return;
        const geo::Shape& shape = place.reached->place.volume.shape;
        if (!bounds_.may_show(shape, place.reached->reach())) return;
        const Outline outline(shape, place.reached->reach(), address_, work_);
        if (!full(shapes_)) {
            MvtFeature feature(shapes_);
            for (const Path& line : outline.thin_lines()) feature.line(whole(line));
            if (feature.empty()) add_regions(shapes_, feature, outline.footprint());
            add(shapes_, feature, mark, seen);
        }
        if (!full(reaches_)) {
            MvtFeature feature(reaches_);
            add_regions(reaches_, feature, outline.grown());
            add(reaches_, feature, mark, seen);
        }
    }

    /// Outlines that would be too long become one convex outline around all of them.
    void add_regions(MvtLayer& layer, MvtFeature& feature, const std::vector<Region>& regions) {
        Path all;
        for (const Region& region : regions) {
            const Path outer = clip_ring(region.outer, Outline::frame);
            all.insert(all.end(), outer.begin(), outer.end());
            if (outer.size() < 3 || !feature.ring(whole(outer), false)) continue;
            for (const Path& hole : region.holes) {
                feature.ring(whole(clip_ring(hole, Outline::frame)), true);
            }
        }
        if (feature.words() <= words_max) return;
        feature = MvtFeature(layer);
        feature.ring(whole(grown_hull(all, 0)), false);
    }

    void add(MvtLayer& layer, MvtFeature& feature, const Mark& mark, const view::Seen& seen) {
        if (feature.empty()) return;
        tag_record(feature, mark, seen, now_);
        layer.add(feature);
    }

    const Picture& picture_;
    TileAddress address_;
    Instant now_;
    TileBounds bounds_{address_, Outline::frame.high - mvt_extent};
    MvtLayer shapes_{"shapes"};
    MvtLayer reaches_{"reaches"};
    TileWork work_;
    std::size_t looked_at_ = looked_at_max;
};

}  // namespace

Bytes shape_layers(const Picture& picture, TileAddress address, Instant now) {
    return ShapeLayers(picture, address, now).run();
}

}  // namespace entente::formats

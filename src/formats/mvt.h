// SPDX-License-Identifier: Apache-2.0
// Mapbox Vector Tile 2.1, written: layers of points, lines and polygons with tags. It knows the
// bytes (specification: github.com/mapbox/vector-tile-spec, 2.1) and nothing of maps: coordinates
// are whole units of the tile, x to the east, y to the south. libprotozero does the protobuf.
//
//     MvtLayer layer("protections");
//     MvtFeature f(layer);
//     f.tag("state", "in_force");
//     f.point({2048, 2048});
//     layer.add(f);
//     Bytes tile = layer.encode();      // a tile is its layers' bytes, one after the other
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace entente::formats {

/// Units to a tile's side.
constexpr std::int32_t mvt_extent = 4096;

struct MvtPoint {
    std::int32_t x = 0;
    std::int32_t y = 0;
    bool operator==(const MvtPoint&) const = default;
};

class MvtLayer;

/// One feature in the making: tags, and one or more geometries of one kind.
class MvtFeature {
  public:
    explicit MvtFeature(MvtLayer& layer) : layer_(&layer) {}

    void tag(std::string_view key, std::string_view value);
    void tag(std::string_view key, std::uint64_t value);
    void tag(std::string_view key, bool value);
    void tag(std::string_view key, const char* text) { tag(key, std::string_view(text)); }

    void point(MvtPoint at);
    /// Consecutive repeats are left out; nothing is added where fewer than two points remain.
    void line(std::span<const MvtPoint> points);
    /// A closed ring without its first point repeated, in either direction: it is written as the
    /// specification orients exterior and interior rings (4.3.4.4). A ring without area is left
    /// out; the return says whether it was written. An exterior ring comes before its holes.
    bool ring(std::span<const MvtPoint> points, bool hole);

    bool empty() const { return geometry_.empty(); }
    /// Integers that the geometry takes, one to five bytes each.
    std::size_t words() const { return geometry_.size(); }

  private:
    friend class MvtLayer;
    void command(std::uint32_t id, std::size_t count);
    void go(MvtPoint to);
    std::vector<MvtPoint> without_repeats(std::span<const MvtPoint> points) const;

    MvtLayer* layer_;
    std::uint32_t type_ = 0;
    MvtPoint cursor_;
    std::vector<std::uint32_t> tags_;
    std::vector<std::uint32_t> geometry_;
};

class MvtLayer {
  public:
    explicit MvtLayer(std::string name) : name_(std::move(name)) {}

    /// Precondition: the feature was made for this layer and is not empty.
    void add(const MvtFeature& feature);
    std::size_t features() const { return count_; }
    /// What the layer has come to so far; encode() adds some tens of bytes.
    std::size_t bytes() const { return features_.size() + values_.size(); }
    /// As field 3 of a Tile; empty bytes for a layer without features (a layer must have some).
    Bytes encode() const;

  private:
    friend class MvtFeature;
    std::uint32_t key(std::string_view text);
    std::uint32_t value(Bytes encoded);

    std::string name_;
    std::vector<std::string> keys_;
    std::unordered_map<Bytes, std::uint32_t> value_numbers_;  // looked up only
    Bytes values_;                                            // fields 4 of the layer
    Bytes features_;                                          // fields 2 of the layer
    std::size_t count_ = 0;
};

}  // namespace entente::formats

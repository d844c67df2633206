// SPDX-License-Identifier: Apache-2.0
#include "formats/mvt.h"

#include <algorithm>
#include <protozero/pbf_writer.hpp>

#include "base/assert.h"

namespace entente::formats {
namespace {

// Field numbers and constants of vector_tile.proto 2.1.
constexpr protozero::pbf_tag_type tile_layer = 3;
constexpr protozero::pbf_tag_type layer_name = 1, layer_feature = 2, layer_key = 3, layer_value = 4,
                                  layer_extent = 5, layer_version = 15;
constexpr protozero::pbf_tag_type feature_tags = 2, feature_type = 3, feature_geometry = 4;
constexpr protozero::pbf_tag_type value_string = 1, value_uint = 5, value_bool = 7;
constexpr std::uint32_t type_point = 1, type_line = 2, type_polygon = 3;
constexpr std::uint32_t move_to = 1, line_to = 2, close_path = 7;

/// Twice the area by the surveyor's formula; positive is clockwise on the screen (y runs down),
/// which is how exterior rings are written.
std::int64_t doubled_area(const std::vector<MvtPoint>& ring) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const MvtPoint a = ring[i], b = ring[i + 1 == ring.size() ? 0 : i + 1];
        sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
    }
    return sum;
}

}  // namespace

void MvtFeature::tag(std::string_view key, std::string_view value) {
    Bytes encoded;
    protozero::pbf_writer(encoded).add_string(value_string, value.data(), value.size());
    tags_.push_back(layer_->key(key));
    tags_.push_back(layer_->value(std::move(encoded)));
}

void MvtFeature::tag(std::string_view key, std::uint64_t value) {
    Bytes encoded;
    protozero::pbf_writer(encoded).add_uint64(value_uint, value);
    tags_.push_back(layer_->key(key));
    tags_.push_back(layer_->value(std::move(encoded)));
}

void MvtFeature::tag(std::string_view key, bool value) {
    Bytes encoded;
    protozero::pbf_writer(encoded).add_bool(value_bool, value);
    tags_.push_back(layer_->key(key));
    tags_.push_back(layer_->value(std::move(encoded)));
}

void MvtFeature::command(std::uint32_t id, std::size_t count) {
    geometry_.push_back(id | static_cast<std::uint32_t>(count) << 3);
}

void MvtFeature::go(MvtPoint to) {
    geometry_.push_back(protozero::encode_zigzag32(to.x - cursor_.x));
    geometry_.push_back(protozero::encode_zigzag32(to.y - cursor_.y));
    cursor_ = to;
}

std::vector<MvtPoint> MvtFeature::without_repeats(std::span<const MvtPoint> points) const {
    std::vector<MvtPoint> out;
    out.reserve(points.size());
    std::unique_copy(points.begin(), points.end(), std::back_inserter(out));
    return out;
}

void MvtFeature::point(MvtPoint at) {
    ASSERT(type_ == 0);
    type_ = type_point;
    command(move_to, 1);
    go(at);
}

void MvtFeature::line(std::span<const MvtPoint> points) {
    ASSERT(type_ == 0 || type_ == type_line);
    const std::vector<MvtPoint> line = without_repeats(points);
    if (line.size() < 2) return;
    type_ = type_line;
    command(move_to, 1);
    go(line[0]);
    command(line_to, line.size() - 1);
    for (std::size_t i = 1; i < line.size(); ++i) go(line[i]);
}

bool MvtFeature::ring(std::span<const MvtPoint> points, bool hole) {
    ASSERT(type_ == 0 || type_ == type_polygon);
    std::vector<MvtPoint> ring = without_repeats(points);
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    const std::int64_t area = doubled_area(ring);
    if (ring.size() < 3 || area == 0) return false;
    if ((area > 0) == hole) std::reverse(ring.begin(), ring.end());
    type_ = type_polygon;
    command(move_to, 1);
    go(ring[0]);
    command(line_to, ring.size() - 1);
    for (std::size_t i = 1; i < ring.size(); ++i) go(ring[i]);
    command(close_path, 1);
    return true;
}

std::uint32_t MvtLayer::key(std::string_view text) {
    const auto found = std::find(keys_.begin(), keys_.end(), text);
    if (found == keys_.end()) {
        keys_.emplace_back(text);
        return static_cast<std::uint32_t>(keys_.size() - 1);
    }
    return static_cast<std::uint32_t>(found - keys_.begin());
}

std::uint32_t MvtLayer::value(Bytes encoded) {
    const auto [place, fresh] = value_numbers_.try_emplace(
        std::move(encoded), static_cast<std::uint32_t>(value_numbers_.size()));
    if (fresh) protozero::pbf_writer(values_).add_message(layer_value, place->first);
    return place->second;
}

void MvtLayer::add(const MvtFeature& feature) {
    ASSERT(feature.layer_ == this && !feature.empty());
    protozero::pbf_writer layer(features_);
    protozero::pbf_writer out(layer, layer_feature);
    out.add_packed_uint32(feature_tags, feature.tags_.begin(), feature.tags_.end());
    out.add_enum(feature_type, static_cast<std::int32_t>(feature.type_));
    out.add_packed_uint32(feature_geometry, feature.geometry_.begin(), feature.geometry_.end());
    ++count_;
}

Bytes MvtLayer::encode() const {
    Bytes tile;
    if (count_ == 0) return tile;
    Bytes layer;
    layer.reserve(bytes() + 256);
    protozero::pbf_writer head(layer);
    head.add_uint32(layer_version, 2);
    head.add_string(layer_name, name_);
    layer += features_;
    for (const std::string& key : keys_) protozero::pbf_writer(layer).add_string(layer_key, key);
    layer += values_;
    protozero::pbf_writer(layer).add_uint32(layer_extent, static_cast<std::uint32_t>(mvt_extent));
    protozero::pbf_writer(tile).add_message(tile_layer, layer);
    return tile;
}

}  // namespace entente::formats

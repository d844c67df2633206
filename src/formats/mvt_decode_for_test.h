// SPDX-License-Identifier: Apache-2.0
// Reads Mapbox Vector Tiles 2.1 from the words of the specification, sharing nothing with what
// writes them. Anything that the specification does not allow fails the test. Included by tests
// only.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace entente::formats::test {

struct Coordinate {
    std::int64_t x = 0, y = 0;
    bool operator==(const Coordinate&) const = default;
};
using Part = std::vector<Coordinate>;

struct DecodedFeature {
    int type = 0;                             // 1 point, 2 line, 3 polygon
    std::map<std::string, std::string> tags;  // numbers and truth values as text
    std::vector<Part> parts;                  // of a polygon: rings without the first point again
    std::string text(const std::string& key) const {
        const auto found = tags.find(key);
        return found == tags.end() ? std::string() : found->second;
    }
};

struct DecodedLayer {
    std::string name;
    std::uint64_t version = 0, extent = 0;
    std::vector<DecodedFeature> features;
};

/// One message: its fields in order, (number, varint or bytes).
struct Field {
    std::uint64_t number = 0, varint = 0;
    bool is_bytes = false;
    std::string_view bytes;
};

inline std::uint64_t take_varint(std::string_view& in) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in.empty()) break;
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7Fu} << shift;
        if (byte < 0x80) return value;
    }
    ADD_FAILURE() << "a varint without an end";
    in = {};
    return value;
}

inline std::vector<Field> fields(std::string_view message) {
    std::vector<Field> out;
    while (!message.empty()) {
        const std::uint64_t key = take_varint(message);
        Field field{key >> 3, 0, (key & 7) == 2, {}};
        field.varint = take_varint(message);
        if (field.is_bytes && field.varint <= message.size()) {
            field.bytes = message.substr(0, field.varint);
            message.remove_prefix(field.varint);
        } else if ((key & 7) != 0) {
            ADD_FAILURE() << "wire type " << (key & 7) << ", length " << field.varint;
            return out;
        }
        out.push_back(field);
    }
    return out;
}

inline std::vector<std::uint64_t> varints(std::string_view packed) {
    std::vector<std::uint64_t> out;
    while (!packed.empty()) out.push_back(take_varint(packed));
    return out;
}

inline std::int64_t doubled_area(const Part& ring) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Coordinate a = ring[i], b = ring[(i + 1) % ring.size()];
        sum += a.x * b.y - b.x * a.y;
    }
    return sum;
}

inline std::vector<Part> decode_geometry(const std::vector<std::uint64_t>& in, int type) {
    std::vector<Part> out;
    Coordinate cursor;
    bool closed = true;
    for (std::size_t i = 0; i < in.size();) {
        const std::uint64_t command = in[i] & 7, count = in[i] >> 3;
        ++i;
        if (command == 7) {
            EXPECT_EQ(count, 1u);
            EXPECT_TRUE(type == 3 && !closed && out.back().size() >= 3);
            closed = true;
            continue;
        }
        EXPECT_TRUE(command == 1 || command == 2) << command;
        EXPECT_GT(count, 0u);
        EXPECT_TRUE(command != 1 || type == 1 || count == 1) << "several starts of a line or ring";
        for (std::uint64_t k = 0; k < count && i + 1 < in.size(); ++k, i += 2) {
            const auto zigzag = [](std::uint64_t v) {
                return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
            };
            const Coordinate before = cursor;
            cursor.x += zigzag(in[i]);
            cursor.y += zigzag(in[i + 1]);
            if (command == 1) out.emplace_back();
            EXPECT_FALSE(command == 2 && cursor == before) << "a step of no length";
            if (out.empty()) return out;
            out.back().push_back(cursor);
        }
        if (command == 1) closed = false;
    }
    if (type == 3) {
        EXPECT_TRUE(closed);
        EXPECT_TRUE(out.empty() || doubled_area(out.front()) > 0) << "begins with a hole";
        for (const Part& ring : out) EXPECT_NE(doubled_area(ring), 0);
    }
    if (type == 2) {
        for (const Part& line : out) EXPECT_GE(line.size(), 2u);
    }
    return out;
}

inline std::string decode_value(std::string_view message) {
    const std::vector<Field> in = fields(message);
    EXPECT_EQ(in.size(), 1u);
    if (in.empty()) return {};
    if (in[0].number == 1 && in[0].is_bytes) return std::string(in[0].bytes);
    if (in[0].number == 7) return in[0].varint != 0 ? "true" : "false";
    EXPECT_EQ(in[0].number, 5u);
    return std::to_string(in[0].varint);
}

inline DecodedFeature decode_feature(std::string_view message, const std::vector<std::string>& keys,
                                     const std::vector<std::string>& values) {
    DecodedFeature out;
    std::vector<std::uint64_t> tags, geometry;
    for (const Field& f : fields(message)) {
        if (f.number == 2) tags = varints(f.bytes);
        if (f.number == 3) out.type = static_cast<int>(f.varint);
        if (f.number == 4) geometry = varints(f.bytes);
    }
    EXPECT_EQ(tags.size() % 2, 0u);
    for (std::size_t i = 0; i + 1 < tags.size(); i += 2) {
        if (tags[i] >= keys.size() || tags[i + 1] >= values.size()) {
            ADD_FAILURE() << "a tag that points nowhere";
            continue;
        }
        EXPECT_TRUE(out.tags.emplace(keys[tags[i]], values[tags[i + 1]]).second);
    }
    out.parts = decode_geometry(geometry, out.type);
    EXPECT_FALSE(out.parts.empty());
    return out;
}

inline std::map<std::string, DecodedLayer> decode_tile(std::string_view tile) {
    std::map<std::string, DecodedLayer> out;
    for (const Field& layer : fields(tile)) {
        EXPECT_TRUE(layer.number == 3 && layer.is_bytes);
        DecodedLayer decoded;
        std::vector<std::string> keys, values;
        for (const Field& f : fields(layer.bytes)) {
            if (f.number == 15) decoded.version = f.varint;
            if (f.number == 1) decoded.name = f.bytes;
            if (f.number == 3) keys.emplace_back(f.bytes);
            if (f.number == 4) values.push_back(decode_value(f.bytes));
            if (f.number == 5) decoded.extent = f.varint;
        }
        for (const Field& f : fields(layer.bytes)) {
            if (f.number == 2) decoded.features.push_back(decode_feature(f.bytes, keys, values));
        }
        EXPECT_EQ(decoded.version, 2u);
        EXPECT_EQ(decoded.extent, 4096u);
        EXPECT_FALSE(decoded.features.empty());
        EXPECT_TRUE(out.emplace(decoded.name, decoded).second) << "two layers of one name";
    }
    return out;
}

}  // namespace entente::formats::test

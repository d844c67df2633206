// SPDX-License-Identifier: Apache-2.0
#include "reader/wkb.h"

#include <charconv>
#include <cmath>
#include <cstring>

#include "base/encode.h"

namespace entente::reader {
namespace {

constexpr int depth_max = 3;  // a collection, a multi-geometry in it, its parts
constexpr std::uint32_t wgs84 = 4326;

enum : std::uint32_t {
    point = 1,
    line = 2,
    polygon = 3,
    multi_point = 4,
    multi_line = 5,
    multi_polygon = 6,
    collection = 7,
};

const char* geojson_name(std::uint32_t type) {
    switch (type) {
        case point: return "Point";
        case line: return "LineString";
        case polygon: return "Polygon";
        case multi_point: return "MultiPoint";
        case multi_line: return "MultiLineString";
        case multi_polygon: return "MultiPolygon";
        default: return "GeometryCollection";
    }
}

tl::unexpected<Error> broken() {
    return fail(Errc::malformed, "the geometry is broken: its binary form ends early");
}

tl::unexpected<Error> no_wgs84() {
    return fail(Errc::refused,
                "its coordinate system is not known to be WGS84; give the file its "
                "coordinate system (a .prj, an SRS)");
}

class Parser {
  public:
    explicit Parser(BytesView bytes) : rest_(bytes) {}

    /// Writes a geometry object; an empty one leaves `out` as it was.
    Result<void> geometry(std::string& out, int depth) {
        TRY(type, header());
        if (depth == 1 && !wgs84_) return no_wgs84();
        if (depth > depth_max) return fail(Errc::refused, "the geometry is nested too deeply");
        std::string inner;
        TRYV(coordinates(type, inner, depth));
        if (inner.empty()) return {};
        out += std::string("{\"type\":\"") + geojson_name(type) +
               (type == collection ? "\",\"geometries\":" : "\",\"coordinates\":") + inner + "}";
        return {};
    }
    bool done() const { return rest_.empty(); }

  private:
    Result<void> coordinates(std::uint32_t type, std::string& out, int depth) {
        switch (type) {
            case point: return position(out);
            case line: return positions(out);
            case polygon: return list(out, [&](std::string& part) { return positions(part); });
            case multi_point:
            case multi_line:
            case multi_polygon:
                return list(out, [&](std::string& part) -> Result<void> {
                    TRY(inner, header());
                    if (inner != type - 3) {
                        return fail(Errc::malformed, "the geometry mixes parts of several kinds");
                    }
                    return coordinates(inner, part, depth + 1);
                });
            default: return list(out, [&](std::string& part) { return geometry(part, depth + 1); });
        }
    }

    /// Byte order, type and SRID of what follows.
    Result<std::uint32_t> header() {
        if (rest_.empty()) return broken();
        little_ = rest_[0] == 1;
        rest_.remove_prefix(1);
        TRY(word, number32());
        ordinates_ = 2;
        if ((word & 0x80000000u) != 0) ++ordinates_;
        if ((word & 0x40000000u) != 0) ++ordinates_;
        if ((word & 0x20000000u) != 0) {
            TRY(srid, number32());
            if (srid != wgs84) return no_wgs84();
            wgs84_ = true;
        }
        std::uint32_t type = word & 0x0FFFFFFFu;
        if (type >= 1000) {  // ISO: 1000 Z, 2000 M, 3000 ZM
            ordinates_ = type >= 3000 ? 4 : 3;
            type %= 1000;
        }
        if (type < point || type > collection) {
            return fail(Errc::refused, "it is a curve or surface (WKB type " +
                                           std::to_string(type) +
                                           "); save it as points, lines or polygons");
        }
        return type;
    }

    template <class F>
    Result<void> list(std::string& out, F&& each) {
        TRY(count, number32());
        std::string parts;
        for (std::uint32_t i = 0; i < count; ++i) {
            std::string part;
            TRYV(each(part));
            if (part.empty()) continue;
            parts += (parts.empty() ? "" : ",") + part;
        }
        if (!parts.empty()) out += "[" + parts + "]";
        return {};
    }

    Result<void> positions(std::string& out) {
        return list(out, [&](std::string& part) { return position(part); });
    }

    Result<void> position(std::string& out) {
        double xy[2] = {0, 0};
        for (int i = 0; i < ordinates_; ++i) {
            TRY(value, number64());
            if (i < 2) xy[i] = value;
        }
        if (std::isnan(xy[0]) && std::isnan(xy[1])) return {};  // an empty point
        if (!std::isfinite(xy[0]) || !std::isfinite(xy[1])) {
            return fail(Errc::refused, "a coordinate is not a finite number");
        }
        out += '[';
        put(xy[0], out);
        out += ',';
        put(xy[1], out);
        out += ']';
        return {};
    }

    static void put(double value, std::string& out) {
        char text[40];
        auto end = std::to_chars(text, text + sizeof text, value).ptr;
        out.append(text, end);
    }

    Result<std::uint64_t> bytes(std::size_t size) {
        if (rest_.size() < size) return broken();
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            std::size_t from = little_ ? size - 1 - i : i;
            value = (value << 8) | static_cast<std::uint8_t>(rest_[from]);
        }
        rest_.remove_prefix(size);
        return value;
    }
    Result<std::uint32_t> number32() {
        TRY(value, bytes(4));
        return static_cast<std::uint32_t>(value);
    }
    Result<double> number64() {
        TRY(value, bytes(8));
        double result = 0;
        std::memcpy(&result, &value, sizeof result);
        return result;
    }

    BytesView rest_;
    bool little_ = true;
    bool wgs84_ = false;  // said by the outermost geometry
    int ordinates_ = 2;
};

}  // namespace

Result<std::string> geojson_of_hex_wkb(std::string_view hex) {
    std::string lower(hex);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    TRY(bytes, from_hex(lower));
    Parser parser(bytes);
    std::string out;
    TRYV(parser.geometry(out, 1));
    if (!parser.done()) return fail(Errc::malformed, "the geometry has bytes after its end");
    return out;
}

}  // namespace entente::reader

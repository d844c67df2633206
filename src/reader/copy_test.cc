// SPDX-License-Identifier: Apache-2.0
// The parser of ogr2ogr's output, fed by hand: a process that a hostile file has taken over may
// write anything.
#include "reader/copy.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "reader/wkb.h"

namespace entente::reader {
namespace {

struct Parsed {
    std::vector<std::vector<std::string>> cells;
    std::vector<std::string> problems;
    std::vector<std::string> geometries;
};

Result<Parsed> parse(const std::string& text, std::size_t piece = SIZE_MAX, Limits limits = {}) {
    Parsed out;
    CopyParser parser(limits, true, [&](Row& row) -> Result<void> {
        out.cells.push_back(row.cells);
        out.problems.push_back(row.problem);
        out.geometries.push_back(row.geometry);
        return {};
    });
    for (std::size_t at = 0; at < text.size(); at += piece) {
        TRYV(parser.feed(BytesView(text).substr(at, piece)));
        if (piece == SIZE_MAX) break;
    }
    TRYV(parser.finish());
    return out;
}

const std::string good =
    "SET standard_conforming_strings = OFF;\nBEGIN;\n"
    "COPY \"public\".\"a\nb\" (\"x \"\"y\"\"\", \"entente_geometry\", \"z\n\") FROM STDIN;\n"
    "1\\\t2\t0101000020E61000000000000000000040000000000000F83F\t\\N\n"
    "a\\\nb\t\\N\t\\\\\n"
    "\\.\nEND;\nCOMMIT;\n";

TEST(Copy, ReadsTheSameInPiecesOfAnySize) {
    auto whole = parse(good);
    ASSERT_TRUE(whole) << whole.error().detail;
    EXPECT_EQ(whole->cells, (std::vector<std::vector<std::string>>{{"1\t2", ""}, {"a\nb", "\\"}}));
    EXPECT_EQ(whole->geometries[0], "{\"type\":\"Point\",\"coordinates\":[2,1.5]}");
    for (std::size_t piece = 1; piece < 40; ++piece) {
        auto parts = parse(good, piece);
        ASSERT_TRUE(parts) << piece;
        EXPECT_EQ(parts->cells, whole->cells) << piece;
    }
}

TEST(Copy, RefusesAnOutputThatStopsAnywhere) {
    for (std::size_t size = 1; size + 1 < good.size(); ++size) {
        // After the first line it may have stopped before any layer, but never without COMMIT.
        EXPECT_FALSE(parse(good.substr(0, size))) << size;
    }
}

TEST(Copy, NeverBreaksOnDamagedOutput) {
    Rng rng(3);
    for (int i = 0; i < 3000; ++i) {
        std::string text = good;
        for (std::uint64_t k = 1 + rng.below(3); k > 0; --k) {
            text[rng.below(text.size())] = "\\\t\n\"N.,()x0\xff"[rng.below(13)];
        }
        (void)parse(text, 1 + rng.below(50));
    }
}

TEST(Copy, RefusesStatementsThatItDoesNotKnow) {
    EXPECT_FALSE(parse("INSERT INTO x VALUES (1);\nCOMMIT;\n"));
    EXPECT_FALSE(parse("COPY \"public\".\"a\" (\"x\") FROM STDIN;\n1\t2\n\\.\nCOMMIT;\n"));
    EXPECT_FALSE(parse("COPY \"public\".\"a\" (\"x\", \"y\") FROM STDIN;\n1\n\\.\nCOMMIT;\n"));
    EXPECT_FALSE(parse("COPY \"public\".\"a\" (\"x\") FROM PROGRAM 'x';\n1\n\\.\nCOMMIT;\n"));
}

TEST(Copy, MarksOverlongRowsWhateverThePieces) {
    Limits limits;
    limits.row_bytes_max = 20;
    const std::string text = "COPY \"p\".\"a\" (\"x\") FROM STDIN;\nok\n" + std::string(50, 'y') +
                             "\\\n" + std::string(50, 'z') + "\nlast\n\\.\nCOMMIT;\n";
    Limits header = limits;
    header.row_bytes_max = 40;  // the COPY line itself has 32 bytes
    for (std::size_t piece : {1u, 7u, 33u, 1000u}) {
        auto parsed = parse(text, piece, header);
        ASSERT_TRUE(parsed) << parsed.error().detail;
        ASSERT_EQ(parsed->cells.size(), 3u) << piece;
        EXPECT_NE(parsed->problems[1].find("row_bytes_max"), std::string::npos);
        EXPECT_EQ(parsed->cells[2][0], "last");
    }
}

TEST(Wkb, RefusesWhatItCannotKeepWhole) {
    auto detail = [](const std::string& hex) {
        auto text = geojson_of_hex_wkb(hex);
        return text ? "read: " + *text : text.error().detail;
    };
    // CircularString (type 8), another SRID, no SRID, infinite, early end, bytes after the end.
    EXPECT_NE(detail("0108000020E610000000000000").find("curve"), std::string::npos);
    EXPECT_NE(detail("0101000020110F000000000000000000400000000000000840").find("WGS84"),
              std::string::npos);
    EXPECT_NE(detail("010100000000000000000000400000000000000840").find("WGS84"),
              std::string::npos);
    EXPECT_NE(detail("0101000020E6100000000000000000F07F0000000000000840").find("finite"),
              std::string::npos);
    EXPECT_NE(detail("0101000020E61000000000000000").find("early"), std::string::npos);
    EXPECT_NE(detail("0102000020E6100000FFFFFFFF").find("early"), std::string::npos);
    EXPECT_NE(detail("0101000020E61000000000000000000040000000000000F83F00").find("after"),
              std::string::npos);
    EXPECT_FALSE(geojson_of_hex_wkb("xx"));
    // An empty point is no geometry.
    auto empty = geojson_of_hex_wkb("0101000020E6100000000000000000F87F000000000000F87F");
    EXPECT_EQ(empty.value_or("?"), "");
    // Big-endian with a height.
    auto high =
        geojson_of_hex_wkb("00A0000001000010E6400000000000000040080000000000004024000000000000");
    EXPECT_EQ(high.value_or("?"), "{\"type\":\"Point\",\"coordinates\":[2,3]}");
}

TEST(Wkb, EndsOnDeepAndHugeNests) {
    std::string nest = "0107000020E610000001000000";
    for (int i = 0; i < 10000; ++i) nest += "010700000001000000";
    auto deep = geojson_of_hex_wkb(nest);
    ASSERT_FALSE(deep);
    EXPECT_NE(deep.error().detail.find("deep"), std::string::npos);
}

}  // namespace
}  // namespace entente::reader

// SPDX-License-Identifier: Apache-2.0
#include "reader/csv_cells.h"

#include <gtest/gtest.h>

namespace entente::reader {
namespace {

CsvCells counted(BytesView text, std::size_t columns, std::size_t piece = 3) {
    CsvCells cells(1000);
    for (std::size_t at = 0; at < text.size(); at += piece) {
        EXPECT_TRUE(cells.feed(text.substr(at, piece)));
    }
    EXPECT_TRUE(cells.finish());
    cells.set_columns(columns);
    return cells;
}

TEST(CsvCells, FindsDecimalCommasThatAreNotQuoted) {
    const CsvCells cells = counted("lat,lon\n33.5,36.3\n33,5,36,3\n\"33,5\",\"36,3\"\n", 2);
    EXPECT_EQ(cells.rows(), 3u);
    EXPECT_FALSE(cells.row(1).overlong());
    EXPECT_TRUE(cells.row(2).overlong());
    EXPECT_EQ(cells.row(2).cells, 4u);
    EXPECT_FALSE(cells.row(3).overlong());
}

TEST(CsvCells, PassesEmptyCellsAtTheEndAndEmptyLines) {
    const CsvCells cells = counted("a;b\r\n\r\n1;2;;; \r\n1;2;;x", 2);
    EXPECT_EQ(cells.rows(), 2u);
    EXPECT_FALSE(cells.row(1).overlong());
    EXPECT_TRUE(cells.row(2).overlong());
}

TEST(CsvCells, ReadsLinesAndSeparatorsWithinQuotes) {
    const CsvCells cells = counted("a,b\n\"x, \"\"y\"\"\nz\",2\n1,2,3\n", 2);
    EXPECT_EQ(cells.rows(), 2u);
    EXPECT_FALSE(cells.row(1).overlong());
    EXPECT_TRUE(cells.row(2).overlong());
}

TEST(CsvCells, TakesTheSeparatorThatGivesTheColumns) {
    const CsvCells cells = counted("name\tlat\tlon\nA, B, C\t3\t4\n", 3);
    EXPECT_FALSE(cells.row(1).overlong());
}

TEST(CsvCells, MeetsItsLimit) {
    CsvCells cells(2);
    EXPECT_TRUE(cells.feed("h\n1\n2\n"));
    EXPECT_FALSE(cells.feed("3\n"));
}

}  // namespace
}  // namespace entente::reader

// SPDX-License-Identifier: Apache-2.0
// Counts the cells of each row of a CSV file, because GDAL drops what a row has beyond its heading
// without a word: `33,5,36,3` under `lat,lon`, decimal commas not quoted, would become 33° north,
// 5° east. Such rows must be refused. It knows quotes, line ends and separators, not values.
// Feeds on pieces of any size; bounded by limits::import_rows_max rows. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace entente::reader {

class CsvCells {
  public:
    explicit CsvCells(std::uint64_t rows_max) : rows_max_(rows_max) {}
    Result<void> feed(BytesView piece);
    /// The last line may lack its end.
    Result<void> finish();
    /// How many columns GDAL found; decides which separator it took.
    void set_columns(std::size_t columns);

    struct Row {
        std::uint32_t cells = 0;   // up to the last one with something in it
        std::uint32_t headed = 0;  // columns of the heading
        bool overlong() const { return cells > headed; }
    };
    /// Rows count from 1 below the heading; empty lines do not count, as in GDAL.
    /// Precondition: set_columns was called.
    Row row(std::uint64_t number) const;
    std::uint64_t rows() const { return rows_.empty() ? 0 : rows_.size() - 1; }

  private:
    static constexpr std::array<char, 4> separators = {',', ';', '\t', '|'};
    using Counts = std::array<std::uint16_t, separators.size()>;
    Result<void> end_row();

    std::uint64_t rows_max_;
    std::vector<Counts> rows_;  // the heading first; separators before the last content
    Counts heading_{};          // of the heading, all of them
    Counts seen_{};
    Counts before_content_{};
    bool quoted_ = false;
    bool any_ = false;  // the row has a byte
    std::size_t separator_ = 0;
};

}  // namespace entente::reader

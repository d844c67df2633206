// SPDX-License-Identifier: Apache-2.0
#include "reader/csv_cells.h"

#include <algorithm>
#include <limits>
#include <string>

namespace entente::reader {

Result<void> CsvCells::feed(BytesView piece) {
    for (char c : piece) {
        if (c == '\n' && !quoted_) {
            TRYV(end_row());
            continue;
        }
        if (c == '\r') continue;
        any_ = true;
        if (c == '"') quoted_ = !quoted_;  // a doubled quote toggles twice
        for (std::size_t k = 0; k < separators.size(); ++k) {
            if (c == separators[k] && !quoted_) {
                if (seen_[k] < std::numeric_limits<std::uint16_t>::max()) ++seen_[k];
            } else if (c != ' ') {
                before_content_[k] = seen_[k];
            }
        }
    }
    return {};
}

Result<void> CsvCells::end_row() {
    if (any_) {
        if (rows_.size() > rows_max_) {
            return fail(Errc::too_large, "more rows than import_rows_max = " +
                                             std::to_string(rows_max_) + "; split it");
        }
        if (rows_.empty()) heading_ = seen_;
        rows_.push_back(before_content_);
    }
    seen_ = before_content_ = {};
    any_ = false;
    return {};
}

Result<void> CsvCells::finish() {
    quoted_ = false;
    return end_row();
}

void CsvCells::set_columns(std::size_t columns) {
    const auto match = std::find_if(heading_.begin(), heading_.end(), [&](std::uint16_t count) {
        return count > 0 && count + std::size_t{1} == columns;
    });
    const auto chosen =
        match != heading_.end() ? match : std::max_element(heading_.begin(), heading_.end());
    separator_ = static_cast<std::size_t>(chosen - heading_.begin());
}

CsvCells::Row CsvCells::row(std::uint64_t number) const {
    if (number >= rows_.size()) return {};
    return {std::uint32_t{rows_[number][separator_]} + 1, std::uint32_t{heading_[separator_]} + 1};
}

}  // namespace entente::reader

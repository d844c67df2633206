// SPDX-License-Identifier: Apache-2.0
#include "reader/copy.h"

#include "base/encode.h"
#include "reader/wkb.h"

namespace entente::reader {
namespace {

constexpr std::string_view copy_start = "COPY ";
constexpr std::string_view copy_end = " FROM STDIN;";

tl::unexpected<Error> unexpected_output(std::string_view line) {
    return fail(Errc::malformed,
                "ogr2ogr wrote something unexpected: " + std::string(line.substr(0, 80)));
}

/// Takes one "quoted" name from the front; quotes inside are doubled.
Result<std::string> take_name(std::string_view& rest) {
    if (rest.empty() || rest[0] != '"') return unexpected_output(rest);
    std::string name;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] != '"') {
            name += rest[i];
        } else if (i + 1 < rest.size() && rest[i + 1] == '"') {
            name += '"';
            ++i;
        } else {
            rest.remove_prefix(i + 1);
            return name;
        }
    }
    return unexpected_output(rest);
}

bool take(std::string_view& rest, std::string_view what) {
    if (rest.substr(0, what.size()) != what) return false;
    rest.remove_prefix(what.size());
    return true;
}

/// Whether the line end at `at` is data, because an odd number of backslashes stands before it.
bool is_escaped(std::string_view text, std::size_t at) {
    std::size_t slashes = 0;
    while (slashes < at && text[at - 1 - slashes] == '\\') ++slashes;
    return slashes % 2 == 1;
}

bool quotes_balance(std::string_view text) {
    std::size_t quotes = 0;
    for (char c : text) quotes += c == '"' ? 1u : 0u;
    return quotes % 2 == 0;
}

}  // namespace

CopyParser::CopyParser(const Limits& limits, bool named, OnRow on_row)
    : limits_(limits), named_(named), on_row_(std::move(on_row)) {}

std::vector<Layer> CopyParser::take_layers() {
    std::vector<Layer> layers;
    for (auto& layer : layers_) layers.push_back(std::move(*layer));
    layers_.clear();
    return layers;
}

Result<void> CopyParser::feed(BytesView piece) {
    pending_ += piece;
    return take_lines();
}

Result<void> CopyParser::take_lines() {
    std::size_t begin = 0;
    while (true) {
        std::size_t end = pending_.find('\n', begin + scanned_);
        if (end == std::string::npos) {
            scanned_ = pending_.size() - begin;
            break;
        }
        std::string_view line(pending_.data() + begin, end - begin);
        // Inside COPY a line end in a cell is escaped; outside, it can stand within a quoted name.
        if (in_copy_ ? is_escaped(line, line.size()) : !quotes_balance(line)) {
            scanned_ = end - begin + 1;
            if (scanned_ > limits_.row_bytes_max) {
                if (!in_copy_) return unexpected_output(line);
                skipping_ = true;
                begin += scanned_;
                scanned_ = 0;
            }
            continue;
        }
        scanned_ = 0;
        begin = end + 1;
        if (skipping_) {
            skipping_ = false;
            TRYV(overlong_row());
        } else if (line.size() > limits_.row_bytes_max) {
            if (!in_copy_) return unexpected_output(line);
            TRYV(overlong_row());
        } else {
            TRYV(in_copy_ ? row(line) : statement(line));
        }
    }
    pending_.erase(0, begin);
    if (pending_.size() > limits_.row_bytes_max) {
        if (!in_copy_) return unexpected_output(pending_);
        skipping_ = true;
        // The last bytes stay, so that an escaped line end is still seen as one.
        bool escaped = is_escaped(pending_, pending_.size());
        pending_ = escaped ? "\\" : "";
        scanned_ = pending_.size();
    }
    return {};
}

Result<void> CopyParser::statement(std::string_view line) {
    committed_ = line == "COMMIT;";
    if (line.empty() || line == "BEGIN;" || line == "END;" || committed_ ||
        line.substr(0, 4) == "SET ") {
        return {};
    }
    if (line.substr(0, copy_start.size()) == copy_start) return begin_layer(line);
    return unexpected_output(line);
}

Result<void> CopyParser::begin_layer(std::string_view header) {
    std::string_view rest = header.substr(copy_start.size());
    auto layer = std::make_unique<Layer>();
    TRY(schema, take_name(rest));
    if (!take(rest, ".")) return unexpected_output(header);
    TRY(table, take_name(rest));
    if (named_) layer->name = table;
    if (!is_utf8(table)) return fail(Errc::malformed, "a layer's name is not UTF-8");
    if (!take(rest, " (")) return unexpected_output(header);
    cells_ = 0;
    geometry_at_ = SIZE_MAX;
    while (!take(rest, ")")) {
        if (cells_ != 0 && !take(rest, ", ")) return unexpected_output(header);
        TRY(column, take_name(rest));
        if (column == geometry_column && geometry_at_ == SIZE_MAX) {
            geometry_at_ = cells_;
        } else {
            if (!is_utf8(column)) {
                return fail(Errc::malformed, "the heading of column " +
                                                 std::to_string(layer->columns.size() + 1) +
                                                 " is not UTF-8; save the file as UTF-8");
            }
            layer->columns.push_back(std::move(column));
        }
        if (++cells_ > limits_.columns_max + 1) {
            return fail(Errc::too_large, "more than " + std::to_string(limits_.columns_max) +
                                             " columns (columns_max); keep the ones needed");
        }
    }
    if (rest != copy_end) return unexpected_output(header);
    row_.layer = layer.get();
    row_.number = 0;
    layers_.push_back(std::move(layer));
    in_copy_ = true;
    return {};
}

Result<void> CopyParser::row(std::string_view line) {
    if (line == "\\.") {
        in_copy_ = false;
        return {};
    }
    row_.problem.clear();
    row_.geometry.clear();
    geometry_hex_.clear();
    row_.cells.resize(row_.layer->columns.size());
    TRYV(split(line));
    if (!geometry_hex_.empty()) read_geometry();
    if (!is_utf8(line)) row_.problem = "its text is not UTF-8; save the file as UTF-8";
    return emit();
}

void CopyParser::read_geometry() {
    auto geometry = geojson_of_hex_wkb(geometry_hex_);
    if (geometry) {
        row_.geometry = *std::move(geometry);
    } else {
        row_.problem = geometry.error().detail;
    }
}

Result<void> CopyParser::split(std::string_view line) {
    std::size_t at = 0;    // of line
    std::size_t cell = 0;  // its number
    while (true) {
        if (cell == cells_) return unexpected_output(line);
        std::size_t column = cell > geometry_at_ ? cell - 1 : cell;
        std::string& out = cell == geometry_at_ ? geometry_hex_ : row_.cells[column];
        out.clear();
        std::size_t stop = line.find_first_of("\t\\", at);
        // \N alone is "nothing here"; any other backslash stands before the byte that it escapes.
        while (stop != std::string_view::npos && line[stop] == '\\') {
            out += line.substr(at, stop - at);
            if (stop + 1 == line.size()) return unexpected_output(line);
            if (line[stop + 1] != 'N') out += line[stop + 1];
            at = stop + 2;
            stop = line.find_first_of("\t\\", at);
        }
        out += line.substr(at, stop == std::string_view::npos ? stop : stop - at);
        ++cell;
        if (stop == std::string_view::npos) break;
        at = stop + 1;
    }
    if (cell != cells_) return unexpected_output(line);
    return {};
}

Result<void> CopyParser::overlong_row() {
    row_.cells.assign(row_.layer->columns.size(), "");
    row_.geometry.clear();
    row_.problem =
        "it is larger than " + std::to_string(limits_.row_bytes_max) + " bytes (row_bytes_max)";
    return emit();
}

Result<void> CopyParser::emit() {
    if (++rows_ > limits_.rows_max) {
        return fail(Errc::too_large, "more than " + std::to_string(limits_.rows_max) +
                                         " rows (import_rows_max); split the file");
    }
    ++row_.number;
    return on_row_(row_);
}

Result<void> CopyParser::finish() {
    if (!pending_.empty() || in_copy_ || skipping_ || !committed_) {
        return fail(Errc::malformed, "ogr2ogr stopped in the middle of its output");
    }
    return {};
}

}  // namespace entente::reader

// SPDX-License-Identifier: Apache-2.0
#include "reader/reader.h"

#include <signal.h>
#include <stdlib.h>

#include <algorithm>
#include <optional>

#include "base/encode.h"
#include "reader/copy.h"
#include "reader/csv_cells.h"
#include "reader/format.h"
#include "reader/process.h"
#include "reader/source.h"

namespace entente::reader {
namespace {

constexpr const char* program = "/usr/bin/ogr2ogr";
constexpr std::size_t warnings_max = 5;
constexpr std::size_t warning_bytes_max = 300;

/// All that GDAL may know of the world. Nothing is taken over but where its own data lies.
std::vector<std::string> environment(const std::string& folder) {
    std::vector<std::string> env = {
        "PATH=/usr/bin:/bin",
        "LC_ALL=C.UTF-8",
        "TZ=UTC",
        "HOME=" + folder,
        "TMPDIR=" + folder,
        "PG_USE_COPY=YES",
        "GDAL_DRIVER_PATH=disable",
        "GDAL_CONFIG_FILE=/dev/null",
        "GDAL_NUM_THREADS=1",
        "GDAL_HTTP_TIMEOUT=1",
        "GDAL_HTTP_CONNECTTIMEOUT=1",
        "PROJ_NETWORK=OFF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS=.none",
        "CPL_VSIL_GZIP_WRITE_PROPERTIES=NO",
        "CPL_VSIL_GZIP_SAVE_INFO=NO",
        // Cells as text, and the first line always the heading: guesses differ from file to file.
        "OGR_XLSX_HEADERS=FORCE",
        "OGR_XLSX_FIELD_TYPES=STRING",
        "OGR_ODS_HEADERS=FORCE",
        "OGR_ODS_FIELD_TYPES=STRING",
    };
    for (const char* name : {"GDAL_DATA", "PROJ_LIB", "PROJ_DATA"}) {
        const char* value = getenv(name);
        if (value != nullptr) env.push_back(std::string(name) + "=" + value);
    }
    return env;
}

Command command(const Source& source, const Limits& limits) {
    Command result;
    result.env = environment(source.folder());
    result.cwd = source.folder();
    result.fds = source.fds();
    result.bounds = {limits.memory_bytes_max, static_cast<std::uint64_t>(limits.cpu_max.count())};
    result.wall_max = limits.wall_max;
    result.output_bytes_max = limits.output_bytes_max;
    return result;
}

/// GDAL_SKIP with every driver that this ogr2ogr has but the two needed: an allow-list, made from
/// the program's own list so that a driver of a newer version is not let in by being unknown.
/// (ogr2ogr 3.6 has no -if, which would say the same.)
Result<std::string> skip_list(const Source& source, const Limits& limits, const Format& format) {
    Command list = command(source, limits);
    list.argv = {program, "--formats"};
    std::string text;
    auto collect = [&](BytesView piece) -> Result<void> {
        text += piece;
        return {};
    };
    TRY(exit, run(list, collect, {}));
    std::string skip;
    bool found = false;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line(text.data() + at, end - at);
        at = end + 1;
        std::size_t dash = line.find(" -");
        if (line.substr(0, 2) != "  " || dash == std::string_view::npos) continue;
        std::string_view name = line.substr(2, dash - 2);
        found = found || name == format.driver;
        if (name == format.driver || name == "PGDUMP") continue;
        skip += (skip.empty() ? "" : ",") + std::string(name);
    }
    if (exit.status != 0 || exit.signal != 0 || !found) {
        return fail(Errc::unavailable, "this ogr2ogr cannot read " + std::string(format.ending) +
                                           " files (GDAL driver " + std::string(format.driver) +
                                           "); install Debian's gdal-bin");
    }
    return "GDAL_SKIP=" + skip;
}

std::vector<std::string> arguments(const Source& source, const Format& format) {
    std::vector<std::string> argv = {
        program,
        "-f",
        "PGDump",
        "/vsistdout/",
        source.name(),
        "-nomd",
        "-unsetFid",
        "-lco",
        "LAUNDER=NO",
        "-lco",
        "CREATE_TABLE=NO",
        "-lco",
        "DROP_TABLE=NO",
        "-lco",
        "SPATIAL_INDEX=NONE",
        "-lco",
        "FID=entente_fid",
        "-lco",
        std::string("GEOMETRY_NAME=") + geometry_column,
    };
    if (format.driver == "CSV") {
        argv.insert(argv.end(), {"-oo", "AUTODETECT_TYPE=NO", "-oo", "EMPTY_STRING_AS_NULL=NO"});
        // A column headed WKT is geometry to GDAL; there is no place to say its system.
        argv.insert(argv.end(), {"-a_srs", "EPSG:4326"});
    }
    // Times stay the text that stands there; GDAL would write them in a form of its own. (Its
    // GeoJSONSeq driver of 3.6 cannot be told so.)
    if (format.driver == "GeoJSON") {
        argv.insert(argv.end(), {"-oo", "DATE_AS_STRING=YES"});
    }
    if (format.has_crs) argv.insert(argv.end(), {"-t_srs", "EPSG:4326"});
    return argv;
}

/// The cells of each row of a CSV file, counted outside of GDAL, which drops surplus ones. The
/// bytes come through gzip in the same sandbox; with -f it hands on what is not compressed as it
/// is.
Result<CsvCells> count_cells(const Source& source, const Limits& limits) {
    Command unpack = command(source, limits);
    unpack.argv = {"/bin/gzip", "-dcf", "--", source.plain_name()};
    CsvCells cells(limits.rows_max);
    TRY(exit, run(unpack, [&](BytesView piece) { return cells.feed(piece); }, {}));
    if (exit.signal != 0 || (exit.status != 0 && exit.status != 2)) {
        return fail(Errc::malformed, "it cannot be unpacked by gzip; it is damaged or cut short");
    }
    TRYV(cells.finish());
    return cells;
}

void mark_overlong(CsvCells& cells, Row& row) {
    if (row.number == 1) cells.set_columns(row.layer->columns.size());
    const CsvCells::Row counted = cells.row(row.number);
    if (!counted.overlong() || !row.problem.empty()) return;
    row.problem = "it has " + std::to_string(counted.cells) + " cells under " +
                  std::to_string(counted.headed) +
                  " headings; a cell that holds the separator (a decimal comma?) must be in quotes";
}

/// The first lines of what ogr2ogr said, each once, without our folder and its list of drivers.
std::vector<std::string> summarise(const std::string& messages, const std::string& folder) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < messages.size() && lines.size() < warnings_max;) {
        std::size_t end = std::min(messages.find('\n', at), messages.size());
        std::string line = messages.substr(at, end - at);
        at = end + 1;
        for (std::size_t hit; (hit = line.find(folder + "/")) != std::string::npos;) {
            line.erase(hit, folder.size() + 1);
        }
        if (!is_utf8(line)) continue;
        for (char& c : line) {
            if (static_cast<unsigned char>(c) < 0x20) c = ' ';
        }
        if (line.size() > warning_bytes_max) line = line.substr(0, warning_bytes_max) + "...";
        bool noise = line.empty() || line.rfind("  ->", 0) == 0 || line.rfind("FAILURE", 0) == 0 ||
                     line.find("No SRS set on layer") != std::string::npos ||
                     line.find("natively support") != std::string::npos ||
                     line.find("Unable to open datasource") != std::string::npos;
        if (!noise && std::find(lines.begin(), lines.end(), line) == lines.end()) {
            lines.push_back(line);
        }
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
    return text;
}

/// What went wrong in the child, in the words of somebody who has the file.
Result<void> judge(const Exit& exit, const Format& format, const Limits& limits,
                   const std::vector<std::string>& said) {
    std::string heard = said.empty() ? "" : " (ogr2ogr: " + joined(said) + ")";
    if (exit.signal == SIGXCPU || exit.signal == SIGKILL) {
        return fail(Errc::too_large, "reading it took more than " +
                                         std::to_string(limits.cpu_max.count()) +
                                         " s of the processor (cpu_max); split it" + heard);
    }
    bool memory = heard.find("annot allocate") != std::string::npos ||
                  heard.find("ut of memory") != std::string::npos ||
                  heard.find("bad_alloc") != std::string::npos;
    if (memory) {
        return fail(Errc::too_large, "reading it takes more than " +
                                         std::to_string(limits.memory_bytes_max) +
                                         " bytes of memory (memory_bytes_max); split it" + heard);
    }
    if (exit.signal != 0) {
        return fail(Errc::malformed, "ogr2ogr broke on it (signal " + std::to_string(exit.signal) +
                                         "); the file is damaged or hostile" + heard);
    }
    if (exit.status != 0) {
        return fail(Errc::malformed, "it cannot be read as " + std::string(format.driver) +
                                         ", which its ending " + std::string(format.ending) +
                                         " says; save it anew, or correct the ending" + heard);
    }
    return {};
}

}  // namespace

std::string known_endings() {
    std::string text;
    for (const auto& format : formats()) {
        text += (text.empty() ? "" : ", ") + std::string(format.ending);
    }
    return text;
}

Result<Summary> read_rows(const std::string& path, const Limits& limits, const OnRow& on_row,
                          const OnProgress& on_progress) {
    const Format* format = format_of(path);
    if (format == nullptr) {
        return fail(Errc::refused,
                    path + ": its ending is none of those that are read: " + known_endings());
    }
    TRY(source, Source::open(path, *format, limits.file_bytes_max));
    TRY(skip, skip_list(source, limits, *format));
    Command read = command(source, limits);
    read.argv = arguments(source, *format);
    read.env.push_back(skip);
    std::optional<CsvCells> cells;
    if (format->driver == "CSV") {
        auto counted = count_cells(source, limits);
        if (!counted) return at(path, counted.error());
        cells = std::move(*counted);
    }
    Result<void> refusal;
    CopyParser parser(limits, format->layers, [&](Row& row) {
        if (cells) mark_overlong(*cells, row);
        refusal = on_row(row);
        return refusal;
    });
    auto tick = [&](int pid) {
        if (on_progress) on_progress({parser.rows(), source.position(pid), source.bytes()});
    };
    auto exit = run(
        read, [&](BytesView piece) { return parser.feed(piece); }, tick);
    if (!refusal) return tl::unexpected(refusal.error());  // the caller's own words
    if (!exit) return at(path, exit.error());
    Summary summary;
    summary.warnings = summarise(exit->messages, source.folder());
    if (auto judged = judge(*exit, *format, limits, summary.warnings); !judged) {
        return at(path, judged.error());
    }
    if (auto finished = parser.finish(); !finished) return at(path, finished.error());
    if (cells && cells->rows() != parser.rows()) {
        return fail(Errc::malformed, path + ": ogr2ogr read " + std::to_string(parser.rows()) +
                                         " rows where " + std::to_string(cells->rows()) +
                                         " stand in the file; a quote may be open, or the line "
                                         "ends are odd: save it anew");
    }
    summary.rows = parser.rows();
    summary.layers = parser.take_layers();
    if (on_progress) on_progress({summary.rows, source.bytes(), source.bytes()});
    return summary;
}

}  // namespace entente::reader

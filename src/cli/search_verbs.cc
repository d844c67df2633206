// SPDX-License-Identifier: Apache-2.0
// `entente search`: everything that one may see, by words, area, time and more; as a table, GeoJSON
// or CSV (doc/protocol/search.md).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>

#include "base/limits.h"
#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "cli/data_dir.h"
#include "formats/json_out.h"

namespace entente::cli {
namespace {

using formats::Json;
using net::Method;

struct SearchArgs {
    Common common;
    std::vector<std::string> text;
    std::string near;  // LAT,LON
    double within = 1000;
    std::string area;  // a GeoJSON file
    std::optional<double> margin;
    std::string from, until;
    std::vector<std::string> kinds, classes, parties;
    std::string grade;  // B2, B or 2
    bool withdrawn = false;
    std::string which = "fitting";
    std::string format = "table";
    std::string out;
    std::optional<std::uint64_t> limit;
};

constexpr std::uint64_t table_limit = 100;
constexpr std::uint64_t page_limit = 1000;  // page_limit_max

/// `34.55,69.2` as a Point with its radius.
Result<std::string> point_of(const SearchArgs& args) {
    double lat = 0, lon = 0;
    const char* const end = args.near.data() + args.near.size();
    const auto [comma, first] = std::from_chars(args.near.data(), end, lat);
    const bool two = first == std::errc() && comma != end && *comma == ',';
    const auto [stop, second] =
        two ? std::from_chars(comma + 1, end, lon) : std::from_chars_result{end, std::errc()};
    if (!two || second != std::errc() || stop != end || !std::isfinite(lat) ||
        !std::isfinite(lon) || std::abs(lat) > 90 || std::abs(lon) > 180) {
        return fail(Errc::malformed, "--near: LAT,LON in decimal degrees, for example 34.55,69.2");
    }
    return fmt::format(
        "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{:.7f},{:.7f}]"
        "}},\"properties\":{{\"radius_m\":{}}}}}",
        lon, lat, args.within);
}

Result<std::string> area_of(const SearchArgs& args) {
    if (!args.near.empty() && !args.area.empty()) {
        return fail(Errc::malformed, "--near or --area, one of them");
    }
    if (!args.near.empty()) return point_of(args);
    if (args.area.empty()) return std::string();
    TRY(file, read_file(args.area, limits::plan_bytes_max));
    TRYV(formats::parse_json(file, limits::plan_bytes_max));  // so that errors name this file
    return file;
}

void texts_member(formats::JsonOut& out, const char* name, const std::vector<std::string>& list) {
    if (list.empty()) return;
    out.name(std::string_view(name));
    out.array([&] {
        for (const std::string& one : list) out.value(one);
    });
}

/// `B2` into both halves; `B` or `2` into one.
Result<void> add_grade(formats::JsonOut& out, const std::string& grade) {
    const bool letter = !grade.empty() && grade[0] >= 'A' && grade[0] <= 'E';
    const std::string number = grade.substr(letter ? 1 : 0);
    const bool good =
        number.empty() ? letter : number.size() == 1 && number[0] >= '1' && number[0] <= '5';
    if (!good) {
        return fail(Errc::malformed,
                    "--grade: at least so good: B2, B or 2 (A to E, 1 to 5); what cannot be judged "
                    "is counted apart");
    }
    if (letter) out.member("source", grade.substr(0, 1));
    if (!number.empty()) out.member("information", number);
    return {};
}

/// The members that every page has.
Result<std::string> body_of(const SearchArgs& args) {
    TRY(area, area_of(args));
    std::string text;
    for (const std::string& word : args.text) text += (text.empty() ? "" : " ") + word;
    formats::JsonOut out;
    Result<void> good;
    out.object([&] {
        if (!text.empty()) out.member("text", text);
        if (!area.empty()) {
            out.name("area");
            out.raw(area);
        }
        if (args.margin) out.member("margin_m", *args.margin);
        if (!args.from.empty()) out.member("from", args.from);
        if (!args.until.empty()) out.member("until", args.until);
        texts_member(out, "kinds", args.kinds);
        texts_member(out, "classes", args.classes);
        texts_member(out, "parties", args.parties);
        if (!args.grade.empty()) good = add_grade(out, args.grade);
        if (args.withdrawn) out.member("withdrawn", true);
        out.member("which", args.which);
        if (args.format != "table") out.member("format", args.format);
    });
    if (!good) return tl::unexpected(good.error());
    return std::move(out).text();
}

/// One page, once the whole register was looked through.
Result<net::Response> page_of(Service& service, const Common& common, const std::string& body,
                              std::uint64_t limit, const std::string& cursor) {
    std::string more = body.substr(0, body.size() - 1) + fmt::format(",\"limit\":{}", limit);
    if (!cursor.empty()) more += ",\"cursor\":\"" + cursor + "\"";
    more += "}";
    for (bool told = false;; told = true) {
        net::Request request;
        request.method = Method::post;
        request.target = "/v1/search";
        request.body = more;
        request.content_type = "application/json";
        request.reason = common.reason;
        TRY(page, service.ask(std::move(request)));
        if (header(page, "Entente-Complete") == "yes") return page;
        if (!told) fmt::print(stderr, "entente search: the index is being made …\n");
    }
}

std::uint64_t count_of(const net::Response& page, const char* name) {
    std::uint64_t out = 0;
    const std::string text = header(page, name);
    (void)std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

void print_hits(const std::vector<Json>& hits) {
    if (hits.empty()) return;
    std::vector<std::vector<std::string>> rows;
    for (const Json& one : hits) {
        rows.push_back({member(one, "id"), member(one, "kind"), member(one, "party"),
                        member(one, "time"), member(one, "state"), member(one, "class"),
                        member(one, "grade"), member(one, "position"), member(one, "title")});
    }
    print_table({"id", "kind", "party", "time", "state", "class", "grade", "place", "title"}, rows);
}

/// What was not compared, on standard error where the answer goes to standard output.
void print_counts(const net::Response& page, std::uint64_t shown, std::FILE* to) {
    fmt::print(to, "{} of {} found\n", grouped(shown), grouped(count_of(page, "Entente-Total")));
    const std::uint64_t no_place = count_of(page, "Entente-No-Place");
    const std::uint64_t no_grade = count_of(page, "Entente-No-Grade");
    if (no_place > 0) {
        fmt::print(to,
                   "{} more show no place and were not compared with the area (--which no_place)\n",
                   grouped(no_place));
    }
    if (no_grade > 0) {
        fmt::print(to, "{} more have no grade that can be judged (--which no_grade)\n",
                   grouped(no_grade));
    }
    fmt::print(to, "this is for reading: what is not found here may be there all the same\n");
}

Exit print_table_of(Service& service, const SearchArgs& args, const std::string& body) {
    const std::uint64_t limit = args.limit.value_or(table_limit);
    std::uint64_t shown = 0;
    std::string cursor;
    do {
        const auto page =
            page_of(service, args.common, body, std::min(page_limit, limit - shown), cursor);
        if (!page) return report("search", page.error());
        if (args.common.json) {
            fmt::print("{}", page->bytes());
            return Exit::ok;
        }
        const auto json = formats::parse_json(page->bytes(), page->bytes().size());
        if (!json) return report("search", json.error());
        const auto& hits = json->find("hits")->elements;
        print_hits(hits);
        shown += hits.size();
        cursor = header(*page, "Entente-Next");
        if (cursor.empty() || shown >= limit) print_counts(*page, shown, stdout);
    } while (!cursor.empty() && shown < limit);
    return Exit::ok;
}

/// The lines of a page of GeoJSON, one a feature.
std::string features_of(const std::string& page) {
    const std::string_view begin = "\"features\":[", end = "],\"next\":";
    const std::size_t from = page.find(begin) + begin.size();
    return page.substr(from, page.rfind(end) - from);
}

Exit write_export(Service& service, const SearchArgs& args, const std::string& body) {
    const bool geojson = args.format == "geojson";
    const std::uint64_t limit = args.limit.value_or(UINT64_MAX);
    std::string text = geojson ? "{\"type\":\"FeatureCollection\",\"features\":[" : "";
    std::uint64_t shown = 0;
    std::string cursor;
    net::Response last;
    do {
        auto page =
            page_of(service, args.common, body, std::min(page_limit, limit - shown), cursor);
        if (!page) return report("search", page.error());
        const std::string part = geojson ? features_of(page->bytes()) : page->bytes();
        if (geojson && shown > 0 && !part.empty()) text += ",";
        text += part;
        shown += count_of(*page, "Entente-Shown");
        cursor = header(*page, "Entente-Next");
        last = std::move(*page);
    } while (!cursor.empty() && shown < limit);
    if (geojson) text += "\n]}\n";
    if (args.out.empty()) {
        fmt::print("{}", text);
    } else if (const auto written = write_new_file(args.out, text); !written) {
        return report("search", written.error());
    }
    print_counts(last, shown, stderr);
    return Exit::ok;
}

Exit search(const SearchArgs& args) {
    const auto body = body_of(args);
    if (!body) return report("search", body.error());
    if (args.format == "table" && !args.out.empty()) {
        return report("search", {Errc::malformed, "--out: with --format geojson or csv"});
    }
    auto service = Service::open(args.common, {});
    if (!service) return report("search", service.error());
    return args.format == "table" ? print_table_of(*service, args, *body)
                                  : write_export(*service, args, *body);
}

}  // namespace

void add_search(CLI::App& root, Run& run) {
    static SearchArgs args;
    CLI::App* app =
        verb(root, "search", "Search everything that one may see: words, area, time and more",
             "entente search hospital --data reg --near 34.55,69.2 --within 5000", args.common);
    app->add_option("text", args.text,
                    "Words, in any script; all of them must be there, the last may be begun");
    app->add_option("--near", args.near, "LAT,LON: within --within metres of it");
    app->add_option("--within", args.within, "Metres")
        ->default_val(1000)
        ->check(CLI::Range(0.0, 1e6));
    app->add_option("--area", args.area, "A GeoJSON Feature or FeatureCollection, as a plan");
    app->add_option("--margin", args.margin, "Metres around the area");
    app->add_option("--from", args.from, "RFC 3339: what may have been at or after it");
    app->add_option("--until", args.until, "RFC 3339: what may have been before it");
    app->add_option("--kind", args.kinds, "protection, report, incident …; may be repeated");
    app->add_option("--class", args.classes, "A class; may be repeated");
    app->add_option("--party", args.parties, "Whose; may be repeated");
    app->add_option("--grade", args.grade, "At least so good: B2, B or 2");
    app->add_flag("--withdrawn", args.withdrawn, "What is withdrawn, too");
    app->add_option("--which", args.which, "fitting, no_place or no_grade")
        ->check(CLI::IsMember({"fitting", "no_place", "no_grade"}));
    app->add_option("--format", args.format, "table, geojson or csv")
        ->check(CLI::IsMember({"table", "geojson", "csv"}));
    app->add_option("-o,--out", args.out, "A new file for GeoJSON or CSV");
    app->add_option("--limit", args.limit, "At most so many; of a table 100, else all")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000}));
    app->add_option("--reason", args.common.reason, "Why it is read, for the audit");
    app->callback([&run] { run = [] { return search(args); }; });
}

}  // namespace entente::cli

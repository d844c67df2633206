// SPDX-License-Identifier: Apache-2.0
// `entente list` and `entente show`.
#include <fmt/format.h>

#include <charconv>

#include "cli/service.h"
#include "cli/verbs.h"
#include "net/target.h"
#include "view/filter.h"

namespace entente::cli {
namespace {

/// What is wrong in the words given is said before the register is opened.
Result<std::string> query_of(const ListArgs& args) {
    view::Filter filter;
    filter.protection_class = args.protection_class;
    if (!args.bbox.empty()) {
        auto box = view::parse_bbox(args.bbox);
        if (!box) return fail(box.error().code, "--" + box.error().detail);
    }
    TRYV(view::validate(filter));
    std::string query = "limit=1000";
    const std::pair<const char*, const std::string*> given[] = {{"bbox", &args.bbox},
                                                                {"class", &args.protection_class},
                                                                {"text", &args.text},
                                                                {"as", &args.as}};
    for (const auto& [name, value] : given) {
        if (!value->empty()) query += fmt::format("&{}={}", name, net::percent_encode(*value));
    }
    return query;
}

/// Lines of GeoJSON as the members of one array, over all pages.
void print_features(std::string_view lines, bool& any) {
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        fmt::print("{}\n{}", any ? "," : "", lines.substr(0, end));
        any = true;
        lines.remove_prefix(end + 1);
    }
}

std::uint64_t count_of(const std::string& text) {
    std::uint64_t out = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

}  // namespace

Exit list(const ListArgs& args) {
    const auto query = query_of(args);
    if (!query) return report("list", query.error());
    auto service = Service::open(args.common, {});
    if (!service) return report("list", service.error());
    const bool geojson = args.format == "geojson";
    const std::string accept = geojson                ? "application/x-ndjson"
                               : args.format == "csv" ? "text/csv"
                                                      : "text/plain";
    if (geojson) fmt::print("{{\"type\":\"FeatureCollection\",\"features\":[");
    bool any = false;
    std::string total;
    std::string records;
    std::string cursor;
    std::string given, acknowledged;
    do {
        const auto page = service->get("/v1/protections?" + *query + cursor, accept);
        if (!page) return report("list", page.error());
        if (geojson) {
            print_features(page->bytes(), any);
        } else {
            fmt::print("{}", page->bytes());
        }
        if (cursor.empty()) {
            total = header(*page, "Entente-Total");
            records = header(*page, "Entente-Records");
        }
        given = header(*page, "Entente-Given");
        acknowledged = header(*page, "Entente-Acknowledged");
        cursor = header(*page, "Entente-Next");
        if (!cursor.empty()) cursor.insert(0, "&cursor=");
    } while (!cursor.empty());
    if (geojson) fmt::print("\n]}}\n");
    if (args.format == "table") {
        fmt::print("{} of {} records\n", grouped(count_of(total)), grouped(count_of(records)));
        if (!args.as.empty()) {
            fmt::print("as {} can see what was released to it: {} releases, {} acknowledged\n",
                       args.as, grouped(count_of(given)), grouped(count_of(acknowledged)));
        }
    }
    return Exit::ok;
}

Exit show(const ShowArgs& args) {
    const auto id = RecordId::parse(args.id);
    if (!id) return report("show", id.error());
    auto service = Service::open(args.common, {});
    if (!service) return report("show", service.error());
    const std::string as = args.as.empty() ? "" : "?as=" + net::percent_encode(args.as);
    const auto record = service->get("/v1/protections/" + id->text() + as,
                                     args.common.json ? "application/json" : "text/plain");
    if (!record) {
        if (record.error().code != Errc::not_found) return report("show", record.error());
        return report("show", {Errc::not_found,
                               "no record " + args.id +
                                   (args.as.empty() ? " in this register"
                                                    : " in what " + args.as + " can see of ours")});
    }
    fmt::print("{}", record->bytes());
    return Exit::ok;
}

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// `entente release`, `entente receipts`: what is given to other parties, and what they
// acknowledged. Both ask the node that serves the directory, or the same API in this process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"

namespace entente::cli {
namespace {

struct ReleaseArgs {
    Common common;
    std::vector<std::string> records;
    std::string to;
    std::string tier = "exact";
};

Result<void> release_to(const ReleaseArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    std::string ids;
    for (const std::string& id : args.records) {
        ids += (ids.empty() ? "" : ",") + formats::quote_json(id);
    }
    TRY(answered,
        ask_json(service, net::Method::post, "/v1/releases",
                 fmt::format("{{\"records\":[{}],\"to\":{},\"tier\":{}}}", ids,
                             formats::quote_json(args.to), formats::quote_json(args.tier))));
    if (args.common.json) {
        fmt::print("{}", answered.text);
    } else {
        fmt::print(
            "released to {} at tier {}: {} in all; it is durable, and {} is told with the "
            "next sync\n",
            args.to, args.tier, member(answered.json, "given"), args.to);
    }
    return {};
}

Result<void> print_receipts(const Common& common) {
    TRY(service, Service::open(common, {}));
    TRY(answered, ask_json(service, net::Method::get, "/v1/receipts"));
    if (common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answered.json.find("receipts")->elements) {
        const std::string list = member(one, "list");
        rows.push_back({member(one, "from"), member(one, "rung"),
                        list.empty() ? "single statements" : "all up to " + list,
                        member(one, "unit"), member(one, "time"), member(one, "leaf")});
    }
    print_table({"from", "rung", "of", "unit", "time", "leaf"}, rows);
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

void add_exchange(CLI::App& root, Run& run) {
    static Common receipt_args;
    static ReleaseArgs release_args;
    CLI::App* give = verb(root, "release", "Give records to another party",
                          "entente release gd3vo6m2czvokjwo --to ru --tier coarse --data reg",
                          release_args.common);
    give->add_option("ID", release_args.records, "Own records")->required();
    give->add_option("--to", release_args.to, "The party")->required();
    give->add_option("--tier", release_args.tier, "exact, or coarse: class, contact and an area");
    give->callback([&] { run = [] { return done("release", release_to(release_args)); }; });
    verb(root, "receipts", "What other parties acknowledged", "entente receipts --data reg",
         receipt_args)
        ->callback([&] { run = [] { return done("receipts", print_receipts(receipt_args)); }; });
}

}  // namespace entente::cli

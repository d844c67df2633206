// SPDX-License-Identifier: Apache-2.0
// Checks that are kept sealed: `entente check --seal`, `entente open`, `entente sealed`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/data_dir.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/target.h"

namespace entente::cli {
namespace {

struct SealedArgs {
    Common common;
    std::string id;
    std::vector<std::string> to;
};

Exit open_to(const SealedArgs& args) {
    auto service = Service::open(args.common, {Access::write, false, {}});
    if (!service) return report("open", service.error());
    for (const std::string& party : args.to) {
        const auto answered =
            ask_json(*service, net::Method::post, "/v1/releases",
                     fmt::format("{{\"records\":[{}],\"to\":{},\"tier\":\"exact\"}}",
                                 formats::quote_json(args.id), formats::quote_json(party)));
        if (!answered) return report("open", answered.error());
        if (args.common.json)
            fmt::print("{}", answered->text);
        else
            fmt::print("opened to {}; it is told with the next sync\n", party);
    }
    return Exit::ok;
}

Exit list(const SealedArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("sealed list", service.error());
    const auto answered = ask_json(*service, net::Method::get, "/v1/checks");
    if (!answered) return report("sealed list", answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answered->json.find("checks")->elements) {
        rows.push_back({member(one, "id"), member(one, "party"), member(one, "time"),
                        member(one, "verdict"), member(one, "entry"), member(one, "actor")});
    }
    if (rows.empty())
        fmt::print("no check was sealed here or opened to us\n");
    else
        print_table({"check", "party", "time", "answer", "entry", "actor"}, rows);
    return Exit::ok;
}

Exit show(const SealedArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("sealed show", service.error());
    const auto answered =
        ask_json(*service, net::Method::get, "/v1/checks/" + net::percent_encode(args.id));
    if (!answered) return report_record("sealed show", args.id, answered.error());
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return Exit::ok;
    }
    const formats::Json& json = answered->json;
    fmt::print("check {} of {}: entry {}, by {} at {}\n", member(json, "id"), member(json, "party"),
               member(json, "entry"), member(json, "actor"), member(json, "time"));
    const formats::Json* checked = json.find("checked");
    if (checked == nullptr) {
        fmt::print("what it asked cannot be read here\n");
        return Exit::ok;
    }
    fmt::print("asked at {} with a margin of {} m: {}, {} touched\n", member(*checked, "at"),
               member(json, "margin_m"), member(*checked, "verdict"), member(*checked, "touched"));
    for (const formats::Json& log : checked->find("logs")->elements) {
        fmt::print("  as of {}: {} entries, {} released to the asker\n", member(log, "origin"),
                   member(log, "size"), member(log, "released"));
    }
    for (const formats::Json& leaf : json.find("touched")->elements) {
        fmt::print("  touched entry {}\n", leaf.text);
    }
    return Exit::ok;
}

}  // namespace

Exit check_sealed(const Common& common, const std::string& file, double margin) {
    const auto json = read_file(file, limits::plan_bytes_max);
    if (!json) return report("check", json.error());
    const auto plan = formats::read_plan(*json);
    if (!plan) return report("check", {plan.error().code, file + ": " + plan.error().detail});
    auto service = Service::open(common, {Access::write, false, {}});
    if (!service) return report("check", service.error());
    const auto answered =
        ask_json(*service, net::Method::post, "/v1/checks",
                 fmt::format("{{\"plan\":{},\"margin_m\":{}}}", without_mark(*json), margin));
    if (!answered) return report("check", answered.error());
    const std::string verdict = member(*answered->json.find("answer"), "verdict");
    if (common.json) {
        fmt::print("{}", answered->text);
    } else {
        fmt::print(
            "{}\nsealed as {}, entry {}; shown to nobody until: entente open {} --to PARTY\n",
            verdict, member(answered->json, "id"), member(answered->json, "entry"),
            member(answered->json, "id"));
    }
    return exit_of_verdict(verdict);
}

void add_sealed(CLI::App& root, Run& run) {
    static SealedArgs args;
    CLI::App* app = verb(root, "open", "Show a sealed check or activity to these parties",
                         "entente open mzxw6ytbmzxw6ytb --to un --data reg", args.common);
    app->add_option("ID", args.id, "The sealed check or activity")->required();
    app->add_option("--to", args.to, "Parties that it is opened to")->delimiter(',')->required();
    app->callback([&] { run = [&] { return open_to(args); }; });
    CLI::App* sealed = root.add_subcommand("sealed", "Checks that were sealed");
    sealed->require_subcommand(1);
    app = verb(*sealed, "list", "One's own, and those that were opened to this party",
               "entente sealed list --data reg", args.common);
    app->callback([&] { run = [&] { return list(args); }; });
    app = verb(*sealed, "show", "What one asked, what it was told, and as of what",
               "entente sealed show mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The sealed check")->required();
    app->callback([&] { run = [&] { return show(args); }; });
}

}  // namespace entente::cli

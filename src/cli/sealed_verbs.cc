// SPDX-License-Identifier: Apache-2.0
// Checks that are kept sealed: `entente check --seal`, `entente open`, `entente sealed`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "base/printable.h"
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
    std::string from;
    std::string until;
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

void print_leaves(const formats::Json& json, const char* key, const char* what) {
    for (const formats::Json& leaf : json.find(key)->elements) {
        fmt::print("  {}: entry {}\n", what, printable(leaf.text));
    }
}

Exit exit_of_word(const std::string& word) {
    if (word == "same") return Exit::ok;
    return word == "differs" ? Exit::conflict : Exit::incomplete;
}

Exit verify(const SealedArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("sealed verify", service.error());
    std::string target = "/v1/checks/" + net::percent_encode(args.id) + "/verification";
    if (!args.from.empty()) target += "?from=" + net::percent_encode(args.from);
    if (!args.until.empty()) {
        target += (args.from.empty() ? "?until=" : "&until=") + net::percent_encode(args.until);
    }
    const auto answered = ask_json(*service, net::Method::get, target);
    if (!answered) return report_record("sealed verify", args.id, answered.error());
    const formats::Json& json = answered->json;
    const Exit exit = exit_of_word(member(json, "word"));
    if (args.common.json) {
        fmt::print("{}", answered->text);
        return exit;
    }
    const formats::Json& stated = *json.find("stated");
    const formats::Json& found = *json.find("found");
    fmt::print("check {} of {}, asked again: {}\n", member(json, "id"), member(json, "party"),
               exit == Exit::ok         ? "the same"
               : exit == Exit::conflict ? "it differs"
                                        : "not all of it can be compared");
    const std::string verdict = member(json, "verdict"), again = member(found, "verdict");
    fmt::print("  stated {}{}: {}\n", member(stated, "verdict"),
               again.empty() ? "" : ", the register alone says " + again,
               verdict == "same"      ? "the same"
               : verdict == "differs" ? "differs"
                                      : "not compared");
    fmt::print("  stated {} touched, {} of those listed found again\n", member(stated, "touched"),
               member(json, "agreed"));
    print_leaves(json, "not_found", "stated and not found");
    print_leaves(json, "not_stated", "found and not stated");
    print_leaves(json, "not_read", "stated and not compared");
    for (const formats::Json& one : json.find("reasons")->elements) {
        fmt::print("  not compared: {}\n", member(one, "text"));
    }
    const formats::Json& window = *json.find("window");
    fmt::print("{} of {} sealed entries of {} from entry {} up to {} stay unopened here\n",
               member(window, "unopened"), member(window, "sealed"), member(json, "party"),
               member(window, "from"), member(window, "until"));
    return exit;
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
    app = verb(*sealed, "verify",
               "Ask one again as of the heads it names; count what its author leaves unopened",
               "entente sealed verify mzxw6ytbmzxw6ytb --data reg", args.common);
    app->add_option("ID", args.id, "The sealed check")->required();
    app->add_option("--from", args.from,
                    "Count sealed entries of its author's log from this one on");
    app->add_option("--until", args.until, "And before this one; default: the check's own");
    app->callback([&] { run = [&] { return verify(args); }; });
}

}  // namespace entente::cli

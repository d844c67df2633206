// SPDX-License-Identifier: Apache-2.0
// `entente recall` and `entente hold`: taking back what was released, and keeping what another
// party may take back. Both ask the node that serves the directory, or the same API in this
// process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"

namespace entente::cli {
namespace {

struct RecallArgs {
    Common common;
    std::vector<std::string> records;
    std::string from;
    std::string reason;
    bool coarse = false;
};

struct HoldArgs {
    Common common;
    std::string record;
    std::string because;
    std::string text;
    bool lift = false;
};

Result<void> recall_from(const RecallArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    std::string ids;
    for (const std::string& id : args.records) {
        ids += (ids.empty() ? "" : ",") + formats::quote_json(id);
    }
    TRY(answered,
        ask_json(service, net::Method::post, "/v1/recalls",
                 fmt::format("{{\"records\":[{}],\"from\":{},\"coarse\":{},\"reason\":{}}}", ids,
                             formats::quote_json(args.from), args.coarse ? "true" : "false",
                             formats::quote_json(args.reason))));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::string beyond;
    for (const formats::Json& word : answered.json.find("beyond_reach")->elements) {
        beyond += (beyond.empty() ? "" : ", ") + word.text;
    }
    fmt::print(
        "recalled from {}; it is durable, and {} is asked with the next sync. What it did "
        "stands in `entente peer status`: purged, held or refused\n"
        "beyond reach of a recall: {}\n",
        args.from, args.from, beyond);
    return {};
}

Result<void> hold_record(const HoldArgs& args) {
    if (args.lift != args.because.empty() || args.lift != args.text.empty()) {
        return fail(Errc::malformed, "give --because and --text, or --lift alone");
    }
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    TRY(answered,
        ask_json(service, net::Method::post, "/v1/holds",
                 args.lift ? fmt::format("{{\"record\":{}}}", formats::quote_json(args.record))
                           : fmt::format("{{\"record\":{},\"because\":{},\"text\":{}}}",
                                         formats::quote_json(args.record),
                                         formats::quote_json(args.because),
                                         formats::quote_json(args.text))));
    if (args.common.json) {
        fmt::print("{}", answered.text);
    } else if (args.lift) {
        fmt::print("{} is not held any longer; recalls of it are answered anew\n", args.record);
    } else {
        fmt::print("{} is kept if its author recalls it, who is then told: {}\n", args.record,
                   args.because == "refusal" ? args.text : args.because + ": " + args.text);
    }
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

void add_recall(CLI::App& root, Run& run) {
    static RecallArgs recall_args;
    static HoldArgs hold_args;
    CLI::App* recall =
        verb(root, "recall", "Ask a party to destroy what it was given",
             "entente recall gd3vo6m2czvokjwo --from ru --coarse --data reg", recall_args.common);
    recall->add_option("ID", recall_args.records, "Own records")->required();
    recall->add_option("--from", recall_args.from, "The party")->required();
    recall->add_flag("--coarse", recall_args.coarse,
                     "Leave it class, contact and an area; needed while the record is in force");
    recall->add_option("--reason", recall_args.reason, "Why, for that party");
    recall->callback([&] { run = [] { return done("recall", recall_from(recall_args)); }; });
    CLI::App* hold =
        verb(root, "hold", "Keep another party's record though it may be recalled",
             "entente hold gd3vo6m2czvokjwo --because incident --text \"report 7\" --data reg",
             hold_args.common);
    hold->add_option("ID", hold_args.record, "The record")->required();
    hold->add_option("--because", hold_args.because,
                     "incident, dispute or activity: kept out of use; refusal: kept in use");
    hold->add_option("--text", hold_args.text, "What that is; its author is told");
    hold->add_flag("--lift", hold_args.lift, "Not any longer");
    hold->callback([&] { run = [] { return done("hold", hold_record(hold_args)); }; });
}

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// `entente peer status`, `entente release`, `entente receipts`: how it stands with the other
// parties, what is given to them, and what they acknowledged. All of them ask the node that serves
// the directory, or the same API in this process.
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

std::string texts_of(const formats::Json* list) {
    std::string out;
    if (list == nullptr) return out;
    for (const formats::Json& one : list->elements) {
        if (!out.empty()) out += "; ";
        out += member(one, "code") + ": " + member(one, "text");
    }
    return out;
}

Result<void> print_peers(const Common& common) {
    TRY(service, Service::open(common, {}));
    TRY(answered, ask_json(service, net::Method::get, "/v1/peers"));
    if (common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> remarks;
    const formats::Json* peers = answered.json.find("peers");
    for (const formats::Json& one : peers->elements) {
        const std::string party = member(one, "party");
        rows.push_back({party, member(one, "held") + " of " + member(one, "newest"),
                        member(one, "final"), member(one, "age_s"), member(one, "received"),
                        member(one, "given"),
                        member(one, "acknowledged") + " " + member(one, "rung")});
        const std::string missing = texts_of(one.find("missing"));
        const std::string misdeeds = texts_of(one.find("misdeeds"));
        if (!missing.empty()) remarks.push_back(party + " is missing " + missing);
        if (!misdeeds.empty()) remarks.push_back(party + " did " + misdeeds);
    }
    print_table({"party", "entries held", "final", "age s", "received", "given", "acknowledged"},
                rows);
    for (const std::string& remark : remarks) fmt::print("{}\n", remark);
    return {};
}

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
    static Common peer_args, receipt_args;
    static ReleaseArgs release_args;
    CLI::App* peer = root.add_subcommand("peer", "The other parties' nodes");
    peer->require_subcommand(1);
    verb(*peer, "status", "How it stands with each: what is held, how old, what is missing and why",
         "entente peer status --data reg", peer_args)
        ->callback([&] { run = [] { return done("peer status", print_peers(peer_args)); }; });
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

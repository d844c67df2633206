// SPDX-License-Identifier: Apache-2.0
// `entente release`, `entente receipts`, `entente receipt give`: what is given to other parties,
// what they acknowledged, and what persons here did with what was given to us. All ask the node
// that serves the directory, or the same API in this process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/ask.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "net/target.h"
#include "statement/receipt.h"

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

struct ReceiptsArgs {
    Common common;
    std::string record;
};

/// "MISMATCH", "OVERDUE" and what else a person must see at once.
std::string standing(const formats::Json& ladder) {
    std::string out;
    const auto add = [&](const char* key, const std::string& word) {
        if (member(ladder, key) == "yes") out += (out.empty() ? "" : ", ") + word;
    };
    add("differs", "MISMATCH");
    add("refused", "REFUSED");
    const std::string due = member(ladder, "due");
    add("overdue", due.empty() ? "OVERDUE" : "OVERDUE since " + due);
    const std::string voided = member(ladder, "voided");
    if (!voided.empty() && voided != "0") {
        out += (out.empty() ? "" : ", ") + voided + " receipts for earlier versions are void";
    }
    return out;
}

std::string remark(const formats::Json& step) {
    std::string out = member(step, "reason");
    const auto add = [&](const std::string& words) { out += (out.empty() ? "" : "; ") + words; };
    const std::string apart = member(step, "apart_m");
    if (!apart.empty()) {
        add(apart + " m apart" + (member(step, "differs") == "yes" ? " MISMATCH" : ""));
    }
    if (const formats::Json* near = step.find("near")) {
        statement::ReadBack read;
        read.near = member(*near, "name");
        read.distance = {static_cast<std::int64_t>(10 * number(*near, "distance_m"))};
        read.bearing = static_cast<int>(number(*near, "bearing_deg"));
        add("read as " + statement::near_text(read));
    }
    return out;
}

/// Each record's ladder with each party.
void print_ladders(const formats::Json& ladders) {
    for (const formats::Json& ladder : ladders.elements) {
        const std::string says = standing(ladder);
        fmt::print("\n{} version {} ({} to {}): {}{}\n", member(ladder, "record"),
                   member(ladder, "version"), member(ladder, "tier"), member(ladder, "party"),
                   member(ladder, "rung"), says.empty() ? "" : "; " + says);
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& step : ladder.find("steps")->elements) {
            const std::string voice = member(step, "voice");
            rows.push_back({member(step, "rung"), member(step, "unit"), member(step, "time"),
                            member(step, "actor"), voice.empty() ? "" : "by voice: " + voice,
                            remark(step)});
        }
        if (!rows.empty()) print_table({"rung", "unit", "time", "by", "voice", "remark"}, rows);
    }
}

Result<void> print_receipts(const ReceiptsArgs& args) {
    TRY(service, Service::open(args.common, {}));
    const std::string query =
        args.record.empty() ? "" : "?record=" + net::percent_encode(args.record);
    TRY(answered, ask_json(service, net::Method::get, "/v1/receipts" + query));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    if (args.record.empty()) {
        std::vector<std::vector<std::string>> rows;
        for (const formats::Json& one : answered.json.find("receipts")->elements) {
            const std::string list = member(one, "list");
            rows.push_back({member(one, "from"), member(one, "rung"),
                            list.empty() ? "single statements" : "all up to " + list,
                            member(one, "unit"), member(one, "time"), member(one, "leaf")});
        }
        print_table({"from", "rung", "of", "unit", "time", "leaf"}, rows);
    }
    print_ladders(*answered.json.find("records"));
    for (const formats::Json& one : answered.json.find("deposits")->elements) {
        const std::string fetched = member(one, "fetched");
        fmt::print(
            "{} was not reached: what is released to it up to {} waits with {} since {}, {}\n",
            member(one, "party"), member(one, "list"), member(one, "with"), member(one, "held"),
            fetched.empty() ? "not fetched yet" : "fetched by it " + fetched);
    }
    return {};
}

struct GiveArgs {
    Common common;
    std::vector<std::string> records;
    std::string all_of;
    std::vector<std::string> except;
    std::string rung;
    std::string unit;
    std::string voice;
    std::string reason;
    std::vector<std::string> coordinates;
};

Result<void> give_receipt(const GiveArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    formats::JsonOut out;
    const auto texts = [&](const char* key, const std::vector<std::string>& all) {
        if (all.empty()) return;
        out.name(std::string_view(key));
        out.array([&] {
            for (const std::string& one : all) out.value(one);
        });
    };
    const auto text = [&](const char* key, const std::string& value) {
        if (!value.empty()) out.member(key, value);
    };
    out.object([&] {
        texts("records", args.records);
        text("all_of", args.all_of);
        texts("except", args.except);
        out.member("rung", args.rung);
        text("unit", args.unit);
        text("voice", args.voice);
        text("reason", args.reason);
        texts("coordinates", args.coordinates);
    });
    TRY(answered, ask_json(service, net::Method::post, "/v1/receipts", out.text()));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    fmt::print("{} said to {}: entry {}; it is durable, and {} hears with the next sync\n",
               args.rung, member(answered.json, "to"), member(answered.json, "entry"),
               member(answered.json, "to"));
    for (const formats::Json& one : answered.json.find("loaded")->elements) {
        if (member(one, "differs") != "yes") continue;
        fmt::print(
            "MISMATCH: what came back of {} lies {} m from the place in the statement; look "
            "at the system it was loaded into, and give the receipt again\n",
            member(one, "record"), member(one, "apart_m"));
    }
    return {};
}

struct StuckArgs {
    Common common;
    int hours = 24;
    bool ours = false;
    bool theirs = false;
};

void print_stuck_list(const formats::Json& answer, const char* list, const char* party) {
    std::vector<std::vector<std::string>> rows;
    for (const formats::Json& one : answer.find(list)->elements) {
        const std::string from = member(one, "protects_from");
        const bool now = from == member(answer, "now");
        rows.push_back({member(one, "record"), member(one, "leg"), member(one, "class"),
                        member(one, "name"), member(one, "party"), member(one, "tier"),
                        member(one, "rung"), now ? "now" : from, standing(one)});
    }
    print_table({"record", "leg", "class", "name", party, "tier", "stuck at", "protects", ""},
                rows);
}

/// What was told here first: that is this duty officer's own to pass down.
Result<void> print_stuck(const StuckArgs& args) {
    TRY(service, Service::open(args.common, {}));
    TRY(answered,
        ask_json(service, net::Method::get, "/v1/stuck?hours=" + std::to_string(args.hours)));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    const bool both = args.ours == args.theirs;
    if (both || args.theirs) {
        if (answered.json.find("theirs")->elements.empty()) {
            fmt::print(
                "Theirs: of what protects within {} h and was released to us, our units "
                "have confirmed all.\n",
                args.hours);
        } else {
            fmt::print("Theirs, released to us, and no unit of ours has confirmed it:\n");
            print_stuck_list(answered.json, "theirs", "of");
        }
    }
    if (both) fmt::print("\n");
    if (both || args.ours) {
        if (answered.json.find("ours")->elements.empty()) {
            fmt::print(
                "Ours: of what protects within {} h and was released, their units have "
                "confirmed all.\n",
                args.hours);
        } else {
            fmt::print("Ours, released to others, and no unit of theirs has confirmed it:\n");
            print_stuck_list(answered.json, "ours", "party");
        }
        for (const formats::Json& one : answered.json.find("untold")->elements) {
            fmt::print("NOT TOLD: {} of ours protect within {} h and were never released to {}\n",
                       member(one, "count"), args.hours, member(one, "party"));
        }
    }
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

void add_give(CLI::App& receipt, GiveArgs& args) {
    CLI::App* app = verb(receipt, "give", "Say to its author what was done with a record here",
                         "entente receipt give gd3vo6m2czvokjwo --rung passed --unit TACC --data "
                         "reg",
                         args.common);
    app->add_option("ID", args.records, "Another party's records, in their newest versions");
    app->add_option("--all-of", args.all_of, "Instead: all that this party released so far");
    app->add_option("--except", args.except, "Then all but these records");
    app->add_option("--rung", args.rung,
                    "loaded into a system, passed to a unit, confirmed by it, or refused")
        ->required()
        ->check(CLI::IsMember({"loaded", "passed", "confirmed", "refused"}));
    app->add_option("--unit", args.unit, "The role that it went to, or that confirms");
    app->add_option("--voice", args.voice, "Who passed the word, where it came by voice");
    app->add_option("--reason", args.reason, "Why it is refused");
    app->add_option("--coordinates", args.coordinates,
                    "LAT,LON as it came back from the system it was loaded into; for each record "
                    "in turn");
}

}  // namespace

void add_exchange(CLI::App& root, Run& run) {
    static ReceiptsArgs receipts_args;
    static GiveArgs give_args;
    static ReleaseArgs release_args;
    static StuckArgs stuck_args;
    CLI::App* give = verb(root, "release", "Give records to another party",
                          "entente release gd3vo6m2czvokjwo --to ru --tier coarse --data reg",
                          release_args.common);
    give->add_option("ID", release_args.records, "Own records")->required();
    give->add_option("--to", release_args.to, "The party")->required();
    give->add_option("--tier", release_args.tier, "exact, or coarse: class, contact and an area");
    give->callback([&] { run = [] { return done("release", release_to(release_args)); }; });
    CLI::App* heard = verb(root, "receipts", "What other parties acknowledged",
                           "entente receipts gd3vo6m2czvokjwo --data reg", receipts_args.common);
    heard->add_option("ID", receipts_args.record, "Only of this record");
    heard->callback([&] { run = [] { return done("receipts", print_receipts(receipts_args)); }; });
    CLI::App* low = verb(root, "stuck", "What protects soon and no unit has confirmed yet",
                         "entente stuck --hours 24 --data reg", stuck_args.common);
    low->add_option("--hours", stuck_args.hours, "How far ahead")->check(CLI::Range(1, 720));
    low->add_flag("--theirs", stuck_args.theirs, "Only what others released to us");
    low->add_flag("--ours", stuck_args.ours, "Only what we released to others");
    low->callback([&] { run = [] { return done("stuck", print_stuck(stuck_args)); }; });
    CLI::App* receipt = root.add_subcommand("receipt", "What was done with what others released");
    receipt->require_subcommand(1);
    add_give(*receipt, give_args);
    receipt->get_subcommand("give")->callback(
        [&] { run = [] { return done("receipt give", give_receipt(give_args)); }; });
    add_sheets(*receipt, run);
}

}  // namespace entente::cli

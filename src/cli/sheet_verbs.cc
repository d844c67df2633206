// SPDX-License-Identifier: Apache-2.0
// `entente receipt sheet`, `entente receipt code`: what others protect, on paper for a unit, and
// the code that the unit reads back from it. Both ask the node that serves the directory, or the
// same API in this process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/printable.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "formats/json_out.h"

namespace entente::cli {
namespace {

struct SheetArgs {
    Common common;
    std::vector<std::string> records;
    bool stuck = false;
    std::string unit;
    int hours = 24;
    std::string out;
};

/// What `entente stuck --theirs` lists, each record once, in its order.
Result<std::vector<std::string>> stuck_here(Service& service) {
    TRY(answered, ask_json(service, net::Method::get, "/v1/stuck"));
    std::vector<std::string> out;
    for (const formats::Json& one : answered.json.find("theirs")->elements) {
        const std::string id = member(one, "record");
        if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    }
    if (out.empty()) return fail(Errc::not_found, "nothing that was released to us waits");
    return out;
}

Result<void> print_sheet(SheetArgs args) {
    if (args.records.empty() != args.stuck) {
        return fail(Errc::malformed, "records, or --stuck for all that wait here");
    }
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    if (args.stuck) {
        TRY(waiting, stuck_here(service));
        args.records = std::move(waiting);
    }
    formats::JsonOut wish;
    wish.object([&] {
        wish.name("records");
        wish.array([&] {
            for (const std::string& one : args.records) wish.value(one);
        });
        wish.member("unit", args.unit);
        wish.member("hours", std::int64_t{args.hours});
    });
    TRY(answered, ask_json(service, net::Method::post, "/v1/sheets", wish.text()));
    if (args.common.json) {
        fmt::print("{}", answered.text);
    } else {
        const std::string text = as_it_came(answered.json, "text");
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            fmt::print("{}\n", printable(std::string_view(text).substr(at, end - at)));
            at = end + 1;
        }
    }
    if (args.out.empty()) return {};
    return write_new_file(args.out, as_it_came(answered.json, "html"));
}

struct CodeArgs {
    Common common;
    std::string code;
    std::string voice;
};

Result<void> read_back(const CodeArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    formats::JsonOut wish;
    wish.object([&] {
        wish.member("code", args.code);
        if (!args.voice.empty()) wish.member("voice", args.voice);
    });
    TRY(answered, ask_json(service, net::Method::post, "/v1/sheets/codes", wish.text()));
    if (args.common.json) {
        fmt::print("{}", answered.text);
        return {};
    }
    const std::string unit = member(answered.json, "unit");
    for (const formats::Json& one : answered.json.find("receipts")->elements) {
        fmt::print("{} {} {} said to {}: {} on the sheet; entry {}\n", member(one, "rung"),
                   member(one, "rung") == "passed" ? "to" : "by", unit, member(one, "to"),
                   member(one, "statements"), member(one, "entry"));
    }
    fmt::print(
        "It is durable; the others hear with the next sync. It proves that the sheet {} is "
        "with {}, not that it was understood.\n",
        member(answered.json, "sheet"), unit);
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

void add_sheets(CLI::App& receipt, Run& run) {
    static SheetArgs sheet_args;
    static CodeArgs code_args;
    CLI::App* sheet =
        verb(receipt, "sheet", "Print for a unit what others protect, with a code to read back",
             "entente receipt sheet gd3vo6m2czvokjwo --unit TACC --out tacc.html "
             "--data reg",
             sheet_args.common);
    sheet->add_option("ID", sheet_args.records, "Other parties' records, in their newest versions");
    sheet->add_flag("--stuck", sheet_args.stuck, "Instead: all that entente stuck --theirs lists");
    sheet->add_option("--unit", sheet_args.unit, "The role that it goes to")->required();
    sheet->add_option("--hours", sheet_args.hours, "How long its code is good")
        ->check(CLI::Range(1, 168));
    sheet->add_option("--out", sheet_args.out,
                      "A new file for the same as a page that prints on A4");
    sheet->callback([&] { run = [] { return done("receipt sheet", print_sheet(sheet_args)); }; });
    CLI::App* code =
        verb(receipt, "code",
             "Enter the code that a unit reads back from its sheet: passed, and "
             "confirmed by it",
             "entente receipt code 7KX3-M9RD --voice \"watch TACC\" --data reg", code_args.common);
    code->add_option("CODE", code_args.code, "As in XXXX-XXXX")->required();
    code->add_option("--voice", code_args.voice, "Who passed the word, where it came by voice");
    code->callback([&] { run = [] { return done("receipt code", read_back(code_args)); }; });
}

}  // namespace entente::cli

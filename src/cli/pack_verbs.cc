// SPDX-License-Identifier: Apache-2.0
// `entente pack` and `entente unpack`: the exchange by file, where no line is. Both ask the node
// that serves the directory, or the same API in this process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/limits.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "net/target.h"
#include "store/files.h"

namespace entente::cli {
namespace {

struct PackArgs {
    Common common;
    std::string to;
    std::string out;
    bool whole = false;
};

struct UnpackArgs {
    Common common;
    std::vector<std::string> files;
};

/// `out`, then `out.2`, `out.3`, …
std::string name_of_part(const std::string& out, unsigned part) {
    return part == 1 ? out : fmt::format("{}.{}", out, part);
}

Result<void> write_packs(const PackArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    std::vector<std::string> written;
    for (unsigned part = 1;; ++part) {
        const std::string file = name_of_part(args.out, part);
        if (std::error_code error; std::filesystem::exists(file, error)) {
            return fail(Errc::refused, file + " is there already; give another --out");
        }
        net::Request request;
        request.method = net::Method::post;
        request.target = fmt::format("/v1/packs?to={}&part={}{}", net::percent_encode(args.to),
                                     part, args.whole ? "&whole=true" : "");
        TRY(response, service.ask(std::move(request)));
        TRYV(store::write_atomically(store::os_files(), file, response.bytes()));
        written.push_back(file);
        if (!args.common.json) {
            fmt::print("{}: {} bytes, sealed to {}\n", file, grouped(response.bytes().size()),
                       args.to);
        }
        if (header(response, "Link").empty()) break;
    }
    if (args.common.json) {
        std::string names;
        for (const std::string& file : written) {
            names += (names.empty() ? "" : ",") + formats::quote_json(file);
        }
        fmt::print("{{\"to\":{},\"files\":[{}]}}\n", formats::quote_json(args.to), names);
    } else {
        fmt::print("carry {} to {}, who takes {} in with: entente unpack {}\n",
                   written.size() == 1 ? "it" : "them", args.to,
                   written.size() == 1 ? "it" : "them", fmt::join(written, " "));
    }
    return {};
}

/// All of them, also where one was refused; the first refusal is the verb's.
Result<void> take_packs(const UnpackArgs& args) {
    TRY(service, Service::open(args.common, {Access::write, false, {}}));
    Result<void> out;
    const auto keep = [&](const std::string& file, const Error& error) {
        if (out) out = at(file, error);
    };
    for (const std::string& file : args.files) {
        TRY(bytes, read_file(file, limits::pack_bytes_max));
        net::Request request;
        request.method = net::Method::post;
        request.target = "/v1/unpack";
        request.content_type = "application/octet-stream";
        request.body = std::move(bytes);
        auto response = service.ask(std::move(request));
        if (!response) {
            keep(file, response.error());
            continue;
        }
        TRY(json, formats::parse_json(response->bytes(), response->bytes().size()));
        if (args.common.json) {
            fmt::print("{}", response->bytes());
        } else {
            fmt::print("{}: from {}, made {}: {} new entries, {} new releases\n", file,
                       member(json, "from"), member(json, "made"), member(json, "entries"),
                       member(json, "releases"));
        }
        if (const std::string trouble = member(json, "trouble"); !trouble.empty()) {
            keep(file, {Errc::refused, "not all of it could be taken in: " + trouble});
        }
    }
    return out;
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

void add_packs(CLI::App& root, Run& run) {
    static PackArgs pack_args;
    static UnpackArgs unpack_args;
    CLI::App* app = verb(
        root, "pack", "Write what another party has not got yet into a file for a stick or a mail",
        "entente pack --to ru --out for-ru.pack --data reg", pack_args.common);
    app->add_option("--to", pack_args.to, "The party")->required();
    app->add_option("--out", pack_args.out, "A new file; what does not fit goes into FILE.2, …")
        ->required()
        ->type_name("FILE");
    app->add_flag("--whole", pack_args.whole,
                  "Everything from the beginning on, whatever the party is known to have");
    app->callback([&] { run = [] { return done("pack", write_packs(pack_args)); }; });
    app = verb(root, "unpack", "Take in what another party packed for this one",
               "entente unpack from-msf.pack --data reg", unpack_args.common);
    app->add_option("FILE", unpack_args.files, "In the order of their parts")->required();
    app->callback([&] { run = [] { return done("unpack", take_packs(unpack_args)); }; });
}

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
// `entente audit`: who read which exact position and who changed what about people; and whether the
// chain of lines holds together, which is worked out here and not believed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/encode.h"
#include "cli/ask.h"
#include "cli/bind.h"
#include "formats/json_out.h"
#include "people/audit.h"

namespace entente::cli {
namespace {

using people::AuditLine;

struct AuditArgs {
    Common common;
    std::uint64_t after = 0;
    std::string format = "table";
    std::string head;  // SEQ:HASH, noted at an earlier time
};

/// Every page after `after`, one call of `page` each.
Result<void> each_page(Service& service, std::uint64_t after, const std::string& accept,
                       const std::function<Result<void>(const std::string&)>& page) {
    std::string cursor = std::to_string(after);
    while (!cursor.empty()) {
        TRY(response, service.get("/v1/audit?limit=1000&after=" + cursor, accept));
        TRYV(page(response.bytes()));
        cursor = header(response, "Entente-Next");
    }
    return {};
}

Result<void> print_as_table(Service& service, std::uint64_t after) {
    std::vector<std::vector<std::string>> rows;
    TRYV(
        each_page(service, after, "application/json", [&](const std::string& text) -> Result<void> {
            TRY(json, formats::parse_json(text, text.size()));
            const formats::Json* lines = json.find("lines");
            if (lines == nullptr) return fail(Errc::unavailable, "the node gave no lines");
            for (const formats::Json& one : lines->elements) {
                const formats::Json* records = one.find("records");
                const std::size_t count = records != nullptr ? records->elements.size() : 0;
                std::string what = member(one, "what");
                if (count == 1) what = records->elements.front().text;
                if (count > 1) what = grouped(count) + " records";
                rows.push_back({member(one, "seq"), member(one, "time"), member(one, "who"),
                                member(one, "how"), member(one, "act"), what, member(one, "why")});
            }
            return {};
        }));
    print_table({"line", "time", "who", "how", "did", "what", "why"}, rows);
    return {};
}

Exit audit_list(const AuditArgs& args) {
    auto service = Service::open(args.common, {});
    if (!service) return report("audit list", service.error());
    const bool csv = args.format == "csv";
    const auto print = [](const std::string& text) {
        fmt::print("{}", text);
        return Result<void>();
    };
    const auto done =
        csv || args.common.json
            ? each_page(*service, args.after, csv ? "text/csv" : "application/x-ndjson", print)
            : print_as_table(*service, args.after);
    return done ? Exit::ok : report("audit list", done.error());
}

struct Head {
    std::uint64_t seq = 0;
    Hash hash;
};

Result<Head> parse_head(const std::string& text) {
    Head out;
    const std::size_t colon = text.find(':');
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.seq);
    if (error != std::errc() || end != text.data() + colon) {
        return fail(Errc::malformed, "--head: NUMBER:HASH, as `entente audit verify` prints it");
    }
    TRY(bytes, from_hex(text.substr(colon + 1)));
    if (bytes.size() != out.hash.bytes.size()) {
        return fail(Errc::malformed, "--head: a hash has 64 hexadecimal digits");
    }
    out.hash = Hash::from(bytes);
    return out;
}

Result<AuditLine> line_of(std::string_view text) {
    TRY(json, formats::parse_json(text, text.size()));
    AuditLine out;
    const std::string seq = member(json, "seq");
    (void)std::from_chars(seq.data(), seq.data() + seq.size(), out.seq);
    out.bytes = as_it_came(json, "line");
    TRY(hash, hash_from_base64(member(json, "hash")));
    out.hash = hash;
    return out;
}

/// The newest line, once all hold together and the head that was noted is among them.
Result<AuditLine> verified(Service& service, const std::optional<Head>& noted) {
    AuditLine last;
    bool met = !noted || noted->seq == 0;
    const auto page = [&](std::string_view text) -> Result<void> {
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            TRY(line, line_of(text.substr(0, end)));
            TRYV(people::follows(last, line));
            if (noted && line.seq == noted->seq) {
                if (line.hash != noted->hash) {
                    return fail(Errc::bad_proof, "audit line " + std::to_string(line.seq) +
                                                     " is another than the one that was noted; "
                                                     "lines up to it were changed");
                }
                met = true;
            }
            last = std::move(line);
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return {};
    };
    TRYV(each_page(service, 0, "application/x-ndjson", page));
    if (!met) {
        return fail(Errc::bad_proof, "the audit ends with line " + std::to_string(last.seq) +
                                         ", before the one that was noted; lines were cut off");
    }
    return last;
}

Exit audit_verify(const AuditArgs& args) {
    std::optional<Head> noted;
    if (!args.head.empty()) {
        const auto head = parse_head(args.head);
        if (!head) return report("audit verify", head.error());
        noted = *head;
    }
    auto service = Service::open(args.common, {});
    if (!service) return report("audit verify", service.error());
    const auto last = verified(*service, noted);
    if (!last) return report("audit verify", last.error());
    const std::string head = std::to_string(last->seq) + ":" + to_hex(last->hash.view());
    if (args.common.json) {
        formats::JsonOut out;
        out.object([&] {
            out.member("lines", last->seq);
            out.member("head", head);
        });
        fmt::print("{}\n", out.text());
        return Exit::ok;
    }
    fmt::print("{} lines hold together\n", grouped(last->seq));
    fmt::print("head {}\n", head);
    fmt::print("Note the head elsewhere: with --head it shows later whether lines were cut off.\n");
    return Exit::ok;
}

}  // namespace

void add_audit(CLI::App& root, Run& run) {
    auto args = std::make_shared<AuditArgs>();
    CLI::App* group = root.add_subcommand("audit", "Who read which exact position, and when");
    group->require_subcommand(1);
    CLI::App* list = verb(*group, "list", "List the audit, or export it",
                          "entente audit list --data reg --format csv", args->common);
    list->add_option("--after", args->after, "Only lines after this one");
    list->add_option("--format", args->format, "table or csv; --json gives one object a line")
        ->check(CLI::IsMember({"table", "csv"}));
    list->callback([args, &run] { run = [args] { return audit_list(*args); }; });
    CLI::App* verify = verb(*group, "verify", "Verify that no line was changed or taken out",
                            "entente audit verify --data reg --head 812:9f86d081...", args->common);
    verify->add_option("--head", args->head, "What an earlier verify printed")
        ->type_name("NUMBER:HASH");
    verify->callback([args, &run] { run = [args] { return audit_verify(*args); }; });
}

}  // namespace entente::cli

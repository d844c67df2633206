// SPDX-License-Identifier: Apache-2.0
// `entente evidence` and `entente verify`: one file that proves what was told to whom, and its
// verification with nothing but the charter. Verifying needs no register, node or network.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <set>

#include "base/encode.h"
#include "base/printable.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "cli/service.h"
#include "evidence/limits.h"
#include "evidence/page.h"
#include "evidence/words.h"
#include "formats/json_out.h"
#include "store/files.h"

namespace entente::cli {
namespace {

struct EvidenceArgs {
    Common common;
    std::string id;
    std::string out;
    std::string show = "exact";
    std::string html;
};

struct VerifyArgs {
    Common common;
    std::string file;
    std::vector<std::string> charters;
    std::string html;
};

Result<Bytes> make_file(const EvidenceArgs& args) {
    TRY(id, RecordId::parse(args.id));
    TRY(service, Service::open(args.common, {}));
    TRY(response, service.get("/v1/protections/" + id.text() + "/evidence?show=" + args.show, ""));
    return Bytes(response.bytes());
}

Result<void> write_page(const std::string& path, const evidence::Report& report) {
    if (path.empty()) return {};
    return store::write_atomically(store::os_files(), path, evidence::page(report));
}

std::string json_of(const evidence::Report& report) {
    formats::JsonOut out;
    out.object([&] {
        out.member("verified", true);
        out.member("record", report.file.record.text());
        out.member("author", report.author.v);
        out.member("charter", report.file.charter);
        out.member("exercise", report.facts.charter.exercise);
        out.name("lines");
        out.array([&] {
            for (const evidence::Line& line : report.lines) {
                out.object([&] {
                    out.member("standing", evidence::name(line.standing));
                    out.member("code", line.code);
                    out.member("text", line.text);
                    out.member("by", line.by);
                    out.name("rests_on");
                    out.array([&] {
                        for (const Hash& leaf : line.rests_on) out.value(to_base64(leaf.view()));
                    });
                });
            }
        });
    });
    return std::move(out).text();
}

void print_lines(const evidence::Report& report) {
    const std::pair<evidence::Standing, const char*> parts[] = {
        {evidence::Standing::proven, "proven, by signatures and hashes alone:"},
        {evidence::Standing::claimed, "only claimed, on the word of whom it names:"},
        {evidence::Standing::missing, "not in this file, which proves nothing about it:"}};
    fmt::print("{}evidence of record {} by {}, under charter {} version {}\n",
               report.facts.charter.exercise ? "EXERCISE: " : "", report.file.record.text(),
               report.author.v, report.file.charter, report.facts.charter.version);
    for (const auto& [standing, title] : parts) {
        fmt::print("\n{}\n", title);
        for (const evidence::Line& line : report.lines) {
            if (line.standing != standing) continue;
            fmt::print("  {}\n", line.text);
            if (!line.by.empty()) fmt::print("      by {}\n", line.by);
            for (const Hash& leaf : line.rests_on) {
                fmt::print("      leaf {}\n", to_base64(leaf.view()));
            }
        }
    }
}

/// Versions 1 to the one in force, as files.
std::vector<std::string> charter_paths(const DataDir& dir) {
    std::vector<std::string> out;
    for (std::uint32_t version = 1; version <= limits::charter_versions_max; ++version) {
        const std::string path = dir.charter_version(version);
        if (!std::filesystem::exists(path)) break;
        out.push_back(path);
    }
    if (out.empty()) out.push_back(dir.charter());
    return out;
}

Result<std::vector<std::string>> read_charters(const std::vector<std::string>& paths) {
    std::vector<std::string> out;
    for (const std::string& path : paths) {
        TRY(charter, read_charter_file(path));
        out.push_back(std::move(charter));
    }
    return out;
}

std::string names_of(const std::set<PartyId>& parties) {
    std::string out;
    for (const PartyId& one : parties) out += (out.empty() ? "" : ", ") + one.v;
    return out.empty() ? "nobody" : out;
}

void print_made(const EvidenceArgs& args, const evidence::Report& report, std::size_t versions) {
    std::set<PartyId> told, acknowledged, silent;
    for (const evidence::Told& one : report.told) told.insert(one.to);
    for (const evidence::Word& one : report.words) {
        if (!one.covers.empty()) acknowledged.insert(one.from);
        if (!one.lacks.empty()) silent.insert(one.from);
    }
    fmt::print("{} is written and verifies; {} says the same for people\n", args.out, args.html);
    fmt::print("  told: {}; acknowledged: {}; silent: {}\n", names_of(told), names_of(acknowledged),
               names_of(silent));
    fmt::print("  whoever gets them sees the record with {}\n",
               args.show == "head"     ? "no place in it"
               : args.show == "coarse" ? "its coarse area"
                                       : "everything that is known of it here (see --show)");
    std::string charter = " --charter charter.toml";
    if (versions > 1) charter = " --charter 1.toml --charter 2.toml ... (all versions in order)";
    fmt::print("verify anywhere: entente verify {}{}\n", args.out, charter);
}

Exit make(EvidenceArgs args) {
    const auto file = make_file(args);
    if (!file) return report("evidence", file.error());
    // Nothing leaves that would not verify where it arrives.
    const auto charters = read_charters(charter_paths(DataDir{args.common.data}));
    if (!charters) return report("evidence", charters.error());
    const auto verified = evidence::verify(*file, *charters);
    if (!verified) {
        return report("evidence", {Errc::unavailable,
                                   "what is here does not make a file that "
                                   "verifies: " +
                                       verified.error().detail});
    }
    if (args.html.empty()) args.html = args.out + ".html";
    auto written = store::write_atomically(store::os_files(), args.out, *file);
    if (written) written = write_page(args.html, *verified);
    if (!written) return report("evidence", written.error());
    if (args.common.json) {
        fmt::print("{}\n", json_of(*verified));
    } else {
        print_made(args, *verified, charters->size());
    }
    return Exit::ok;
}

Exit verify(const VerifyArgs& args) {
    const auto file = read_file(args.file, limits::evidence_bytes_max);
    if (!file) return report("verify", file.error());
    const auto charters = read_charters(args.charters);
    if (!charters) return report("verify", charters.error());
    const auto verified = evidence::verify(*file, *charters);
    if (!verified) {
        return report("verify", {verified.error().code,
                                 args.file + " is refused: " + printable(verified.error().detail)});
    }
    if (auto written = write_page(args.html, *verified); !written) {
        return report("verify", written.error());
    }
    if (args.common.json) {
        fmt::print("{}\n", json_of(*verified));
    } else {
        print_lines(*verified);
    }
    return Exit::ok;
}

}  // namespace

void add_evidence(CLI::App& root, Run& run) {
    auto made = std::make_shared<EvidenceArgs>();
    CLI::App* app =
        verb(root, "evidence", "Write one file that proves what was told of a record, and to whom",
             "entente evidence --data reg mzxw6ytbmzxw6ytb --out it.evidence", made->common);
    app->add_option("id", made->id, "The record")->required();
    app->add_option("--out", made->out, "The file to write")->required();
    app->add_option("--show", made->show, "The most that is shown of it: exact, coarse or head")
        ->check(CLI::IsMember({"exact", "coarse", "head"}));
    app->add_option("--html", made->html, "The page for people, which prints on A4")
        ->default_str("FILE.html");
    app->callback([&run, made] { run = [made] { return make(*made); }; });
    auto read = std::make_shared<VerifyArgs>();
    app = verb(root, "verify", "Verify an evidence file with the charter alone, offline",
               "entente verify it.evidence --charter charter.toml", read->common);
    app->get_option("--data")->required(false);
    app->add_option("file", read->file, "The evidence file")->required();
    app->add_option("--charter", read->charters,
                    "The charter; of a later version all from the first on, in order")
        ->required();
    app->add_option("--html", read->html, "Also a page for people, which prints on A4");
    app->callback([&run, read] { run = [read] { return verify(*read); }; });
}

}  // namespace entente::cli

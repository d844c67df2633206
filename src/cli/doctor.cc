// SPDX-License-Identifier: Apache-2.0
// `entente doctor`: clock, disk, keys, store, each with what to do.
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

#include <boost/json.hpp>
#include <filesystem>

#include "base/printable.h"
#include "cli/charter_files.h"
#include "cli/service.h"
#include "cli/verbs.h"
#include "formats/json.h"

namespace entente::cli {
namespace {

enum class Grade { good, look, bad };

struct Line {
    Grade grade;
    std::string what;
    std::string text;
};

constexpr std::uint64_t disk_free_min = 1ull << 30;

Line clock_line(Instant newest) {
    const Instant moment = now();
    if (newest > moment) {
        return {Grade::bad, "clock",
                fmt::format("it says {}, but a statement of {} is in the log; "
                            "set the clock right before anything is said",
                            format_rfc3339(moment), format_rfc3339(newest))};
    }
    timex state = {};
    const bool synchronised = adjtimex(&state) >= 0 && (state.status & STA_UNSYNC) == 0;
    if (!synchronised) {
        return {Grade::look, "clock",
                format_rfc3339(moment) +
                    "; the system does not say that it "
                    "is synchronised (chrony or systemd-timesyncd keep it right)"};
    }
    return {Grade::good, "clock", format_rfc3339(moment) + ", synchronised"};
}

Line disk_line(const std::string& path) {
    struct statvfs info = {};
    if (statvfs(path.c_str(), &info) != 0) return {Grade::bad, "disk", "cannot be asked"};
    const std::uint64_t free = std::uint64_t{info.f_bavail} * info.f_frsize;
    const std::string text = fmt::format("{} MB free", grouped(free >> 20));
    if (free < disk_free_min) {
        return {Grade::look, "disk", text + "; below 1,024 MB: make room before an import"};
    }
    return {Grade::good, "disk", text};
}

Line key_line(const char* what, const std::string& path, const char* role) {
    const auto key = read_key_if_there(path, role);
    if (!key) return {Grade::bad, what, key.error().detail};
    if (!*key) return {Grade::bad, what, path + " is missing; put it back"};
    return {Grade::good, what, path};
}

Line offline_line(const DataDir& dir) {
    std::error_code error;
    for (const std::string& path : {dir.root_key(), dir.root_next_key()}) {
        if (std::filesystem::exists(path, error)) {
            return {Grade::look, "root keys",
                    path + " is still here; take it offline and delete it here"};
        }
    }
    return {Grade::good, "root keys", "not on this machine"};
}

/// Newer versions of the charter that wait for people.
std::vector<Line> charter_lines(const DataDir& dir) {
    std::vector<Line> out;
    const auto file = read_charter_file(dir.charter());
    const auto charter = file ? statement::parse_charter(*file) : tl::unexpected(file.error());
    if (!charter) return out;  // the store's line says what is wrong
    for (const auto& one : waiting_versions(dir.path, charter->version)) {
        out.push_back({Grade::look, "charter", text_of(one, dir.path)});
    }
    return out;
}

Exit print(const std::vector<Line>& lines, bool json) {
    constexpr const char* words[] = {"good", "look", "BAD"};
    Grade worst = Grade::good;
    boost::json::array out;
    for (const Line& line : lines) {
        worst = std::max(worst, line.grade);
        const char* word = words[static_cast<int>(line.grade)];
        if (json)
            out.push_back({{"what", line.what}, {"grade", word}, {"text", line.text}});
        else
            fmt::print("{:5} {:10} {}\n", word, line.what, printable(line.text));
    }
    if (json) fmt::print("{}\n", formats::escape_unseen(boost::json::serialize(out)));
    return worst == Grade::bad ? Exit::failure : Exit::ok;
}

/// What the node that serves the register says of itself.
std::vector<Line> served_lines(Service& service) {
    const auto about = service.get("/v1/about", "application/json");
    if (!about) return {{Grade::bad, "node", about.error().detail}};
    boost::system::error_code error;
    const auto json = boost::json::parse(about->bytes(), error);
    const auto* object = error ? nullptr : json.if_object();
    if (object == nullptr) return {{Grade::bad, "node", "it gave no JSON about itself"}};
    auto number = [&](const char* key) {
        const auto* value = object->if_contains(key);
        return value != nullptr && value->is_int64() ? value->get_int64() : 0;
    };
    const auto* halted = object->if_contains("halted");
    std::vector<Line> out{{Grade::good, "node",
                           fmt::format("serves this register: {} entries, {} records; it verified "
                                       "every hash and body when it started",
                                       number("tree_size"), number("records"))}};
    if (halted != nullptr && halted->is_string() && !halted->get_string().empty()) {
        out.push_back({Grade::bad, "signer", std::string(halted->get_string())});
    }
    return out;
}

}  // namespace

Exit doctor(const DoctorArgs& args) {
    const DataDir dir{args.common.data};
    std::vector<Line> lines{disk_line(dir.path), key_line("vault key", dir.vault_key(), "vault"),
                            key_line("officer", dir.officer_key(), "officer"), offline_line(dir)};
    for (Line& line : charter_lines(dir)) lines.push_back(std::move(line));
    auto service = Service::open(args.common, {Access::read, true, {}});
    if (!service) {
        lines.push_back(clock_line(Instant::min()));
        lines.push_back({Grade::bad, "store", service.error().detail});
        return print(lines, args.common.json);
    }
    Session* session = service->session();
    if (session == nullptr) {
        lines.push_back(clock_line(Instant::min()));
        for (Line& line : served_lines(*service)) lines.push_back(std::move(line));
        return print(lines, args.common.json);
    }
    node::Node& node = session->node();
    lines.push_back(clock_line(node.newest()));
    const index::Size size = node.state().index.size();
    lines.push_back({Grade::good, "store",
                     fmt::format("{} entries, {} records, {} places; every hash and body verified",
                                 grouped(node.log().size().v), grouped(node.snapshot().size()),
                                 grouped(size.items))});
    if (node.halted() != node::reading_only)
        lines.push_back({Grade::bad, "signer", node.halted()});
    else
        lines.push_back({Grade::good, "signer", "its head is the store's"});
    if (node.snapshot().unplaced() > 0) {
        lines.push_back({Grade::bad, "register",
                         fmt::format("{} entries may protect something but show no place; every "
                                     "answer is incomplete",
                                     node.snapshot().unplaced())});
    }
    return print(lines, args.common.json);
}

}  // namespace entente::cli

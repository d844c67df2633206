// SPDX-License-Identifier: Apache-2.0
// GET /v1/audit: who read which exact position, and who changed what about people. As
// application/x-ndjson each line comes with the bytes that its hash is over, so that who reads them
// verifies the chain without believing this node.
#include <charconv>

#include "base/encode.h"
#include "formats/csv.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {
namespace {

using people::AuditLine;
using people::Reading;

constexpr std::uint64_t limit_default = 100;
constexpr std::uint64_t limit_max = 1000;

Result<std::uint64_t> number(const Target& target, const char* name, std::uint64_t absent,
                             std::uint64_t low, std::uint64_t high) {
    if (!target.has(name)) return absent;
    const std::string& text = target.value(name);
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out < low || out > high) {
        return fail(Errc::malformed, std::string(name) + ": a whole number from " +
                                         std::to_string(low) + " to " + std::to_string(high));
    }
    return out;
}

void line_object(formats::JsonOut& out, const AuditLine& line, const Reading& reading) {
    out.object([&] {
        out.member("seq", line.seq);
        out.member("time", format_rfc3339(reading.time));
        out.member("who", reading.who);
        out.member("how", reading.how);
        out.member("act", reading.act);
        out.member("what", reading.what);
        out.name("records");
        out.array([&] {
            for (const std::string& one : reading.records) out.value(one);
        });
        out.member("count", reading.count);
        out.member("why", reading.why);
        out.member("hash", to_base64(line.hash.view()));
    });
}

using Lines = std::vector<AuditLine>;

Result<std::string> as_json(const Lines& lines, bool more) {
    std::vector<Reading> readings;
    for (const AuditLine& line : lines) {
        TRY(reading, people::decode_reading(line.bytes));
        readings.push_back(std::move(reading));
    }
    formats::JsonOut out;
    out.object([&] {
        out.name("lines");
        out.array([&] {
            for (std::size_t i = 0; i < lines.size(); ++i) line_object(out, lines[i], readings[i]);
        });
        if (more) out.member("next", std::to_string(lines.back().seq));
    });
    return out.text() + "\n";
}

Result<std::string> as_ndjson(const Lines& lines, bool) {
    std::string all;
    for (const AuditLine& line : lines) {
        formats::JsonOut out;
        out.object([&] {
            out.member("seq", line.seq);
            out.member("line", line.bytes);
            out.member("hash", to_base64(line.hash.view()));
        });
        all += out.text() + "\n";
    }
    return all;
}

Result<std::string> as_csv(const Lines& lines, bool) {
    std::string out;
    if (!lines.empty() && lines.front().seq == 1) {
        out = "seq,time,who,how,act,what,records,count,why,hash\r\n";
    }
    for (const AuditLine& line : lines) {
        TRY(reading, people::decode_reading(line.bytes));
        std::string records;
        for (const std::string& one : reading.records)
            records += (records.empty() ? "" : " ") + one;
        const std::string cells[] = {std::to_string(line.seq),
                                     format_rfc3339(reading.time),
                                     reading.who,
                                     reading.how,
                                     reading.act,
                                     reading.what,
                                     records,
                                     std::to_string(reading.count),
                                     reading.why,
                                     to_hex(line.hash.view())};
        for (const std::string& cell : cells) {
            out += (&cell == cells ? "" : ",") + formats::csv_cell(cell);
        }
        out += "\r\n";
    }
    return out;
}

}  // namespace

Response list_audit(Api& api, const Call& call) {
    if (auto known = call.target.only({"after", "limit"}); !known) return problem(known.error());
    const auto after = number(call.target, "after", 0, 0, std::uint64_t{1} << 53);
    if (!after) return problem(after.error());
    const auto limit = number(call.target, "limit", limit_default, 1, limit_max);
    if (!limit) return problem(limit.error());
    auto lines = api.audit().lines(*after, *limit + 1);
    if (!lines) return problem(lines.error());
    const bool more = lines->size() > *limit;
    if (more) lines->pop_back();
    const bool ndjson = call.request.accept == "application/x-ndjson";
    const bool csv = accepts(call.request, "text/csv");
    const auto text = csv      ? as_csv(*lines, more)
                      : ndjson ? as_ndjson(*lines, more)
                               : as_json(*lines, more);
    if (!text) return problem(text.error());
    Response response = ok(csv      ? "text/csv; charset=utf-8"
                           : ndjson ? "application/x-ndjson"
                                    : "application/json",
                           *text);
    if (more) response.headers.emplace_back("Entente-Next", std::to_string(lines->back().seq));
    return response;
}

}  // namespace entente::net

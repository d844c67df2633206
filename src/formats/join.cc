// SPDX-License-Identifier: Apache-2.0
#include "formats/join.h"

#include <cmath>

#include "base/encode.h"
#include "formats/csv.h"
#include "formats/dealing.h"

namespace entente::formats {
namespace {

using evidence::JoinCheck;
using evidence::JoinLine;
using evidence::JoinRow;
using evidence::Step;
using evidence::Told;

double tenths(Metres metres) { return std::round(metres.v * 10) / 10; }

std::string text_of(Instant t) { return format_rfc3339(in_four_figures(t)); }

void time_or_null(JsonOut& out, const char* key, const std::optional<Instant>& t) {
    out.name(std::string_view(key));
    t ? out.value(text_of(*t)) : out.null();
}

std::optional<Instant> end_of(Instant until) {
    return until == registry::never ? std::nullopt : std::optional(until);
}

void leaves_member(JsonOut& out, const char* key, const std::vector<Hash>& leaves) {
    out.name(std::string_view(key));
    out.array([&] {
        for (const Hash& leaf : leaves) out.value(to_base64(leaf.view()));
    });
}

/// What it had said when the incident may have begun; empty where that, or its receipts, are not
/// known.
std::string by_then(const Told& told) {
    return told.by_then ? statement::name(told.by_then->rung) : "";
}

void told_object(JsonOut& out, const Told& told) {
    out.object([&] {
        out.member("party", told.party.v);
        out.member("tier", view::name(told.tier));
        out.member("by_then", by_then(told));
        out.member("refused_by_then", told.by_then && told.by_then->refused);
        out.member("differs_by_then", told.by_then && told.by_then->differs);
        out.member("steps_known", told.steps_known);
        out.name("steps");
        out.array([&] {
            for (const Step& step : told.steps) {
                out.object([&] {
                    out.member("rung", statement::name(step.rung));
                    out.member("unit", step.unit);
                    out.member("actor", step.actor);
                    out.member("time", text_of(step.time));
                    out.member("leaf", to_base64(step.leaf.view()));
                    out.member("compared", step.compared);
                    out.member("differs", step.differs);
                });
            }
        });
    });
}

void row_object(JsonOut& out, const evidence::Scene& scene, const JoinRow& row) {
    out.object([&] {
        out.member("record", row.record.text());
        out.member("party", row.party.v);
        out.member("kind", row.kind);
        out.member("class", row.protection_class);
        out.member("name", row.name);
        out.member("version", row.version);
        out.member("entry", row.index.v);
        out.member("leaf", to_base64(row.leaf.view()));
        out.member("said", text_of(row.said));
        time_or_null(out, "until", end_of(row.until));
        out.member("place", std::uint64_t{row.place});
        if (row.leg != 0) out.member("leg", row.leg);
        out.member("volume", std::uint64_t{row.volume});
        out.name("distance_m");
        row.distance ? out.value(tenths(*row.distance)) : out.null();
        out.member("reach_m", tenths(row.reach));
        out.name("touches");
        const auto touches = evidence::touches(scene, row);
        touches ? out.value(*touches) : out.null();
        out.member("coarse", row.coarse);
        out.member("named", row.named);
        out.member("newer_withheld", row.newer_withheld);
        out.member("stood", evidence::name(row.stood));
        out.name("told");
        out.array([&] {
            for (const Told& told : row.told) told_object(out, told);
        });
    });
}

void check_object(JsonOut& out, const JoinCheck& check) {
    out.object([&] {
        out.member("id", check.record.text());
        out.member("party", check.party.v);
        out.member("kind", check.kind);
        out.member("leaf", to_base64(check.leaf.view()));
        out.member("said", text_of(check.said));
        out.member("asked_at", text_of(check.asked_at));
        out.member("verdict", check.verdict);
        out.member("touched", check.touched);
        out.member("distance_m", tenths(check.distance));
        leaves_member(out, "named", check.named);
    });
}

void share_object(JsonOut& out, const evidence::JoinShare& share) {
    out.object([&] {
        out.member("party", share.party.v);
        out.member("rows", std::uint64_t{share.rows});
        out.member("rows_total", std::uint64_t{share.rows_total});
        out.member("checks", std::uint64_t{share.checks});
        out.member("checks_total", std::uint64_t{share.checks_total});
    });
}

void line_object(JsonOut& out, const JoinLine& line) {
    out.object([&] {
        out.member("time", text_of(line.time));
        out.member("party", line.party.v);
        out.member("what", line.what);
        out.member("record", line.record.text());
        out.member("more", line.more);
        out.member("differs", line.differs);
        leaves_member(out, "leaves", line.leaves);
    });
}

}  // namespace

void join_members(JsonOut& out, const evidence::Join& join, const std::vector<JoinLine>& lines) {
    const auto list = [&](const char* key, const auto& all, const auto& each) {
        out.name(std::string_view(key));
        out.array([&] {
            for (const auto& one : all) each(one);
        });
    };
    time_or_null(out, "from", join.scene.window.start);
    time_or_null(out, "until", join.scene.window.end);
    out.member("place_precision", statement::name(join.scene.precision));
    out.member("anywhere", join.scene.anywhere);
    out.member("coarse", join.scene.coarse);
    out.member("volumes", std::uint64_t{join.scene.volumes.size()});
    out.member("within_m", join.within.v);
    list("rows", join.rows, [&](const JoinRow& row) { row_object(out, join.scene, row); });
    out.member("rows_total", std::uint64_t{join.rows_total});
    list("checks", join.checks, [&](const JoinCheck& check) { check_object(out, check); });
    out.member("checks_total", std::uint64_t{join.checks_total});
    list("parties", join.parties,
         [&](const evidence::JoinShare& share) { share_object(out, share); });
    list("lines", lines, [&](const JoinLine& line) { line_object(out, line); });
}

namespace {

std::string yes(bool b) { return b ? "yes" : "no"; }

/// Empty is what is not known.
std::string told_cells(const Told& told) {
    const auto& got = told.by_then;
    return csv_cell(told.party.v) + "," + view::name(told.tier) + "," + by_then(told) + "," +
           (got ? yes(got->refused) : "") + "," + (got ? yes(got->differs) : "") + "," +
           yes(told.steps_known);
}

}  // namespace

std::string join_csv(const evidence::Join& join) {
    std::string out =
        "record,party,kind,class,name,version,entry,leaf,said,until,place,leg,distance_m,reach_m,"
        "anywhere,touches,coarse,named,newer_withheld,stood,told,told_tier,by_then,refused_by_then,"
        "differs_by_then,steps_known\r\n";
    const auto number = [](Metres metres) {
        char text[number_bytes_max];
        return std::string(text, write_json(text, tenths(metres)));
    };
    for (const JoinRow& row : join.rows) {
        const auto until = end_of(row.until);
        const auto touches = evidence::touches(join.scene, row);
        std::string line;
        for (const std::string& cell : {row.record.text(),
                                        row.party.v,
                                        row.kind,
                                        row.protection_class,
                                        row.name,
                                        std::to_string(row.version),
                                        std::to_string(row.index.v),
                                        to_base64(row.leaf.view()),
                                        text_of(row.said),
                                        until ? text_of(*until) : "",
                                        std::to_string(row.place),
                                        row.leg != 0 ? std::to_string(row.leg) : "",
                                        row.distance ? number(*row.distance) : "",
                                        number(row.reach),
                                        yes(join.scene.anywhere),
                                        touches ? yes(*touches) : "unknown",
                                        yes(row.coarse),
                                        yes(row.named),
                                        yes(row.newer_withheld),
                                        std::string(evidence::name(row.stood))}) {
            line += csv_cell(cell) + ",";
        }
        if (row.told.empty()) out += line + ",,,,,\r\n";
        for (const Told& told : row.told) out += line + told_cells(told) + "\r\n";
    }
    return out;
}

}  // namespace entente::formats

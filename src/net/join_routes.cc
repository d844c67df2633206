// SPDX-License-Identifier: Apache-2.0
// GET /v1/joins/{id}: an incident joined to what had been said before it, with its time line.
// Asked again it is joined again: there is no stored copy that what arrives late could not reach.
#include <charconv>
#include <set>

#include "base/encode.h"
#include "formats/join.h"
#include "net/api.h"
#include "net/dealing.h"
#include "net/problem.h"

namespace entente::net {
namespace {

Result<Metres> within_of(const Target& target) {
    if (!target.has("within")) return node::join_within_default;
    const std::string& text = target.value("within");
    unsigned metres = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), metres);
    if (error != std::errc() || end != text.data() + text.size() ||
        metres > node::join_within_max.v) {
        return fail(Errc::malformed, "within: whole metres from 0 to 10000");
    }
    return Metres{static_cast<double>(metres)};
}

/// The incident, and every record of which its join says where it lies.
std::vector<RecordId> shown_in(const RecordId& incident, const evidence::Join& join) {
    std::set<RecordId> all{incident};
    for (const evidence::JoinRow& row : join.rows) all.insert(row.record);
    for (const evidence::JoinCheck& check : join.checks) all.insert(check.record);
    return {all.begin(), all.end()};
}

}  // namespace

Response show_join(Api& api, const Call& call) {
    if (auto known = call.target.only({"within"}); !known) return problem(known.error());
    const auto within = within_of(call.target);
    if (!within) return problem(within.error());
    const auto id = RecordId::parse(call.parameters[0]);
    if (!id) return no_such_record();
    auto joined = api.desk().join(*id, *within);
    if (!joined) return problem(joined.error());
    if (!*joined) return no_such_record();
    const evidence::Join& join = (*joined)->join;
    const auto seen = *(*joined)->of->view.find_statement(*id);
    if (auto refused = api.audited(call, "join", shown_in(*id, join))) return *refused;
    if (accepts(call.request, "text/csv")) {
        Response table = ok("text/csv; charset=utf-8; header=present", formats::join_csv(join));
        table.headers.emplace_back("Entente-Shown", std::to_string(join.rows.size()));
        table.headers.emplace_back("Entente-Total", std::to_string(join.rows_total));
        return table;
    }
    const auto lines = evidence::time_line((*joined)->of->view, seen, join);
    formats::JsonOut out;
    out.object([&] {
        out.member("id", id->text());
        out.member("party", seen.party().v);
        out.member("version", join.scene.version);
        out.member("leaf", to_base64(join.scene.leaf.view()));
        out.member("withdrawn", seen.withdrawn());
        formats::join_members(out, join, lines);
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

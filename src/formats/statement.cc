// SPDX-License-Identifier: Apache-2.0
#include "formats/statement.h"

#include "base/encode.h"
#include "formats/dealing.h"
#include "formats/said_json.h"
#include "view/listed.h"

namespace entente::formats {
namespace {

const std::set<std::string> nothing;

const char* tier_of(const view::SeenStatement& seen) {
    if (seen.said() != nullptr) return "exact";
    return seen.torn() != nullptr ? "coarse" : "head";
}

void stands_members(JsonOut& out, const PartyId& party, const view::Stands& one, bool texts) {
    out.member("party", party.v);
    out.member("id", one.id.text());
    out.member("leaf", to_base64(one.leaf.view()));
    out.member("time", format_rfc3339(one.time));
    out.member("stand", statement::name(one.stand));
    out.member("stated", one.said != nullptr);
    out.member("protects_still", one.protects_still);
    out.member("newer_withheld", one.newer_withheld);
    out.member("acts", one.acts);
    out.member("text", texts && one.said != nullptr ? one.said->text : "");
}

}  // namespace

const char* statement_state(const view::SeenStatement& seen) {
    if (seen.withdrawn()) return "withdrawn";
    const registry::DealingVersion& newest = seen.dealing().versions.back();
    const bool open = newest.said || newest.tear;
    // A body that is open and says nothing here is of a form that is not known.
    return open || newest.opened == 1 ? "stated" : "not_understood";
}

void statement_members(JsonOut& out, const view::SeenStatement& seen, Shown how) {
    const auto& without = how == Shown::listed ? view::not_listed() : nothing;
    out.member("id", seen.id().text());
    out.member("kind", seen.kind());
    out.member("party", seen.party().v);
    out.member("own", seen.own());
    out.member("goes_on", seen.in_own_log());
    out.member("state", statement_state(seen));
    out.member("tier", tier_of(seen));
    out.member("version", seen.version());
    out.member("leaf", to_base64(seen.leaf().view()));
    out.member("time", format_rfc3339(seen.dealing().versions.back().time));
    const statement::Label label = seen.label();
    out.name("label");
    out.object([&] { walk_members(out, statement::walk_of(label)); });
    if (const statement::Dealt* said = seen.said()) {
        out.name("said");
        out.object([&] { walk_members(out, statement::walk_of(*said), without); });
    }
    const registry::DealingVersion* shown = seen.shown();
    if (shown != nullptr && shown->tear) {
        out.name("tear");
        out.object([&] { walk_members(out, statement::walk_of(*shown->tear), without); });
    }
    if (how != Shown::whole) {
        if (seen.dealing().newer_withheld) out.member("newer_withheld", true);
        return;
    }
    versions_member(out, seen.dealing());
    replies_member(out, seen.replies());
    if (seen.more_replies()) out.member("more_replies", true);
}

void standing_members(JsonOut& out, const view::Standing& standing, bool texts) {
    out.member("name", standing.name);
    out.name("groups");
    out.array([&] {
        for (const RecordId& id : standing.groups) out.value(id.text());
    });
    out.member("of_charter", standing.of_charter);
    out.member("accord", view::name(standing.accord));
    out.member("protected", standing.is_protected);
    out.name("positions");
    out.array([&] {
        for (const auto& [party, all] : standing.by_party) {
            for (const view::Stands& one : all) {
                out.object([&] { stands_members(out, party, one, texts); });
            }
        }
    });
    out.name("silent");
    out.array([&] {
        for (const PartyId& party : standing.silent) out.value(party.v);
    });
}

void corroboration_members(JsonOut& out, const view::Corroboration& all) {
    out.member("independent_lines", static_cast<std::uint64_t>(all.lines.size()));
    out.member("reports", static_cast<std::uint64_t>(all.reports));
    out.member("closed", static_cast<std::uint64_t>(all.closed));
    out.member("unseen", static_cast<std::uint64_t>(all.unseen));
    out.member("newer_withheld", static_cast<std::uint64_t>(all.newer_withheld));
    if (all.more) out.member("more", true);
    out.name("lines");
    out.array([&] {
        for (const view::Line& line : all.lines) {
            out.object([&] {
                out.name("reports");
                out.array([&] {
                    for (const RecordId& id : line.reports) out.value(id.text());
                });
                out.name("joined");
                out.array([&] {
                    for (const view::Joined& one : line.joined) {
                        out.object([&] {
                            out.member("one", one.one.text());
                            out.member("other", one.other.text());
                            out.member("by", one.by);
                            out.member("line", one.line);
                        });
                    }
                });
            });
        }
    });
}

}  // namespace entente::formats

// SPDX-License-Identifier: Apache-2.0
// /v1/statements: what parties know (doc/protocol/sharing.md). Said to named parties, exactly or by
// a tear line, corrected and withdrawn by its author; links and requests are answered. Who holds
// something gives it no further here: only its author releases it.
#include <algorithm>
#include <set>

#include "base/limits.h"
#include "formats/said_json.h"
#include "formats/statement.h"
#include "net/dealing.h"
#include "net/granting.h"
#include "net/paging.h"
#include "net/problem.h"
#include "node/compose_statement.h"

namespace entente::net {
namespace {

namespace act = statement::act;
using formats::Json;
using formats::JsonKind;
using statement::ReplyWord;

const std::string found_at = "/v1/statements/";

std::optional<view::SeenStatement> named(const Moment& moment, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    return id ? moment.view.find_statement(*id) : std::nullopt;
}

Response said(const Said& said, const std::vector<std::string>& ignored) {
    formats::JsonOut out;
    out.object([&] { said_members(out, said, ignored); });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    response.headers.emplace_back("Location", found_at + said.id.text());
    return response;
}

/// `["fr","un:coarse"]`: who gets it in the same breath.
Result<node::Audience> audience_in(const view::View& view, const Json& json) {
    const Json* to = json.find("to");
    if (to == nullptr) return node::Audience{};
    if (!to->is(JsonKind::array)) return fail(Errc::malformed, "to: expected an array of parties");
    std::string all;
    for (const Json& one : to->elements) {
        if (!one.is(JsonKind::text) || one.text.find(',') != std::string::npos) {
            return fail(Errc::malformed, "to: a party is a text, as \"un\" or \"un:coarse\"");
        }
        all += (all.empty() ? "" : ",") + one.text;
    }
    if (all.empty()) return node::Audience{};
    return audience_of(view, all);
}

/// Over the one before: what is left out of it stays.
Result<std::optional<statement::Label>> label_in(const Json& json,
                                                 std::optional<statement::Label> before) {
    const Json* member = json.find("label");
    if (member == nullptr) return before;
    statement::Label label = before.value_or(statement::Label{});
    auto read = formats::read_walk(*member, statement::walk_of(label), {});
    if (!read) return at("label", read.error());
    if (auto good = statement::validate(label); !good) return at("label", good.error());
    return std::optional(std::move(label));
}

Result<std::optional<std::string>> tear_in(const Json& json) {
    const Json* member = json.find("tear");
    if (member == nullptr || member->is(JsonKind::null)) return std::optional<std::string>();
    if (!member->is(JsonKind::text)) return fail(Errc::malformed, "tear: expected a text");
    return std::optional(member->text);
}

/// Who is given it coarsely gets the tear line, so there must be one.
Result<void> may_be_given(const node::Audience& audience, const std::optional<std::string>& tear) {
    for (const auto& [party, tier] : audience) {
        if (tier == node::Tier::exact || tear) continue;
        return fail(Errc::malformed, "to: " + party.v +
                                         " would be given nothing of it: what is given coarsely "
                                         "has a tear line, 'tear'");
    }
    return {};
}

/// Of the version that is seen here, where no other is named.
void fill_in(const view::View& view, statement::Dealt& said) {
    const auto fill = [&](const std::optional<RecordId>& of, std::optional<Hash>& leaf) {
        const auto seen = of && !leaf ? view.find_statement(*of) : std::nullopt;
        if (seen) leaf = seen->leaf();
    };
    if (auto* one = std::get_if<statement::Assessment>(&said)) fill(one->of, one->leaf);
    if (auto* one = std::get_if<statement::Responsibility>(&said)) fill(one->of, one->leaf);
}

/// What it belongs to must be there for whoever says it, and be what it is taken for: an id that
/// was copied wrongly is seen by that. What merely stands among its sources need not be.
bool names_what_is_seen(const view::View& view, const statement::Dealt& said) {
    const auto is = [&](const std::optional<RecordId>& id, std::string_view kind) {
        const auto seen = id ? view.find_statement(*id) : std::nullopt;
        return !id || (seen && (kind.empty() || seen->kind() == kind));
    };
    if (const auto* one = std::get_if<statement::Assessment>(&said)) return is(one->of, {});
    if (const auto* one = std::get_if<statement::Responsibility>(&said)) {
        return is(one->of, statement::incident_kind);
    }
    if (const auto* one = std::get_if<statement::Link>(&said)) {
        return is(one->incident, statement::incident_kind) &&
               is(one->other, statement::incident_kind);
    }
    const auto* one = std::get_if<statement::Position>(&said);
    return one == nullptr || is(one->group, statement::group_kind);
}

/// What is said, over what was said before; nothing where it belongs to what is not seen here.
struct Read {
    statement::Dealt said;
    std::vector<std::string> ignored;
};

Result<std::optional<Read>> said_in(const view::View& view, const Json& json,
                                    statement::Dealt before) {
    const Json* member = json.find("said");
    if (member == nullptr) return fail(Errc::malformed, "said: is missing: what is stated");
    Read out{std::move(before), {}};
    auto read = formats::read_walk(*member, statement::walk_of(out.said), {});
    if (!read) return at("said", read.error());
    if (!names_what_is_seen(view, out.said)) return std::optional<Read>();
    fill_in(view, out.said);
    if (auto good = statement::validate(out.said); !good) return at("said", good.error());
    out.ignored = std::move(read->ignored);
    return std::optional(std::move(out));
}

/// Which kind of these may be said here.
Result<statement::Dealt> kind_in(const Json& json) {
    TRY(kind, text_member(json, "kind"));
    if (statement::has_members(kind)) return statement::empty_dealt(kind);
    std::string all;
    for (const char* one : statement::dealing_kinds()) {
        if (statement::has_members(one)) all += (all.empty() ? "" : ", ") + std::string(one);
    }
    return fail(Errc::malformed,
                "kind: '" + kind.substr(0, 40) + "' is not said here; one of " + all);
}

/// One's own in full for whom lists show exact positions; of others never (DESIGN 9).
formats::Shown shown_to(const Call& call, const view::SeenStatement& seen) {
    return seen.own() && call.who.may(Right::list_exact) ? formats::Shown::said
                                                         : formats::Shown::listed;
}

struct Asked {
    std::string kind;
    std::optional<RecordId> about;
    std::optional<PartyId> party;
    bool withdrawn = false;
    std::optional<Instant> due;  // to be looked at again by then
    Paging paging;
};

Result<Asked> asked(const Target& target, Instant now) {
    TRYV(target.only({"kind", "about", "party", "withdrawn", "review", "limit", "cursor"}));
    Asked out;
    if (target.has("review")) {
        if (target.value("review") != "due") return fail(Errc::malformed, "review is 'due'");
        out.due = now;
    }
    out.kind = target.value("kind");
    if (!out.kind.empty() && !statement::has_members(out.kind)) {
        return fail(Errc::malformed,
                    "kind: no statements of kind '" + out.kind.substr(0, 40) + "'");
    }
    if (target.has("about")) {
        auto about = RecordId::parse(target.value("about"));
        if (!about) return at("about", about.error());
        out.about = *about;
    }
    if (target.has("party")) {
        auto party = PartyId::parse(target.value("party"));
        if (!party) return at("party", party.error());
        out.party = *party;
    }
    TRY(withdrawn, target.yes("withdrawn"));
    TRY(paging, paging_of(target));
    out.withdrawn = withdrawn;
    out.paging = paging;
    return out;
}

/// Whether its label says so, or says that who has it lets go of it by then.
bool is_due(const statement::Label& label, Instant by) {
    return (label.review_at && *label.review_at <= by) || (label.expires && *label.expires <= by);
}

bool speaks_of(const statement::Dealt& said, const RecordId& of) {
    const auto all = statement::about(said);
    return std::find(all.begin(), all.end(), of) != all.end();
}

/// The same by what a list shows of it (view/listed.h): neither its sources nor what was affected.
bool speaks_openly_of(const statement::Dealt& said, const RecordId& of) {
    if (!speaks_of(said, of)) return false;
    statement::Dealt shown = said;
    std::visit(
        [](auto& one) {
            if constexpr (requires { one.sources; }) one.sources.clear();
            if constexpr (requires { one.objects; }) one.objects.clear();
        },
        shown);
    return speaks_of(shown, of);
}

/// By what a statement is in the list: by what that shows, or by more of it.
enum class Fits : std::uint8_t { no, as_listed, by_more };

Fits fits(const view::SeenStatement& seen, const Asked& asked) {
    if (!asked.withdrawn && seen.withdrawn()) return Fits::no;
    if (asked.due && !is_due(seen.label(), *asked.due)) return Fits::no;
    if (asked.party && seen.party() != *asked.party) return Fits::no;
    if (!asked.about) return Fits::as_listed;
    const statement::Dealt* said = seen.said();
    if (said == nullptr || !speaks_of(*said, *asked.about)) return Fits::no;
    return speaks_openly_of(*said, *asked.about) ? Fits::as_listed : Fits::by_more;
}

}  // namespace

Response list_statements(Api& api, const Call& call) {
    const auto what = asked(call.target, call.now);
    if (!what) return problem(what.error());
    const auto moment = api.desk().moment();
    const std::uint64_t first = what->paging.after.value_or(0);
    std::vector<view::SeenStatement> page;
    std::vector<RecordId> exact;
    std::uint64_t found = 0;
    const bool reads = call.who.may(Right::read_exact);
    for (const view::SeenStatement& seen : moment->view.statements(what->kind)) {
        const Fits how = fits(seen, *what);
        if (how == Fits::no || (how == Fits::by_more && !reads) || found++ < first) continue;
        if (page.size() == what->paging.limit) break;
        page.push_back(seen);
        const bool shown = shown_to(call, seen) == formats::Shown::said;
        if (shown || how == Fits::by_more) exact.push_back(seen.id());
    }
    if (!exact.empty()) {
        if (auto refused = api.audited(call, "list", exact)) return *refused;
    }
    const bool more = found > first + page.size();
    formats::JsonOut out;
    out.object([&] {
        out.name("statements");
        out.array([&] {
            for (const view::SeenStatement& seen : page) {
                out.object([&] { formats::statement_members(out, seen, shown_to(call, seen)); });
            }
        });
        out.name("next");
        more ? out.value(first + page.size()) : out.null();
    });
    return ok("application/json", out.text() + "\n");
}

Response add_statement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    if (auto good = only_members(*json, {"kind", "said", "label", "tear", "to"}); !good) {
        return problem(good.error());
    }
    const auto moment = api.desk().moment();
    auto empty = kind_in(*json);
    if (!empty) return problem(empty.error());
    const auto read = said_in(moment->view, *json, std::move(*empty));
    if (!read) return problem(read.error());
    if (!*read) return no_such_record();
    const auto label = label_in(*json, {});
    if (!label) return problem(label.error());
    const auto tear = tear_in(*json);
    if (!tear) return problem(tear.error());
    auto audience = audience_in(moment->view, *json);
    if (!audience) return problem(audience.error());
    if (auto good = may_be_given(*audience, *tear); !good) return problem(good.error());
    if (!audience->empty() && !call.who.may(Right::release)) {
        return problem(403, "forbidden", "your roles may say this, and release it to nobody");
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            node::StatementDraft draft{act::add, *actor, (*read)->said, *label, *tear};
            return node::compose_statement(author, std::move(draft), nullptr, now, random);
        },
        std::move(*audience));
    return result ? said(*result, (*read)->ignored) : problem(result.error());
}

Response follow_statement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    if (auto good = only_members(*json, {"act", "said", "anew", "label", "tear"}); !good) {
        return problem(good.error());
    }
    const auto what = text_member(*json, "act");
    if (!what) return problem(what.error());
    const bool withdraws = *what == act::withdraw;
    if (!withdraws && *what != act::amend) {
        return problem({Errc::malformed, "act: one of amend, withdraw"});
    }
    if (auto good = withdraws ? only_members(*json, {"act"}) : Result<void>(); !good) {
        return problem(good.error());
    }
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    if (!seen->in_own_log()) {
        return problem({Errc::refused,
                        "only its author corrects or withdraws it, in the log that it stands in; "
                        "assess it, or say your own"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    node::StatementDraft draft{*what, *actor};
    std::vector<std::string> ignored;
    if (!withdraws) {
        if (seen->said() == nullptr) return problem({Errc::refused, "it cannot be read here"});
        const Json* anew = json->find("anew");
        if (anew != nullptr && !anew->is(JsonKind::boolean)) {
            return problem({Errc::malformed, "anew: expected true or false"});
        }
        const bool from_nothing = anew != nullptr && anew->boolean;
        auto read = said_in(moment->view, *json,
                            from_nothing ? statement::empty_dealt(seen->kind()) : *seen->said());
        if (!read) return problem(read.error());
        if (!*read) return no_such_record();
        draft.said = std::move((*read)->said);
        ignored = std::move((*read)->ignored);
        auto label = label_in(*json, seen->label());
        if (!label) return problem(label.error());
        draft.label = std::move(*label);
        const auto tear = tear_in(*json);
        if (!tear) return problem(tear.error());
        // Who has been given it coarsely is owed the next version as well.
        const registry::DealingVersion* shown = seen->shown();
        draft.tear = *tear;
        if (!json->find("tear") && shown != nullptr && shown->tear) draft.tear = shown->tear->text;
    }
    const RecordId id = seen->id();
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot& snapshot, Instant now,
            const Random& random, const Desk::Inside&) -> Result<node::Composed> {
            const auto slot = snapshot.dealings().find(id);
            if (!slot) return fail(Errc::not_found, "no statement " + id.text());
            const registry::Dealing& dealing = snapshot.dealings().at(*slot);
            // What is left out stays as it was seen, so nobody may have changed it since.
            if (dealing.versions.back().number != seen->version()) {
                return fail(Errc::stale, "it is at version " +
                                             std::to_string(dealing.versions.back().number) +
                                             " by now; look at it again");
            }
            return node::compose_statement(author, draft, &dealing, now, random);
        },
        {});
    return result ? said(*result, ignored) : problem(result.error());
}

Response show_statement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    if (auto refused = api.audited(call, "statement", {seen->id()})) return *refused;
    formats::JsonOut out;
    out.object([&] {
        formats::statement_members(out, *seen, formats::Shown::whole);
        has_member(out, api, *seen);
    });
    return ok("application/json", out.text() + "\n");
}

Response answer_statement(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    const auto tier = take_release(*json);
    if (!tier) return problem(tier.error());
    auto reply = reply_in(*json, {ReplyWord::noted, ReplyWord::accepted, ReplyWord::refused});
    if (!reply) return problem(reply.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    const bool answers =
        seen->kind() == statement::link_kind || seen->kind() == statement::request_kind;
    if (seen->own() || !answers) {
        return problem({Errc::refused,
                        "links and requests of other parties are answered; of a "
                        "report, an incident or an area make an assessment"});
    }
    if (seen->withdrawn()) return problem({Errc::refused, "it is withdrawn"});
    if (*tier) {
        if (seen->kind() != statement::request_kind || reply->word != ReplyWord::accepted) {
            return problem({Errc::malformed, "release: goes with `accepted`, to a request"});
        }
        if (!call.who.may(Right::release)) {
            return problem(403, "forbidden", "your roles may answer this, and release nothing");
        }
        // First: whoever reads that it is accepted has it.
        if (auto granted = grant(api, *seen, **tier); !granted) return problem(granted.error());
    }
    reply->of = seen->id();
    reply->to = seen->leaf();
    const auto result = log_reply(api, call, std::move(*reply), seen->party());
    return result ? dealt(*result, found_at + seen->id().text()) : problem(result.error());
}

namespace {

/// Positions whose reasons are shown with them.
std::vector<RecordId> with_texts(const std::vector<view::Standing>& standings) {
    std::set<RecordId> out;
    for (const view::Standing& one : standings) {
        for (const auto& [party, all] : one.by_party) {
            for (const view::Stands& stands : all) {
                if (stands.said != nullptr && !stands.said->text.empty()) out.insert(stands.id);
            }
        }
    }
    return {out.begin(), out.end()};
}

}  // namespace

Response list_positions(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    // What is read at length stands in no list for whom no record is open (view/listed.h).
    const bool texts = call.who.may(Right::read_exact);
    const auto standings = moment->view.standings(call.now);
    const auto read = texts ? with_texts(standings) : std::vector<RecordId>();
    if (!read.empty()) {
        if (auto refused = api.audited(call, "list", read)) return *refused;
    }
    formats::JsonOut out;
    out.object([&] {
        out.name("positions");
        out.array([&] {
            for (const view::Standing& one : standings) {
                out.object([&] { formats::standing_members(out, one, texts); });
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response show_corroboration(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto id = RecordId::parse(call.parameters[0]);
    if (!id) return no_such_record();
    const view::Corroboration counted = moment->view.corroboration(*id);
    // What it is about need not be seen here; that reports speak of it is enough.
    if (!moment->view.knows(*id) && counted.reports + counted.closed == 0) return no_such_record();
    if (auto refused = api.audited(call, "corroboration", {*id})) return *refused;
    formats::JsonOut out;
    out.object([&] {
        out.member("id", id->text());
        formats::corroboration_members(out, counted);
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

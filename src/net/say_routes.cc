// SPDX-License-Identifier: Apache-2.0
// POST /v1/protections and PATCH /v1/protections/{id}: one statement, answered 201 once it is
// durable.
#include <algorithm>
#include <charconv>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/api.h"
#include "net/problem.h"
#include "net/saying.h"

namespace entente::net {

Result<std::string> text_member(const formats::Json& json, const char* key) {
    const formats::Json* member = json.find(key);
    if (member == nullptr || !member->is(formats::JsonKind::text)) {
        return fail(Errc::malformed, std::string(key) + ": expected a text");
    }
    return member->text;
}

Result<void> only_members(const formats::Json& json, std::initializer_list<const char*> known) {
    if (!json.is(formats::JsonKind::object)) {
        return fail(Errc::malformed, "expected a JSON object with `act`");
    }
    for (const auto& [key, value] : json.members) {
        const bool is_known =
            std::any_of(known.begin(), known.end(), [&](const char* one) { return key == one; });
        if (!is_known) return fail(Errc::malformed, "`" + key + "` means nothing here");
    }
    return {};
}

void said_members(formats::JsonOut& out, const Said& said,
                  const std::vector<std::string>& ignored) {
    out.member("id", said.id.text());
    out.member("version", said.version);
    out.member("entry", said.entry.v);
    out.member("tree_size", said.size.v);
    out.member("leaf", to_base64(said.leaf.view()));
    out.name("ignored");
    out.array([&] {
        for (const std::string& name : ignored) out.value(name);
    });
}

namespace {

Response said(const Said& said, const std::vector<std::string>& ignored, const std::string& note,
              const char* created) {
    formats::JsonOut out;
    out.object([&] {
        said_members(out, said, ignored);
        out.member("note", note);
    });
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    if (created != nullptr) response.headers.emplace_back("Location", created + said.id.text());
    return response;
}

/// `"3-0123456789abcdef"` or `3`: the version that the writer has seen.
Result<std::optional<std::uint32_t>> version_of(const std::string& if_match) {
    if (if_match.empty() || if_match == "*") return std::optional<std::uint32_t>();
    std::string_view text = if_match;
    if (text.front() == '"') text.remove_prefix(1);
    std::uint32_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc() || end == text.data()) {
        return fail(Errc::malformed, "If-Match: the ETag of the record, as it was got");
    }
    return std::optional(version);
}

Result<NextSaid> following(BytesView body) {
    TRY(json, formats::parse_json(body, limits::plan_bytes_max));
    TRYV(only_members(json, {"act", "feature", "until"}));
    TRY(act, text_member(json, "act"));
    const bool takes_feature = act == statement::act::amend;
    const bool takes_until = act == statement::act::confirm;
    if (!takes_feature && !takes_until && act != statement::act::withdraw &&
        act != statement::act::confirm_move) {
        return fail(Errc::malformed, "act: one of amend, confirm, confirm_move, withdraw");
    }
    const formats::Json* feature = json.find("feature");
    if ((feature != nullptr) != takes_feature || (json.find("until") != nullptr) != takes_until) {
        return fail(Errc::malformed,
                    "amend takes `feature`, confirm takes `until`, and no other "
                    "act takes either");
    }
    NextSaid out;
    out.draft.act = act;
    // Who may follow may say that something is still so; whatever else takes the right to say.
    if (takes_until) out.right = Right::follow;
    if (takes_until) {
        TRY(text, text_member(json, "until"));
        TRY(until, parse_rfc3339(text));
        out.draft.until = until;
    }
    if (takes_feature) {
        auto read = formats::read_protection(*feature);
        if (!read) return at("feature", read.error());
        out.draft.protection = std::move(read->protection);
        out.ignored = std::move(read->ignored);
    }
    return out;
}

/// How many officers sign what relaxes (PROTOCOL 15).
int officers_needed(Api& api) {
    const auto moment = api.desk().moment();
    const auto* party = moment->view.charter().party(moment->view.party());
    return party != nullptr ? party->officers : 1;
}

/// What has no other meaning than that less is protected.
bool only_relaxes(const std::string& act) {
    namespace all = statement::act;
    return act == all::withdraw || act == all::confirm_move || act == all::end ||
           act == all::cancel || act == all::lift;
}

Response refused(const Error& error, const std::optional<std::uint32_t>& version) {
    if (version && error.code == Errc::stale) return problem(412, "stale", error.detail);
    return problem(error);
}

/// Says it, or, where officers other than the node's own must sign it first, has it wait for them.
Response follow(Api& api, const Call& call, Saying saying,
                const std::vector<std::string>& ignored) {
    const std::string& act = saying.draft.act;
    const std::string why_not = api.desk().cannot_reduce();
    const int needed = officers_needed(api);
    const bool somebody_signs = needed > 1 || !api.approvals().officers().empty();
    std::string note = act == statement::act::amend ? why_not : std::string();
    if (!why_not.empty() && somebody_signs && act != statement::act::confirm) {
        auto drafted = api.desk().draft(saying);
        if (!drafted) return refused(drafted.error(), saying.version);
        if (drafted->needs_officers) {
            return propose(api, call, std::move(*drafted), needed, saying.draft.actor);
        }
        note.clear();
    } else if (!why_not.empty() && only_relaxes(act)) {
        return problem(503, "unavailable", why_not);
    }
    const std::optional<std::uint32_t> version = saying.version;
    const auto result = api.desk().say(std::move(saying));
    return result ? said(*result, ignored, note, nullptr) : refused(result.error(), version);
}

}  // namespace

Result<node::Audience> audience_of(const view::View& view, std::string_view text) {
    node::Audience out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t colon = std::min(one.find(':'), one.size());
        TRY(party, PartyId::parse(one.substr(0, colon)));
        if (party == view.party() || view.charter().party(party) == nullptr) {
            return fail(Errc::malformed,
                        "to: no other party '" + party.v + "' in charter " + view.charter().id);
        }
        const std::string_view word = colon < one.size() ? one.substr(colon + 1) : "exact";
        node::Tier tier = node::Tier::head;
        if (word != "head") {
            TRY(parsed, node::parse_tier(word));
            tier = parsed;
        }
        if (!out.emplace(party, tier).second) {
            return fail(Errc::malformed, "to: " + party.v + " stands twice");
        }
    }
    return out;
}

Response say_new(Api& api, const Call& call, formats::ReadProtection read, node::Audience audience,
                 const char* routes) {
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const auto result =
        api.desk().say({{statement::act::add, *actor, std::move(read.protection), {}},
                        {},
                        {},
                        std::move(audience),
                        {}});
    return result ? said(*result, read.ignored, {}, routes) : problem(result.error());
}

Response say_first(Api& api, const Call& call, Result<formats::ReadProtection> read,
                   const char* routes) {
    if (auto known = call.target.only({"to"}); !known) return problem(known.error());
    auto audience = audience_of(api.desk().moment()->view, call.target.value("to"));
    if (!audience) return problem(audience.error());
    if (!audience->empty() && !call.who.may(Right::release)) {
        return problem(403, "forbidden", "your roles may say this, and release it to nobody");
    }
    if (!read) return problem(read.error());
    return say_new(api, call, std::move(*read), std::move(*audience), routes);
}

Response say_next(Api& api, const Call& call, Result<NextSaid> what) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto id = RecordId::parse(call.parameters[0]);
    if (!id || !api.desk().moment()->view.find(*id)) {
        return problem(404, "not_found", "no such record in what you may see");
    }
    const auto version = version_of(call.request.if_match);
    if (!version) return problem(version.error());
    if (!what) return problem(what.error());
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    what->draft.actor = *actor;
    if (!call.who.may(what->right)) {
        return problem(403, "forbidden", "your roles may confirm a record, and no more");
    }
    return follow(api, call, {std::move(what->draft), *id, *version, {}, {}}, what->ignored);
}

Response add_protection(Api& api, const Call& call) {
    return say_first(api, call, formats::read_protection(call.request.body), "/v1/protections/");
}

Response follow_protection(Api& api, const Call& call) {
    return say_next(api, call, following(call.request.body));
}

}  // namespace entente::net

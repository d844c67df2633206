// SPDX-License-Identifier: Apache-2.0
// /v1/challenges: what a party contests of another's, with a clock; amended and withdrawn by who
// made it, and answered by the author of what is contested.
#include <algorithm>

#include "base/limits.h"
#include "formats/challenge.h"
#include "net/dealing.h"
#include "net/problem.h"
#include "node/compose_challenge.h"

namespace entente::net {
namespace {

namespace act = statement::act;
using statement::ReplyWord;

const std::string found_at = "/v1/challenges/";

/// What is contested: another party's record that is shown here. Nothing for one's own, for what is
/// none that is protected and for an id that is not known here, alike.
std::optional<view::Slot> contestable(const view::View& view, const RecordId& id) {
    const auto slot = view.find(id);
    if (!slot || view.at(*slot).own() || view.at(*slot).objects()) return std::nullopt;
    return slot;
}

/// The challenge that the path names, if the reader may see it.
std::optional<view::SeenChallenge> named(const Moment& moment, const Call& call) {
    const auto id = RecordId::parse(call.parameters[0]);
    return id ? moment.view.find_challenge(*id) : std::nullopt;
}

void apply(formats::ReadChallenge read, statement::Challenge& to) {
    if (read.grounds) to.grounds = *read.grounds;
    if (read.grade) to.grade = *read.grade;
    if (read.text) to.text = std::move(*read.text);
    if (read.contact) to.contact = std::move(*read.contact);
}

/// Of the newest version that is held.
Hash leaf_of(const view::View& view, view::Slot slot) {
    return view.at(slot).history().back().leaf;
}

/// What a challenge is told with: the author of what it contests, and whom else the caller names.
struct Wish {
    PartyId author;
    node::Audience audience;
    formats::ReadChallenge read;
    RecordId of;
};

Result<Wish> wish_of(const view::View& view, const formats::Json& json, view::Slot slot) {
    TRYV(only_members(json, {"record", "grounds", "grade", "text", "contact", "answer_by", "to"}));
    Wish out;
    out.author = view.at(slot).party();
    out.of = view.at(slot).id();
    TRY(read, formats::read_challenge(json));
    if (!read.grounds || !read.grade) {
        return fail(Errc::malformed, std::string(read.grounds ? "grade" : "grounds") +
                                         ": is missing: who contests says it");
    }
    TRY(audience, parties_in(view, json));
    if (view.charter().party(out.author) == nullptr) {
        return fail(Errc::refused, out.author.v + " is no party any more: nobody there to answer");
    }
    audience[out.author] = node::Tier::exact;
    out.audience = std::move(audience);
    out.read = std::move(read);
    return out;
}

/// `record` of a body that may be anything; nothing where no such record may be contested.
Result<std::optional<view::Slot>> record_in(const view::View& view, const formats::Json& json) {
    if (!json.is(formats::JsonKind::object)) {
        return fail(Errc::malformed, "expected a JSON object");
    }
    TRY(text, text_member(json, "record"));
    const auto id = RecordId::parse(text);
    return id ? contestable(view, *id) : std::nullopt;
}

struct Asked {
    std::optional<RecordId> record;
    bool withdrawn = false;
};

Result<Asked> asked(const Target& target) {
    TRYV(target.only({"record", "withdrawn"}));
    Asked out;
    if (target.has("record")) {
        auto record = RecordId::parse(target.value("record"));
        if (!record) return at("record", record.error());
        out.record = *record;
    }
    TRY(withdrawn, target.yes("withdrawn"));
    out.withdrawn = withdrawn;
    return out;
}

/// Of a record that is here also those to what it states once more (PROTOCOL 8).
std::vector<view::SeenChallenge> selected(const view::View& view, const Asked& asked) {
    std::vector<view::SeenChallenge> out;
    std::set<RecordId> open;
    const auto slot = asked.record ? view.find(*asked.record) : std::nullopt;
    if (slot) {
        for (const view::SeenChallenge& one : view.challenges_to(*slot)) open.insert(one.id());
    }
    for (view::SeenChallenge& seen : view.challenges()) {
        const statement::Challenge* said = seen.challenge();
        if (seen.withdrawn() && !asked.withdrawn) continue;
        const bool wanted = !asked.record || open.contains(seen.id()) ||
                            (said != nullptr && said->of == *asked.record);
        if (wanted) out.push_back(std::move(seen));
    }
    return out;
}

struct Next {
    std::string act;
    formats::ReadChallenge read;
};

Result<Next> next_in(BytesView body) {
    TRY(json, formats::parse_json(body, limits::plan_bytes_max));
    TRYV(only_members(json, {"act", "grounds", "grade", "text", "contact", "answer_by"}));
    TRY(what, text_member(json, "act"));
    if (what != act::amend && what != act::withdraw) {
        return fail(Errc::malformed, "act: one of amend, withdraw");
    }
    if (what == act::withdraw) TRYV(only_members(json, {"act"}));
    TRY(read, formats::read_challenge(json));
    return Next{std::move(what), std::move(read)};
}

/// What it said before, and what is said of it now, to the newest version of what it contests that
/// may be seen.
void amend(const registry::Dealing& dealing, const view::View& view,
           const formats::ReadChallenge& read, statement::Challenge& out) {
    const statement::Dealt* said = dealing.said();
    const auto* before = said ? std::get_if<statement::Challenge>(said) : nullptr;
    if (before == nullptr) return;
    out = *before;
    apply(read, out);
    if (const auto record = view.find(before->of)) out.to = leaf_of(view, *record);
}

Result<statement::Reply> answer_in(BytesView body) {
    TRY(json, formats::parse_json(body, limits::plan_bytes_max));
    TRY(reply, reply_in(json, {ReplyWord::noted, ReplyWord::accepted, ReplyWord::refused}));
    if (reply.text.empty()) {
        return fail(Errc::malformed, "text: is missing: an answer is in words");
    }
    return reply;
}

}  // namespace

Response add_challenge(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    const auto moment = api.desk().moment();
    const auto slot = record_in(moment->view, *json);
    if (!slot) return problem(slot.error());
    if (!*slot) return no_such_record();
    auto wish = wish_of(moment->view, *json, **slot);
    if (!wish) return problem(wish.error());
    if (wish->audience.size() > 1 && !call.who.may(Right::release)) {
        return problem(403, "forbidden",
                       "your roles may contest it, and tell it to nobody but the record's author");
    }
    if (moment->view.at(**slot).state(call.now) == view::State::withdrawn) {
        return problem({Errc::refused, "it protects nothing any more"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) -> Result<node::Composed> {
            const auto held = api.desk().moment();
            const auto there = contestable(held->view, wish->of);
            if (!there) return fail(Errc::not_found, "no such record in what you may see");
            node::ChallengeDraft draft{act::add, *actor, {}, wish->read.answer_by};
            draft.challenge.of = wish->of;
            draft.challenge.to = leaf_of(held->view, *there);
            apply(wish->read, draft.challenge);
            return node::compose_challenge(author, std::move(draft), nullptr, now, random);
        },
        wish->audience);
    return result ? dealt(*result, found_at + result->id.text()) : problem(result.error());
}

Response follow_challenge(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto next = next_in(call.request.body);
    if (!next) return problem(next.error());
    const auto seen = named(*api.desk().moment(), call);
    if (!seen) return no_such_record();
    if (!seen->in_own_log()) {
        return problem({Errc::refused,
                        "only its author says anything of a challenge, in the log that it stands "
                        "in; the author of what is contested replies to it"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    const RecordId id = seen->id();
    const auto result = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot& snapshot, Instant now,
            const Random& random, const Desk::Inside&) -> Result<node::Composed> {
            const auto slot = snapshot.dealings().find(id);
            if (!slot) return fail(Errc::not_found, "no challenge " + id.text());
            const registry::Dealing& dealing = snapshot.dealings().at(*slot);
            node::ChallengeDraft draft{next->act, *actor, {}, next->read.answer_by};
            amend(dealing, api.desk().moment()->view, next->read, draft.challenge);
            return node::compose_challenge(author, std::move(draft), &dealing, now, random);
        },
        {});
    return result ? dealt(*result, found_at + id.text()) : problem(result.error());
}

Response list_challenges(Api& api, const Call& call) {
    const auto wanted = asked(call.target);
    if (!wanted) return problem(wanted.error());
    const auto moment = api.desk().moment();
    formats::JsonOut out;
    out.object([&] {
        out.name("challenges");
        out.array([&] {
            for (const view::SeenChallenge& seen : selected(moment->view, *wanted)) {
                out.object([&] { formats::challenge_members(out, seen, false, call.now); });
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response show_challenge(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    if (auto refused = api.audited(call, "challenge", {seen->id()})) return *refused;
    formats::JsonOut out;
    out.object([&] { formats::challenge_members(out, *seen, true, call.now); });
    return ok("application/json", out.text() + "\n");
}

Response answer_challenge(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto reply = answer_in(call.request.body);
    if (!reply) return problem(reply.error());
    const auto moment = api.desk().moment();
    const auto seen = named(*moment, call);
    if (!seen) return no_such_record();
    reply->of = seen->id();
    reply->to = seen->leaf();
    if (seen->own() || seen->author() != moment->view.party()) {
        return problem({Errc::refused, "only the author of what it contests replies to it"});
    }
    if (seen->withdrawn()) return problem({Errc::refused, "it is withdrawn"});
    const auto result = log_reply(api, call, std::move(*reply), seen->party());
    return result ? dealt(*result, found_at + seen->id().text()) : problem(result.error());
}

}  // namespace entente::net

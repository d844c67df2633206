// SPDX-License-Identifier: Apache-2.0
// /v1/objections: to an activity, on stated grounds; listed, amended, and lifted by its author.
#include "base/encode.h"
#include "base/limits.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "formats/objection.h"
#include "net/dealing.h"
#include "net/objecting.h"
#include "net/paging.h"
#include "net/problem.h"
#include "net/saying.h"

namespace entente::net {
namespace {

namespace act = statement::act;

/// What one objects to: whose activity, in which version, and the volumes of that.
struct Against {
    PartyId party;
    statement::Objection objection;
    std::vector<geo::Place> where;
    std::vector<std::string> ignored;
};

/// The leaves of records that the activity's party was given: of each what it holds the newest of.
/// Whatever was not given to it, or is not there at all, is refused in the same words.
Result<std::vector<Hash>> found_of(Api& api, const PartyId& party,
                                   const std::vector<std::string>& ids) {
    std::vector<Hash> out;
    if (ids.empty()) return out;
    std::shared_ptr<const Moment> moment = api.desk().moment();
    const bool own = party == moment->view.party();
    if (!own) {
        auto shown = api.desk().as_seen_by(party);
        if (!shown) return at("party", shown.error());
        moment = *shown;
    }
    for (const std::string& text : ids) {
        const auto id = RecordId::parse(text);
        const auto slot = id ? moment->view.find(*id) : std::nullopt;
        if (!slot) {
            return fail(Errc::malformed, "found: " + formats::quote_json(text.substr(0, 60)) +
                                             " is no record of this party that " + party.v +
                                             " was given");
        }
        out.push_back(moment->view.at(*slot).history().back().leaf);
    }
    return out;
}

Result<std::vector<std::string>> found_in(const Body& body) {
    if (!body.has("found")) return std::vector<std::string>();
    return body.texts("found");
}

/// Whoever declared the activity may move its time, and is not to end an objection by that.
void hold_until_lifted(std::vector<geo::Place>& where) {
    for (geo::Place& place : where) place.volume.window = {};
}

/// An activity that was declared to us, as it is now.
Result<Against> against_seen(Api& api, const Body& body) {
    TRY(text, body.text("activity"));
    const auto id = RecordId::parse(text);
    const auto moment = api.desk().moment();
    const auto seen = id ? moment->view.find_activity(*id) : std::nullopt;
    if (!seen || seen->own()) {
        return fail(Errc::malformed,
                    "activity: no activity of another party in what you may see; if you know of it "
                    "otherwise, name its party, entry and plan");
    }
    Against out;
    out.party = seen->party();
    out.where = seen->volumes();
    if (out.where.empty()) return fail(Errc::refused, "that activity is over, or cannot be read");
    for (geo::Place& place : out.where) place.buffer = Decimetres{0};
    hold_until_lifted(out.where);
    TRY(grounds, body.text("grounds"));
    TRY(ids, found_in(body));
    TRY(found, found_of(api, out.party, ids));
    out.objection = {*id, seen->leaf(), std::move(grounds), std::move(found), false};
    return out;
}

Result<Against> against(Api& api, const Body& body) {
    if (!body.has("party") && !body.has("entry") && !body.has("plan")) {
        return against_seen(api, body);
    }
    Against out;
    TRY(party_text, body.text("party"));
    TRY(party, party_in(api.desk().moment()->view, party_text));
    TRY(activity_text, body.text("activity"));
    auto activity = RecordId::parse(activity_text);
    if (!activity) return at("activity", activity.error());
    TRY(entry_text, body.text("entry"));
    auto entry = hash_from_base64(entry_text);
    if (!entry) return at("entry", entry.error());
    TRY(grounds, body.text("grounds"));
    const formats::Json* plan_json = body.member("plan");
    if (plan_json == nullptr) return fail(Errc::malformed, "plan: the activity's volumes");
    auto plan = formats::read_plan(*plan_json);
    if (!plan) return at("plan", plan.error());
    TRY(places, bare_places(std::move(plan->volumes), "an objection"));
    TRY(ids, found_in(body));
    TRY(found, found_of(api, party, ids));
    out.party = party;
    out.objection = {*activity, *entry, std::move(grounds), std::move(found), false};
    out.where = std::move(places);
    hold_until_lifted(out.where);
    out.ignored = std::move(plan->ignored);
    return out;
}

struct Wish {
    formats::ReadProtection said;
    PartyId party;
};

Result<Wish> wish_of(Api& api, const Request& request) {
    TRY(body,
        Body::read(request, {"activity", "entry", "party", "grounds", "contact", "found", "plan"}));
    TRY(what, against(api, body));
    TRY(contact, body.text_or_none("contact"));
    Wish out;
    out.party = what.party;
    out.said.protection.contact = std::move(contact);
    out.said.protection.where = std::move(what.where);
    out.said.protection.objection = std::move(what.objection);
    out.said.ignored = std::move(what.ignored);
    TRYV(statement::validate(out.said.protection));
    return out;
}

std::optional<view::Slot> slot_of(const view::View& view, const std::string& text) {
    const auto id = RecordId::parse(text);
    const auto slot = id ? view.find(*id) : std::nullopt;
    const bool is_one = slot && view.at(*slot).objects() && !view.at(*slot).stops();
    return is_one ? slot : std::nullopt;
}

/// The grounds anew; all else as it was, where it is not said.
Result<NextSaid> amendment(Api& api, const Request& request, const view::Seen& seen) {
    TRY(body, Body::read(request, {"grounds", "contact", "found", "party"}));
    const statement::Objection* before = seen.objection();
    if (before == nullptr) return fail(Errc::refused, "its exact body is not open here");
    NextSaid out;
    out.right = Right::object;
    out.draft.act = act::amend;
    out.draft.protection.objection = *before;
    TRY(grounds, body.text("grounds"));
    out.draft.protection.objection->grounds = std::move(grounds);
    TRY(contact, body.text_or_none("contact"));
    out.draft.protection.contact = std::move(contact);
    if (body.has("found") != body.has("party")) {
        return fail(Errc::malformed, "found: stands beside party, whose activity it is");
    }
    if (body.has("found")) {
        TRY(party_text, body.text("party"));
        TRY(party, party_in(api.desk().moment()->view, party_text));
        TRY(ids, body.texts("found"));
        TRY(found, found_of(api, party, ids));
        out.draft.protection.objection->found = std::move(found);
    }
    return out;
}

struct Asked {
    std::optional<RecordId> activity;
    bool lifted = false;
    Paging paging;
};

Result<Asked> asked(const Target& target) {
    TRYV(target.only({"activity", "lifted", "limit", "cursor"}));
    Asked out;
    if (target.has("activity")) {
        auto activity = RecordId::parse(target.value("activity"));
        if (!activity) return at("activity", activity.error());
        out.activity = *activity;
    }
    TRY(lifted, target.yes("lifted"));
    out.lifted = lifted;
    TRY(paging, paging_of(target));
    out.paging = paging;
    return out;
}

/// Where it is stands in none of a list; on what grounds it is said, where that may be read.
void list_one(formats::JsonOut& out, const view::Seen& seen, bool grounds, Instant now) {
    out.object([&] {
        out.member("id", seen.id().text());
        out.member("party", seen.party().v);
        out.member("contact", seen.contact());
        out.member("state", view::name(seen.state(now)));
        out.member("version", seen.version());
        out.member("time", format_rfc3339(seen.history().back().time));
        if (grounds) formats::objection_members(out, seen);
    });
}

}  // namespace

Response add_objection(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({"to"}); !known) return problem(known.error());
    auto audience = audience_of(api.desk().moment()->view, call.target.value("to"));
    if (!audience) return problem(audience.error());
    if (!audience->empty() && !call.who.may(Right::release)) {
        return problem(403, "forbidden",
                       "your roles may object, and tell it to nobody but the activity's party");
    }
    auto wish = wish_of(api, call.request);
    if (!wish) return problem(wish.error());
    // Whose activity it is gets all of it: what it is not told it cannot answer.
    if (wish->party != api.desk().moment()->view.party()) {
        (*audience)[wish->party] = node::Tier::exact;
    }
    return say_new(api, call, std::move(wish->said), std::move(*audience), "/v1/objections/");
}

Response show_objection(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!slot_of(api.desk().moment()->view, call.parameters[0])) return no_such_record();
    return show_protection(api, call);
}

Response amend_objection(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    if (!slot) return no_such_record();
    return say_next(api, call, amendment(api, call.request, moment->view.at(*slot)));
}

Response lift_objection(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!slot_of(api.desk().moment()->view, call.parameters[0])) return no_such_record();
    NextSaid lift;
    lift.draft.act = act::lift;
    return say_next(api, call, std::move(lift));
}

Response answer_objection(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    auto reply = reply_in(*json, decisions);
    if (!reply) return problem(reply.error());
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    if (!slot) return no_such_record();
    const view::Seen seen = moment->view.at(*slot);
    if (seen.own()) return problem({Errc::refused, "it is this party's own: others answer it"});
    reply->of = seen.id();
    reply->to = seen.history().back().leaf;
    const auto said = log_reply(api, call, std::move(*reply), seen.party());
    return said ? dealt(*said, "/v1/objections/" + seen.id().text()) : problem(said.error());
}

Response list_objections(Api& api, const Call& call) {
    const auto wanted = asked(call.target);
    if (!wanted) return problem(wanted.error());
    const bool grounds = call.who.may(Right::read_exact);
    if (wanted->activity && !grounds) {
        return problem(403, "forbidden", "your roles may not read to what is objected");
    }
    const auto moment = api.desk().moment();
    const view::View& view = moment->view;
    const Shown shown = select(view, wanted->paging, [&](const view::Seen& seen) {
        if (!seen.objects() || seen.stops()) return false;
        if (!wanted->lifted && seen.state(call.now) == view::State::withdrawn) return false;
        const statement::Objection* said = seen.objection();
        return !wanted->activity || (said != nullptr && said->activity == *wanted->activity);
    });
    std::vector<RecordId> read;
    for (const view::Slot slot : shown.slots) read.push_back(view.at(slot).id());
    if (grounds && !read.empty()) {
        if (auto refusal = api.audited(call, "list", read)) return std::move(*refusal);
    }
    formats::JsonOut out;
    out.object([&] {
        out.name("objections");
        out.array([&] {
            for (const view::Slot slot : shown.slots) {
                list_one(out, view.at(slot), grounds, call.now);
            }
        });
        if (!wanted->paging.after) out.member("total", shown.total);
        if (shown.more) out.member("next", std::to_string(place_of(view, shown.slots.back())));
    });
    return ok("application/json", out.text() + "\n");
}

}  // namespace entente::net

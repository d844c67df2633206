// SPDX-License-Identifier: Apache-2.0
// /v1/stops: said to another party's desks, listed with who was called and who answered, answered,
// lifted by its author.
#include "base/limits.h"
#include "formats/activity.h"
#include "formats/geojson.h"
#include "formats/json_out.h"
#include "net/dealing.h"
#include "net/objecting.h"
#include "net/paging.h"
#include "net/problem.h"
#include "net/saying.h"
#include "net/stop_json.h"
#include "node/compose_dealing.h"

namespace entente::net {
namespace {

namespace act = statement::act;

struct Wish {
    formats::ReadProtection said;
    PartyId to;
};

Result<std::vector<std::string>> desks_in(const Body& body) {
    if (!body.has("desks")) return std::vector<std::string>{"duty"};
    return body.texts("desks");
}

/// Where it is to stop: the volumes of an activity that can be read here, or of a plan.
Result<void> place(const Moment& moment, const Body& body, Wish& wish, statement::Stop& stop) {
    if (body.has("activity") == body.has("plan")) {
        return fail(Errc::malformed,
                    "plan: the volume in which all is to stop, or activity: which");
    }
    if (body.has("plan")) {
        auto plan = formats::read_plan(*body.member("plan"));
        if (!plan) return at("plan", plan.error());
        TRY(places, bare_places(std::move(plan->volumes), "a STOP"));
        wish.said.protection.where = std::move(places);
        wish.said.ignored = std::move(plan->ignored);
        return {};
    }
    TRY(text, body.text("activity"));
    const auto id = RecordId::parse(text);
    const auto seen = id ? moment.view.find_activity(*id) : std::nullopt;
    if (!seen || seen->own()) {
        return fail(Errc::malformed,
                    "activity: no activity of another party in what you may see; say the volume as "
                    "a plan");
    }
    if (body.has("to") && seen->party() != wish.to) {
        return fail(Errc::malformed, "to: that activity is " + seen->party().v + "'s");
    }
    wish.to = seen->party();
    wish.said.protection.where = seen->volumes();
    if (wish.said.protection.where.empty()) {
        return fail(Errc::refused, "that activity is over, or cannot be read; say a plan");
    }
    for (geo::Place& one : wish.said.protection.where) {
        one.buffer = Decimetres{0};
        one.volume.window = {};  // it may be moved, and nobody but who says STOP ends that
    }
    stop.activity = statement::Stopped{*id, seen->leaf()};
    return {};
}

Result<Wish> wish_of(Api& api, const Request& request) {
    TRY(body, Body::read(request, {"to", "desks", "text", "contact", "activity", "plan"}));
    Wish out;
    statement::Stop stop;
    TRY(text, body.text("text"));
    TRY(desks, desks_in(body));
    TRY(contact, body.text_or_none("contact"));
    const auto moment = api.desk().moment();
    if (moment->view.charter().parties.size() == 1) {
        return fail(Errc::not_found, "this charter has no other party");
    }
    if (body.has("to") || !body.has("activity")) {
        TRY(to_text, body.text("to"));
        auto to = party_in(moment->view, to_text);
        if (!to) return at("to", to.error());
        out.to = *to;
    }
    TRYV(place(*moment, body, out, stop));
    if (out.to == moment->view.party()) {
        return fail(Errc::malformed, "to: that is this party itself");
    }
    stop.to = out.to;
    stop.desks = std::move(desks);
    stop.text = std::move(text);
    out.said.protection.contact = std::move(contact);
    out.said.protection.stop = std::move(stop);
    TRYV(statement::validate(out.said.protection));
    return out;
}

std::optional<view::Slot> slot_of(const view::View& view, const std::string& text) {
    const auto id = RecordId::parse(text);
    const auto slot = id ? view.find(*id) : std::nullopt;
    return slot && view.at(*slot).stops() ? slot : std::nullopt;
}

/// One that came urgently, with where it is; or that there is none.
Response show_heard(Api& api, const Moment& moment, const Call& call) {
    for (const node::HeardStop& one : moment.heard) {
        if (one.record.text() != call.parameters[0]) continue;
        if (auto refused = api.audited(call, "stop", {one.record})) return std::move(*refused);
        formats::JsonOut out;
        out.object([&] {
            out.name("heard");
            out.object([&] { heard_members(out, moment.view, one, true); });
        });
        return ok("application/json", out.text() + "\n");
    }
    return no_such_record();
}

/// What may be answered: a STOP of another party to this one, in its log or before it stands there.
struct Answerable {
    PartyId from;
    RecordId stop;
    Hash leaf;
};
std::optional<Answerable> answerable(const Moment& moment, const std::string& text) {
    if (const auto slot = slot_of(moment.view, text)) {
        const view::Seen seen = moment.view.at(*slot);
        const statement::Stop* stop = seen.stop();
        if (stop == nullptr || stop->to != moment.view.party()) return std::nullopt;
        return Answerable{seen.party(), seen.id(), seen.history().front().leaf};
    }
    for (const node::HeardStop& one : moment.heard) {
        if (one.record.text() == text) return Answerable{one.from, one.record, one.leaf};
    }
    return std::nullopt;
}

/// Without what it carried.
Result<statement::Attempt> attempt_of(const Call& call) {
    TRY(body, Body::read(call.request, {"desks", "route", "outcome", "detail"}));
    statement::Attempt out;
    out.at = call.now;
    TRY(desks, desks_in(body));
    TRY(route_text, body.text("route"));
    TRY(route, statement::parse_route(route_text));
    if (route != statement::Route::voice && route != statement::Route::other) {
        return fail(Errc::malformed,
                    "route: voice or other; what goes by nodes they say themselves");
    }
    TRY(outcome_text, body.text("outcome"));
    TRY(outcome, statement::parse_attempt_outcome(outcome_text));
    TRY(detail, body.text_or_none("detail"));
    out.desks = std::move(desks);
    out.tried.push_back({route, {}, outcome, std::move(detail)});
    TRYV(statement::validate(statement::Dealt(out)));
    return out;
}

struct Asked {
    bool lifted = false;
    Paging paging;
};
Result<Asked> asked(const Target& target) {
    TRYV(target.only({"lifted", "limit", "cursor"}));
    Asked out;
    TRY(lifted, target.yes("lifted"));
    out.lifted = lifted;
    TRY(paging, paging_of(target));
    out.paging = paging;
    return out;
}

}  // namespace

Response add_stop(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({"to"}); !known) return problem(known.error());
    auto audience = audience_of(api.desk().moment()->view, call.target.value("to"));
    if (!audience) return problem(audience.error());
    if (!audience->empty() && !call.who.may(Right::release)) {
        return problem(403, "forbidden",
                       "your roles may say STOP, and tell it to nobody but whom it is to");
    }
    auto wish = wish_of(api, call.request);
    if (!wish) return problem(wish.error());
    (*audience)[wish->to] = node::Tier::exact;
    return say_new(api, call, std::move(wish->said), std::move(*audience), "/v1/stops/");
}

Response list_stops(Api& api, const Call& call) {
    const auto wanted = asked(call.target);
    if (!wanted) return problem(wanted.error());
    const auto moment = api.desk().moment();
    const view::View& view = moment->view;
    const Shown shown = select(view, wanted->paging, [&](const view::Seen& seen) {
        return seen.stops() && (wanted->lifted || seen.state(call.now) != view::State::withdrawn);
    });
    formats::JsonOut out;
    out.object([&] {
        out.name("stops");
        out.array([&] {
            for (const view::Slot slot : shown.slots) {
                out.object([&] { stop_members(out, view, slot, call.now); });
            }
        });
        if (!wanted->paging.after) {
            out.name("heard");
            out.array([&] {
                for (const node::HeardStop& one : moment->heard) {
                    out.object([&] { heard_members(out, view, one, false); });
                }
            });
            out.member("total", shown.total);
        }
        if (shown.more) out.member("next", std::to_string(place_of(view, shown.slots.back())));
    });
    return ok("application/json", out.text() + "\n");
}

Response show_stop(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    if (!slot) return show_heard(api, *moment, call);
    const view::Seen seen = moment->view.at(*slot);
    if (auto refused = api.audited(call, "stop", {seen.id()})) return *refused;
    formats::JsonOut out;
    out.object([&] {
        stop_members(out, moment->view, *slot, call.now);
        if (const statement::Protection* said = seen.protection()) {
            out.name("plan");
            formats::volumes_collection(out, said->where);
        }
        calling_members(out, moment->view, *slot, call.now);
    });
    return ok("application/json", out.text() + "\n");
}

Response lift_stop(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!slot_of(api.desk().moment()->view, call.parameters[0])) return no_such_record();
    NextSaid lift;
    lift.draft.act = act::lift;
    return say_next(api, call, std::move(lift));
}

Response answer_stop(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto json = formats::parse_json(call.request.body, limits::plan_bytes_max);
    if (!json) return problem(json.error());
    auto reply = reply_in(*json, decisions);
    if (!reply) return problem(reply.error());
    const auto moment = api.desk().moment();
    const auto to = answerable(*moment, call.parameters[0]);
    if (!to) {
        if (!slot_of(moment->view, call.parameters[0])) return no_such_record();
        return problem({Errc::refused, "who is asked to stop answers, and nobody else"});
    }
    reply->to = to->leaf;
    reply->of = to->stop;
    const auto said = log_reply(api, call, std::move(*reply), to->from);
    return said ? dealt(*said, "/v1/stops/" + to->stop.text()) : problem(said.error());
}

Response add_attempt(Api& api, const Call& call) {
    if (!is_json(call.request)) return not_json();
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto attempt = attempt_of(call);
    if (!attempt) return problem(attempt.error());
    const auto moment = api.desk().moment();
    const auto slot = slot_of(moment->view, call.parameters[0]);
    const auto calling = slot ? node::calling_of(moment->view, *slot, call.now) : std::nullopt;
    if (!calling) return no_such_record();
    if (!moment->view.at(*slot).in_own_log()) {
        return problem({Errc::refused, "whoever says STOP says whom they called; answer it"});
    }
    const auto actor = api.actor_of(call);
    if (!actor) return problem(actor.error());
    attempt->of = calling->stop;
    attempt->to = calling->leaf;
    const auto said = api.desk().deal(
        [&](const node::Author& author, const registry::Snapshot&, Instant now,
            const Random& random, const Desk::Inside&) {
            return node::compose_attempt(author, *attempt, *actor, now, random);
        },
        {{calling->to, node::Tier::exact}});
    return said ? dealt(*said, "/v1/stops/" + calling->stop.text()) : problem(said.error());
}

}  // namespace entente::net

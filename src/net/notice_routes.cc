// SPDX-License-Identifier: Apache-2.0
// /v1/subscriptions: what somebody wants to be told of; /v1/notices: what they were told and have
// not acknowledged. Each sees their own; an admin also who subscribes, and may end it.
#include <algorithm>
#include <charconv>

#include "base/encode.h"
#include "base/limits.h"
#include "formats/geojson.h"
#include "formats/geometry.h"
#include "net/api.h"
#include "net/body.h"
#include "net/notice_json.h"
#include "net/problem.h"
#include "net/search_json.h"

namespace entente::net {
namespace {

using watch::Subscription;

constexpr std::uint64_t limit_default = 100;
constexpr std::uint64_t limit_max = 1000;  // page_limit_max

void texts_member(formats::JsonOut& out, std::string_view name,
                  const std::vector<std::string>& list) {
    out.name(name);
    out.array([&] {
        for (const std::string& one : list) out.value(one);
    });
}

void place_object(formats::JsonOut& out, const geo::Place& place) {
    out.object([&] {
        out.name("geometry");
        out.raw(formats::write_geometry(place.volume.shape));
        if (const auto* circle = std::get_if<geo::Circle>(&place.volume.shape)) {
            out.member("radius_m", metres(circle->radius).v);
        }
        if (const auto* line = std::get_if<geo::Corridor>(&place.volume.shape)) {
            out.member("half_width_m", metres(line->half_width).v);
        }
        out.member("margin_m", place.buffer ? metres(*place.buffer).v : 0.0);
    });
}

/// What is shown of a subscription beside itself.
struct Beside {
    const Bytes* secret = nullptr;
    const std::vector<std::string>* ignored = nullptr;
    std::optional<Notices::Count> count = {};
};

void standing_members(formats::JsonOut& out, const watch::Standing& standing) {
    out.member("name", standing.name);
    out.member("text", standing.text);
    texts_member(out, "kinds", standing.kinds);
    if (standing.window.start) out.member("from", format_rfc3339(*standing.window.start));
    if (standing.window.end) out.member("until", format_rfc3339(*standing.window.end));
    if (standing.source) out.member("source", std::string(1, *standing.source));
    if (standing.information) out.member("information", std::string(1, *standing.information));
}

void subscription_object(formats::JsonOut& out, const Subscription& one, const Beside& beside) {
    out.object([&] {
        out.member("id", one.id);
        out.member("owner", one.owner.empty() ? "owner" : one.owner);
        texts_member(out, "what", one.what);
        texts_member(out, "classes", one.classes);
        std::vector<std::string> parties;
        for (const PartyId& party : one.parties) parties.push_back(party.v);
        texts_member(out, "parties", parties);
        texts_member(out, "duty", one.duties);
        out.name("area");
        out.array([&] {
            for (const geo::Place& place : one.area) place_object(out, place);
        });
        out.name("route");
        out.object([&] {
            out.member("kind", one.route.kind);
            if (!one.route.to.empty()) out.member("to", one.route.to);
        });
        out.member("made", format_rfc3339(one.made));
        if (one.standing) standing_members(out, *one.standing);
        if (beside.count) {
            out.member("waiting", std::uint64_t{beside.count->waiting});
            out.member("dead", std::uint64_t{beside.count->dead});
        }
        if (beside.secret != nullptr) out.member("secret", "whsec_" + to_base64(*beside.secret));
        if (beside.ignored != nullptr) texts_member(out, "ignored", *beside.ignored);
    });
}

Result<void> read_route(Api& api, const Body& body, Subscription& out) {
    TRY(kind, body.text_or_none("route"));
    TRY(to, body.text_or_none("to"));
    if (!kind.empty()) out.route.kind = std::move(kind);
    out.route.to = std::move(to);
    const OutboundPolicy& policy = api.options().outbound;
    if (out.route.kind == "mail") {
        if (auto may = policy.may_mail(out.route.to); !may) return at("to", may.error());
    }
    if (out.route.kind != "webhook") return {};
    if (auto may = policy.may_post(out.route.to); !may) return at("to", may.error());
    TRY(first, from_base32(api.access().draw()));
    TRY(second, from_base32(api.access().draw()));
    out.secret = (first + second).substr(0, people::Subscriptions::secret_bytes);
    return {};
}

/// Whose it is: each subscribes for themselves, the owner of the data directory for anybody.
Result<std::string> read_person(Api& api, const Call& call, const Body& body) {
    TRY(person, body.text_or_none("person"));
    if (person.empty() || person == call.who.account) return call.who.account;
    if (!call.who.is_owner()) return fail(Errc::refused, "each subscribes for themselves");
    const bool there = api.access().with_people(
        [&](const people::People& people) { return people.account(person) != nullptr; });
    if (there) return person;
    return fail(Errc::malformed, "person: there is no account of this name");
}

Result<std::vector<std::string>> read_duties(Api& api, const Body& body) {
    TRY(duties, texts_or_none(body, "duty"));
    for (const std::string& role : duties) {
        const bool there = api.approvals().with_roster(
            [&](const people::Roster& all) { return all.all().contains(role); });
        if (!there) {
            return fail(Errc::malformed, "duty: the roster has no role `" + role.substr(0, 64) +
                                             "`; add it first, by the name that others call");
        }
    }
    return duties;
}

/// With a name it is a standing question; the members of one mean nothing without.
Result<std::optional<watch::Standing>> read_standing(const Body& body) {
    if (!body.has("name")) {
        for (const char* key : {"text", "kinds", "from", "until", "source", "information"}) {
            if (!body.has(key)) continue;
            return fail(Errc::malformed,
                        std::string(key) + ": of a standing question, which has a `name`");
        }
        return std::optional<watch::Standing>();
    }
    watch::Standing out;
    TRY(name, body.text("name"));
    TRY(text, body.text_or_none("text"));
    TRY(window, window_in(body));
    TRY(kinds, kinds_in(body));
    TRY(source, at_least_in(body, "source"));
    TRY(information, at_least_in(body, "information"));
    if (!text.empty() && text.size() <= limits::text_bytes_max) {
        TRYV(search::Folder().asked(text));
    }
    out = {std::move(name), std::move(text), window, std::move(kinds), source, information};
    return std::optional(std::move(out));
}

Result<Subscription> read_subscription(Api& api, const Call& call,
                                       std::vector<std::string>& ignored) {
    TRY(body, Body::read(call.request, {"area", "margin_m", "classes", "parties", "what", "duty",
                                        "person", "route", "to", "name", "text", "kinds", "from",
                                        "until", "source", "information"}));
    Subscription out;
    TRY(standing, read_standing(body));
    TRY(area, area_in(body, standing.has_value()));
    TRY(classes, texts_or_none(body, "classes"));
    TRY(parties, parties_named(body, api.desk().moment()->view));
    TRY(what, texts_or_none(body, "what"));
    TRY(duties, read_duties(api, body));
    TRY(owner, read_person(api, call, body));
    TRYV(read_route(api, body, out));
    out.area = std::move(area.area);
    ignored = std::move(area.ignored);
    out.parties = std::move(parties);
    out.classes = std::move(classes);
    out.what = std::move(what);
    out.id = api.access().draw().substr(0, 16);
    out.duties = std::move(duties);
    out.owner = std::move(owner);
    out.made = call.now;
    out.standing = std::move(standing);
    return out;
}

/// Whose they are, or nothing for all.
bool shown(const Call& call, const Subscription& one) {
    return one.owner == call.who.account || (call.who.may(Right::admin) && call.target.has("all"));
}

view::View view_for(Api& api, const Call& call) {
    return api.desk().moment()->view.at_depth(api.notices().depth_of(call.who.account));
}

Result<std::uint64_t> number(const Target& target, const char* name, std::uint64_t otherwise,
                             std::uint64_t least, std::uint64_t most) {
    if (!target.has(name)) return otherwise;
    const std::string& text = target.value(name);
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out < least || out > most) {
        return fail(Errc::malformed, std::string(name) + ": a number from " +
                                         std::to_string(least) + " to " + std::to_string(most));
    }
    return out;
}

}  // namespace

Response list_subscriptions(Api& api, const Call& call) {
    if (auto known = call.target.only({"all"}); !known) return problem(known.error());
    if (call.target.has("all") && call.target.value("all") != "true") {
        return problem({Errc::malformed, "all: true, or not at all"});
    }
    const auto counts = api.notices().counts();
    if (!counts) return problem(counts.error());
    formats::JsonOut out;
    out.object([&] {
        out.name("subscriptions");
        out.array([&] {
            for (const auto& wants : api.notices().subscriptions()) {
                const Subscription& one = wants->subscription();
                if (!shown(call, one)) continue;
                Beside beside;
                if (const auto found = counts->find(one.id); found != counts->end()) {
                    beside.count = found->second;
                }
                subscription_object(out, one, beside);
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response subscribe(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    // What one is told of goes by what the account may see: an area would tell a token of fewer
    // roles where an exact place lies.
    const bool less =
        (api.notices().depth_of(call.who.account) == view::Depth::exact &&
         !call.who.may(Right::list_exact)) ||
        (api.notices().reads_exactly(call.who.account) && !call.who.may(Right::read_exact));
    if (less) {
        return problem(403, "forbidden",
                       "this token shows less than its account may see; subscribe in a session, or "
                       "with a token that has the account's roles");
    }
    std::vector<std::string> ignored;
    auto wanted = read_subscription(api, call, ignored);
    if (!wanted) return problem(wanted.error());
    const auto& what = wanted->what;
    for (const char* exact : {watch::what::join, watch::what::track}) {
        if (std::find(what.begin(), what.end(), exact) == what.end() ||
            api.notices().reads_exactly(wanted->owner)) {
            continue;
        }
        return problem(403, "forbidden",
                       std::string(exact) +
                           ": is told to those alone who may open records by themselves, because "
                           "it says where something was and what stood there");
    }
    // What is told of it later says what bodies read: with these words, from now on.
    if (wanted->standing && api.notices().reads_exactly(call.who.account)) {
        if (auto refused = api.audited(call, "search", {}, wanted->standing->text)) return *refused;
    }
    const auto done = api.notices().subscribe(*wanted, call.who.by(call.now));
    if (!done) return problem(done.error());
    formats::JsonOut out;
    const bool is_signed = !wanted->secret.empty();
    subscription_object(out, *wanted, {is_signed ? &wanted->secret : nullptr, &ignored, {}});
    Response response = ok("application/json", out.text() + "\n");
    response.status = 201;
    return response;
}

Response unsubscribe(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const std::string& id = call.parameters[0];
    bool theirs = false;
    for (const auto& wants : api.notices().subscriptions()) {
        const Subscription& one = wants->subscription();
        const bool may = one.owner == call.who.account || call.who.may(Right::admin);
        theirs |= one.id == id && may;
    }
    // Another's is not told from one that never was.
    if (!theirs) return problem({Errc::not_found, "you have no such subscription"});
    const auto done = api.notices().unsubscribe(id, call.who.by(call.now));
    if (!done) return problem(done.error());
    Response response;
    response.status = 204;
    return response;
}

Response list_notices(Api& api, const Call& call) {
    if (auto known = call.target.only({"after", "limit"}); !known) return problem(known.error());
    const auto after = number(call.target, "after", 0, 0, std::uint64_t{1} << 53);
    const auto limit = number(call.target, "limit", limit_default, 1, limit_max);
    if (!after) return problem(after.error());
    if (!limit) return problem(limit.error());
    const auto page = api.notices().board(call.who.account, *after, *limit);
    if (!page) return problem(page.error());
    // Taken after them: these hold what they tell.
    const view::View view = view_for(api, call);
    const auto moment = api.desk().moment();
    const bool exactly = call.who.may(Right::read_exact);
    if (exactly) api.noting(call, "alerts")(of_tracks(page->notices));
    formats::JsonOut out;
    out.object([&] {
        out.member("unread", std::uint64_t{page->total});
        out.name("notices");
        out.array([&] {
            for (const auto& one : page->notices) {
                notice_object(out, view, *moment, told_to(exactly, one), call.now);
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response acknowledge_notice(Api& api, const Call& call) {
    if (auto known = call.target.only({"and_before"}); !known) return problem(known.error());
    const std::string& before = call.target.value("and_before");
    if (call.target.has("and_before") && before != "true" && before != "false") {
        return problem({Errc::malformed, "and_before: true or false"});
    }
    const std::string& id = call.parameters[0];
    if (!node::is_notice_id(id)) {
        return problem({Errc::malformed, "the id of a notice has 32 characters of a-z and 2-7"});
    }
    const auto left = api.notices().acknowledge(call.who.account, id, before == "true");
    if (!left) return problem(left.error());
    formats::JsonOut out;
    out.object([&] { out.member("unread", std::uint64_t{*left}); });
    return ok("application/json", out.text() + "\n");
}

Response list_dead(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const auto dead = api.notices().dead(call.who.account);
    if (!dead) return problem(dead.error());
    const view::View view = view_for(api, call);
    const auto moment = api.desk().moment();
    const bool exactly = call.who.may(Right::read_exact);
    formats::JsonOut out;
    out.object([&] {
        out.name("dead");
        out.array([&] {
            for (const auto& [subscription, letter] : *dead) {
                out.object([&, &id = subscription, &one = letter] {
                    out.member("subscription", id);
                    out.member("attempts", one.attempts);
                    out.member("why", one.why);
                    out.member("died", format_rfc3339(one.died));
                    out.name("notice");
                    notice_object(out, view, *moment, told_to(exactly, {one.seq, one.notice}),
                                  call.now);
                });
            }
        });
    });
    return ok("application/json", out.text() + "\n");
}

Response act_on_dead(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    if (!is_json(call.request)) return not_json();
    const auto done = [&]() -> Result<void> {
        TRY(body, Body::read(call.request, {"act"}));
        TRY(act, body.text("act"));
        if (act != "retry" && act != "drop") {
            return fail(Errc::malformed, "act: one of retry, drop");
        }
        return api.notices().act_on_dead(call.who.account, call.parameters[0], act == "retry",
                                         call.who.by(call.now));
    }();
    if (!done) return problem(done.error());
    Response response;
    response.status = 204;
    return response;
}

}  // namespace entente::net

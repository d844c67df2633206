// SPDX-License-Identifier: Apache-2.0
#include "net/api.h"

#include <algorithm>
#include <cmath>

#include "base/encode.h"
#include "base/limits.h"
#include "net/gzip.h"
#include "net/problem.h"

namespace entente::net {
namespace {

constexpr std::size_t none = 0;
constexpr std::size_t small = 4096;
constexpr std::size_t words = 16384;
constexpr std::size_t plans = limits::plan_bytes_max;
constexpr std::size_t positions = 4 * 1024 * 1024;

std::vector<std::string_view> segments_of(std::string_view pattern) {
    std::vector<std::string_view> out;
    pattern.remove_prefix(1);
    while (!pattern.empty()) {
        const std::size_t end = pattern.find('/');
        out.push_back(pattern.substr(0, end));
        if (end == std::string_view::npos) break;
        pattern.remove_prefix(end + 1);
    }
    return out;
}

/// Whether the path fits the pattern; what stands for {...} goes to `parameters`.
bool fits(const std::vector<std::string_view>& pattern, const std::vector<std::string>& path,
          std::vector<std::string>& parameters) {
    parameters.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == "{...}") {
            std::string rest;
            for (std::size_t j = i; j < path.size(); ++j) rest += (j > i ? "/" : "") + path[j];
            parameters.push_back(std::move(rest));
            return true;
        }
        if (i >= path.size()) return false;
        if (pattern[i].front() == '{') {
            parameters.push_back(path[i]);
        } else if (pattern[i] != path[i]) {
            return false;
        }
    }
    return pattern.size() == path.size();
}

struct Compiled {
    std::vector<std::string_view> segments;
    const Route* route;
};

const std::vector<Compiled>& compiled() {
    static const std::vector<Compiled> all = [] {
        std::vector<Compiled> out;
        for (const Route& route : routes()) out.push_back({segments_of(route.pattern), &route});
        return out;
    }();
    return all;
}

/// The right to do what only one does at a time; null while somebody else has it.
std::shared_ptr<void> turn_of(std::atomic<bool>& taken) {
    if (taken.exchange(true)) return nullptr;
    return {&taken, [](std::atomic<bool>* turn) { *turn = false; }};
}

/// The line of the audit that a request makes, but its records.
people::Reading reading_of(const Call& call, const char* act) {
    constexpr std::size_t cited_bytes_max = 256;
    const auto cited = [](const std::string& text) {
        return whole_characters(std::string_view(text).substr(0, cited_bytes_max));
    };
    people::Reading out;
    out.time = call.now;
    out.who = call.who.name();
    out.how = call.who.how;
    if (call.who.is_owner() && call.who.session.empty() && !call.request.actor.empty()) {
        out.how += " as " + cited(call.request.actor);
    }
    out.act = act;
    out.why = cited(call.request.reason);
    return out;
}

std::vector<Route> exchange_routes() {
    using enum Method;
    using enum Right;
    return {
        {get, "/v1/peers", look, none, true, list_peers},
        {post, "/v1/releases", Right::release, plans, true, net::release},
        {post, "/v1/recalls", Right::release, plans, true, recall},
        {post, "/v1/holds", Right::release, small, true, hold},
        {get, "/v1/receipts", look, none, true, list_receipts},
        {post, "/v1/receipts", acknowledge, plans, true, give_receipt},
        {post, "/v1/sheets", acknowledge, small, true, print_sheet},
        {post, "/v1/sheets/codes", acknowledge, small, true, read_sheet_back},
        {get, "/v1/stuck", look, none, true, list_stuck},
        {post, "/v1/sync", Right::release, none, true, sync},
        {post, "/v1/packs", Right::release, none, true, make_pack},
        {post, "/v1/unpack", Right::release, limits::pack_bytes_max, true, take_pack},
        {post, "/v1/field-packs", Right::release, none, true, make_field_pack},
    };
}

/// Of notice_routes.cc and notice_stream.cc.
std::vector<Route> notice_routes() {
    using enum Method;
    using enum Right;
    return {
        {get, "/v1/subscriptions", look, none, true, list_subscriptions},
        {post, "/v1/subscriptions", look, plans, true, subscribe},
        {del, "/v1/subscriptions/{subscription}", look, none, true, unsubscribe},
        {get, "/v1/notices", look, none, true, list_notices},
        {get, "/v1/notices/stream", look, none, false, stream_notices},
        {get, "/v1/notices/dead", look, none, true, list_dead},
        {post, "/v1/notices/dead/{notice}", look, small, true, act_on_dead},
        {post, "/v1/notices/{notice}/ack", look, none, true, acknowledge_notice},
    };
}

/// What the parties do hour by hour: movement_routes.cc, objection_routes.cc, activity_routes.cc,
/// challenge_routes.cc, message_routes.cc, sealed_check_routes.cc, airspace_routes.cc,
/// stop_routes.cc, statement_routes.cc, join_routes.cc.
std::vector<Route> acting_routes() {
    using enum Method;
    using enum Right;
    return {
        {get, "/v1/movements", look, none, true, list_movements},
        {post, "/v1/movements", say, plans, true, add_movement},
        {get, "/v1/movements/{id}", read_exact, none, true, show_movement},
        {patch, "/v1/movements/{id}", say, plans, true, follow_movement},
        {get, "/v1/stops", look, none, true, list_stops},
        {post, "/v1/stops", Right::stop, plans, true, add_stop},
        {get, "/v1/stops/{id}", read_exact, none, true, show_stop},
        {post, "/v1/stops/{id}/lift", say, none, true, lift_stop},
        {post, "/v1/stops/{id}/reply", acknowledge, small, true, answer_stop},
        {post, "/v1/stops/{id}/attempts", Right::stop, small, true, add_attempt},
        {get, "/v1/objections", look, none, true, list_objections},
        {post, "/v1/objections", Right::object, plans, true, add_objection},
        {get, "/v1/objections/{id}", read_exact, none, true, show_objection},
        {patch, "/v1/objections/{id}", Right::object, plans, true, amend_objection},
        {post, "/v1/objections/{id}/lift", say, none, true, lift_objection},
        {post, "/v1/objections/{id}/reply", acknowledge, small, true, answer_objection},
        {get, "/v1/activities", look, none, true, list_activities},
        {post, "/v1/activities", plan, plans, true, add_activity},
        {get, "/v1/activities/{id}", Right::check, none, true, show_activity},
        {patch, "/v1/activities/{id}", plan, plans, true, follow_activity},
        {post, "/v1/activities/{id}/replies", acknowledge, small, true, reply_to_activity},
        {get, "/v1/challenges", look, none, true, list_challenges},
        {post, "/v1/challenges", Right::object, words, true, add_challenge},
        {get, "/v1/challenges/{id}", read_exact, none, true, show_challenge},
        {patch, "/v1/challenges/{id}", Right::object, words, true, follow_challenge},
        {post, "/v1/challenges/{id}/reply", acknowledge, words, true, answer_challenge},
        {get, "/v1/messages", read_exact, none, true, list_messages},
        {post, "/v1/messages", Right::object, words, true, send_message},
        {get, "/v1/messages/{id}", read_exact, none, true, show_message},
        {post, "/v1/messages/{id}/acknowledge", Right::object, words, true, acknowledge_message},
        {get, "/v1/checks", Right::check, none, true, list_sealed_checks},
        {post, "/v1/checks", Right::check, plans, true, seal_check},
        {get, "/v1/checks/{id}", Right::check, none, true, show_sealed_check},
        {get, "/v1/checks/{id}/verification", Right::check, none, true, verify_sealed_check},
        {get, "/v1/statements", look, none, true, list_statements},
        {post, "/v1/statements", share, plans, true, add_statement},
        {get, "/v1/statements/{id}", read_exact, none, true, show_statement},
        {patch, "/v1/statements/{id}", share, plans, true, follow_statement},
        {post, "/v1/statements/{id}/reply", acknowledge, small, true, answer_statement},
        {get, "/v1/corroboration/{id}", read_exact, none, true, show_corroboration},
        {get, "/v1/joins/{id}", read_exact, none, true, show_join},
        {get, "/v1/positions", look, none, true, list_positions},
        {post, "/v1/search", look, plans, true, net::search},
        {get, "/v1/airspace", look, none, true, list_airspace},
        {post, "/v1/airspace", say, plans, true, add_airspace},
        {get, "/v1/airspace/{id}", Right::check, none, true, show_airspace},
        {patch, "/v1/airspace/{id}", say, plans, true, follow_airspace},
    };
}

std::vector<Route> after(std::vector<Route> first, const std::vector<Route>& rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
}

}  // namespace

const char* name(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::post: return "POST";
        case Method::patch: return "PATCH";
        case Method::del: return "DELETE";
        case Method::other: break;
    }
    return "OTHER";
}

const std::vector<Route>& routes() {
    using enum Method;
    using enum Right;
    static const std::vector<Route> most = {
        {post, "/v1/check", check, plans, false, net::check},
        {get, "/v1/protections", look, none, true, list_protections},
        {post, "/v1/protections", say, plans, true, add_protection},
        {get, "/v1/protections/{id}", read_exact, none, true, show_protection},
        {patch, "/v1/protections/{id}", follow, plans, true, follow_protection},
        {get, "/v1/protections/{id}/proof", read_exact, none, true, prove_protection},
        {get, "/v1/protections/{id}/evidence", audit, none, true, show_evidence},
        {post, "/v1/imports", say, import_body_max, true, import_list},
        {get, "/v1/events", look, none, false, events},
        {post, "/v1/tracks", track, positions, true, take_positions},
        {get, "/v1/tracks/alerts", check, none, true, list_alerts},
        {get, "/v1/tiles/{z}/{x}/{y}", look, none, true, tile},
        {get, "/basemap/{z}/{x}/{y}", look, none, true, basemap_tile},
        {get, "/v1/about", look, none, false, about},
        {post, "/v1/session", anyone, small, true, begin_session},
        {get, "/v1/session", self, none, false, show_session},
        {del, "/v1/session", self, none, true, end_session},
        {post, "/v1/password", self, small, true, change_password},
        {get, "/v1/sessions", self, none, false, list_sessions},
        {del, "/v1/sessions/{session}", self, none, true, revoke_session},
        {post, "/v1/links", admin, none, false, make_link},
        {get, "/v1/people", admin, none, false, list_people},
        {post, "/v1/people", admin, small, true, add_person},
        {patch, "/v1/people/{name}", admin, small, true, change_person},
        {post, "/v1/people/{name}/link", admin, none, false, invite_person},
        {get, "/v1/tokens", self, none, false, list_tokens},
        {post, "/v1/tokens", self, small, true, add_token},
        {del, "/v1/tokens/{token}", self, none, true, revoke_token},
        {get, "/v1/audit", audit, none, true, list_audit},
        {get, "/v1/approvals", look, none, false, list_approvals},
        {get, "/v1/approvals/{approval}", read_exact, none, true, show_approval},
        {post, "/v1/approvals/{approval}", approve, small, true, act_on_approval},
        {get, "/v1/officers", look, none, false, list_officers},
        {post, "/v1/officers", admin, small, true, add_officer},
        {get, "/v1/duty", look, none, false, list_duty},
        {post, "/v1/duty", admin, small, true, add_duty},
        {post, "/v1/duty/{role}", duty, small, true, change_duty},
        {del, "/v1/duty/{role}", admin, none, true, remove_duty},
        {get, "/log/checkpoint", anyone, none, true, log_checkpoint},
        {get, "/log/tile/{...}", anyone, none, true, log_tile},
        {get, "/mirror/{origin}/{...}", anyone, none, true, mirror_file},
        {post, "/add-checkpoint", anyone, limits::add_checkpoint_bytes_max, true, add_checkpoint},
        {get, "/healthz", anyone, none, false, healthz},
        {get, "/readyz", anyone, none, false, readyz},
        {get, "/metrics", anyone, none, false, metrics},
        {get, "/openapi.json", anyone, none, false, openapi},
        {get, "/{...}", anyone, none, false, asset},
    };
    static const std::vector<Route> all =
        after(acting_routes(), after(exchange_routes(), after(notice_routes(), most)));
    return all;
}

Api::Api(Desk& desk, Access& access, ApiOptions options)
    : desk_(desk), access_(access), options_(std::move(options)), tiles_(desk, view::Depth::exact),
      coarse_tiles_(desk, view::Depth::coarse),
      audit_(options_.local != nullptr ? *options_.local : no_store_),
      approvals_(desk, options_.proposals, options_.roster, options_.officers),
      notices_(desk, access, approvals_, options_.subscriptions), sheets_(options_.sheets),
      searches_(desk) {
    if (options_.live == nullptr) return;
    TrackKeeping& keeping = options_.live->keeping();
    keeping.keep_with(
        [this](std::span<const node::TrackAlert> alerts) { return notices_.keep_tracks(alerts); });
    notices_.on_wanted([&keeping](bool wanted) { keeping.want(wanted); });
}

Api::~Api() {
    if (options_.live != nullptr) {
        notices_.on_wanted({});
        options_.live->keeping().keep_with({});
    }
    ending_ = true;
    if (beside_.joinable()) beside_.join();
}

Result<std::string> Api::actor_of(const Call& call) const {
    constexpr std::size_t actor_bytes_max = 256;
    const Request& request = call.request;
    if (!call.who.is_owner()) {
        const bool in_person = !call.who.how.starts_with("token ");
        return in_person ? call.who.account : call.who.account + ", " + call.who.how;
    }
    if (!call.who.session.empty() || request.actor.empty()) return options_.actor;
    if (request.actor.size() > actor_bytes_max || !is_utf8(request.actor)) {
        return fail(Errc::malformed, "Entente-Actor: at most 256 bytes of UTF-8");
    }
    return request.actor;
}

std::optional<Response> Api::audited(const Call& call, const char* act,
                                     const std::vector<RecordId>& records,
                                     const std::string& what) {
    people::Reading reading = reading_of(call, act);
    reading.what = what;
    for (const RecordId& id : records) reading.records.push_back(id.text());
    const auto written = audit_.record(std::move(reading));
    if (written) return std::nullopt;
    return problem(written.error());
}

void Api::note_findings(const Call& call, std::span<const RecordId> records) {
    if (!records.empty()) audit_.note(reading_of(call, "check"), records);
}

std::function<void(std::span<const RecordId>)> Api::noting(const Call& call, const char* act) {
    return [this, reading = reading_of(call, act)](std::span<const RecordId> records) {
        if (!records.empty()) audit_.note(reading, records);
    };
}

std::shared_ptr<void> Api::import_turn() { return turn_of(importing_); }
std::shared_ptr<void> Api::sync_turn() { return turn_of(syncing_); }
std::shared_ptr<void> Api::witness_turn() { return turn_of(witnessing_); }

void Api::run_beside(std::function<void()> job) {
    if (beside_.joinable()) beside_.join();  // the one before gave up its turn at its end
    beside_ = std::thread(std::move(job));
}

/// Sets the route with its parameters; or, where the path takes other methods only, names them.
std::string Api::find(Method method, Admission& admission) {
    std::string allowed;
    for (const Compiled& one : compiled()) {
        // `/{...}` takes only what no other pattern fits.
        if (!allowed.empty() && one.segments.front() == "{...}") break;
        std::vector<std::string> parameters;
        if (!fits(one.segments, admission.target.path, parameters)) continue;
        if (one.route->method == method) {
            admission.route = one.route;
            admission.parameters = std::move(parameters);
            return {};
        }
        if (!allowed.empty()) allowed += ", ";
        allowed += name(one.route->method);
        if (one.route->method == Method::get) allowed += ", HEAD";
    }
    return allowed;
}

Admission Api::admit(const Request& request) {
    Admission out;
    auto refuse = [&](Response response) {
        out.refusal = std::move(response);
        out.route = nullptr;
        return std::move(out);
    };
    auto target = parse_target(request.target);
    if (!target) return refuse(problem(target.error()));
    out.target = std::move(*target);
    const std::string allowed = find(request.method, out);
    const Right right = out.route ? out.route->right : Right::anyone;
    const Instant now = desk_.now();
    auto refusal = access_.refuse(request, right, now, &out.who);
    const bool known = right != Right::anyone && !refusal;
    const Limits& limits = options_.limits;
    const double most = known ? limits.requests_per_second_max : limits.anonymous_per_second_max;
    if (request.door == Door::tcp && !rate_.take(request.peer, known, most, now)) {
        return refuse(
            problem(429, "too_many",
                    "more than " + std::to_string(std::llround(most)) + " requests a second",
                    known ? "requests_per_second_max" : "anonymous_per_second_max"));
    }
    if (refusal) return refuse(std::move(*refusal));
    if (out.route) return out;
    if (allowed.empty()) {
        return refuse(problem(404, "not_found",
                              "there is nothing at this path; /openapi.json lists what is"));
    }
    Response response = problem(405, "method_not_allowed", "this path takes: " + allowed);
    response.headers.emplace_back("Allow", allowed);
    return refuse(std::move(response));
}

Response Api::answer(const Request& request, Admission admission) {
    Response response;
    if (admission.refusal) {
        response = std::move(*admission.refusal);
    } else if (request.body.size() > admission.route->body_max) {
        response = problem(413, "too_large", "the body is longer than this path takes", "body_max");
    } else {
        const Call call{request, admission.target, std::move(admission.parameters), desk_.now(),
                        std::move(admission.who)};
        response = admission.route->handle(*this, call);
        if (response.source) {
            response.source =
                access_.while_let_in(std::move(response.source), call.who, admission.route->right,
                                     [this] { return desk_.now(); });
        }
    }
    finish(request, response);
    count(response);
    return response;
}

void Api::count(const Response& response) {
    counters_.responses[static_cast<std::size_t>(response.status / 100)].fetch_add(
        1, std::memory_order_relaxed);
}

/// What all responses have in common: revalidation, compression, how long they may be kept.
void Api::finish(const Request& request, Response& response) const {
    const bool revalidated = response.status == 200 && !response.etag.empty() &&
                             request.if_none_match.find(response.etag) != std::string::npos;
    if (revalidated) {
        response.status = 304;
        response.type.clear();
        response.body.clear();
        response.shared.reset();
        std::erase_if(response.headers,
                      [](const auto& one) { return one.first == "Content-Encoding"; });
    }
    const auto kept = std::find_if(response.headers.begin(), response.headers.end(),
                                   [](const auto& one) { return one.first == "Cache-Control"; });
    if (kept == response.headers.end()) {
        response.headers.emplace_back("Cache-Control",
                                      response.etag.empty() ? "no-store" : "no-cache");
    }
    const bool done = std::any_of(response.headers.begin(), response.headers.end(),
                                  [](const auto& one) { return one.first == "Content-Encoding"; });
    if (!done && (response.source || response.bytes().size() < gzip_bytes_min)) return;
    response.headers.emplace_back("Vary", "Accept-Encoding");
    if (done || !takes_gzip(request)) return;
    response.body = gzip(response.bytes());
    response.shared.reset();
    response.headers.emplace_back("Content-Encoding", "gzip");
}

Result<std::shared_ptr<const Moment>> moment_for(Api& api, const Call& call) {
    if (!call.target.has("as")) return api.desk().moment();
    auto party = PartyId::parse(call.target.value("as"));
    if (!party) return at("as", party.error());
    if (*party == api.desk().moment()->view.party()) {
        return fail(Errc::malformed, "as: that is this party; its own view is asked without");
    }
    auto moment = api.desk().as_seen_by(*party);
    if (!moment) return at("as", moment.error());
    return moment;
}

Response ok(std::string type, std::string body) {
    Response response;
    response.type = std::move(type);
    response.body = std::move(body);
    return response;
}

bool takes_gzip(const Request& request) {
    return request.accept_encoding.find("gzip") != std::string::npos;
}

bool accepts(const Request& request, std::string_view type) {
    const std::string& text = request.accept;
    const std::size_t at = text.find(type);
    if (at == std::string::npos) return false;
    const std::size_t json = std::min(text.find("json"), text.find("*/*"));
    return json == std::string::npos || at < json;
}

}  // namespace entente::net

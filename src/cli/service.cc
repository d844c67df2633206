// SPDX-License-Identifier: Apache-2.0
#include "cli/service.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "cli/peers.h"
#include "cli/staff.h"
#include "net/api.h"
#include "net/client.h"
#include "net/problem.h"

namespace entente::cli {
namespace {

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

/// What a verb shows to the API of its own process.
constexpr const char* in_process = "in-process";

/// The API over a register of this process, which outlives it.
struct Local {
    explicit Local(Session& session)
        : staff(open_staff_to_read({session.data()})),
          desk({&session.node(), [&session] { return session.author(); },
                [&session] { return session.cannot_reduce(); }, now, os_random(),
                &session.exchange(),
                [&session](const node::Gathering& wanted) { return session.evidence(wanted); },
                session.keeper(), &session.store(), session.urgents()}),
          access({.token = in_process,
                  .hosts = {},
                  .cookie = {},
                  .people = staff.people.get(),
                  .cost = {}},
                 os_random()) {}

    Result<void> begin(Session& session, const OpenOptions& options) {
        ServeArgs args;
        args.common.data = session.data();
        const auto config = read_config(args);
        if (options.ask_peers) {
            if (!config) return tl::unexpected(config.error());
            TRY(started,
                Peers::start(session, desk, *config, {.served = false, .only = options.only_peer}));
            peers = std::move(started);
        }
        net::ApiOptions with;
        if (config) with.outbound = config->outbound;  // else nothing may be sent anywhere
        with.follower = peers ? peers->follower() : nullptr;
        with.officer_file = [dir = DataDir{session.data()}](const std::string& officer) {
            return read_officer_key(dir, officer);
        };
        with.local = staff.store.get();
        with.proposals = staff.proposals.get();
        with.roster = staff.roster.get();
        with.subscriptions = staff.subscriptions.get();
        with.sheets = staff.sheets.get();
        with.officers = founding_officers({session.data()}, session.node());
        api.emplace(desk, access, std::move(with));
        return {};
    }

    Staff staff;
    net::Desk desk;
    net::Access access;
    std::unique_ptr<Peers> peers;  // where others are asked
    std::optional<net::Api> api;
};

}  // namespace

struct Service::State {
    std::string actor;
    std::string reason;
    std::string token;
    std::unique_ptr<net::Client> client;  // one of the two
    std::unique_ptr<Session> session;
    OpenOptions options;
    std::unique_ptr<Local> local;  // once something is asked of the session's register
};

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() = default;
Service::Service(Service&&) noexcept = default;
Service& Service::operator=(Service&&) noexcept = default;

Result<Service> Service::open(const Common& common, const OpenOptions& options) {
    auto state = std::make_unique<State>();
    state->actor = common.actor;
    state->reason = common.reason;
    const DataDir dir{common.data};
    auto client = net::Client::connect(dir.socket());
    if (!client && client.error().code != Errc::not_found) return tl::unexpected(client.error());
    if (client) {
        if (!options.root_file.empty()) {
            return fail(Errc::refused,
                        "a node serves " + common.data +
                            ", and the root's key is not given to it; stop the node, say this, and "
                            "start it again");
        }
        TRY(token, read_token(dir.token()));
        state->token = std::move(token);
        state->client = std::move(*client);
        return Service(std::move(state));
    }
    TRY(session, Session::open(common, options));
    state->session = std::make_unique<Session>(std::move(session));
    state->options = options;
    state->token = in_process;
    return Service(std::move(state));
}

Session* Service::session() { return state_->session.get(); }

Result<net::Response> Service::ask(net::Request request) {
    return ask_streamed(std::move(request), nullptr);
}

Result<net::Response> Service::ask_streamed(net::Request request,
                                            const std::function<void(std::string_view)>& piece) {
    request.door = net::Door::socket;
    request.actor = state_->actor;
    request.reason = state_->reason;
    request.authorization = "Bearer " + state_->token;
    if (state_->session && !state_->local) {
        auto local = std::make_unique<Local>(*state_->session);
        TRYV(local->begin(*state_->session, state_->options));
        state_->local = std::move(local);
    }
    auto response = state_->local ? Result<net::Response>(state_->local->api->handle(request))
                                  : state_->client->ask(request, piece);
    if (!response) return response;
    if (response->status >= 400) return tl::unexpected(net::error_of(*response));
    return response;
}

Result<net::Response> Service::get(const std::string& target, const std::string& accept) {
    net::Request request;
    request.target = target;
    request.accept = accept;
    return ask(std::move(request));
}

std::string header(const net::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
        if (same_name(key, name)) return value;
    }
    return {};
}

}  // namespace entente::cli

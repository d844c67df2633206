// SPDX-License-Identifier: Apache-2.0
// `entente serve`: the node on its sockets until it is told to stop; `entente link`: a one-time
// link to its page.
#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <thread>

#include "base/printable.h"
#include "cli/basemap.h"
#include "cli/config.h"
#include "cli/peers.h"
#include "cli/read_list.h"
#include "cli/service.h"
#include "cli/staff.h"
#include "cli/verbs.h"
#include "cli/zone_files.h"
#include "formats/json.h"
#include "net/assets.h"
#include "net/deliverer.h"
#include "net/server.h"

namespace entente::cli {
namespace {

std::string scheme_of(const ServeConfig& config) {
    return config.tls_cert.empty() ? "http" : "https";
}

/// `127.0.0.1:8700`, `[::1]:8700`.
std::string authority(const std::string& host, std::uint16_t port) {
    return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                               : fmt::format("[{}]:{}", host, port);
}

/// The names by which a browser may call this node. Of an address that stands for all of them,
/// none is known: then they are given with --host.
std::set<std::string> hosts_of(const ServeConfig& config, std::uint16_t port) {
    std::set<std::string> out;
    auto add = [&](const std::string& host) {
        out.insert(authority(host, port));
        if (port == (config.tls_cert.empty() ? 80 : 443)) out.insert(host);
    };
    add(config.address);
    if (config.address == "127.0.0.1" || config.address == "::1") add("localhost");
    for (std::string host : config.hosts) {
        for (char& c : host) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        add(host);
    }
    return out;
}

sigset_t ending_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

/// Blocks until somebody asks the node to stop; a second time ends it at once.
void wait_for_end() {
    const sigset_t set = ending_signals();
    int signal = 0;
    (void)sigwait(&set, &signal);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

/// Where nobody has an account yet, how to make the first; afterwards people sign in by name, and
/// no link to everything is left lying in a terminal or a journal.
void print_ways_in(net::Access& access, const std::string& address) {
    const bool nobody =
        access.with_people([](const people::People& people) { return people.accounts().empty(); });
    if (nobody) {
        fmt::print("make the first admin with: {}#first={}\n", address,
                   access.make_first_code(now()));
        fmt::print("open the page once with: {}#once={}\n", address, access.make_code(now()));
    } else {
        fmt::print("people sign in at {} (the owner: entente link)\n", address);
    }
}

Result<std::shared_ptr<const net::Basemap>> basemap_of(const ServeConfig& config) {
    if (config.basemap.empty()) return std::shared_ptr<const net::Basemap>();
    TRY(opened, open_mbtiles(config.basemap));
    return std::shared_ptr<const net::Basemap>(std::move(opened));
}

Result<std::unique_ptr<net::LiveDesk>> live_desk(const ServeConfig& config, net::Desk& desk) {
    std::vector<std::string> notes;
    TRY(boundaries, read_boundaries(config.zones, notes));
    for (const std::string& note : notes) {
        fmt::print(stderr, "entente serve: note: {}\n", printable(note));
    }
    return net::LiveDesk::start(desk, std::move(boundaries));
}

/// A node may have been put back to an earlier time: then its peers are asked before it signs.
OpenOptions to_serve() {
    OpenOptions out{Access::write, true, {}};
    out.may_wait = true;
    return out;
}

std::string address_of(const ServeConfig& config, std::uint16_t port) {
    return fmt::format("{}://{}/", scheme_of(config), authority(config.address, port));
}

net::Ports ports_of(Session& session) {
    return {&session.node(),
            [&session] { return session.author(); },
            [&session] { return session.cannot_reduce(); },
            now,
            os_random(),
            &session.exchange(),
            [&session](const node::Gathering& wanted) { return session.evidence(wanted); },
            session.keeper(),
            &session.store(),
            session.urgents()};
}

/// Of a duty role: whether somebody holds it.
auto held_by(net::Api& api) {
    return [&api](const std::string& role) {
        return api.approvals().with_roster([&](const people::Roster& all) -> std::optional<bool> {
            const auto duty = all.all().find(role);
            if (duty == all.all().end()) return std::nullopt;
            return !duty->second.holder.empty();
        });
    };
}

struct EndCalling {
    Peers* peers;
    ~EndCalling() {
        if (peers != nullptr) peers->end_calling();
    }
};

void print_serving(Session& session, const net::Desk& desk, const Peers* peers,
                   const std::string& address) {
    fmt::print("{}serving {} ({} records, tree size {}) at {}\n",
               session.node().charter().exercise ? "EXERCISE: " : "", session.data(),
               grouped(desk.moment()->view.size()), grouped(session.node().log().size().v),
               address);
    if (peers == nullptr) return;
    fmt::print("among {} other parties: follows {}, {}\n", session.exchange().peers().size(),
               peers->followed(),
               peers->listening().empty() ? "is asked by nobody (no address in the charter)"
                                          : "listens to them at " + peers->listening());
}

Result<void> run(const ServeArgs& args) {
    TRY(config, read_config(args));
    // Before any thread, so that all inherit it and only wait_for_end() hears of them.
    const sigset_t set = ending_signals();
    (void)pthread_sigmask(SIG_BLOCK, &set, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);
    const DataDir dir{args.common.data};
    TRY(session, Session::open(args.common, to_serve()));
    TRY(token, read_or_make_token(dir.token()));
    TRY(staff, open_staff(dir));
    TRY(assets, net::unpack(net::page_pack()));
    TRY(basemap, basemap_of(config));
    auto officers = founding_officers(dir, session.node());
    TRY(server, net::Server::listen({.address = config.address,
                                     .port = config.port,
                                     .socket = dir.socket(),
                                     .tls_cert = config.tls_cert,
                                     .tls_key = config.tls_key,
                                     .limits = config.limits,
                                     .threads = config.threads}));
    const std::uint16_t port = server->port();
    const std::string address = address_of(config, port);
    net::Desk desk(ports_of(session));
    TRY(live, live_desk(config, desk));
    TRY(peers, Peers::start(session, desk, config));
    net::Access access({.token = token,
                        .hosts = hosts_of(config, port),
                        .cookie = fmt::format("entente_{}", port),
                        .people = staff.people.get(),
                        .cost = {}},
                       os_random());
    net::Api api(desk, access,
                 {.version = program_version(),
                  .actor = args.common.actor,
                  .page_address = address,
                  .limits = config.limits,
                  .assets = assets.empty() ? nullptr : &assets,
                  .basemap = basemap,
                  .read_file = read_list_bytes,
                  .gauges = [&] { return server->gauges(); },
                  .peers = peers ? &peers->desk() : nullptr,
                  .follower = peers ? peers->follower() : nullptr,
                  .live = live.get(),
                  .local = staff.store.get(),
                  .proposals = staff.proposals.get(),
                  .roster = staff.roster.get(),
                  .subscriptions = staff.subscriptions.get(),
                  .sheets = staff.sheets.get(),
                  .outbound = config.outbound,
                  .officers = std::move(officers),
                  .officer_file =
                      [&](const std::string& officer) { return read_officer_key(dir, officer); }});
    const EndCalling end{peers.get()};  // before `api`
    if (peers) peers->begin_calling(held_by(api));
    // What officers had signed when the node ended.
    api.approvals().log_all({"owner", "start", now(), true});
    TRY(out, net::Outbound::make(config.outbound));
    net::Deliverer deliverer(desk, api.notices(), std::move(out),
                             {config.outbound, now, os_random()});
    server->serve(api);
    print_serving(session, desk, peers.get(), address);
    print_ways_in(access, address);
    fmt::print("programs show the token in {}; stop with Ctrl-C\n", dir.token());
    (void)std::fflush(stdout);
    wait_for_end();
    fmt::print("stopping: what is under way is finished first\n");
    server->stop();
    return {};
}

}  // namespace

Exit serve(const ServeArgs& args) {
    const auto done = run(args);
    return done ? Exit::ok : report("serve", done.error());
}

Exit link(const LinkArgs& args) {
    auto service = Service::open(args.common, {});
    if (service && service->session() != nullptr) {
        return report("link", {Errc::not_found,
                               fmt::format("no node serves {}; start one: entente serve --data {}",
                                           args.common.data, args.common.data)});
    }
    if (!service) return report("link", service.error());
    net::Request request;
    request.method = net::Method::post;
    request.target = "/v1/links";
    const auto made = service->ask(std::move(request));
    if (!made) return report("link", made.error());
    const auto json = formats::parse_json(made->body, made->body.size());
    const formats::Json* link = json ? json->find("link") : nullptr;
    if (link == nullptr) return report("link", {Errc::unavailable, "the node gave no link"});
    fmt::print("{}\n", link->text);
    return Exit::ok;
}

}  // namespace entente::cli

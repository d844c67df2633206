// SPDX-License-Identifier: Apache-2.0
// What following others costs while nothing happens: a Follower with so many peers, whose heads
// have not changed, over TLS on loopback. The peers' listener is a process of its own, so that only
// the follower's time is counted (its threads, libcurl, OpenSSL; what the node does with a 304 is
// next to nothing).
//
//     follow_bench [peers = 20] [seconds = 60] [poll_every in ms = 5000]
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "net/follower.h"
#include "net/peer_api.h"
#include "net/server.h"

namespace entente::net {
namespace {

SecretKey secret(std::uint64_t seed) {
    Rng rng(seed);
    return SecretKey::generate(rng.bytes());
}

Instant now() {
    const auto passed = std::chrono::steady_clock::now().time_since_epoch();
    return Instant(std::chrono::duration_cast<Duration>(passed));
}

class Heads final : public PeerDesk {
  public:
    Result<Bytes> answer(const PartyId&, std::string_view) override { return Bytes(20'000, 'h'); }
    Result<Bytes> mirror_file(const Hash&, std::string_view) override {
        return fail(Errc::not_found, "none");
    }
    WitnessAnswer add_checkpoint(BytesView) override { return {}; }
};

/// Serves until the other end of the pipe is closed.
int serve(int port_to, int until) {
    Heads desk;
    PeerApi api(desk, {peer_limits(), now});
    ServerOptions options;
    options.limits = peer_limits();
    options.limits.party_connections_max = 1000;
    options.limits.connections_max = 1000;
    options.threads = 1;
    options.tls = *(*Channel::make(secret(2)))->listening([](const PublicKey& key) {
        return key == secret(1).public_key() ? std::optional(PartyId{"fr"}) : std::nullopt;
    });
    auto server = *Server::listen(options);
    server->serve(api);
    const std::uint16_t port = server->port();
    if (::write(port_to, &port, sizeof port) != sizeof port) return 1;
    char byte = 0;
    (void)::read(until, &byte, 1);
    server->stop();
    return 0;
}

double cpu_seconds() {
    rusage usage{};
    (void)getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Sums {
    std::uint64_t requests = 0;
    std::uint64_t bytes = 0;
    std::size_t troubled = 0;
};
Sums sums_of(const Follower& follower) {
    Sums out;
    for (const Contact& one : follower.contacts()) {
        out.requests += one.requests;
        out.bytes += one.bytes_in;
        if (one.trouble || !one.reachable) ++out.troubled;
    }
    return out;
}

int follow(std::uint16_t port, unsigned peers, unsigned seconds, Duration poll_every) {
    std::vector<std::string> etags(peers);
    std::vector<int> asked(peers);  // no bool: each thread writes its own
    std::vector<Following> all;
    for (unsigned i = 0; i < peers; ++i) {
        Following one;
        one.name = "peer " + std::to_string(i);
        one.peer.url = "https://127.0.0.1:" + std::to_string(port);
        one.peer.own = *Channel::make(secret(1));
        one.peer.keys = {secret(2).public_key()};
        one.next = [&etags, &asked, i](Instant) -> std::optional<PeerStep> {
            asked[i] = 1 - asked[i];
            if (asked[i] == 0) return std::nullopt;
            return PeerStep{"/peer/v1/heads", etags[i]};
        };
        one.take = [&etags, i](const PeerStep&, Result<Response> answer, Instant) -> Result<void> {
            if (answer) etags[i] = answer->etag;
            return {};
        };
        all.push_back(std::move(one));
    }
    auto follower =
        *Follower::make(std::move(all), {.now = now, .seed = 1, .poll_every = poll_every});
    follower->start();
    // Handshakes and first answers are not rest.
    std::this_thread::sleep_for(poll_every + std::chrono::seconds(1));
    const Sums before = sums_of(*follower);
    const double cpu = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    const double used = cpu_seconds() - cpu;
    const Sums after = sums_of(*follower);
    const auto requests = static_cast<double>(after.requests - before.requests);
    std::printf("%u peers, polled every %.1f to %.1f s, %u s: %.0f requests, %zu in trouble\n",
                peers, static_cast<double>(poll_every.count()) / 2000,
                static_cast<double>(poll_every.count()) / 1000, seconds, requests, after.troubled);
    std::printf("%.3f %% of a core, %.0f us a request, %.0f bytes in a peer and hour\n",
                100 * used / seconds, 1e6 * used / requests,
                static_cast<double>(after.bytes - before.bytes) / peers / seconds * 3600);
    follower->stop();
    return after.troubled == 0 && requests > 0 ? 0 : 1;
}

unsigned argument(int argc, char** argv, int at, unsigned otherwise) {
    return argc > at ? static_cast<unsigned>(std::atoi(argv[at])) : otherwise;
}

int run(int argc, char** argv) {
    int port_pipe[2];
    int end_pipe[2];
    if (::pipe(port_pipe) != 0 || ::pipe(end_pipe) != 0) return 1;
    (void)std::signal(SIGPIPE, SIG_IGN);
    const pid_t child = ::fork();
    if (child == 0) {
        (void)::close(end_pipe[1]);
        std::_Exit(serve(port_pipe[1], end_pipe[0]));
    }
    std::uint16_t port = 0;
    if (::read(port_pipe[0], &port, sizeof port) != sizeof port) return 1;
    const int code = follow(port, argument(argc, argv, 1, 20), argument(argc, argv, 2, 60),
                            Duration(argument(argc, argv, 3, 5000)));
    (void)::close(end_pipe[1]);
    (void)::waitpid(child, nullptr, 0);
    return code;
}

}  // namespace
}  // namespace entente::net

int main(int argc, char** argv) { return entente::net::run(argc, argv); }

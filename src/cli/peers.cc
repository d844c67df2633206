// SPDX-License-Identifier: Apache-2.0
#include "cli/peers.h"

#include <fmt/format.h>

namespace entente::cli {
namespace {

/// `https://host:port` without its scheme.
std::string authority_of(const std::string& address) {
    constexpr std::string_view scheme = "https://";
    return address.starts_with(scheme) ? address.substr(scheme.size()) : address;
}

}  // namespace

Result<std::unique_ptr<Peers>> Peers::start(Session& session, net::Desk& desk,
                                            const ServeConfig& config) {
    if (session.exchange().solo()) return std::unique_ptr<Peers>();
    const statement::Charter& charter = session.node().charter();
    const PartyId self = session.node().snapshot().party();
    TRY(secret, read_key(DataDir{session.data()}.keys() + "/channel", "channel"));
    TRY(channel, net::Channel::make(SecretKey::from_seed(secret)));
    std::unique_ptr<Peers> out(new Peers(desk));
    TRYV(out->listen(*channel, charter, config, self));
    TRYV(out->follow(channel, desk, charter, config, self));
    return out;
}

Result<void> Peers::listen(const net::Channel& channel, const statement::Charter& charter,
                           const ServeConfig& config, const PartyId& self) {
    const std::string where = config.peer_listen.empty()
                                  ? authority_of(charter.party(self)->address)
                                  : config.peer_listen;
    if (where.empty()) return {};
    ServeConfig parsed;
    if (auto read = read_listen(where, parsed); !read) return at("peer_listen", read.error());
    std::map<PublicKey, PartyId> keys;
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id == self) continue;
        TRY(key, PublicKey::from(party.channel));
        keys.emplace(key, party.id);
    }
    auto party_of = [keys](const PublicKey& key) -> std::optional<PartyId> {
        const auto found = keys.find(key);
        if (found == keys.end()) return std::nullopt;
        return found->second;
    };
    TRY(tls, channel.listening(party_of));
    net::ServerOptions options;
    options.address = parsed.address;
    options.port = parsed.port;
    options.tls = tls;
    options.limits = net::peer_limits();
    options.threads = 1;
    TRY(server, net::Server::listen(options));
    api_ = std::make_unique<net::PeerApi>(
        desk_, net::PeerApiOptions{.limits = net::peer_limits(), .now = now});
    server_ = std::move(server);
    server_->serve(*api_);
    listening_ = fmt::format("{}:{}", parsed.address, server_->port());
    return {};
}

Result<void> Peers::follow(std::shared_ptr<const net::Channel> channel, net::Desk& desk,
                           const statement::Charter& charter, const ServeConfig& config,
                           const PartyId& self) {
    std::vector<net::PeerAddress> addresses;
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id == self || party.address.empty()) continue;
        net::PeerOptions options;
        options.url = party.address;
        options.own = channel;
        options.proxy = config.proxy;
        TRY(key, PublicKey::from(party.channel));
        options.keys = {key};
        addresses.push_back({party.id, std::move(options)});
    }
    followed_ = addresses.size();
    std::uint64_t seed = 0;
    os_random()(reinterpret_cast<std::uint8_t*>(&seed), sizeof seed);
    const Duration poll =
        std::chrono::milliseconds(static_cast<std::int64_t>(config.poll_every_s * 1000));
    TRY(follower, net::Follower::make(net::followings(desk, std::move(addresses), poll),
                                      {.now = now, .seed = seed, .poll_every = poll}));
    follower_ = std::move(follower);
    follower_->start();
    return {};
}

Peers::~Peers() {
    if (follower_) follower_->stop();
    if (server_) server_->stop();
}

}  // namespace entente::cli

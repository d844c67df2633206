// SPDX-License-Identifier: Apache-2.0
#include "cli/peers.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include "base/limits.h"

namespace entente::cli {
namespace {

bool is_numeric(const std::string& host) {
    in6_addr room;
    return inet_pton(AF_INET, host.c_str(), &room) == 1 ||
           inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

/// Where a node that is called by `https://host:port` listens. A name, or an address that some
/// router has instead of this machine, is none to listen on: then everywhere, at that port.
Result<ServeConfig> place_of(const std::string& address) {
    constexpr std::string_view scheme = "https://";
    std::string where = address.starts_with(scheme) ? address.substr(scheme.size()) : address;
    const std::size_t bracket = where.rfind(']');
    const std::size_t from = bracket == std::string::npos ? 0 : bracket;
    if (where.find(':', from) == std::string::npos) where += ":443";
    ServeConfig out;
    TRYV(read_listen(where, out));
    if (!is_numeric(out.address)) out.address = "0.0.0.0";
    return out;
}

/// The keys of the version in force, and of the one before it: who has not adopted the newer one
/// yet still shows the older's.
Result<net::ChannelKeys> channel_keys(const DataDir& dir, const statement::Charter& charter,
                                      const PartyId& self) {
    if (charter.version == 1) return net::ChannelKeys(self, {&charter});
    const std::string path = dir.charter_version(charter.version - 1);
    const auto file = read_file(path, limits::charter_bytes_max);
    if (!file && file.error().code == Errc::not_found) return net::ChannelKeys(self, {&charter});
    if (!file) return tl::unexpected(file.error());
    auto before = statement::parse_charter(*file);
    if (!before) return at(path, before.error());
    return net::ChannelKeys(self, {&charter, &*before});
}

/// What goes over this party's node (PROTOCOL 28). Who states no address cannot be asked, and hands
/// over what it would answer: to each that has one itself; for the others at the node that relays
/// for them, or else at the one that relays for us, in this order, so that what they are told of a
/// beat is there before the beat. Whoever cannot be asked may have left something at any node.
node::Relayed relayed_by(const statement::Charter& charter, const PartyId& self,
                         const PeerBook& book, const PartyId& by) {
    node::Relayed out;
    const auto reach = [&](const PartyId& party) { return reach_of(*charter.party(party), book); };
    const Reach own = reach(self);
    for (const statement::CharterParty& party : charter.parties) {
        if (party.id == self || party.id == by || !reach(party.id).address.empty()) continue;
        out.ask_for.push_back(party.id);
        const std::string relay = reach(party.id).relay;
        if (own.address.empty() && (relay.empty() ? own.relay : relay) == by.v) {
            out.hand_over.push_back(party.id);
        }
    }
    if (own.address.empty()) out.hand_over.push_back(by);
    return out;
}

Result<std::vector<net::PeerAddress>> addresses_of(const statement::Charter& charter,
                                                   const PartyId& self, const PeerBook& book,
                                                   const net::ChannelKeys& keys,
                                                   std::shared_ptr<const net::Channel> channel,
                                                   const ServeConfig& config,
                                                   const std::string& only) {
    std::vector<net::PeerAddress> out;
    for (const statement::CharterParty& party : charter.parties) {
        const std::string address = reach_of(party, book).address;
        const bool wanted = only.empty() || only == party.id.v;
        if (party.id == self || address.empty() || !wanted) continue;
        net::PeerOptions options;
        options.url = address;
        options.own = channel;
        options.proxy = config.proxy;
        options.keys = keys.keys_of(party.id);
        out.push_back({party.id, std::move(options), relayed_by(charter, self, book, party.id)});
    }
    return out;
}

net::Caller::Options calling_of(const statement::Charter& charter, const PartyId& self,
                                const PeerBook& book,
                                const std::vector<net::PeerAddress>& addresses) {
    net::Caller::Options out;
    out.now = now;
    if (reach_of(*charter.party(self), book).address.empty()) {
        out.ask_every = std::chrono::seconds(5);
    }
    for (const net::PeerAddress& one : addresses) out.reachable[one.party] = one.options;
    for (const statement::CharterParty& party : charter.parties) {
        const auto relay = PartyId::parse(reach_of(party, book).relay);
        if (relay) out.relay_of[party.id] = *relay;
    }
    return out;
}

std::vector<net::WitnessAddress> witnesses_of(const statement::Charter& charter,
                                              const ServeConfig& config) {
    std::vector<net::WitnessAddress> out;
    for (const statement::OutsideWitness& witness : charter.witnesses) {
        // It is nobody's node, and known by the authorities; on this machine by its place.
        net::PeerOptions options;
        options.url = witness.url;
        options.proxy = config.proxy;
        options.loopback_http = true;
        out.push_back({witness.name, std::move(options)});
    }
    return out;
}

}  // namespace

Result<std::vector<net::PeerAddress>> peer_addresses(const DataDir& dir,
                                                     const statement::Charter& charter,
                                                     const PartyId& self,
                                                     const ServeConfig& config) {
    TRY(secret, read_key(dir.role_key("channel"), "channel"));
    TRY(keys, channel_keys(dir, charter, self));
    TRY(channel, net::Channel::make(SecretKey::from_seed(secret)));
    TRY(book, read_peer_book(dir));
    return addresses_of(charter, self, book, keys, channel, config, {});
}

Result<std::unique_ptr<Peers>> Peers::start(Session& session, net::Desk& desk,
                                            const ServeConfig& config,
                                            const PeersOptions& options) {
    if (session.exchange().solo()) return std::unique_ptr<Peers>();
    const statement::Charter& charter = session.node().charter();
    const PartyId self = session.node().snapshot().party();
    const DataDir dir{session.data()};
    TRY(secret, read_key(dir.role_key("channel"), "channel"));
    const SecretKey key = SecretKey::from_seed(secret);
    TRY(keys, channel_keys(dir, charter, self));
    if (!keys.is_own(key.public_key())) {
        return fail(Errc::refused,
                    fmt::format("{} is not the channel key that the charter has for {}, and no "
                                "other node would know this one by it; put the right one back",
                                dir.role_key("channel"), self.v));
    }
    TRY(channel, net::Channel::make(key));
    TRY(book, read_peer_book(dir));
    TRY(addresses, addresses_of(charter, self, book, keys, channel, config, options.only));
    std::unique_ptr<Peers> out(new Peers(desk, std::move(keys), dir));
    out->calling_ = calling_of(charter, self, book, addresses);
    if (options.served) TRYV(out->listen(*channel, charter.party(self)->address, config));
    auto witnesses =
        options.only.empty() ? witnesses_of(charter, config) : std::vector<net::WitnessAddress>();
    TRYV(out->follow(desk, std::move(addresses), std::move(witnesses), config, options.served));
    return out;
}

Result<void> Peers::listen(const net::Channel& channel, const std::string& address,
                           const ServeConfig& config) {
    const bool told = !config.peer_listen.empty();
    if (!told && address.empty()) return {};
    ServeConfig place;
    if (told) {
        if (auto read = read_listen(config.peer_listen, place); !read)
            return at("peer_listen", read.error());
    } else {
        auto from_charter = place_of(address);
        if (!from_charter) return at("the charter's address", from_charter.error());
        place = std::move(*from_charter);
    }
    TRY(tls,
        channel.listening([keys = keys_](const PublicKey& key) { return keys.party_of(key); }));
    net::ServerOptions options;
    options.address = place.address;
    options.port = place.port;
    options.tls = tls;
    options.limits = net::peer_limits();
    options.threads = 1;
    auto server = net::Server::listen(options);
    if (!server && !told) {
        options.address = "0.0.0.0";  // a router may have the charter's address
        if (auto anywhere = net::Server::listen(options)) server = std::move(anywhere);
    }
    if (!server) return at("for other parties' nodes", server.error());
    api_ = std::make_unique<net::PeerApi>(
        desk_, net::PeerApiOptions{.limits = net::peer_limits(), .now = now});
    server_ = std::move(*server);
    server_->serve(*api_);
    listening_ = fmt::format("{}:{}", options.address, server_->port());
    return {};
}

Result<void> Peers::follow(net::Desk& desk, std::vector<net::PeerAddress> addresses,
                           std::vector<net::WitnessAddress> witnesses, const ServeConfig& config,
                           bool at_once) {
    followed_ = addresses.size();
    std::uint64_t seed = 0;
    os_random()(reinterpret_cast<std::uint8_t*>(&seed), sizeof seed);
    const Duration poll =
        std::chrono::milliseconds(static_cast<std::int64_t>(config.poll_every_s * 1000));
    auto followings = net::followings(desk, std::move(addresses), poll);
    for (auto& one : net::witness_followings(desk, std::move(witnesses))) {
        followings.push_back(std::move(one));
    }
    TRY(follower,
        net::Follower::make(std::move(followings), {.now = now, .seed = seed, .poll_every = poll}));
    follower_ = std::move(follower);
    if (at_once) follower_->start();
    return {};
}

void Peers::begin_calling(std::function<std::optional<bool>(const std::string& role)> held) {
    caller_ = std::make_unique<net::Caller>(own_desk_, calling_);
    desk_.on_urgent({std::move(held),
                     [this](const PartyId& author) {
                         if (follower_) follower_->wake(author.v);
                     },
                     [this](const PartyId& from, const PartyId& to, const Bytes& box) {
                         caller_->carry(from, to, box);
                     }});
}

Peers::~Peers() {
    desk_.on_urgent({});
    if (follower_) follower_->stop();
    if (server_) server_->stop();
}

}  // namespace entente::cli

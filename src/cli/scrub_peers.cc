// SPDX-License-Identifier: Apache-2.0
#include "cli/scrub_peers.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"
#include "cli/config.h"
#include "cli/peers.h"
#include "net/problem.h"
#include "node/paths.h"
#include "tlog/tile.h"

namespace entente::cli {

using tlog::tile_width;

Result<std::unique_ptr<PeerCopies>> PeerCopies::make(const DataDir& dir,
                                                     const statement::Charter& charter,
                                                     const PartyId& self) {
    ServeArgs args;
    args.common.data = dir.path;
    TRY(config, read_config(args));
    TRY(addresses, peer_addresses(dir, charter, self, config));
    std::unique_ptr<PeerCopies> out(new PeerCopies());
    for (net::PeerAddress& address : addresses) {
        const std::string url = address.options.url;
        auto client = net::PeerClient::make(std::move(address.options));
        if (!client) return at(url, client.error());
        auto peer = std::make_unique<Peer>();
        peer->name = address.party.v;
        peer->client = std::move(*client);
        out->peers_.push_back(std::move(peer));
    }
    if (out->peers_.empty()) {
        return fail(Errc::not_found,
                    "no other party of the charter states an address; entente peer add tells one, "
                    "and --from DIR takes a copy that lies in a directory");
    }
    return out;
}

/// Errc::not_found where it has nothing at this path.
Result<Bytes> PeerCopies::ask(Peer& peer, const std::string& path, std::size_t most) {
    if (peer.gone) return fail(Errc::unavailable, peer.name + " does not answer");
    auto reply = peer.client->get(path, {}, most);
    if (!reply) {
        peer.gone = true;
        const Error error = net::as_error(reply.error());
        troubles_.push_back(fmt::format("{} could not be asked: {}", peer.name, error.detail));
        return tl::unexpected(error);
    }
    if (reply->status == 200) return std::move(reply->body);
    if (reply->status == 404) return fail(Errc::not_found, peer.name + " has no " + path);
    return fail(Errc::unavailable,
                fmt::format("{} answers {} for {}", peer.name, reply->status, path));
}

std::vector<Source> PeerCopies::of(const Origin& origin, const tlog::VerifierKey& key) {
    std::vector<Source> out;
    const std::string log = node::log_path(origin);
    for (const auto& one : peers_) {
        Peer& peer = *one;
        const auto note = ask(peer, log + "checkpoint", limits::note_bytes_max);
        if (!note) continue;
        auto head = tlog::open_checkpoint(*note, origin, key);
        if (!head) {
            troubles_.push_back(fmt::format("the head of {} that {} shows: {}", origin.v, peer.name,
                                            head.error().detail));
            continue;
        }
        const std::uint64_t size = head->checkpoint.size.v;
        const Bundles bundles = [this, &peer, log, size](EntryIndex begin,
                                                         EntryIndex end) -> Result<Bytes> {
            tlog::Tile tile{tlog::Tile::Kind::entries, 0, begin.v / tile_width, 0};
            tile.width = std::min(tile_width, size - tile.index * tile_width);
            TRY(file, ask(peer, log + tile.path(), limits::tile_file_bytes_max));
            return part_of_bundle(file, tile, begin, end);
        };
        out.push_back({"the copy of " + peer.name, std::move(*head), bundles});
    }
    std::stable_sort(out.begin(), out.end(), [](const Source& a, const Source& b) {
        return a.head.checkpoint.size > b.head.checkpoint.size;
    });
    return out;
}

}  // namespace entente::cli

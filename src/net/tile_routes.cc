// SPDX-License-Identifier: Apache-2.0
// GET /v1/tiles/{z}/{x}/{y}.mvt: the register as a picture, and /basemap/{z}/{x}/{y}: what an
// operator puts under it. No check ever looks at either.
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {

Response tile(Api& api, const Call& call) {
    if (auto known = call.target.only({"as"}); !known) return problem(known.error());
    constexpr std::string_view ending = ".mvt";
    const auto& [z, x, y] = std::tie(call.parameters[0], call.parameters[1], call.parameters[2]);
    if (!y.ends_with(ending)) {
        return problem(404, "not_found", "tiles are /v1/tiles/Z/X/Y.mvt");
    }
    const auto address =
        formats::parse_tile(z + "/" + x + "/" + y.substr(0, y.size() - ending.size()));
    if (!address) return problem(address.error());
    Response response;
    std::shared_ptr<const ReadyTile> ready;
    if (call.target.has("as")) {
        const auto shown = moment_for(api, call);
        if (!shown) return problem(shown.error());
        ready =
            std::make_shared<const ReadyTile>(api.shown_tiles().tile(*shown, *address, call.now));
    } else {
        ready = api.tiles(call.who).tile(*address, call.now);
    }
    const bool packed = !ready->gzip.empty() && takes_gzip(call.request);
    response.shared = {ready, packed ? &ready->gzip : &ready->bytes};
    if (packed) response.headers.emplace_back("Content-Encoding", "gzip");
    response.type = "application/vnd.mapbox-vector-tile";
    response.etag = ready->etag;
    return response;
}

Response basemap_tile(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    const Basemap* basemap = api.options().basemap.get();
    if (basemap == nullptr) return problem(404, "not_found", "this node has no basemap of its own");
    const auto address = formats::parse_tile(call.parameters[0] + "/" + call.parameters[1] + "/" +
                                             call.parameters[2]);
    if (!address) return problem(address.error());
    auto bytes = basemap->tile(address->z, address->x, address->y);
    if (!bytes) return problem(bytes.error());
    if (!*bytes) return problem(404, "not_found", "the basemap has no such tile");
    const bool vector = basemap->format == "pbf";
    Response response =
        ok(vector ? "application/vnd.mapbox-vector-tile"
                  : std::string("image/") + (basemap->format == "jpg" ? "jpeg" : basemap->format),
           std::move(**bytes));
    // MBTiles 1.3: vector tiles are stored as gzip.
    if (vector && response.body.starts_with("\x1F\x8B")) {
        response.headers.emplace_back("Content-Encoding", "gzip");
    }
    response.headers.emplace_back("Cache-Control", "private, max-age=86400");
    return response;
}

}  // namespace entente::net

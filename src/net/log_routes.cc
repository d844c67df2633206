// SPDX-License-Identifier: Apache-2.0
// /log/checkpoint and /log/tile/...: the log as C2SP tlog-tiles says, for anybody. Tiles never
// change; the checkpoint is asked for anew each time.
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {

Response log_checkpoint(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto note = api.desk().log_file("checkpoint");
    if (!note) return problem(note.error());
    Response response = ok("text/plain; charset=utf-8", std::move(*note));
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response log_tile(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    auto tile = api.desk().log_file("tile/" + call.parameters[0]);
    if (!tile) {
        // A path that is no tile's is simply not there (tlog-tiles).
        if (tile.error().code != Errc::malformed) return problem(tile.error());
        return problem(404, "not_found", tile.error().detail);
    }
    Response response = ok("application/octet-stream", std::move(*tile));
    response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

}  // namespace entente::net

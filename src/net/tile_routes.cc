// SPDX-License-Identifier: Apache-2.0
// GET /v1/tiles/{z}/{x}/{y}.mvt: the register as a picture. No check ever looks at it.
#include "base/encode.h"
#include "base/sha256.h"
#include "net/api.h"
#include "net/problem.h"

namespace entente::net {

Response tile(Api& api, const Call& call) {
    if (auto known = call.target.only({}); !known) return problem(known.error());
    constexpr std::string_view ending = ".mvt";
    const auto& [z, x, y] = std::tie(call.parameters[0], call.parameters[1], call.parameters[2]);
    if (!y.ends_with(ending)) {
        return problem(404, "not_found", "tiles are /v1/tiles/Z/X/Y.mvt");
    }
    const auto address =
        formats::parse_tile(z + "/" + x + "/" + y.substr(0, y.size() - ending.size()));
    if (!address) return problem(address.error());
    Response response;
    response.shared = api.tiles().tile(*address, call.now);
    response.type = "application/vnd.mapbox-vector-tile";
    response.etag = '"' + to_base64url(sha256(*response.shared).view()).substr(0, 22) + '"';
    return response;
}

}  // namespace entente::net

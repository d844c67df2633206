// SPDX-License-Identifier: Apache-2.0
#include "net/objecting.h"

#include "base/limits.h"

namespace entente::net {

Result<std::vector<geo::Place>> bare_places(std::vector<geo::Volume4D> volumes, const char* what) {
    if (volumes.size() > limits::places_max) {
        return fail(Errc::too_large, std::string("plan: ") + what + " has at most " +
                                         std::to_string(limits::places_max) +
                                         " volumes (places_max); say the rest apart");
    }
    std::vector<geo::Place> out;
    for (geo::Volume4D& volume : volumes) {
        geo::Place place;
        place.volume = std::move(volume);
        place.buffer = Decimetres{0};
        out.push_back(std::move(place));
    }
    return out;
}

Result<PartyId> party_in(const view::View& view, const std::string& text) {
    TRY(party, PartyId::parse(text));
    if (view.charter().party(party) == nullptr) {
        return fail(Errc::malformed,
                    "party: no party '" + party.v + "' in charter " + view.charter().id);
    }
    return party;
}

}  // namespace entente::net

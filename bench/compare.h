// SPDX-License-Identifier: Apache-2.0
// Result sets beside each other, id by id, and who is wrong where they differ.
//
// Points: GeographicLib decides every differing pair. Shapes: PostGIS edges are great circles,
// ours are straight in longitude and latitude, and our exact test leans up to geo::touch_padding
// towards touching; so a differing pair is given to PostGIS once more with its edges cut into
// pieces of at most 100 m along the straight line (which leaves less than 0.2 mm between the two
// kinds of edge at these latitudes), and its distance is set beside the limit.
#pragma once

#include <string>
#include <vector>

#include "bench/engine.h"
#include "bench/postgres_server.h"

namespace entente::bench {

/// For each of the first plans, the ids, ascending.
using Answers = std::vector<std::vector<std::uint32_t>>;
Answers answers(Engine& engine, std::size_t plans);

struct Difference {
    std::size_t plans = 0;       // compared
    std::size_t ids = 0;         // in the reference
    std::size_t extra = 0;       // ids that the other engine gives and the reference does not
    std::size_t missing = 0;     // the other way round
    std::size_t ours_wrong = 0;  // pairs on which the reference breaks its promise (0 m, or +1 m)
    std::size_t undecided = 0;   // pairs closer to the limit than the judge can tell
    double judged_max_m = 0;     // the furthest that a judged pair lies from its limit
    std::string text() const;
};

/// `judge`: needed for worlds of shapes; may be null for points.
Difference compare(const World& world, const Answers& reference, const Answers& other,
                   const PostgresServer* judge);

}  // namespace entente::bench

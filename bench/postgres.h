// SPDX-License-Identifier: Apache-2.0
// PostgreSQL 15 with PostGIS 3 as a peer: one table and one index for each form, statements
// prepared once, parameters and results in binary, a generic plan, rows in Hilbert order.
// The server must outlive the engines.
#pragma once

#include "bench/engine.h"
#include "bench/postgres_server.h"

namespace entente::bench {

enum class PostgresForm : std::uint8_t {
    best,   // gist(_ST_Expand(geog, reach)), scalar subselects, ST_DWithin on the spheroid (v3s)
    usual,  // gist(geog), ST_DWithin(widest reach) AND ST_DWithin(own reach), spheroid (v1s)
    box,    // no PostGIS in the hot path: gist(box), chord on the ellipsoid in SQL (v14); points
};

EnginePtr make_postgres(const World& world, const PostgresServer& server, PostgresForm form);

/// A shape as PostGIS reads it (EWKB, little-endian): points, lines and polygons; what is around
/// them (radius, half-width) is not in it, see around_m().
std::string ewkb(const geo::Shape& shape);
double around_m(const geo::Shape& shape);

}  // namespace entente::bench

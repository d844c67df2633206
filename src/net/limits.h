// SPDX-License-Identifier: Apache-2.0
// The bounds that a served node keeps, by the names that errors and entente.toml give them.
#pragma once

#include <chrono>
#include <cstddef>

namespace entente::net {

struct Limits {
    std::size_t connections_max = 4096;        // at once; the one idle for longest makes room
    std::size_t party_connections_max = 4;     // at once, of one party, between nodes
    double requests_per_second_max = 100'000;  // of one address, with a credential
    double anonymous_per_second_max = 1'000;   // of one address, without
    double plan_area_km2_max = 5'000'000;      // of the box around one volume
    std::chrono::seconds idle_max{75};         // between two requests of a connection
    std::chrono::seconds header_max{10};       // from a request's first byte to its header's end
    std::chrono::seconds body_max{60};         // from there to the body's end
    std::chrono::seconds write_max{30};        // for a peer to take a response, or a piece of one
    std::chrono::seconds stop_max{10};         // for what is under way when the node stops
};

/// Between nodes: few connections, kept over the pauses between two polls.
inline Limits peer_limits() {
    Limits out;
    out.connections_max = 256;
    out.requests_per_second_max = 2'000;  // of one party
    out.idle_max = std::chrono::seconds(600);
    return out;
}

constexpr std::size_t import_body_max = 128 * 1024 * 1024;  // a list's file, held in memory
constexpr unsigned header_bytes_max = 16 * 1024;

}  // namespace entente::net

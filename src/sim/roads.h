// SPDX-License-Identifier: Apache-2.0
// Movements as their authors meant them, and until when each leg of each version must protect: the
// oracle's own reading of doc/protocol/bodies.md, "Movements", and PROTOCOL 15 and 21. It knows no
// register and no view; what is final comes from cosignatures that the book counts itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"

namespace entente::sim {

/// Bodies as bits: 1 head, 2 coarse, 4 exact (doc/protocol/exchange.md, "Releases").
using Bits = std::uint8_t;

/// A leg as one version states it.
struct RoadLeg {
    std::uint32_t number = 1;
    int site = 0;  // the number of a place on the ground, where its line begins
    std::int64_t half_width_dm = 0;
    Instant start, end;  // as planned
    std::optional<Instant> started = {};

    /// When it protects: [from, until).
    Instant from() const { return started && *started < start ? *started : start; }
    Instant until() const { return end + std::chrono::hours(24); }
    /// Whether it protects all that `other` does.
    bool holds(const RoadLeg& other) const {
        return site == other.site && half_width_dm >= other.half_width_dm &&
               from() <= other.from() && until() >= other.until();
    }
};

struct RoadVersion {
    EntryIndex entry;
    std::string act;
    Instant time;               // as its author claims
    std::vector<RoadLeg> legs;  // those that have not ended; none: nothing is protected any more
};

/// One movement.
struct Road {
    std::size_t author = 0;  // its seat
    std::vector<RoadVersion> versions;
    bool over() const { return versions.back().legs.empty(); }
    /// The highest number that a leg was given.
    std::uint32_t numbers() const;
};

/// What one reader knows of a movement when it is asked.
struct Reading {
    std::vector<Bits> open;                     // of each version
    std::vector<std::optional<Instant>> final;  // since when each is final
    Duration delay;                             // the charter's
    /// Whether it can be read, so that it says anything.
    bool reads(const Road& road, std::size_t version) const {
        return (open[version] & (road.versions[version].legs.empty() ? 1 : 6)) != 0;
    }
    /// Whether all of it lies open.
    bool whole(const Road& road) const;
};

/// The earliest moment at which this leg of this version may stop to protect, whatever hour is
/// asked of; nothing while no moment is known.
std::optional<Instant> leg_ends(const Road& road, std::size_t version, const RoadLeg& leg,
                                const Reading& reading);

/// How a leg stands, by number: as view/legs.h names it. Of a movement that lies open whole.
std::string standing(const Road& road, std::uint32_t number, Instant now);

}  // namespace entente::sim

// SPDX-License-Identifier: Apache-2.0
// What the parties of a test say, and when it begins.
#pragma once

#include "sim/party.h"

namespace entente::sim {

inline const Instant noon = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z

/// A circle of 25 m.
inline node::Draft draft_of(statement::ProtectionClass protection_class, geo::LatLng at,
                            const char* act = statement::act::add) {
    node::Draft out;
    out.act = act;
    out.actor = "a.registrar";
    out.protection.protection_class = protection_class;
    geo::Place place;
    place.volume.shape = geo::Circle{at, {250}};
    out.protection.where = {place};
    return out;
}

/// On one meridian, so that a latitude says which one it is.
inline node::Draft hospital(std::int32_t lat_e7, const char* act = statement::act::add) {
    return draft_of(statement::ProtectionClass::hospital, {lat_e7, 363'000'000}, act);
}
inline node::Draft clinic(std::int32_t lat_e7, const char* act = statement::act::add) {
    return draft_of(statement::ProtectionClass::clinic, {lat_e7, 363'000'000}, act);
}

}  // namespace entente::sim

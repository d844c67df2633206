// SPDX-License-Identifier: Apache-2.0
// One of everything that a body can hold, with fixed values: what this room's tests and vectors are
// made of. Included by tests only.
#pragma once

#include "base/sha256.h"
#include "statement/body.h"
#include "statement/key_entry.h"
#include "statement/label.h"
#include "statement/recall.h"
#include "statement/receipt.h"

namespace entente::statement::samples {

inline const Origin origin{"solo-abcdefghijklmnop/exercise/fr"};
inline const Hash secret = sha256("the record's secret");
inline const Instant noon = instant(1'448'539'200'000);  // 2015-11-26T12:00:00Z

inline BodyKeys keys(std::uint32_t version = 1) {
    return {"solo-abcdefghijklmnop", origin, record_id(origin, secret), version};
}

inline geo::Ring ring(std::vector<geo::LatLng> points, geo::Pole pole = geo::Pole::none) {
    return {std::move(points), pole};
}

/// A circle with everything stated, a bare point, a corridor over the antimeridian, two polygons
/// (one with a hole), and a ring around each pole.
inline std::vector<geo::Place> places() {
    using geo::AltitudeReference;
    using geo::Place;
    std::vector<Place> out;
    out.push_back({{geo::Circle{{335'123'000, 362'765'000}, {250}},
                    {-10, 1200, AltitudeReference::agl},
                    {noon, noon + std::chrono::hours(48)}},
                   Decimetres{5000},
                   Decimetres{100}});
    out.push_back({{geo::Circle{{-900'000'000, -1'800'000'000}, {0}}, {}, {}}, {}, {}});
    out.push_back({{geo::Corridor{{{100, 1'795'000'000}, {-100, 1'805'000'000}, {0, 1'810'000'000}},
                                  {10'000'000}},
                    {{}, 95, AltitudeReference::fl},
                    {{}, noon}},
                   Decimetres{0},
                   {}});
    const geo::Polygon holed{
        ring({{0, 0}, {0, 10'000'000}, {10'000'000, 10'000'000}, {10'000'000, 0}}),
        {ring({{4'000'000, 4'000'000}, {4'000'000, 6'000'000}, {6'000'000, 5'000'000}})}};
    const geo::Polygon plain{ring({{-1, -1}, {-3, 5}, {-7, 2}}), {}};
    out.push_back({{geo::Area{{holed, plain}}, {0, {}, AltitudeReference::amsl}, {noon, {}}},
                   {},
                   Decimetres{1'000'000}});
    for (const geo::Pole pole : {geo::Pole::north, geo::Pole::south}) {
        const std::int32_t lat = pole == geo::Pole::north ? 850'000'000 : -850'000'000;
        const geo::Ring around =
            ring({{lat, -1'200'000'000}, {lat, 0}, {lat, 1'200'000'000}}, pole);
        out.push_back({{geo::Area{{{around, {}}}}, {0, 1000, AltitudeReference::w84}, {}}, {}, {}});
    }
    return out;
}

inline Protection protection() {
    Protection out;
    out.protection_class = ProtectionClass::hospital;
    out.names = {{"مستشفى", "ar", "Arab"}, {"Hospital \"One\"\n", "en", ""}, {"H1", "", ""}};
    out.source = "who_list";
    out.ref = "HF-17";
    out.contact = "duty officer, health cluster";
    out.where = places();
    out.reconfirm_by = noon + std::chrono::days(180);
    out.texts = {{"operator", "MSF"}, {"marking_roof", "red crescent, 5 m"}, {"x_beds", "120"}};
    return out;
}

inline Protection stop() {
    Protection out;
    out.contact = "duty officer, our side";
    geo::Place volume = places().front();
    volume.buffer = Decimetres{0};
    out.where = {volume};
    out.stop = Stop{PartyId{"ru"},
                    {"duty", "air operations"},
                    "our patrol is under fire\nat the bridge",
                    Stopped{record_id(origin, sha256("an activity")), sha256("its version")}};
    return out;
}

inline Head head() {
    Head out;
    out.keys = keys();
    out.kind = "protection";
    out.act = act::add;
    out.protects = true;
    out.secret = secret;
    out.used = {true, true, true};
    out.time = noon;
    out.actor = "a.registrar";
    return out;
}

inline Label label() {
    Label out;
    out.tlp = Tlp::amber;
    out.onward = Onward::delegate;
    out.delegates = {PartyId{"un"}};
    out.review_at = noon;
    return out;
}

inline Head second_head() {
    Head out = head();
    out.keys.version = 2;
    out.act = act::withdraw;
    out.protects = false;
    out.used = {true, false, false};
    out.follows = sha256("leaf of version 1");
    out.time = instant(-1);
    out.label = encode_label(label());
    out.approvals = {{Bytes(32, 'k'), Bytes(64, 's')}, {Bytes(32, '\xFF'), Bytes(64, '\0')}};
    return out;
}

inline Head restated_head() {
    Head out = head();
    out.was = RecordId::parse("mzxw6ytbmzxw6ytb").value();
    return out;
}

inline Exact exact() {
    std::vector<geo::Place> coarse = {places()[3], places()[4]};
    return {keys(), protection(), {sha256("the coarse salt"), coarse}};
}

/// Two legs, of which the first has started, early.
inline Protection movement() {
    Protection out;
    out.protection_class = ProtectionClass::relief;
    out.names = {{"Aid", "en", "Latn"}};
    out.contact = "convoy desk";
    out.texts = {{"people", "11 to 20"}};
    out.vehicles = {{"lorry 1", "lorry", "white", "A 123", "logo on the roof, lit"},
                    {"car 1", "", "", "", ""}};
    constexpr auto hour = std::chrono::hours(1);
    out.legs = {{1, "Aleppo", "حلب", {noon, noon + hour}, {"lorry 1", "car 1"}, noon - hour},
                {7, "", "", {noon + hour, noon + 3 * hour}, {}, {}}};
    geo::Place line = places()[2];
    line.accuracy = Decimetres{40};
    out.where = {place_of(out.legs[0], line), place_of(out.legs[1], line)};
    return out;
}

inline Protection objection() {
    Protection out;
    out.contact = "protection desk";
    out.where = {places()[0], places()[3]};
    for (geo::Place& place : out.where) place.buffer = Decimetres{0};
    out.objection = Objection{record_id(Origin{"solo-abcdefghijklmnop/exercise/ru"}, secret),
                              sha256("leaf of the activity"),
                              "a clinic moves there\non Friday, \"in part\"",
                              {sha256("leaf two"), sha256("leaf one")},
                              true};
    return out;
}

/// Of a group of another party, vouched for by a third, in a circle and where it was before.
inline Protection presence() {
    Protection out;
    out.protection_class = ProtectionClass::group_area;
    out.names = {{"EXERCISE valley", "en", ""}, {"تمرين", "ar", "Arab"}};
    out.contact = "liaison desk";
    out.where = {places()[0], places()[1]};
    for (geo::Place& place : out.where) {
        place.volume.window = {noon, noon + std::chrono::hours(7 * 24)};
    }
    out.presence = Presence{record_id(Origin{"solo-abcdefghijklmnop/exercise/ru"}, secret),
                            PartyId{"msf-sd"}, Grade{'B', '2'}};
    return out;
}

inline Exact exact_of(Protection protection) {
    return {keys(), std::move(protection), {sha256("the coarse salt"), {places()[3]}}};
}

inline Beat beat() {
    return {
        noon,
        {{PartyId{"ru"}, sha256("slot for ru")}, {PartyId{"msf-sd"}, sha256("slot for msf-sd")}},
        {{PartyId{"ru"}, {{812}, sha256("head of ru")}}}};
}

inline Receipt list_receipt() {
    Receipt out;
    out.keys = keys();
    out.to = PartyId{"ru"};
    out.rung = Rung::passed;
    out.list = LogHead{{128}, sha256("releases of ru to fr")};
    out.exceptions = {{3}, {70}, {9'007'199'254'740'991}};
    out.unit = "air component, duty officer";
    out.voice = "liaison officer";
    out.reason = "three of them could not be opened";
    return out;
}

inline Receipt read_back_receipt() {
    Receipt out;
    out.keys = keys();
    out.to = PartyId{"ru"};
    out.rung = Rung::read_back;
    out.entries = {sha256("leaf one"), sha256("leaf two")};
    out.read_back = {
        {sha256("leaf one"), sha256("body one"), {335'123'000, 362'765'000}, "دمشق", {12'345}, 271},
        {sha256("leaf two"), sha256("body two"), {-900'000'000, -1'800'000'000}, "", {0}, 0}};
    return out;
}

inline Recall recall() {
    return {keys(),
            PartyId{"ru"},
            record_id(origin, secret),
            {sha256("leaf one"), sha256("leaf two")},
            {false, false, true},
            "the source is in danger"};
}

inline Purge purge() {
    return {keys(),
            PartyId{"fr"},
            sha256("leaf of the recall"),
            {{sha256("leaf one"), Outcome::purged, ""},
             {sha256("leaf two"), Outcome::held, "incident: report 7"},
             {sha256("leaf three"), Outcome::refused, "دمشق"}},
            beyond_reach};
}

inline SecretKey root() { return SecretKey::from_seed(Secret::from(Bytes(32, 'r')).value()); }
inline PublicKey officer() {
    return SecretKey::from_seed(Secret::from(Bytes(32, 'o')).value()).public_key();
}

/// An officer with a name, the same taken away, and a new log key.
inline std::vector<KeyEntry> key_entries() {
    return {{"officer", officer(), 17, false, "A. Martin, \"registrar\"", {}},
            {"officer", officer(), 40, true, "", {}},
            {"log", officer(), 100, false, "", LogHead{{99}, sha256("last head")}}};
}

}  // namespace entente::statement::samples

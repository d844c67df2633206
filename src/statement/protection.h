// SPDX-License-Identifier: Apache-2.0
// What a person says of a protected place: the content of a protection's exact body, without the
// keys that tie a body to its record (statement/body.h adds those).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "geo/shape.h"
#include "statement/movement.h"
#include "statement/objection.h"
#include "statement/presence.h"
#include "statement/stop.h"

namespace entente::statement {

/// DESIGN 3. The names are on the wire and never change; new ones go at the end.
enum class ProtectionClass : std::uint8_t {
    hospital,
    clinic,
    ambulance,
    safety_zone,
    un_site,
    detention,
    civil_defence,
    cultural,
    dam,
    nuclear,
    power,
    water,
    food,
    school,
    camp,
    worship,
    relief,
    journalists,
    group_area,
    other,
};
constexpr std::size_t protection_class_count = 20;
const char* name(ProtectionClass c);
/// An unknown class is an error that lists the known ones.
Result<ProtectionClass> parse_class(std::string_view text);

/// One name of a place. Language is BCP 47, script ISO 15924; both may be empty (not stated).
struct Name {
    std::string text;
    std::string language;
    std::string script;
    bool operator==(const Name&) const = default;
};

struct Protection {
    ProtectionClass protection_class = ProtectionClass::other;
    std::vector<Name> names;
    std::string source;                   // which list it came from; empty: entered by hand
    std::string ref;                      // the source's own id
    std::string contact;                  // role, never a person
    std::vector<geo::Place> where;        // the first is the place now, others earlier places of a
                                          // move that is not confirmed; all of them protect
    std::optional<Instant> reconfirm_by;  // past it: unconfirmed, and still protects
    std::map<std::string, std::string> texts;  // the optional text fields of text_field_names()
                                               // and x_* extensions
    /// Of a movement: as many as places, in their order. Empty: a place that stays where it is.
    std::vector<Leg> legs;
    std::vector<Vehicle> vehicles;
    bool moves() const { return !legs.empty(); }
    std::optional<Objection> objection;  // then it is one, and no protection
    std::optional<Stop> stop;            // likewise
    std::optional<Presence> presence;    // then it is where a group is
    /// Whether it speaks against what another does, and is no place that is protected.
    bool objects() const { return objection.has_value() || stop.has_value(); }
    /// The kind of statement that says it.
    const char* kind() const {
        if (objection) return objection_kind;
        if (stop) return stop_kind;
        if (presence) return presence_kind;
        return moves() ? movement_kind : protection_kind;
    }
    bool operator==(const Protection&) const = default;
};

/// With `coarse` a node may reply to an activity that this record's coarse area is touched, and
/// name its contact, though the record was not released to who declared it (PROTOCOL 14).
constexpr const char* automatic_reply_field = "automatic_reply";
constexpr const char* automatic_reply_coarse = "coarse";

/// registrant, operator, function, legal_basis, emblem, located_by, coordinate_text, datum,
/// marking_roof, marking_wall, marking_thermal, marking_lit, verified_by, verified_how,
/// sensitivity, note, automatic_reply, and of movements mostly cargo, comms, people, tracker: the
/// text fields a protection may carry beside x_* ones.
const std::vector<std::string>& text_field_names();

}  // namespace entente::statement

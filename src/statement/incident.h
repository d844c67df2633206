// SPDX-License-Identifier: Apache-2.0
// An incident: something happened, as its author knows it (DESIGN 3). Who did it is not in it: that
// is said apart, by each party for itself (responsibility.h). What was affected, and who had been
// told of that, is joined to it (evidence/).
#pragma once

#include "statement/body.h"
#include "statement/source.h"

namespace entente::statement {

constexpr const char* incident_kind = "incident";
constexpr std::size_t objects_max = 64;
constexpr std::size_t casualties_max = 32;

/// How well a time is known. The window holds the whole of it.
enum class TimePrecision : std::uint8_t { unstated, minute, hour, day, week, month, year };
constexpr std::size_t time_precision_count = 7;
/// How well a place is known. Where it is no better than a district, a point stands for all of it.
enum class PlacePrecision : std::uint8_t { unstated, exact, near, district, region, country };
constexpr std::size_t place_precision_count = 6;
enum class Damage : std::uint8_t { unknown, none, damaged, destroyed };
constexpr std::size_t damage_count = 4;
/// `all`: everybody together, of whom the others of one incident are part.
enum class Category : std::uint8_t { unknown, civilian, combatant, medical, humanitarian, all };
constexpr std::size_t category_count = 6;
enum class Harm : std::uint8_t { killed, injured, missing };
constexpr std::size_t harm_count = 3;

/// The same words in an incident and in its tear line.
Words time_precision_words();
Words place_precision_words();
const char* name(TimePrecision precision);
const char* name(PlacePrecision precision);
const char* name(Damage damage);
const char* name(Category category);
const char* name(Harm harm);

/// What was affected: a record of anybody's, or a thing by its name, or both.
struct Affected {
    std::optional<RecordId> record;
    std::string name;
    std::string what;  // a class, or another word
    Damage damage = Damage::unknown;
    bool operator==(const Affected&) const = default;
};

/// People, by who they were and what happened to them. A number that is absent is not known; 0 is
/// said. `basis` says how they were counted.
struct Casualties {
    Category category = Category::unknown;
    Harm harm = Harm::killed;
    std::optional<std::int64_t> least, best, most;
    std::string basis;
    std::optional<Instant> as_of;
    bool operator==(const Casualties&) const = default;
};

struct Incident {
    BodyKeys keys;
    std::string sort;  // air_strike, shelling, shooting, explosion, abduction …; never empty
    std::string text;
    std::string language;
    std::optional<Instant> from, until;  // [from, until); never absent
    TimePrecision time_precision = TimePrecision::unstated;
    std::vector<geo::Place> volumes;
    PlacePrecision place_precision = PlacePrecision::unstated;
    std::string place;  // as it was reported
    std::vector<Affected> objects;
    std::vector<Casualties> casualties;
    std::vector<Source> sources;
    std::optional<Grade> grade;
    std::string graded_by;
    std::string list;  // of an imported one: which list, and its id there
    std::string list_id;
    std::string contact;  // never empty
    bool operator==(const Incident&) const = default;
};

void members(Members& m, Affected& affected);
void members(Members& m, Casualties& casualties);
void members(Members& m, Incident& incident);
Result<void> validate(const Incident& incident);

}  // namespace entente::statement

// SPDX-License-Identifier: Apache-2.0
#include "intake/incidents.h"

#include <algorithm>
#include <charconv>

#include "base/cut.h"
#include "base/limits.h"
#include "geo/distance.h"
#include "geo/prepared.h"
#include "intake/degrees.h"

namespace entente::intake {
namespace {

using statement::Casualties;
using statement::Category;
using statement::Harm;
using statement::Incident;
using statement::PlacePrecision;
using statement::TimePrecision;

constexpr Duration day = std::chrono::hours(24);
/// How the lists' own numbers of the dead were counted, in the words that are put to them here.
constexpr const char* of_all = "all of them";
constexpr const char* of_side_a = "side a";
constexpr const char* of_side_b = "side b";
constexpr const char* of_civilians = "civilians";
constexpr const char* of_unknown = "not known which";
/// UCDP's where_prec 2: within about 25 km of a known point. ACLED's geo_precision 2 says "near".
constexpr Decimetres near_to{250'000};

/// Cells by name, with errors that name the column.
class Cells {
  public:
    explicit Cells(const std::map<std::string, std::string>& all) : all_(all) {}

    std::string text(const char* column) const {
        const auto found = all_.find(column);
        return found == all_.end() ? std::string() : std::string(trimmed(found->second));
    }
    Result<std::string> must(const char* column) const {
        std::string out = text(column);
        if (!out.empty()) return out;
        return fail(Errc::malformed, std::string("column '") + column + "' is missing or empty");
    }
    /// Nothing where it is empty.
    Result<std::optional<std::int64_t>> count(const char* column) const {
        const std::string text = this->text(column);
        if (text.empty()) return std::optional<std::int64_t>();
        std::int64_t out = 0;
        const char* end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, out);
        if (read.ec == std::errc() && read.ptr == end) return std::optional(out);
        return wrong(column, text, "a whole number");
    }
    /// The start of a day: `2015-10-03`, with or without a time behind it.
    Result<Instant> date(const char* column) const {
        TRY(text, must(column));
        auto at = parse_rfc3339(text.substr(0, 10) + "T00:00:00Z");
        if (at) return at;
        return wrong(column, text, "a date like 2015-10-03");
    }
    static tl::unexpected<Error> wrong(const char* column, const std::string& text,
                                       const char* what) {
        return fail(Errc::malformed, std::string("column '") + column + "': '" +
                                         text.substr(0, 64) + "' is not " + what);
    }

  private:
    const std::map<std::string, std::string>& all_;
};

/// One line: control characters become blanks.
std::string line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return shortened(std::move(text), limits::text_bytes_max);
}

/// The same of several lines.
std::string lines(std::string text) {
    for (char& c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n') || byte == 0x7f) c = ' ';
    }
    return text;
}

void add(std::string& text, const char* what, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : "\n") + std::string(what) + ": " + line(value);
}

/// What stands between `;`, outside of quotes; each is a line that reports come by.
void add_sources(const std::string& text, Incident& out) {
    std::string one;
    bool quoted = false;
    const auto end = [&] {
        const std::string source = line(std::string(trimmed(one)));
        one.clear();
        if (source.empty()) return;
        if (out.sources.size() < limits::sources_max) {
            out.sources.push_back({statement::SourceKind::media, source, {}, {}});
        } else {
            add(out.text, "Further source", source);
        }
    };
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
        } else if (c == ';' && !quoted) {
            end();
        } else {
            one += c;
        }
    }
    end();
}

Result<void> place_into(const IncidentRow& row, Incident& out) {
    geo::LatLng at;
    if (row.point) {
        at = *row.point;
    } else {
        const Cells cells(row.cells);
        TRY(latitude_text, cells.must("latitude"));
        TRY(longitude_text, cells.must("longitude"));
        auto latitude = parse_degrees(latitude_text, Axis::latitude);
        if (!latitude) return entente::at("column 'latitude'", latitude.error());
        auto longitude = parse_degrees(longitude_text, Axis::longitude);
        if (!longitude) return entente::at("column 'longitude'", longitude.error());
        at = {static_cast<std::int32_t>(*latitude), *longitude};
    }
    geo::Place place;
    place.volume.shape = geo::Circle{at, {0}};
    if (out.place_precision == PlacePrecision::near) place.accuracy = near_to;
    out.volumes.push_back(std::move(place));
    return {};
}

/// The least hours that hold these days where it was: lists date by the clock of the place, which
/// is within four hours of its sun's, but near the line of the date. Precondition: days and a
/// point.
void hold_days(Incident& out) {
    constexpr std::int64_t hour_e7 = 150'000'000, slack = 4, near_line_e7 = 1'500'000'000;
    constexpr auto hour = std::chrono::hours(1);
    const auto& at = std::get<geo::Circle>(out.volumes.front().volume.shape).center;
    std::int64_t ahead = 14, behind = 12;  // of UTC, at most
    if (std::abs(at.lng_e7) <= near_line_e7) {
        const std::int64_t least = std::abs(at.lng_e7) / hour_e7;
        const std::int64_t most = (std::abs(at.lng_e7) + hour_e7 - 1) / hour_e7;
        ahead = slack + (at.lng_e7 >= 0 ? most : -least);
        behind = slack + (at.lng_e7 >= 0 ? -least : most);
    }
    *out.from -= ahead * hour;
    *out.until += behind * hour;
}

/// The list's number where it is one of `from` on; the last for whatever is more.
template <class T, std::size_t Size>
T by_number(std::optional<std::int64_t> number, const T (&values)[Size], T unstated) {
    if (!number || *number < 1) return unstated;
    return values[std::min(static_cast<std::size_t>(*number), Size) - 1];
}

/// What one list says of the dead in all, though its numbers may not rise.
Casualties total(std::int64_t least, std::int64_t best, std::int64_t most) {
    return {
        Category::all, Harm::killed, std::min(least, best), best, std::max(most, best), of_all, {}};
}

Result<void> ucdp_dead(const Cells& cells, Incident& out) {
    TRY(low, cells.count("low"));
    TRY(best, cells.count("best"));
    TRY(high, cells.count("high"));
    if (best) {
        out.casualties.push_back(total(low.value_or(*best), *best, high.value_or(*best)));
        if (low.value_or(*best) > *best || high.value_or(*best) < *best) {
            add(out.text, "The list's own low, best and high",
                cells.text("low") + ", " + cells.text("best") + ", " + cells.text("high"));
        }
    }
    TRY(of_a, cells.count("deaths_a"));
    TRY(of_b, cells.count("deaths_b"));
    TRY(civilians, cells.count("deaths_civilians"));
    TRY(unknown, cells.count("deaths_unknown"));
    const auto row = [&](Category category, std::optional<std::int64_t> number, const char* basis) {
        if (number) out.casualties.push_back({category, Harm::killed, {}, number, {}, basis, {}});
    };
    row(Category::combatant, of_a, of_side_a);
    row(Category::combatant, of_b, of_side_b);
    row(Category::civilian, civilians, of_civilians);
    row(Category::unknown, unknown, of_unknown);
    return {};
}

Result<Incident> read_ucdp(const IncidentRow& row) {
    const Cells cells(row.cells);
    Incident out;
    TRY(id, cells.must("id"));
    out.list = "UCDP GED";
    out.list_id = line(id);
    TRY(type, cells.count("type_of_violence"));
    constexpr const char* sorts[] = {"state_based_violence", "non_state_violence",
                                     "one_sided_violence"};
    out.sort = by_number<const char*>(type, sorts, "other");
    TRY(start, cells.date("date_start"));
    TRY(end, cells.date("date_end"));
    if (end < start) return fail(Errc::malformed, "column 'date_end' is before 'date_start'");
    out.from = start;
    out.until = end + day;
    TRY(date_precision, cells.count("date_prec"));
    constexpr TimePrecision times[] = {TimePrecision::day, TimePrecision::week, TimePrecision::week,
                                       TimePrecision::month, TimePrecision::year};
    out.time_precision = by_number(date_precision, times, TimePrecision::unstated);
    TRY(where_precision, cells.count("where_prec"));
    using enum PlacePrecision;
    constexpr PlacePrecision places[] = {exact, near, district, region, region, country, country};
    out.place_precision = by_number(where_precision, places, unstated);
    TRYV(place_into(row, out));
    hold_days(out);
    out.place = line(cells.text("where_description"));
    if (out.place.empty()) out.place = line(cells.text("where_coordinates"));
    add(out.text, "Conflict", cells.text("conflict_name"));
    add(out.text, "Between, as the list has it", cells.text("dyad_name"));
    add(out.text, "Clarity, as the list has it", cells.text("event_clarity"));
    add(out.text, "Who told it first", cells.text("source_original"));
    TRYV(ucdp_dead(cells, out));
    add_sources(cells.text("source_article"), out);
    return out;
}

/// `Air/drone strike` as air_drone_strike.
std::string snake(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        const bool capital = c >= 'A' && c <= 'Z';
        if (letter || capital)
            out += capital ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    while (!out.empty() && out.back() == '_') out.pop_back();
    return out;
}

Result<Incident> read_acled(const IncidentRow& row) {
    const Cells cells(row.cells);
    Incident out;
    TRY(id, cells.must("event_id_cnty"));
    out.list = "ACLED";
    out.list_id = line(id);
    out.sort = line(snake(cells.text("sub_event_type")));
    if (out.sort.empty()) out.sort = line(snake(cells.text("event_type")));
    if (out.sort.empty()) out.sort = "other";
    TRY(start, cells.date("event_date"));
    TRY(time_precision, cells.count("time_precision"));
    constexpr TimePrecision times[] = {TimePrecision::day, TimePrecision::week,
                                       TimePrecision::month};
    constexpr Duration spans[] = {day, 7 * day, 31 * day};
    out.time_precision = by_number(time_precision, times, TimePrecision::unstated);
    // The list gives one day of a week or month: the time holds it either way.
    const Duration span = by_number(time_precision, spans, day);
    out.from = start - (span - day);
    out.until = start + span;
    TRY(geo_precision, cells.count("geo_precision"));
    constexpr PlacePrecision places[] = {PlacePrecision::exact, PlacePrecision::near,
                                         PlacePrecision::region};
    out.place_precision = by_number(geo_precision, places, PlacePrecision::unstated);
    TRYV(place_into(row, out));
    hold_days(out);
    out.place = line(cells.text("location"));
    out.text = shortened(lines(cells.text("notes")), limits::said_text_bytes_max / 2);
    add(out.text, "First actor, as the list has it", cells.text("actor1"));
    add(out.text, "Second actor, as the list has it", cells.text("actor2"));
    TRY(dead, cells.count("fatalities"));
    // 0 stands in that list for none as well as for none known.
    if (dead && *dead > 0) {
        out.casualties.push_back({Category::all, Harm::killed, {}, dead, {}, of_all, {}});
    }
    add_sources(cells.text("source"), out);
    return out;
}

}  // namespace

Result<IncidentList> parse_incident_list(std::string_view text) {
    if (text == "ucdp") return IncidentList::ucdp;
    if (text == "acled") return IncidentList::acled;
    return fail(Errc::malformed, "'" + std::string(text.substr(0, 40)) +
                                     "' is no list that is known; they are ucdp, acled");
}

Result<Incident> read_incident(IncidentList list, const IncidentRow& row,
                               const std::string& contact) {
    auto out = list == IncidentList::ucdp ? read_ucdp(row) : read_acled(row);
    if (!out) return out;
    out->contact = contact;
    out->text = shortened(std::move(out->text), limits::said_text_bytes_max);
    TRYV(statement::validate(*out));
    return out;
}

namespace {

/// Within 100 km: a district's middle is no further from what is in it.
bool is_about(const Incident& one, const Incident& other) {
    constexpr Metres most{100'000};
    if (one.volumes.empty() || other.volumes.empty()) return false;
    return geo::within(geo::Prepared(one.volumes.front().volume.shape),
                       geo::Prepared(other.volumes.front().volume.shape), most);
}

/// What a list gives; whoever counts anew says how in words of their own.
bool of_list(const Casualties& one) {
    constexpr std::string_view bases[] = {of_all, of_side_a, of_side_b, of_civilians, of_unknown};
    return one.harm == Harm::killed && !one.as_of &&
           std::find(std::begin(bases), std::end(bases), one.basis) != std::end(bases);
}

template <class Precision>
bool finer(Precision one, Precision other) {
    return one != Precision::unstated && (other == Precision::unstated || one < other);
}

}  // namespace

Incident corrected(const Incident& before, Incident now) {
    // The list may have taken back what it said finer itself: then it says another time or place.
    const bool same_time = now.from <= before.from && before.until <= now.until;
    if (same_time && finer(before.time_precision, now.time_precision)) {
        now.from = before.from;
        now.until = before.until;
        now.time_precision = before.time_precision;
    }
    if (is_about(before, now) && finer(before.place_precision, now.place_precision)) {
        now.volumes = before.volumes;
        now.place = before.place;
        now.place_precision = before.place_precision;
    }
    now.objects = before.objects;
    now.grade = before.grade;
    now.graded_by = before.graded_by;
    now.language = before.language;
    now.contact = before.contact;
    for (const Casualties& one : before.casualties) {
        const bool room = now.casualties.size() < statement::casualties_max;
        if (!of_list(one) && room) now.casualties.push_back(one);
    }
    for (const statement::Source& source : before.sources) {
        const bool from_list = source.kind == statement::SourceKind::media && !source.of;
        const bool room = now.sources.size() < limits::sources_max;
        if (!from_list && room) now.sources.push_back(source);
    }
    return now;
}

}  // namespace entente::intake

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "intake/degrees.h"
#include "intake/field.h"
#include "intake/plan.h"
#include "intake/row.h"

namespace entente::intake {
namespace {

using statement::ProtectionClass;
using Columns = std::vector<std::string>;

Mapping mapped(const Columns& columns, MappingOptions options = {}) {
    auto mapping = map_columns(columns, options);
    EXPECT_TRUE(mapping) << (mapping ? "" : mapping.error().detail);
    return mapping.value_or(Mapping{});
}

MappingOptions all_hospitals() {
    MappingOptions options;
    options.fallback = ProtectionClass::hospital;
    return options;
}

/// The column that gives a field, or "-".
std::string from(const Mapping& mapping, Field field) {
    auto column = mapping.at(field);
    return column ? mapping.columns[*column] : "-";
}

struct Heading {
    const char* name;
    Columns columns;
    const char* ref;
    const char* place_name;
    const char* kind;
    const char* lat;
    const char* lon;
};

class Guess : public testing::TestWithParam<Heading> {};

TEST_P(Guess, FindsTheColumns) {
    const Heading& want = GetParam();
    Mapping mapping = mapped(want.columns, all_hospitals());
    EXPECT_EQ(from(mapping, Field::ref), want.ref);
    EXPECT_EQ(from(mapping, Field::name), want.place_name);
    EXPECT_EQ(from(mapping, Field::protection_class), want.kind);
    EXPECT_EQ(from(mapping, Field::lat), want.lat);
    EXPECT_EQ(from(mapping, Field::lon), want.lon);
    EXPECT_EQ(mapping.choices.size() + mapping.unused.size(), want.columns.size());
    EXPECT_TRUE(mapping.guessed());
    for (const Choice& choice : mapping.choices) {
        EXPECT_NE(choice.reason.find(mapping.columns[choice.column]), std::string::npos);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Lists, Guess,
    testing::Values(
        Heading{"healthsites",
                {"osm_id", "osm_type", "amenity", "uuid", "source", "name", "healthcare",
                 "contact_number", "lon", "lat"},
                "uuid",
                "name",
                "amenity",
                "lat",
                "lon"},
        Heading{"who",
                {"Country", "Admin1", "Facility name", "Facility type", "Ownership", "Lat", "Long",
                 "LL source", "iso3c", "facility_type_9", "Tier", "Tier_name"},
                "-",
                "Facility name",
                "Facility type",
                "Lat",
                "Long"},
        Heading{"nuclear",
                {"Id", "Name", "Latitude", "Longitude", "Country", "Status", "IAEAId"},
                "Id",
                "Name",
                "-",
                "Latitude",
                "Longitude"},
        Heading{"wri",
                {"country", "name", "gppd_idnr", "latitude", "longitude", "primary_fuel", "url"},
                "gppd_idnr",
                "name",
                "primary_fuel",
                "latitude",
                "longitude"},
        Heading{"french",
                {"Identifiant", "Nom de l'établissement", "Catégorie", "Latitude", "Longitude"},
                "Identifiant",
                "Nom de l'établissement",
                "Catégorie",
                "Latitude",
                "Longitude"},
        Heading{"spanish",
                {"código", "Nombre", "Tipo", "Latitud", "Longitud"},
                "código",
                "Nombre",
                "Tipo",
                "Latitud",
                "Longitud"},
        Heading{"arabic",
                {"الرمز", "الاسم", "النوع", "خط العرض", "خط الطول"},
                "الرمز",
                "الاسم",
                "النوع",
                "خط العرض",
                "خط الطول"},
        Heading{"xy", {"fid", "label", "Y", "X"}, "fid", "label", "-", "Y", "X"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(Mapping, IsOverruledByMapAndTakesNoColumnTwice) {
    MappingOptions options = all_hospitals();
    options.map = {{Field::name, "id"}, {Field::ref, ""}};
    Mapping mapping = mapped({"id", "name", "lat", "lon"}, options);
    EXPECT_EQ(from(mapping, Field::name), "id");
    EXPECT_EQ(from(mapping, Field::ref), "-");
    EXPECT_EQ(mapping.unused, (std::vector<std::size_t>{1}));
    options.map = {{Field::name, "id"}, {Field::ref, "id"}};
    EXPECT_FALSE(map_columns({"id", "lat", "lon"}, options));
    options.map = {{Field::name, "absent"}};
    auto absent = map_columns({"id", "lat", "lon"}, options);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, Errc::not_found);
    EXPECT_NE(absent.error().detail.find("id, lat, lon"), std::string::npos);
    options.map = {{Field::name, "A"}, {Field::name, "B"}};
    EXPECT_FALSE(map_columns({"A", "B", "lat", "lon"}, options));
    options.map = {{Field::lat, "LAT "}};
    EXPECT_EQ(from(mapped({"lat", "lon"}, options), Field::lat), "lat");
}

TEST(Mapping, NeverGuessesWhatCouldShrinkAPlace) {
    Mapping mapping = mapped(
        {"lat", "lon", "radius", "buffer", "start", "end", "altitude", "accuracy", "valid_to"},
        all_hospitals());
    EXPECT_EQ(mapping.choices.size(), 2u);
}

TEST(Mapping, SaysWhatIsMissing) {
    auto no_place = map_columns({"name", "lat"}, all_hospitals());
    ASSERT_FALSE(no_place);
    EXPECT_NE(no_place.error().detail.find("--map lon=COLUMN"), std::string::npos);
    auto no_class = map_columns({"lat", "lon"}, {});
    ASSERT_FALSE(no_class);
    EXPECT_NE(no_class.error().detail.find("--class"), std::string::npos);
    MappingOptions geometry = all_hospitals();
    geometry.has_geometry = true;
    EXPECT_EQ(from(mapped({"lat", "lon"}, geometry), Field::lat), "-");
}

TEST(Mapping, ReadsItsFlags) {
    EXPECT_EQ(parse_map("class=a=b")->second, "a=b");
    EXPECT_FALSE(parse_map("class"));
    EXPECT_FALSE(parse_map("klass=a"));
    EXPECT_EQ(parse_class_of("a=b=hospital")->first, "a=b");
    EXPECT_FALSE(parse_class_of("a=Hospital"));
    EXPECT_FALSE(parse_class_of("hospital"));
}

TEST(DecimalDegrees, AreReadExactlyOrRefusedWithAdvice) {
    EXPECT_EQ(parse_degrees("33.5123", Axis::latitude), 335123000);
    EXPECT_EQ(parse_degrees(" -14.912280807328212 ", Axis::latitude), -149122808);
    EXPECT_EQ(parse_degrees("\xC2\xA0"
                            "90",
                            Axis::latitude),
              900'000'000);
    EXPECT_EQ(parse_degrees("-180.0", Axis::longitude), -1'800'000'000);
    EXPECT_EQ(parse_degrees("1.00000015", Axis::longitude), 10000002);
    struct Bad {
        const char* text;
        const char* says;
    };
    for (const Bad& bad : {Bad{"91", "latitude 91 is beyond ±90"},
                           {"-90.0000001", "beyond ±90"},
                           {"335138", "beyond"},
                           {"99999999999999999999", "beyond"},
                           {"33,5123", "decimal point"},
                           {"33,5,1", "decimal point"},
                           {"nan", "not a position"},
                           {"-inf", "not a position"},
                           {"1e1", "plain decimal"},
                           {"33°30'N", "its own issue"},
                           {"33 30 12", "its own issue"},
                           {"33.30.12", "plain decimal"},
                           {"N33.5", "its own issue"},
                           {"37RFN1234", "its own issue"},
                           {"٣٣٫٥", "its own issue"},
                           {"- 3", "its own issue"},
                           {"", ""}}) {
        auto value = parse_degrees(bad.text, Axis::latitude);
        ASSERT_FALSE(value) << bad.text;
        EXPECT_NE(value.error().detail.find(bad.says), std::string::npos) << value.error().detail;
    }
    EXPECT_EQ(parse_degrees("91", Axis::longitude), 910'000'000);
}

TEST(Metres, AreRoundedUp) {
    EXPECT_EQ(parse_metres("12.01", Rounding::ceiling)->v, 121);
    EXPECT_EQ(parse_metres("0", Rounding::ceiling)->v, 0);
    for (const char* text : {"-1", "-0.01", "12,5", "12 m", "nan", "1e3", ""}) {
        EXPECT_FALSE(parse_metres(text, Rounding::ceiling)) << text;
    }
}

Row row_of(std::uint64_t number, std::vector<std::string> cells) {
    Row row;
    row.number = number;
    row.cells = std::move(cells);
    return row;
}

std::string refusal(const Mapping& mapping, std::vector<std::string> cells,
                    std::vector<geo::Shape> shapes = {}) {
    Row row = row_of(1, std::move(cells));
    row.shapes = std::move(shapes);
    auto read = read_row(row, mapping, "list");
    return read ? "accepted" : read.error().detail;
}

TEST(ReadRow, FillsAllFields) {
    Columns columns;
    for (std::size_t i = 0; i < field_count; ++i) columns.push_back(name(static_cast<Field>(i)));
    Mapping mapping = mapped(columns);
    EXPECT_EQ(mapping.choices.size(), field_count);
    EXPECT_TRUE(mapping.unused.empty());
    Row row = row_of(3, {"17", " Al Salam ", "clinic", "31.5", "34.45", "50.01", "", "100", "5.55",
                         "-10.06", "500.01", "AMSL", "2024-01-01T00:00:00Z",
                         "2025-01-01T00:00:00+01:00", "2024-06-01T00:00:00Z", "duty desk"});
    auto read = read_row(row, mapping, "list");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->source, "list");
    EXPECT_EQ(read->ref, "17");
    EXPECT_EQ(read->names.at(0).text, "Al Salam");
    EXPECT_EQ(read->protection_class, ProtectionClass::clinic);
    EXPECT_EQ(read->contact, "duty desk");
    const geo::Place& place = read->where.at(0);
    EXPECT_EQ(std::get<geo::Circle>(place.volume.shape),
              (geo::Circle{{315000000, 344500000}, {501}}));
    EXPECT_EQ(place.buffer->v, 1000);
    EXPECT_EQ(place.accuracy->v, 56);
    EXPECT_EQ(place.volume.band, (geo::Band{-101, 5001, geo::AltitudeReference::amsl}));
    EXPECT_EQ(format_rfc3339(*place.volume.window.end), "2024-12-31T23:00:00Z");
    EXPECT_TRUE(read->reconfirm_by);
}

TEST(ReadRow, RefusesWithTheFieldAndWhatToDo) {
    Columns columns;
    for (std::size_t i = 0; i < field_count; ++i) columns.push_back(name(static_cast<Field>(i)));
    Mapping mapping = mapped(columns);
    auto with = [&](Field field, const char* text) {
        std::vector<std::string> cells(field_count);
        cells[static_cast<std::size_t>(Field::protection_class)] = "clinic";
        cells[static_cast<std::size_t>(Field::lat)] = "1";
        cells[static_cast<std::size_t>(Field::lon)] = "2";
        cells[static_cast<std::size_t>(field)] = text;
        return refusal(mapping, cells);
    };
    EXPECT_EQ(with(Field::name, "x"), "accepted");
    EXPECT_EQ(with(Field::lat, "91"), "lat: latitude 91 is beyond ±90");
    EXPECT_EQ(with(Field::lat, ""), "no coordinates: lat is empty");
    EXPECT_NE(with(Field::protection_class, "Klinik").find("--class-of"), std::string::npos);
    EXPECT_NE(with(Field::radius_m, "-5").find("radius_m"), std::string::npos);
    EXPECT_NE(with(Field::radius_m, "1000000.1").find("more than 1000000 m"), std::string::npos);
    EXPECT_NE(with(Field::half_width_m, "5").find("belongs to a line"), std::string::npos);
    EXPECT_NE(with(Field::altitude_lower, "5").find("altitude_reference"), std::string::npos);
    EXPECT_NE(with(Field::time_start, "2024-01-01").find("time_start"), std::string::npos);
    EXPECT_NE(with(Field::name, std::string(2000, 'x').c_str()).find("text_bytes_max"),
              std::string::npos);
    EXPECT_NE(with(Field::name, "\xff").find("UTF-8"), std::string::npos);
}

TEST(ReadRow, MapsClassValuesExactly) {
    MappingOptions options;
    options.class_of = {{"Health Post", ProtectionClass::clinic}};
    Mapping mapping = mapped({"type", "lat", "lon"}, options);
    auto class_of = [&](const char* text) {
        auto read = read_row(row_of(1, {text, "1", "2"}), mapping, "");
        return read ? std::string(statement::name(read->protection_class)) : "refused";
    };
    EXPECT_EQ(class_of("Health Post"), "clinic");
    EXPECT_EQ(class_of("health post"), "refused");
    EXPECT_EQ(class_of("hospital"), "hospital");
    EXPECT_EQ(class_of(""), "refused");
    mapping.fallback = ProtectionClass::other;
    EXPECT_EQ(class_of("health post"), "other");
    EXPECT_EQ(class_of(""), "other");
}

TEST(ReadRow, TakesTheShapeOfVectorFormats) {
    MappingOptions options = all_hospitals();
    options.has_geometry = true;
    Mapping mapping = mapped({"radius_m", "half_width_m"}, options);
    geo::Circle point{{10, 20}, {}};
    geo::Corridor line{{{0, 0}, {100, 100}}, {}};
    geo::Area area{{{{{{0, 0}, {0, 1000}, {1000, 0}}, geo::Pole::none}, {}}}};
    auto shape = [&](geo::Shape given, const char* radius, const char* half_width) {
        Row row = row_of(1, {radius, half_width});
        row.shapes = {std::move(given)};
        auto read = read_row(row, mapping, "");
        EXPECT_TRUE(read) << (read ? "" : read.error().detail);
        return read ? read->where.at(0).volume.shape : geo::Shape{};
    };
    EXPECT_EQ(shape(point, "5", ""), geo::Shape(geo::Circle{{10, 20}, {50}}));
    EXPECT_EQ(shape(point, "", ""), geo::Shape(point));
    EXPECT_EQ(shape(line, "", "7.5"), geo::Shape(geo::Corridor{line.line, {75}}));
    EXPECT_EQ(shape(area, "", ""), geo::Shape(area));
    EXPECT_NE(refusal(mapping, {"5", ""}, {area}).find("belongs to a point"), std::string::npos);
    EXPECT_NE(refusal(mapping, {"", ""}, {}).find("no geometry"), std::string::npos);
    EXPECT_NE(refusal(mapping, {"", ""}, {point, point}).find("row of its own"), std::string::npos);
}

TEST(RowRef, DependsOnTheMappedCellsOnly) {
    Mapping mapping = mapped({"name", "lat", "lon", "note"}, all_hospitals());
    auto ref = [&](std::vector<std::string> cells) { return row_ref(row_of(1, cells), mapping); };
    const std::string base = ref({"A", "1", "2", "x"});
    EXPECT_EQ(base.size(), 7u + 32u);
    EXPECT_EQ(base, ref({" A ", "1", "2", "y"}));
    EXPECT_NE(base, ref({"A", "1", "2.0", "x"}));
    EXPECT_NE(ref({"A1", "", "2", ""}), ref({"A", "1", "2", ""}));
    // Fixed for ever: it is the key that a list is found under when it comes again.
    EXPECT_EQ(base, "sha256:81bf2e21cde152d444efee2bfd58f08b");
}

/// A register of one list for the planner.
struct Register {
    std::map<std::string, Known> known;
    Lookup lookup() const {
        return [this](const std::string& source, const std::string& ref) {
            auto found = known.find(source + "/" + ref);
            return found == known.end() ? std::optional<Known>() : found->second;
        };
    }
    void take(const ImportPlan& plan) {
        for (const Addition& one : plan.additions) {
            known[one.protection.source + "/" + one.protection.ref] = {RecordId{}, one.protection};
        }
    }
};

const Columns list_columns = {"ref", "name", "lat", "lon"};

ImportPlan planned(const Register& reg, const std::vector<std::vector<std::string>>& rows,
                   const MappingOptions& options = all_hospitals()) {
    Planner planner("list");
    planner.set_mapping(mapped(list_columns, options));
    std::uint64_t number = 0;
    for (const auto& cells : rows) planner.add(row_of(++number, cells));
    ImportPlan plan = std::move(planner).finish(reg.lookup());
    EXPECT_EQ(plan.rows, rows.size());
    EXPECT_EQ(plan.rows, plan.additions.size() + plan.amendments.size() + plan.refusals.size() +
                             plan.unchanged + plan.duplicates);
    return plan;
}

TEST(ImportPlan, SortsEveryRow) {
    Register reg;
    const std::vector<std::vector<std::string>> rows = {
        {"1", "A", "1", "2"},                        // added
        {"2", "B", "3", "4"},                        // added
        {"1", "A", "1", "2"},                        // a duplicate
        {"3", "C", "5", "6"},                        // conflicts with the next
        {"3", "C", "5", "6.5"}, {"4", "D", "", ""},  // no coordinates
        {"", "E", "7", "8"},                         // added under its hash
        {"", "E", "7", "8"},                         // a duplicate
        {"3", "C", "5", "6"},                        // refused too: nothing says which is right
    };
    ImportPlan first = planned(reg, rows);
    EXPECT_EQ(first.additions.size(), 3u);
    EXPECT_EQ(first.duplicates, 2u);
    ASSERT_EQ(first.refusals.size(), 4u);
    EXPECT_EQ(first.refusals[0].text(),
              "row 4 \"C\": the ref \"3\" stands for other content in row 5, row 9; correct the "
              "file so that one ref is one place");
    EXPECT_EQ(first.refusals[2].text(), "row 6 \"D\": no coordinates: lat and lon are empty");
    reg.take(first);
    ImportPlan again = planned(reg, rows);
    EXPECT_EQ(again.unchanged, 3u);
    EXPECT_EQ(again.duplicates, 2u);
    EXPECT_TRUE(again.additions.empty());
    EXPECT_TRUE(again.amendments.empty());
    ImportPlan fewer = planned(reg, {rows[0]});
    EXPECT_EQ(fewer.unchanged, 1u);
    EXPECT_TRUE(fewer.amendments.empty());
}

TEST(ImportPlan, ProposesAmendmentsFieldByField) {
    Register reg;
    reg.take(planned(reg, {{"1", "A", "1", "2"}}));
    ImportPlan plan = planned(reg, {{"1", "A2", "1.5", "2"}});
    ASSERT_EQ(plan.amendments.size(), 1u);
    EXPECT_EQ(plan.amendments[0].changes,
              (std::vector<FieldChange>{{"name", "A", "A2"}, {"place", "1, 2", "1.5, 2"}}));
}

TEST(ImportPlan, LeavesAloneWhatTheListDoesNotSay) {
    Register reg;
    reg.take(planned(reg, {{"1", "A", "1", "2"}}));
    statement::Protection& held = reg.known.begin()->second.protection;
    held.contact = "desk";
    held.names.push_back({"ألف", "ar", ""});
    held.where.front().buffer = Decimetres{500};
    std::get<geo::Circle>(held.where.front().volume.shape).radius = {300};
    held.where.push_back(held.where.front());  // a move that is not confirmed
    held.texts["marking_roof"] = "emblem";
    EXPECT_EQ(planned(reg, {{"1", "A", "1", "2"}}).unchanged, 1u);
    ImportPlan moved = planned(reg, {{"1", "A", "1", "3"}});
    ASSERT_EQ(moved.amendments.size(), 1u);
    const statement::Protection& after = moved.amendments[0].after;
    EXPECT_EQ(after.contact, "desk");
    EXPECT_EQ(after.names.size(), 2u);
    EXPECT_EQ(after.where.size(), 2u);
    EXPECT_EQ(after.where[0].buffer->v, 500);
    EXPECT_EQ(std::get<geo::Circle>(after.where[0].volume.shape).radius.v, 300);
}

TEST(ImportPlan, WarnsOfPileUps) {
    std::vector<std::vector<std::string>> rows;
    for (int i = 0; i < 25; ++i) rows.push_back({std::to_string(i), "A", "1", "2"});
    rows.push_back({"x", "B", "0", "0"});
    ImportPlan plan = planned({}, rows);
    ASSERT_EQ(plan.warnings.size(), 2u);
    EXPECT_NE(plan.warnings[0].find("25 places stand at 1, 2"), std::string::npos);
    EXPECT_NE(plan.warnings[1].find("1 place stands at 0, 0"), std::string::npos);
}

TEST(ImportPlan, CountsLayersWithoutMeaning) {
    Planner planner("list");
    planner.add(row_of(1, {"x"}));
    planner.refuse(row_of(2, {"x"}), "why");
    ImportPlan plan = std::move(planner).finish(Register{}.lookup());
    EXPECT_EQ(plan.rows, 2u);
    EXPECT_EQ(plan.refusals.size(), 2u);
}

TEST(Changes, NameEveryDifference) {
    statement::Protection a;
    a.where.push_back({});
    EXPECT_TRUE(changes(a, a).empty());
    auto b = a;
    b.protection_class = ProtectionClass::hospital;
    b.names.push_back({"N", "ar", "Arab"});
    b.contact = "c";
    b.ref = "r";
    b.source = "s";
    b.reconfirm_by = instant(0);
    b.texts["note"] = "n";
    b.where[0].buffer = Decimetres{5};
    b.where[0].accuracy = Decimetres{6};
    b.where[0].volume.band = {1, 2, geo::AltitudeReference::fl};
    b.where[0].volume.window = {instant(0), instant(1)};
    b.where[0].volume.shape = geo::Circle{{1, 2}, {3}};
    EXPECT_EQ(changes(a, b).size(), 15u);
    EXPECT_EQ(changes(b, a).size(), 15u);
    auto c = a;
    c.where.push_back({});
    EXPECT_EQ(changes(a, c).size(), 1u);
    // Two lines that differ in the middle only still read as different.
    a.where[0].volume.shape = geo::Corridor{{{0, 0}, {1, 1}, {2, 2}}, {}};
    auto d = a;
    std::get<geo::Corridor>(d.where[0].volume.shape).line[1] = {5, 5};
    ASSERT_EQ(changes(a, d).size(), 1u);
    EXPECT_NE(changes(a, d)[0].before, changes(a, d)[0].after);
}

}  // namespace
}  // namespace entente::intake

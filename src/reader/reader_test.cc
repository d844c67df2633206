// SPDX-License-Identifier: Apache-2.0
// Real files through the real ogr2ogr. Files of other programs' formats are made here by ogr2ogr
// itself from a small CSV; what it cannot write stands in testdata/reader.
#include "reader/reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace entente::reader {
namespace {

namespace fs = std::filesystem;

/// A folder that goes away with the test.
class Folder {
  public:
    Folder() {
        std::string pattern = fs::temp_directory_path() / "reader-test-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path_); }
    std::string operator/(const std::string& name) const { return path_ / name; }
    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return path_ / name;
    }
    /// A command of the test's own; names are fixed and plain.
    void shell(const std::string& command) const {
        ASSERT_EQ(std::system(("cd '" + path_.string() + "' && " + command).c_str()), 0) << command;
    }

  private:
    fs::path path_;
};

struct Rows {
    std::vector<Row> rows;
    std::vector<std::string> layer_of;
    std::vector<std::vector<std::string>> columns_of;
    std::string cell(std::size_t row, const std::string& column) const {
        const auto& columns = columns_of.at(row);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == column) return rows.at(row).cells.at(i);
        }
        return "no column " + column;
    }
};

Result<Rows> read(const std::string& path, const Limits& limits = {}) {
    Rows all;
    auto done = read_rows(path, limits, [&](Row& row) -> Result<void> {
        all.rows.push_back(row);
        all.layer_of.push_back(row.layer->name);
        all.columns_of.push_back(row.layer->columns);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    EXPECT_EQ(done->rows, all.rows.size());
    return all;
}

void expect_refused(const std::string& path, Errc code, const std::string& words,
                    const Limits& limits = {}) {
    auto rows = read(path, limits);
    ASSERT_FALSE(rows) << path;
    EXPECT_EQ(rows.error().code, code) << rows.error().detail;
    EXPECT_NE(rows.error().detail.find(words), std::string::npos) << rows.error().detail;
    EXPECT_EQ(rows.error().detail.find("entente-reader-"), std::string::npos)
        << "the temporary folder means nothing to a person: " << rows.error().detail;
}

const char* const small_csv =
    "id,name,lat,lon,kind\n"
    "007,\"Clinic \"\"A\"\", east\",1.50,2.25,clinic\n"
    "008,مستشفى,-33.5,151,hospital\n";

std::string make(const Folder& folder, const std::string& driver, const std::string& file,
                 const std::string& more = "") {
    folder.write("small.csv", small_csv);
    folder.shell("ogr2ogr -f '" + driver + "' " + file +
                 " small.csv -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat "
                 "-oo KEEP_GEOM_COLUMNS=YES -a_srs EPSG:4326 " +
                 more + " 2>/dev/null");
    return folder / file;
}

TEST(Reader, ReadsCsvAsTextExactly) {
    Folder folder;
    auto rows = read(folder.write("a.csv", small_csv));
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 2u);
    EXPECT_EQ(rows->columns_of[0], (std::vector<std::string>{"id", "name", "lat", "lon", "kind"}));
    EXPECT_EQ(rows->rows[0].number, 1u);
    EXPECT_EQ(rows->rows[1].number, 2u);
    EXPECT_EQ(rows->layer_of[0], "");
    EXPECT_EQ(rows->cell(0, "id"), "007");
    EXPECT_EQ(rows->cell(0, "name"), "Clinic \"A\", east");
    EXPECT_EQ(rows->cell(0, "lat"), "1.50");
    EXPECT_EQ(rows->cell(1, "name"), "مستشفى");
    EXPECT_EQ(rows->rows[0].geometry, "");
}

TEST(Reader, KeepsTabsLineEndsAndBackslashesOfCells) {
    Folder folder;
    auto rows = read(folder.write("a.csv", "a,b\n\"x\ty\\\nz\\N\",\\.\n\\N,\"\\\"\n"));
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 2u);
    EXPECT_EQ(rows->rows[0].cells, (std::vector<std::string>{"x\ty\\\nz\\N", "\\."}));
    EXPECT_EQ(rows->rows[1].cells, (std::vector<std::string>{"\\N", "\\"}));
}

TEST(Reader, TakesAWktColumnForGeometryInWgs84) {
    Folder folder;
    auto rows = read(folder.write("a.csv", "name,WKT\nA,POINT (2 1)\nB,\n"));
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 2u);
    EXPECT_EQ(rows->rows[0].problem, "");
    EXPECT_EQ(rows->rows[0].geometry, "{\"type\":\"Point\",\"coordinates\":[2,1]}");
    EXPECT_EQ(rows->rows[1].geometry, "");
}

TEST(Reader, ReadsOtherSeparatorsAndCompression) {
    Folder folder;
    auto tab = read(folder.write("a.tsv", "name\tlat\tlon\nA\t1\t2\n"));
    ASSERT_TRUE(tab) << tab.error().detail;
    EXPECT_EQ(tab->cell(0, "lon"), "2");
    auto semicolon = read(folder.write("a.csv", "name;lat;lon\nA;1,5;2\n"));
    ASSERT_TRUE(semicolon) << semicolon.error().detail;
    EXPECT_EQ(semicolon->cell(0, "lat"), "1,5");
    folder.write("b.csv", small_csv);
    folder.shell("gzip b.csv");
    auto packed = read(folder / "b.csv.gz");
    ASSERT_TRUE(packed) << packed.error().detail;
    EXPECT_EQ(packed->rows.size(), 2u);
    auto marked = read(folder.write("c.csv", "\xEF\xBB\xBFname,lat\nA,1\n"));
    ASSERT_TRUE(marked) << marked.error().detail;
    EXPECT_EQ(marked->columns_of[0][0], "name");
}

struct Made {
    const char* driver;
    const char* file;
    const char* more;
    bool has_geometry;
    bool keeps_id_text;  // "007" stays so
};

class ReaderFormats : public testing::TestWithParam<Made> {};

TEST_P(ReaderFormats, GivesTheSameRows) {
    const Made& made = GetParam();
    Folder folder;
    auto rows = read(make(folder, made.driver, made.file, made.more));
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 2u);
    std::size_t first = rows->rows[0].geometry.find("151") == std::string::npos ? 0 : 1;
    const bool lower = std::string(made.driver) != "LIBKML";
    EXPECT_EQ(rows->cell(first, lower ? "name" : "Name"), "Clinic \"A\", east");
    EXPECT_EQ(rows->cell(1 - first, lower ? "name" : "Name"), "مستشفى");
    if (made.keeps_id_text) {
        EXPECT_EQ(rows->cell(first, "id"), "007");
    }
    if (made.has_geometry) {
        EXPECT_EQ(rows->rows[first].geometry, "{\"type\":\"Point\",\"coordinates\":[2.25,1.5]}");
        EXPECT_EQ(rows->rows[1 - first].geometry,
                  "{\"type\":\"Point\",\"coordinates\":[151,-33.5]}");
    } else {
        EXPECT_EQ(rows->rows[first].geometry, "");
        EXPECT_EQ(rows->cell(1 - first, "lon").substr(0, 3), "151");
    }
    for (const Row& row : rows->rows) EXPECT_EQ(row.problem, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, ReaderFormats,
    testing::Values(
        Made{"XLSX", "a.xlsx", "", false, true}, Made{"ODS", "a.ods", "", false, true},
        Made{"GeoJSON", "a.geojson", "", true, true}, Made{"GeoJSON", "a.json", "", true, true},
        Made{"GeoJSONSeq", "a.geojsonl", "", true, true}, Made{"LIBKML", "a.kml", "", true, false},
        Made{"LIBKML", "a.kmz", "", true, false},
        Made{"GPX", "a.gpx", "-dsco GPX_USE_EXTENSIONS=YES", true, false},
        Made{"GPKG", "a.gpkg", "", true, true}, Made{"FlatGeobuf", "a.fgb", "", true, true},
        Made{"ESRI Shapefile", "a.shp", "-lco ENCODING=UTF-8", true, true}),
    [](const auto& one) {
        std::string name = one.param.file;
        for (char& c : name) c = c == '.' ? '_' : c;
        return name;
    });

TEST(Reader, ReadsAZippedShapefileAndTurnsItsCoordinatesToWgs84) {
    Folder folder;
    folder.write("small.csv", small_csv);
    folder.shell(
        "ogr2ogr a.shp small.csv -oo X_POSSIBLE_NAMES=lon -oo Y_POSSIBLE_NAMES=lat "
        "-s_srs EPSG:4326 -t_srs EPSG:3857 -lco ENCODING=UTF-8");
    folder.shell("python3 -m zipfile -c a.zip a.shp a.shx a.dbf a.prj a.cpg");
    for (const char* name : {"a.zip", "a.shp"}) {
        auto rows = read(folder / name);
        ASSERT_TRUE(rows) << rows.error().detail;
        ASSERT_EQ(rows->rows.size(), 2u);
        double lon = 0;
        double lat = 0;
        ASSERT_EQ(std::sscanf(rows->rows[0].geometry.c_str(),
                              "{\"type\":\"Point\",\"coordinates\":[%lf,%lf]}", &lon, &lat),
                  2);
        EXPECT_NEAR(lon, 2.25, 1e-9);
        EXPECT_NEAR(lat, 1.5, 1e-9);
    }
}

TEST(Reader, RefusesAShapefileWithoutItsParts) {
    Folder folder;
    make(folder, "ESRI Shapefile", "a.shp");
    fs::remove(folder / "a.prj");
    expect_refused(folder / "a.shp", Errc::malformed, "coordinate system");
    fs::remove(folder / "a.dbf");
    expect_refused(folder / "a.shp", Errc::malformed, "a.dbf");
}

TEST(Reader, TellsLayersApart) {
    Folder folder;
    make(folder, "GPKG", "a.gpkg", "-nln first");
    folder.shell("ogr2ogr -f GPKG -update a.gpkg small.csv -nln 'second \"x\"' 2>/dev/null");
    auto rows = read(folder / "a.gpkg");
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 4u);
    EXPECT_EQ(rows->layer_of,
              (std::vector<std::string>{"first", "first", "second \"x\"", "second \"x\""}));
    EXPECT_EQ(rows->rows[2].number, 1u);
    auto gpx = read(folder.write(
        "a.gpx",
        "<gpx version=\"1.1\" xmlns=\"http://www.topografix.com/GPX/1/1\"><wpt lat=\"1\" "
        "lon=\"2\"/><rte><rtept lat=\"1\" lon=\"2\"/><rtept lat=\"1.5\" lon=\"2\"/>"
        "</rte></gpx>"));
    ASSERT_TRUE(gpx) << gpx.error().detail;
    EXPECT_EQ(gpx->layer_of[1], "routes");
    EXPECT_EQ(gpx->rows[1].geometry, "{\"type\":\"LineString\",\"coordinates\":[[2,1],[2,1.5]]}");
}

TEST(Reader, CarriesEveryKindOfGeometry) {
    Folder folder;
    const std::string path = folder.write(
        "a.geojsonl",
        R"({"type":"Feature","properties":{"n":1},"geometry":{"type":"Polygon","coordinates":)"
        R"([[[0,0],[1,0],[1,1],[0,0]],[[0.5,0.25],[0.75,0.5],[0.75,0.25],[0.5,0.25]]]}})"
        "\n"
        R"({"type":"Feature","properties":{"n":2},"geometry":{"type":"MultiPolygon",)"
        R"("coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]}})"
        "\n"
        R"({"type":"Feature","properties":{"n":3},"geometry":{"type":"MultiPoint",)"
        R"("coordinates":[[1,2],[3,4.0000001]]}})"
        "\n"
        R"({"type":"Feature","properties":{"n":4},"geometry":null})"
        "\n"
        R"({"type":"Feature","properties":{"n":5},"geometry":{"type":"Point",)"
        R"("coordinates":[1,2,300]}})"
        "\n");
    auto rows = read(path);
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 5u);
    EXPECT_EQ(rows->rows[0].geometry,
              "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]],[[0.5,0.25],"
              "[0.75,0.5],[0.75,0.25],[0.5,0.25]]]}");
    EXPECT_EQ(rows->rows[1].geometry,
              "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]]]}");
    EXPECT_EQ(rows->rows[2].geometry,
              "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4.0000001]]}");
    EXPECT_EQ(rows->rows[3].geometry, "");
    EXPECT_EQ(rows->rows[4].geometry, "{\"type\":\"Point\",\"coordinates\":[1,2]}");
}

TEST(Reader, LeavesTimesOfGeoJsonAsTheyStand) {
    Folder folder;
    const std::string feature =
        R"({"type":"Feature","properties":{"t":"2027-01-02T00:00:00.5+03:00","d":"2027-01-02"},)"
        R"("geometry":{"type":"Point","coordinates":[1,2]}})"
        "\n";
    auto rows = read(folder.write("a.geojson", feature));
    ASSERT_TRUE(rows) << rows.error().detail;
    EXPECT_EQ(rows->cell(0, "t"), "2027-01-02T00:00:00.5+03:00");
    EXPECT_EQ(rows->cell(0, "d"), "2027-01-02");
    // One line alone is not recognised by its content.
    auto lines = read(folder.write("a.geojsonl", feature));
    ASSERT_TRUE(lines) << lines.error().detail;
    EXPECT_EQ(lines->rows.size(), 1u);
}

TEST(Reader, MarksRowsWithMoreCellsThanHeadings) {
    Folder folder;
    const char* text = "lat,lon\n33.5,36.3\n33,5,36,3\n\n\"33,5\",\"36,3\"\n";
    for (const char* name : {"a.csv", "b.csv.gz"}) {
        folder.write("b.csv", text);
        folder.shell("gzip -kf b.csv");
        auto rows = read(std::string(name) == "a.csv" ? folder.write(name, text) : folder / name);
        ASSERT_TRUE(rows) << rows.error().detail;
        ASSERT_EQ(rows->rows.size(), 3u);
        EXPECT_EQ(rows->rows[0].problem, "");
        EXPECT_NE(rows->rows[1].problem.find("4 cells under 2 headings"), std::string::npos);
        EXPECT_EQ(rows->rows[2].problem, "");
    }
}

TEST(Reader, MarksRowsThatAreNotUtf8) {
    Folder folder;
    auto rows = read(folder.write("a.csv", "name,lat\n\xE9t\xE9,1\nok,2\n"));
    ASSERT_TRUE(rows) << rows.error().detail;
    EXPECT_NE(rows->rows[0].problem.find("UTF-8"), std::string::npos);
    EXPECT_EQ(rows->rows[1].problem, "");
}

TEST(Reader, StopsWithTheCallersError) {
    Folder folder;
    auto done = read_rows(folder.write("a.csv", small_csv), {},
                          [](Row&) -> Result<void> { return fail(Errc::stale, "enough"); });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error(), (Error{Errc::stale, "enough"}));
}

TEST(Reader, RefusesWhatIsNoOrdinaryFile) {
    Folder folder;
    folder.write("real.csv", small_csv);
    fs::create_directory(folder / "folder.csv");
    ASSERT_EQ(mkfifo((folder / "fifo.csv").c_str(), 0600), 0);
    fs::create_symlink("real.csv", folder / "link.csv");
    fs::create_symlink("/dev/zero", folder / "zero.csv");
    folder.write("empty.csv", "");
    expect_refused(folder / "folder.csv", Errc::refused, "a folder");
    expect_refused(folder / "fifo.csv", Errc::refused, "a FIFO");
    expect_refused(folder / "link.csv", Errc::refused, "a symbolic link");
    expect_refused(folder / "zero.csv", Errc::refused, "a symbolic link");
    expect_refused(folder / "empty.csv", Errc::malformed, "is empty");
    expect_refused(folder / "absent.csv", Errc::not_found, "absent.csv");
    expect_refused(folder.write("list.docx", "x"), Errc::refused, ".csv.gz");
    expect_refused("/vsicurl/http://127.0.0.1:9/a.csv", Errc::not_found, "No such file");
    expect_refused("PG:host=127.0.0.1", Errc::refused, "ending");
}

TEST(Reader, RefusesASparseGigabyteBeforeAnythingIsStarted) {
    Folder folder;
    const std::string path = folder.write("a.csv", "name\n");
    fs::resize_file(path, 1ull << 30);
    expect_refused(path, Errc::too_large, "import_bytes_max");
}

TEST(Reader, TakesPlainNamesOnlyToItself) {
    // Names that mean something to GDAL, or to a shell, are only names.
    Folder folder;
    for (const char* name : {"-f.csv", "a b;touch x.csv", "CSV:b.csv", "$(touch x).csv"}) {
        auto rows = read(folder.write(name, small_csv));
        ASSERT_TRUE(rows) << name << ": " << rows.error().detail;
        EXPECT_EQ(rows->rows.size(), 2u);
    }
    EXPECT_FALSE(fs::exists(folder / "x"));
}

TEST(Reader, ReadsNothingButTheFile) {
    Folder folder;
    folder.write("secret.csv", "a,b\n1,2\n");
    const std::string secret = folder / "secret.csv";
    const std::string vrt = "<OGRVRTDataSource><OGRVRTLayer name=\"secret\"><SrcDataSource>" +
                            secret + "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>\n";
    // A virtual format behind another ending is text, and follows no reference.
    auto as_csv = read(folder.write("vrt.csv", vrt + "x\n"));
    if (as_csv) {
        for (const Row& row : as_csv->rows) {
            for (const auto& cell : row.cells) EXPECT_NE(cell, "2");
        }
    }
    for (const char* name : {"vrt.json", "vrt.kml", "vrt.gpx", "vrt.gpkg", "vrt.xlsx", "vrt.ods",
                             "vrt.fgb", "vrt.zip", "vrt.geojsonl"}) {
        auto rows = read(folder.write(name, vrt));
        EXPECT_TRUE(!rows || rows->rows.empty()) << name;
    }
    auto kml = read(
        folder.write("link.kml",
                     "<kml xmlns=\"http://www.opengis.net/kml/2.2\"><Document><NetworkLink><Link>"
                     "<href>" +
                         secret +
                         "</href></Link></NetworkLink><NetworkLink><Link><href>"
                         "http://127.0.0.1:9/a.kml</href></Link></NetworkLink></Document></kml>"));
    EXPECT_TRUE(!kml || kml->rows.empty());
    auto entity = read(folder.write(
        "entity.gpx",
        "<!DOCTYPE gpx [<!ENTITY x SYSTEM \"file://" + secret +
            "\">]><gpx "
            "version=\"1.1\" xmlns=\"http://www.topografix.com/GPX/1/1\"><wpt lat=\"1\" "
            "lon=\"2\"><name>&x;</name></wpt></gpx>"));
    if (entity) {
        for (const Row& row : entity->rows) {
            for (const auto& cell : row.cells) EXPECT_EQ(cell.find("1,2"), std::string::npos);
        }
    }
}

TEST(Reader, EndsOnDamagedFilesWithAWord) {
    Folder folder;
    for (const auto& [driver, file] : {std::pair{"XLSX", "a.xlsx"},
                                       {"GPKG", "a.gpkg"},
                                       {"FlatGeobuf", "a.fgb"},
                                       {"GeoJSON", "a.geojson"},
                                       {"LIBKML", "a.kml"},
                                       {"ODS", "a.ods"}}) {
        const std::string path = make(folder, driver, file);
        fs::resize_file(path, fs::file_size(path) * 2 / 3);
        auto rows = read(path);
        if (rows) continue;  // what came before the cut was whole rows
        EXPECT_NE(rows.error().detail.find(file), std::string::npos) << rows.error().detail;
        EXPECT_EQ(rows.error().code, Errc::malformed) << rows.error().detail;
    }
    expect_refused(folder.write("b.xlsx", "no zip at all"), Errc::malformed, "XLSX");
    expect_refused(folder.write("b.gpkg", std::string(5000, 'x')), Errc::malformed, "GPKG");
    expect_refused(folder.write("b.json", std::string(100000, '[')), Errc::malformed, "GeoJSON");
    expect_refused(folder.write("c.json", "{\"a\": 1}"), Errc::malformed, "GeoJSON");
}

TEST(Reader, EndsOnAZipBombAtALimit) {
    Folder folder;
    make(folder, "XLSX", "a.xlsx");
    // A workbook whose only sheet unpacks to 300 MB of rows.
    folder.write("bomb.py",
                 "import zipfile\n"
                 "a = zipfile.ZipFile('a.xlsx')\n"
                 "b = zipfile.ZipFile('bomb.xlsx', 'w', zipfile.ZIP_DEFLATED, compresslevel=1)\n"
                 "for n in a.namelist():\n"
                 "    if 'sheet1.xml' not in n or 'rels' in n:\n"
                 "        b.writestr(n, a.read(n))\n"
                 "        continue\n"
                 "    s = a.read(n).decode()\n"
                 "    with b.open(n, 'w', force_zip64=True) as f:\n"
                 "        f.write(s[:s.index('<row')].encode())\n"
                 "        row = '<row>' + '<c t=\"str\"><v>' + 'A' * 60000 + '</v></c></row>'\n"
                 "        for i in range(250): f.write((row * 20).encode())\n"
                 "        f.write(b'</sheetData></worksheet>')\n");
    folder.shell("python3 bomb.py");
    Limits small;
    small.memory_bytes_max = 256ull << 20;
    small.cpu_max = std::chrono::seconds(20);
    small.output_bytes_max = 64 << 20;
    auto rows = read(folder / "bomb.xlsx", small);
    ASSERT_FALSE(rows);
    EXPECT_NE(rows.error().detail.find("bomb.xlsx"), std::string::npos) << rows.error().detail;
    folder.shell(
        "head -c 40000000 /dev/zero | tr '\\0' '\\n' | sed 's/^/abcdefghijkl,1/' | "
        "head -c 40000000 | gzip -1 > bomb.csv.gz");
    Limits few;
    few.rows_max = 10000;
    expect_refused(folder / "bomb.csv.gz", Errc::too_large, "import_rows_max", few);
    few.rows_max = 100'000'000;
    few.output_bytes_max = 1 << 20;
    expect_refused(folder / "bomb.csv.gz", Errc::too_large, "output_bytes_max", few);
}

TEST(Reader, GivesUpWhenTheClockRunsOut) {
    Folder folder;
    Limits none;
    none.wall_max = std::chrono::seconds(0);
    expect_refused(folder.write("a.csv", small_csv), Errc::too_large, "wall_max", none);
}

TEST(Reader, MarksARowThatIsTooLong) {
    Folder folder;
    Limits small;
    small.row_bytes_max = 1000;
    std::string text = "name,lat\nshort,1\n\"" + std::string(5000, 'x') + "\n\\\",2\nlast,3\n";
    auto rows = read(folder.write("a.csv", text), small);
    ASSERT_TRUE(rows) << rows.error().detail;
    ASSERT_EQ(rows->rows.size(), 3u);
    EXPECT_NE(rows->rows[1].problem.find("row_bytes_max"), std::string::npos);
    EXPECT_EQ(rows->rows[2].problem, "");
    EXPECT_EQ(rows->rows[2].number, 3u);
    EXPECT_EQ(rows->cell(2, "name"), "last");
}

TEST(Reader, RefusesTooManyColumns) {
    Folder folder;
    std::string text;
    for (int i = 0; i < 1500; ++i) text += (i == 0 ? "c" : ",c") + std::to_string(i);
    expect_refused(folder.write("a.csv", text + "\n1,2\n"), Errc::too_large, "columns_max");
}

TEST(Reader, LeavesNothingBehind) {
    Folder folder;
    const std::string tmp = folder / "tmp";
    fs::create_directory(tmp);
    setenv("TMPDIR", tmp.c_str(), 1);
    auto good = read(folder.write("a.csv", small_csv));
    auto bad = read(folder.write("a.gpkg", "x"));
    unsetenv("TMPDIR");
    EXPECT_TRUE(good);
    EXPECT_FALSE(bad);
    EXPECT_TRUE(fs::is_empty(tmp));
}

}  // namespace
}  // namespace entente::reader

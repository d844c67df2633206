// SPDX-License-Identifier: Apache-2.0
// The lists that people really have, where the shared data is at hand.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "reader/reader.h"

namespace entente::reader {
namespace {

namespace fs = std::filesystem;

std::string shared() {
    const char* given = std::getenv("ENTENTE_SHARED");
    return given != nullptr ? given : "../shared";
}

struct Counted {
    std::uint64_t rows = 0;
    std::uint64_t without = 0;  // rows with an empty cell in the column
    std::size_t columns = 0;
};

Result<Counted> count(const std::string& path, const std::string& column) {
    Counted out;
    TRY(done, read_rows(path, {}, [&](Row& row) -> Result<void> {
            EXPECT_EQ(row.number, ++out.rows);
            EXPECT_EQ(row.problem, "");
            const auto& columns = row.layer->columns;
            out.columns = columns.size();
            for (std::size_t i = 0; i < columns.size(); ++i) {
                if (columns[i] == column && row.cells[i].empty()) ++out.without;
            }
            return {};
        }));
    EXPECT_EQ(done.rows, out.rows);
    return out;
}

struct List {
    const char* path;
    const char* column;
    std::uint64_t rows;
    std::uint64_t without;
    std::size_t columns;
};

class SharedList : public testing::TestWithParam<List> {};

TEST_P(SharedList, HasAllItsRows) {
    const List& list = GetParam();
    const std::string path = shared() + "/data/" + list.path;
    if (!fs::exists(path)) GTEST_SKIP() << "skips without " << list.path;
    auto counted = count(path, list.column);
    ASSERT_TRUE(counted) << counted.error().detail;
    EXPECT_EQ(counted->rows, list.rows);
    EXPECT_EQ(counted->without, list.without);
    EXPECT_EQ(counted->columns, list.columns);
}

INSTANTIATE_TEST_SUITE_P(
    All, SharedList,
    testing::Values(List{"health/who_ssa_health_facilities.csv.gz", "Lat", 98745, 2350, 12},
                    List{"health/healthsites_africa.csv.gz", "lat", 56854, 0, 35},
                    List{"power/nuclear_power_plants.csv", "Latitude", 804, 45, 16},
                    List{"power/wri_geodb_power_plants.csv", "latitude", 9998, 0, 24},
                    List{"schools/osm_khartoum_schools.geojson", "OSM_ID", 225, 0, 11}),
    [](const auto& one) {
        std::string name = fs::path(one.param.path).stem().stem();
        return name;
    });

TEST(SharedHxl, GivesRowsOrAClearWord) {
    const std::string folder = shared() + "/data/hxl";
    if (!fs::exists(folder)) GTEST_SKIP() << "skips without data/hxl";
    std::size_t read = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string path = entry.path();
        auto done = read_rows(path, {}, [](Row&) -> Result<void> { return {}; });
        if (done) {
            ++read;
            EXPECT_GT(done->rows, 0u) << path;
        } else {
            EXPECT_NE(done.error().detail.find(entry.path().filename().string()), std::string::npos)
                << done.error().detail;
            EXPECT_NE(done.error().code, Errc::unavailable) << done.error().detail;
        }
    }
    EXPECT_GE(read, 8u);
}

}  // namespace
}  // namespace entente::reader

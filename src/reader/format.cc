// SPDX-License-Identifier: Apache-2.0
#include "reader/format.h"

namespace entente::reader {
namespace {

bool ends_with_nocase(std::string_view text, std::string_view ending) {
    if (text.size() < ending.size()) return false;
    text.remove_prefix(text.size() - ending.size());
    for (std::size_t i = 0; i < ending.size(); ++i) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c != ending[i]) return false;
    }
    return true;
}

}  // namespace

const std::vector<Format>& formats() {
    static const std::vector<Format> table = {
        {".csv", "CSV", "", false, false},
        {".csv.gz", "CSV", "/vsigzip/", false, false},
        {".tsv", "CSV", "", false, false},
        {".xlsx", "XLSX", "", true, false},
        {".ods", "ODS", "", true, false},
        {".geojson", "GeoJSON", "", false, true},
        {".geojson.gz", "GeoJSON", "/vsigzip/", false, true},
        {".json", "GeoJSON", "", false, true},
        {".geojsonl", "GeoJSONSeq", "GeoJSONSeq:", false, true},
        {".geojsons", "GeoJSONSeq", "GeoJSONSeq:", false, true},
        {".kml", "LIBKML", "", true, false},
        {".kmz", "LIBKML", "", true, false},
        {".gpx", "GPX", "", true, false},
        {".gpkg", "GPKG", "", true, true},
        {".fgb", "FlatGeobuf", "", false, true},
        {".shp", "ESRI Shapefile", "", false, true},
        {".zip", "ESRI Shapefile", "/vsizip/", true, true},
    };
    return table;
}

const Format* format_of(std::string_view path) {
    const Format* best = nullptr;
    for (const auto& format : formats()) {
        bool longer = best == nullptr || format.ending.size() > best->ending.size();
        if (longer && ends_with_nocase(path, format.ending)) best = &format;
    }
    return best;
}

const std::vector<std::string_view>& shapefile_parts() {
    static const std::vector<std::string_view> parts = {".shx", ".dbf", ".prj", ".cpg"};
    return parts;
}

}  // namespace entente::reader

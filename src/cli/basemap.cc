// SPDX-License-Identifier: Apache-2.0
#include "cli/basemap.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <mutex>

#include "formats/json.h"
#include "store/sqlite_db.h"

namespace entente::cli {
namespace {

constexpr std::size_t metadata_bytes_max = 4 * 1024 * 1024;

/// One connection, and the one thread at a time that uses it.
class Reader {
  public:
    static Result<std::shared_ptr<Reader>> open(const std::string& path) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(path, error)) {
            return fail(Errc::not_found, fmt::format("there is no file {}", path));
        }
        TRY(db, store::Database::open(path, store::Database::Access::read_immutable, nullptr));
        auto reader = std::make_shared<Reader>();
        reader->db_ = std::move(db);
        return reader;
    }

    Result<std::string> metadata(const char* name) {
        const std::lock_guard lock(mutex_);
        TRY(statement, db_->prepare("SELECT CAST(value AS BLOB) FROM metadata WHERE name = ?1"));
        statement.bind_text(1, name);
        TRY(there, statement.step());
        return there ? std::string(statement.blob(0)) : std::string();
    }

    Result<std::optional<Bytes>> tile(std::uint32_t z, std::uint32_t x, std::uint32_t y) {
        const std::lock_guard lock(mutex_);
        TRY(statement, db_->prepare("SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND "
                                    "tile_column = ?2 AND tile_row = ?3"));
        const std::uint64_t row = (std::uint64_t{1} << z) - 1 - y;  // TMS counts from the south
        statement.bind(1, std::uint64_t{z}).bind(2, std::uint64_t{x}).bind(3, row);
        TRY(there, statement.step());
        if (!there) return std::optional<Bytes>();
        return std::optional<Bytes>(Bytes(statement.blob(0)));
    }

  private:
    std::mutex mutex_;  // guards db_
    std::unique_ptr<store::Database> db_;
};

Result<std::uint32_t> zoom(Reader& reader, const char* name, std::uint32_t otherwise) {
    TRY(text, reader.metadata(name));
    if (text.empty()) return otherwise;
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > 24) {
        return fail(Errc::malformed, fmt::format("{}: expected 0 to 24, got {}", name, text));
    }
    return value;
}

Result<std::vector<std::string>> layers_of(Reader& reader) {
    std::vector<std::string> out;
    TRY(text, reader.metadata("json"));
    if (text.empty()) return out;
    TRY(json, formats::parse_json(text, metadata_bytes_max));
    const formats::Json* layers = json.find("vector_layers");
    if (layers == nullptr) return out;
    for (const formats::Json& layer : layers->elements) {
        if (const formats::Json* id = layer.find("id")) out.push_back(id->text);
    }
    return out;
}

Result<std::shared_ptr<const net::Basemap>> read(const std::string& path) {
    TRY(reader, Reader::open(path));
    auto out = std::make_shared<net::Basemap>();
    TRY(format, reader->metadata("format"));
    if (format != "png" && format != "jpg" && format != "webp" && format != "pbf") {
        return fail(Errc::malformed,
                    fmt::format("its tiles are \"{}\"; png, jpg, webp and pbf are shown", format));
    }
    TRY(zoom_min, zoom(*reader, "minzoom", 0));
    TRY(zoom_max, zoom(*reader, "maxzoom", 22));
    TRY(attribution, reader->metadata("attribution"));
    TRY(layers, layers_of(*reader));
    *out = {std::move(format), zoom_min, zoom_max, std::move(attribution), std::move(layers), {}};
    out->tile = [reader](std::uint32_t z, std::uint32_t x, std::uint32_t y) {
        return reader->tile(z, x, y);
    };
    return std::shared_ptr<const net::Basemap>(std::move(out));
}

}  // namespace

Result<std::shared_ptr<const net::Basemap>> open_mbtiles(const std::string& path) {
    auto basemap = read(path);
    if (basemap) return basemap;
    return at("--basemap " + path, basemap.error());
}

}  // namespace entente::cli

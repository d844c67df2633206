// SPDX-License-Identifier: Apache-2.0
#include "cli/read_list.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "formats/geojson.h"
#include "store/files.h"

namespace entente::cli {
namespace {

intake::Row to_row(reader::Row& row) {
    intake::Row out{row.number, row.layer->name, std::move(row.cells), {}, std::move(row.problem)};
    if (row.geometry.empty()) return out;
    auto shapes = formats::read_geometry(row.geometry);
    if (shapes)
        out.shapes = std::move(*shapes);
    else if (out.problem.empty())
        out.problem = shapes.error().detail;
    return out;
}

/// The columns of a layer as fields. A layer whose first row has no geometry may still have some
/// later: then rows without one are refused each for itself.
Result<intake::Mapping> map_layer(const reader::Row& first, intake::MappingOptions options) {
    options.has_geometry = !first.geometry.empty() || !first.problem.empty();
    auto mapping = intake::map_columns(first.layer->columns, options);
    if (mapping || options.has_geometry) return mapping;
    options.has_geometry = true;
    auto with_geometry = intake::map_columns(first.layer->columns, options);
    return with_geometry;
}

/// A directory of its own, gone with the value.
class Scratch {
  public:
    static Result<Scratch> make() {
        std::error_code error;
        std::string path =
            (std::filesystem::temp_directory_path(error) / "entente-XXXXXX").string();
        if (error || ::mkdtemp(path.data()) == nullptr) {
            return fail(Errc::unavailable,
                        "cannot make a directory for the list in TMPDIR or /tmp");
        }
        return Scratch(path);
    }
    Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Scratch& operator=(Scratch&&) = delete;
    ~Scratch() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    explicit Scratch(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

}  // namespace

Result<net::ReadList> read_list(const std::string& path, const std::string& source,
                                const intake::MappingOptions& options,
                                const reader::OnProgress& on_progress) {
    net::ReadList out{path, source, {}, {}, intake::Planner(source)};
    intake::Planner& planner = out.planner;
    std::optional<std::string> layer;
    std::string unmapped;  // why the rows of this layer have no meaning here, or empty
    auto take = [&](reader::Row& row) -> Result<void> {
        if (row.layer->name != layer) {
            layer = row.layer->name;
            auto mapping = map_layer(row, options);
            // A workbook may hold a sheet of notes beside the list; a file of one table may not.
            if (!mapping && layer->empty()) return at(path, mapping.error());
            unmapped = mapping ? "" : mapping.error().detail;
            if (mapping) {
                out.mappings.push_back({*layer, *mapping});
                planner.set_mapping(*mapping);
            }
        }
        if (unmapped.empty())
            planner.add(to_row(row));
        else
            planner.refuse(to_row(row), unmapped);
        return {};
    };
    TRY(summary, reader::read_rows(path, {}, take, on_progress));
    out.warnings = std::move(summary.warnings);
    return out;
}

Result<net::ReadList> read_list_bytes(const std::string& name, const std::string& bytes,
                                      const std::string& source,
                                      const intake::MappingOptions& options) {
    TRY(scratch, Scratch::make());
    // The name a stranger gives decides by its ending alone how the file is read.
    const std::string ending = name.substr(std::min(name.size(), name.find('.')));
    const std::string path = scratch.path() + "/list" + ending;
    TRYV(store::os_files().write(path, bytes));
    auto list = read_list(path, source, options, {});
    if (!list) {
        Error error = std::move(list).error();
        for (std::size_t at = error.detail.find(path); at != std::string::npos;
             at = error.detail.find(path)) {
            error.detail.replace(at, path.size(), name);
        }
        return tl::unexpected(std::move(error));
    }
    list->name = name;
    return list;
}

}  // namespace entente::cli

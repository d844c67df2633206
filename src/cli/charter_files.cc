// SPDX-License-Identifier: Apache-2.0
#include "cli/charter_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <memory>

#include "base/encode.h"
#include "base/limits.h"
#include "store/files.h"

namespace entente::cli {

Result<Bytes> read_charter_file(const std::string& path) {
    return read_file(path, limits::charter_bytes_max);
}

Result<node::EarlierCharter> earlier_versions(const std::vector<std::string>& paths,
                                              const std::string& data) {
    std::vector<std::string> all = paths;
    if (!data.empty()) {
        const DataDir dir{data};
        if (std::filesystem::exists(dir.charter())) all.push_back(dir.charter());
        for (std::uint32_t version = 1; version <= limits::charter_versions_max; ++version) {
            const std::string path = dir.charter_version(version);
            if (!std::filesystem::exists(path)) break;
            all.push_back(path);
        }
        for (const WaitingVersion& one : waiting_versions(data, 0)) all.push_back(one.file);
    }
    auto known = std::make_shared<std::map<Hash, Bytes>>();
    for (const std::string& path : all) {
        TRY(file, read_charter_file(path));
        auto hash = statement::charter_hash(file);
        if (!hash) return at(path, hash.error());
        known->emplace(*hash, std::move(file));
    }
    return node::EarlierCharter([known](const Hash& hash) -> Result<std::optional<Bytes>> {
        const auto found = known->find(hash);
        if (found == known->end()) return std::optional<Bytes>();
        return std::optional(found->second);
    });
}

Result<std::optional<Bytes>> version_before(const statement::Charter& charter,
                                            const node::EarlierCharter& earlier) {
    if (!charter.previous) return std::optional<Bytes>();
    TRY(found, earlier(*charter.previous));
    if (!found) {
        return fail(
            Errc::not_found,
            fmt::format("version {} (hash {}) says whose signatures version {} needs; give "
                        "its file with --previous",
                        charter.version - 1, to_base64(charter.previous->view()), charter.version));
    }
    return found;
}

std::vector<WaitingVersion> waiting_versions(const std::string& data, std::uint32_t version) {
    std::vector<WaitingVersion> out;
    const DataDir dir{data};
    constexpr std::string_view prefix = "proposed-";
    std::error_code error;
    for (const auto& one : std::filesystem::directory_iterator(dir.charters(), error)) {
        const std::string name = one.path().stem().string();
        if (!name.starts_with(prefix) || one.path().extension() != ".toml") continue;
        std::uint32_t number = 0;
        const char* const end = name.data() + name.size();
        const auto [stop, wrong] = std::from_chars(name.data() + prefix.size(), end, number);
        if (wrong != std::errc() || stop != end || number <= version) continue;
        out.push_back({number, one.path().string()});
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.version < b.version; });
    return out;
}

std::string text_of(const WaitingVersion& waiting, const std::string& data) {
    return fmt::format(
        "version {} of the charter was adopted by others and waits to be adopted "
        "here: read it (entente charter show {}), then entente charter adopt {} "
        "--data {}",
        waiting.version, waiting.file, waiting.file, data);
}

Result<void> write_new_file(const std::string& path, BytesView bytes) {
    TRY(there, store::os_files().stat(path));
    if (there) {
        return fail(Errc::refused,
                    fmt::format("{} exists; it is not written over. Name another file", path));
    }
    return store::write_atomically(store::os_files(), path, bytes);
}

std::string fingerprint(const Hash& hash) { return to_base32(hash.view().substr(0, 10)); }

}  // namespace entente::cli

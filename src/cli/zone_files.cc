// SPDX-License-Identifier: Apache-2.0
#include "cli/zone_files.h"

#include <filesystem>
#include <map>

#include "base/ids.h"
#include "base/limits.h"
#include "cli/data_dir.h"
#include "formats/zones.h"

namespace entente::cli {
namespace {

struct Given {
    PartyId party;
    std::string version;
    std::string path;
};

Result<Given> take_apart(const std::string& text) {
    const std::size_t first = text.find(':');
    const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
    if (second == std::string::npos || second == first + 1 || second + 1 == text.size()) {
        return fail(Errc::malformed,
                    "zone: expected PARTY:VERSION:FILE, for example "
                    "tr:2015-11:border.geojson, got " +
                        text);
    }
    auto party = PartyId::parse(text.substr(0, first));
    if (!party) return at("zone: " + text, party.error());
    const std::string version = text.substr(first + 1, second - first - 1);
    if (version.size() > limits::text_bytes_max) {
        return fail(Errc::too_large, "zone: the version has more than " +
                                         std::to_string(limits::text_bytes_max) +
                                         " bytes (text_bytes_max)");
    }
    return Given{*std::move(party), version, text.substr(second + 1)};
}

}  // namespace

Result<std::vector<watch::Boundary>> read_boundaries(const std::vector<std::string>& given,
                                                     std::vector<std::string>& notes) {
    std::vector<watch::Boundary> out;
    for (const std::string& text : given) {
        TRY(one, take_apart(text));
        TRY(bytes, read_file(one.path, formats::zone_file_bytes_max));
        auto zones = formats::read_zones(bytes);
        if (!zones) return at(one.path, zones.error());
        for (const std::string& note : zones->widened) notes.push_back(one.path + ": " + note);
        std::map<std::string, std::size_t> known;  // of this file: where in `out`
        for (formats::ZoneVolume& volume : zones->volumes) {
            std::string id = volume.zone;
            if (id.empty()) {
                id = std::filesystem::path(one.path).filename().string();
                if (!volume.path.empty()) id += " " + volume.path;
            }
            const auto [found, is_new] = known.try_emplace(id, out.size());
            if (is_new) out.push_back({one.party.v, id, one.version, {}});
            out[found->second].volumes.push_back(std::move(volume.volume));
        }
    }
    return out;
}

}  // namespace entente::cli

// SPDX-License-Identifier: Apache-2.0
#include "net/assets.h"

#include <charconv>

#include "base/encode.h"
#include "base/sha256.h"

namespace entente::net {
namespace {

constexpr std::string_view compressed = ".gz";

Asset make_asset(std::string type, std::string_view bytes, bool immutable) {
    Asset out;
    out.etag = '"' + to_base64url(sha256(bytes).view()).substr(0, 22) + '"';
    out.bytes = std::make_shared<const std::string>(bytes);
    out.type = std::move(type);
    out.immutable = immutable;
    return out;
}

}  // namespace

Result<Assets> unpack(std::string_view pack) {
    struct Line {
        std::string path, type;
        std::size_t size;
    };
    Assets out;
    std::vector<Line> lines;
    while (!pack.empty() && pack.front() != '\n') {
        const std::size_t end = pack.find('\n');
        const std::size_t first = pack.find('\t');
        const std::size_t second =
            first == std::string_view::npos ? first : pack.find('\t', first + 1);
        if (end == std::string_view::npos || second == std::string_view::npos || second > end) {
            return fail(Errc::malformed, "the page's pack: a line is not PATH, TYPE, SIZE");
        }
        Line line{std::string(pack.substr(0, first)),
                  std::string(pack.substr(first + 1, second - first - 1)), 0};
        const auto [stop, error] =
            std::from_chars(pack.data() + second + 1, pack.data() + end, line.size);
        if (error != std::errc() || stop != pack.data() + end) {
            return fail(Errc::malformed, "the page's pack: the size of " + line.path);
        }
        lines.push_back(std::move(line));
        pack.remove_prefix(end + 1);
    }
    if (!pack.empty()) pack.remove_prefix(1);
    for (Line& line : lines) {
        if (line.size > pack.size()) return fail(Errc::malformed, "the page's pack is cut short");
        const std::string_view bytes = pack.substr(0, line.size);
        pack.remove_prefix(line.size);
        if (line.path.ends_with(compressed)) {
            const auto whole = out.find(line.path.substr(0, line.path.size() - compressed.size()));
            if (whole == out.end()) return fail(Errc::malformed, line.path + " has no whole file");
            whole->second.gzip = std::make_shared<const std::string>(bytes);
            continue;
        }
        const bool hashed = line.path.starts_with("assets/");
        out.emplace(line.path, make_asset(std::move(line.type), bytes, hashed));
    }
    if (!pack.empty()) return fail(Errc::malformed, "the page's pack has bytes left over");
    return out;
}

}  // namespace entente::net
